/**
 * Fires trigger orders. A move of the mark price queues all that it reaches, in the order in which
 * it passes their prices, those of one price by id; each then takes its turn in the queue of
 * consequences, so a move that fires many stays bounded a command. Once its price has come an order
 * fires, wherever the price goes meanwhile, unless it is canceled first; it fires once.
 *
 * Its margin is checked in its turn, as for a new order. It keeps its id; one that comes to rest
 * stands behind all that rest already.
 */
import { CANCEL_REASON, REJECT, type RejectCode } from "../../base/reject-code.ts";
import { mulRateTrunc } from "../../base/rounding.ts";
import { BUY, type Side } from "../../base/side.ts";
import { TIF, type Tif } from "../../base/time-in-force.ts";
import {
  builderOf,
  cloidByte,
  freeSlot,
  hasFreeSeq,
  ORDER,
  ORDER_FLAG,
  takePlaceInTime,
} from "../book/order-table.ts";
import { CONSEQUENCE, pushConsequence } from "../consequence.ts";
import type { Core } from "../core.ts";
import { EVENT } from "../event.ts";
import { isOpen } from "../market/protection.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { collectPassed, unwatch } from "../oracle/price-watch.ts";
import { matchOrder, type TouchedAccounts } from "./match.ts";
import { createIncomingOrder, emitIncoming } from "./order-event.ts";
import { ruleProblem } from "./place.ts";
import { moveTrails } from "./trail.ts";
import { endWait, firesOnRise, waitAgain } from "./waiting.ts";

/** How far from mark a trigger order at market may trade: 10 % [10^-9]. */
const TRIGGER_SLIPPAGE_E9 = 100_000_000;
const order = createIncomingOrder();
/** Reused: most moves fire nothing, and should leave nothing behind. */
const slots: number[] = [];

/** Queues the waiting orders of a market that its mark price has reached. */
export function queueTriggers(core: Core, market: number): void {
  const { waiting } = core;
  // What the price reaches while the market is halted has its turn when it opens.
  const isRunning = isOpen(core.protection, market);
  slots.length = 0;
  moveTrails(core, market, isRunning, slots);
  if (!isRunning) return;
  collectPassed(waiting, market, markPxOf(core.oracle, market));
  if (waiting.foundCount + slots.length === 0) return;
  for (let n = 0; n < waiting.foundCount; n++) slots.push(waiting.found[n] as number);
  const { i32 } = core.orders.rows;
  for (const slot of slots.sort((a, b) => passedFirst(core, a, b))) {
    unwatch(waiting, slot);
    const at = slot * 16 + ORDER.flags;
    i32[at] = (i32[at] as number) | ORDER_FLAG.queued;
    pushConsequence(core.queue, CONSEQUENCE.trigger, slot);
  }
}

/** Falls before rises; of falls the higher price, of rises the lower one; then the older id. */
function passedFirst(core: Core, a: number, b: number): number {
  const { f64, i32 } = core.orders.rows;
  const rises = (slot: number): boolean =>
    firesOnRise(
      i32[slot * 16 + ORDER.side] as Side,
      ((i32[slot * 16 + ORDER.flags] as number) & ORDER_FLAG.takeProfit) !== 0,
    );
  const isRise = rises(a);
  if (isRise !== rises(b)) return isRise ? 1 : -1;
  const apart =
    (i32[a * 16 + ORDER.triggerPx] as number) - (i32[b * 16 + ORDER.triggerPx] as number);
  if (apart !== 0) return isRise ? apart : -apart;
  return (f64[a * 8 + ORDER.oid] as number) - (f64[b * 8 + ORDER.oid] as number);
}

/** A queued order's turn: it goes into the book, or ends with the reason why it cannot. */
export function fireTrigger(core: Core, slot: number, touched: TouchedAccounts): void {
  const flags = (core.orders.rows.i32[slot * 16 + ORDER.flags] as number) | 0;
  // Canceled since: the slot may hold another order by now.
  if ((flags & ORDER_FLAG.queued) === 0) return;
  if (!isOpen(core.protection, core.orders.rows.i32[slot * 16 + ORDER.market] as number)) {
    waitAgain(core, slot);
    return;
  }
  readWaiting(core, slot);
  endWait(core, slot);
  core.orders.rows.i32[slot * 16 + ORDER.flags] = flags & ~(ORDER_FLAG.waiting | ORDER_FLAG.queued);
  if (order.tif === TIF.ioc)
    order.px = worstPx(core, order.market, order.side, TRIGGER_SLIPPAGE_E9);
  else if (hasFreeSeq(core.orders)) takePlaceInTime(core.orders, slot);
  else order.tif = TIF.ioc;
  const refusal = ruleProblem(core, order);
  // After the rules: one that only reduces is cut down to its position by them.
  emitIncoming(core, EVENT.orderTriggered, order, 0);
  order.isTrigger = false;
  if (refusal !== null) {
    emitIncoming(core, EVENT.orderCanceled, order, reasonOf(refusal.code));
    freeSlot(core.orders, slot);
    return;
  }
  matchOrder(core, order, touched);
}

function readWaiting(core: Core, slot: number): void {
  const { f64, i32 } = core.orders.rows;
  const at = slot * 16;
  const flags = i32[at + ORDER.flags] as number;
  order.account = i32[at + ORDER.account] as number;
  order.market = i32[at + ORDER.market] as number;
  order.side = i32[at + ORDER.side] as Side;
  order.px = i32[at + ORDER.px] as number;
  order.sz = f64[slot * 8 + ORDER.sz] as number;
  order.origSz = f64[slot * 8 + ORDER.origSz] as number;
  order.tif = i32[at + ORDER.tif] as Tif;
  order.reduceOnly = (flags & ORDER_FLAG.reduceOnly) !== 0;
  order.hasCloid = (flags & ORDER_FLAG.hasCloid) !== 0;
  order.cloidWords = core.orders.cloids.i32;
  order.cloidAt = cloidByte(slot);
  order.item = -1;
  order.oid = f64[slot * 8 + ORDER.oid] as number;
  order.slot = slot;
  order.isTrigger = true;
  order.triggerPx = i32[at + ORDER.triggerPx] as number;
  order.takeProfit = (flags & ORDER_FLAG.takeProfit) !== 0;
  order.isPosition = (flags & ORDER_FLAG.position) !== 0;
  order.isChild = (flags & ORDER_FLAG.child) !== 0;
  order.family = order.isChild ? (i32[at + ORDER.family] as number) : 0;
  order.isTriggered = true;
  order.builder = builderOf(core.orders, slot);
}

/** Worst price of an order at market that may trade so far from mark [ticks, 10^-9]. */
export function worstPx(core: Core, market: number, side: Side, slippageE9: number): number {
  const markPx = markPxOf(core.oracle, market);
  const slippage = mulRateTrunc(markPx, slippageE9);
  if (side !== BUY) return Math.max(1, markPx - slippage);
  return Math.min(markPx + slippage, core.markets.pxMax.data[market] as number);
}

/** Why an order that fired ends where a new one would be refused. */
function reasonOf(code: RejectCode): number {
  if (code === REJECT.reduceOnlyIncreases) return CANCEL_REASON.reduceOnly;
  if (code === REJECT.iocNoMatch) return CANCEL_REASON.noLiquidity;
  return CANCEL_REASON.margin;
}
