/**
 * Cross margin of an account, from its position rows.
 *
 * With mark price p of a market, size s and the notionals B and S of resting buys and sells:
 *   equity      = cash + sum (s p - cost)                                     [10^-6 USDC]
 *   exposure    = max(|s p|, |s p + B|, |s p - S|)   the worst that can fill  [10^-6 USDC]
 *   initial     = sum ceil(exposure / leverage)       up: an account must hold it; see leverage.ts
 *   maintenance = sum M(|s p|)   half the initial rate at maximum leverage, by base/margin-tiers.ts
 * Free margin = equity - initial. Products are exact: each market's caps keep |s| p below 2^49.
 *
 * Rows of isolated margin stand apart (margin/isolated.ts): of theirs nothing counts here but what their
 * open orders will take out of cash as margin once they fill, what only closes left out:
 *   initial += ceil(max(0, B + min(0, s p), S - max(0, s p)) / leverage)
 *
 * An account mostly trades one market for a while. So the sums over its other rows are kept beside
 * it: while those rows and the marks stay as they are, figures cost one row, whatever it holds
 * elsewhere. All terms are integers, so sums kept and sums counted anew are equal to the unit.
 */
import { maintenanceOf } from "../../base/margin-tiers.ts";
import { divCeil } from "../../base/rounding.ts";
import { ACCOUNT } from "../account/account.ts";
import { growMargins, KEPT } from "../account/margin-sums.ts";
import { POSITION } from "../account/position.ts";
import type { Core } from "../core.ts";
import type { MarketTerms } from "../market/market-terms.ts";
import { markPxOf } from "../oracle/oracle.ts";

// Constants of other modules as this one's own: the engine folds these and loads those.
const { firstPosition: ACCOUNT_FIRST_POSITION, cash: ACCOUNT_CASH } = ACCOUNT;
const {
  unrealised: KEPT_UNREALISED,
  initial: KEPT_INITIAL,
  used: KEPT_USED,
  maintenance: KEPT_MAINTENANCE,
  notional: KEPT_NOTIONAL,
  worst: KEPT_WORST,
  epoch: KEPT_EPOCH,
  row: KEPT_ROW,
} = KEPT;
const {
  next: POSITION_NEXT,
  market: POSITION_MARKET,
  size: POSITION_SIZE,
  buyNotional: POSITION_BUY_NOTIONAL,
  sellNotional: POSITION_SELL_NOTIONAL,
  buyLots: POSITION_BUY_LOTS,
  sellLots: POSITION_SELL_LOTS,
  cost: POSITION_COST,
  leverage: POSITION_LEVERAGE,
} = POSITION;

/** Most that an account's worst notional over all markets may be [10^-6 USDC]. */
export const WORST_NOTIONAL_MAX = 4_503_599_627_370_496;

/** An account's margin figures [10^-6 USDC]. */
export interface MarginFigures {
  equity: number;
  /** Of positions and resting orders. */
  initial: number;
  /** Of positions alone. */
  used: number;
  maintenance: number;
  /** Sum of absolute position notionals at mark. */
  notional: number;
  /** Sum over markets of (|position| + open orders) x pxMax: stays within 2^52. */
  worstNotional: number;
}

/** Figures of nothing; reused by callers. */
export const createMarginFigures = (): MarginFigures => ({
  equity: 0,
  initial: 0,
  used: 0,
  maintenance: 0,
  notional: 0,
  worstNotional: 0,
});

/** A change to try on one row before it is made: what stays on the row is as before. */
export interface MarginTrial {
  /** Added to the size [lots] and to the cost [10^-6 USDC]. */
  size: number;
  cost: number;
  /** Added to the open buys and sells: notional [10^-6 USDC] and lots. */
  buyNotional: number;
  sellNotional: number;
  buyLots: number;
  sellLots: number;
}

/** A trial that changes nothing; reused by callers, who write every field. */
export const createMarginTrial = (): MarginTrial => ({
  size: 0,
  cost: 0,
  buyNotional: 0,
  sellNotional: 0,
  buyLots: 0,
  sellLots: 0,
});

const NO_TRIAL = createMarginTrial();

/** Recomputes an account's figures into `out` from all its rows. O(markets the account ever met). */
export function computeMargin(core: Core, account: number, out: MarginFigures): MarginFigures {
  clearFigures(out);
  const { i32 } = core.positions.rows;
  let link = core.accounts.rows.i32[account * 16 + ACCOUNT_FIRST_POSITION] as number;
  while (link !== 0) {
    addRowFigures(core, link - 1, NO_TRIAL, out);
    link = i32[(link - 1) * 16 + POSITION_NEXT] as number;
  }
  out.equity += core.accounts.rows.f64[account * 8 + ACCOUNT_CASH] as number;
  return out;
}

/**
 * Figures as they would be with a trial on one of the account's rows, into `out`. Reads that row and
 * the sums kept over the others, which it counts anew where they are void.
 */
