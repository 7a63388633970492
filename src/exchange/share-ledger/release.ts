/**
 * Makes a vault's money free for a withdrawal, as the venue does: orders that use margin go first, those
 * with the least of it before the others; then a fifth of every position is closed, again and again.
 */

import { ceilLegalPx, floorLegalPx } from "../../base/instrument-spec.ts";
import { CANCEL_REASON } from "../../base/reject-code.ts";
import { mulDivCeil, mulRateTrunc } from "../../base/rounding.ts";
import { BUY, SELL, type Side } from "../../base/side.ts";
import { TIF } from "../../base/time-in-force.ts";
import { ACCOUNT } from "../account/account.ts";
import { POSITION } from "../account/position.ts";
import { ORDER, oldestOrder } from "../book/order-table.ts";
import type { Core } from "../core.ts";
import { wholeEquity } from "../margin/isolated.ts";
import { leverageOf } from "../margin/leverage.ts";
import { computeMargin, createMarginFigures, withdrawableOf } from "../margin/margin.ts";
import { specOf } from "../market/market.ts";
import type { TouchedAccounts } from "../matching/match.ts";
import { createIncomingOrder } from "../matching/order-event.ts";
import { placeOrder } from "../matching/place.ts";
import { cancelResting } from "../matching/resting.ts";
import { NUMBER } from "../numbers.ts";
import { markPxOf } from "../oracle/oracle.ts";

/** Farthest from mark that a position is closed at: 3 % [10^-9]. */
const SLIPPAGE_E9 = 30_000_000;
/** Part of every position that one round closes: a fifth. */
const ROUND = { part: 1, whole: 5 };
/** Rounds before the withdrawal is given up: less than a hundredth is left by then. */
const ROUNDS_MAX = 21;

const figures = createMarginFigures();
const order = createIncomingOrder();

const withdrawable = (core: Core, account: number): number =>
  withdrawableOf(computeMargin(core, account, figures));

/** Frees so much money of an account as far as it can; whether it could. */
export function freeMargin(
  core: Core,
  account: number,
  amount: number,
  touched: TouchedAccounts,
): boolean {
  if (withdrawable(core, account) >= amount) return true;
  for (const slot of ordersByMargin(core, account)) {
    cancelResting(core, slot, CANCEL_REASON.vaultWithdrawal, -1);
    if (withdrawable(core, account) >= amount) return true;
  }
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const before = wholeEquity(core, account);
    const traded = closeShare(core, account, ROUND, touched);
    // What closing has cost is not there to be paid out.
    const cost = Math.max(0, before - wholeEquity(core, account));
    if (withdrawable(core, account) + cost >= amount) return true;
    if (!traded) return false;
  }
  return false;
}

/** Orders of an account that use margin, those with the least first; ties by age. */
function ordersByMargin(core: Core, account: number): number[] {
  const { i32, f64 } = core.orders.rows;
  const found: { slot: number; margin: number }[] = [];
  let link = oldestOrder(core.orders, account);
  while (link !== 0) {
    const slot = link - 1;
    const at = slot * 16;
    const market = i32[at + ORDER.market] as number;
    const notional = (i32[at + ORDER.px] as number) * (f64[slot * 8 + ORDER.sz] as number);
    found.push({ slot, margin: notional / leverageOf(core, account, market) });
    link = i32[at + ORDER.next] as number;
  }
  return found.sort((a, b) => a.margin - b.margin || a.slot - b.slot).map(({ slot }) => slot);
}

/** Closes a part of every position of an account, rounded up to whole lots; whether anything traded. */
export function closeShare(
  core: Core,
  account: number,
  { part, whole }: { part: number; whole: number },
  touched: TouchedAccounts,
): boolean {
  const { i32, f64 } = core.positions.rows;
  const open: { market: number; size: number }[] = [];
  let link = core.accounts.rows.i32[account * 16 + ACCOUNT.firstPosition] as number;
  while (link !== 0) {
    const row = link - 1;
    const size = f64[row * 8 + POSITION.size] as number;
    if (size !== 0) open.push({ market: i32[row * 16 + POSITION.market] as number, size });
    link = i32[row * 16 + POSITION.next] as number;
  }
  let hasTraded = false;
  for (const { market, size } of open) {
    const before = core.numbers.data[NUMBER.tid] as number;
    close(core, account, { market, size, sz: mulDivCeil(Math.abs(size), part, whole) }, touched);
    hasTraded ||= core.numbers.data[NUMBER.tid] !== before;
  }
  return hasTraded;
}

function close(
  core: Core,
  account: number,
  { market, size, sz }: { market: number; size: number; sz: number },
  touched: TouchedAccounts,
): void {
  const side: Side = size > 0 ? SELL : BUY;
  const spec = specOf(core.markets, market);
  const markPx = markPxOf(core.oracle, market);
  const slippage = mulRateTrunc(markPx, SLIPPAGE_E9);
  order.account = account;
  order.market = market;
  order.side = side;
  order.px =
    side === BUY
      ? Math.min(spec.pxMax, ceilLegalPx(spec, markPx + slippage))
      : Math.max(1, floorLegalPx(spec, markPx - slippage));
  order.sz = sz;
  order.origSz = sz;
  order.tif = TIF.ioc;
  order.reduceOnly = true;
  order.oid = 0;
  order.slot = -1;
  placeOrder(core, order, false, touched);
}
