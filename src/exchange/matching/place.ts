/**
 * Checks an order in the precedence of `REJECT` and sends it into the book.
 *
 * Risk rule: an order that can only close what the account holds is always let through; any other
 * needs free margin for its own exposure, for the loss against mark that its limit allows, and for
 * the taker fee where it would take. So nobody with negative free margin adds risk, and everybody
 * can reduce.
 */
import { isFull } from "../../base/column.ts";
import {
  ceilLegalPx,
  floorLegalPx,
  isLegalPx,
  type PriceRule,
} from "../../base/instrument-spec.ts";
import { REJECT, type RejectCode } from "../../base/reject-code.ts";
import { mulRateCeil, mulRateTrunc } from "../../base/rounding.ts";
import { STP } from "../../base/self-trade.ts";
import { BUY, crosses, oppositeSide } from "../../base/side.ts";
import { isImmediate, TIF, type Tif } from "../../base/time-in-force.ts";
import { findPosition, openPosition, POSITION } from "../account/position.ts";
import type { Book } from "../book/book.ts";
import {
  hasFreeSeq,
  hasFreeSlot,
  ORDER,
  slotOfCloid,
  takeOrderId,
  takeSlot,
} from "../book/order-table.ts";
import {
  type CommandRecord,
  ITEM,
  ITEM_CLOID_AT,
  ITEM_FLAG,
  itemByte,
  itemLane,
  PX_INVALID,
  PX_OFF_TICK,
  stpOfFlags,
} from "../command.ts";
import { type Core, commandTimeMs } from "../core.ts";
import { EVENT, ORDER_EVENT } from "../event.ts";
import { takerFeeBound } from "../fee/fee.ts";
import { builderRate } from "../fee/reward.ts";
import { isIsolatedRow } from "../margin/isolated.ts";
import { leverageOf, tierNotionalMax } from "../margin/leverage.ts";
import {
  createMarginFigures,
  createMarginTrial,
  tryMargin,
  WORST_NOTIONAL_MAX,
} from "../margin/margin.ts";
import { isMarket } from "../market/market.ts";
import type { MarketTerms } from "../market/market-terms.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { clearExpiredFront, isExpired } from "./expiry.ts";
import { isWholeChild, joinFamily, noteParent, parentPx } from "./family.ts";
import { matchOrder, type TouchedAccounts } from "./match.ts";
import { emitIncoming, type IncomingOrder } from "./order-event.ts";
import { protectionProblem, type Refusal, waitProtectionProblem } from "./protection-rules.ts";
import { addingProblem } from "./risk-rules.ts";
import { isSelfTrade } from "./self-trade.ts";
import { isTrailOffset, trailPx } from "./trail.ts";
import { beginScope, isInScope, keepScope, takeBackScope } from "./undo-scope.ts";
import { firesOnRise, waitForMark } from "./waiting.ts";

