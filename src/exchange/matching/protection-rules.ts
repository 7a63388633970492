/**
 * Rules that protect a market and who trades there: how the market stands, how far a limit may lie
 * from the index price, how large one order may be, how many orders an account may have open. They
 * come behind all others, in the precedence of `REJECT`.
 *
 * An order that waited for its trigger was held to its own size and number when it was placed; when
 * it fires the market is open, and the rules left are those about what it does now.
 */
import { MARKET_STATE, PROTECTION } from "../../base/market-protection.ts";
import { REJECT, type RejectCode } from "../../base/reject-code.ts";
import { mulRateTrunc } from "../../base/rounding.ts";
import { BUY } from "../../base/side.ts";
import { isImmediate, TIF } from "../../base/time-in-force.ts";
import { MICROS_PER_USDC } from "../../base/units.ts";
import { ACCOUNT } from "../account/account.ts";
import { OWNER, OWNER_LANES } from "../book/order-table.ts";
import type { Core } from "../core.ts";
import type { MarketTerms } from "../market/market-terms.ts";
import { STANDING, settingOf, standingOf } from "../market/protection.ts";
import { NUMBER } from "../numbers.ts";
import type { IncomingOrder } from "./order-event.ts";

/** Why an order is refused, with the figures of the reject. */
export interface Refusal {
  code: RejectCode;
  a?: number;
  b?: number;
}

/** Open orders that every account may have, and at most: one more for each 5M USDC ever traded. */
export const OPEN_ORDERS_START = 1_000;
const OPEN_ORDERS_MAX = 5_000;
const VOLUME_PER_ORDER = 5_000_000 * MICROS_PER_USDC;
const E9_PER_PERCENT = 10_000_000;

/** What stands against an order that goes into the book now. */
export function protectionProblem(core: Core, order: IncomingOrder): Refusal | null {
  const { isGuarded } = core.terms[order.market] as MarketTerms;
  const state = isGuarded ? stateProblem(core, order) : null;
  if (order.isTriggered) return state;
  return (
    state ??
    distanceProblem(core, order) ??
    (isGuarded ? bandProblem(core, order) : null) ??
    sizeProblem(core, order) ??
    countProblem(core, order)
  );
}

/** What stands against an order that is to wait for its trigger. */
export function waitProtectionProblem(core: Core, order: IncomingOrder): Refusal | null {
  const { isGuarded } = core.terms[order.market] as MarketTerms;
  return (
    (isGuarded ? stateProblem(core, order) : null) ??
    distanceProblem(core, order) ??
    sizeProblem(core, order) ??
    countProblem(core, order)
  );
}

/** Whether a market has as much open interest as it may [10^-6 USDC, at the mark price]. */
export function isAtCap(core: Core, market: number): boolean {
  const most = setting(core, market, PROTECTION.openInterestMax);
  if (most === 0) return false;
  const lots = core.positions.openInterest[market] as number;
  return lots * (core.oracle.mark.data[market] as number) >= most;
}

const setting = (core: Core, market: number, lane: number): number =>
  settingOf(core.protection, core.markets, market, lane);

function stateProblem(core: Core, order: IncomingOrder): Refusal | null {
  const state = standingOf(core.protection, order.market, STANDING.state);
  if (state === MARKET_STATE.cancelOnly) return { code: REJECT.tradingHalted };
  const isPassive = order.isTrigger || order.tif === TIF.alo;
  return state === MARKET_STATE.postOnly && !isPassive ? { code: REJECT.postOnlyPeriod } : null;
}

/** An order that waits is measured against the price at which it fires; one at market then has no limit. */
function distanceProblem(core: Core, order: IncomingOrder): Refusal | null {
  const { market, px, triggerPx } = order;
  const { pxLow, pxHigh } = core.terms[market] as MarketTerms;
  if (order.isTrigger ? isImmediate(order.tif) : px >= pxLow && px <= pxHigh) return null;
  const distance = setting(core, market, PROTECTION.distance);
  const isNear =
    order.isTrigger &&
    (distance === 0 || Math.abs(px - triggerPx) <= mulRateTrunc(triggerPx, distance));
  return isNear ? null : { code: REJECT.pxTooFar, a: distance / E9_PER_PERCENT };
}

function bandProblem(core: Core, { market, side, px }: IncomingOrder): Refusal | null {
  const band = setting(core, market, PROTECTION.band);
  if (band === 0) return null;
  const indexPx = core.oracle.px.data[market] as number;
  const away = side === BUY ? px - indexPx : indexPx - px;
  return away > mulRateTrunc(indexPx, band) ? { code: REJECT.pxOutOfBand } : null;
}

/** An order at market counts at the index price: its limit says how far it may go, not what it costs. */
function sizeProblem(core: Core, order: IncomingOrder): Refusal | null {
  const { market, sz } = order;
  const { notionalMax, marketNotionalMax } = core.terms[market] as MarketTerms;
  const isAtMarket = isImmediate(order.tif);
  const a = isAtMarket ? marketNotionalMax : notionalMax;
  const px = isAtMarket ? (core.oracle.px.data[market] as number) : order.px;
  return px * sz > a ? { code: REJECT.notionalTooLarge, a } : null;
}

/** Where limits are on. Orders that only reduce, and those that wait, must leave room for others. */
function countProblem(core: Core, order: IncomingOrder): Refusal | null {
  if (core.numbers.data[NUMBER.limitsOn] !== 1) return null;
  if (isImmediate(order.tif) && !order.isTrigger) return null;
  const { account } = order;
  const open = core.orders.ownerRows.i32[account * OWNER_LANES + OWNER.liveCount] as number;
  if (open < OPEN_ORDERS_START) return null;
  const volume = core.accounts.rows.f64[account * 8 + ACCOUNT.volume] as number;
  const earned = OPEN_ORDERS_START + Math.floor(volume / VOLUME_PER_ORDER);
  const isMinor = order.reduceOnly || order.isTrigger;
  const most = isMinor ? OPEN_ORDERS_START : Math.min(OPEN_ORDERS_MAX, earned);
  return open >= most ? { code: REJECT.tooManyOrders, a: most } : null;
}
