/**
 * A whole market in one thread on simulated time: exchange with journal and disk, noise market,
 * market maker, and the link between them. One seed decides everything; the same seed and the same
 * calls give the same run. This file is the door `bourse/sim`.
 */
import type { Hex } from "../base/hex.ts";
import { createPrng, nextU32, type Prng } from "../base/prng.ts";
import { asTimeMs } from "../base/units.ts";
import type { Command } from "../exchange/command-codec.ts";
import { createSimulatedDisk, type SimulatedDisk } from "../journal/simulated-disk.ts";
import type { MakerConfig } from "../maker/config.ts";
import type { VenueRequest } from "../maker/venue.ts";
import type { DefaultMarket } from "./default-markets.ts";
import {
  createExchangeHost,
  type ExchangeHost,
  type ExchangeHostOptions,
} from "./exchange-host.ts";
import { createFaultyLink, type FaultyLink, type LinkFaults, SOUND_LINK } from "./faulty-link.ts";
import {
  createLatchStore,
  createMakerHost,
  type LatchStore,
  type MakerHost,
} from "./maker-host.ts";
import {
  createNoiseMarket,
  NOISE_DEFAULTS,
  type NoiseMarket,
  type NoiseMarketConfig,
  nextNoiseMs,
  noiseGenesis,
  stepNoise,
} from "./noise-market.ts";
import { createSchedule, type Schedule } from "./schedule.ts";
import { createSimulatedVenue, type SimulatedVenue, type VenueTiming } from "./simulated-venue.ts";

/** The noise market looks at the clock at most this often [ms]. */
const NOISE_STEP_MS_MIN = 20;

/** Longest time of a disk operation where nothing is asked for [ms]. */
const DISK_LATENCY_MS = 3;

/** What a simulation is made of; all behind the first group has defaults. */
export interface SimulationOptions {
  readonly seed: number;
  /** Simulated time of the start [ms]. */
  readonly startMs: number;
  readonly markets: readonly DefaultMarket[];
  /** Address and first deposit of the maker [10^-6 USDC]. */
  readonly makerAddress: Hex;
  readonly makerDeposit: number;
  /** Settings of the maker's run with this number. */
  readonly makerConfigOf: (sessionId: number) => MakerConfig;

  readonly noise?: Partial<Omit<NoiseMarketConfig, "seed" | "markets">>;
  readonly faults?: LinkFaults;
  readonly timing?: VenueTiming;
  /** Longest time of a disk operation at first [ms]; whether syncs are left out. */
  readonly disk?: { readonly latencyMsMax?: number; readonly skipSync?: boolean };
  readonly latchStore?: LatchStore;
  /** Bounds, snapshots and observers of the exchange. */
  readonly exchange?: Omit<ExchangeHostOptions, "schedule" | "disk" | "genesis">;
  /** Sees each request of the maker before it is sent. */
  readonly onRequest?: (request: VenueRequest) => void;
  /** Puts something of the caller's between the maker and its venue. */
  readonly wrapVenue?: (venue: SimulatedVenue) => SimulatedVenue;
  /** Commands after those that open markets and fund maker and noise market. */
  readonly genesis?: readonly Command[];
}

/** A simulation; nothing has happened before {@link Simulation.runFor}. */
export interface Simulation {
  readonly schedule: Schedule;
  readonly disk: SimulatedDisk;
  readonly exchange: ExchangeHost;
  readonly link: FaultyLink;
  readonly noise: NoiseMarket;
  readonly maker: MakerHost<SimulatedVenue>;
  /** Whether the noise market acts. */
  isNoisy: boolean;
  /** Longest time of a disk operation that begins from now on [ms]. */
  diskLatencyMsMax: number;
  /** Lets simulated time pass [ms]. */
  runFor(durationMs: number): void;
}

/** How a connection behaves where nothing is asked for. */
const VENUE_TIMING: VenueTiming = {
  requestTimeoutMs: 4_000,
  reconnectMs: 500,
  noticeMs: 100,
};

