/**
 * The only functions that put orders on a book, change them there or take them off. They keep book,
 * order row, account list, cloid index and the position's open-order figures in step.
 */

import { keepRow } from "../../base/column.ts";
import { CANCEL_REASON } from "../../base/reject-code.ts";
import { BUY } from "../../base/side.ts";
import { noteRowChange } from "../account/margin-sums.ts";
import { addOpenOrder, findPosition, openPosition } from "../account/position.ts";
import type { Book } from "../book/book.ts";
import { pushExpiry } from "../book/expiry-heap.ts";
import {
  freeSlot,
  isWaiting,
  linkOrder,
  ORDER,
  ORDER_FLAG,
  oldestOrder,
  setBuilder,
  setCloid,
  unlinkOrder,
} from "../book/order-table.ts";
import type { Core } from "../core.ts";
import { EVENT, ORDER_EVENT } from "../event.ts";
import { isIsolatedRow } from "../margin/isolated.ts";
import { armChildren, familyOfParent, isDormantChild, isOfFamily } from "./family.ts";
import { isManaged, noteManagedCancel } from "./managed.ts";
import { emitIncoming, emitResting, type IncomingOrder } from "./order-event.ts";
import { keepInsert, keepRemove } from "./undo-scope.ts";
import { countReduceOnly, endWait } from "./waiting.ts";

// Constants of other modules as this one's own: the engine folds these and loads those.
const OWN_BUY = BUY;
const { orderRested: EVENT_ORDER_RESTED, orderCanceled: EVENT_ORDER_CANCELED } = EVENT;
const {
  px: ORDER_PX,
  account: ORDER_ACCOUNT,
  market: ORDER_MARKET,
  side: ORDER_SIDE,
  tif: ORDER_TIF,
  flags: ORDER_FLAGS,
  sz: ORDER_SZ,
  origSz: ORDER_ORIG_SZ,
  expiresAtMs: ORDER_EXPIRES_AT_MS,
} = ORDER;
const {
  reduceOnly: ORDER_FLAG_REDUCE_ONLY,
  hasCloid: ORDER_FLAG_HAS_CLOID,
  fired: ORDER_FLAG_FIRED,
  position: ORDER_FLAG_POSITION,
  parent: ORDER_FLAG_PARENT,
  child: ORDER_FLAG_CHILD,
  expires: ORDER_FLAG_EXPIRES,
  builder: ORDER_FLAG_BUILDER,
  managed: ORDER_FLAG_MANAGED,
} = ORDER_FLAG;

/** Flags of an order whose end concerns others. */
const FAMILIAR = ORDER_FLAG.position | ORDER_FLAG.parent | ORDER_FLAG.child;

/** Puts what remains of an incoming order into its slot and on the book. */
export function restOrder(core: Core, order: IncomingOrder): void {
  const { orders, positions } = core;
  const { slot, account, sz } = order;
  const { f64, i32 } = orders.rows;
  const at = slot * 16;
  i32[at + ORDER_PX] = order.px;
  i32[at + ORDER_ACCOUNT] = account;
  i32[at + ORDER_MARKET] = order.market;
  i32[at + ORDER_SIDE] = order.side;
  i32[at + ORDER_TIF] = order.tif;
  i32[at + ORDER_FLAGS] =
    (order.reduceOnly ? ORDER_FLAG_REDUCE_ONLY : 0) |
    (order.hasCloid ? ORDER_FLAG_HAS_CLOID : 0) |
    (order.isTriggered ? ORDER_FLAG_FIRED : 0) |
    (order.isPosition ? ORDER_FLAG_POSITION : 0) |
    (order.isManaged ? ORDER_FLAG_MANAGED : 0) |
    (order.isParent ? ORDER_FLAG_PARENT : 0) |
    (order.isChild ? ORDER_FLAG_CHILD : 0) |
    (order.expiresAtMs === 0 ? 0 : ORDER_FLAG_EXPIRES) |
    (order.builder === 0 ? 0 : ORDER_FLAG_BUILDER);
  f64[slot * 8 + ORDER_SZ] = sz;
  f64[slot * 8 + ORDER_ORIG_SZ] = order.origSz;
  if (order.isParent) f64[slot * 8 + ORDER.filled] = order.filled;
  if (order.isChild) i32[at + ORDER.firedFamily] = order.family;
  if (order.hasCloid) setCloid(orders, slot, order.cloidWords, order.cloidAt >>> 2);
  if (order.builder !== 0) setBuilder(orders, slot, order.builder);
  const book = core.books[order.market] as Book;
  book.insert(slot);
  keepInsert(core, book, slot);
  linkOrder(orders, slot);
  if (order.expiresAtMs !== 0) {
    f64[slot * 8 + ORDER_EXPIRES_AT_MS] = order.expiresAtMs;
    pushExpiry(core.expiries, orders, slot);
  }
  const row = openPosition(positions, core.accounts, account, order.market);
  if (order.reduceOnly) countReduceOnly(core, row, 1);
  else {
    noteRowChange(core.margins, account, row);
    addOpenOrder(positions, row, order.side === OWN_BUY, order.px, sz);
  }
  const lane = emitIncoming(core, EVENT_ORDER_RESTED, order, 0);
  if (order.expiresAtMs !== 0)
    core.events.lanes[lane + ORDER_EVENT.expiresAtMs] = order.expiresAtMs;
}

