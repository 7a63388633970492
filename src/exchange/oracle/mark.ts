/**
 * Owns what a mark price follows by: a row a market, from the first command that sets its terms on,
 * with the terms and two averages of what was seen at oracle prices. A market without a row is marked
 * at its oracle price. See docs/formulas/mark.md. With oracle o, best bid b, best ask a, last trade t:
 *
 *   book   = median(b, a, t)                                               [ticks]
 *   basis  = average over 150 s of (a + b) / 2 - o                         [ticks]
 *   steady = average over 30 s of book                                     [ticks]
 *   mark   = median(o + basis, book, mid elsewhere), steady for the last where there is none
 *
 * Source: Hyperliquid's documentation, "Robust price indices". Averages are of samples at irregular
 * times, each with the weight of the time since the one before, decayed: a value with a weight.
 *
 * Marks move with oracle prices and by nothing else: whoever sets one finds what it reaches.
 */
import {
  addRecord,
  addRow,
  addTable,
  type RecordColumn,
  type Register,
  type Table,
} from "../../base/column.ts";
import { decayed, decayFactor } from "../../base/decay.ts";
import { BUY, SELL } from "../../base/side.ts";
import type { Book } from "../book/book.ts";
import { MARK_POLICY, type MarkTerms } from "./mark-terms.ts";

/** Float64 lanes of a row of 64 bytes. */
const ROW = {
  /** A `MARK_POLICY` number. */
  policy: 0,
  /** [ms] */
  basisTauMs: 1,
  bookTauMs: 2,
  /** Command time of the last sample; 0 = none yet [ms]. */
  sampledAtMs: 3,
  /** Average of mid - oracle [2^-20 ticks], and its weight [2^-20 ms]. */
  basis: 4,
  basisWeight: 5,
  /** Average of the book's price [2^-20 ticks], and its weight [2^-20 ms]. */
  book: 6,
  bookWeight: 7,
} as const;
const LANES = 8;
/** Units of a tick, and of a millisecond, in averages. */
const UNIT = 1_048_576;
/** A longer pause counts as this much: weights stay below 2^52 units [ms]. */
const PAUSE_MS_MAX = 2_147_483_648;

/** Rows of markets whose terms were set. */
export interface MarkRows {
  readonly table: Table;
  readonly rows: RecordColumn;
}

/** Every mark is the oracle price. */
export function createMarkRows(register: Register, marketsMax: number): MarkRows {
  const table = addTable(register, "marks", marketsMax);
  return { table, rows: addRecord(table, "rows", LANES * 8) };
}

/** Puts a market's terms in force from its next oracle price on; averages begin anew. */
export function setMarkTerms(marks: MarkRows, market: number, terms: MarkTerms): void {
  while (marks.table.count <= market) addRow(marks.table);
  const { f64 } = marks.rows;
  const at = market * LANES;
  f64.fill(0, at, at + LANES);
  f64[at + ROW.policy] = terms.policy + 0;
  f64[at + ROW.basisTauMs] = terms.basisTauMs;
  f64[at + ROW.bookTauMs] = terms.bookTauMs;
}

/** Terms of a market; null where none were set. */
export function markTermsOf(marks: MarkRows, market: number): MarkTerms | null {
  const { f64 } = marks.rows;
  const at = market * LANES;
  if (market >= marks.table.count || f64[at + ROW.basisTauMs] === 0) return null;
  return {
    policy: f64[at + ROW.policy] as number,
    basisTauMs: f64[at + ROW.basisTauMs] as number,
    bookTauMs: f64[at + ROW.bookTauMs] as number,
  };
}

/** What a mark is made of besides the averages; filled by whoever asks, so that nothing is allocated. */
export const markInputs = {
  /** [ms] */
  nowMs: 0,
  /** [ticks] */
  oraclePx: 0,
  /** Price of the last trade; 0 = none yet [ticks]. */
  lastPx: 0,
  /** Mid of other venues' perps; 0 = not known [ticks]. */
  elsewherePx: 0,
  pxMax: 0,
};

/** The mark that a new oracle price in {@link markInputs} comes with [ticks]. */
export function nextMarkPx(marks: MarkRows, market: number, book: Book): number {
  const { oraclePx, elsewherePx, pxMax } = markInputs;
  const { f64 } = marks.rows;
  const at = market * LANES;
  if (market >= marks.table.count || f64[at + ROW.policy] === MARK_POLICY.oracle) return oraclePx;
  const bid = book.bestPx(BUY);
  const ask = book.bestPx(SELL);
  const hasBook = bid > 0 && ask > 0;
  const bookPx = hasBook ? bookPrice(bid, ask) : 0;
  if (hasBook) takeSample(f64, at, (bid + ask) * (UNIT / 2) - oraclePx * UNIT, bookPx);
  const own = oraclePx * UNIT + (f64[at + ROW.basis] as number);
  const mark = medianOfInputs(own, bookPx, elsewherePx * UNIT, f64[at + ROW.book] as number);
  return Math.min(Math.max(1, Math.floor(mark / UNIT + 0.5)), pxMax);
}

/** The last trade within the spread; the mid before any [2^-20 ticks]. */
function bookPrice(bid: number, ask: number): number {
  const { lastPx } = markInputs;
  if (lastPx === 0) return (bid + ask) * (UNIT / 2);
  return Math.min(Math.max(bid, lastPx), ask) * UNIT;
}

/** Of three that are there the middle one; a steady book price stands in where only two are [2^-20 ticks]. */
function medianOfInputs(own: number, book: number, elsewhere: number, steady: number): number {
  if (book > 0 && elsewhere > 0) return median(own, book, elsewhere);
  if (book > 0) return median(own, book, steady);
  if (elsewhere === 0) return own;
  return steady > 0 ? median(own, elsewhere, steady) : Math.floor((own + elsewhere) / 2);
}

const median = (a: number, b: number, c: number): number =>
  Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));

function takeSample(f64: Float64Array, at: number, basis: number, bookPx: number): void {
  const { nowMs } = markInputs;
  const sampledAtMs = f64[at + ROW.sampledAtMs] as number;
  const passedMs = sampledAtMs === 0 ? 0 : Math.min(nowMs - sampledAtMs, PAUSE_MS_MAX);
  const basisTauMs = f64[at + ROW.basisTauMs] as number;
  const bookTauMs = f64[at + ROW.bookTauMs] as number;
  average(f64, at + ROW.basis, basis, passedMs, decayFactor(passedMs, basisTauMs));
  average(f64, at + ROW.book, bookPx, passedMs, decayFactor(passedMs, bookTauMs));
  f64[at + ROW.sampledAtMs] = nowMs;
}

/** Takes a sample into the average whose value is at a lane and whose weight at the next. */
function average(
  f64: Float64Array,
  lane: number,
  sample: number,
  passedMs: number,
  factor: number,
): void {
  const passed = passedMs * UNIT;
  const weight = decayed(f64[lane + 1] as number, factor) + passed;
  const value = f64[lane] as number;
  const share = weight === 0 ? 1 : passed / weight;
  f64[lane] = value + Math.trunc((sample - value) * share) + 0;
  f64[lane + 1] = weight;
}
