/**
 * A grid that the exchange runs for an account. Between two neighbouring prices lies a cell: its lots
 * wait to be bought at the lower price or to be sold at the upper one, and turn into the other with
 * each fill. So n prices have n - 1 orders and one gap, which moves with the fills; what was filled
 * and not yet turned, because it is worth less than the market's least order, stays with its cell.
 *
 * A cycle is both legs of the same lots: what its cell bought below and sold above, or the other way
 * round where it began with the sell. Profit counts completed cycles alone; what is open is inventory.
 * (Selling at the price that was bought at, as grids are sometimes described, would earn two fees'
 * worth of loss a cycle.)
 */
import { keepRow } from "../../base/column.ts";
import { ceilLegalPx, floorLegalPx } from "../../base/instrument-spec.ts";
import { mulDivTrunc } from "../../base/rounding.ts";
import { BUY, SELL, type Side } from "../../base/side.ts";
import { CELL, CELL_LANES, PAUSE, STRATEGY, STRATEGY_STATUS } from "../account/strategy-table.ts";
import { GRID_FLAG } from "../command.ts";
import type { Core } from "../core.ts";
import { EVENT, STRATEGY_END } from "../event.ts";
import type { TouchedAccounts } from "../matching/match.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { gapLevel, writeGridLevels } from "./grid-levels.ts";
import { cancelAtCell, cancelCells, flatten, placeAtCell, priceRuleOf } from "./placing.ts";
import {
  emitStrategy,
  endStrategy,
  pauseStrategy,
  resumeStrategy,
  setStrategyLane,
  strategyLane,
} from "./strategy.ts";

const OWN = STRATEGY.own;
/** A grid's own lanes of its strategy. */
export const GRID = {
  /** [ticks] */
  lowPx: OWN,
  highPx: OWN + 1,
  levels: OWN + 2,
  /** [lots] */
  size: OWN + 3,
  /** Sum of `GRID_FLAG` values. */
  flags: OWN + 4,
  /** Mark prices that end it, 0 = none [ticks]. */
  stopLowPx: OWN + 5,
  stopHighPx: OWN + 6,
  /** Of completed cycles: profit before fees, fees of both legs [10^-6 USDC], and lots. */
  grossProfit: OWN + 7,
  cycleFees: OWN + 8,
  cycleLots: OWN + 9,
} as const;

/** A grid's own lanes of a cell. */
export const GRID_CELL = {
  /** Lots that wait to be bought, and to be sold; together the grid's size. */
  lots: CELL.own,
  /** Side of a cycle's first leg. */
  lead: CELL.own + 2,
  /** First legs whose second is open: lots, notional and fee [10^-6 USDC]. */
  openLots: CELL.own + 3,
  openNotional: CELL.own + 4,
  openFee: CELL.own + 5,
  /** Price of the buy and of the sell [ticks]. */
  px: CELL.own + 6,
} as const;

const levels = new Float64Array(257);

/** Spreads a grid out around a price: prices and sides of its cells, all lots waiting. */
export function layCells(core: Core, row: number, px: number): void {
  const { cells, cellRows } = core.strategies;
  const market = strategyLane(core, row, STRATEGY.market);
  const count = strategyLane(core, row, GRID.levels);
  const flags = strategyLane(core, row, GRID.flags);
  const lowPx = strategyLane(core, row, GRID.lowPx);
  const highPx = strategyLane(core, row, GRID.highPx);
  const isGeometric = (flags & GRID_FLAG.geometric) !== 0;
  const range = { lowPx, highPx, levels: count, isGeometric };
  writeGridLevels(range, priceRuleOf(core, market), levels);
  const gap = gapLevel(levels, count, px);
  const size = strategyLane(core, row, GRID.size);
  const first = strategyLane(core, row, STRATEGY.firstCell);
  for (let cell = 0; cell < count - 1; cell++) {
    keepRow(cells, first + cell);
    const lane = (first + cell) * CELL_LANES;
    const side = cell < gap ? BUY : SELL;
    const set = (at: number, value: number): void => {
      cellRows.f64[lane + at] = value;
    };
    set(GRID_CELL.lots + side, size);
    set(GRID_CELL.lots + (side === BUY ? SELL : BUY), 0);
    set(GRID_CELL.lead, side);
    set(GRID_CELL.openLots, 0);
    set(GRID_CELL.openNotional, 0);
    set(GRID_CELL.openFee, 0);
    set(GRID_CELL.px + BUY, levels[cell] as number);
    set(GRID_CELL.px + SELL, levels[cell + 1] as number);
  }
}

