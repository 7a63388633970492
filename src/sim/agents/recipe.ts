/**
 * Who trades on a market, and how much: the composition of agents that gives a market like the recorded
 * one (the figures are compared in the calibration test). Values are BTC's; other markets scale orders
 * and sizes by their activity.
 */
import type { Prng } from "../../base/prng.ts";
import { MICROS_PER_USDC } from "../../base/units.ts";
import type { HawkesParams } from "../../math/hawkes.ts";
import { createFadingNoise, type FadingNoise } from "../fading-noise.ts";
import { type Agent, type AgentAccount, type AgentKind, createAgentAccount } from "./agent.ts";
import { createArbitrageur } from "./arbitrageur.ts";
import { createInformedTrader } from "./informed-trader.ts";
import { createLeveragedCrowd } from "./leveraged-crowd.ts";
import { createMomentumTrader } from "./momentum-trader.ts";
import { createNoiseTrader } from "./noise-trader.ts";
import { createPassiveLiquidity } from "./passive-liquidity.ts";

/** Where and when a market's agents act. */
export interface RecipeOptions {
  readonly market: number;
  /** Orders and sizes against BTC's [ratio]. */
  readonly activity: number;
  readonly startMs: number;
  /** The generator of an agent, by its name. */
  readonly prngOf: (name: string) => Prng;
}

/** Arrivals of two flows: one answers within a second, the other trades one way for half a minute. */
const QUICK: HawkesParams = {
  baseRates: [0.65, 0.65],
  branching: [
    [0.42, 0.06],
    [0.06, 0.42],
  ],
  decay: 4,
};
const PATIENT: HawkesParams = {
  baseRates: [0.22, 0.22],
  branching: [
    [0.8, 0.02],
    [0.02, 0.8],
  ],
  decay: 0.25,
};

/** Depth: bands from half a legal step beyond fair price to 200 steps away. */
const BANDS = [-0.5, 1, 2, 3, 5, 9, 16, 30, 60, 100, 150, 200];
const PROVIDERS = 3;
/** How long the venue's price strays from the wider market's [s]. */
const BASIS_SEC = 0.8;
const NOISE_ACCOUNTS = 6;
const CROWD_ACCOUNTS = 12;

/** The agents of a market. */
export function createAgents(options: RecipeOptions): Agent[] {
  const atSec = options.startMs / 1_000;
  const basis = createFadingNoise(options.prngOf("basis"), { memorySec: BASIS_SEC, atSec });
  return [
    ...Array.from({ length: PROVIDERS }, (_, index) => provider(options, basis, index)),
    noise(options, "quick", QUICK, 0),
    noise(options, "patient", PATIENT, NOISE_ACCOUNTS),
    ...followers(options),
    crowd(options),
  ];
}

const usd = ({ activity }: RecipeOptions, value: number): number =>
  Math.round(value * activity * MICROS_PER_USDC);

/** Accounts are funded alike on every market: money that is never used does no harm. */
const accountOf = (
  { market, startMs }: RecipeOptions,
  kind: AgentKind,
  index: number,
  depositUsd: number,
): AgentAccount =>
  createAgentAccount({
    kind,
    market,
    index,
    deposit: depositUsd * MICROS_PER_USDC,
    nowMs: startMs,
  });

function provider(options: RecipeOptions, basis: FadingNoise, index: number): Agent {
  return createPassiveLiquidity({
    account: accountOf(options, "passive", index, 20_000_000),
    bands: BANDS,
    medianNotional: usd(options, 1_500),
    growthPerStep: 0.03,
    logSizeSd: 1.9,
    notionalMax: usd(options, 300_000),
    lifeSec: 4,
    lifeSecPerStep: 1,
    refill: 0.5,
    lean: 0.0004,
    positionMax: usd(options, 8_000_000),
    basis,
    basisSd: 0.00004,
    errorSteps: 1,
    errorSec: 2,
    everyMs: 200,
    prng: options.prngOf(`passive ${index}`),
    startMs: options.startMs + 100 * index,
  });
}

function noise(
  options: RecipeOptions,
  name: string,
  arrivals: HawkesParams,
  firstAccount: number,
): Agent {
  const { activity, prngOf, startMs } = options;
  return createNoiseTrader({
    arrivals: { ...arrivals, baseRates: arrivals.baseRates.map((rate) => rate * activity) },
    medianNotional: usd(options, 1_500),
    logSizeSd: 2.3,
    moodShare: 0.3,
    moodSec: 4,
    notionalMax: usd(options, 1_500_000),
    inventoryMax: usd(options, 6_000_000),
    reach: 0.0015,
    impact: 0.00007,
    accounts: Array.from({ length: NOISE_ACCOUNTS }, (_, i) =>
      accountOf(options, "noise", firstAccount + i, 5_000_000),
    ),
    prng: prngOf(`noise ${name}`),
    startMs: startMs + 500,
  });
}

/** Those who follow something: the oracle, the trend, or what is to come. */
function followers(options: RecipeOptions): Agent[] {
  const { prngOf, startMs } = options;
  return [
    createArbitrageur({
      account: accountOf(options, "arbitrage", 0, 5_000_000),
      edge: 0.0003,
      orderNotional: usd(options, 50_000),
      positionMax: usd(options, 2_000_000),
      everyMs: 300,
      prng: prngOf("arbitrage"),
      startMs,
    }),
    createMomentumTrader({
      account: accountOf(options, "momentum", 0, 5_000_000),
      memorySec: 20,
      threshold: 0.0004,
      orderNotional: usd(options, 10_000),
      positionMax: usd(options, 200_000),
      reach: 0.0005,
      everyMs: 2_000,
      prng: prngOf("momentum"),
      startMs,
    }),
    createInformedTrader({
      account: accountOf(options, "informed", 0, 5_000_000),
      horizonMs: 2_000,
      edge: 0.0002,
      orderNotional: usd(options, 15_000),
      positionMax: usd(options, 500_000),
      everyMs: 700,
      prng: prngOf("informed"),
      startMs,
    }),
  ];
}

function crowd(options: RecipeOptions): Agent {
  const { prngOf, startMs } = options;
  return createLeveragedCrowd({
    // From 500 to 24,000 USDC: many small ones, few larger ones.
    accounts: Array.from({ length: CROWD_ACCOUNTS }, (_, i) =>
      accountOf(options, "crowd", i, Math.round(500 * 1.42 ** i)),
    ),
    everyMs: 20_000,
    closeShare: 0.3,
    trendShare: 0.65,
    memorySec: 180,
    reach: 0.003,
    prng: prngOf("crowd"),
    startMs,
  });
}
