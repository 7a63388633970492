/** What a seed decides: how bad the link is, when what breaks, how the maker is set. */
import { nextBelow, nextUnit, type Prng } from "../../src/base/prng.ts";
import type { Side } from "../../src/base/side.ts";
import type { DiskOperation } from "../../src/journal/simulated-disk.ts";
import { MAKER_CONFIG_DEFAULTS, type MakerConfig } from "../../src/maker/config.ts";
import { type LinkFaults, type LinkStream, SOUND_LINK } from "../../src/sim/faulty-link.ts";
import { partPrng } from "../../src/sim/part-prng.ts";
import type { VenueTiming } from "../../src/sim/simulated-venue.ts";

/** Something that happens to the world at a time after its start [ms]. */
export type Moment = MomentKind & { readonly atMs: number };

type MomentKind =
  | {
      readonly kind: "exchangeCrash";
      /** Disk operations that still end. */
      readonly afterOperations: number;
      readonly downMs: number;
      readonly clockOffsetMs: number;
    }
  | { readonly kind: "diskFailure"; readonly operation: DiskOperation; readonly downMs: number }
  | { readonly kind: "makerCrash"; readonly downMs: number; readonly clockOffsetMs: number }
  | { readonly kind: "cut"; readonly forMs: number }
  | { readonly kind: "mute"; readonly stream: LinkStream; readonly forMs: number }
  | { readonly kind: "kill" }
  | { readonly kind: "pause"; readonly forMs: number }
  | { readonly kind: "cancelAll" }
  | { readonly kind: "cancelOne" }
  /** The position is closed; quoting is resumed after a while. */
  | { readonly kind: "flatten"; readonly forMs: number }
  | { readonly kind: "configure"; readonly changes: Readonly<Record<string, number>> }
  | { readonly kind: "diskStall"; readonly latencyMsMax: number; readonly forMs: number }
  | {
      readonly kind: "clockStep";
      readonly of: "maker" | "exchange";
      readonly clockOffsetMs: number;
    }
  /** Somebody trades by hand on the maker's account. */
  | {
      readonly kind: "manual";
      readonly side: Side;
      readonly notional: number;
      readonly rests: boolean;
    }
  | { readonly kind: "jump"; readonly market: number; readonly factor: number };

/** One world. */
export interface WorldPlan {
  readonly seed: number;
  /** How long faults and traffic go on, and how long the world then settles [ms]. */
  readonly activeMs: number;
  readonly settleMs: number;
  readonly faults: LinkFaults;
  readonly roverFaults: LinkFaults;
  readonly timing: VenueTiming;
  readonly diskLatencyMsMax: number;
  readonly snapshotEvery: number;
  readonly segmentBytes: number;
  readonly clockOffsets: { readonly exchange: number; readonly maker: number };
  readonly takerEveryMs: number;
  readonly makerConfig: Omit<MakerConfig, "sessionId">;
  /** Largest absolute position of the maker [lots]. */
  readonly positionLimit: number;
  /** What the maker starts with [10^-6 USDC]. */
  readonly makerDeposit: number;
  /** Most commands that the exchange takes before they are durable. */
  readonly commandsMax: number;
  /** A killed maker is armed again after this time; null = never [ms]. */
  readonly rearmAfterMs: number | null;
  readonly moments: readonly Moment[];
}

/** Offsets of clocks stay within this, so that two clocks differ by less than the maker allows [ms]. */
const CLOCK_OFFSET_MS = 400;
const FIRST_MS = 3_000;
const MODELS: readonly MakerConfig["model"][] = ["glft", "avellanedaStoikov", "fixedSpread"];

const LINKS: readonly LinkFaults[] = [
  SOUND_LINK,
  {
    ...SOUND_LINK,
    delayMsMax: 40,
    dropRatio: 0.02,
    duplicateRatio: 0.02,
    lateRatio: 0.03,
    lateMsMax: 500,
  },
  {
    ...SOUND_LINK,
    delayMsMax: 80,
    dropRatio: 0.06,
    duplicateRatio: 0.06,
    lateRatio: 0.1,
    lateMsMax: 9_000,
  },
  {
    ...SOUND_LINK,
    delayMsMin: 40,
    delayMsMax: 400,
    dropRatio: 0.02,
    duplicateRatio: 0.02,
    lateRatio: 0.05,
    lateMsMax: 1_500,
  },
];

