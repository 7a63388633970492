/**
 * Starts a grid: its settings are checked, then all its orders are placed, and the position that a
 * long or short grid begins with is taken; all of it or nothing.
 */
import { isFull } from "../../base/column.ts";
import { isLegalPx } from "../../base/instrument-spec.ts";
import { REJECT } from "../../base/reject-code.ts";
import { divCeil, mulDivTrunc } from "../../base/rounding.ts";
import { BUY, SELL, type Side } from "../../base/side.ts";
import { TIF } from "../../base/time-in-force.ts";
import {
  CELL_LANES,
  hasStrategyRoom,
  STRATEGY,
  STRATEGY_CELLS_MAX,
  STRATEGY_KIND,
} from "../account/strategy-table.ts";
import { type CommandRecord, GRID_ARGS, GRID_FLAG, ITEM, itemCount, itemLane } from "../command.ts";
import type { Core } from "../core.ts";
import { EVENT } from "../event.ts";
import { feeRateOf, refreshFees } from "../fee/fee.ts";
import { leverageOf } from "../margin/leverage.ts";
import { computeMargin, createMarginFigures } from "../margin/margin.ts";
import { isMarket } from "../market/market.ts";
import type { TouchedAccounts } from "../matching/match.ts";
import { beginScope, keepScope, takeBackScope } from "../matching/undo-scope.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { rejectCommand } from "../refusal.ts";
import { GRID, GRID_CELL, layCells } from "./grid.ts";
import { gapLevel, tightLevel, writeGridLevels } from "./grid-levels.ts";
import { placeAtCell, priceRuleOf, take } from "./placing.ts";
import { emitStrategy, openStrategy, setStrategyLane, strategyLane } from "./strategy.ts";
import { STRATEGIES_PER_ACCOUNT, strategiesOf } from "./strategy-list.ts";

/** A grid as it is asked for [px: ticks, size: lots]. */
export interface GridWish {
  market: number;
  lowPx: number;
  highPx: number;
  levels: number;
  size: number;
  flags: number;
  stopLowPx: number;
  stopHighPx: number;
}

/** Why a grid is not started: a `REJECT` and its figures. */
export interface GridRefusal {
  code: number;
  a?: number;
  b?: number;
}

const levels = new Float64Array(STRATEGY_CELLS_MAX + 1);
const figures = createMarginFigures();

/** Starts the grid that a record asks for, or says why not. */
export function startGrid(
  core: Core,
  record: CommandRecord,
  account: number,
  touched: TouchedAccounts,
): void {
  const refusal = tryStartGrid(core, account, readWish(record), touched);
  if (refusal !== null) rejectCommand(core, record, { account, ...refusal });
}

/** Starts a grid for an account, or answers why not; then nothing has happened. */
export function tryStartGrid(
  core: Core,
  account: number,
  wish: GridWish,
  touched: TouchedAccounts,
): GridRefusal | null {
  const refusal =
    wishProblem(core, wish) ??
    roomProblem(core, account, wish) ??
    marginProblem(core, account, wish);
  if (refusal !== null) return refusal;
  beginScope(core, touched);
  const failure = place(core, account, wish, touched);
  if (failure === null) keepScope(core);
  else takeBackScope(core, touched);
  return failure;
}

function readWish(record: CommandRecord): GridWish {
  const { lanes } = record;
  const of = (lane: number): number => lanes[lane] as number;
  const hasStops = itemCount(record) === 1;
  return {
    market: of(GRID_ARGS.market),
    lowPx: of(GRID_ARGS.lowPx),
    highPx: of(GRID_ARGS.highPx),
    levels: of(GRID_ARGS.levels),
    size: of(GRID_ARGS.size),
    flags: of(GRID_ARGS.flags),
    stopLowPx: hasStops ? of(itemLane(0) + ITEM.px) : 0,
    stopHighPx: hasStops ? of(itemLane(0) + ITEM.triggerPx) : 0,
  };
}

