/**
 * A two-sided quote that the exchange keeps for an account: a buy below and a sell above the mark
 * price, moved with it, and back to full size after a fill.
 *
 *     half = ceil(mid x spread / 2)      bid = mid - half, floored to a legal price
 *                                        ask = mid + half, ceiled to a legal price
 *
 * Both roundings go outwards, so what is realised is never less than what was asked for (rounding the
 * spread down and then its half, as is sometimes done, gives less than was just checked).
 *
 * With a position limit M and a position n of its own, prices move by -fade x n / M of the mid and sizes
 * lean the same way: it buys size x (1 - n / M) and sells size x (1 + n / M), within 0 and size.
 */

import { keepRow } from "../../base/column.ts";
import { ceilLegalPx, floorLegalPx } from "../../base/instrument-spec.ts";
import { mulDivCeil, mulDivTrunc } from "../../base/rounding.ts";
import { BUY, SELL, type Side } from "../../base/side.ts";
import { CELL, CELL_LANES, PAUSE, STRATEGY, STRATEGY_STATUS } from "../account/strategy-table.ts";
import { QUOTE_FLAG } from "../command.ts";
import { type Core, commandTimeMs } from "../core.ts";
import type { TouchedAccounts } from "../matching/match.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { setDue } from "./due.ts";
import { cancelAtCell, placeAtCell, priceRuleOf } from "./placing.ts";
import { pauseStrategy, setStrategyLane, strategyLane } from "./strategy.ts";

const E6 = 1_000_000;
const OWN = STRATEGY.own;
/** A quote's own lanes of its strategy. */
export const QUOTE = {
  /** Number that the account tells its quotes on a market apart by. */
  tag: OWN,
  /** Distance of bid and ask as a share of the mid [10^-6]. */
  spread: OWN + 1,
  /** Of each leg [lots]. */
  size: OWN + 2,
  /** Least time between two updates [ms]. */
  intervalMs: OWN + 3,
  /** It ends so long after it was last set; 0 = never [ms]. */
  ttlMs: OWN + 4,
  /** Sum of `QUOTE_FLAG` values. */
  flags: OWN + 5,
  /** Position of its own at which it stops adding to it; 0 = none [lots]. */
  positionMax: OWN + 6,
  /** How far prices move with the position at that limit [10^-6]. */
  fade: OWN + 7,
  /** When it was last set, and last updated [ms]. */
  setMs: OWN + 8,
  updatedMs: OWN + 9,
  /** Mid that it was last updated at [ticks]. */
  midPx: OWN + 10,
} as const;

/** Smallest spread of a quote: 1 bp [10^-6]. */
export const QUOTE_SPREAD_MIN = 100;

/** The legs of a quote: price and size of buy and sell; a size of 0 is no leg [ticks, lots]. */
export interface QuoteLegs {
  readonly px: readonly [number, number];
  readonly sz: readonly [number, number];
}

/** What a quote should have on the book for a mid. */
export function legsOf(core: Core, row: number, midPx: number): QuoteLegs {
  const of = (lane: number): number => strategyLane(core, row, lane);
  const rule = priceRuleOf(core, of(STRATEGY.market));
  const half = mulDivCeil(midPx, of(QUOTE.spread), 2 * E6);
  const limit = of(QUOTE.positionMax);
  const net = limit === 0 ? 0 : Math.max(-limit, Math.min(limit, of(STRATEGY.netLots)));
  const shift = limit === 0 ? 0 : mulDivTrunc(mulDivTrunc(midPx, of(QUOTE.fade), E6), net, limit);
  const size = of(QUOTE.size);
  const leaning = (towards: number): number =>
    limit === 0 ? size : Math.min(size, mulDivTrunc(size, limit + towards, limit));
  const notionalMin = core.markets.notionalMin.data[of(STRATEGY.market)] as number;
  const px = [
    floorLegalPx(rule, midPx - half - shift),
    ceilLegalPx(rule, midPx + half - shift),
  ] as const;
  const worth = (side: Side, sz: number): number =>
    px[side] > 0 && sz > 0 && px[side] * sz >= notionalMin ? sz : 0;
  const sz = [worth(BUY, leaning(-net)), worth(SELL, leaning(net))] as const;
  const isAlone = (of(QUOTE.flags) & QUOTE_FLAG.bothOrNone) !== 0 && (sz[0] === 0 || sz[1] === 0);
  return { px, sz: isAlone ? [0, 0] : sz };
}

