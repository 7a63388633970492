/**
 * Sums over an account's position rows but for one, kept so that a margin check costs that one row.
 * Derived and never part of the state: an empty cache gives the same figures, only later.
 */

/** Lanes of an account's record; all but the first two as in `MarginFigures` [10^-6 USDC]. */
export const KEPT = {
  /** The row left out. */
  row: 0,
  /** The oracle's epoch when the sums were counted; 0 = void. */
  epoch: 1,
  unrealised: 2,
  initial: 3,
  used: 4,
  maintenance: 5,
  notional: 6,
  worst: 7,
} as const;

/** See the file's head. */
export interface MarginCache {
  /** Eight lanes an account; see {@link KEPT}. Grows when an account beyond it is asked for. */
  data: Float64Array<ArrayBuffer>;
}

/** Nothing kept yet. */
export const createMarginCache = (): MarginCache => ({ data: new Float64Array(128) });

/** Voids an account's sums where they cover a row; to be called when a row changes. */
export function noteRowChange({ data }: MarginCache, account: number, row: number): void {
  const at = account * 8;
  if (at < data.length && data[at + KEPT.row] !== row) data[at + KEPT.epoch] = 0;
}

/** Makes room for the record that begins at a lane. */
export function growMargins(margins: MarginCache, at: number): void {
  let length = margins.data.length;
  while (length <= at) length *= 2;
  const grown = new Float64Array(length);
  grown.set(margins.data);
  margins.data = grown;
}
