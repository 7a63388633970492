/**
 * Funding: samples of the premium between payments, and a payment by every position at the end of an
 * interval. See docs/formulas/funding.md. With impact prices b and a, oracle o, samples p_i:
 *
 *   p_i  = (max(b - o, 0) - max(o - a, 0)) / o, within +-1                 [1, kept in 10^-12]
 *   P    = mean of p_i                                                     [10^-12]
 *   F    = P + clamp(interest - P, -clamp, +clamp)                         [10^-12 a period]
 *   rate = F / divisor, within +-cap                                       [10^-12 a payment]
 *   paid = size x o x rate          longs pay where the rate is positive   [10^-6 USDC]
 *
 * Source: Hyperliquid's documentation, "Funding". Payers are rounded up and receivers down; the
 * difference, less than a unit a position, is the residue. All positions of a market pay within one
 * command, in order of rows, so that nobody trades between one payment and the next.
 */
import { mulDivCeil, mulDivTrunc } from "../../base/rounding.ts";
import { BUY, SELL, type Side } from "../../base/side.ts";
import { POSITION } from "../account/position.ts";
import type { Book } from "../book/book.ts";
import { ORDER } from "../book/order-table.ts";
import { beginEvent, type Core, commandTimeMs } from "../core.ts";
import { EVENT, FUNDING_EVENT, FUNDING_TERMS_EVENT } from "../event.ts";
import { addScopeMoney } from "../margin/isolated.ts";
import { FUNDING_LANES, FUNDING_ROW, openFundingRow } from "../oracle/funding-row.ts";
import { E12, type FundingTerms } from "./funding-terms.ts";

/** Puts a market's terms in force; the interval begins anew, its samples are forgotten. */
export function setFunding(
  core: Core,
  market: number,
  terms: FundingTerms,
  impactNotional: number,
): void {
  const { fundings } = core;
  openFundingRow(fundings, market);
  const { f64 } = fundings.rows;
  const at = market * FUNDING_LANES;
  const nowMs = commandTimeMs(core);
  const { intervalMs, sampleMs, interest, clamp, divisor, cap } = terms;
  f64[at + FUNDING_ROW.intervalMs] = intervalMs + 0;
  f64[at + FUNDING_ROW.sampleMs] = sampleMs;
  f64[at + FUNDING_ROW.interest] = interest + 0;
  f64[at + FUNDING_ROW.clamp] = clamp + 0;
  f64[at + FUNDING_ROW.divisor] = divisor;
  f64[at + FUNDING_ROW.cap] = cap + 0;
  f64[at + FUNDING_ROW.impactNotional] = impactNotional;
  f64[at + FUNDING_ROW.nextSampleMs] = intervalMs === 0 ? 0 : boundaryAfter(nowMs, sampleMs);
  f64[at + FUNDING_ROW.nextPaymentMs] = intervalMs === 0 ? 0 : boundaryAfter(nowMs, intervalMs);
  f64[at + FUNDING_ROW.premiumSum] = 0;
  f64[at + FUNDING_ROW.samples] = 0;
  f64[at + FUNDING_ROW.lastPremium] = 0;
  f64[at + FUNDING_ROW.lastRate] = 0;
  const lane = beginEvent(core, EVENT.fundingSet, -1, market, -1);
  const { lanes } = core.events;
  lanes[lane + FUNDING_TERMS_EVENT.intervalMs] = intervalMs + 0;
  lanes[lane + FUNDING_TERMS_EVENT.sampleMs] = sampleMs;
  lanes[lane + FUNDING_TERMS_EVENT.interest] = interest + 0;
  lanes[lane + FUNDING_TERMS_EVENT.clamp] = clamp + 0;
  lanes[lane + FUNDING_TERMS_EVENT.divisor] = divisor;
  lanes[lane + FUNDING_TERMS_EVENT.cap] = cap + 0;
  lanes[lane + FUNDING_TERMS_EVENT.impactNotional] = impactNotional;
}

/** Multiples of a span since the epoch: payments fall on full hours. */
const boundaryAfter = (nowMs: number, span: number): number =>
  (Math.floor(nowMs / span) + 1) * span;

/** Earliest time at which a tick samples or pays; Infinity = none [ms]. */
export function nextFundingMs({ fundings }: Core): number {
  const { f64 } = fundings.rows;
  let next = Number.POSITIVE_INFINITY;
  for (let market = 0; market < fundings.table.count; market++) {
    const at = market * FUNDING_LANES;
    if (f64[at + FUNDING_ROW.intervalMs] === 0) continue;
    next = Math.min(
      next,
      f64[at + FUNDING_ROW.nextSampleMs] as number,
      f64[at + FUNDING_ROW.nextPaymentMs] as number,
    );
  }
  return next;
}

