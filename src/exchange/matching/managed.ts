/**
 * Orders that the exchange itself keeps for a strategy. A fill or a cancel of one is written down at
 * its cell, and the strategy gets a turn in the queue of consequences; it decides there what follows.
 */
import { keepRow } from "../../base/column.ts";
import { CANCEL_REASON } from "../../base/reject-code.ts";
import { BUY } from "../../base/side.ts";
import {
  CELL,
  cellOfCloid,
  rowOfCloid,
  STRATEGY,
  STRATEGY_LANES,
} from "../account/strategy-table.ts";
import { cloidByte, ORDER, ORDER_FLAG } from "../book/order-table.ts";
import { CONSEQUENCE, pushConsequence } from "../consequence.ts";
import type { Core } from "../core.ts";
import { eventLane, FILL_EVENT } from "../event.ts";
import { earnPoolFee } from "../fee/pool-fee.ts";

/** Whether the order in a slot is a strategy's. */
export const isManaged = (core: Core, slot: number): boolean =>
  ((core.orders.rows.i32[slot * 16 + ORDER.flags] as number) & ORDER_FLAG.managed) !== 0;

/**
 * Writes the match of a strategy's resting order down that has just been settled, before the lots
 * come off the order; the fee stands in its event, the last but one.
 */
export function noteManagedFill(core: Core, slot: number, lots: number): void {
  const { strategies, events } = core;
  const px = core.orders.rows.i32[slot * 16 + ORDER.px] as number;
  const fee = events.lanes[eventLane(events, events.written - 2) + FILL_EVENT.fee] as number;
  const words = core.orders.cloids.i32;
  const at = cloidByte(slot) >>> 2;
  const { row: cell, lane, side } = cellOfCloid(strategies, words, at);
  const { f64 } = strategies.cellRows;
  keepRow(strategies.cells, cell);
  const add = (to: number, value: number): void => {
    f64[lane + to + side] = (f64[lane + to + side] as number) + value;
  };
  add(CELL.filledLots, lots);
  add(CELL.filledNotional, lots * px);
  add(CELL.filledFee, fee);
  add(CELL.resting, -lots);
  if (f64[lane + CELL.resting + side] === 0) f64[lane + CELL.oid + side] = 0;
  const row = rowOfCloid(words, at);
  countFill(core, row, { lots: side === BUY ? lots : -lots, px, fee });
  if (core.pools.table.count > 0) {
    const account = strategies.rows.f64[row * STRATEGY_LANES + STRATEGY.account] as number;
    const takerFee = events.lanes[eventLane(events, events.written - 1) + FILL_EVENT.fee] as number;
    earnPoolFee(core, account, { takerFee, makerFee: fee });
  }
  queueStrategy(core, row);
}

/** Counts a fill of a strategy's order into its sums; lots bought, negative = sold. */
export function countFill(
  core: Core,
  row: number,
  fill: { lots: number; px: number; fee: number },
): void {
  const { strategies } = core;
  keepRow(strategies.table, row);
  const { f64 } = strategies.rows;
  const at = row * STRATEGY_LANES;
  const add = (to: number, value: number): void => {
    f64[at + to] = (f64[at + to] as number) + value;
  };
  add(STRATEGY.netLots, fill.lots);
  add(STRATEGY.fees, fill.fee);
  add(STRATEGY.volume, Math.abs(fill.lots) * fill.px);
  add(STRATEGY.fills, 1);
}

/** Writes down that a strategy's order leaves the book unfilled, before its row is gone. */
export function noteManagedCancel(core: Core, slot: number, reason: number): void {
  const { strategies } = core;
  const words = core.orders.cloids.i32;
  const at = cloidByte(slot) >>> 2;
  const { row: cell, lane, side } = cellOfCloid(strategies, words, at);
  keepRow(strategies.cells, cell);
  strategies.cellRows.f64[lane + CELL.oid + side] = 0;
  strategies.cellRows.f64[lane + CELL.resting + side] = 0;
  if (reason === CANCEL_REASON.strategy) return;
  const row = rowOfCloid(words, at);
  keepRow(strategies.table, row);
  // Giving way to an order of the same account is no reason to rest.
  if (reason !== CANCEL_REASON.selfTrade)
    strategies.rows.f64[row * STRATEGY_LANES + STRATEGY.canceled] = reason;
  queueStrategy(core, row);
}

/** Gives a strategy a turn, unless it waits for one already. */
export function queueStrategy(core: Core, row: number): void {
  const { table, rows } = core.strategies;
  const at = row * STRATEGY_LANES + STRATEGY.queued;
  if (rows.f64[at] === 1) return;
  keepRow(table, row);
  rows.f64[at] = 1;
  pushConsequence(core.queue, CONSEQUENCE.strategy, row);
}