/** Reads item `index` of a record into `order` for an account. */
export function readIncoming(
  record: CommandRecord,
  index: number,
  account: number,
  order: IncomingOrder,
): void {
  const { lanes } = record;
  const lane = itemLane(index);
  const flags = lanes[lane + ITEM.flags] as number;
  order.account = account;
  // Plus zero: a lane may hold a negative one, and events say what the book knows.
  order.market = (lanes[lane + ITEM.market] as number) + 0;
  order.side = lanes[lane + ITEM.side] === BUY ? 0 : 1;
  order.px = lanes[lane + ITEM.px] as number;
  order.sz = lanes[lane + ITEM.sz] as number;
  order.origSz = order.sz;
  order.tif = ((lanes[lane + ITEM.tif] as number) + 0) as Tif;
  order.expiresAtMs = 0;
  if ((flags & (ITEM_FLAG.expires | ITEM_FLAG.trigger)) === ITEM_FLAG.expires)
    order.expiresAtMs = expiryOf(lanes, lane);
  order.slide = (flags & ITEM_FLAG.slide) !== 0;
  order.slippage = -1;
  if ((flags & ITEM_FLAG.slippage) !== 0) order.slippage = lanes[lane + ITEM.slippage] as number;
  order.stp = stpOfFlags(flags);
  order.isGroupScope = (flags & ITEM_FLAG.groupScope) !== 0;
  order.reduceOnly = (flags & ITEM_FLAG.reduceOnly) !== 0;
  order.hasCloid = (flags & ITEM_FLAG.hasCloid) !== 0;
  order.cloidWords = record.words;
  order.cloidAt = itemByte(index) + ITEM_CLOID_AT;
  order.item = index;
  order.oid = 0;
  order.slot = -1;
  order.isLiquidation = false;
  order.isTrigger = (flags & ITEM_FLAG.trigger) !== 0;
  order.triggerPx = lanes[lane + ITEM.triggerPx] as number;
  order.takeProfit = (flags & ITEM_FLAG.takeProfit) !== 0;
  order.isPosition = order.isTrigger && (flags & ITEM_FLAG.position) !== 0;
  order.isTrailing = order.isTrigger && (flags & ITEM_FLAG.trailing) !== 0;
  order.inBps = (flags & ITEM_FLAG.trailingBps) !== 0;
  order.offset = 0;
  order.isParent = (flags & ITEM_FLAG.parent) !== 0;
  order.isChild = (flags & ITEM_FLAG.child) !== 0;
  order.parentItem = order.isChild ? parentItemOf(lanes, index) : -1;
  order.family = 0;
  order.parentOid = 0;
  order.isDormant = false;
  order.filled = 0;
  order.builder = 0;
}

/** Item of the parent behind which a child stands, first or second; -1 = of none. */
function parentItemOf(lanes: Float64Array, index: number): number {
  const flagsOf = (item: number): number => lanes[itemLane(item) + ITEM.flags] as number;
  let item = index - 1;
  if (item > 0 && (flagsOf(item) & ITEM_FLAG.child) !== 0) item -= 1;
  return item >= 0 && (flagsOf(item) & ITEM_FLAG.parent) !== 0 ? item : -1;
}

/** An item's time, or the earliest there is for what is no time: such an order has expired [ms]. */
function expiryOf(lanes: Float64Array, lane: number): number {
  const timeMs = lanes[lane + ITEM.expiresAtMs] as number;
  return Number.isSafeInteger(timeMs) && timeMs > 0 ? timeMs : 1;
}

/** Places one order read from a record, or says why not. */
export function placeOrder(
  core: Core,
  order: IncomingOrder,
  isUnsupported: boolean,
  touched: TouchedAccounts,
): void {
  placeAlone(core, order, isUnsupported, touched);
  if (order.isParent) noteParent(core, order);
}

function placeAlone(
  core: Core,
  order: IncomingOrder,
  isUnsupported: boolean,
  touched: TouchedAccounts,
): void {
  if (order.isTrailing) beginTrail(core, order);
  const refusal =
    formProblem(core, order, isUnsupported) ??
    (order.isTrigger ? triggerProblem(core, order) : ruleProblem(core, order));
  if (refusal !== null) {
    rejectOrder(core, order, refusal);
    return;
  }
  if (order.tif === TIF.fok) {
    fillOrKill(core, order, touched);
    return;
  }
  if (order.isTrigger) {
    order.slot = takeSlot(core.orders);
    order.oid = core.orders.rows.f64[order.slot * 8 + ORDER.oid] as number;
    waitForMark(core, order);
    return;
  }
  if (isImmediate(order.tif)) {
    takeOrderId(core.orders, order);
  } else {
    order.slot = takeSlot(core.orders);
    order.oid = core.orders.rows.f64[order.slot * 8 + ORDER.oid] as number;
  }
  matchOrder(core, order, touched);
}