/** A grid's turn: what was filled turns round, and what waits goes to the book. */
export function runGrid(core: Core, row: number, touched: TouchedAccounts): void {
  takeInFills(core, row);
  if (!isWithinRange(core, row, touched)) return;
  const count = strategyLane(core, row, STRATEGY.cells);
  const market = strategyLane(core, row, STRATEGY.market);
  const notionalMin = core.markets.notionalMin.data[market] as number;
  for (let cell = 0; cell < count; cell++) {
    for (const side of [BUY, SELL] as const) {
      if (sendLots(core, row, { cell, side, notionalMin }, touched) === 0) continue;
      pauseStrategy(core, row, PAUSE.margin);
      return;
    }
  }
}

/** Turns round what was filled since a grid's last turn. */
export function takeInFills(core: Core, row: number): void {
  const first = strategyLane(core, row, STRATEGY.firstCell);
  const count = strategyLane(core, row, STRATEGY.cells);
  for (let cell = first; cell < first + count; cell++) {
    turnRound(core, row, cell, BUY);
    turnRound(core, row, cell, SELL);
  }
}

/** Puts the lots of a cell's side on the book, where they are not yet and are worth an order. */
function sendLots(
  core: Core,
  row: number,
  { cell, side, notionalMin }: { cell: number; side: Side; notionalMin: number },
  touched: TouchedAccounts,
): number {
  const { f64 } = core.strategies.cellRows;
  const cellRow = strategyLane(core, row, STRATEGY.firstCell) + cell;
  const lane = cellRow * CELL_LANES;
  const sz = f64[lane + GRID_CELL.lots + side] as number;
  const px = f64[lane + GRID_CELL.px + side] as number;
  const more = sz - (f64[lane + CELL.resting + side] as number);
  if (more === 0 || more * px < notionalMin) return 0;
  cancelAtCell(core, cellRow, side);
  return placeAtCell(core, row, { cell, side, px, sz }, touched);
}

/** Turns what a cell's side filled into lots of its other side, and counts cycles. */
function turnRound(core: Core, row: number, cell: number, side: Side): void {
  const { cells, cellRows } = core.strategies;
  const { f64 } = cellRows;
  const lane = cell * CELL_LANES;
  const lots = f64[lane + CELL.filledLots + side] as number;
  if (lots === 0) return;
  keepRow(cells, cell);
  const notional = f64[lane + CELL.filledNotional + side] as number;
  const fee = f64[lane + CELL.filledFee + side] as number;
  f64[lane + CELL.filledLots + side] = 0;
  f64[lane + CELL.filledNotional + side] = 0;
  f64[lane + CELL.filledFee + side] = 0;
  const add = (at: number, value: number): void => {
    f64[lane + at] = (f64[lane + at] as number) + value;
  };
  add(GRID_CELL.lots + side, -lots);
  add(GRID_CELL.lots + (side === BUY ? SELL : BUY), lots);
  if (f64[lane + GRID_CELL.lead] === side) {
    add(GRID_CELL.openLots, lots);
    add(GRID_CELL.openNotional, notional);
    add(GRID_CELL.openFee, fee);
    return;
  }
  const openLots = f64[lane + GRID_CELL.openLots] as number;
  const openNotional = mulDivTrunc(f64[lane + GRID_CELL.openNotional] as number, lots, openLots);
  const openFee = mulDivTrunc(f64[lane + GRID_CELL.openFee] as number, lots, openLots);
  add(GRID_CELL.openLots, -lots);
  add(GRID_CELL.openNotional, -openNotional);
  add(GRID_CELL.openFee, -openFee);
  const profit = side === SELL ? notional - openNotional : openNotional - notional;
  const bump = (at: number, value: number): void =>
    setStrategyLane(core, row, at, strategyLane(core, row, at) + value);
  bump(GRID.grossProfit, profit);
  bump(GRID.cycleFees, openFee + fee);
  bump(GRID.cycleLots, lots);
  emitStrategy(core, EVENT.gridCycled, row, { a: lots, b: profit, c: openFee + fee });
}

