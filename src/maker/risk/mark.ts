/** What the position is worth: the venue's mark while it is fresh, else the middle of the book. */
import type { Maker } from "../maker-state.ts";

/** Mark price [ticks]; null before any price is known. */
export function markPx(maker: Maker): number | null {
  const { book, nowMs, config } = maker;
  if (book.markPx > 0 && nowMs - book.referenceMs <= config.staleDataMs) return book.markPx;
  const bid = book.bids[0];
  const ask = book.asks[0];
  if (bid !== undefined && ask !== undefined) return Math.floor((bid.px + ask.px) / 2);
  return book.markPx > 0 ? book.markPx : null;
}