/** The world of a seed. */
export function createPlan(seed: number): WorldPlan {
  const prng = partPrng(seed, "plan");
  const activeMs = 80_000;
  const makerConfig = planMaker(prng);
  return {
    seed,
    activeMs,
    settleMs: 60_000,
    faults: LINKS[nextBelow(prng, LINKS.length)] as LinkFaults,
    roverFaults: LINKS[nextBelow(prng, LINKS.length)] as LinkFaults,
    timing: {
      requestTimeoutMs: between(prng, 800, 1_500),
      reconnectMs: between(prng, 100, 800),
      noticeMs: between(prng, 1, 1_500),
    },
    diskLatencyMsMax: between(prng, 1, 25),
    snapshotEvery: between(prng, 60, 900),
    segmentBytes: between(prng, 8_000, 160_000),
    clockOffsets: { exchange: offset(prng), maker: offset(prng) },
    takerEveryMs: between(prng, 150, 900),
    makerConfig,
    positionLimit: makerConfig.maxPositionContracts ?? 0,
    makerDeposit: (chance(prng, 0.2) ? between(prng, 800, 4_000) : 200_000) * 1_000_000,
    commandsMax: chance(prng, 0.3) ? between(prng, 25, 60) : 65_536,
    rearmAfterMs: chance(prng, 0.7) ? between(prng, 17_000, 24_000) : null,
    moments: [...planFailures(prng, activeMs), ...planEvents(prng, activeMs)],
  };
}

function planMaker(prng: Prng): Omit<MakerConfig, "sessionId"> {
  const accountIntervalMs = between(prng, 800, 3_000);
  const staleDataMs = between(prng, 1_500, 4_000);
  const levelNotional = between(prng, 800, 3_000) * 1_000_000;
  return {
    ...MAKER_CONFIG_DEFAULTS,
    asset: "BTC",
    model: MODELS[nextBelow(prng, MODELS.length)] as MakerConfig["model"],
    gammaBase: between(prng, 2, 30) / 100,
    minSpreadFloorBps: between(prng, 2, 6),
    kappaPrior: between(prng, 2_500, 10_000),
    halfSpreadBps: between(prng, 2, 6),
    levelSpacingBps: between(prng, 1, 4),
    levels: between(prng, 1, 4),
    levelNotional,
    inventorySkewBps: between(prng, 0, 8),
    fairPrice: chance(prng, 0.5) ? "mid" : "microprice",
    // At 64,000 USDC a lot of 10^-5 coins is worth 0.64 USDC.
    maxPositionContracts: Math.floor((between(prng, 2, 7) * levelNotional) / 640_000),
    requoteIntervalMs: between(prng, 100, 600),
    batchMax: between(prng, 2, 40),
    placeLifetimeMs: between(prng, 1_500, 5_000),
    clockSkewMs: 2 * CLOCK_OFFSET_MS + 200,
    requestTimeoutMs: between(prng, 1_600, 2_500),
    cancelScope: chance(prng, 0.5) ? "own" : "all",
    cancelRetryMax: between(prng, 3, 8),
    deadManMs: chance(prng, 0.4) ? between(prng, 10_000, 15_000) : 0,
    accountIntervalMs,
    staleDataMs,
    staleDataKillMs: between(prng, 9_000, 30_000),
    disconnectKillMs: between(prng, 10_000, 60_000),
    userFeedMs: between(prng, 3_000, 8_000),
    accountAgeMsMax: between(prng, 4, 10) * accountIntervalMs,
    maxDailyLoss: 50_000_000_000,
    maxDrawdown: 0.5,
  };
}

/** A moment of some kind, `count` times at random moments of the active part. */
function repeat(prng: Prng, activeMs: number, count: number, moment: () => MomentKind): Moment[] {
  return Array.from({ length: count }, () => ({
    ...moment(),
    atMs: between(prng, FIRST_MS, activeMs - 2_000),
  }));
}

