/**
 * Mean of values that come in time, with a standard error that knows that neighbours resemble each
 * other: two fills a second apart see much the same move of the price. Values are grouped by blocks
 * of time, and only whole groups count as independent (the ratio estimator of Cochran 1977,
 * Sampling Techniques, section 6.3). With S_c the sum and n_c the count of group c, C groups:
 *
 *   mean = sum S_c / sum n_c
 *   error^2 = C / (C - 1) x sum (S_c - mean n_c)^2 / (sum n_c)^2
 *
 * O(1) a value and in memory. With one value in each group it is the usual standard error.
 */
import { createRunningMoments, meanOf, noteValue, type RunningMoments } from "./running-moments.ts";

/** Sums over groups so far. */
export interface ClusteredMean {
  /** Length of a group [ms]. */
  readonly blockMs: number;
  readonly moments: RunningMoments;
  /** Group that is being filled, and what is in it. */
  block: number;
  sum: number;
  count: number;
  /** Closed groups: how many, and sums of S^2, S n and n^2. */
  groups: number;
  sumSquares: number;
  crossed: number;
  countSquares: number;
}

/** A mean with its standard error, both in the unit of the values; null where there is too little. */
export interface MeanWithError {
  readonly n: number;
  readonly mean: number | null;
  readonly standardError: number | null;
}

/** No values, groups of a length [ms]. */
export const createClusteredMean = (blockMs: number): ClusteredMean => ({
  blockMs,
  moments: createRunningMoments(),
  block: 0,
  sum: 0,
  count: 0,
  groups: 0,
  sumSquares: 0,
  crossed: 0,
  countSquares: 0,
});

/** Takes in a value of a time [ms]. */
export function noteClustered(mean: ClusteredMean, timeMs: number, value: number): void {
  const block = Math.floor(timeMs / mean.blockMs);
  if (block !== mean.block) {
    closeGroup(mean);
    mean.block = block;
  }
  mean.sum += value;
  mean.count += 1;
  noteValue(mean.moments, value);
}

/** Mean and standard error of all values so far. */
export function clusteredMean(mean: ClusteredMean): MeanWithError {
  const { n } = mean.moments;
  const value = meanOf(mean.moments);
  const groups = mean.groups + (mean.count > 0 ? 1 : 0);
  if (value === null || groups < 2) return { n, mean: value, standardError: null };
  const sumSquares = mean.sumSquares + mean.sum * mean.sum;
  const crossed = mean.crossed + mean.sum * mean.count;
  const countSquares = mean.countSquares + mean.count * mean.count;
  const spread = sumSquares - 2 * value * crossed + value * value * countSquares;
  const variance = ((groups / (groups - 1)) * Math.max(0, spread)) / (n * n);
  return { n, mean: value, standardError: Math.sqrt(variance) };
}

function closeGroup(mean: ClusteredMean): void {
  if (mean.count === 0) return;
  mean.groups += 1;
  mean.sumSquares += mean.sum * mean.sum;
  mean.crossed += mean.sum * mean.count;
  mean.countSquares += mean.count * mean.count;
  mean.sum = 0;
  mean.count = 0;
}