/** Gives a trailing stop the prices that it has as mark stands; an offset that is none gives none. */
function beginTrail(core: Core, order: IncomingOrder): void {
  const { market } = order;
  const markPx = isMarket(core.markets, market) ? markPxOf(core.oracle, market) : 0;
  const offset = order.triggerPx;
  const isSound = isTrailOffset(offset, order.inBps);
  order.px = markPx === 0 ? 1 : floorLegalPx(pxRuleOf(core, market), markPx);
  order.offset = isSound ? offset : 0;
  order.triggerPx = isSound ? trailPx(markPx, offset, order.inBps, order.side !== BUY) : PX_INVALID;
}

/**
 * Matches a fill-or-kill order in a scope of its own: whether resting sides are covered, and what
 * their reduce-only orders come to, shows only as it fills. What falls short is taken back whole.
 */
function fillOrKill(core: Core, order: IncomingOrder, touched: TouchedAccounts): void {
  const isOwnScope = !isInScope(core);
  const asked = order.sz;
  if (isOwnScope) beginScope(core, touched);
  takeOrderId(core.orders, order);
  const isFilled = matchOrder(core, order, touched) === asked;
  if (isOwnScope) {
    if (isFilled) keepScope(core);
    else takeBackScope(core, touched);
  }
  if (isFilled) return;
  order.sz = asked;
  order.filled = 0;
  rejectOrder(core, order, { code: REJECT.fokUnfillable });
}

function rejectOrder(core: Core, order: IncomingOrder, refusal: Refusal): void {
  if (hasFreeSeq(core.orders)) takeOrderId(core.orders, order);
  if (!isMarket(core.markets, order.market)) order.market = -1;
  const lane = emitIncoming(core, EVENT.orderRejected, order, refusal.code);
  core.events.lanes[lane + ORDER_EVENT.a] = refusal.a ?? 0;
  core.events.lanes[lane + ORDER_EVENT.b] = refusal.b ?? 0;
}

/** Rules that look at the order and its market alone. */
function formProblem(core: Core, order: IncomingOrder, isUnsupported: boolean): Refusal | null {
  const { markets } = core;
  if (!isMarket(markets, order.market)) return { code: REJECT.marketUnknown };
  const { px, sz } = order;
  if (px !== PX_OFF_TICK && !(Number.isSafeInteger(px) && px > 0))
    return { code: REJECT.pxInvalid };
  if (!(Number.isSafeInteger(sz) && sz >= 0)) return { code: REJECT.szInvalid };
  if (sz === 0 && !order.reduceOnly) return { code: REJECT.szZero };
  if (
    px === PX_OFF_TICK ||
    !isLegalPx(pxRuleOf(core, order.market), px) ||
    isTriggerOffTick(core, order)
  ) {
    return { code: REJECT.pxOffTick };
  }
  if (markPxOf(core.oracle, order.market) === 0) return { code: REJECT.oracleMissing };
  if (isUnsupported || !isPlaceable(core, order)) return { code: REJECT.orderKindUnsupported };
  if (
    order.hasCloid &&
    slotOfCloid(core.orders, order.account, order.cloidWords, order.cloidAt / 4) >= 0
  ) {
    return { code: REJECT.cloidDuplicate };
  }
  if (px > (markets.pxMax.data[order.market] as number)) return { code: REJECT.pxTooHigh };
  return null;
}

/** Whether a trigger price is one, but none that the market has. */
function isTriggerOffTick(core: Core, order: IncomingOrder): boolean {
  const { isTrigger, triggerPx, market } = order;
  if (!isTrigger || order.isTrailing) return false;
  if (triggerPx === PX_OFF_TICK) return true;
  const isPx = Number.isSafeInteger(triggerPx) && triggerPx > 0;
  return isPx && !isLegalPx(pxRuleOf(core, market), triggerPx);
}

