/**
 * Time-weighted orders (TWAP). Each half minute a slice goes to the book at once, at most 3 % worse
 * than mark, until the duration has passed or all has filled. With size S, duration T, n = T / 30 s
 * slices, elapsed time t and executed size E, at the time of a slice:
 *
 *   behind = S t / T - E                                               [lots]
 *   slice  = min(behind x u, 3 S / n, S - E)                           [lots]
 *
 * where u is 1, or drawn from 0.80, 0.81 ... 1.20 for one that randomizes (1 in its last slice). So a
 * slice that finds too little is caught up with, at most threefold. The slices fall on the half
 * minutes after its start, the last on its end.
 *
 * Source: Hyperliquid's documentation, "Order types", TWAP. Of our own: when the first slice falls, and
 * that one is ended with the reject of a slice that its account cannot cover.
 *
 * A slice is an order with an id and no life: it fills and what is left is dropped. Slices that are due
 * are queued before a command takes effect, a bounded number each, by time, then by id, and take
 * their turns among the other consequences.
 */
import { REJECT, type RejectCode } from "../../base/reject-code.ts";
import { divCeil, mulDivTrunc } from "../../base/rounding.ts";
import type { Side } from "../../base/side.ts";
import { dropEarliest } from "../../base/time-heap.ts";
import { TIF } from "../../base/time-in-force.ts";
import { TWAP_END, type TwapEnd } from "../../base/twap-end.ts";
import { findPosition, POSITION } from "../account/position.ts";
import {
  drawRandom,
  freeTwapRow,
  hasFreeTwap,
  rowOfDue,
  setTwapDue,
  TWAP,
  TWAP_LANES,
  takeTwapRow,
} from "../account/twap-row.ts";
import { hasFreeSeq, takeOrderId } from "../book/order-table.ts";
import {
  type CommandRecord,
  ITEM,
  ITEM_FLAG,
  itemLane,
  PX_OFF_TICK,
  TWAP_ARGS,
} from "../command.ts";
import { CONSEQUENCE, pushConsequence } from "../consequence.ts";
import { beginEvent, type Core, commandTimeMs } from "../core.ts";
import { EVENT, EVENT_HEAD, eventLane, ORDER_EVENT, TWAP_EVENT, TWAP_FLAG } from "../event.ts";
import { isMarket } from "../market/market.ts";
import { NUMBER } from "../numbers.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { collectPassed, unwatch, watchFall, watchRise } from "../oracle/price-watch.ts";
import { rejectCommand } from "../refusal.ts";
import { matchOrder, type TouchedAccounts } from "./match.ts";
import { createIncomingOrder } from "./order-event.ts";
import { isLegalMarketPx, ruleProblem } from "./place.ts";
import { worstPx } from "./trigger.ts";

const SLICE_MS = 30_000;
const MINUTE_MS = 60_000;
/** From 5 minutes to 7 days. */
const MINUTES_MIN = 5;
const MINUTES_MAX = 10_080;
/** Least notional at mark: 100 USDC [10^-6 USDC]. */
const NOTIONAL_MIN = 100_000_000;
/** How far from mark a slice may trade: 3 % [10^-9]. */
const SLIPPAGE_E9 = 30_000_000;
/** A slice is at most so many times the average. */
const CATCH_UP_MAX = 3;
/** Slices queued before one command at most. */
const SLICES_PER_COMMAND = 64;
/** Refusals of a slice that do not end the whole. */
const PASSING: ReadonlySet<RejectCode> = new Set([
  REJECT.iocNoMatch,
  REJECT.tradingHalted,
  REJECT.postOnlyPeriod,
]);
/** Flags that events tell. */
const TOLD_FLAGS = TWAP_FLAG.reduceOnly | TWAP_FLAG.randomize | TWAP_FLAG.waiting | TWAP_FLAG.above;
const order = createIncomingOrder();

interface Refusal {
  code: RejectCode;
  a?: number;
}