export function tryMargin(
  core: Core,
  account: number,
  row: number,
  trial: MarginTrial,
  out: MarginFigures,
): void {
  if (!hasMarginSums(core, account, row)) keepMarginSums(core, account, row);
  const { data } = core.margins;
  const at = account * 8;
  out.equity =
    (core.accounts.rows.f64[at + ACCOUNT_CASH] as number) + (data[at + KEPT_UNREALISED] as number);
  out.initial = data[at + KEPT_INITIAL] as number;
  out.used = data[at + KEPT_USED] as number;
  out.maintenance = data[at + KEPT_MAINTENANCE] as number;
  out.notional = data[at + KEPT_NOTIONAL] as number;
  out.worstNotional = data[at + KEPT_WORST] as number;
  addRowFigures(core, row, trial, out);
}

/** Whether the sums over the account's other rows are kept and valid for a row. */
export const hasMarginSums = ({ margins, oracle }: Core, account: number, row: number): boolean =>
  margins.data[account * 8 + KEPT_EPOCH] === oracle.epoch &&
  margins.data[account * 8 + KEPT_ROW] === row;

/** Recomputes an account's figures into `out`, by the sums that are kept where they are valid. */
export function accountMargin(core: Core, account: number, out: MarginFigures): MarginFigures {
  const { data } = core.margins;
  const at = account * 8;
  if (at >= data.length || data[at + KEPT_EPOCH] !== core.oracle.epoch)
    return computeMargin(core, account, out);
  tryMargin(core, account, data[at + KEPT_ROW] as number, NO_TRIAL, out);
  return out;
}

/** Figures as they are, by way of one of the account's rows. */
export function marginByRow(core: Core, account: number, row: number, out: MarginFigures): void {
  tryMargin(core, account, row, NO_TRIAL, out);
}

const sums = createMarginFigures();

/** Counts the sums over all rows of an account but `row` and keeps them. */
export function keepMarginSums(core: Core, account: number, row: number): void {
  const { margins } = core;
  if (account * 8 >= margins.data.length) growMargins(margins, account * 8);
  const { data } = margins;
  const out = sums;
  const { i32 } = core.positions.rows;
  clearFigures(out);
  let link = core.accounts.rows.i32[account * 16 + ACCOUNT_FIRST_POSITION] as number;
  while (link !== 0) {
    if (link - 1 !== row) addRowFigures(core, link - 1, NO_TRIAL, out);
    link = i32[(link - 1) * 16 + POSITION_NEXT] as number;
  }
  const at = account * 8;
  data[at + KEPT_ROW] = row;
  data[at + KEPT_EPOCH] = core.oracle.epoch;
  data[at + KEPT_UNREALISED] = out.equity;
  data[at + KEPT_INITIAL] = out.initial;
  data[at + KEPT_USED] = out.used;
  data[at + KEPT_MAINTENANCE] = out.maintenance;
  data[at + KEPT_NOTIONAL] = out.notional;
  data[at + KEPT_WORST] = out.worstNotional;
}

function clearFigures(out: MarginFigures): void {
  out.equity = 0;
  out.initial = 0;
  out.used = 0;
  out.maintenance = 0;
  out.notional = 0;
  out.worstNotional = 0;
}

/** Adds one row, with a trial on it, to figures; unrealised PnL goes to `equity`. */
function addRowFigures(core: Core, row: number, trial: MarginTrial, out: MarginFigures): void {
  const { f64, i32 } = core.positions.rows;
  const market = i32[row * 16 + POSITION_MARKET] as number;
  const terms = core.terms[market] as MarketTerms;
  const at = row * 8;
  const markPx = markPxOf(core.oracle, market);
  const size = (f64[at + POSITION_SIZE] as number) + trial.size;
  const signed = size * markPx;
  const notional = Math.abs(signed);
  const allBuys = signed + (f64[at + POSITION_BUY_NOTIONAL] as number) + trial.buyNotional;
  const allSells = signed - (f64[at + POSITION_SELL_NOTIONAL] as number) - trial.sellNotional;
  const exposure = Math.max(notional, Math.abs(allBuys), Math.abs(allSells));
  const leverage = (i32[row * 16 + POSITION_LEVERAGE] as number) || terms.leverage;
  const buyLots = (f64[at + POSITION_BUY_LOTS] as number) + trial.buyLots;
  const sellLots = (f64[at + POSITION_SELL_LOTS] as number) + trial.sellLots;
  out.worstNotional += (Math.abs(size) + Math.max(buyLots, sellLots)) * terms.pxMax;
  if (leverage < 0) {
    // What opens beyond the position: the buys of a long, the sells of one beyond its size.
    const held = Math.max(0, signed);
    const opens = Math.max(0, allBuys - held, signed - held - allSells);
    out.initial += divCeil(opens, -leverage);
    return;
  }
  out.equity += signed - (f64[at + POSITION_COST] as number) - trial.cost;
  out.initial += divCeil(exposure, leverage);
  out.used += divCeil(notional, leverage);
  out.maintenance +=
    notional < terms.tierFrom
      ? divCeil(notional, terms.divisor)
      : maintenanceOf(terms.tiers, notional);
  out.notional += notional;
}

/** What cash an account may take out of its cross margin: equity beyond the larger of initial margin and 10 % of its notional [10^-6 USDC]. */
export function withdrawableOf(figures: MarginFigures): number {
  const kept = Math.max(figures.initial, divCeil(figures.notional, 10));
  return Math.max(0, figures.equity - kept);
}

/** Whether an account's equity is below what its positions need. */
export const isUnderMaintenance = (figures: MarginFigures): boolean =>
  figures.notional > 0 && figures.equity < figures.maintenance;
