/**
 * A parent and its children: trigger orders that wait until the parent has filled (grouping
 * `normalTpsl`). While the parent rests its children stand directly behind it in their account's
 * list, dormant: on no watch, and not counted among the orders that reduce a position. When it has
 * filled whole, or what is left of it ends for want of margin, they are armed with the size that
 * filled and wait for the mark price like any other; when it ends otherwise they end with it.
 *
 * A family goes by the sequence number of the parent's id, which no other order ever has. When a
 * child has filled whole, the other one ends.
 */
import { keepRow } from "../../base/column.ts";
import { seqOfOrderId } from "../../base/order-id.ts";
import { REJECT } from "../../base/reject-code.ts";
import { BUY } from "../../base/side.ts";
import { findPosition } from "../account/position.ts";
import { liveSlot, ORDER, ORDER_FLAG } from "../book/order-table.ts";
import { CONSEQUENCE, pushConsequence } from "../consequence.ts";
import type { Core } from "../core.ts";
import { EVENT } from "../event.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { emitResting, type IncomingOrder } from "./order-event.ts";
import { countReduceOnly, hasPriceCome, watchOrder } from "./waiting.ts";

/** What became of the parent that the running command placed last; `item` -1 = of none. */
const parent = {
  item: -1,
  account: 0,
  market: 0,
  side: 0,
  px: 0,
  sz: 0,
  oid: 0,
  rests: false,
  filled: 0,
};

/** To be called when a parent has been placed, or refused. */
export function noteParent(core: Core, order: IncomingOrder): void {
  parent.item = order.item;
  parent.account = order.account;
  parent.market = order.market;
  parent.side = order.side;
  parent.px = order.px;
  parent.sz = order.origSz;
  parent.oid = order.oid;
  parent.rests = order.slot >= 0 && liveSlot(core.orders, order.oid) === order.slot;
  parent.filled = order.filled;
}

/** Makes a child one of its parent's family, or says why it cannot be; 0 = it is one. */
export function joinFamily(order: IncomingOrder): number {
  const isBehind = order.parentItem >= 0 && order.parentItem === parent.item;
  if (!isBehind || !order.isTrigger || !order.reduceOnly || order.isPosition)
    return REJECT.orderKindUnsupported;
  const isAcross = order.side !== parent.side && order.market === parent.market;
  if (!isAcross || order.account !== parent.account) return REJECT.orderKindUnsupported;
  if (!parent.rests && parent.filled === 0) return REJECT.parentRefused;
  order.parentOid = parent.oid;
  order.family = seqOfOrderId(parent.oid) | 0;
  order.isDormant = parent.rests;
  if (!parent.rests) {
    order.sz = childSize(order.sz, parent.filled);
    order.origSz = order.sz;
  }
  return 0;
}

/** Whether a child closes all that its parent may open. */
export const isWholeChild = (order: IncomingOrder): boolean =>
  order.sz === 0 || order.sz >= parent.sz;

/** Price that a resting parent will about trade at: its limit, or mark where that is better [ticks]. */
export function parentPx(core: Core): number {
  const markPx = markPxOf(core.oracle, parent.market);
  return parent.side === BUY ? Math.min(parent.px, markPx) : Math.max(parent.px, markPx);
}

/** Of size zero it takes all that the parent filled [lots]. */
const childSize = (asked: number, filled: number): number =>
  asked === 0 ? filled : Math.min(asked, filled);

/** Notes what a resting parent has filled [lots]. */
export function addParentFill(core: Core, slot: number, lots: number): void {
  const { orders } = core;
  keepRow(orders.table, slot);
  const at = slot * 8 + ORDER.filled;
  orders.rows.f64[at] = (orders.rows.f64[at] as number) + lots;
}

/** Family of the parent in a slot. */
export const familyOfParent = ({ orders }: Core, slot: number): number =>
  seqOfOrderId(orders.rows.f64[slot * 8 + ORDER.oid] as number) | 0;

/** Whether a link of an account's list is a child of a family whose parent has not filled. */
export function isDormantChild({ orders }: Core, link: number, family: number): boolean {
  if (link === 0) return false;
  const { i32 } = orders.rows;
  const at = (link - 1) * 16;
  const isDormant = ((i32[at + ORDER.flags] as number) & ORDER_FLAG.dormant) !== 0;
  return isDormant && i32[at + ORDER.family] === family;
}

/** Whether an order is a child of a family whose parent has filled. */
export function isOfFamily({ orders }: Core, slot: number, family: number): boolean {
  const { i32 } = orders.rows;
  const at = slot * 16;
  const flags = i32[at + ORDER.flags] as number;
  if ((flags & ORDER_FLAG.child) === 0) return false;
  const lane = (flags & ORDER_FLAG.waiting) !== 0 ? ORDER.family : ORDER.firedFamily;
  return i32[at + lane] === family;
}

/** Arms the children that begin at a link, with what their parent filled; one whose price has come is queued. */
export function armChildren(core: Core, first: number, family: number, filled: number): void {
  const { orders } = core;
  let link = first;
  while (isDormantChild(core, link, family)) {
    const slot = link - 1;
    const { f64, i32 } = orders.rows;
    const at = slot * 16;
    link = i32[at + ORDER.next] as number;
    keepRow(orders.table, slot);
    i32[at + ORDER.flags] = (i32[at + ORDER.flags] as number) & ~ORDER_FLAG.dormant;
    const sz = childSize(f64[slot * 8 + ORDER.sz] as number, filled);
    f64[slot * 8 + ORDER.sz] = sz;
    if (f64[slot * 8 + ORDER.origSz] === 0) f64[slot * 8 + ORDER.origSz] = sz;
    const account = i32[at + ORDER.account] as number;
    const market = i32[at + ORDER.market] as number;
    countReduceOnly(core, findPosition(core.positions, core.accounts, account, market), 1);
    emitResting(core, EVENT.orderArmed, slot, 0, -1);
    if (hasPriceCome(core, slot)) {
      i32[at + ORDER.flags] = (i32[at + ORDER.flags] as number) | ORDER_FLAG.queued;
      pushConsequence(core.queue, CONSEQUENCE.trigger, slot);
    } else {
      watchOrder(core, slot);
    }
  }
}