/** Starts a time-weighted order of an account, or says why not. */
export function placeTwap(core: Core, record: CommandRecord, account: number): void {
  const refusal = twapProblem(core, record, account);
  if (refusal !== null) {
    rejectCommand(core, record, { account, ...refusal });
    return;
  }
  const { lanes } = record;
  const lane = itemLane(0);
  const { twaps } = core;
  const row = takeTwapRow(twaps);
  const { f64, i32 } = twaps.rows;
  const asFloat = row * TWAP_LANES.f64;
  const asInt = row * TWAP_LANES.i32;
  const flags = lanes[lane + ITEM.flags] as number;
  const triggerPx = lanes[TWAP_ARGS.triggerPx] as number;
  f64[asFloat + TWAP.sz] = lanes[lane + ITEM.sz] as number;
  f64[asFloat + TWAP.durationMs] = (lanes[TWAP_ARGS.minutes] as number) * MINUTE_MS;
  f64[asFloat + TWAP.startMs] = commandTimeMs(core);
  i32[asInt + TWAP.account] = account;
  i32[asInt + TWAP.market] = lanes[lane + ITEM.market] as number;
  i32[asInt + TWAP.side] = lanes[lane + ITEM.side] === 0 ? 0 : 1;
  i32[asInt + TWAP.triggerPx] = triggerPx;
  i32[asInt + TWAP.stopPx] = lanes[TWAP_ARGS.stopPx] as number;
  i32[asInt + TWAP.flags] =
    ((flags & ITEM_FLAG.reduceOnly) !== 0 ? TWAP_FLAG.reduceOnly : 0) |
    (lanes[TWAP_ARGS.randomize] === 1 ? TWAP_FLAG.randomize : 0) |
    (lanes[TWAP_ARGS.above] === 1 ? TWAP_FLAG.above : 0) |
    (triggerPx === 0 ? 0 : TWAP_FLAG.waiting);
  if (triggerPx === 0 || hasTriggerCome(core, row)) begin(core, row);
  else watchTwap(core, row);
  emitTwap(core, EVENT.twapStarted, row, 0);
}

/** Ends a time-weighted order on behalf of its account, or says that there is none. */
export function cancelTwap(core: Core, record: CommandRecord, account: number): void {
  const lane = itemLane(0);
  const row = core.twaps.byId.get(record.lanes[lane + ITEM.targetOid] as number) ?? -1;
  const { i32 } = core.twaps.rows;
  const at = row * TWAP_LANES.i32;
  const isOwn =
    row >= 0 &&
    i32[at + TWAP.account] === account &&
    i32[at + TWAP.market] === record.lanes[lane + ITEM.market];
  if (isOwn) endTwap(core, row, TWAP_END.terminated, 0, 0);
  else rejectCommand(core, record, { account, code: REJECT.twapNotLive });
}

function twapProblem(core: Core, record: CommandRecord, account: number): Refusal | null {
  const { lanes } = record;
  const lane = itemLane(0);
  const market = lanes[lane + ITEM.market] as number;
  const sz = lanes[lane + ITEM.sz] as number;
  const minutes = lanes[TWAP_ARGS.minutes] as number;
  if (!isMarket(core.markets, market)) return { code: REJECT.marketUnknown };
  if (!(Number.isSafeInteger(sz) && sz >= 0)) return { code: REJECT.szInvalid };
  if (sz === 0) return { code: REJECT.szZero };
  const markPx = markPxOf(core.oracle, market);
  if (markPx === 0) return { code: REJECT.oracleMissing };
  if (sz > (core.markets.positionMax.data[market] as number)) return { code: REJECT.szTooLarge };
  if (!(Number.isSafeInteger(minutes) && minutes >= MINUTES_MIN && minutes <= MINUTES_MAX))
    return { code: REJECT.twapDurationInvalid, a: Number.isSafeInteger(minutes) ? minutes : 0 };
  if (markPx * sz < NOTIONAL_MIN) return { code: REJECT.twapTooSmall, a: NOTIONAL_MIN };
  const isReduceOnly = ((lanes[lane + ITEM.flags] as number) & ITEM_FLAG.reduceOnly) !== 0;
  const isBuy = lanes[lane + ITEM.side] === 0;
  if (isReduceOnly && closable(core, account, market, isBuy) === 0)
    return { code: REJECT.twapReduceOnlyIncreases };
  const problem = pxProblem(core, market, lanes[TWAP_ARGS.triggerPx] as number);
  const stopProblem = pxProblem(core, market, lanes[TWAP_ARGS.stopPx] as number);
  if (problem !== null || stopProblem !== null) return problem ?? stopProblem;
  return hasFreeTwap(core.twaps)
    ? null
    : { code: REJECT.capacityExhausted, a: core.twaps.table.countMax };
}

