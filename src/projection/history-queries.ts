import type { Candle } from "./candles.ts";
import type { FillView } from "./fills.ts";
import type { FundingItem } from "./fundings.ts";
import type { LedgerItem, MoveItem } from "./ledger.ts";
import type { OrderView } from "./orders.ts";

/** At once where memory has it, later where a disk is asked. */
export type Answer<T> = T | Promise<T>;

/** A span of time, both ends in it [ms], and how much of it is wanted. */
export interface HistorySpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
  /** From its end back, instead of from its beginning on. */
  readonly newestFirst: boolean;
}

/**
 * What is asked about the past. Every answer is of one moment, that of the call: it holds all that
 * the read models have folded by then, and nothing later.
 */
export interface HistoryQueries {
  fills(account: number, span: HistorySpan): Answer<FillView[]>;
  /** Newest first. */
  finishedOrders(account: number, count: number): Answer<OrderView[]>;
  /** Live or finished. */
  orderByOid(account: number, oid: number): Answer<OrderView | undefined>;
  /** The newest that bears it; a refused one only where no other does. */
  orderByCloid(account: number, cloid: string): Answer<OrderView | undefined>;
  payments(account: number, span: HistorySpan): Answer<FundingItem[]>;
  rates(market: number, span: HistorySpan): Answer<FundingItem[]>;
  ledger(account: number, span: HistorySpan): Answer<LedgerItem[]>;
  /** Positions that changed hands. */
  moves(account: number, span: HistorySpan): Answer<MoveItem[]>;
  /** By the time at which they opened; the one under way included. */
  candles(series: CandleSeriesKey, span: HistorySpan): Answer<Candle[]>;
}

/** A market's candles of one interval; `interval` is its place in `CANDLE_INTERVALS`. */
export interface CandleSeriesKey {
  readonly market: number;
  readonly interval: number;
}

/** A span that holds everything, newest first. */
export const newest = (count: number): HistorySpan => ({
  fromMs: 0,
  toMs: Number.MAX_SAFE_INTEGER,
  count,
  newestFirst: true,
});

/** Goes on with an answer, at once where it is there. */
export const withAnswer = <T, R>(answer: Answer<T>, use: (value: T) => Answer<R>): Answer<R> =>
  answer instanceof Promise ? answer.then(use) : use(answer);
