/**
 * Why the maker's equity changed: the attribution of `analysis/pnl-attribution.ts` and markouts,
 * fed with what the maker sees. Fair prices are the middle of the book of others, or the venue's
 * reference price where others leave no book: of no model, so that two models can be compared by it.
 *
 * Owns sums and bounded lists of the latest fills and markouts, which a recorder reads on its own
 * time. Decides nothing and is asked by nothing that does.
 */
import {
  createFillRate,
  type FillRate,
  noteFilledAt,
  noteResting,
} from "../../analysis/fill-rate.ts";
import {
  createMarkouts,
  type Markout,
  type Markouts,
  noteMarkoutFill,
  takeMarkouts,
} from "../../analysis/markout.ts";
import {
  createPnlAttribution,
  noteAttributedFill,
  noteFairPrice,
  type PnlAttribution,
  type PnlSplit,
  pnlSplit,
  takeOverPosition,
} from "../../analysis/pnl-attribution.ts";
import { lastPathPrice } from "../../analysis/price-path.ts";
import {
  addRecent,
  createRecentList,
  type RecentList,
  type RecentPart,
  recentSince,
} from "../../base/recent-list.ts";
import { BUY, SELL, sideSign } from "../../base/side.ts";
import { type OwnOrders, ownSizes } from "../execution/own-orders.ts";
import type { VenueFill } from "../venue.ts";
import { type BookView, bestOfOthers } from "./book-view.ts";
import type { PnlParts } from "./fill-ledger.ts";

/** Fills and markouts kept for whoever records them. */
const FILLS_BOUND = 4_096;
const MARKOUTS_BOUND = 3 * FILLS_BOUND;
/** A longer pause between two books does not count as time at rest: the feed was down [ms]. */
const EXPOSURE_GAP_MS = 5_000;

/** A counted fill with what was known of the market just before it. */
export interface FillNote {
  readonly fill: VenueFill;
  /** [half-ticks] */
  readonly fairHalfTicks: number;
  /** After the fill [lots]. */
  readonly position: number;
}

/** See the file's head. */
export interface SplitView {
  readonly attribution: PnlAttribution;
  readonly markouts: Markouts;
  readonly fillRate: FillRate;
  readonly fills: RecentList<FillNote>;
  readonly resolved: RecentList<Markout>;
  /** Venue time of the latest market data [ms]. */
  marketMs: number;
}

/** What a fair price is read from. */
export interface SplitMarket {
  readonly book: BookView;
  readonly orders: OwnOrders;
  readonly nowMs: number;
  /** A wider book of others is no guide [bps]. */
  readonly bookSpreadBpsMax: number;
}

/** Nothing seen yet. */
export const createSplitView = (): SplitView => ({
  attribution: createPnlAttribution(),
  markouts: createMarkouts(),
  fillRate: createFillRate(),
  fills: createRecentList(FILLS_BOUND),
  resolved: createRecentList(MARKOUTS_BOUND),
  marketMs: Number.NEGATIVE_INFINITY,
});

/** Takes in the market after a book or reference price of a venue time [ms]. */
export function noteSplitMarket(split: SplitView, market: SplitMarket, eventMs: number): void {
  const fair = fairHalfTicks(market);
  if (fair === null) return;
  const { book, nowMs } = market;
  // Reference prices are stamped by whoever read them; the book's clock is the fills' clock.
  const hasBook = book.bookTimeMs > Number.NEGATIVE_INFINITY;
  const timeMs = hasBook ? book.bookTimeMs + (nowMs - book.receivedMs) : eventMs;
  noteTimeAtRest(split, market.orders, fair, timeMs);
  noteFairPrice(split.attribution, timeMs, fair);
  for (const markout of takeMarkouts(split.markouts, split.attribution.path)) {
    addRecent(split.resolved, markout);
  }
}

/** Takes in a fill that the ledger has counted; `position` is that after it [lots]. */
export function noteSplitFill(split: SplitView, fill: VenueFill, position: number): void {
  const fair = noteAttributedFill(split.attribution, fill);
  const { tid, timeMs, side, px } = fill;
  noteMarkoutFill(split.markouts, { tid, timeMs, side, px, fairHalfTicks: fair });
  if (!fill.crossed) noteFilledAt(split.fillRate, distanceBps(fair, side, px));
  addRecent(split.fills, { fill, fairHalfTicks: fair, position });
}

/** Takes in a position that no fill explains [lots] at its value [10^-6 USDC]. */
export const noteSplitTakeOver = (
  split: SplitView,
  taken: { readonly timeMs: number; readonly lots: number; readonly value: number },
): void => takeOverPosition(split.attribution, taken);

/** The causes of a ledger's PnL at its mark. */
export const splitOf = ({ attribution }: SplitView, pnl: PnlParts): PnlSplit =>
  pnlSplit(attribution, {
    positionValue: pnl.inventoryValue,
    equityChange: pnl.total,
    funding: pnl.funding,
  });

/** Where a reader of the notes stopped. */
export interface NotesPlace {
  readonly fills: number;
  readonly markouts: number;
}

/** What was noted since a place. */
export interface MakerNotes {
  readonly fills: RecentPart<FillNote>;
  readonly markouts: RecentPart<Markout>;
  /** The fair price of now; null before the first [half-ticks]. */
  readonly fairHalfTicks: number | null;
}

/** Fills and markouts that were noted since a place, each told once to a reader that goes on there. */
export const makerNotes = (split: SplitView, place: NotesPlace): MakerNotes => ({
  fills: recentSince(split.fills, place.fills),
  markouts: recentSince(split.resolved, place.markouts),
  fairHalfTicks: lastPathPrice(split.attribution.path),
});

/** Middle of the book of others, else the reference price; null where there is neither [half-ticks]. */
function fairHalfTicks({ book, orders, nowMs, bookSpreadBpsMax }: SplitMarket): number | null {
  const bid = bestOfOthers(book.bids, ownSizes(orders, BUY, nowMs));
  const ask = bestOfOthers(book.asks, ownSizes(orders, SELL, nowMs));
  if (bid !== null && ask !== null) {
    const middle = bid.px + ask.px;
    if ((ask.px - bid.px) * 20_000 <= middle * bookSpreadBpsMax) return middle;
  }
  const reference = book.oraclePx || book.markPx;
  return reference > 0 ? 2 * reference : null;
}

function noteTimeAtRest(split: SplitView, orders: OwnOrders, fair: number, timeMs: number): void {
  const elapsedMs = timeMs - split.marketMs;
  split.marketMs = Math.max(split.marketMs, timeMs);
  if (!(elapsedMs > 0 && elapsedMs <= EXPOSURE_GAP_MS)) return;
  for (const { state, side, px } of orders.active.values()) {
    if (state !== "live") continue;
    noteResting(split.fillRate, distanceBps(fair, side, px), elapsedMs);
  }
}

/** Distance of an order from the fair price, positive on its own side [bps]. */
const distanceBps = (fair: number, side: VenueFill["side"], px: number): number =>
  (sideSign(side) * (fair - 2 * px) * 10_000) / fair;