/** Rules for a trigger order: a child joins its parent's family first. */
function triggerProblem(core: Core, order: IncomingOrder): Refusal | null {
  if (!order.isChild) return waitProblem(core, order);
  const code = joinFamily(order) as RejectCode | 0;
  if (code !== 0) return { code };
  return order.isDormant ? dormantProblem(core, order) : waitProblem(core, order);
}

/** Rules for a child whose parent rests: what it is to reduce, and from which price, is yet to come. */
function dormantProblem(core: Core, order: IncomingOrder): Refusal | null {
  const { markets, positions, accounts } = core;
  if (order.sz > (markets.positionMax.data[order.market] as number))
    return { code: REJECT.szTooLarge };
  const notionalMin = markets.notionalMin.data[order.market] as number;
  if (!isWholeChild(order) && order.px * order.sz < notionalMin)
    return { code: REJECT.notionalTooSmall, a: notionalMin };
  return (
    roomProblem(core, order) ??
    triggerPxProblem(core, order, parentPx(core)) ??
    rowProblem(core, findPosition(positions, accounts, order.account, order.market)) ??
    waitProtectionProblem(core, order)
  );
}

/** Rules for an order that is to wait: those about margin and the book follow when it fires. */
function waitProblem(core: Core, order: IncomingOrder): Refusal | null {
  const { markets, positions, accounts } = core;
  const row = findPosition(positions, accounts, order.account, order.market);
  const size = row < 0 ? 0 : (positions.rows.f64[row * 8 + POSITION.size] as number);
  const isBuy = order.side === BUY;
  const closable = size !== 0 && size > 0 !== isBuy ? Math.abs(size) : 0;
  const isWhole = closable > 0 && order.reduceOnly && (order.sz === 0 || order.sz >= closable);
  if (order.reduceOnly && order.sz === 0 && !order.isPosition) {
    order.sz = closable;
    order.origSz = closable;
  }
  if (order.sz > (markets.positionMax.data[order.market] as number))
    return { code: REJECT.szTooLarge };
  const notionalMin = markets.notionalMin.data[order.market] as number;
  if (!isWhole && closable + order.sz > 0 && order.px * order.sz < notionalMin)
    return { code: REJECT.notionalTooSmall, a: notionalMin };
  if (order.reduceOnly && closable === 0) return { code: REJECT.reduceOnlyIncreases };
  return (
    roomProblem(core, order) ??
    triggerPxProblem(core, order, markPxOf(core.oracle, order.market)) ??
    rowProblem(core, row) ??
    waitProtectionProblem(core, order)
  );
}

/** `fromPx`: the price from which the mark price is to reach it [ticks]. */
function triggerPxProblem(core: Core, order: IncomingOrder, fromPx: number): Refusal | null {
  const { triggerPx, market } = order;
  const isSound =
    Number.isSafeInteger(triggerPx) &&
    triggerPx > 0 &&
    triggerPx <= (core.markets.pxMax.data[market] as number);
  const isAhead = firesOnRise(order.side, order.takeProfit)
    ? fromPx < triggerPx
    : fromPx > triggerPx;
  return isSound && isAhead ? null : { code: REJECT.triggerPxBad };
}

/** An order's account has a position row on its market, which a full table has no room for. */
function rowProblem({ positions }: Core, row: number): Refusal | null {
  if (row >= 0 || !isFull(positions.table)) return null;
  return { code: REJECT.capacityExhausted, a: positions.table.countMax };
}