/** Takes `lots` off a resting order; one that is used up leaves the book. The row is gone after that. */
export function reduceResting(core: Core, slot: number, lots: number): void {
  const { f64 } = core.orders.rows;
  const left = (f64[slot * 8 + ORDER_SZ] as number) - lots;
  if (left === 0) {
    const { i32 } = core.orders.rows;
    const flags = i32[slot * 16 + ORDER_FLAGS] as number;
    if ((flags & FAMILIAR) !== 0) {
      dropFilled(core, slot, flags);
      return;
    }
    dropResting(core, slot);
    return;
  }
  keepRow(core.orders.table, slot);
  const { i32 } = core.orders.rows;
  const at = slot * 16;
  f64[slot * 8 + ORDER_SZ] = left;
  if (((i32[at + ORDER_FLAGS] as number) & ORDER_FLAG_REDUCE_ONLY) !== 0) return;
  const account = i32[at + ORDER_ACCOUNT] as number;
  const market = i32[at + ORDER_MARKET] as number;
  const row = findPosition(core.positions, core.accounts, account, market);
  const isBuy = i32[at + ORDER_SIDE] === OWN_BUY;
  noteRowChange(core.margins, account, row);
  addOpenOrder(core.positions, row, isBuy, i32[at + ORDER_PX] as number, -lots);
}

/** Takes an order that has filled whole off the book; those that it is tied to end or are armed. */
function dropFilled(core: Core, slot: number, flags: number): void {
  const { f64, i32 } = core.orders.rows;
  const account = i32[slot * 16 + ORDER_ACCOUNT] as number;
  const market = i32[slot * 16 + ORDER_MARKET] as number;
  const own = i32[slot * 16 + ORDER.firedFamily] as number;
  const next = i32[slot * 16 + ORDER.next] as number;
  const filled = f64[slot * 8 + ORDER.filled] as number;
  const family = familyOfParent(core, slot);
  dropResting(core, slot);
  if ((flags & ORDER_FLAG_PARENT) !== 0) armChildren(core, next, family, filled);
  if ((flags & ORDER_FLAG_POSITION) !== 0) cancelSiblings(core, account, market);
  if ((flags & ORDER_FLAG_CHILD) !== 0) cancelFamily(core, account, own);
}

/**
 * Cancels a resting order and says why. With a parent its children end, which stand directly behind
 * it in their account's list; they stay where want of margin ends what is left of it.
 */
export function cancelResting(core: Core, slot: number, reason: number, item: number): void {
  emitResting(core, EVENT_ORDER_CANCELED, slot, reason, item);
  if (isManaged(core, slot)) noteManagedCancel(core, slot, reason);
  const { f64, i32 } = core.orders.rows;
  if (((i32[slot * 16 + ORDER_FLAGS] as number) & ORDER_FLAG_PARENT) === 0) {
    dropResting(core, slot);
    return;
  }
  const filled = f64[slot * 8 + ORDER.filled] as number;
  const family = familyOfParent(core, slot);
  let next = i32[slot * 16 + ORDER.next] as number;
  dropResting(core, slot);
  if (reason === CANCEL_REASON.margin && filled > 0) {
    armChildren(core, next, family, filled);
    return;
  }
  while (isDormantChild(core, next, family)) {
    const child = next - 1;
    next = core.orders.rows.i32[child * 16 + ORDER.next] as number;
    cancelResting(core, child, CANCEL_REASON.parentEnded, -1);
  }
}

