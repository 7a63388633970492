/**
 * The market as the maker sees it: the last book, the last reference prices and when each came.
 * Messages that cannot be true (crossed, empty sizes, older than what is known) are dropped and
 * counted, never repaired.
 */
import type { BookLevel, VenueEvent } from "../venue.ts";

/** A deeper book that comes more rarely. */
export interface FarBook {
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
  /** Venue time [ms]. */
  readonly timeMs: number;
}

/** Last known book and reference prices of one market. */
export interface BookView {
  /** Best first. */
  bids: readonly BookLevel[];
  asks: readonly BookLevel[];
  /** The last book that reaches farther; null = there is none. */
  far: FarBook | null;
  /** Venue time of the book [ms]. */
  bookTimeMs: number;
  /** When market data last came; -Infinity = never [ms]. */
  receivedMs: number;
  /** 0 = none [ticks]. */
  oraclePx: number;
  markPx: number;
  /** Funding that the venue foresees; null = not told [1/h]. */
  fundingRate: number | null;
  /** When reference prices last came; -Infinity = never [ms]. */
  referenceMs: number;
  /** Messages that were dropped. */
  dropped: number;
}

/** A view that has seen nothing yet. */
export const createBookView = (): BookView => ({
  bids: [],
  asks: [],
  far: null,
  bookTimeMs: Number.NEGATIVE_INFINITY,
  receivedMs: Number.NEGATIVE_INFINITY,
  oraclePx: 0,
  markPx: 0,
  fundingRate: null,
  referenceMs: Number.NEGATIVE_INFINITY,
  dropped: 0,
});

/** Takes a book message in; false when it was dropped. */
export function noteBook(
  view: BookView,
  event: Extract<VenueEvent, { kind: "book" }>,
  nowMs: number,
): boolean {
  if (event.timeMs < view.bookTimeMs || !isSound(event.bids, -1) || !isSound(event.asks, 1)) {
    view.dropped += 1;
    return false;
  }
  const bids = event.depth === "full" ? event.bids : withTouch(view.bids, event.bids, 1);
  const asks = event.depth === "full" ? event.asks : withTouch(view.asks, event.asks, -1);
  const bid = bids[0];
  const ask = asks[0];
  if (bid !== undefined && ask !== undefined && bid.px >= ask.px) {
    view.dropped += 1;
    return false;
  }
  view.bids = bids;
  view.asks = asks;
  view.bookTimeMs = event.timeMs;
  view.receivedMs = nowMs;
  return true;
}

/** Takes a deeper book in; false when it was dropped. */
export function noteFarBook(view: BookView, { timeMs, bids, asks }: FarBook): boolean {
  const isOld = view.far !== null && timeMs < view.far.timeMs;
  if (isOld || !isSound(bids, -1) || !isSound(asks, 1)) {
    view.dropped += 1;
    return false;
  }
  view.far = { bids, asks, timeMs };
  return true;
}

/** The book with what the deeper one shows beyond its last levels; the deeper part may be older. */
export function deepestBook({ bids, asks, far }: BookView): {
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
} {
  if (far === null) return { bids, asks };
  return { bids: withFar(bids, far.bids, -1), asks: withFar(asks, far.asks, 1) };
}

function withFar(
  levels: readonly BookLevel[],
  far: readonly BookLevel[],
  outward: 1 | -1,
): readonly BookLevel[] {
  const last = levels.at(-1);
  if (last === undefined) return levels;
  return [...levels, ...far.filter(({ px }) => (px - last.px) * outward > 0)];
}

/** Takes reference prices in. */
export function noteReference(
  view: BookView,
  event: Extract<VenueEvent, { kind: "reference" }>,
  nowMs: number,
): void {
  view.oraclePx = event.oraclePx;
  view.markPx = event.markPx;
  const { fundingRate = Number.NaN } = event;
  view.fundingRate = Number.isFinite(fundingRate) ? fundingRate : null;
  view.referenceMs = nowMs;
}

/**
 * The best level that is not made of our own orders alone, or null when there is none. Our sizes
 * are taken off the levels first: quoting around a book that is ourselves would chase its own tail.
 */
export function bestOfOthers(
  levels: readonly BookLevel[],
  own: ReadonlyMap<number, number>,
): BookLevel | null {
  for (const level of levels) {
    const sz = level.sz - (own.get(level.px) ?? 0);
    if (sz > 0) return { px: level.px, sz };
  }
  return null;
}

/** Levels positive and strictly ordered outwards; direction +1 for asks, -1 for bids. */
function isSound(levels: readonly BookLevel[], direction: 1 | -1): boolean {
  return levels.every((level, i) => {
    const before = levels[i - 1];
    const ordered = before === undefined || (level.px - before.px) * direction > 0;
    return level.px > 0 && level.sz > 0 && ordered;
  });
}

/** Levels with their touch replaced; what lies at or before the new touch is gone. */
function withTouch(
  levels: readonly BookLevel[],
  touch: readonly BookLevel[],
  inward: 1 | -1,
): readonly BookLevel[] {
  const best = touch[0];
  if (best === undefined) return [];
  return [best, ...levels.filter((level) => (level.px - best.px) * inward < 0)];
}
