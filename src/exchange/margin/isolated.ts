/**
 * Positions of isolated margin. Such a position has money of its own (`positions.margin`), and with m of
 * it, size s, cost C and mark price p
 *   equity      = m + s p - C                                              [10^-6 USDC]
 *   initial     = ceil(|s| p / leverage),   maintenance = M(|s| p) as of any position
 * What it wins and loses stays with it: nothing of it counts for the account's other positions, and
 * its losses end where its money does.
 *
 * How money moves between cash and the position, in whole units:
 *   opening n lots at price x   + floor(n y / leverage) + max(0, loss against mark), y = p, for a buy
 *                               below mark x; so their equity is their initial margin or more
 *   closing n of |s| lots       the position gets their PnL and pays the fee; then the share n / |s| of
 *                               what was its money before goes to cash, the rest stays
 *   closing all                 all of it goes to cash
 *   liquidation                 as closing, but nothing goes to cash before it is over
 * Fees of lots that open are paid from cash. Every amount is rounded so that cash never gives more than
 * the check at placement has seen. Source: Hyperliquid's documentation, "Margining".
 */
import { keepRow, readLane } from "../../base/column.ts";
import { maintenanceOf } from "../../base/margin-tiers.ts";
import { REJECT, type RejectCode } from "../../base/reject-code.ts";
import { divCeil, mulDivCeil, mulDivTrunc } from "../../base/rounding.ts";
import { addCash } from "../account/account.ts";
import { markChanged } from "../account/changed-accounts.ts";
import { findPosition, POSITION } from "../account/position.ts";
import type { Core } from "../core.ts";
import { isMarket, marginModeOf } from "../market/market.ts";
import type { MarketTerms } from "../market/market-terms.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { computeMargin, createMarginFigures, withdrawableOf } from "./margin.ts";

/** One unit of a leverage that a position is topped up to [10^-6]. */
const E6 = 1_000_000;

const figures = createMarginFigures();

/** Whether a row's margin is isolated. */
export function isIsolatedRow({ positions, terms }: Core, row: number): boolean {
  const { i32 } = positions.rows;
  const leverage = i32[row * 16 + POSITION.leverage] as number;
  if (leverage !== 0) return leverage < 0;
  return (terms[i32[row * 16 + POSITION.market] as number] as MarketTerms).leverage < 0;
}

/** Divisor of a row's initial margin. */
function divisorOf({ positions, terms }: Core, row: number): number {
  const { i32 } = positions.rows;
  const market = i32[row * 16 + POSITION.market] as number;
  const own = i32[row * 16 + POSITION.leverage] as number;
  return Math.abs(own || (terms[market] as MarketTerms).leverage);
}

/** Absolute notional of a row's position at mark [10^-6 USDC]. */
export function rowNotional({ positions, oracle }: Core, row: number): number {
  const market = positions.rows.i32[row * 16 + POSITION.market] as number;
  return Math.abs(positions.rows.f64[row * 8 + POSITION.size] as number) * markPxOf(oracle, market);
}

/** Equity of an isolated position [10^-6 USDC]. */
export function isolatedEquity({ positions, oracle }: Core, row: number): number {
  const { f64, i32 } = positions.rows;
  const at = row * 8;
  const markPx = markPxOf(oracle, i32[row * 16 + POSITION.market] as number);
  return (
    (positions.margin.data[row] as number) +
    (f64[at + POSITION.size] as number) * markPx -
    (f64[at + POSITION.cost] as number)
  );
}

/** What an isolated position has beyond its maintenance margin; negative = too little [10^-6 USDC]. */
export function isolatedExcess(core: Core, row: number): number {
  const market = core.positions.rows.i32[row * 16 + POSITION.market] as number;
  const { tiers } = core.terms[market] as MarketTerms;
  return isolatedEquity(core, row) - maintenanceOf(tiers, rowNotional(core, row));
}

/** Whether a row is an open isolated position that has less than its maintenance margin. */
export const isIsolatedUnder = (core: Core, row: number): boolean =>
  core.positions.rows.f64[row * 8 + POSITION.size] !== 0 &&
  isIsolatedRow(core, row) &&
  isolatedExcess(core, row) < 0;

/** Whether an account has an isolated position that has less than its maintenance margin. */
export function hasIsolatedUnder(core: Core, account: number): boolean {
  if (core.accounts.isolatedOpen.data[account] === 0) return false;
  let link = readLane(core.accounts.firstPosition, account);
  while (link !== 0) {
    if (isIsolatedUnder(core, link - 1)) return true;
    link = readLane(core.positions.next, link - 1);
  }
  return false;
}

