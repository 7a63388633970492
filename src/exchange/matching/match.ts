/** Crosses an incoming order with the book, best price first, oldest first, at the resting price. */
import { CANCEL_REASON, REJECT } from "../../base/reject-code.ts";
import { BUY, crosses, oppositeSide } from "../../base/side.ts";
import { isImmediate } from "../../base/time-in-force.ts";
import { findPosition, POSITION } from "../account/position.ts";
import type { Book } from "../book/book.ts";
import { builderOf, freeSlot, ORDER, ORDER_FLAG } from "../book/order-table.ts";
import type { Core } from "../core.ts";
import { EVENT } from "../event.ts";
import { feeOf, refreshFees } from "../fee/fee.ts";
import { builderFeeOf } from "../fee/reward.ts";
import { bearsClosing, cashTaken, createSideFill, isIsolatedRow } from "../margin/isolated.ts";
import { createMarginFigures, createMarginTrial, tryMargin } from "../margin/margin.ts";
import { isExpired } from "./expiry.ts";
import { addParentFill } from "./family.ts";
import { fillFast } from "./fast-fill.ts";
import { isManaged, noteManagedFill } from "./managed.ts";
import { emitIncoming, type IncomingOrder } from "./order-event.ts";
import { fitReduceOnly } from "./reduce-only.ts";
import {
  cancelFamily,
  cancelResting,
  cancelSiblings,
  reduceResting,
  restOrder,
} from "./resting.ts";
import { isSameGroup, preventSelfTrade } from "./self-trade.ts";
import { settleMatch } from "./settle.ts";
import { isInScope } from "./undo-scope.ts";

/** Accounts that matches changed, for the check of maintenance that follows; the caller sets `count` to 0. */
export interface TouchedAccounts {
  list: Int32Array;
  count: number;
}

/** No accounts. A typed array: emptying a plain one costs more than a command's margin check. */
export const createTouchedAccounts = (): TouchedAccounts => ({
  list: new Int32Array(1024),
  count: 0,
});

/** Notes that an account changed. */
export function touch(touched: TouchedAccounts, account: number): void {
  if (touched.count === touched.list.length) {
    const grown = new Int32Array(touched.list.length * 2);
    grown.set(touched.list);
    touched.list = grown;
  }
  touched.list[touched.count] = account;
  touched.count += 1;
}

/**
 * Takes an accepted order through the book to its end: fills, then rest, cancel of the remainder,
 * or nothing when it is used up. Says `orderAccepted` first; an immediate order that finds nothing
 * is rejected instead. Returns the lots filled.
 */
export function matchOrder(core: Core, order: IncomingOrder, touched: TouchedAccounts): number {
  const book = core.books[order.market] as Book;
  const opposite = oppositeSide(order.side);
  const immediate = isImmediate(order.tif);
  let filled = 0;
  let hasMetItself = false;
  let isSpent = false;
  // An order that waited was told of when it began to wait.
  let isTold = !immediate || order.isTriggered;
  if (!immediate && !order.isTriggered) emitIncoming(core, EVENT.orderAccepted, order, 0);
  while (order.sz > 0) {
    const slot = book.bestSlot(opposite);
    const { f64, i32 } = core.orders.rows;
    if (slot < 0 || !crosses(order.side, i32[slot * 16 + ORDER.px] as number, order.px)) break;
    if (isExpired(core, slot)) {
      cancelResting(core, slot, CANCEL_REASON.expired, -1);
      continue;
    }
    const maker = i32[slot * 16 + ORDER.account] as number;
    if (maker === order.account || (order.isGroupScope && isSameGroup(core, maker, order))) {
      const before = order.sz;
      hasMetItself = preventSelfTrade(core, slot, order, isTold);
      if (hasMetItself) break;
      isTold ||= order.sz !== before;
      continue;
    }
    const lots = Math.min(order.sz, f64[slot * 8 + ORDER.sz] as number);
    if (book.ladder !== null && !isInScope(core) && fillFast(core, slot, order, lots, isTold)) {
      isTold = true;
      filled += lots;
      order.sz -= lots;
      touch(touched, maker);
      continue;
    }
    isSpent = !takerIsCovered(core, slot, order, lots);
    if (isSpent) break;
    if (!restingIsCovered(core, slot, lots)) {
      cancelResting(core, slot, CANCEL_REASON.margin, -1);
      continue;
    }
    if (!isTold) emitIncoming(core, EVENT.orderAccepted, order, 0);
    isTold = true;
    settleMatch(core, slot, order, lots);
    if (isManaged(core, slot)) noteManagedFill(core, slot, lots);
    if (((i32[slot * 16 + ORDER.flags] as number) & ORDER_FLAG.parent) !== 0)
      addParentFill(core, slot, lots);
    reduceResting(core, slot, lots);
    filled += lots;
    order.sz -= lots;
    // Before the position's closing ends them for another reason.
    if (order.sz === 0 && order.isPosition) cancelSiblings(core, order.account, order.market);
    if (order.sz === 0 && order.isChild) cancelFamily(core, order.account, order.family);
    fitReduceOnly(core, maker, order.market);
    fitReduceOnly(core, order.account, order.market);
    touch(touched, maker);
  }
  order.filled = filled;
  if (filled > 0) touch(touched, order.account);
  if (hasMetItself) endShort(core, order, isTold, SELF_TRADE);
  else if (isSpent) endShort(core, order, isTold, MARGIN);
  else finishOrder(core, order, isTold && !(order.isTriggered && filled === 0));
  return filled;
}

