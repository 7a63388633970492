/** Orders of strategies: post-only ones that rest at a cell, and immediate ones that take. */
import { ceilLegalPx, floorLegalPx, type PriceRule } from "../../base/instrument-spec.ts";
import { CANCEL_REASON } from "../../base/reject-code.ts";
import { mulRateTrunc } from "../../base/rounding.ts";
import { BUY, SELL, type Side } from "../../base/side.ts";
import { TIF, type Tif } from "../../base/time-in-force.ts";
import { findPosition, POSITION } from "../account/position.ts";
import {
  CELL,
  CELL_LANES,
  STRATEGY,
  STRATEGY_LANES,
  writeStrategyCloid,
} from "../account/strategy-table.ts";
import { liveSlot, slotOfCloid } from "../book/order-table.ts";
import type { Core } from "../core.ts";
import { EVENT, EVENT_HEAD, eventLane, FILL_EVENT, ORDER_EVENT } from "../event.ts";
import { countFill } from "../matching/managed.ts";
import type { TouchedAccounts } from "../matching/match.ts";
import { createIncomingOrder } from "../matching/order-event.ts";
import { placeOrder } from "../matching/place.ts";
import { cancelResting } from "../matching/resting.ts";
import { markPxOf } from "../oracle/oracle.ts";

/** How far from mark an order that takes may trade: 1 % [10^-9]. */
const SLIPPAGE_E9 = 10_000_000;
const order = createIncomingOrder();
const cloid = new Int32Array(4);

/** An order to rest at a cell [px: ticks, sz: lots]; cells are counted from the strategy's first. */
export interface CellOrder {
  readonly cell: number;
  readonly side: Side;
  readonly px: number;
  readonly sz: number;
}

/**
 * Places a post-only order at a cell; where it would cross it rests at the best price that does not.
 * Returns 0, or the code of its refusal.
 */
export function placeAtCell(
  core: Core,
  row: number,
  { cell, side, px, sz }: CellOrder,
  touched: TouchedAccounts,
): number {
  const { rows, cellRows } = core.strategies;
  const at = row * STRATEGY_LANES;
  const count = (rows.f64[at + STRATEGY.placed] as number) + 1;
  rows.f64[at + STRATEGY.placed] = count;
  writeStrategyCloid(cloid, { row, cell, side, count });
  const account = rows.f64[at + STRATEGY.account] as number;
  readOrder(core, row, { side, px, sz, tif: TIF.alo });
  order.slide = true;
  order.hasCloid = true;
  order.isManaged = true;
  const from = core.events.written;
  placeOrder(core, order, false, touched);
  const slot = slotOfCloid(core.orders, account, cloid, 0);
  if (slot < 0) return refusalSince(core, from);
  const lane = ((rows.f64[at + STRATEGY.firstCell] as number) + cell) * CELL_LANES;
  cellRows.f64[lane + CELL.oid + side] = order.oid;
  cellRows.f64[lane + CELL.resting + side] = sz;
  return 0;
}

/** What an order that took has cost: lots, notional and fee [10^-6 USDC]; code 0, or of its refusal. */
export interface Taken {
  code: number;
  lots: number;
  notional: number;
  fee: number;
}

/** Sends an order that takes at once, within a bound around mark, and counts what it filled. */
export function take(
  core: Core,
  row: number,
  wish: { side: Side; sz: number; tif: Tif; reduceOnly: boolean },
  touched: TouchedAccounts,
): Taken {
  const market = core.strategies.rows.f64[row * STRATEGY_LANES + STRATEGY.market] as number;
  readOrder(core, row, { ...wish, px: boundPx(core, market, wish.side) });
  order.slide = false;
  order.hasCloid = false;
  order.isManaged = false;
  order.reduceOnly = wish.reduceOnly;
  const from = core.events.written;
  placeOrder(core, order, false, touched);
  const taken: Taken = { code: refusalSince(core, from), lots: 0, notional: 0, fee: 0 };
  const { events } = core;
  for (let event = from; event < events.written; event++) {
    const lane = eventLane(events, event);
    const at = (of: number): number => events.lanes[lane + of] as number;
    if (at(EVENT_HEAD.kind) !== EVENT.fill || at(ORDER_EVENT.oid) !== order.oid) continue;
    const lots = at(ORDER_EVENT.sz);
    taken.lots += lots;
    taken.notional += lots * at(ORDER_EVENT.px);
    taken.fee += at(FILL_EVENT.fee);
    const signed = wish.side === BUY ? lots : -lots;
    countFill(core, row, { lots: signed, px: at(ORDER_EVENT.px), fee: at(FILL_EVENT.fee) });
  }
  return taken;
}