/** A price that starts or stops one; 0 = none. */
function pxProblem(core: Core, market: number, px: number): Refusal | null {
  if (px === 0) return null;
  if (px === PX_OFF_TICK) return { code: REJECT.pxOffTick };
  const isSound =
    Number.isSafeInteger(px) && px > 0 && px <= (core.markets.pxMax.data[market] as number);
  if (!isSound) return { code: REJECT.triggerPxBad };
  return isLegalMarketPx(core, market, px) ? null : { code: REJECT.pxOffTick };
}

/** What an account can close on a market with an order of a side [lots]. */
function closable(core: Core, account: number, market: number, isBuy: boolean): number {
  const row = findPosition(core.positions, core.accounts, account, market);
  const size = row < 0 ? 0 : (core.positions.rows.f64[row * 8 + POSITION.size] as number);
  return size !== 0 && size > 0 !== isBuy ? Math.abs(size) : 0;
}

/** Whether the mark price is where one that waits begins. */
function hasTriggerCome(core: Core, row: number): boolean {
  const { i32 } = core.twaps.rows;
  const at = row * TWAP_LANES.i32;
  const markPx = markPxOf(core.oracle, i32[at + TWAP.market] as number);
  const triggerPx = i32[at + TWAP.triggerPx] as number;
  const isAbove = ((i32[at + TWAP.flags] as number) & TWAP_FLAG.above) !== 0;
  return isAbove ? markPx >= triggerPx : markPx <= triggerPx;
}

/** Begins to run: its time counts from now, and its stop price ends it from the side where mark stands. */
function begin(core: Core, row: number): void {
  const { f64, i32 } = core.twaps.rows;
  const at = row * TWAP_LANES.i32;
  const nowMs = commandTimeMs(core);
  const stopRises =
    (i32[at + TWAP.stopPx] as number) > markPxOf(core.oracle, i32[at + TWAP.market] as number);
  i32[at + TWAP.flags] =
    ((i32[at + TWAP.flags] as number) & ~TWAP_FLAG.waiting) | (stopRises ? TWAP_FLAG.stopRises : 0);
  f64[row * TWAP_LANES.f64 + TWAP.startMs] = nowMs;
  setTwapDue(core.twaps, row, nowMs + SLICE_MS);
  watchTwap(core, row);
}

/** Watches the price that starts one that waits, or the one that ends one that runs. */
function watchTwap(core: Core, row: number): void {
  const { watch } = core.twaps;
  const { i32 } = core.twaps.rows;
  const at = row * TWAP_LANES.i32;
  const flags = i32[at + TWAP.flags] as number;
  const market = i32[at + TWAP.market] as number;
  const isWaiting = (flags & TWAP_FLAG.waiting) !== 0;
  const px = i32[at + (isWaiting ? TWAP.triggerPx : TWAP.stopPx)] as number;
  unwatch(watch, row);
  if (px === 0) return;
  if ((flags & (isWaiting ? TWAP_FLAG.above : TWAP_FLAG.stopRises)) !== 0)
    watchRise(watch, market, row, px - 1);
  else watchFall(watch, market, row, px + 1);
}

/** Watches the prices of all, after a restore or a fork. */
export function watchTwaps(core: Core): void {
  const { table, rows } = core.twaps;
  for (let row = 0; row < table.count; row++)
    if (rows.f64[row * TWAP_LANES.f64 + TWAP.id] !== 0) watchTwap(core, row);
}

/** Begins those of a market that the mark price starts, and ends those that it stops, by id. */
export function passTwapPrices(core: Core, market: number): void {
  const { watch, rows } = core.twaps;
  collectPassed(watch, market, markPxOf(core.oracle, market));
  if (watch.foundCount === 0) return;
  const idOf = (row: number): number => rows.f64[row * TWAP_LANES.f64 + TWAP.id] as number;
  const found = Array.from(watch.found.subarray(0, watch.foundCount));
  for (const row of found.sort((a, b) => idOf(a) - idOf(b))) {
    const flags = rows.i32[row * TWAP_LANES.i32 + TWAP.flags] as number;
    if ((flags & TWAP_FLAG.waiting) === 0) {
      endTwap(core, row, TWAP_END.stopped, 0, -1);
      continue;
    }
    begin(core, row);
    emitTwap(core, EVENT.twapStarted, row, -1);
  }
}

