/** What the operator sets. Prices and sizes are integers of the market, shares are ratios. */

/** Settings of one market maker on one market. */
export interface MakerConfig {
  /** Market name on the wire, such as BTC. */
  readonly asset: string;
  /** First 8 hex digits of every cloid: orders that carry it are ours, also after a restart. */
  readonly cloidPrefix: string;
  /** Number of this run, different in every run of the same prefix, 0 to 2^32 - 1. */
  readonly sessionId: number;

  /** How half-spread and skew are found: `quote/quote-model.ts`. */
  readonly model: "glft" | "avellanedaStoikov" | "fixedSpread";
  /**
   * Risk aversion of the optimal models [1/(bps x order)]: price counted in bps, inventory in orders
   * of `levelNotional`. Named and valued as in earlier designs, where it multiplied shares of the
   * price and so had no effect; `docs/formulas/glft.md`.
   */
  readonly gammaBase: number;
  /** Least half-spread of the optimal models, everything included [bps]. */
  readonly minSpreadFloorBps: number;
  /** Share of the position limit from which the side that adds to it shows less [ratio]. */
  readonly inventoryThreshold: number;
  /** Fee of a resting order until our own fills tell it [bps]. */
  readonly makerFeeBps: number;
  /** Time for which inventory is expected to be held, in the model of Avellaneda and Stoikov [s]. */
  readonly horizonSeconds: number;
  /** Volatility of the fair price before enough was seen of it [1/sqrt(s)]. */
  readonly sigmaPrior: number;
  /** Age at which a return counts half, in the slow and in the fast estimate [ms]. */
  readonly volatilityHalfLifeMs: number;
  readonly volatilityFastHalfLifeMs: number;
  /** Most by which the fast estimate may raise the slow one [ratio]. */
  readonly maxVolatilityMultiplier: number;
  /** Rate of fills of an order at the fair price before our own are known [1/s]. */
  readonly lambda0PriorMean: number;
  /** Weight of that prior [fills]. */
  readonly lambda0PriorStrength: number;
  /** Decay of fills with distance as a share of the price, before our own are known [1]. */
  readonly kappaPrior: number;
  /** Weight of that prior [fills]. */
  readonly kappaPriorStrength: number;
  /** Exposed time after which what was seen of fills counts half [ms]. */
  readonly intensityHalfLifeMs: number;
  /** Time after a fill at which its cost is measured [ms]. */
  readonly measurementHorizonMs: number;
  /** Weight of a new fill in that cost [1]. */
  readonly adverseSelectionAlpha: number;
  /** Farthest from the fair price that a flattening order may trade [bps]. */
  readonly flattenSlippageBps: number;
  /** Distance of the first level from the reservation price, in the fixed-spread model [bps]. */
  readonly halfSpreadBps: number;
  /** Distance between neighbouring levels [bps]. */
  readonly levelSpacingBps: number;
  /** Levels on each side. */
  readonly levels: number;
  /** Notional of one level [10^-6 USDC]. */
  readonly levelNotional: number;
  /** Shift of both quotes with the position at its limit, in the fixed-spread model [bps]. */
  readonly inventorySkewBps: number;
  /** What the fair price is when the book has two sides. */
  readonly fairPrice: "mid" | "microprice";
  /** Farthest that an order may be placed from the fair price [bps]. */
  readonly quoteDistanceBpsMax: number;
  /** A book wider than this is no guide: the reference price is used instead [bps]. */
  readonly bookSpreadBpsMax: number;

  /** Largest absolute position; null = from `maxPositionNotional` at the first fair price [lots]. */
  readonly maxPositionContracts: number | null;
  /** Largest absolute position by value [10^-6 USDC]. */
  readonly maxPositionNotional: number;

  /** An order within this distance of its target stays [bps]. */
  readonly keepPxBps: number;
  /** An order whose size is within this share of its target stays [ratio]. */
  readonly keepSzRatio: number;
  /** Least time between two rounds of requests that change orders [ms]. */
  readonly requoteIntervalMs: number;
  /** Most items of one batch. */
  readonly batchMax: number;
  /** How long a placement stays valid after it was sent [ms]. */
  readonly placeLifetimeMs: number;
  /** Allowance for the difference between the venue's clock and ours [ms]. */
  readonly clockSkewMs: number;
  /** Without an outcome for this long a request counts as unknown [ms]. */
  readonly requestTimeoutMs: number;
  /** Least request budget kept for cancels [requests]. */
  readonly budgetReserve: number;

