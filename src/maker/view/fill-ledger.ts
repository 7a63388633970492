/**
 * The maker's own books: position, cost, realised PnL, fees and funding in exact micros, folded from
 * fills that are each counted once by their trade id, and payments that are each counted once by their time.
 *
 * Opened at a baseline: the position found at the start counts at the venue's mark of that moment,
 * so that PnL is what this run made. Exact at every moment:
 *
 *   realised - cost = tradeCash - baselineValue            (checked after every fill)
 *   realised + (value - cost) - fees + funding = (tradeCash - fees + funding) + value - baselineValue
 *
 * with value = position x mark. The left side is what is shown as PnL, the right side is change of
 * cash plus change of inventory value. Against the venue's equity the difference is the residual:
 * transfers and other markets, or an error worth knowing.
 */
import { assert } from "../../base/assert.ts";
import { mulDivTrunc } from "../../base/rounding.ts";
import { sideSign } from "../../base/side.ts";
import type { AccountSnapshot, VenueFill, VenueFunding } from "../venue.ts";

/** Trade ids remembered; a repeat older than this many fills would count again. */
const TIDS_BOUND = 100_000;
/** Times of payments remembered: most of a year of hours. */
const PAYMENTS_BOUND = 8_000;
/** Fills kept until the ledger opens. */
const EARLY_BOUND = 10_000;

/** Position, cost and PnL since the baseline. */
export interface FillLedger {
  /** Null until the account was read once. */
  baseline: AccountSnapshot | null;
  /** Trade ids counted, oldest first. */
  readonly tids: Set<number>;
  /** Fills that came before the baseline. */
  early: VenueFill[];
  /** [lots], positive = long. */
  position: number;
  /** Signed cost of the position [10^-6 USDC]. */
  cost: number;
  /** Gross of fees [10^-6 USDC]. */
  realised: number;
  /** Paid [10^-6 USDC]. */
  fees: number;
  /** Received for holding, negative = paid [10^-6 USDC]. */
  funding: number;
  /** Venue times of the payments counted, oldest first [ms]. */
  readonly paidMs: Set<number>;
  /** Payments that came before the baseline. */
  earlyFunding: VenueFunding[];
  /** Venue time of the latest payment [ms]. */
  lastFundingMs: number;
  /** Cash received for fills, gross of fees [10^-6 USDC]. */
  tradeCash: number;
  /** Value of the position found at the start and of later corrections [10^-6 USDC]. */
  baselineValue: number;
  /** Traded [10^-6 USDC]. */
  volume: number;
  /** Fills counted. */
  count: number;
  /** Fills that were seen again. */
  repeats: number;
  /** Venue time of the latest fill [ms]. */
  lastFillMs: number;
  /** Position that the venue had and no fill explained, taken over [lots], summed by size. */
  adjustedLots: number;
  /** Latest fills, newest last. */
  recent: VenueFill[];
}

/** PnL parts at one mark; total = realised + unrealised - fees + funding [10^-6 USDC]. */
export interface PnlParts {
  readonly realised: number;
  readonly unrealised: number;
  readonly fees: number;
  /** Negative = paid. */
  readonly funding: number;
  readonly total: number;
  /** Change of cash since the baseline, net of fees and with funding. */
  readonly cashChange: number;
  /** Position at the mark. */
  readonly inventoryValue: number;
  /** Baseline position at its mark; total = cashChange + inventoryValue - baselineValue. */
  readonly baselineValue: number;
}

/** A ledger that has not been opened. */
export const createFillLedger = (): FillLedger => ({
  baseline: null,
  tids: new Set(),
  early: [],
  position: 0,
  cost: 0,
  realised: 0,
  fees: 0,
  funding: 0,
  paidMs: new Set(),
  earlyFunding: [],
  lastFundingMs: 0,
  tradeCash: 0,
  baselineValue: 0,
  volume: 0,
  count: 0,
  repeats: 0,
  lastFillMs: 0,
  adjustedLots: 0,
  recent: [],
});

/** Opens the ledger at an account snapshot; returns fills that had come early and are to be noted again. */
export function openLedger(ledger: FillLedger, account: AccountSnapshot): VenueFill[] {
  assert(ledger.baseline === null, "a ledger opens once");
  ledger.baseline = account;
  ledger.position = account.position;
  ledger.cost = account.positionValue;
  ledger.baselineValue = account.positionValue;
  const early = ledger.early;
  ledger.early = [];
  for (const payment of ledger.earlyFunding.splice(0)) noteFunding(ledger, payment);
  return early;
}

/**
 * Counts a payment unless it was counted before or belongs to the time before the baseline. True when
 * counted.
 */