/** What breaks: exchange, disk, maker, link, feeds, clocks. */
function planFailures(prng: Prng, activeMs: number): Moment[] {
  const some = (count: number, moment: () => MomentKind): Moment[] =>
    repeat(prng, activeMs, count, moment);
  const mute = (stream: LinkStream) => (): MomentKind => ({
    kind: "mute",
    stream,
    forMs: between(prng, 5_000, 28_000),
  });
  return [
    ...some(between(prng, 0, 3), () => ({
      kind: "exchangeCrash",
      afterOperations: nextBelow(prng, 30),
      downMs: between(prng, 20, 4_000),
      clockOffsetMs: offset(prng),
    })),
    ...some(chance(prng, 0.25) ? 1 : 0, () => ({
      kind: "diskFailure",
      operation: chance(prng, 0.5) ? "append" : "sync",
      downMs: between(prng, 20, 3_000),
    })),
    ...some(chance(prng, 0.35) ? 1 : 0, () => ({
      kind: "diskStall",
      latencyMsMax: between(prng, 300, 8_000),
      forMs: between(prng, 500, 8_000),
    })),
    ...some(between(prng, 0, 2), () => ({
      kind: "makerCrash",
      downMs: chance(prng, 0.2) ? between(prng, 8_000, 16_000) : between(prng, 50, 4_000),
      clockOffsetMs: offset(prng),
    })),
    ...some(between(prng, 0, 3), () => ({ kind: "cut", forMs: between(prng, 100, 6_000) })),
    ...some(chance(prng, 0.4) ? 1 : 0, mute("market")),
    ...some(chance(prng, 0.25) ? 1 : 0, mute("user")),
    ...some(between(prng, 0, 2), () => ({
      kind: "clockStep",
      of: chance(prng, 0.5) ? "maker" : "exchange",
      clockOffsetMs: offset(prng),
    })),
  ];
}

/** What people and markets do: the operator's controls, orders by hand, leaps of the price. */
function planEvents(prng: Prng, activeMs: number): Moment[] {
  const some = (count: number, moment: () => MomentKind): Moment[] =>
    repeat(prng, activeMs, count, moment);
  return [
    ...some(chance(prng, 0.4) ? 1 : 0, () => ({ kind: "kill" })),
    ...some(chance(prng, 0.15) ? 1 : 0, () => ({
      kind: "pause",
      forMs: between(prng, 1_000, 8_000),
    })),
    ...some(chance(prng, 0.2) ? 1 : 0, () => ({ kind: "cancelAll" })),
    ...some(chance(prng, 0.2) ? 2 : 0, () => ({ kind: "cancelOne" })),
    ...some(chance(prng, 0.35) ? 1 : 0, () => ({
      kind: "flatten",
      forMs: between(prng, 1_000, 20_000),
    })),
    ...some(chance(prng, 0.3) ? 1 : 0, () => ({
      kind: "configure",
      changes: { levels: between(prng, 1, 5), levelSpacingBps: between(prng, 1, 5) },
    })),
    ...some(chance(prng, 0.3) ? between(prng, 1, 3) : 0, () => ({
      kind: "manual",
      side: nextBelow(prng, 2) as Side,
      notional: between(prng, 20, 1_500) * 1_000_000,
      rests: chance(prng, 0.5),
    })),
    ...some(between(prng, 0, 5), () => ({
      kind: "jump",
      market: nextBelow(prng, 2),
      factor: 1 + (chance(prng, 0.5) ? 1 : -1) * (between(prng, 50, 2_000) / 10_000),
    })),
  ];
}

/** An integer from `low` to `high`, both included. */
export const between = (prng: Prng, low: number, high: number): number =>
  low + nextBelow(prng, high - low + 1);

/** True in this share of cases [ratio]. */
export const chance = (prng: Prng, ratio: number): boolean => nextUnit(prng) < ratio;

const offset = (prng: Prng): number => between(prng, -CLOCK_OFFSET_MS, CLOCK_OFFSET_MS);