/** Queues the slices whose time has come, up to the bound. */
export function queueSlices(core: Core): void {
  if (core.twaps.due.count === 0) return;
  const { twaps } = core;
  for (let left = SLICES_PER_COMMAND; left > 0 && hasDueSlice(core); ) {
    const row = rowOfDue(twaps, 0);
    dropEarliest(twaps.due);
    if (row < 0) continue;
    const { f64, i32 } = twaps.rows;
    const at = row * TWAP_LANES.i32 + TWAP.flags;
    f64[row * TWAP_LANES.f64 + TWAP.nextMs] = 0;
    i32[at] = (i32[at] as number) | TWAP_FLAG.queued;
    pushConsequence(core.queue, CONSEQUENCE.twapSlice, row);
    left -= 1;
  }
}

/** Whether a slice's time has come that is not queued; some that count no longer may be among them. */
export const hasDueSlice = (core: Core): boolean =>
  core.twaps.due.count > 0 && (core.twaps.due.data[0] as number) <= commandTimeMs(core);

/** When the next slice is due; Infinity = never [ms]. */
export const nextSliceMs = ({ twaps }: Core): number =>
  twaps.due.count === 0 ? Number.POSITIVE_INFINITY : (twaps.due.data[0] as number);

/** A queued slice's turn. */
export function fillSlice(core: Core, row: number, touched: TouchedAccounts): void {
  const { f64, i32 } = core.twaps.rows;
  const asFloat = row * TWAP_LANES.f64;
  const asInt = row * TWAP_LANES.i32;
  const flags = i32[asInt + TWAP.flags] as number;
  // Ended since: the row may be another's by now.
  if ((flags & TWAP_FLAG.queued) === 0) return;
  i32[asInt + TWAP.flags] = flags & ~TWAP_FLAG.queued;
  const nowMs = commandTimeMs(core);
  const startMs = f64[asFloat + TWAP.startMs] as number;
  const durationMs = f64[asFloat + TWAP.durationMs] as number;
  const elapsedMs = Math.min(nowMs - startMs, durationMs);
  const lots = sliceLots(core, row, elapsedMs);
  const problem = lots === 0 ? null : sendSlice(core, row, lots, touched);
  if (problem !== null) {
    endTwap(core, row, TWAP_END.error, problem, -1);
    return;
  }
  const isDone = f64[asFloat + TWAP.executedSz] === f64[asFloat + TWAP.sz];
  if (isDone || elapsedMs >= durationMs) {
    endTwap(core, row, TWAP_END.finished, 0, -1);
    return;
  }
  const slices = Math.floor(elapsedMs / SLICE_MS) + 1;
  setTwapDue(core.twaps, row, startMs + Math.min(slices * SLICE_MS, durationMs));
}

/** Size of the slice that is due [lots]. */
function sliceLots({ twaps, numbers }: Core, row: number, elapsedMs: number): number {
  const { f64, i32 } = twaps.rows;
  const at = row * TWAP_LANES.f64;
  const sz = f64[at + TWAP.sz] as number;
  const durationMs = f64[at + TWAP.durationMs] as number;
  const executed = f64[at + TWAP.executedSz] as number;
  let behind = mulDivTrunc(sz, elapsedMs, durationMs) - executed;
  const randomizes =
    ((i32[row * TWAP_LANES.i32 + TWAP.flags] as number) & TWAP_FLAG.randomize) !== 0;
  if (randomizes && elapsedMs < durationMs) {
    const percent = 80 + (drawRandom(twaps, numbers.data[NUMBER.timeMs] as number) % 41);
    behind = mulDivTrunc(behind, percent, 100);
  }
  const most = CATCH_UP_MAX * divCeil(sz, durationMs / SLICE_MS);
  return Math.max(0, Math.min(behind, most, sz - executed));
}

