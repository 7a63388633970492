/**
 * Leverage of an account on a market: a whole number up to the market's maximum, and the divisor of
 * its initial margin there; and whether that margin is shared by all the account's positions (cross)
 * or the position's own (isolated, see `isolated.ts`). An account that never chose has the market's
 * default.
 *
 * It may be raised as far as the tier allows that the account's exposure lies in. Lowering it raises
 * the initial margin of what is open, which the account's equity, or that of the isolated position,
 * must cover. The kind of margin stays while a position is open.
 */
import { isFull, readLane, writeLane } from "../../base/column.ts";
import { notionalMaxAt } from "../../base/margin-tiers.ts";
import { REJECT, type RejectCode } from "../../base/reject-code.ts";
import { divCeil } from "../../base/rounding.ts";
import { noteRowChange } from "../account/margin-sums.ts";
import { findPosition, openPosition, POSITION } from "../account/position.ts";
import type { Core } from "../core.ts";
import { defaultLeverage, isIsolatedOnly, isMarket } from "../market/market.ts";
import type { MarketTerms } from "../market/market-terms.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { isIsolatedRow, isolatedEquity, rowNotional } from "./isolated.ts";
import { createMarginFigures, marginByRow } from "./margin.ts";

const figures = createMarginFigures();

/** Leverage of a position row. */
export const rowLeverage = (core: Core, row: number): number =>
  Math.abs(readLane(core.positions.leverage, row)) ||
  defaultLeverage(core.markets, readLane(core.positions.market, row));

/** Leverage of an account on a market that it need not have met. */
export function leverageOf(core: Core, account: number, market: number): number {
  const row = findPosition(core.positions, core.accounts, account, market);
  return row < 0 ? defaultLeverage(core.markets, market) : rowLeverage(core, row);
}

/** Whether an account's margin on a market that it need not have met is isolated. */
export function isIsolatedOn(core: Core, account: number, market: number): boolean {
  const row = findPosition(core.positions, core.accounts, account, market);
  return row < 0 ? isIsolatedOnly(core.markets, market) : isIsolatedRow(core, row);
}

/** What an account asks for. */
export interface LeverageChoice {
  readonly market: number;
  readonly leverage: number;
  readonly isCross: boolean;
}

/** Sets an account's leverage on a market; the reject that stands against it, or null. */
export function chooseLeverage(
  core: Core,
  account: number,
  { market, leverage, isCross }: LeverageChoice,
): RejectCode | null {
  const { accounts, markets, positions } = core;
  if (!isMarket(markets, market)) return REJECT.marketUnknown;
  if (isCross && isIsolatedOnly(markets, market)) return REJECT.crossUnavailable;
  const found = findPosition(positions, accounts, account, market);
  const isOpen = found >= 0 && readLane(positions.size, found) !== 0;
  if (isOpen && isIsolatedRow(core, found) === isCross) return REJECT.marginKindHeld;
  const isWithin =
    Number.isInteger(leverage) &&
    leverage >= 1 &&
    leverage <= (markets.maxLeverage.data[market] as number);
  if (!isWithin) return REJECT.leverageInvalid;
  if (found < 0 && isFull(positions.table)) return REJECT.capacityExhausted;
  const row = openPosition(positions, accounts, account, market);
  const isLower = leverage < rowLeverage(core, row);
  if (!isLower && rowExposure(core, row) > tierNotionalMax(core, market, leverage))
    return REJECT.leverageInvalid;
  const initial = divCeil(rowNotional(core, row), leverage);
  if (isLower && isOpen && !isCross && isolatedEquity(core, row) < initial)
    return REJECT.isolatedLeverageUncovered;
  return setCovered(core, account, row, isCross ? leverage : -leverage);
}

/** Sets a row's leverage unless it asks for more initial margin and equity does not cover that. */
function setCovered(core: Core, account: number, row: number, leverage: number): RejectCode | null {
  const before = readLane(core.positions.leverage, row);
  setRowLeverage(core, account, row, leverage);
  marginByRow(core, account, row, figures);
  const asked = figures.initial;
  if (asked <= figures.equity) return null;
  setRowLeverage(core, account, row, before);
  marginByRow(core, account, row, figures);
  if (asked > figures.initial) return REJECT.leverageUncovered;
  // Nothing more is asked for: the margin that is short is that of other markets.
  setRowLeverage(core, account, row, leverage);
  return null;
}

/** Notional that tiers allow a position on a market at a leverage; Infinity = any [10^-6 USDC]. */
export const tierNotionalMax = (core: Core, market: number, leverage: number): number =>
  notionalMaxAt((core.terms[market] as MarketTerms).tiers, leverage);

/** Largest notional that a row's position and open orders can come to, at mark and limits [10^-6 USDC]. */
function rowExposure(core: Core, row: number): number {
  const { f64 } = core.positions.rows;
  const at = row * 8;
  const markPx = markPxOf(core.oracle, readLane(core.positions.market, row));
  const signed = (f64[at + POSITION.size] as number) * markPx;
  const allBuys = signed + (f64[at + POSITION.buyNotional] as number);
  const allSells = signed - (f64[at + POSITION.sellNotional] as number);
  return Math.max(Math.abs(signed), Math.abs(allBuys), Math.abs(allSells));
}

function setRowLeverage(core: Core, account: number, row: number, leverage: number): void {
  noteRowChange(core.margins, account, row);
  writeLane(core.positions.leverage, row, leverage);
}