function readOrder(
  core: Core,
  row: number,
  { side, px, sz, tif }: { side: Side; px: number; sz: number; tif: Tif },
): void {
  const at = row * STRATEGY_LANES;
  const { f64 } = core.strategies.rows;
  order.account = f64[at + STRATEGY.account] as number;
  order.market = f64[at + STRATEGY.market] as number;
  order.side = side;
  order.px = px;
  order.sz = sz;
  order.origSz = sz;
  order.tif = tif;
  order.reduceOnly = false;
  order.cloidWords = cloid;
  order.cloidAt = 0;
  order.oid = 0;
  order.slot = -1;
}

/** Code of the refusal among the events since `from`, or 0. */
function refusalSince({ events }: Core, from: number): number {
  for (let event = from; event < events.written; event++) {
    const lane = eventLane(events, event);
    if (events.lanes[lane + EVENT_HEAD.kind] === EVENT.orderRejected)
      return events.lanes[lane + ORDER_EVENT.code] as number;
  }
  return 0;
}

/** Cancels what a cell has on a side. */
export function cancelAtCell(core: Core, cellRow: number, side: Side): void {
  const oid = core.strategies.cellRows.f64[cellRow * CELL_LANES + CELL.oid + side] as number;
  if (oid === 0) return;
  cancelResting(core, liveSlot(core.orders, oid), CANCEL_REASON.strategy, -1);
}

/** Cancels all orders of a strategy. */
export function cancelCells(core: Core, row: number): void {
  const { f64 } = core.strategies.rows;
  const first = f64[row * STRATEGY_LANES + STRATEGY.firstCell] as number;
  const count = f64[row * STRATEGY_LANES + STRATEGY.cells] as number;
  for (let cell = first; cell < first + count; cell++) {
    cancelAtCell(core, cell, BUY);
    cancelAtCell(core, cell, SELL);
  }
}

/** Closes the position that a strategy has made, as far as its account still has it and the book takes it. */
export function flatten(core: Core, row: number, touched: TouchedAccounts): void {
  const { f64 } = core.strategies.rows;
  const at = row * STRATEGY_LANES;
  const net = f64[at + STRATEGY.netLots] as number;
  const position = findPosition(
    core.positions,
    core.accounts,
    f64[at + STRATEGY.account] as number,
    f64[at + STRATEGY.market] as number,
  );
  const size = position < 0 ? 0 : (core.positions.rows.f64[position * 8 + POSITION.size] as number);
  if (net === 0 || size === 0 || net > 0 !== size > 0) return;
  const sz = Math.min(Math.abs(net), Math.abs(size));
  take(core, row, { side: net > 0 ? SELL : BUY, sz, tif: TIF.ioc, reduceOnly: true }, touched);
}

const PRICE_RULES: readonly PriceRule[] = ["fiveSignificantFigures", "everyTick"];

/** What decides which prices are legal on a market. */
export const priceRuleOf = (
  core: Core,
  market: number,
): { szDecimals: number; priceRule: PriceRule } => ({
  szDecimals: core.markets.szDecimals.data[market] as number,
  priceRule: PRICE_RULES[core.markets.priceRule.data[market] as number] as PriceRule,
});

/** Worst legal price at which an order that takes may trade [ticks]. */
function boundPx(core: Core, market: number, side: Side): number {
  const rule = priceRuleOf(core, market);
  const markPx = markPxOf(core.oracle, market);
  const slippage = mulRateTrunc(markPx, SLIPPAGE_E9);
  const pxMax = core.markets.pxMax.data[market] as number;
  if (side === BUY) return Math.min(pxMax, ceilLegalPx(rule, markPx + slippage));
  return Math.max(1, floorLegalPx(rule, markPx - slippage));
}
