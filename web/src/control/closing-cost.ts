import type { View } from "../stream/stream-message.ts";

/** What closing the position against the book of others would cost, as far as the book is shown. */
export function closingCost({ book, position, mid }: View): {
  /** Average price [ticks]; null = there is nothing to walk. */
  readonly px: number | null;
  /** Below or above the mid, against us [bps]. */
  readonly bps: number | null;
  /** Part of the position that the shown book would take [lots]. */
  readonly covered: number;
} {
  const levels = position > 0 ? book.bids : book.asks;
  let left = Math.abs(position);
  let paid = 0;
  for (const level of levels) {
    const sz = Math.min(left, (level.sz ?? level.own) - level.own);
    paid += sz * level.px;
    left -= sz;
    if (left === 0) break;
  }
  const covered = Math.abs(position) - left;
  if (covered === 0 || mid === null) return { px: null, bps: null, covered };
  const px = paid / covered;
  return { px, bps: (Math.abs(px - mid) / mid) * 10_000, covered };
}
