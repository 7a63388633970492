/** History from the windows of the read models alone. */
import type { Hex } from "../base/hex.ts";
import { type Candle, closedCandles, currentCandle } from "./candles.ts";
import { fillsOf } from "./fills.ts";
import { paymentsOf, ratesOf } from "./fundings.ts";
import type { HistoryQueries, HistorySpan } from "./history-queries.ts";
import { ledgerOf, movesOf } from "./ledger.ts";
import { finishedOrdersOf, orderByCloid, orderByOid } from "./orders.ts";
import type { ReadModels } from "./read-models.ts";

/** The same questions, answered at once. */
export interface MemoryHistory extends HistoryQueries {
  fills(...asked: Parameters<HistoryQueries["fills"]>): ReturnType<typeof fillsOf>;
  finishedOrders(account: number, count: number): ReturnType<typeof finishedOrdersOf>;
  orderByOid(account: number, oid: number): ReturnType<typeof orderByOid>;
  orderByCloid(account: number, cloid: string): ReturnType<typeof orderByCloid>;
  payments(account: number, span: HistorySpan): ReturnType<typeof paymentsOf>;
  rates(market: number, span: HistorySpan): ReturnType<typeof ratesOf>;
  ledger(account: number, span: HistorySpan): ReturnType<typeof ledgerOf>;
  moves(account: number, span: HistorySpan): ReturnType<typeof movesOf>;
  candles(...asked: Parameters<HistoryQueries["candles"]>): Candle[];
}

/** What the windows of `models` hold. */
export const createMemoryHistory = (models: ReadModels): MemoryHistory => ({
  fills: (account, span) => inSpan(fillsOf(models.fills, account), span, timeOf),
  finishedOrders: (account, count) => finishedOrdersOf(models.orders, account).slice(0, count),
  orderByOid: (account, oid) => orderByOid(models.orders, account, oid),
  orderByCloid: (account, cloid) => orderByCloid(models.orders, account, cloid as Hex),
  payments: (account, span) => inSpan(paymentsOf(models.fundings, account), span, timeOf),
  rates: (market, span) => inSpan(ratesOf(models.fundings, market), span, timeOf),
  ledger: (account, span) => inSpan(ledgerOf(models.ledger, account), span, timeOf),
  moves: (account, span) => inSpan(movesOf(models.ledger, account), span, timeOf),
  candles: ({ market, interval }, span) =>
    inSpan(candlesOf(models, market, interval), span, openOf),
});

const timeOf = ({ timeMs }: { readonly timeMs: number }): number => timeMs;
const openOf = ({ openMs }: Candle): number => openMs;

function candlesOf({ candles }: ReadModels, market: number, interval: number): Candle[] {
  const current = currentCandle(candles, market, interval);
  const closed = closedCandles(candles, market, interval);
  return current === null ? closed : [{ ...current }, ...closed];
}

/** What of a list, newest first, a span asks for. */
export function inSpan<T>(newestFirst: T[], span: HistorySpan, time: (item: T) => number): T[] {
  const { fromMs, toMs, count } = span;
  const held = newestFirst.filter((item) => time(item) >= fromMs && time(item) <= toMs);
  return (span.newestFirst ? held : held.reverse()).slice(0, count);
}
