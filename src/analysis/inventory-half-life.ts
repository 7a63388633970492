/**
 * How long it takes until half of an inventory is gone. The position is sampled each second, q_t, and
 * taken to return to zero as q_t = phi q_(t-1) + noise:
 *
 *   phi = sum q_t q_(t-1) / sum q_(t-1)^2,     half-life = ln 2 / -ln phi   [s]
 *
 * Between two changes the samples are equal, so a stretch of any length is one step: O(1) a change.
 * Around zero, not around the mean: an inventory that stays where it is has no half-life at all.
 */

const SAMPLE_MS = 1_000;
/** Fewer pairs with an inventory say nothing. */
const PAIRS_MIN = 30;

/** Sums over the samples of one position. */
export interface InventoryTrack {
  /** Last second sampled since the epoch, and the position then [lots]. */
  second: number;
  sample: number;
  /** Pairs that began with an inventory. */
  pairs: number;
  /** Sums of q_t q_(t-1) and q_(t-1)^2 [lots^2]. */
  products: number;
  squares: number;
}

/** A track that begins flat [ms]. */
export const createInventoryTrack = (timeMs: number): InventoryTrack => ({
  second: Math.floor(timeMs / SAMPLE_MS),
  sample: 0,
  pairs: 0,
  products: 0,
  squares: 0,
});

/** Samples up to a time a position that has not changed since the last call [ms, lots]. */
export function sampleInventory(track: InventoryTrack, timeMs: number, lots: number): void {
  const second = Math.floor(timeMs / SAMPLE_MS);
  if (second <= track.second) return;
  const same = second - track.second - 1;
  track.products += track.sample * lots + same * lots * lots;
  track.squares += track.sample * track.sample + same * lots * lots;
  track.pairs += (track.sample === 0 ? 0 : 1) + (lots === 0 ? 0 : same);
  track.second = second;
  track.sample = lots;
}

/** Time until half is gone [s]; null where there is too little or it does not return. */
export function inventoryHalfLife({ pairs, products, squares }: InventoryTrack): number | null {
  if (pairs < PAIRS_MIN || products <= 0 || products >= squares) return null;
  return ((Math.LN2 / -Math.log(products / squares)) * SAMPLE_MS) / 1_000;
}