/**
 * Samples and pays what is due on a market; called on ticks. True where its positions have paid, and
 * who is under maintenance by it is to be found. Without an index price times pass and nothing is done.
 */
export function fundDue(core: Core, market: number): boolean {
  const { f64 } = core.fundings.rows;
  const at = market * FUNDING_LANES;
  if (f64[at + FUNDING_ROW.intervalMs] === 0) return false;
  const nowMs = commandTimeMs(core);
  const isPayment = nowMs >= (f64[at + FUNDING_ROW.nextPaymentMs] as number);
  if (!isPayment && nowMs < (f64[at + FUNDING_ROW.nextSampleMs] as number)) return false;
  const hasPx = core.oracle.px.data[market] !== 0;
  if (hasPx) samplePremium(core, market);
  f64[at + FUNDING_ROW.nextSampleMs] = boundaryAfter(
    nowMs,
    f64[at + FUNDING_ROW.sampleMs] as number,
  );
  if (!isPayment) return false;
  if (hasPx) payFunding(core, market);
  f64[at + FUNDING_ROW.nextPaymentMs] = boundaryAfter(
    nowMs,
    f64[at + FUNDING_ROW.intervalMs] as number,
  );
  f64[at + FUNDING_ROW.premiumSum] = 0;
  f64[at + FUNDING_ROW.samples] = 0;
  return hasPx;
}

/** What the impact notional would take from a side: notional [10^-6 USDC] and lots; 0 lots = too thin. */
const impact = { notional: 0, lots: 0 };

function measureImpact(core: Core, market: number, side: Side): void {
  const { f64, i32 } = core.orders.rows;
  let left = core.fundings.rows.f64[market * FUNDING_LANES + FUNDING_ROW.impactNotional] as number;
  impact.notional = 0;
  impact.lots = 0;
  (core.books[market] as Book).some(side, (slot) => {
    const px = i32[slot * 16 + ORDER.px] as number;
    const sz = f64[slot * 8 + ORDER.sz] as number;
    const whole = px * sz;
    const lots = whole <= left ? sz : Math.floor(left / px);
    impact.notional += lots * px;
    impact.lots += lots;
    left = whole < left ? left - whole : 0;
    return left <= 0;
  });
  if (left > 0) impact.lots = 0;
}

/** How far the average impact price stands above the oracle (below: negative) [10^-12]. */
function aboveOracle(oraclePx: number): number {
  const value = impact.lots * oraclePx;
  const above = impact.notional - value;
  return above >= value ? E12 : mulDivTrunc(above, E12, value);
}

function samplePremium(core: Core, market: number): void {
  const { f64 } = core.fundings.rows;
  const at = market * FUNDING_LANES;
  const oraclePx = core.oracle.px.data[market] as number;
  let premium = 0;
  measureImpact(core, market, BUY);
  if (impact.lots > 0) premium += Math.max(0, aboveOracle(oraclePx));
  const isBidThick = impact.lots > 0;
  measureImpact(core, market, SELL);
  if (impact.lots > 0) premium += Math.min(0, aboveOracle(oraclePx));
  // A book without the depth on both sides says nothing.
  const sample = isBidThick && impact.lots > 0 ? premium + 0 : 0;
  f64[at + FUNDING_ROW.lastPremium] = sample;
  f64[at + FUNDING_ROW.premiumSum] = (f64[at + FUNDING_ROW.premiumSum] as number) + sample;
  f64[at + FUNDING_ROW.samples] = (f64[at + FUNDING_ROW.samples] as number) + 1;
}

/** Mean of the interval's samples; 0 without one [10^-12]. */
function meanPremium(core: Core, market: number): number {
  const { f64 } = core.fundings.rows;
  const at = market * FUNDING_LANES;
  const samples = f64[at + FUNDING_ROW.samples] as number;
  return samples === 0 ? 0 : mulDivTrunc(f64[at + FUNDING_ROW.premiumSum] as number, 1, samples);
}

/** Rate of a payment by a mean premium [10^-12]. */
function fundingRate(premium: number, terms: FundingTerms): number {
  const { interest, clamp, divisor, cap } = terms;
  const pull = Math.min(Math.max(interest - premium, -clamp), clamp);
  const rate = mulDivTrunc(premium + pull, 1, divisor);
  return Math.min(Math.max(rate, -cap), cap) + 0;
}

