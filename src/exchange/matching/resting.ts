/**
 * The only functions that put orders on a book, change them there or take them off. They keep book,
 * order row, account list, cloid index and the position's open-order figures in step.
 */
import { BUY } from "../../base/side.ts";
import { addOpenOrder, findPosition, openPosition } from "../account/position.ts";
import type { Book } from "../book/book.ts";
import { freeSlot, isReduceOnly, linkOrder, ORDER_FLAG, unlinkOrder } from "../book/order-table.ts";
import type { Core } from "../core.ts";
import { EVENT } from "../event.ts";
import { copyCloid, emitIncoming, emitResting, type IncomingOrder } from "./order-event.ts";

/** Puts what remains of an incoming order into its slot and on the book. */
export function restOrder(core: Core, order: IncomingOrder): void {
  const { orders, positions } = core;
  const { slot } = order;
  orders.account.data[slot] = order.account;
  orders.market.data[slot] = order.market;
  orders.side.data[slot] = order.side;
  orders.px.data[slot] = order.px;
  orders.sz.data[slot] = order.sz;
  orders.origSz.data[slot] = order.origSz;
  orders.tif.data[slot] = order.tif;
  orders.flags.data[slot] =
    (order.reduceOnly ? ORDER_FLAG.reduceOnly : 0) | (order.hasCloid ? ORDER_FLAG.hasCloid : 0);
  if (order.hasCloid) {
    copyCloid(order.cloidBytes, order.cloidAt, orders.cloid.data, slot * 16);
  }
  (core.books[order.market] as Book).insert(slot);
  linkOrder(orders, slot);
  const row = openPosition(positions, core.accounts, order.account, order.market);
  if (order.reduceOnly) {
    positions.reduceOnlyCount.data[row] = (positions.reduceOnlyCount.data[row] as number) + 1;
  }
  changeOpen(core, row, slot, order.sz);
  emitIncoming(core, EVENT.orderRested, order, 0);
}

/** Takes `lots` off a resting order; one that is used up leaves the book. The row is gone after that. */
export function reduceResting(core: Core, slot: number, lots: number): void {
  const { orders } = core;
  const row = rowOf(core, slot);
  changeOpen(core, row, slot, -lots);
  const left = (orders.sz.data[slot] as number) - lots;
  orders.sz.data[slot] = left;
  if (left === 0) dropResting(core, slot, row);
}

/** Cancels a resting order and says why. */
export function cancelResting(core: Core, slot: number, reason: number, item: number): void {
  emitResting(core, EVENT.orderCanceled, slot, reason, item);
  const row = rowOf(core, slot);
  changeOpen(core, row, slot, -(core.orders.sz.data[slot] as number));
  dropResting(core, slot, row);
}

/** Cancels all orders of an account, oldest first. */
export function cancelAllResting(core: Core, account: number, reason: number): void {
  for (;;) {
    const oldest = core.orders.oldest.data[account] as number;
    if (oldest === 0) return;
    cancelResting(core, oldest - 1, reason, -1);
  }
}

const rowOf = (core: Core, slot: number): number =>
  findPosition(
    core.positions,
    core.accounts,
    core.orders.account.data[slot] as number,
    core.orders.market.data[slot] as number,
  );

function dropResting(core: Core, slot: number, row: number): void {
  const { orders, positions } = core;
  (core.books[orders.market.data[slot] as number] as Book).remove(slot);
  if (isReduceOnly(orders, slot)) {
    positions.reduceOnlyCount.data[row] = (positions.reduceOnlyCount.data[row] as number) - 1;
  }
  unlinkOrder(orders, slot);
  freeSlot(orders, slot);
}

/** Adds lots (negative: takes them off) of a resting order to what its account has open. */
function changeOpen(core: Core, row: number, slot: number, lots: number): void {
  const { orders } = core;
  if (isReduceOnly(orders, slot)) return;
  const isBuy = orders.side.data[slot] === BUY;
  addOpenOrder(core.positions, row, isBuy, orders.px.data[slot] as number, lots);
}
