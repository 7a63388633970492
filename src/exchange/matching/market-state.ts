/**
 * How a market stands: open, taking cancels alone, or orders that only add. A move of the mark price
 * beyond the market's bound, or the operator, halts it; it opens again by the command clock, first for
 * orders that only add where the market says so. While it is not open nothing matches: triggers and
 * liquidations wait, and what the price has reached meanwhile has its turn when it opens.
 *
 * Moves are looked for in two windows, the running one and the one before, by the lowest and highest
 * price of both. A price holds until the next, so the last one of a window is the first of the next.
 *
 * Liquidations also wait while the last index price is older than the market allows, for margin by an
 * old price is a guess. The next price lets them go on.
 */
import { MARKET_STATE, type MarketState, PROTECTION } from "../../base/market-protection.ts";
import { mulRateTrunc } from "../../base/rounding.ts";
import { beginEvent, type Core, commandTimeMs } from "../core.ts";
import { EVENT, MARKET_CAUSE, MARKET_STATE_EVENT } from "../event.ts";
import { isOpen, STANDING, setStanding, settingOf, standingOf } from "../market/protection.ts";
import { NUMBER } from "../numbers.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { renewBounds, renewPxBounds } from "../oracle/price-bounds.ts";
import { queueTriggers } from "./trigger.ts";

const standing = (core: Core, market: number, lane: number): number =>
  standingOf(core.protection, market, lane);
const setting = (core: Core, market: number, lane: number): number =>
  settingOf(core.protection, core.markets, market, lane);

/** To be called when a market's prices have been set: renews what hangs on them, and halts it after a move. */
export function notePrices(core: Core, market: number): void {
  renewPxBounds(core, market);
  const { protection } = core;
  if (market >= protection.table.count) return;
  if (standing(core, market, STANDING.isStale) === 1) setStale(core, market, 0);
  protection.nextMs[0] = Math.min(protection.nextMs[0] as number, staleAtMs(core, market));
  const isWatched =
    setting(core, market, PROTECTION.moveMax) > 0 && isOpen(core.protection, market);
  if (isWatched) watchMove(core, market);
}

function watchMove(core: Core, market: number): void {
  const px = markPxOf(core.oracle, market);
  if (standing(core, market, STANDING.windowMs) === 0) beginWindows(core, market);
  else rollWindows(core, market);
  setStanding(core.protection, market, STANDING.lastPx, px);
  const low = standing(core, market, STANDING.low);
  const high = standing(core, market, STANDING.high);
  setStanding(core.protection, market, STANDING.low, Math.min(low, px));
  setStanding(core.protection, market, STANDING.high, Math.max(high, px));
  const lowest = Math.min(low, standing(core, market, STANDING.lowBefore));
  const highest = Math.max(high, standing(core, market, STANDING.highBefore));
  const moveMax = setting(core, market, PROTECTION.moveMax);
  const hasRisen = px - lowest > mulRateTrunc(lowest, moveMax);
  if (!hasRisen && highest - px <= mulRateTrunc(highest, moveMax)) return;
  const cancelOnlyMs = setting(core, market, PROTECTION.cancelOnlyMs);
  const state = cancelOnlyMs > 0 ? MARKET_STATE.cancelOnly : MARKET_STATE.postOnly;
  const lastsMs = cancelOnlyMs > 0 ? cancelOnlyMs : setting(core, market, PROTECTION.postOnlyMs);
  const untilMs = commandTimeMs(core) + lastsMs;
  const fromPx = hasRisen ? lowest : highest;
  setMarketState(core, market, { state, untilMs, cause: MARKET_CAUSE.move, px, fromPx });
}

/** Both windows begin at the market's price of now. */
function beginWindows(core: Core, market: number): void {
  const px = markPxOf(core.oracle, market);
  const set = (lane: number, value: number): void =>
    setStanding(core.protection, market, lane, value);
  set(STANDING.windowMs, px === 0 ? 0 : commandTimeMs(core));
  for (const lane of [
    STANDING.lastPx,
    STANDING.low,
    STANDING.high,
    STANDING.lowBefore,
    STANDING.highBefore,
  ])
    set(lane, px);
}

/** Moves on to the window that the command's time lies in. */
function rollWindows(core: Core, market: number): void {
  const { protection } = core;
  const lastsMs = setting(core, market, PROTECTION.moveWindowMs);
  const beganMs = standing(core, market, STANDING.windowMs);
  const passed = Math.floor((commandTimeMs(core) - beganMs) / lastsMs);
  if (passed === 0) return;
  const last = standing(core, market, STANDING.lastPx);
  const isNext = passed === 1;
  const low = isNext ? standing(core, market, STANDING.low) : last;
  const high = isNext ? standing(core, market, STANDING.high) : last;
  setStanding(protection, market, STANDING.windowMs, beganMs + passed * lastsMs);
  setStanding(protection, market, STANDING.lowBefore, low);
  setStanding(protection, market, STANDING.highBefore, high);
  setStanding(protection, market, STANDING.low, last);
  setStanding(protection, market, STANDING.high, last);
}

