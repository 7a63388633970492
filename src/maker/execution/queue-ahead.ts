/**
 * How much stands before each of our orders at its price, estimated from the book and the trades so
 * that the true size is never larger, as far as their order of arrival can be known:
 *
 * - an order starts with everybody else's size at its price; for a while the largest size seen counts,
 *   because the first books may be from before its arrival, and others may have come in between;
 * - a trade at its price takes from what is ahead; a trade beyond it, or a fill of its own, leaves
 *   nothing ahead;
 * - the size of others at the price bounds it from above at any time;
 * - a cancellation at the price may have stood behind it and so takes nothing off.
 *
 * A price outside the levels that the venue shows says nothing: null until it is shown.
 */
import { BUY, SELL, type Side } from "../../base/side.ts";
import type { Maker } from "../maker-state.ts";
import type { BookLevel, VenueTrade } from "../venue.ts";
import type { BookView } from "../view/book-view.ts";
import { type OwnOrder, ownSizes } from "./own-orders.ts";

/** How long the largest size seen counts after an order came to rest [ms]. */
const SETTLE_MS = 1_000;

/** Takes in a book that has just come. */
export function noteQueueBook(maker: Maker, book: Pick<BookView, "bids" | "asks">): void {
  const { orders, nowMs } = maker;
  const own = { buy: ownSizes(orders, BUY, nowMs), sell: ownSizes(orders, SELL, nowMs) };
  for (const order of restingOrders(maker)) {
    const sizes = order.side === BUY ? own.buy : own.sell;
    const others = othersAt(book, order, sizes.get(order.px) ?? 0);
    if (others === null) continue;
    if (order.filledSz > 0) order.queueAhead = 0;
    else if (order.queueAhead === null) order.queueAhead = others;
    else if (nowMs - order.restedMs < SETTLE_MS) {
      order.queueAhead = Math.max(order.queueAhead, others);
    } else order.queueAhead = Math.min(order.queueAhead, others);
  }
}

/** Takes in trades that were not seen before. */
export function noteQueueTrades(maker: Maker, trades: readonly VenueTrade[]): void {
  const { nowMs } = maker;
  for (const order of restingOrders(maker)) {
    if (order.queueAhead === null || nowMs - order.restedMs < SETTLE_MS) continue;
    for (const { side, px, sz, timeMs } of trades) {
      // A trade from before the book that the count began with is in that book already.
      if (side === order.side || timeMs <= order.restedBookMs) continue;
      const beyond = order.side === BUY ? order.px - px : px - order.px;
      if (beyond > 0) order.queueAhead = 0;
      else if (beyond === 0) order.queueAhead = Math.max(0, order.queueAhead - sz);
    }
  }
}

function restingOrders(maker: Maker): OwnOrder[] {
  const resting: OwnOrder[] = [];
  for (const order of maker.orders.active.values()) {
    if (order.state !== "live" && order.state !== "pendingCancel") continue;
    if (order.restedMs === Number.POSITIVE_INFINITY) {
      order.restedMs = maker.nowMs;
      order.restedBookMs = maker.book.bookTimeMs;
    }
    resting.push(order);
  }
  return resting;
}

/** Size of others at the order's price; null where the book as shown does not reach it [lots]. */
function othersAt(
  { bids, asks }: Pick<BookView, "bids" | "asks">,
  { side, px }: { readonly side: Side; readonly px: number },
  ownSz: number,
): number | null {
  const levels: readonly BookLevel[] = side === BUY ? bids : asks;
  const level = levels.find((each) => each.px === px);
  if (level !== undefined) return Math.max(0, level.sz - ownSz);
  const last = levels.at(-1);
  const isShown = last !== undefined && (side === BUY ? px > last.px : px < last.px);
  // Within what is shown and yet not there: nobody else is at this price.
  return isShown ? 0 : null;
}