/** What an account is worth at mark: cross equity and that of isolated positions, which owe nothing beyond theirs [10^-6 USDC]. */
export function wholeEquity(core: Core, account: number): number {
  let sum = computeMargin(core, account, figures).equity;
  if (core.accounts.isolatedOpen.data[account] === 0) return sum;
  let link = readLane(core.accounts.firstPosition, account);
  while (link !== 0) {
    const isOpen = readLane(core.positions.size, link - 1) !== 0;
    if (isOpen && isIsolatedRow(core, link - 1)) sum += Math.max(0, isolatedEquity(core, link - 1));
    link = readLane(core.positions.next, link - 1);
  }
  return sum;
}

/** Books money to the scope that a row's position belongs to: its own, or its account's cash [10^-6 USDC]. */
export function addScopeMoney(core: Core, row: number, amount: number): void {
  if (isIsolatedRow(core, row)) addMargin(core, row, amount);
  else addCash(core.accounts, core.positions.account.data[row] as number, amount);
}

/** Adds to the money of an isolated position [10^-6 USDC]. */
export function addMargin({ positions }: Core, row: number, amount: number): void {
  keepRow(positions.table, row);
  const { data } = positions.margin;
  data[row] = (data[row] as number) + amount;
}

/** Money from an account's cash into its position, or back (negative) [10^-6 USDC]. */
function moveMargin(core: Core, row: number, amount: number): void {
  addCash(core.accounts, core.positions.account.data[row] as number, -amount);
  addMargin(core, row, amount);
}

/** A fill of one side; a record used again, for large numbers as arguments are allocated. */
export interface SideFill {
  row: number;
  /** Positive = bought [lots]. */
  signedSz: number;
  /** [ticks] */
  px: number;
  /** [10^-6 USDC] */
  fee: number;
}

/** No fill; for callers to fill. */
export const createSideFill = (): SideFill => ({ row: 0, signedSz: 0, px: 0, fee: 0 });

/** Lots of a fill that close a position of a size. */
const closedLots = (size: number, signedSz: number): number =>
  size !== 0 && size > 0 !== signedSz > 0 ? Math.min(Math.abs(size), Math.abs(signedSz)) : 0;

/** What opening lots at a price takes out of cash [lots, ticks -> 10^-6 USDC]. */
function openingMargin(core: Core, row: number, signedLots: number, px: number): number {
  const market = core.positions.rows.i32[row * 16 + POSITION.market] as number;
  const markPx = markPxOf(core.oracle, market);
  const isBuy = signedLots > 0;
  const lots = Math.abs(signedLots);
  const loss = Math.max(0, isBuy ? px - markPx : markPx - px) * lots;
  const basePx = isBuy ? Math.min(px, markPx) : markPx;
  return mulDivTrunc(lots * basePx, 1, divisorOf(core, row)) + loss;
}

/**
 * What a fill that has not happened yet takes out of the cash of its isolated row's account, fee
 * included, without what it gives back [10^-6 USDC].
 */
export function cashTaken(core: Core, { row, signedSz, px, fee }: SideFill): number {
  const size = core.positions.rows.f64[row * 8 + POSITION.size] as number;
  const closed = closedLots(size, signedSz);
  const opened = Math.abs(signedSz) - closed;
  const taken = opened === 0 ? 0 : openingMargin(core, row, signedSz > 0 ? opened : -opened, px);
  return taken + (closed === 0 ? fee : 0);
}

/**
 * Whether an isolated position bears a fill that has not happened yet: what closes it must leave it
 * no less than nothing at mark. So nobody can lose in a position, by a price of his own choice, what
 * is not in it.
 */
export function bearsClosing(core: Core, { row, signedSz, px, fee }: SideFill): boolean {
  const { positions, oracle } = core;
  const size = positions.rows.f64[row * 8 + POSITION.size] as number;
  const closed = closedLots(size, signedSz);
  if (closed === 0) return true;
  const markPx = markPxOf(oracle, positions.rows.i32[row * 16 + POSITION.market] as number);
  const gain = (size > 0 ? px - markPx : markPx - px) * closed;
  return isolatedEquity(core, row) + gain - fee >= 0;
}

/**
 * Moves the money of a fill of an isolated row, whose position has changed already: `was`
 * says what it was and what the change has realised. The money of a liquidated position
 * stays with it, even where none of it is left open, for the caller to book.
 */
