/**
 * Mean and variance of values that come one at a time (Welford 1962; Knuth, The Art of Computer
 * Programming 2, section 4.2.2):
 *
 *   mean' = mean + (x - mean) / n          squares' = squares + (x - mean) (x - mean')
 *
 * Deviations are summed, never squares of values, so that values that are large beside their spread
 * keep their digits.
 */

/** Count, mean and sum of squared deviations so far. */
export interface RunningMoments {
  n: number;
  mean: number;
  squares: number;
}

/** No values yet. */
export const createRunningMoments = (): RunningMoments => ({ n: 0, mean: 0, squares: 0 });

/** Takes a value in. */
export function noteValue(moments: RunningMoments, value: number): void {
  moments.n += 1;
  const before = value - moments.mean;
  moments.mean += before / moments.n;
  moments.squares += before * (value - moments.mean);
}

/** Mean; null without a value. */
export const meanOf = ({ n, mean }: RunningMoments): number | null => (n === 0 ? null : mean);

/** Standard deviation of the sample, over n - 1; null with fewer than two values. */
export const deviationOf = ({ n, squares }: RunningMoments): number | null =>
  n < 2 ? null : Math.sqrt(squares / (n - 1));
