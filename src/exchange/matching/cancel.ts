/** Cancels and modifies what rests, on behalf of its account. */
import { CANCEL_REASON, REJECT, type RejectCode } from "../../base/reject-code.ts";
import { isImmediate, TIF } from "../../base/time-in-force.ts";
import { liveSlot, ORDER, ORDER_FLAG, slotOfCloid } from "../book/order-table.ts";
import {
  type CommandRecord,
  ITEM,
  ITEM_FLAG,
  ITEM_TARGET_CLOID_AT,
  itemByte,
  itemLane,
} from "../command.ts";
import { beginEvent, type Core } from "../core.ts";
import { EVENT, ORDER_EVENT } from "../event.ts";
import { cancelFast } from "./fast-cancel.ts";
import { placeFast } from "./fast-place.ts";
import type { TouchedAccounts } from "./match.ts";
import type { IncomingOrder } from "./order-event.ts";
import { placeOrder, readIncoming } from "./place.ts";
import { cancelResting } from "./resting.ts";
import { isInScope } from "./undo-scope.ts";

/** Cancels the order that item `index` names by id or cloid, or says that there is none. */
export function cancelItem(
  core: Core,
  record: CommandRecord,
  index: number,
  account: number,
): void {
  const slot = targetSlot(core, record, index, account);
  const market = record.lanes[itemLane(index) + ITEM.market] as number;
  if (slot < 0 || core.orders.rows.i32[slot * 16 + ORDER.market] !== market) {
    rejectTarget(core, record, { index, account, code: REJECT.orderNotLive });
    return;
  }
  cancelResting(core, slot, CANCEL_REASON.requested, index);
}

/** Until when the order that is being replaced was good; 0 = for ever [ms]. A lane: no large answers. */
const keptUntil = new Float64Array(1);

/**
 * Replaces the order that item `index` names: the old one is canceled, then the new one is placed
 * with an id of its own. Without `alwaysPlace` the replacement only adds liquidity; where it is
 * refused the old order is gone all the same, as on the venue. The wire's replacement cannot name a
 * time, so one that rests stays good until the old order's, unless it has one of its own.
 */
export function modifyItem(
  core: Core,
  record: CommandRecord,
  index: number,
  order: IncomingOrder,
  touched: TouchedAccounts,
): void {
  const { account } = order;
  const isPlain = !isInScope(core);
  keptUntil[0] = 0;
  if (!(isPlain && cancelFast(core, record, index, account, CANCEL_REASON.modified))) {
    const slot = targetSlot(core, record, index, account);
    if (slot < 0) {
      rejectTarget(core, record, { index, account, code: REJECT.modifyNotLive });
      return;
    }
    keptUntil[0] = expiryOf(core, slot);
    cancelResting(core, slot, CANCEL_REASON.modified, index);
  }
  const flags = record.lanes[itemLane(index) + ITEM.flags] as number;
  const isAlways = (flags & ITEM_FLAG.alwaysPlace) !== 0;
  const isForEver = keptUntil[0] === 0;
  if (isPlain && isAlways && isForEver && placeFast(core, record, index, account)) return;
  readIncoming(record, index, account, order);
  order.isParent = false;
  order.isChild = false;
  if (order.expiresAtMs === 0 && !order.isTrigger && !isImmediate(order.tif))
    order.expiresAtMs = keptUntil[0] as number;
  const isUnsupported =
    (flags & (ITEM_FLAG.unsupported | ITEM_FLAG.parent | ITEM_FLAG.child)) !== 0 ||
    (!isAlways && !order.isTrigger && isImmediate(order.tif));
  if (!isAlways && !order.isTrigger && order.tif === TIF.gtc) order.tif = TIF.alo;
  placeOrder(core, order, isUnsupported, touched);
}

function expiryOf({ orders }: Core, slot: number): number {
  const { f64, i32 } = orders.rows;
  if (((i32[slot * 16 + ORDER.flags] as number) & ORDER_FLAG.expires) === 0) return 0;
  return f64[slot * 8 + ORDER.expiresAtMs] as number;
}

function targetSlot(core: Core, record: CommandRecord, index: number, account: number): number {
  const oid = record.lanes[itemLane(index) + ITEM.targetOid] as number;
  if (oid === 0)
    return slotOfCloid(
      core.orders,
      account,
      record.words,
      (itemByte(index) + ITEM_TARGET_CLOID_AT) / 4,
    );
  const slot = liveSlot(core.orders, oid);
  return slot >= 0 && core.orders.rows.i32[slot * 16 + ORDER.account] === account ? slot : -1;
}

function rejectTarget(
  core: Core,
  record: CommandRecord,
  target: { index: number; account: number; code: RejectCode },
): void {
  const oid = record.lanes[itemLane(target.index) + ITEM.targetOid] as number;
  const lane = beginEvent(core, EVENT.cancelRejected, target.account, -1, target.index);
  core.events.lanes[lane + ORDER_EVENT.oid] = oid;
  core.events.lanes[lane + ORDER_EVENT.code] = target.code;
}