/** How a market is to stand. */
export interface StateChange {
  readonly state: MarketState;
  /** Until then; 0 = until it is changed [ms]. */
  readonly untilMs: number;
  /** A `MARKET_CAUSE` number. */
  readonly cause: number;
  /** The mark price that moved too far, and from which [ticks]. */
  readonly px?: number;
  readonly fromPx?: number;
}

/** Has a market stand otherwise; it has its row. */
export function setMarketState(core: Core, market: number, change: StateChange): void {
  const { protection } = core;
  const { state, untilMs, cause } = change;
  const wasOpen = isOpen(protection, market);
  const endMs = state === MARKET_STATE.open ? 0 : untilMs;
  setStanding(protection, market, STANDING.state, state);
  setStanding(protection, market, STANDING.untilMs, endMs);
  renewBounds(core, market);
  renewNextChange(core);
  const lane = beginEvent(core, EVENT.marketStateSet, -1, market, -1);
  const { lanes } = core.events;
  lanes[lane + MARKET_STATE_EVENT.state] = state;
  lanes[lane + MARKET_STATE_EVENT.untilMs] = endMs;
  lanes[lane + MARKET_STATE_EVENT.cause] = cause;
  lanes[lane + MARKET_STATE_EVENT.px] = change.px ?? 0;
  lanes[lane + MARKET_STATE_EVENT.fromPx] = change.fromPx ?? 0;
  if (wasOpen || state !== MARKET_STATE.open) return;
  beginWindows(core, market);
  queueTriggers(core, market);
}

function setStale(core: Core, market: number, value: 0 | 1): void {
  setStanding(core.protection, market, STANDING.isStale, value);
  const kind = value === 1 ? EVENT.liquidationsPaused : EVENT.liquidationsResumed;
  const lane = beginEvent(core, kind, -1, market, -1);
  core.events.lanes[lane + MARKET_STATE_EVENT.untilMs] = core.oracle.atMs.data[market] as number;
}

/** To be called when a market's settings have changed. */
export function noteSettings(core: Core, market: number): void {
  setStanding(core.protection, market, STANDING.windowMs, 0);
  if (setting(core, market, PROTECTION.moveMax) > 0) beginWindows(core, market);
  if (
    standing(core, market, STANDING.isStale) === 1 &&
    staleAtMs(core, market) > commandTimeMs(core)
  )
    setStale(core, market, 0);
  renewBounds(core, market);
  renewNextChange(core);
}

/** Changes the markets whose time has come. */
export function passMarketTimes(core: Core): void {
  const { protection } = core;
  // The lane and not a call: a large number that a call answers may be allocated.
  if ((protection.nextMs[0] as number) > (core.numbers.data[NUMBER.timeMs] as number)) return;
  for (let market = 0; market < protection.table.count; market++) {
    passMarketTime(core, market);
  }
  renewNextChange(core);
}

function passMarketTime(core: Core, market: number): void {
  const nowMs = commandTimeMs(core);
  for (;;) {
    const untilMs = standing(core, market, STANDING.untilMs);
    if (untilMs === 0 || untilMs > nowMs) break;
    const postOnlyMs = setting(core, market, PROTECTION.postOnlyMs);
    const isNextPost =
      standing(core, market, STANDING.state) === MARKET_STATE.cancelOnly && postOnlyMs > 0;
    setMarketState(core, market, {
      state: isNextPost ? MARKET_STATE.postOnly : MARKET_STATE.open,
      untilMs: untilMs + postOnlyMs,
      cause: MARKET_CAUSE.time,
    });
  }
  const isStale = standing(core, market, STANDING.isStale) === 1;
  if (!isStale && staleAtMs(core, market) <= nowMs) setStale(core, market, 1);
}

/** When a market's index price is too old; Infinity = never [ms]. */
function staleAtMs(core: Core, market: number): number {
  const staleMs = setting(core, market, PROTECTION.staleMs);
  if (staleMs === 0 || markPxOf(core.oracle, market) === 0) return Number.POSITIVE_INFINITY;
  return (core.oracle.atMs.data[market] as number) + staleMs;
}

/** When a market changes by itself, or a little sooner; Infinity = none does [ms]. */
export const nextMarketChangeMs = (core: Core): number => core.protection.nextMs[0] as number;

/** Finds out when the next market changes; a price that keeps one from it leaves this as it is. */
export function renewNextChange(core: Core): void {
  const { protection } = core;
  let nextMs = Number.POSITIVE_INFINITY;
  for (let market = 0; market < protection.table.count; market++) {
    const untilMs = standing(core, market, STANDING.untilMs);
    if (untilMs > 0) nextMs = Math.min(nextMs, untilMs);
    if (standing(core, market, STANDING.isStale) === 0)
      nextMs = Math.min(nextMs, staleAtMs(core, market));
  }
  protection.nextMs[0] = nextMs;
}