/** A market's terms; of a market whose interval is 0 they mean nothing. */
function termsOf(core: Core, market: number): FundingTerms {
  const { f64 } = core.fundings.rows;
  const at = market * FUNDING_LANES;
  return {
    intervalMs: f64[at + FUNDING_ROW.intervalMs] as number,
    sampleMs: f64[at + FUNDING_ROW.sampleMs] as number,
    interest: f64[at + FUNDING_ROW.interest] as number,
    clamp: f64[at + FUNDING_ROW.clamp] as number,
    divisor: f64[at + FUNDING_ROW.divisor] as number,
    cap: f64[at + FUNDING_ROW.cap] as number,
  };
}

/** Books the payments of one market's positions, and the residue. */
function payFunding(core: Core, market: number): void {
  const { fundings, positions } = core;
  const at = market * FUNDING_LANES;
  const oraclePx = core.oracle.px.data[market] as number;
  const premium = meanPremium(core, market);
  const rate = fundingRate(premium, termsOf(core, market));
  const samples = fundings.rows.f64[at + FUNDING_ROW.samples] as number;
  const { f64, i32 } = positions.rows;
  let residue = 0;
  for (let row = 0; row < positions.table.count; row++) {
    if (i32[row * 16 + POSITION.market] !== market) continue;
    const size = f64[row * 8 + POSITION.size] as number;
    if (size === 0) continue;
    const account = positions.account.data[row] as number;
    const notional = Math.abs(size) * oraclePx;
    const pays = size > 0 === rate > 0;
    const received = pays
      ? 0 - mulDivCeil(notional, Math.abs(rate), E12)
      : mulDivTrunc(notional, Math.abs(rate), E12);
    addScopeMoney(core, row, received);
    residue -= received;
    const lane = beginEvent(core, EVENT.fundingPaid, account, market, -1);
    fillFundingLanes(core, lane, received, size, oraclePx, rate, premium, samples);
  }
  fundings.rows.f64[at + FUNDING_ROW.lastRate] = rate;
  fundings.residue.data[0] = (fundings.residue.data[0] as number) + residue;
  const lane = beginEvent(core, EVENT.fundingSettled, -1, market, -1);
  fillFundingLanes(core, lane, residue + 0, 0, oraclePx, rate, premium, samples);
}

function fillFundingLanes(
  core: Core,
  lane: number,
  amount: number,
  size: number,
  oraclePx: number,
  rate: number,
  premium: number,
  samples: number,
): void {
  const { lanes } = core.events;
  lanes[lane + FUNDING_EVENT.amount] = amount;
  lanes[lane + FUNDING_EVENT.size] = size;
  lanes[lane + FUNDING_EVENT.oraclePx] = oraclePx;
  lanes[lane + FUNDING_EVENT.rate] = rate;
  lanes[lane + FUNDING_EVENT.premium] = premium;
  lanes[lane + FUNDING_EVENT.samples] = samples;
}

/** A market's funding as one may show it. */
export interface FundingView {
  readonly terms: FundingTerms;
  /** [10^-6 USDC] */
  readonly impactNotional: number;
  /** Rate that a payment would have by the samples so far, and that of the last payment [10^-12]. */
  readonly predictedRate: number;
  readonly lastRate: number;
  /** Latest sample [10^-12]. */
  readonly lastPremium: number;
  /** [ms] */
  readonly nextPaymentMs: number;
}

/** Terms of a market, also where they say none is paid; null where none were set. */
export function fundingTermsOf(core: Core, market: number): FundingTerms | null {
  const { fundings } = core;
  const isSet =
    market < fundings.table.count &&
    fundings.rows.f64[market * FUNDING_LANES + FUNDING_ROW.sampleMs] !== 0;
  return isSet ? termsOf(core, market) : null;
}

/** Funding of a market; null where it has none. */
export function fundingView(core: Core, market: number): FundingView | null {
  const { fundings } = core;
  const at = market * FUNDING_LANES;
  const { f64 } = fundings.rows;
  if (market >= fundings.table.count || f64[at + FUNDING_ROW.intervalMs] === 0) return null;
  const terms = termsOf(core, market);
  return {
    terms,
    impactNotional: f64[at + FUNDING_ROW.impactNotional] as number,
    predictedRate: fundingRate(meanPremium(core, market), terms),
    lastRate: f64[at + FUNDING_ROW.lastRate] as number,
    lastPremium: f64[at + FUNDING_ROW.lastPremium] as number,
    nextPaymentMs: f64[at + FUNDING_ROW.nextPaymentMs] as number,
  };
}