export function settleIsolated(
  core: Core,
  { row, signedSz, px, fee }: SideFill,
  was: { readonly startPosition: number; readonly closedPnl: number },
  isLiquidation: boolean,
): void {
  const { positions, accounts } = core;
  const account = positions.account.data[row] as number;
  const start = was.startPosition;
  const size = Math.abs(start);
  const closed = closedLots(start, signedSz);
  const opened = Math.abs(signedSz) - closed;
  if (closed === 0) {
    addCash(accounts, account, -fee);
  } else {
    const before = positions.margin.data[row] as number;
    const left = before + was.closedPnl - fee;
    const stays = before - mulDivTrunc(before, closed, size);
    addMargin(core, row, was.closedPnl - fee);
    if (!isLiquidation) moveMargin(core, row, -Math.max(0, left - stays));
  }
  if (opened > 0)
    moveMargin(core, row, openingMargin(core, row, signedSz > 0 ? opened : -opened, px));
  countOpen(core, account, (start + signedSz === 0 ? 0 : 1) - (start === 0 ? 0 : 1));
}

/** Gives what is left of a closed isolated position's money back to cash. */
export function releaseFlat(core: Core, row: number): void {
  const left = core.positions.margin.data[row] as number;
  if (left > 0 && readLane(core.positions.size, row) === 0) moveMargin(core, row, -left);
}

function countOpen({ accounts }: Core, account: number, change: number): void {
  if (change === 0) return;
  keepRow(accounts.table, account);
  const { data } = accounts.isolatedOpen;
  data[account] = (data[account] as number) + change;
}

/** Row of an account's open isolated position on a market, or the reject that says why there is none. */
function findIsolated(core: Core, account: number, market: number): number | { code: RejectCode } {
  const row = findPosition(core.positions, core.accounts, account, market);
  if (row < 0 || readLane(core.positions.size, row) === 0)
    return { code: REJECT.marginPositionFlat };
  return isIsolatedRow(core, row) ? row : { code: REJECT.marginNotIsolated };
}

/**
 * Moves margin into an account's isolated position, or out of it (negative); the reject that stands
 * against it, or null. Money that goes in must be withdrawable; what goes out must leave the
 * position's initial margin and 10 % of its notional [10^-6 USDC].
 */
export function changeIsolatedMargin(
  core: Core,
  account: number,
  { market, amount }: { readonly market: number; readonly amount: number },
): RejectCode | null {
  if (!isMarket(core.markets, market)) return REJECT.marketUnknown;
  if (!Number.isSafeInteger(amount)) return REJECT.amountInvalid;
  if (amount === 0) return REJECT.marginChangeZero;
  const row = findIsolated(core, account, market);
  if (typeof row !== "number") return row.code;
  if (amount > 0) {
    if (amount > withdrawableOf(computeMargin(core, account, figures)))
      return REJECT.marginIncreaseUncovered;
  } else {
    if (marginModeOf(core.markets, market) === "strictIsolated") return REJECT.marginRemovalBarred;
    if (-amount > removableMargin(core, row)) return REJECT.marginReductionUncovered;
  }
  moveMargin(core, row, amount);
  markChanged(core.changed, account);
  return null;
}

/** What may be taken out of an isolated position: equity beyond the larger of initial margin and 10 % of notional [10^-6 USDC]. */
function removableMargin(core: Core, row: number): number {
  const notional = rowNotional(core, row);
  const kept = Math.max(divCeil(notional, divisorOf(core, row)), divCeil(notional, 10));
  return Math.max(0, isolatedEquity(core, row) - kept);
}

/**
 * What brings an account's isolated position to a leverage: notional / leverage less its equity, never
 * negative [leverage: 10^-6 -> 10^-6 USDC]; or the reject that stands against it.
 */
export function topUpAmount(
  core: Core,
  account: number,
  { market, leverage }: { readonly market: number; readonly leverage: number },
): number | { code: RejectCode } {
  if (!isMarket(core.markets, market)) return { code: REJECT.marketUnknown };
  if (!(Number.isSafeInteger(leverage) && leverage > 0)) return { code: REJECT.leverageInvalid };
  const row = findIsolated(core, account, market);
  if (typeof row !== "number") return row;
  const notional = rowNotional(core, row);
  // Beyond this no account has as much; the product below stays exact.
  if (notional / leverage > Number.MAX_SAFE_INTEGER / E6)
    return { code: REJECT.marginIncreaseUncovered };
  return Math.max(0, mulDivCeil(notional, E6, leverage) - isolatedEquity(core, row));
}
