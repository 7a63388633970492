/**
 * What a market is like, measured from what anybody can see of it: its trades and its touch. The same
 * measures serve a recording and the simulated market.
 *
 * - An order is the trades of one side at one millisecond: an order that takes from several is printed
 *   several times, and the clock has no finer hand. Arrival times and signs are those of orders.
 * - Returns are those of the middle of the touch from second to second. Where the seconds begin is
 *   nobody's choice: measures by the second are means over ten beginnings, a tenth of a second apart.
 */
import { autocorrelation } from "../math/autocorrelation.ts";
import { correlation } from "../math/correlation.ts";
import { fitHawkes } from "../math/hawkes-likelihood.ts";
import { quantile, weightedQuantile } from "../math/quantile.ts";

/** A trade; several of one order are several [sz: coins]. */
export interface SampleTrade {
  readonly timeMs: number;
  /** Whether the taker bought. */
  readonly isBuy: boolean;
  readonly sz: number;
}

/** The touch from a time on [ticks]. */
export interface SampleTouch {
  readonly timeMs: number;
  readonly bid: number;
  readonly ask: number;
}

/** A market as it was seen for a while, both lists in order of time. */
export interface MarketSample {
  readonly trades: readonly SampleTrade[];
  readonly touches: readonly SampleTouch[];
  /** Distance between neighbouring legal prices [ticks]. */
  readonly pxStep: number;
}

/** Measures of a sample; lags count orders for signs and seconds for the rest. */
export interface MarketStatistics {
  readonly seconds: number;
  readonly trades: number;
  readonly orders: number;
  /** Median of the spread over time [legal price steps]. */
  readonly spreadSteps: number;
  /** Quantile of the size of a trade [coins]. */
  readonly tradeSz: (p: number) => number;
  /** Hawkes fit of the orders' times; 0 with too few. */
  readonly branching: number;
  /** [1/s] */
  readonly decay: number;
  /** Root mean square of a second's log return [bps]. */
  readonly sigmaBps: number;
  /** Autocorrelations at a lag [1]. */
  readonly signs: (lag: number) => number;
  readonly returns: (lag: number) => number;
  readonly absoluteReturns: (lag: number) => number;
  readonly volumes: (lag: number) => number;
  /** Correlation of a second's return and of what was bought less what was sold in it [1]. */
  readonly impact: number;
}

const SECOND_MS = 1_000;
const PHASES = 10;

/** Measures a sample; null where nothing traded or the touch is not known. */
export function marketStatistics(sample: MarketSample): MarketStatistics | null {
  const { trades, touches } = sample;
  const [first, last] = [touches[0], touches.at(-1)];
  const [firstTrade, lastTrade] = [trades[0], trades.at(-1)];
  if (first === undefined || last === undefined) return null;
  if (firstTrade === undefined || lastTrade === undefined) return null;
  const startMs = Math.min(first.timeMs, firstTrade.timeMs);
  const endMs = Math.max(last.timeMs, lastTrade.timeMs);
  const orders = ordersOf(trades);
  const fit = fitHawkes({
    timesSec: orders.map(({ timeMs }) => (timeMs - startMs) / SECOND_MS),
    endSec: (endMs - startMs) / SECOND_MS,
  });
  const signs = orders.map(({ isBuy }) => (isBuy ? 1 : -1));
  const phases = Array.from({ length: PHASES }, (_, i) => (i * SECOND_MS) / PHASES);
  const returns = phases.map((phaseMs) => secondReturns(touches, phaseMs));
  const absolute = returns.map((values) => values.map(Math.abs));
  const volumes = phases.map((phaseMs, i) =>
    secondVolumes(trades, first.timeMs + phaseMs, (returns[i] as number[]).length),
  );
  const signed = trades.map((trade) => ({ ...trade, sz: trade.isBuy ? trade.sz : -trade.sz }));
  const impacts = phases.map((phaseMs, i) => {
    const own = returns[i] as number[];
    return correlation(own, secondVolumes(signed, first.timeMs + phaseMs, own.length));
  });
  const over = (series: readonly number[][], measure: (values: number[]) => number): number =>
    series.reduce((sum, values) => sum + measure(values), 0) / PHASES;
  const sizes = trades.map(({ sz }) => sz).sort((a, b) => a - b);
  return {
    seconds: (endMs - startMs) / SECOND_MS,
    trades: trades.length,
    orders: orders.length,
    spreadSteps: medianSpread(sample),
    tradeSz: (p) => quantile(sizes, p),
    branching: fit?.branching ?? 0,
    decay: fit?.decay ?? 0,
    sigmaBps: over(returns, rootMeanSquare) * 10_000,
    signs: (lag) => autocorrelation(signs, lag),
    returns: (lag) => over(returns, (values) => autocorrelation(values, lag)),
    absoluteReturns: (lag) => over(absolute, (values) => autocorrelation(values, lag)),
    volumes: (lag) => over(volumes, (values) => autocorrelation(values, lag)),
    impact: impacts.reduce((sum, value) => sum + value, 0) / PHASES,
  };
}

/** Trades of one side at one millisecond as one. */
function ordersOf(trades: readonly SampleTrade[]): SampleTrade[] {
  const orders: SampleTrade[] = [];
  for (const trade of trades) {
    const before = orders.at(-1);
    if (before?.timeMs === trade.timeMs && before.isBuy === trade.isBuy) continue;
    orders.push(trade);
  }
  return orders;
}

function medianSpread({ touches, pxStep }: MarketSample): number {
  const spreads: number[] = [];
  const weights: number[] = [];
  touches.forEach(({ timeMs, bid, ask }, i) => {
    spreads.push(Math.round((ask - bid) / pxStep));
    weights.push((touches[i + 1]?.timeMs ?? timeMs) - timeMs);
  });
  return weightedQuantile(spreads, weights, 0.5);
}

/** Log returns of the middle from one second to the next, from a part of a second after the first touch on [1]. */
function secondReturns(touches: readonly SampleTouch[], phaseMs: number): number[] {
  const last = touches.at(-1) as SampleTouch;
  const returns: number[] = [];
  let at = 0;
  let before: number | null = null;
  const start = (touches[0] as SampleTouch).timeMs + phaseMs;
  for (let timeMs = start; timeMs <= last.timeMs; timeMs += SECOND_MS) {
    while (((touches[at + 1] as SampleTouch | undefined)?.timeMs ?? Infinity) <= timeMs) at += 1;
    const { bid, ask } = touches[at] as SampleTouch;
    const mid = (bid + ask) / 2;
    if (before !== null) returns.push(Math.log(mid / before));
    before = mid;
  }
  return returns;
}

/** Coins traded in each second. */
function secondVolumes(trades: readonly SampleTrade[], startMs: number, seconds: number): number[] {
  const volumes = new Array<number>(seconds).fill(0);
  for (const { timeMs, sz } of trades) {
    const second = Math.floor((timeMs - startMs) / SECOND_MS);
    if (second >= 0 && second < seconds) volumes[second] = (volumes[second] as number) + sz;
  }
  return volumes;
}

const rootMeanSquare = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length));