  /** Cancel open orders before the first quote. */
  readonly cancelAllOrdersOnStartup: boolean;
  /** Which orders a cancel-all cancels: those with our prefix, or every order on the market. */
  readonly cancelScope: "own" | "all";
  /** Rounds of cancel-all at start before giving up. */
  readonly cancelRetryMax: number;
  /** Pause between two rounds of cancel-all [ms]. */
  readonly cancelRetryDelayMs: number;
  /** Start although orders of ours could not be cleared. */
  readonly allowDirtyStart: boolean;
  /** Dead-man timer that the venue keeps while quotes are out; 0 = off, else at least 10 s [ms]. */
  readonly deadManMs: number;
  /** How often the account is compared with the ledger [ms]. */
  readonly accountIntervalMs: number;

  /** Market data older than this: cancel all, no quotes until it is fresh again [ms]. */
  readonly staleDataMs: number;
  /** Market data older than this while connected: kill [ms]. */
  readonly staleDataKillMs: number;
  /** No connection for this long: kill [ms]. */
  readonly disconnectKillMs: number;
  /** User stream silent for longer than this: no quotes [ms]. */
  readonly userFeedMs: number;
  /** Account snapshot older than this: no quotes [ms]. */
  readonly accountAgeMsMax: number;

  /** Loss since midnight UTC that kills [10^-6 USDC]. */
  readonly maxDailyLoss: number;
  /** Fall of equity from its peak that kills [ratio]. */
  readonly maxDrawdown: number;
  /** Position beyond this multiple of its limit kills [ratio]. */
  readonly positionRunawayFactor: number;
  /** Refused orders within the window that kill; refused post-only crossings do not count. */
  readonly rejectStormCount: number;
  /** Window of the reject storm [ms]. */
  readonly rejectStormWindowMs: number;

  /** Fills kept for display. */
  readonly recentFillsMax: number;
}

/** Settings to start from; `asset` and `sessionId` have no default. */
export const MAKER_CONFIG_DEFAULTS: Omit<MakerConfig, "asset" | "sessionId"> = {
  cloidPrefix: "b0c5e001",
  model: "glft",
  gammaBase: 0.15,
  minSpreadFloorBps: 5,
  inventoryThreshold: 0.5,
  makerFeeBps: 1.5,
  horizonSeconds: 120,
  sigmaPrior: 1e-4,
  volatilityHalfLifeMs: 60_000,
  volatilityFastHalfLifeMs: 10_000,
  maxVolatilityMultiplier: 2,
  lambda0PriorMean: 0.8,
  lambda0PriorStrength: 10,
  kappaPrior: 2_500,
  kappaPriorStrength: 5,
  intensityHalfLifeMs: 600_000,
  measurementHorizonMs: 500,
  adverseSelectionAlpha: 0.12,
  flattenSlippageBps: 50,
  halfSpreadBps: 5,
  levelSpacingBps: 3,
  levels: 3,
  levelNotional: 200_000_000,
  inventorySkewBps: 8,
  fairPrice: "microprice",
  quoteDistanceBpsMax: 500,
  bookSpreadBpsMax: 100,
  maxPositionContracts: null,
  maxPositionNotional: 5_000_000_000,
  keepPxBps: 0.5,
  keepSzRatio: 0.2,
  requoteIntervalMs: 200,
  batchMax: 40,
  placeLifetimeMs: 5_000,
  clockSkewMs: 1_000,
  requestTimeoutMs: 5_000,
  budgetReserve: 200,
  cancelAllOrdersOnStartup: true,
  cancelScope: "own",
  cancelRetryMax: 5,
  cancelRetryDelayMs: 500,
  allowDirtyStart: false,
  deadManMs: 0,
  accountIntervalMs: 5_000,
  staleDataMs: 5_000,
  staleDataKillMs: 30_000,
  disconnectKillMs: 120_000,
  userFeedMs: 60_000,
  accountAgeMsMax: 30_000,
  maxDailyLoss: 500_000_000,
  maxDrawdown: 0.05,
  positionRunawayFactor: 2,
  rejectStormCount: 50,
  rejectStormWindowMs: 60_000,
  recentFillsMax: 50,
};

/** Settings that are numbers. */
export type NumberKey = {
  [K in keyof MakerConfig]: MakerConfig[K] extends number ? K : never;
}[keyof MakerConfig];

/** Bounds of each number: low, high, and whether it must be an integer. */
export const BOUNDS: Readonly<
  Record<NumberKey, readonly [low: number, high: number, whole: boolean]>