/** Sends a slice to the book; answers the reject that ends the whole, or null. */
function sendSlice(
  core: Core,
  row: number,
  lots: number,
  touched: TouchedAccounts,
): RejectCode | null {
  const { f64, i32 } = core.twaps.rows;
  const asInt = row * TWAP_LANES.i32;
  order.account = i32[asInt + TWAP.account] as number;
  order.market = i32[asInt + TWAP.market] as number;
  order.side = i32[asInt + TWAP.side] as Side;
  order.px = worstPx(core, order.market, order.side, SLIPPAGE_E9);
  order.sz = lots;
  order.origSz = lots;
  order.tif = TIF.ioc;
  order.reduceOnly = ((i32[asInt + TWAP.flags] as number) & TWAP_FLAG.reduceOnly) !== 0;
  order.twapId = f64[row * TWAP_LANES.f64 + TWAP.id] as number;
  order.filled = 0;
  order.oid = 0;
  const refusal = ruleProblem(core, order);
  // A slice that finds nothing, or no open market, is caught up with later.
  if (refusal !== null) return PASSING.has(refusal.code) ? null : refusal.code;
  if (!hasFreeSeq(core.orders)) return REJECT.orderSeqExhausted;
  const from = core.events.written;
  takeOrderId(core.orders, order);
  matchOrder(core, order, touched);
  if (order.filled === 0) return null;
  const at = row * TWAP_LANES.f64;
  f64[at + TWAP.executedSz] = (f64[at + TWAP.executedSz] as number) + order.filled;
  f64[at + TWAP.executedNtl] = (f64[at + TWAP.executedNtl] as number) + notionalSince(core, from);
  emitTwap(core, EVENT.twapSliced, row, -1);
  return null;
}

/** Notional that the slice's own fills since an event come to [10^-6 USDC]. */
function notionalSince({ events }: Core, from: number): number {
  let notional = 0;
  for (let event = from; event < events.written; event++) {
    const lane = eventLane(events, event);
    const isOwn =
      events.lanes[lane + EVENT_HEAD.kind] === EVENT.fill &&
      events.lanes[lane + ORDER_EVENT.oid] === order.oid;
    if (!isOwn) continue;
    const px = events.lanes[lane + ORDER_EVENT.px] as number;
    notional += px * (events.lanes[lane + ORDER_EVENT.sz] as number);
  }
  return notional;
}

/** Ends one: says how, and gives its row back. */
function endTwap(core: Core, row: number, end: TwapEnd, code: number, item: number): void {
  const lane = emitTwap(core, EVENT.twapEnded, row, item);
  core.events.lanes[lane + TWAP_EVENT.end] = end;
  core.events.lanes[lane + TWAP_EVENT.code] = code;
  unwatch(core.twaps.watch, row);
  freeTwapRow(core.twaps, row);
}

/** Says how one stands; returns the event's first lane. */
function emitTwap(
  core: Core,
  kind: typeof EVENT.twapStarted | typeof EVENT.twapSliced | typeof EVENT.twapEnded,
  row: number,
  item: number,
): number {
  const { f64, i32 } = core.twaps.rows;
  const asFloat = row * TWAP_LANES.f64;
  const asInt = row * TWAP_LANES.i32;
  const account = i32[asInt + TWAP.account] as number;
  const lane = beginEvent(core, kind, account, i32[asInt + TWAP.market] as number, item);
  const { lanes } = core.events;
  lanes[lane + TWAP_EVENT.id] = f64[asFloat + TWAP.id] as number;
  lanes[lane + TWAP_EVENT.side] = i32[asInt + TWAP.side] as number;
  lanes[lane + TWAP_EVENT.sz] = f64[asFloat + TWAP.sz] as number;
  lanes[lane + TWAP_EVENT.executedSz] = f64[asFloat + TWAP.executedSz] as number;
  lanes[lane + TWAP_EVENT.executedNtl] = f64[asFloat + TWAP.executedNtl] as number;
  lanes[lane + TWAP_EVENT.minutes] = (f64[asFloat + TWAP.durationMs] as number) / MINUTE_MS;
  lanes[lane + TWAP_EVENT.flags] = (i32[asInt + TWAP.flags] as number) & TOLD_FLAGS;
  lanes[lane + TWAP_EVENT.startMs] = f64[asFloat + TWAP.startMs] as number;
  lanes[lane + TWAP_EVENT.triggerPx] = i32[asInt + TWAP.triggerPx] as number;
  lanes[lane + TWAP_EVENT.stopPx] = i32[asInt + TWAP.stopPx] as number;
  return lane;
}
