/**
 * A whole market in one thread on simulated time: exchange with journal and disk, traders, market
 * maker, and the link between them. One seed decides everything; the same seed and the same
 * calls give the same run. This file is the door `bourse/sim`.
 */
import type { Hex } from "../base/hex.ts";
import { nextU32 } from "../base/prng.ts";
import { asTimeMs } from "../base/units.ts";
import type { Command } from "../exchange/command-codec.ts";
import { createSimulatedDisk, type SimulatedDisk } from "../journal/simulated-disk.ts";
import type { MakerConfig } from "../maker/config.ts";
import type { VenueRequest } from "../maker/venue.ts";
import { createPopulation } from "./agents/population.ts";
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
import { NOISE_DEFAULTS, type NoiseMarketConfig } from "./noise-market.ts";
import { createNoiseTraders } from "./noise-traders.ts";
import { partPrng } from "./part-prng.ts";
import { createSchedule, type Schedule } from "./schedule.ts";
import { createSimulatedVenue, type SimulatedVenue, type VenueTiming } from "./simulated-venue.ts";
import type { Traders } from "./traders.ts";

/** The traders look at the clock at most this often [ms]. */
const STEP_MS_MIN = 1;

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

  /** Who trades beside the maker: a population of agents (default), the plain noise market, or the caller's. */
  readonly traders?: "agents" | "noise" | ((seed: number, startMs: number) => Traders);
  /** Settings of the plain noise market. */
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
  /** Commands after those that open markets and fund maker and traders. */
  readonly genesis?: readonly Command[];
}

/** A simulation; nothing has happened before {@link Simulation.runFor}. */
export interface Simulation {
  readonly schedule: Schedule;
  readonly disk: SimulatedDisk;
  readonly exchange: ExchangeHost;
  readonly link: FaultyLink;
  readonly traders: Traders;
  readonly maker: MakerHost<SimulatedVenue>;
  /** Whether the traders act. */
  isTraded: boolean;
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

/** Builds a simulation: exchange started, markets open, everybody funded; the maker is not started. */
export function createSimulation(options: SimulationOptions): Simulation {
  const { seed, startMs } = options;
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
  const traders = createTraders(options);
  const maker = createMaker(options, { schedule, exchange, link });
  const simulation: Simulation = {
    schedule,
    disk,
    exchange,
    link,
    traders,
    maker,
    isTraded: true,
    diskLatencyMsMax: options.disk?.latencyMsMax ?? DISK_LATENCY_MS,
    runFor: (durationMs) => schedule.runUntil(schedule.nowMs + durationMs),
  };
  exchange.start();
  for (const command of genesisCommands(options, traders)) exchange.submit(command);
  runTraders(simulation);
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

function createTraders({ traders, seed, startMs, markets, noise }: SimulationOptions): Traders {
  if (typeof traders === "function") return traders(seed, startMs);
  if (traders !== "noise") return createPopulation({ seed, markets, startMs });
  const noiseSeed = nextU32(partPrng(seed, "noise"));
  return createNoiseTraders({ ...NOISE_DEFAULTS, ...noise, seed: noiseSeed, markets }, startMs);
}

function genesisCommands(options: SimulationOptions, traders: Traders): Command[] {
  const { markets, makerAddress, makerDeposit } = options;
  return [
    ...markets.map(({ spec }): Command => ({ kind: "createMarket", spec })),
    {
      kind: "setOraclePrices",
      prices: markets.map(({ startPx }, market) => ({ market, px: startPx })),
    },
    { kind: "deposit", address: makerAddress, amount: makerDeposit },
    ...traders.genesis,
    ...(options.genesis ?? []),
  ];
}

/** Lets the traders act whenever they want to and the exchange is up. */
function runTraders(simulation: Simulation): void {
  const { schedule, exchange, traders } = simulation;
  const step = (): void => {
    const { running } = exchange;
    if (simulation.isTraded && running !== null) {
      for (const command of traders.step(running.sequencer.state, schedule.nowMs)) {
        exchange.submit(command);
      }
    }
    schedule.at(Math.max(Math.ceil(traders.nextMs()), schedule.nowMs + STEP_MS_MIN), step);
  };
  schedule.at(Math.ceil(traders.nextMs()), step);
}

function genesisOf(seed: number): Uint8Array {
  const prng = partPrng(seed, "genesis");
  return Uint8Array.from({ length: 16 }, () => nextU32(prng) & 255);
}