> = {
  sessionId: [0, 2 ** 32 - 1, true],
  gammaBase: [0.0001, 10, false],
  minSpreadFloorBps: [0.1, 500, false],
  inventoryThreshold: [0, 1, false],
  makerFeeBps: [-2, 20, false],
  horizonSeconds: [1, 86_400, false],
  sigmaPrior: [1e-6, 0.05, false],
  volatilityHalfLifeMs: [1_000, 86_400_000, true],
  volatilityFastHalfLifeMs: [1_000, 86_400_000, true],
  maxVolatilityMultiplier: [1, 10, false],
  lambda0PriorMean: [0.001, 10, false],
  lambda0PriorStrength: [0.1, 10_000, false],
  kappaPrior: [50, 10_000, false],
  kappaPriorStrength: [0.1, 10_000, false],
  intensityHalfLifeMs: [10_000, 86_400_000, true],
  measurementHorizonMs: [50, 60_000, true],
  adverseSelectionAlpha: [0.001, 1, false],
  flattenSlippageBps: [1, 1_000, false],
  halfSpreadBps: [0.1, 1_000, false],
  levelSpacingBps: [0, 1_000, false],
  levels: [1, 100, true],
  levelNotional: [1, 10 ** 13, true],
  inventorySkewBps: [0, 1_000, false],
  quoteDistanceBpsMax: [1, 10_000, false],
  bookSpreadBpsMax: [1, 10_000, false],
  maxPositionNotional: [1, 10 ** 14, true],
  keepPxBps: [0, 100, false],
  keepSzRatio: [0, 0.9, false],
  requoteIntervalMs: [0, 600_000, true],
  batchMax: [1, 100, true],
  placeLifetimeMs: [500, 60_000, true],
  clockSkewMs: [0, 60_000, true],
  requestTimeoutMs: [500, 60_000, true],
  budgetReserve: [0, 10 ** 9, true],
  cancelRetryMax: [1, 100, true],
  cancelRetryDelayMs: [50, 60_000, true],
  deadManMs: [0, 86_400_000, true],
  accountIntervalMs: [500, 600_000, true],
  staleDataMs: [200, 600_000, true],
  staleDataKillMs: [500, 3_600_000, true],
  disconnectKillMs: [500, 3_600_000, true],
  userFeedMs: [1_000, 3_600_000, true],
  accountAgeMsMax: [1_000, 3_600_000, true],
  maxDailyLoss: [1, 10 ** 15, true],
  maxDrawdown: [0.0001, 1, false],
  positionRunawayFactor: [1, 100, false],
  rejectStormCount: [1, 100_000, true],
  rejectStormWindowMs: [100, 3_600_000, true],
  recentFillsMax: [1, 2_000, true],
};

/** What is wrong with the settings, in words for the operator, or null when they are sound. */
export function makerConfigProblem(config: MakerConfig): string | null {
  if (config.asset.length === 0) return "asset must be named";
  if (!/^[0-9a-f]{8}$/.test(config.cloidPrefix)) {
    return "cloidPrefix must be 8 lower-case hex digits";
  }
  if (/^0+$/.test(config.cloidPrefix)) return "cloidPrefix must not be zero";
  for (const key of Object.keys(BOUNDS) as NumberKey[]) {
    const [low, high, whole] = BOUNDS[key];
    const value = config[key];
    if (!(value >= low && value <= high) || (whole && !Number.isSafeInteger(value))) {
      return `${key} must be ${whole ? "an integer" : "a number"} from ${low} to ${high}`;
    }
  }
  const contracts = config.maxPositionContracts;
  if (contracts !== null && !(Number.isSafeInteger(contracts) && contracts >= 0)) {
    return "maxPositionContracts must be a non-negative integer of lots, or null";
  }
  if (config.staleDataKillMs < config.staleDataMs) {
    return "staleDataKillMs must not be below staleDataMs";
  }
  if (config.accountAgeMsMax < 2 * config.accountIntervalMs) {
    return "accountAgeMsMax must be at least twice accountIntervalMs";
  }
  if (config.deadManMs !== 0 && config.deadManMs < 10_000) {
    return "deadManMs must be 0 or at least 10000";
  }
  return distanceProblem(config);
}

/** Whether the deepest level can be shown at all. */
function distanceProblem(config: MakerConfig): string | null {
  const isFixed = config.model === "fixedSpread";
  const first = isFixed ? config.halfSpreadBps + config.inventorySkewBps : config.minSpreadFloorBps;
  if (first + (config.levels - 1) * config.levelSpacingBps <= config.quoteDistanceBpsMax) {
    return null;
  }
  return isFixed
    ? "the deepest level with full inventory skew lies beyond quoteDistanceBpsMax"
    : "the deepest level at the least half-spread lies beyond quoteDistanceBpsMax";
}