const invalid = (setting: number): GridRefusal => ({ code: REJECT.strategyInvalid, a: setting });
const isWhole = (value: number, low: number, high: number): boolean =>
  Number.isSafeInteger(value) && value >= low && value <= high;

/** What is wrong with a grid's settings; the number of the first such one is told, in the order of the fields. */
function wishProblem(core: Core, wish: GridWish): GridRefusal | null {
  const { markets, oracle } = core;
  const { market, lowPx, highPx, flags } = wish;
  if (!isMarket(markets, market)) return { code: REJECT.marketUnknown };
  if (markPxOf(oracle, market) === 0) return { code: REJECT.oracleMissing };
  const rule = priceRuleOf(core, market);
  const pxMax = markets.pxMax.data[market] as number;
  if (!isWhole(lowPx, 1, pxMax) || !isLegalPx(rule, lowPx)) return invalid(1);
  if (!isWhole(highPx, lowPx + 1, pxMax) || !isLegalPx(rule, highPx)) return invalid(2);
  if (!isWhole(wish.levels, 2, STRATEGY_CELLS_MAX + 1)) return invalid(3);
  if (!isWhole(wish.size, 1, markets.positionMax.data[market] as number)) return invalid(4);
  const isBoth = (flags & GRID_FLAG.long) !== 0 && (flags & GRID_FLAG.short) !== 0;
  if (!isWhole(flags, 0, 15) || isBoth) return invalid(5);
  const { stopLowPx, stopHighPx } = wish;
  if (stopLowPx !== 0 && !isWhole(stopLowPx, 1, markPxOf(oracle, market) - 1)) return invalid(6);
  if (stopHighPx !== 0 && !isWhole(stopHighPx, markPxOf(oracle, market) + 1, pxMax))
    return invalid(7);
  const notionalMin = markets.notionalMin.data[market] as number;
  if (lowPx * wish.size < notionalMin) return { code: REJECT.notionalTooSmall, a: notionalMin };
  return null;
}

function roomProblem(core: Core, account: number, wish: GridWish): GridRefusal | null {
  writeGridLevels(rangeOf(wish), priceRuleOf(core, wish.market), levels);
  refreshFees(core, account);
  const tight = tightLevel(levels, wish.levels, feeRateOf(core, account, false));
  if (tight >= 0) return { code: REJECT.gridSpacingTight, a: tight };
  if (strategiesOf(core, account).length >= STRATEGIES_PER_ACCOUNT)
    return { code: REJECT.tooManyStrategies, a: STRATEGIES_PER_ACCOUNT };
  const hasRoom = hasStrategyRoom(core.strategies, wish.levels - 1);
  return hasRoom && !isFull(core.positions.table) ? null : { code: REJECT.capacityExhausted };
}

const rangeOf = ({ lowPx, highPx, levels: count, flags }: GridWish) => ({
  lowPx,
  highPx,
  levels: count,
  isGeometric: (flags & GRID_FLAG.geometric) !== 0,
});

/**
 * Whether what the account has free covers the grid with all its buys filled and the price at the low
 * end, and with all its sells filled and the price at the high end: the loss on the way there and the
 * margin of the position made [10^-6 USDC].
 */
function marginProblem(core: Core, account: number, wish: GridWish): GridRefusal | null {
  const { lowPx, highPx, size, flags } = wish;
  const markPx = markPxOf(core.oracle, wish.market);
  const gap = gapLevel(levels, wish.levels, markPx);
  const cells = wish.levels - 1;
  let lossBelow = 0;
  let lossAbove = 0;
  for (let cell = 0; cell < gap; cell++) lossBelow += ((levels[cell] as number) - lowPx) * size;
  for (let cell = gap; cell < cells; cell++)
    lossAbove += (highPx - (levels[cell + 1] as number)) * size;
  const isLong = (flags & GRID_FLAG.long) !== 0;
  const isShort = (flags & GRID_FLAG.short) !== 0;
  const bought = (isShort ? 0 : gap) + (isLong ? cells - gap : 0);
  const sold = (isLong ? 0 : cells - gap) + (isShort ? gap : 0);
  if (isLong) lossBelow += (cells - gap) * size * Math.max(0, markPx - lowPx);
  if (isShort) lossAbove += gap * size * Math.max(0, highPx - markPx);
  const leverage = leverageOf(core, account, wish.market);
  const needed = Math.max(
    lossBelow + divCeil(bought * size * lowPx, leverage),
    lossAbove + divCeil(sold * size * highPx, leverage),
  );
  computeMargin(core, account, figures);
  const free = figures.equity - figures.initial;
  return free >= needed
    ? null
    : { code: REJECT.strategyUncovered, a: needed, b: Math.max(0, free) };
}

