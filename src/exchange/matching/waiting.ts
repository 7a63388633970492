/**
 * Orders that wait for the mark price: live rows that are on no book. They hang in their account's
 * list and count like any order, take no margin, and those that only reduce are counted at their
 * position, so that its closing finds them; a child whose parent has not filled (`family.ts`) is
 * neither counted nor watched. A watch by price, two heaps a market, finds those whose
 * price has come.
 *
 * What fires where [mark price against trigger price]:
 *
 *              buy        sell
 *     stop     at, above  at, below
 *     profit   at, below  at, above
 */
import { keepRow } from "../../base/column.ts";
import { BUY, type Side } from "../../base/side.ts";
import { logStep } from "../../base/undo-log.ts";
import { findPosition, openPosition, POSITION } from "../account/position.ts";
import {
  isDormant,
  isReduceOnly,
  linkOrder,
  ORDER,
  ORDER_FLAG,
  setBuilder,
  setCloid,
  unlinkOrder,
} from "../book/order-table.ts";
import type { Core } from "../core.ts";
import { EVENT } from "../event.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { unwatch, watchFall, watchRise } from "../oracle/price-watch.ts";
import { emitIncoming, type IncomingOrder } from "./order-event.ts";
import { followMark, stopFollowing } from "./trail.ts";

/** Of these flags, an order that is watched has `waiting` alone. */
const WATCHED_MASK =
  ORDER_FLAG.waiting | ORDER_FLAG.queued | ORDER_FLAG.dormant | ORDER_FLAG.trailing;

/** Whether a rise of the mark price fires a trigger order, and not a fall. */
export const firesOnRise = (side: Side, takeProfit: boolean): boolean =>
  (side === BUY) !== takeProfit;

/** Writes an order that passed its checks into its slot and has it wait. */
export function waitForMark(core: Core, order: IncomingOrder): void {
  const { orders, positions } = core;
  const { slot, account } = order;
  const { f64, i32 } = orders.rows;
  const at = slot * 16;
  i32[at + ORDER.px] = order.px;
  i32[at + ORDER.account] = account;
  i32[at + ORDER.market] = order.market;
  i32[at + ORDER.side] = order.side;
  i32[at + ORDER.tif] = order.tif;
  i32[at + ORDER.triggerPx] = order.isTrailing ? order.offset : order.triggerPx;
  i32[at + ORDER.flags] =
    ORDER_FLAG.waiting |
    (order.isTrailing ? ORDER_FLAG.trailing : 0) |
    (order.isTrailing && order.inBps ? ORDER_FLAG.trailingBps : 0) |
    (order.reduceOnly ? ORDER_FLAG.reduceOnly : 0) |
    (order.hasCloid ? ORDER_FLAG.hasCloid : 0) |
    (order.takeProfit ? ORDER_FLAG.takeProfit : 0) |
    (order.isPosition ? ORDER_FLAG.position : 0) |
    (order.isChild ? ORDER_FLAG.child : 0) |
    (order.isDormant ? ORDER_FLAG.dormant : 0) |
    (order.builder === 0 ? 0 : ORDER_FLAG.builder);
  if (order.isChild) i32[at + ORDER.family] = order.family;
  f64[slot * 8 + ORDER.sz] = order.sz;
  f64[slot * 8 + ORDER.origSz] = order.origSz;
  if (order.hasCloid) setCloid(orders, slot, order.cloidWords, order.cloidAt >>> 2);
  if (order.builder !== 0) setBuilder(orders, slot, order.builder);
  linkOrder(orders, slot);
  const row = openPosition(positions, core.accounts, account, order.market);
  if (!order.isDormant) {
    if (order.reduceOnly) countReduceOnly(core, row, 1);
    if (order.isTrailing) followMark(core, slot);
    else watchOrder(core, slot);
  }
  emitIncoming(core, EVENT.orderWaiting, order, 0);
}

/** Has an order found when its price comes; its row is written. */
export function watchOrder(core: Core, slot: number): void {
  watchSlot(core, slot);
  const { undo } = core.register;
  if (undo.isOn) logStep(undo, (row) => unwatch(core.waiting, row), slot);
}

/** Whether the mark price is where it fires the order in a slot. */
export function hasPriceCome(core: Core, slot: number): boolean {
  const { i32 } = core.orders.rows;
  const at = slot * 16;
  const markPx = markPxOf(core.oracle, i32[at + ORDER.market] as number);
  const triggerPx = i32[at + ORDER.triggerPx] as number;
  const takeProfit = ((i32[at + ORDER.flags] as number) & ORDER_FLAG.takeProfit) !== 0;
  return firesOnRise(i32[at + ORDER.side] as Side, takeProfit)
    ? markPx >= triggerPx
    : markPx <= triggerPx;
}

/** Takes an order out of waiting: off its account's list and the watch; its slot stays its own. */
export function endWait(core: Core, slot: number): void {
  const { orders } = core;
  const { i32 } = orders.rows;
  const at = slot * 16;
  if (isReduceOnly(orders, slot) && !isDormant(orders, slot)) {
    const account = i32[at + ORDER.account] as number;
    const market = i32[at + ORDER.market] as number;
    countReduceOnly(core, findPosition(core.positions, core.accounts, account, market), -1);
  }
  if (((i32[at + ORDER.flags] as number) & ORDER_FLAG.trailing) !== 0) {
    stopFollowing(core, slot);
  } else {
    unwatch(core.waiting, slot);
    const { undo } = core.register;
    if (undo.isOn) logStep(undo, (row) => watchIfWaiting(core, row), slot);
  }
  unlinkOrder(orders, slot);
}

/** Has a queued order whose market has been halted wait for the price anew. */
export function waitAgain(core: Core, slot: number): void {
  const at = slot * 16 + ORDER.flags;
  const { i32 } = core.orders.rows;
  i32[at] = (i32[at] as number) & ~ORDER_FLAG.queued;
  watchSlot(core, slot);
}

/** Changes a position's count of orders that only reduce. */
export function countReduceOnly(core: Core, row: number, change: number): void {
  keepRow(core.positions.table, row);
  const { i32 } = core.positions.rows;
  const at = row * 16 + POSITION.reduceOnlyCount;
  i32[at] = (i32[at] as number) + change;
}

/** Watches the prices of all orders that wait, after a restore or a fork. */
export function watchWaiting(core: Core): void {
  for (let slot = 0; slot < core.orders.table.count; slot++) watchIfWaiting(core, slot);
}

/** Watches the price of an order that waits and is not queued. */
function watchIfWaiting(core: Core, slot: number): void {
  const flags = (core.orders.rows.i32[slot * 16 + ORDER.flags] as number) | 0;
  if ((flags & WATCHED_MASK) === ORDER_FLAG.waiting) watchSlot(core, slot);
}

/** The watch finds what was passed, so its price lies one tick before the trigger's. */
function watchSlot(core: Core, slot: number): void {
  const { i32 } = core.orders.rows;
  const at = slot * 16;
  const market = i32[at + ORDER.market] as number;
  const px = i32[at + ORDER.triggerPx] as number;
  const takeProfit = ((i32[at + ORDER.flags] as number) & ORDER_FLAG.takeProfit) !== 0;
  if (firesOnRise(i32[at + ORDER.side] as Side, takeProfit))
    watchRise(core.waiting, market, slot, px - 1);
  else watchFall(core.waiting, market, slot, px + 1);
}
