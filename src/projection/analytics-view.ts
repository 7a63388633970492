/** An account's analytics as figures: sums in 10^-6 USDC, ratios as floats. Reading changes nothing. */
import { clusteredMean, type MeanWithError } from "../analysis/clustered-mean.ts";
import { createDrawdown, drawdownRatio, noteDrawdown } from "../analysis/drawdown.ts";
import { inventoryHalfLife, sampleInventory } from "../analysis/inventory-half-life.ts";
import { profitFactor, winRate } from "../analysis/round-trips.ts";
import {
  deflatedSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  returnShape,
  type SharpeEstimate,
  scaleOfReturns,
  sharpeEstimate,
  sharpeRatio,
  sortinoRatio,
} from "../analysis/sharpe.ts";
import { closePeriod } from "../analysis/unit-value.ts";
import {
  type AccountAnalytics,
  type Analytics,
  analyticsEquity,
  createAccountAnalytics,
  DAY_MS,
  type DayPoint,
} from "./analytics.ts";
import { itemsInOrder } from "./history.ts";
import { HORIZONS_MS, type HorizonSums } from "./markouts.ts";

/** Days of a year: this market never closes. */
const YEAR_DAYS = 365;

/** Mean outcome of fills at one horizon. */
export interface MarkoutView extends MeanWithError {
  readonly horizonMs: number;
  /** Sum in money [10^-6 USDC]. */
  readonly value: number;
}

/** What the series of daily returns says; null where it is too short or does not vary. */
export interface ReturnFigures {
  /** Returns in the series. */
  readonly n: number;
  /** Length of one period [ms]. */
  readonly periodMs: number;
  /** The plain ratio over the population's deviation; 0 for none. */
  readonly plainSharpe: number;
  readonly sharpe: SharpeEstimate | null;
  /** A year's, scaled with the autocorrelation of the series. */
  readonly yearSharpe: number | null;
  readonly probabilistic: number | null;
  readonly deflated: number | null;
  /** Days until the ratio is above zero with 95 % confidence. */
  readonly minimumTrackRecord: number | null;
  readonly sortino: number | null;
  /** Deepest fall of a unit's value from its peak [1]; longest time below a peak [ms]. */
  readonly drawdown: number | null;
  readonly drawdownMs: number;
}

/** See the file's head. */
export interface AnalyticsView {
  readonly totals: Pick<
    AccountAnalytics,
    | "makerVolume"
    | "takerVolume"
    | "makerFills"
    | "takerFills"
    | "feesPaid"
    | "rebatesEarned"
    | "funding"
    | "realised"
    | "takeover"
    | "flow"
  >;
  readonly equity: number;
  readonly unrealised: number;
  /** Realised and unrealised, but for what came with positions from others. */
  readonly grossPnl: number;
  /** Gross - fees + rebates + funding + takeovers. */
  readonly netPnl: number;
  readonly trips: number;
  readonly winRate: number | null;
  readonly profitFactor: number | "infinite" | null;
  readonly maker: readonly MarkoutView[];
  readonly taker: readonly MarkoutView[];
  readonly leftOut: number;
  readonly halfLives: readonly { market: number; seconds: number | null; n: number }[];
  readonly days: readonly DayPoint[];
  /** Of the running day so far [1]. */
  readonly dayReturn: number | null;
  readonly returns: ReturnFigures;
}

/**
 * Figures of an account at a time; zeros and nulls of one that did nothing. `trials`: strategies that
 * were tried of which this is the best.
 */
export function analyticsView(
  analytics: Analytics,
  account: number,
  { nowMs, trials = 1 }: { nowMs: number; trials?: number },
): AnalyticsView {
  const own = analytics.accounts.get(account) ?? createAccountAnalytics();
  const equity = analyticsEquity(analytics, own);
  const unrealised = equity - own.cash;
  const grossPnl = own.realised + unrealised - own.moved;
  const days = itemsInOrder(own.days);
  return {
    totals: own,
    equity,
    unrealised,
    grossPnl,
    netPnl: grossPnl - own.feesPaid + own.rebatesEarned + own.funding + own.takeover,
    trips: own.trips.closed,
    winRate: winRate(own.trips),
    profitFactor: profitFactor(own.trips),
    maker: own.markouts.maker.map(markoutView),
    taker: own.markouts.taker.map(markoutView),
    leftOut: own.markouts.leftOut,
    halfLives: [...own.markets].map(([market, { size, inventory }]) => {
      const track = { ...inventory };
      sampleInventory(track, nowMs, size);
      return { market, seconds: inventoryHalfLife(track), n: track.pairs };
    }),
    days,
    dayReturn: closePeriod({ ...own.unit }, equity),
    returns: returnFigures(days, trials),
  };
}

const markoutView = ({ mean, value }: HorizonSums, horizon: number): MarkoutView => ({
  horizonMs: HORIZONS_MS[horizon] as number,
  ...clusteredMean(mean),
  value,
});

function returnFigures(days: readonly DayPoint[], trials: number): ReturnFigures {
  const returns: number[] = [];
  const drawdown = createDrawdown();
  let unit = 1;
  for (const { day, return: value } of days) {
    if (value === null) continue;
    // A unit is worth 1 before its first day.
    if (returns.length === 0) noteDrawdown(drawdown, day * DAY_MS, unit);
    returns.push(value);
    unit *= 1 + value;
    noteDrawdown(drawdown, (day + 1) * DAY_MS, unit);
  }
  const sharpe = sharpeEstimate(returns, DAY_MS);
  const shape = sharpe === null ? null : { ...returnShape(returns), ratio: sharpe.ratio };
  const scale = sharpe === null ? null : scaleOfReturns(YEAR_DAYS, returns);
  return {
    n: returns.length,
    periodMs: DAY_MS,
    plainSharpe: sharpeRatio(returns),
    sharpe,
    yearSharpe: sharpe === null || scale === null ? null : sharpe.ratio * scale,
    probabilistic: shape === null ? null : probabilisticSharpe(shape),
    // Variance of the ratios among trials that are worth nothing, each as long as this series.
    deflated: shape === null ? null : deflatedSharpe(shape, trials, 1 / (shape.n - 1)),
    minimumTrackRecord: shape === null ? null : minimumTrackRecord(shape),
    sortino: sortinoRatio(returns),
    drawdown: returns.length === 0 ? null : drawdownRatio(drawdown),
    drawdownMs: drawdown.longestMs,
  };
}
