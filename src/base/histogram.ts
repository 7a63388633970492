/**
 * A histogram of bounded size for whole numbers of any spread, such as delays in microseconds: 32
 * buckets to each power of two, so a quantile is at most a thirty-second above the truth and never
 * below it. Numbers below 32 have buckets of their own; those past 2^32 share the last one.
 */

const FINE_BITS = 5;
const FINE = 1 << FINE_BITS;
const BUCKETS = (32 - FINE_BITS + 1) * FINE;
const VALUE_MAX = 2 ** 32 - 1;

/** Counts by size; see the file's head. */
export interface Histogram {
  readonly counts: Float64Array;
  /** How many numbers were counted. */
  total: number;
  /** The largest of them, exact. */
  max: number;
}

/** A histogram of nothing. */
export const createHistogram = (): Histogram => ({
  counts: new Float64Array(BUCKETS),
  total: 0,
  max: 0,
});

/** Counts a number that is not negative, cut to a whole one, `times` times. */
export function addToHistogram(histogram: Histogram, value: number, times = 1): void {
  const bucket = bucketOf(Math.min(Math.floor(value), VALUE_MAX));
  histogram.counts[bucket] = (histogram.counts[bucket] as number) + times;
  histogram.total += times;
  if (value > histogram.max) histogram.max = value;
}

/** The least number that a share of all counted is not above, rounded up within its bucket; 0 = none counted. */
export function histogramQuantile(histogram: Histogram, share: number): number {
  const wanted = Math.max(1, Math.ceil(histogram.total * share));
  let seen = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    seen += histogram.counts[bucket] as number;
    if (seen >= wanted) return Math.min(lastOf(bucket), histogram.max);
  }
  return histogram.max;
}

/** Buckets of a power of two have the width of its place beyond the five leading bits. */
function bucketOf(value: number): number {
  if (value < FINE) return value;
  const shift = 31 - Math.clz32(value) - FINE_BITS;
  return (shift << FINE_BITS) + (value >>> shift);
}

/** Largest whole number of a bucket. */
function lastOf(bucket: number): number {
  if (bucket < 2 * FINE) return bucket;
  const shift = (bucket >> FINE_BITS) - 1;
  const leading = bucket - (shift << FINE_BITS);
  return (leading + 1) * 2 ** shift - 1;
}
