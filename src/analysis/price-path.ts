/**
 * A price over time in half-ticks, so that the middle of two tick prices is an integer. Holds the
 * latest stretch of a step function: each entry is in force from its time until the next one's.
 *
 * Invariant: times never fall. Adding is O(1), a lookup O(log n). Bounded: questions about the time
 * before the stretch get its oldest price.
 */

/** Entries kept; at 20 changes a second more than three minutes. */
const ENTRIES_BOUND = 4_096;

/** A bounded step function of time. */
export interface PricePath {
  /** Times of change, a ring of {@link ENTRIES_BOUND} [ms]. */
  readonly times: Float64Array;
  /** Prices from these times on, same places [half-ticks]. */
  readonly prices: Float64Array;
  /** Entries ever added; the last one stands at (count - 1) mod the bound. */
  count: number;
  /** Latest time that was told, changed or not; -Infinity before the first [ms]. */
  lastMs: number;
}

/** A path without a price. */
export const createPricePath = (): PricePath => ({
  times: new Float64Array(ENTRIES_BOUND),
  prices: new Float64Array(ENTRIES_BOUND),
  count: 0,
  lastMs: Number.NEGATIVE_INFINITY,
});

/** Adds the price in force from `timeMs` on; a time that runs backwards counts as the latest one. */
export function notePathPrice(path: PricePath, timeMs: number, halfTicks: number): void {
  const at = Math.max(path.lastMs, timeMs);
  path.lastMs = at;
  const last = (path.count - 1) % ENTRIES_BOUND;
  if (path.count > 0 && path.prices[last] === halfTicks) return;
  if (path.count > 0 && path.times[last] === at) {
    path.prices[last] = halfTicks;
    return;
  }
  const next = path.count % ENTRIES_BOUND;
  path.times[next] = at;
  path.prices[next] = halfTicks;
  path.count += 1;
}

/** The latest price; null before the first [half-ticks]. */
export const lastPathPrice = (path: PricePath): number | null =>
  path.count === 0 ? null : (path.prices[(path.count - 1) % ENTRIES_BOUND] as number);

/** The price in force at a time, changes at that very time included; null before the first [half-ticks]. */
export const pathPriceAt = (path: PricePath, timeMs: number): number | null =>
  lookUp(path, (entryMs) => entryMs <= timeMs);

/** The price in force just before a time; null before the first [half-ticks]. */
export const pathPriceBefore = (path: PricePath, timeMs: number): number | null =>
  lookUp(path, (entryMs) => entryMs < timeMs);

/** Price of the last entry that `holds`, the oldest one's where none does. */
function lookUp(path: PricePath, holds: (entryMs: number) => boolean): number | null {
  if (path.count === 0) return null;
  const oldest = Math.max(0, path.count - ENTRIES_BOUND);
  let low = oldest;
  let high = path.count - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(path.times[middle % ENTRIES_BOUND] as number)) low = middle;
    else high = middle - 1;
  }
  return path.prices[low % ENTRIES_BOUND] as number;
}