/** Sees to a grid's stops and range; whether it is to have orders. */
function isWithinRange(core: Core, row: number, touched: TouchedAccounts): boolean {
  const markPx = markPxOf(core.oracle, strategyLane(core, row, STRATEGY.market));
  const isRunning = strategyLane(core, row, STRATEGY.status) === STRATEGY_STATUS.running;
  if (isRunning && isStopped(core, row, markPx)) {
    cancelCells(core, row);
    flatten(core, row, touched);
    endStrategy(core, row, STRATEGY_END.stopPrice, strategyLane(core, row, GRID.grossProfit));
    return false;
  }
  const isInside =
    markPx >= strategyLane(core, row, GRID.lowPx) && markPx <= strategyLane(core, row, GRID.highPx);
  if (isRunning) {
    if (isInside) return true;
    if ((strategyLane(core, row, GRID.flags) & GRID_FLAG.shift) === 0) {
      pauseStrategy(core, row, PAUSE.rangeBroken);
      return false;
    }
    return shiftRange(core, row, markPx);
  }
  if (isInside && strategyLane(core, row, STRATEGY.pause) === PAUSE.rangeBroken)
    resumeStrategy(core, row);
  return false;
}

function isStopped(core: Core, row: number, markPx: number): boolean {
  const low = strategyLane(core, row, GRID.stopLowPx);
  const high = strategyLane(core, row, GRID.stopHighPx);
  return (low !== 0 && markPx <= low) || (high !== 0 && markPx >= high);
}

/**
 * Moves a grid so that the price lies in its middle, its width as before; cycles that were open stay
 * as inventory. Where the market has no room for it there, it ends its orders and pauses.
 */
function shiftRange(core: Core, row: number, markPx: number): boolean {
  cancelCells(core, row);
  const rule = priceRuleOf(core, strategyLane(core, row, STRATEGY.market));
  const lowPx = strategyLane(core, row, GRID.lowPx);
  const width = strategyLane(core, row, GRID.highPx) - lowPx;
  const wished = markPx - Math.floor(width / 2);
  const pxMax = core.markets.pxMax.data[strategyLane(core, row, STRATEGY.market)] as number;
  if (wished < 1 || wished + width > pxMax) {
    pauseStrategy(core, row, PAUSE.rangeBroken);
    return false;
  }
  setStrategyLane(core, row, GRID.lowPx, ceilLegalPx(rule, wished));
  setStrategyLane(core, row, GRID.highPx, floorLegalPx(rule, wished + width));
  layCells(core, row, markPx);
  return true;
}

/** Whether a price gives a grid something to do: a stop, or its range is left or entered again. */
export function concernsGrid(core: Core, row: number, markPx: number): boolean {
  if (strategyLane(core, row, STRATEGY.status) === STRATEGY_STATUS.running)
    return (
      markPx < strategyLane(core, row, GRID.lowPx) ||
      markPx > strategyLane(core, row, GRID.highPx) ||
      isStopped(core, row, markPx)
    );
  return (
    strategyLane(core, row, STRATEGY.pause) === PAUSE.rangeBroken &&
    markPx >= strategyLane(core, row, GRID.lowPx) &&
    markPx <= strategyLane(core, row, GRID.highPx)
  );
}
