/**
 * Return against its variation: the plain ratio, the one with an error, and what may be said of it.
 * `docs/formulas/analytics.md` has the formulas with their sources. All ratios are of one period of
 * the series [1]; nothing here guesses how long a period is.
 */
import { assert } from "../base/assert.ts";
import { autocorrelation } from "../math/autocorrelation.ts";
import { normalCdf, normalQuantile } from "../math/normal.ts";

/** Fewer returns than this say nothing. */
const RETURNS_MIN = 30;
const EULER_GAMMA = 0.5772156649015329;

/** Shape of a series of returns: what the ratio's error depends on. */
export interface ReturnShape {
  readonly n: number;
  readonly mean: number;
  /** Over n - 1. */
  readonly deviation: number;
  /** Third and fourth standardised moments; a normal distribution has 0 and 3. */
  readonly skewness: number;
  readonly kurtosis: number;
}

/** A ratio with what it takes to judge it. */
export interface SharpeEstimate {
  /** Of one period [1]. */
  readonly ratio: number;
  readonly standardError: number;
  readonly n: number;
  /** Length of a period of the series [ms]. */
  readonly periodMs: number;
}

/**
 * Mean of the returns over their deviation as a population (over n), of one period, without a
 * risk-free rate; 0 for an empty series and for one that does not vary. The plain contract that other
 * tools expect; it is too high for short series. {@link sharpeEstimate} is the corrected one.
 */
export function sharpeRatio(returns: readonly number[]): number {
  const { n, mean, deviation } = returnShape(returns);
  return deviation === 0 ? 0 : mean / (deviation * Math.sqrt((n - 1) / n));
}

/**
 * The ratio over the sample's deviation (over n - 1) with its standard error sqrt((1 + S^2/2) / n) (Lo
 * 2002, equation 9). Null with fewer than {@link RETURNS_MIN} returns or without variation.
 */
export function sharpeEstimate(
  returns: readonly number[],
  periodMs: number,
): SharpeEstimate | null {
  const { n, mean, deviation } = returnShape(returns);
  if (n < RETURNS_MIN || deviation === 0) return null;
  const ratio = mean / deviation;
  return { ratio, standardError: Math.sqrt((1 + (ratio * ratio) / 2) / n), n, periodMs };
}

/** Moments of a series; zeros (kurtosis 3) where it does not vary. */
export function returnShape(returns: readonly number[]): ReturnShape {
  const n = returns.length;
  const first = returns[0] ?? 0;
  // Differences from the first value: a constant series then varies by nothing at all, not by rounding.
  const mean = n === 0 ? 0 : first + returns.reduce((sum, r) => sum + (r - first), 0) / n;
  let [second, third, fourth] = [0, 0, 0];
  for (const value of returns) {
    const off = value - mean;
    second += off * off;
    third += off * off * off;
    fourth += off * off * off * off;
  }
  if (n < 2 || returns.every((value) => value === first))
    return { n, mean, deviation: 0, skewness: 0, kurtosis: 3 };
  const variance = second / n;
  return {
    n,
    mean,
    deviation: Math.sqrt(second / (n - 1)),
    skewness: third / n / (variance * Math.sqrt(variance)),
    kurtosis: fourth / n / (variance * variance),
  };
}

/** A ratio of one period and the shape of the returns that it is of. */
export type RatioShape = Pick<ReturnShape, "n" | "skewness" | "kurtosis"> & {
  readonly ratio: number;
};

/** Variance of an estimated ratio times n - 1 (Mertens 2002): 1 - skewness S + (kurtosis - 1) S^2 / 4. */
const ratioVariance = ({ ratio, skewness, kurtosis }: Omit<RatioShape, "n">): number =>
  1 - skewness * ratio + ((kurtosis - 1) / 4) * ratio * ratio;

/**
 * Probability that the true ratio exceeds a benchmark [1 a period] (Bailey and López de Prado 2012,
 * The Sharpe ratio efficient frontier, equation 9).
 */
export function probabilisticSharpe(shape: RatioShape, benchmark = 0): number {
  const distance = (shape.ratio - benchmark) * Math.sqrt(shape.n - 1);
  return normalCdf(distance / Math.sqrt(ratioVariance(shape)));
}

/**
 * The ratio that the best of `trials` worthless ones is expected to show, with the variance of the
 * ratios among them (Bailey and López de Prado 2014, The deflated Sharpe ratio, equation 1); 0 for one.
 */
export function luckyRatio(trials: number, variance: number): number {
  assert(trials >= 1, "at least one was tried");
  if (trials === 1) return 0;
  const best = (1 - EULER_GAMMA) * normalQuantile(1 - 1 / trials);
  return Math.sqrt(variance) * (best + EULER_GAMMA * normalQuantile(1 - 1 / (trials * Math.E)));
}

/** Probability that the ratio of the best of many trials is more than luck; see {@link luckyRatio}. */
export const deflatedSharpe = (shape: RatioShape, trials: number, variance: number): number =>
  probabilisticSharpe(shape, luckyRatio(trials, variance));

/**
 * Returns that it takes until a ratio of this shape exceeds a benchmark with a confidence (Bailey and
 * López de Prado 2012, equation 11); null where it does not exceed it [periods].
 */
export function minimumTrackRecord(
  shape: Omit<RatioShape, "n">,
  { benchmark = 0, confidence = 0.95 }: { benchmark?: number; confidence?: number } = {},
): number | null {
  if (shape.ratio <= benchmark) return null;
  const need = normalQuantile(confidence) / (shape.ratio - benchmark);
  return 1 + ratioVariance(shape) * need * need;
}

/**
 * What a ratio of one period is multiplied with for `q` of them (Lo 2002, The statistics of Sharpe
 * ratios, equation 20): q / sqrt(q + 2 sum_{k<q} (q - k) rho_k), where neighbours resemble each other
 * as in an autoregression of order one, rho_k = rho^k. Without autocorrelation it is sqrt(q). Null
 * where the sum is not positive.
 */
export function sharpeScale(q: number, rho: number): number | null {
  let sum = q;
  let power = 1;
  for (let k = 1; k < q; k++) {
    power *= rho;
    sum += 2 * (q - k) * power;
  }
  return sum > 0 ? q / Math.sqrt(sum) : null;
}

/** {@link sharpeScale} with the autocorrelation at lag one of the returns themselves. */
export const scaleOfReturns = (q: number, returns: readonly number[]): number | null =>
  sharpeScale(q, autocorrelation(returns, 1));

/**
 * Mean above a target over the root mean square of what fell short of it, of all n returns (Sortino
 * and Price 1994). Null with fewer than {@link RETURNS_MIN} returns or where none fell short.
 */
export function sortinoRatio(returns: readonly number[], target = 0): number | null {
  const n = returns.length;
  if (n < RETURNS_MIN) return null;
  let sum = 0;
  let squares = 0;
  for (const value of returns) {
    sum += value - target;
    squares += Math.min(0, value - target) * Math.min(0, value - target);
  }
  return squares === 0 ? null : sum / n / Math.sqrt(squares / n);
}