/** Rules that look at the account and the book. Caps a reduce-only order to its position. */
export function ruleProblem(core: Core, order: IncomingOrder): Refusal | null {
  clearExpiredFront(core, order);
  if (order.slide && order.tif === TIF.alo) slideOrder(core, order);
  const isDrawnIn = order.slippage >= 0 && drawIn(core, order);
  const { positions } = core;
  const row = findPosition(positions, core.accounts, order.account, order.market);
  const isBuy = order.side === BUY;
  const { f64 } = positions.rows;
  const size = row < 0 ? 0 : (f64[row * 8 + POSITION.size] as number);
  const open = isBuy ? POSITION.buyLots : POSITION.sellLots;
  const lots = row < 0 ? 0 : (f64[row * 8 + open] as number);
  const closable = size !== 0 && size > 0 !== isBuy ? Math.abs(size) : 0;
  const isWhole =
    closable > 0 &&
    (order.reduceOnly ? order.sz === 0 || order.sz >= closable : order.sz === closable);
  if (order.reduceOnly && order.sz === 0) {
    order.sz = closable;
    order.origSz = closable;
  }
  const isCapped = order.reduceOnly && order.sz > closable;
  const positionMax = core.markets.positionMax.data[order.market] as number;
  const reach = order.reduceOnly ? 0 : reachOf(order, size, lots);
  // A reduce-only order of any size is cut down to the position that it closes.
  if (!(order.reduceOnly && closable > 0) && Math.max(order.sz, reach) > positionMax) {
    return { code: REJECT.szTooLarge };
  }
  const notionalMin = core.markets.notionalMin.data[order.market] as number;
  const isSmall = closable + order.sz > 0 && order.px * order.sz < notionalMin;
  if (isSmall && !isWhole && !order.isTriggered && order.twapId === 0) {
    return { code: REJECT.notionalTooSmall, a: notionalMin };
  }
  if (order.reduceOnly && closable === 0) return { code: REJECT.reduceOnlyIncreases };
  if (isCapped) order.sz = closable;
  return (
    aloProblem(core, order) ??
    (order.reduceOnly || lots + order.sz <= closable ? null : marginProblem(core, order)) ??
    (isDrawnIn ? null : crossProblem(core, order)) ??
    roomProblem(core, order) ??
    (order.reduceOnly || lots + order.sz <= closable ? null : tierProblem(core, order, row)) ??
    timeProblem(core, order) ??
    protectionProblem(core, order) ??
    (isDrawnIn && !wouldCross(core, order) ? { code: REJECT.slippagePassed } : null) ??
    (order.tif === TIF.fok && (isCapped || !canFill(core, order))
      ? { code: REJECT.fokUnfillable }
      : null) ??
    (order.reduceOnly || lots + order.sz <= closable ? null : addingProblem(core, order, reach))
  );
}

/** Moves an order that would cross to the best legal price that does not; where there is none it stays. */
function slideOrder(core: Core, order: IncomingOrder): void {
  if (!wouldCross(core, order)) return;
  const best = (core.books[order.market] as Book).bestPx(oppositeSide(order.side));
  const rule = pxRuleOf(core, order.market);
  const px = order.side === BUY ? floorLegalPx(rule, best - 1) : ceilLegalPx(rule, best + 1);
  if (px > 0 && px <= (core.markets.pxMax.data[order.market] as number)) order.px = px;
}

/** Draws the limit of an order in to where its slippage ends; whether it would have matched beyond. */
function drawIn(core: Core, order: IncomingOrder): boolean {
  const crossed = wouldCross(core, order);
  const markPx = markPxOf(core.oracle, order.market);
  const away = mulRateTrunc(markPx, order.slippage * E9_PER_E6);
  const rule = pxRuleOf(core, order.market);
  if (order.side === BUY) order.px = Math.min(order.px, floorLegalPx(rule, markPx + away));
  else order.px = Math.max(order.px, ceilLegalPx(rule, Math.max(1, markPx - away)));
  return crossed;
}

const E9_PER_E6 = 1_000;

function timeProblem(core: Core, order: IncomingOrder): Refusal | null {
  const hasExpired = order.expiresAtMs !== 0 && order.expiresAtMs <= commandTimeMs(core);
  return hasExpired ? { code: REJECT.orderExpired } : null;
}

/**
 * Whether enough rests within the limit for the whole size, own orders and expired ones left out.
 * Whether all of it can fill shows only then; what this refuses surely cannot.
 */