export function noteFunding(ledger: FillLedger, payment: VenueFunding): boolean {
  const { baseline, paidMs } = ledger;
  const { timeMs, amount } = payment;
  if (baseline === null) {
    if (ledger.earlyFunding.length < EARLY_BOUND) ledger.earlyFunding.push(payment);
    return false;
  }
  if (timeMs <= baseline.timeMs || paidMs.has(timeMs)) return false;
  remember(paidMs, timeMs, PAYMENTS_BOUND);
  ledger.funding += amount;
  ledger.lastFundingMs = Math.max(ledger.lastFundingMs, timeMs);
  assert(Number.isSafeInteger(ledger.funding), "what was paid for holding is a safe integer");
  return true;
}

/**
 * Counts a fill unless it was counted before or belongs to the time before the baseline. `ours`
 * says that an order of this run filled, which no baseline can contain. True when counted.
 */
export function noteFill(
  ledger: FillLedger,
  fill: VenueFill,
  { ours, recentMax }: { ours: boolean; recentMax: number },
): boolean {
  if (ledger.baseline === null) {
    if (ledger.early.length < EARLY_BOUND) ledger.early.push(fill);
    return false;
  }
  if (!ours && fill.timeMs <= ledger.baseline.timeMs) return false;
  if (ledger.tids.has(fill.tid)) {
    ledger.repeats += 1;
    return false;
  }
  remember(ledger.tids, fill.tid, TIDS_BOUND);
  applyFill(ledger, fill);
  ledger.count += 1;
  ledger.volume += fill.px * fill.sz;
  ledger.lastFillMs = Math.max(ledger.lastFillMs, fill.timeMs);
  ledger.recent.push(fill);
  if (ledger.recent.length > recentMax) ledger.recent.shift();
  return true;
}

/** Takes over a position that the venue has and no fill explains, at a mark: no PnL arises. */
export function adjustPosition(ledger: FillLedger, lots: number, markPx: number): void {
  ledger.position += lots;
  ledger.cost += lots * markPx;
  ledger.baselineValue += lots * markPx;
  ledger.adjustedLots += Math.abs(lots);
  if (ledger.position === 0) realiseRest(ledger);
  assertExact(ledger);
}

/** PnL parts with the position at `markPx` [ticks]. */
export function pnlAt(ledger: FillLedger, markPx: number): PnlParts {
  const inventoryValue = ledger.position * markPx || 0;
  return pnlAtValue(ledger, inventoryValue);
}

/** PnL parts with the position at a given value [10^-6 USDC]. */
function pnlAtValue(ledger: FillLedger, inventoryValue: number): PnlParts {
  const unrealised = inventoryValue - ledger.cost || 0;
  return {
    realised: ledger.realised,
    unrealised,
    fees: ledger.fees,
    funding: ledger.funding,
    total: ledger.realised + unrealised - ledger.fees + ledger.funding,
    cashChange: ledger.tradeCash - ledger.fees + ledger.funding || 0,
    inventoryValue,
    baselineValue: ledger.baselineValue,
  };
}

/**
 * Change of the venue's equity that the ledger does not explain, at the venue's own valuation
 * [10^-6 USDC]; null when the positions differ, for then fills are still on their way.
 */
export function residualAgainst(ledger: FillLedger, account: AccountSnapshot): number | null {
  if (ledger.baseline === null || account.position !== ledger.position) return null;
  const change = account.equity - ledger.baseline.equity;
  return change - pnlAtValue(ledger, account.positionValue).total || 0;
}

function applyFill(ledger: FillLedger, fill: VenueFill): void {
  const sign = sideSign(fill.side);
  const held = Math.abs(ledger.position);
  const closing = ledger.position * sign < 0 ? Math.min(held, fill.sz) : 0;
  if (closing > 0) {
    const released = closing === held ? ledger.cost : mulDivTrunc(ledger.cost, closing, held);
    ledger.realised += -sign * fill.px * closing - released;
    ledger.cost -= released;
  }
  ledger.cost += sign * fill.px * (fill.sz - closing);
  ledger.position += sign * fill.sz;
  ledger.tradeCash -= sign * fill.px * fill.sz;
  ledger.fees += fill.fee;
  assertExact(ledger);
}

/** With no position left there is no cost either: what rests of it is realised. */
function realiseRest(ledger: FillLedger): void {
  ledger.realised -= ledger.cost;
  ledger.cost = 0;
}

function remember(seen: Set<number>, id: number, bound: number): void {
  seen.add(id);
  if (seen.size <= bound) return;
  const oldest = seen.values().next();
  if (oldest.done !== true) seen.delete(oldest.value);
}

function assertExact(ledger: FillLedger): void {
  assert(
    ledger.realised - ledger.cost === ledger.tradeCash - ledger.baselineValue,
    "realised minus cost is cash change minus baseline value",
  );
  assert(Number.isSafeInteger(ledger.tradeCash), "the cash of fills is a safe integer");
}
