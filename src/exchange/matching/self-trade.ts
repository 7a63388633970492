/**
 * Self-trade prevention: no account trades with itself. Which of the two orders gives way is the
 * incoming order's to say, and so is the scope: the account, or its group, which is a master and its
 * sub-accounts.
 */
import { CANCEL_REASON } from "../../base/reject-code.ts";
import { STP } from "../../base/self-trade.ts";
import { masterOf } from "../account/sub-account.ts";
import { ORDER } from "../book/order-table.ts";
import type { Core } from "../core.ts";
import { EVENT } from "../event.ts";
import { isManaged } from "./managed.ts";
import { emitIncoming, emitResting, type IncomingOrder } from "./order-event.ts";
import { cancelResting, reduceResting } from "./resting.ts";

/** Whether an order that rests belongs to whom an incoming one belongs to. */
export function isSelfTrade(core: Core, slot: number, order: IncomingOrder): boolean {
  const maker = core.orders.rows.i32[slot * 16 + ORDER.account] as number;
  return maker === order.account || (order.isGroupScope && isSameGroup(core, maker, order));
}

/** Whether an account belongs to the group of an incoming order's account. */
export const isSameGroup = (
  { subAccounts }: Core,
  maker: number,
  { account }: IncomingOrder,
): boolean => masterOf(subAccounts, maker) === masterOf(subAccounts, account);

/**
 * Settles that an order has met one of the same account. Whether the incoming one ends here; what
 * remains of it then is the caller's to cancel. `isAccepted` says whether its acceptance has been
 * told, which is done here where it shrinks and goes on.
 */
export function preventSelfTrade(
  core: Core,
  slot: number,
  order: IncomingOrder,
  isAccepted: boolean,
): boolean {
  if (order.stp === STP.taker) return true;
  const sz = core.orders.rows.f64[slot * 8 + ORDER.sz] as number;
  if (order.stp === STP.decrement && sz > order.sz && !isManaged(core, slot)) {
    reduceResting(core, slot, order.sz);
    emitResting(core, EVENT.orderReduced, slot, 0, -1);
    return true;
  }
  cancelResting(core, slot, CANCEL_REASON.selfTrade, -1);
  if (order.stp === STP.maker) return false;
  if (order.stp === STP.both || sz >= order.sz) return true;
  if (!isAccepted) emitIncoming(core, EVENT.orderAccepted, order, 0);
  order.sz -= sz;
  emitIncoming(core, EVENT.orderReduced, order, 0);
  return false;
}