function place(
  core: Core,
  account: number,
  wish: GridWish,
  touched: TouchedAccounts,
): GridRefusal | null {
  const { market } = wish;
  const cells = wish.levels - 1;
  const row = openStrategy(core, { kind: STRATEGY_KIND.grid, account, market, cells });
  for (const name of [
    "lowPx",
    "highPx",
    "levels",
    "size",
    "flags",
    "stopLowPx",
    "stopHighPx",
  ] as const)
    setStrategyLane(core, row, GRID[name], wish[name]);
  emitStrategy(core, EVENT.strategyStarted, row, {
    a: wish.lowPx,
    b: wish.highPx,
    c: wish.levels,
    d: wish.size,
  });
  layCells(core, row, markPxOf(core.oracle, market));
  const taken = takeFirst(core, row, wish, touched);
  if (taken !== null) return taken;
  const { f64 } = core.strategies.cellRows;
  const first = strategyLane(core, row, STRATEGY.firstCell);
  for (let cell = 0; cell < cells; cell++) {
    const lane = (first + cell) * CELL_LANES;
    for (const side of [BUY, SELL] as const) {
      const sz = f64[lane + GRID_CELL.lots + side] as number;
      if (sz === 0) continue;
      const px = f64[lane + GRID_CELL.px + side] as number;
      const code = placeAtCell(core, row, { cell, side, px, sz }, touched);
      if (code !== 0) return { code: REJECT.strategyOrderRefused, a: cell, b: code };
    }
  }
  return null;
}

/** Takes the position that a long or short grid begins with: its far cells' first legs. */
function takeFirst(
  core: Core,
  row: number,
  { levels: count, size, flags }: GridWish,
  touched: TouchedAccounts,
): GridRefusal | null {
  if ((flags & (GRID_FLAG.long | GRID_FLAG.short)) === 0) return null;
  const side: Side = (flags & GRID_FLAG.long) !== 0 ? BUY : SELL;
  const { f64 } = core.strategies.cellRows;
  const first = strategyLane(core, row, STRATEGY.firstCell);
  const open: number[] = [];
  for (let cell = first; cell < first + count - 1; cell++) {
    if ((f64[cell * CELL_LANES + GRID_CELL.lead] as number) !== side) open.push(cell * CELL_LANES);
  }
  if (open.length === 0) return null;
  const sz = open.length * size;
  const taken = take(core, row, { side, sz, tif: TIF.fok, reduceOnly: false }, touched);
  if (taken.code !== 0) return { code: REJECT.strategyOrderRefused, a: -1, b: taken.code };
  // The last of them takes what truncation leaves.
  let notional = taken.notional;
  let fee = taken.fee;
  for (const [index, lane] of open.entries()) {
    const isLast = index === open.length - 1;
    const share = isLast ? notional : mulDivTrunc(taken.notional, size, sz);
    const feeShare = isLast ? fee : mulDivTrunc(taken.fee, size, sz);
    f64[lane + GRID_CELL.lead] = side;
    f64[lane + GRID_CELL.openLots] = size;
    f64[lane + GRID_CELL.openNotional] = share;
    f64[lane + GRID_CELL.openFee] = feeShare;
    notional -= share;
    fee -= feeShare;
  }
  return null;
}