function canFill(core: Core, order: IncomingOrder): boolean {
  const { i32, f64 } = core.orders.rows;
  // One's own order in the way counts for nothing, or ends the order before it is filled.
  let left = order.sz;
  (core.books[order.market] as Book).some(oppositeSide(order.side), (slot) => {
    if (!crosses(order.side, i32[slot * 16 + ORDER.px] as number, order.px)) return true;
    if (isExpired(core, slot)) return false;
    if (isSelfTrade(core, slot, order)) return order.stp !== STP.maker;
    left -= f64[slot * 8 + ORDER.sz] as number;
    return left <= 0;
  });
  return left <= 0;
}

/**
 * Largest position that the order and the open orders of its side can lead to [lots]. Not less than
 * those orders together: a reduce-only order may close the position before they fill.
 */
function reachOf(order: IncomingOrder, size: number, lots: number): number {
  const open = lots + order.sz;
  return Math.max(open, order.side === BUY ? size + open : open - size);
}

/** Whether the position that the order may lead to stays in tiers that the account's leverage reaches. */
function tierProblem(core: Core, order: IncomingOrder, row: number): Refusal | null {
  const { account, market, px, sz } = order;
  if ((core.terms[market] as MarketTerms).tierFrom === Number.POSITIVE_INFINITY) return null;
  const { f64 } = core.positions.rows;
  const lane = (at: number): number => (row < 0 ? 0 : (f64[row * 8 + at] as number));
  const markPx = markPxOf(core.oracle, market);
  const signed = lane(POSITION.size) * markPx;
  const exposure =
    order.side === BUY
      ? signed + lane(POSITION.buyNotional) + px * sz
      : lane(POSITION.sellNotional) + Math.max(px, markPx) * sz - signed;
  const notionalMax = tierNotionalMax(core, market, leverageOf(core, account, market));
  return exposure > notionalMax ? { code: REJECT.tierPassed } : null;
}

function aloProblem(core: Core, order: IncomingOrder): Refusal | null {
  if (order.tif !== TIF.alo || !wouldCross(core, order)) return null;
  const book = core.books[order.market] as Book;
  return { code: REJECT.aloWouldMatch, a: book.bestPx(0), b: book.bestPx(1) };
}

function crossProblem(core: Core, order: IncomingOrder): Refusal | null {
  // A fill-or-kill order that finds nothing is told so in its own words.
  const mustCross = isImmediate(order.tif) && order.tif !== TIF.fok;
  return mustCross && !wouldCross(core, order) ? { code: REJECT.iocNoMatch } : null;
}

function roomProblem(core: Core, order: IncomingOrder): Refusal | null {
  if (order.isTriggered) return null;
  if ((order.isTrigger || !isImmediate(order.tif)) && !hasFreeSlot(core.orders))
    return { code: REJECT.orderSlotsExhausted };
  return hasFreeSeq(core.orders) ? null : { code: REJECT.orderSeqExhausted };
}

/** Whether the best opposite price is within the order's limit. */
export function wouldCross(core: Core, order: IncomingOrder): boolean {
  const best = (core.books[order.market] as Book).bestPx(oppositeSide(order.side));
  return best !== 0 && crosses(order.side, best, order.px);
}

const figures = createMarginFigures();
const trial = createMarginTrial();

/**
 * A sell below mark counts at mark: that is what the position it opens will need. What closes an
 * isolated position is paid for by the position; of the rest it counts as of any other.
 */