/** How an order ends that must not match on: told of before, and not told of. */
const SELF_TRADE = { reason: CANCEL_REASON.selfTrade, code: REJECT.selfTradePrevented } as const;
const MARGIN = { reason: CANCEL_REASON.margin, code: REJECT.marginInsufficient } as const;

/**
 * Cancels what remains of an order that gives way to one of its own account, or that its isolated
 * position cannot pay for at the next price.
 */
function endShort(
  core: Core,
  order: IncomingOrder,
  isTold: boolean,
  end: typeof SELF_TRADE | typeof MARGIN,
): void {
  if (isTold) emitIncoming(core, EVENT.orderCanceled, order, end.reason);
  else emitIncoming(core, EVENT.orderRejected, order, end.code);
  if (order.slot >= 0) freeSlot(core.orders, order.slot);
}

/** `hasBegun`: it was accepted, and has traded or shrunk where it is immediate. */
function finishOrder(core: Core, order: IncomingOrder, hasBegun: boolean): void {
  if (order.sz === 0) {
    if (order.slot >= 0) freeSlot(core.orders, order.slot);
  } else if (!isImmediate(order.tif)) {
    restOrder(core, order);
    if (order.reduceOnly) fitReduceOnly(core, order.account, order.market);
  } else if (hasBegun) {
    emitIncoming(core, EVENT.orderCanceled, order, CANCEL_REASON.iocRemainder);
    if (order.slot >= 0) freeSlot(core.orders, order.slot);
  } else if (order.isTriggered) {
    emitIncoming(core, EVENT.orderCanceled, order, CANCEL_REASON.noLiquidity);
    freeSlot(core.orders, order.slot);
  } else if (!order.isLiquidation && order.twapId === 0) {
    emitIncoming(core, EVENT.orderRejected, order, REJECT.iocNoMatch);
  }
}

const figures = createMarginFigures();
const trial = createMarginTrial();
const side = createSideFill();

/** Whether the taker's position, where it is isolated, bears what the fill would close of it. */
function takerIsCovered(core: Core, slot: number, order: IncomingOrder, lots: number): boolean {
  if (order.isLiquidation) return true;
  const row = findPosition(core.positions, core.accounts, order.account, order.market);
  if (row < 0 || !isIsolatedRow(core, row)) return true;
  side.row = row;
  side.signedSz = order.side === BUY ? lots : -lots;
  side.px = core.orders.rows.i32[slot * 16 + ORDER.px] as number;
  refreshFees(core, order.account);
  const notional = side.px * lots;
  side.fee = feeOf(core, order.account, notional, true) + builderFeeOf(notional, order.builder);
  return bearsClosing(core, side);
}

/**
 * Whether the resting side's account may take the fill: always when it only reduces its position,
 * else when free margin after the fill (mark-to-market loss and fee included) is not negative.
 */
function restingIsCovered(core: Core, slot: number, lots: number): boolean {
  const { i32 } = core.orders.rows;
  const account = i32[slot * 16 + ORDER.account] as number;
  const market = i32[slot * 16 + ORDER.market] as number;
  const row = findPosition(core.positions, core.accounts, account, market);
  const size = core.positions.rows.f64[row * 8 + POSITION.size] as number;
  const isBuy = i32[slot * 16 + ORDER.side] === BUY;
  const onlyCloses = size !== 0 && size > 0 !== isBuy && lots <= Math.abs(size);
  const isIsolated = isIsolatedRow(core, row);
  if (onlyCloses && !isIsolated) return true;
  const notional = (i32[slot * 16 + ORDER.px] as number) * lots;
  refreshFees(core, account);
  // A rebate is not counted on: it hangs on the fee of the other side.
  const fee =
    Math.max(0, feeOf(core, account, notional, false)) +
    builderFeeOf(notional, builderOf(core.orders, slot));
  let taken = fee;
  if (isIsolated) {
    side.row = row;
    side.signedSz = isBuy ? lots : -lots;
    side.px = i32[slot * 16 + ORDER.px] as number;
    side.fee = fee;
    if (!bearsClosing(core, side)) return false;
    if (onlyCloses) return true;
    taken = cashTaken(core, side);
  }
  // The lots move from the open orders into the position; those that only reduce are not among them.
  const open = ((i32[slot * 16 + ORDER.flags] as number) & ORDER_FLAG.reduceOnly) !== 0 ? 0 : 1;
  trial.size = isBuy ? lots : -lots;
  trial.cost = isBuy ? notional : -notional;
  trial.buyNotional = isBuy ? -notional * open : 0;
  trial.sellNotional = isBuy ? 0 : -notional * open;
  trial.buyLots = isBuy ? -lots * open : 0;
  trial.sellLots = isBuy ? 0 : -lots * open;
  tryMargin(core, account, row, trial, figures);
  return figures.equity - taken >= figures.initial;
}