/** Cancels what is left of a family of which a child has filled. */
export function cancelFamily(core: Core, account: number, family: number): void {
  const { orders } = core;
  let link = oldestOrder(orders, account);
  while (link !== 0) {
    const slot = link - 1;
    link = orders.rows.i32[slot * 16 + ORDER.next] as number;
    if (isOfFamily(core, slot, family)) cancelResting(core, slot, CANCEL_REASON.siblingFilled, -1);
  }
}

/**
 * Cancels what hangs on the margin of a scope, oldest first. A market's: all orders on it. Cross
 * margin's (-1): all of the account's orders but those that only reduce an isolated position.
 */
export function cancelScopeResting(
  core: Core,
  account: number,
  market: number,
  reason: number,
): void {
  const { rows } = core.orders;
  let link = oldestOrder(core.orders, account);
  while (link !== 0) {
    const slot = link - 1;
    const next = rows.i32[slot * 16 + ORDER.next] as number;
    if (!isOfScope(core, slot, market)) {
      link = next;
      continue;
    }
    const nextOid = next === 0 ? 0 : rows.f64[(next - 1) * 8 + ORDER.oid];
    cancelResting(core, slot, reason, -1);
    // The next may have ended with this one, where the two are tied: then from the beginning.
    const stands = next === 0 || rows.f64[(next - 1) * 8 + ORDER.oid] === nextOid;
    link = stands ? next : oldestOrder(core.orders, account);
  }
}

function isOfScope(core: Core, slot: number, market: number): boolean {
  const { i32 } = core.orders.rows;
  const own = i32[slot * 16 + ORDER_MARKET] as number;
  if (market >= 0) return own === market;
  if (((i32[slot * 16 + ORDER_FLAGS] as number) & ORDER_FLAG_REDUCE_ONLY) === 0) return true;
  const account = i32[slot * 16 + ORDER_ACCOUNT] as number;
  return !isIsolatedRow(core, findPosition(core.positions, core.accounts, account, own));
}

/** Cancels what waits tied to a position of which such an order has filled, oldest first. */
export function cancelSiblings(core: Core, account: number, market: number): void {
  const { orders } = core;
  let link = oldestOrder(orders, account);
  while (link !== 0) {
    const slot = link - 1;
    link = orders.rows.i32[slot * 16 + ORDER.next] as number;
    const flags = orders.rows.i32[slot * 16 + ORDER_FLAGS] as number;
    if ((flags & ORDER_FLAG_POSITION) === 0 || !isWaiting(orders, slot)) continue;
    if (orders.rows.i32[slot * 16 + ORDER_MARKET] === market)
      cancelResting(core, slot, CANCEL_REASON.siblingFilled, -1);
  }
}

/** Takes an order off the book, or out of waiting, with what remains of it, and says nothing. */
export function dropResting(core: Core, slot: number): void {
  const { orders } = core;
  if (isWaiting(orders, slot)) {
    endWait(core, slot);
    freeSlot(orders, slot);
    return;
  }
  const { f64, i32 } = orders.rows;
  const at = slot * 16;
  const account = i32[at + ORDER_ACCOUNT] as number;
  const market = i32[at + ORDER_MARKET] as number;
  const row = findPosition(core.positions, core.accounts, account, market);
  if (((i32[at + ORDER_FLAGS] as number) & ORDER_FLAG_REDUCE_ONLY) !== 0) {
    countReduceOnly(core, row, -1);
  } else {
    const isBuy = i32[at + ORDER_SIDE] === OWN_BUY;
    noteRowChange(core.margins, account, row);
    const sz = f64[slot * 8 + ORDER_SZ] as number;
    addOpenOrder(core.positions, row, isBuy, i32[at + ORDER_PX] as number, -sz);
  }
  const book = core.books[market] as Book;
  book.remove(slot);
  keepRemove(core, book, slot);
  unlinkOrder(orders, slot);
  freeSlot(orders, slot);
}