function marginProblem(core: Core, order: IncomingOrder): Refusal | null {
  const { positions, accounts } = core;
  if (
    findPosition(positions, accounts, order.account, order.market) < 0 &&
    isFull(positions.table)
  ) {
    return { code: REJECT.capacityExhausted, a: positions.table.countMax };
  }
  const row = openPosition(positions, accounts, order.account, order.market);
  const isBuy = order.side === BUY;
  const markPx = markPxOf(core.oracle, order.market);
  const closed = isIsolatedRow(core, row) ? closedBy(core, row, order) : 0;
  const topPx = Math.max(order.px, markPx);
  const opened = order.sz - closed;
  const exposed = (isBuy ? order.px : topPx) * opened + topPx * closed;
  trial.buyNotional = isBuy ? exposed : 0;
  trial.sellNotional = isBuy ? 0 : exposed;
  trial.buyLots = isBuy ? order.sz : 0;
  trial.sellLots = isBuy ? 0 : order.sz;
  tryMargin(core, order.account, row, trial, figures);
  const lossPx = Math.max(0, isBuy ? order.px - markPx : markPx - order.px);
  const fee = wouldCross(core, order) ? feeBound(core, order, order.px * order.sz) : 0;
  if (figures.equity - lossPx * opened - fee < figures.initial)
    return { code: REJECT.marginInsufficient };
  return figures.worstNotional > WORST_NOTIONAL_MAX ? { code: REJECT.szTooLarge } : null;
}

/** Lots of an order that close what a row holds. */
function closedBy(core: Core, row: number, { side, sz }: IncomingOrder): number {
  const size = core.positions.rows.f64[row * 8 + POSITION.size] as number;
  return size !== 0 && size > 0 !== (side === BUY) ? Math.min(sz, Math.abs(size)) : 0;
}

/** Most that taking a notional can cost, a builder's fee included [10^-6 USDC]. */
const feeBound = (core: Core, { account, builder }: IncomingOrder, notional: number): number =>
  takerFeeBound(core, account, notional) +
  (builder === 0 ? 0 : mulRateCeil(notional, builderRate(builder)));

const PRICE_RULES: readonly PriceRule[] = ["fiveSignificantFigures", "everyTick"];
const pxRule: { szDecimals: number; priceRule: PriceRule } = {
  szDecimals: 0,
  priceRule: "fiveSignificantFigures",
};

function pxRuleOf(core: Core, market: number): typeof pxRule {
  pxRule.szDecimals = core.markets.szDecimals.data[market] as number;
  pxRule.priceRule = PRICE_RULES[core.markets.priceRule.data[market] as number] as PriceRule;
  return pxRule;
}

/** Whether a price is one that a market has [ticks]. */
export const isLegalMarketPx = (core: Core, market: number, px: number): boolean =>
  isLegalPx(pxRuleOf(core, market), px);

/** A trailing stop is at market and stands alone; in a scope its group could not be taken back. */
const isTrailable = (core: Core, order: IncomingOrder): boolean =>
  order.tif === TIF.ioc &&
  !order.takeProfit &&
  !order.isChild &&
  !order.isPosition &&
  !isInScope(core);

/** A slippage is for orders that match at once, and no more than the price itself. */
const isSlippageSound = ({ slippage, tif, isTrigger, isParent }: IncomingOrder): boolean =>
  Number.isSafeInteger(slippage) &&
  slippage >= 0 &&
  slippage <= SLIPPAGE_MAX &&
  isImmediate(tif) &&
  !isTrigger &&
  !isParent;
const SLIPPAGE_MAX = 1_000_000;

function isPlaceable(core: Core, order: IncomingOrder): boolean {
  const { tif, isTrigger, isPosition, reduceOnly } = order;
  // A parent has no room for a time, and a child waits for a price.
  if (order.isParent && (isTrigger || order.isChild || order.expiresAtMs !== 0)) return false;
  if (order.isChild && !isTrigger) return false;
  if (order.isTrailing && !isTrailable(core, order)) return false;
  if (order.slippage !== -1 && !isSlippageSound(order)) return false;
  if (tif === TIF.gtc || tif === TIF.ioc) return reduceOnly || !isPosition;
  return !isTrigger && (tif === TIF.alo || tif === TIF.frontendMarket || tif === TIF.fok);
}