/** A generator for one part of a simulation: parts do not disturb each other's numbers. */
export const partPrng = (seed: number, part: string): Prng => {
  let mixed = seed;
  for (let i = 0; i < part.length; i++) mixed = (mixed * 131 + part.charCodeAt(i)) % 2 ** 45;
  return createPrng(mixed);
};

/** Builds a simulation: exchange started, markets open, everybody funded; the maker is not started. */
export function createSimulation(options: SimulationOptions): Simulation {
  const { seed, startMs, markets } = options;
  const schedule = createSchedule(startMs);
  const clock = { nowMs: () => asTimeMs(schedule.nowMs) };
  const disk = createSimulatedDisk({
    seed: nextU32(partPrng(seed, "disk")),
    clock,
    skipSync: options.disk?.skipSync ?? false,
    get latencyMsMax() {
      return simulation.diskLatencyMsMax;
    },
  });
  const link = createFaultyLink({
    schedule,
    prng: partPrng(seed, "link"),
    faults: options.faults ?? SOUND_LINK,
  });
  const exchange = createExchangeHost({
    ...options.exchange,
    schedule,
    disk,
    genesis: genesisOf(seed),
  });
  const noiseConfig = {
    ...NOISE_DEFAULTS,
    ...options.noise,
    seed: nextU32(partPrng(seed, "noise")),
    markets,
  };
  const maker = createMaker(options, { schedule, exchange, link });
  const simulation: Simulation = {
    schedule,
    disk,
    exchange,
    link,
    noise: createNoiseMarket(noiseConfig, startMs),
    maker,
    isNoisy: true,
    diskLatencyMsMax: options.disk?.latencyMsMax ?? DISK_LATENCY_MS,
    runFor: (durationMs) => schedule.runUntil(schedule.nowMs + durationMs),
  };
  exchange.start();
  for (const command of genesisCommands(options, noiseConfig)) exchange.submit(command);
  runNoise(simulation);
  return simulation;
}

function createMaker(
  options: SimulationOptions,
  parts: { schedule: Schedule; exchange: ExchangeHost; link: FaultyLink },
): MakerHost<SimulatedVenue> {
  const { makerAddress, timing = VENUE_TIMING, wrapVenue = (venue) => venue } = options;
  const host: MakerHost<SimulatedVenue> = createMakerHost({
    onRequest: options.onRequest,
    schedule: parts.schedule,
    configOf: options.makerConfigOf,
    latchStore: options.latchStore ?? createLatchStore(),
    createVenue: () =>
      wrapVenue(
        createSimulatedVenue({
          ...parts,
          access: { address: makerAddress, market: 0 },
          timing,
          nowMs: () => host.nowMs(),
        }),
      ),
  });
  return host;
}

function genesisCommands(options: SimulationOptions, noise: NoiseMarketConfig): Command[] {
  const { markets, makerAddress, makerDeposit } = options;
  return [
    ...markets.map(({ spec }): Command => ({ kind: "createMarket", spec })),
    {
      kind: "setOraclePrices",
      prices: markets.map(({ startPx }, market) => ({ market, px: startPx })),
    },
    { kind: "deposit", address: makerAddress, amount: makerDeposit },
    ...noiseGenesis(noise),
    ...(options.genesis ?? []),
  ];
}

/** Lets the noise market act whenever it wants to and the exchange is up. */
function runNoise(simulation: Simulation): void {
  const { schedule, exchange, noise } = simulation;
  const step = (): void => {
    const { running } = exchange;
    if (simulation.isNoisy && running !== null) {
      for (const command of stepNoise(noise, running.sequencer.state, schedule.nowMs)) {
        exchange.submit(command);
      }
    }
    const dueMs = Math.ceil(nextNoiseMs(noise));
    schedule.at(Math.max(dueMs, schedule.nowMs + NOISE_STEP_MS_MIN), step);
  };
  schedule.at(Math.ceil(nextNoiseMs(noise)), step);
}

function genesisOf(seed: number): Uint8Array {
  const prng = partPrng(seed, "genesis");
  return Uint8Array.from({ length: 16 }, () => nextU32(prng) & 255);
}