/** A quote's turn: legs that no longer fit are replaced, no more often than its interval says. */
export function runQuote(core: Core, row: number, touched: TouchedAccounts): void {
  const of = (lane: number): number => strategyLane(core, row, lane);
  takeInLegs(core, of(STRATEGY.firstCell));
  if (of(STRATEGY.status) !== STRATEGY_STATUS.running) return;
  const nowMs = commandTimeMs(core);
  const endsMs = of(QUOTE.ttlMs) === 0 ? 0 : of(QUOTE.setMs) + of(QUOTE.ttlMs);
  if (endsMs !== 0 && nowMs >= endsMs) {
    pauseStrategy(core, row, PAUSE.expired);
    return;
  }
  const legs = legsOf(core, row, markPxOf(core.oracle, of(STRATEGY.market)));
  const mayMs = of(QUOTE.updatedMs) === 0 ? nowMs : of(QUOTE.updatedMs) + of(QUOTE.intervalMs);
  const isDue = !fits(core, row, legs);
  if (isDue && nowMs >= mayMs) {
    update(core, row, legs, touched);
    setDue(core, row, endsMs);
  } else setDue(core, row, isDue && (endsMs === 0 || mayMs < endsMs) ? mayMs : endsMs);
}

/** Fills were counted when they happened; a quote has nothing more to learn from them. */
function takeInLegs({ strategies }: Core, cell: number): void {
  const { f64 } = strategies.cellRows;
  const at = cell * CELL_LANES;
  if (f64[at + CELL.filledLots] === 0 && f64[at + CELL.filledLots + 1] === 0) return;
  keepRow(strategies.cells, cell);
  f64.fill(0, at + CELL.filledLots, at + CELL.own);
}

/** Whether what rests is what should. */
function fits(core: Core, row: number, { px, sz }: QuoteLegs): boolean {
  const at = strategyLane(core, row, STRATEGY.firstCell) * CELL_LANES;
  const { f64 } = core.strategies.cellRows;
  return ([BUY, SELL] as const).every((side) => {
    if (f64[at + CELL.resting + side] !== sz[side]) return false;
    return sz[side] === 0 || f64[at + CELL.own + side] === px[side];
  });
}

/** Replaces both legs; where one is refused neither stands, and the quote pauses. */
function update(core: Core, row: number, { px, sz }: QuoteLegs, touched: TouchedAccounts): void {
  const of = (lane: number): number => strategyLane(core, row, lane);
  const cell = of(STRATEGY.firstCell);
  const { strategies } = core;
  setStrategyLane(core, row, QUOTE.updatedMs, commandTimeMs(core));
  setStrategyLane(core, row, QUOTE.midPx, markPxOf(core.oracle, of(STRATEGY.market)));
  for (const side of [BUY, SELL] as const) cancelAtCell(core, cell, side);
  for (const side of [BUY, SELL] as const) {
    if (sz[side] === 0) continue;
    keepRow(strategies.cells, cell);
    strategies.cellRows.f64[cell * CELL_LANES + CELL.own + side] = px[side];
    const leg = { cell: 0, side, px: px[side], sz: sz[side] };
    if (placeAtCell(core, row, leg, touched) === 0) continue;
    pauseStrategy(core, row, PAUSE.margin);
    return;
  }
}

/** Whether a price gives a quote something to do. */
export const concernsQuote = (core: Core, row: number, markPx: number): boolean =>
  strategyLane(core, row, STRATEGY.status) === STRATEGY_STATUS.running &&
  strategyLane(core, row, QUOTE.midPx) !== markPx;
