/**
 * An interval for a mean without assuming a shape: resample what was independent, look where the mean
 * falls (Efron 1979; the percentile interval). Values that hang together, such as fills of the same
 * minute, come as one group, and groups are resampled whole:
 *
 *   mean = sum S_c / sum n_c over groups c drawn with replacement, as many as there are
 *
 * The interval holds the middle share of the resampled means. Seeded: equal inputs give equal
 * intervals. For a mean of independent values each group is one value.
 */
import { assert } from "../base/assert.ts";
import { createPrng, nextBelow } from "../base/prng.ts";

/** What is resampled as one: the sum of a group's values, and how many they are. */
export interface ValueGroup {
  readonly sum: number;
  readonly count: number;
}

/** A mean and the interval around it, in the unit of the values. */
export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Fewer groups than this say too little about how far they differ. */
const GROUPS_MIN = 8;
const ROUNDS = 2_000;

/** Mean of all values and its interval; null with too few groups. */
export function bootstrapMean(
  groups: readonly ValueGroup[],
  { seed = 1, share = 0.95 }: { readonly seed?: number; readonly share?: number } = {},
): MeanInterval | null {
  const filled = groups.filter(({ count }) => count > 0);
  if (filled.length < GROUPS_MIN) return null;
  const prng = createPrng(seed);
  const means = Float64Array.from({ length: ROUNDS }, () => {
    let sum = 0;
    let count = 0;
    for (let i = 0; i < filled.length; i++) {
      const group = filled[nextBelow(prng, filled.length)] as ValueGroup;
      sum += group.sum;
      count += group.count;
    }
    return sum / count;
  }).sort();
  const tail = (1 - share) / 2;
  return {
    mean: totalOf(filled, "sum") / totalOf(filled, "count"),
    low: means[Math.floor(tail * (ROUNDS - 1))] as number,
    high: means[Math.ceil((1 - tail) * (ROUNDS - 1))] as number,
  };
}

/** Values grouped by blocks of time [ms]. */
export function groupByTime(
  values: readonly { readonly timeMs: number; readonly value: number }[],
  blockMs: number,
): ValueGroup[] {
  assert(blockMs > 0, "a block of time is longer than nothing");
  const groups = new Map<number, { sum: number; count: number }>();
  for (const { timeMs, value } of values) {
    const block = Math.floor(timeMs / blockMs);
    const group = groups.get(block) ?? { sum: 0, count: 0 };
    group.sum += value;
    group.count += 1;
    groups.set(block, group);
  }
  return [...groups.values()];
}

const totalOf = (groups: readonly ValueGroup[], key: keyof ValueGroup): number =>
  groups.reduce((sum, group) => sum + group[key], 0);
