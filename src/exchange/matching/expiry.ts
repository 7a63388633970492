/**
 * Orders that are good till a time leave when a command's time has reached it. Before a command takes
 * effect, up to a bound of them are canceled, earliest first; while more are due the sequencer sends
 * ticks at once. None of those that still wait can match: whoever meets one on the book cancels it.
 */
import { readLane } from "../../base/column.ts";
import { CANCEL_REASON } from "../../base/reject-code.ts";
import { crosses, oppositeSide } from "../../base/side.ts";
import type { Book } from "../book/book.ts";
import { nextExpiring, sweepExpiries } from "../book/expiry-heap.ts";
import { ORDER, ORDER_FLAG } from "../book/order-table.ts";
import { type Core, commandTimeMs } from "../core.ts";
import type { IncomingOrder } from "./order-event.ts";
import { cancelResting } from "./resting.ts";

/** Orders that end by time before one command at most. */
const EXPIRIES_PER_COMMAND = 64;

/** Cancels the orders whose time has come, up to the bound. */
export function expireOrders(core: Core): void {
  if (core.expiries.count === 0) return;
  sweepExpiries(core.expiries, core.orders);
  for (let left = EXPIRIES_PER_COMMAND; left > 0 && hasDueExpiry(core); left--) {
    const slot = nextExpiring(core.expiries, core.orders);
    cancelResting(core, slot, CANCEL_REASON.expired, -1);
  }
}

/** Whether an order's time has come that still rests. */
export const hasDueExpiry = (core: Core): boolean =>
  core.expiries.count > 0 && nextExpiryMs(core) <= commandTimeMs(core);

/** When the next order ends by time; Infinity = none [ms]. */
export function nextExpiryMs(core: Core): number {
  const slot = nextExpiring(core.expiries, core.orders);
  return slot < 0 ? Number.POSITIVE_INFINITY : readLane(core.orders.expiresAtMs, slot);
}

/** Whether the time of a resting order has come. */
export function isExpired(core: Core, slot: number): boolean {
  const { i32, f64 } = core.orders.rows;
  if (((i32[slot * 16 + ORDER.flags] as number) & ORDER_FLAG.expires) === 0) return false;
  return (f64[slot * 8 + ORDER.expiresAtMs] as number) <= commandTimeMs(core);
}

/** Cancels the expired orders at the front of the book that an order would meet. */
export function clearExpiredFront(core: Core, order: IncomingOrder): void {
  if (core.expiries.count === 0) return;
  const book = core.books[order.market] as Book;
  for (;;) {
    const slot = book.bestSlot(oppositeSide(order.side));
    if (slot < 0 || !isExpired(core, slot)) return;
    if (!crosses(order.side, readLane(core.orders.px, slot), order.px)) return;
    cancelResting(core, slot, CANCEL_REASON.expired, -1);
  }
}
