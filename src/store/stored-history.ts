/**
 * History from memory as far as its windows reach, and from the store behind them. An answer is of
 * the moment it was asked for: the store is waited for until it has caught up with the read models,
 * and rows of later commands are left out.
 */
import { type Candle, currentCandle } from "../projection/candles.ts";
import type { FillView } from "../projection/fills.ts";
import type { FundingItem } from "../projection/fundings.ts";
import { type History, oldestItem } from "../projection/history.ts";
import { type HistoryQueries, type HistorySpan, newest } from "../projection/history-queries.ts";
import type { LedgerItem, MoveItem } from "../projection/ledger.ts";
import { createMemoryHistory, inSpan } from "../projection/memory-history.ts";
import { type OrderView, orderByCloid, orderByOid } from "../projection/orders.ts";
import type { ReadModels } from "../projection/read-models.ts";
import {
  candleKey,
  cloidBound,
  getU64,
  putOidKey,
  TIMED_SEQ_AT,
  type TimedTable,
  timedBound,
} from "./history-key.ts";
import {
  CANDLE_ROW,
  FILL_ROW,
  FUNDING_ROW,
  LEDGER_ROW,
  MOVE_ROW,
  ORDER_ROW,
  type RowForm,
} from "./history-row.ts";
import type { HistoryStore } from "./history-store.ts";

/** Rows fetched at a time. */
const CAPACITY_MAX = 256;

interface Timed {
  readonly timeMs: number;
}

/** What `models` and `store` know of the past together. */
export function createStoredHistory(models: ReadModels, store: HistoryStore): HistoryQueries {
  const memory = createMemoryHistory(models);
  const past = { models, store };
  const timed = <T extends Timed>(
    { table, form }: TimedRows<T>,
    owner: number,
    span: HistorySpan,
    window: { readonly kept: T[]; readonly history: History<T> | undefined },
  ): T[] | Promise<T[]> => {
    const { kept, history } = window;
    if (isWhole(models, history) || isCovered(span, kept.length, oldestMs(history))) return kept;
    return store.read((db) => readTimed({ ...past, db }, { table, form }, owner, span));
  };
  return {
    fills: (account, span) =>
      timed(FILLS, account, span, {
        kept: memory.fills(account, span),
        history: models.fills.accounts.get(account),
      }),
    finishedOrders(account, count) {
      const kept = memory.finishedOrders(account, count);
      const history = models.orders.accounts.get(account)?.finished;
      if (isWhole(models, history) || kept.length === count) return kept;
      return store.read((db) => readTimed({ ...past, db }, ORDERS, account, newest(count)));
    },
    orderByOid(account, oid) {
      const kept = orderByOid(models.orders, account, oid);
      const history = models.orders.accounts.get(account)?.finished;
      if (kept !== undefined || isWhole(models, history)) return kept;
      return store.read((db) => readOrderByOid({ ...past, db }, account, oid));
    },
    orderByCloid(account, cloid) {
      const kept = orderByCloid(models.orders, account, cloid as `0x${string}`);
      const history = models.orders.accounts.get(account)?.finished;
      if (isWhole(models, history)) return kept;
      const copy = kept === undefined ? undefined : { ...kept };
      return store.read((db) => readOrderByCloid({ ...past, db }, account, cloid, copy));
    },
    payments: (account, span) =>
      timed(PAYMENTS, account, span, {
        kept: memory.payments(account, span),
        history: models.fundings.payments.get(account),
      }),
    rates: (market, span) =>
      timed(RATES, market, span, {
        kept: memory.rates(market, span),
        history: models.fundings.rates.get(market),
      }),
    ledger: (account, span) =>
      timed(LEDGER, account, span, {
        kept: memory.ledger(account, span),
        history: models.ledger.money.get(account),
      }),
    moves: (account, span) =>
      timed(MOVES, account, span, {
        kept: memory.moves(account, span),
        history: models.ledger.moves.get(account),
      }),
    candles(series, span) {
      const { market, interval } = series;
      const kept = memory.candles(series, span);
      const closed = models.candles.markets[market]?.[interval]?.closed;
      const oldest = closed === undefined ? undefined : oldestItem(closed);
      if (isWhole(models, closed) || isCovered(span, kept.length, oldest?.openMs)) return kept;
      return store.read((db) => readCandles({ ...past, db }, series, span));
    },
  };
}

interface TimedRows<T> {
  readonly table: TimedTable;
  readonly form: RowForm<T>;
}

const FILLS: TimedRows<FillView> = { table: "fill", form: FILL_ROW };
const ORDERS: TimedRows<OrderView> = { table: "order", form: ORDER_ROW };
const PAYMENTS: TimedRows<FundingItem> = { table: "payment", form: FUNDING_ROW };
const RATES: TimedRows<FundingItem> = { table: "rate", form: FUNDING_ROW };
const LEDGER: TimedRows<LedgerItem> = { table: "ledger", form: LEDGER_ROW };
const MOVES: TimedRows<MoveItem> = { table: "move", form: MOVE_ROW };

type Database = Parameters<Parameters<HistoryStore["read"]>[0]>[0];

interface Past {
  readonly models: ReadModels;
  readonly store: HistoryStore;
  readonly db: Database;
}

/** Nothing was ever left out of a window: it goes back to the first command and is not full. */
const isWhole = ({ historySeq }: ReadModels, history: History<unknown> | undefined): boolean =>
  historySeq === 0 && (history === undefined || history.items.length < history.bound);

/** What memory found is all there is to find: a window holds the newest rows without a gap. */
const isCovered = (span: HistorySpan, found: number, oldestMs: number | undefined): boolean =>
  (span.newestFirst && found >= span.count) || (oldestMs !== undefined && oldestMs < span.fromMs);

const oldestMs = (history: History<Timed> | undefined): number | undefined =>
  history === undefined ? undefined : oldestItem(history)?.timeMs;

async function readTimed<T>(
  { models, store, db }: Past,
  { table, form }: TimedRows<T>,
  owner: number,
  span: HistorySpan,
): Promise<T[]> {
  const { seq } = models;
  const { fromMs, toMs, count, newestFirst } = span;
  if (owner < 0 || count <= 0 || fromMs > toMs) return [];
  const range = {
    gte: timedBound(table, owner, fromMs),
    lt: timedBound(table, owner, toMs + 1),
  };
  await store.whenWritten(seq);
  const rows: T[] = [];
  const options = { reverse: newestFirst, capacity: Math.min(count, CAPACITY_MAX) };
  for await (const { key, value } of db.iterator(range, options)) {
    if (getU64(key, TIMED_SEQ_AT) > seq) {
      if (newestFirst) continue;
      break;
    }
    rows.push(form.decode(value));
    if (rows.length === count) break;
  }
  return rows;
}

async function readOrderByOid(
  { models, store, db }: Past,
  account: number,
  oid: number,
): Promise<OrderView | undefined> {
  const { seq } = models;
  if (!(Number.isSafeInteger(oid) && oid >= 0)) return undefined;
  await store.whenWritten(seq);
  const key = Buffer.alloc(9);
  putOidKey(key, 0, oid);
  const rowKey = await db.get(key);
  if (rowKey === null || getU64(rowKey, TIMED_SEQ_AT) > seq) return undefined;
  const row = await readOrder(db, rowKey);
  return row?.account === account ? row : undefined;
}

/** The better of what is in memory and the best in the store: accepted before refused, then newer. */
async function readOrderByCloid(
  { models, store, db }: Past,
  account: number,
  cloid: string,
  kept: OrderView | undefined,
): Promise<OrderView | undefined> {
  const { seq } = models;
  if (account < 0) return undefined;
  await store.whenWritten(seq);
  const range = { gte: cloidBound(account, cloid, false), lt: cloidBound(account, cloid, true) };
  for await (const { value } of db.iterator(range, { reverse: true, capacity: 4 })) {
    if (getU64(value, TIMED_SEQ_AT) > seq) continue;
    const row = await readOrder(db, value);
    return row === undefined || (kept !== undefined && isBefore(row, kept)) ? kept : row;
  }
  return kept;
}

const isBefore = (a: OrderView, b: OrderView): boolean => {
  const isRefused = a.state === "rejected";
  return isRefused === (b.state === "rejected") ? a.oid < b.oid : isRefused;
};

async function readOrder(db: Database, key: Uint8Array): Promise<OrderView | undefined> {
  const bytes = await db.get(key);
  return bytes === null ? undefined : ORDER_ROW.decode(bytes);
}

/** Candles that are over, from the store, and the one that was under way at the call. */
async function readCandles(
  { models, store, db }: Past,
  series: { readonly market: number; readonly interval: number },
  span: HistorySpan,
): Promise<Candle[]> {
  const { seq, candles } = models;
  const { market, interval } = series;
  const found = currentCandle(candles, market, interval);
  if (found === null) return [];
  const current = { ...found };
  await store.whenWritten(seq);
  const { fromMs, count, newestFirst } = span;
  const endMs = Math.min(span.toMs + 1, current.openMs);
  const rows: Candle[] = [];
  if (fromMs < endMs) {
    const range = {
      gte: candleKey({ market, interval, openMs: fromMs }),
      lt: candleKey({ market, interval, openMs: endMs }),
    };
    const options = { reverse: newestFirst, limit: count, capacity: Math.min(count, CAPACITY_MAX) };
    for await (const { value } of db.iterator(range, options)) rows.push(CANDLE_ROW.decode(value));
  }
  const newestFirstRows = newestFirst ? rows : rows.reverse();
  return inSpan([current, ...newestFirstRows], span, ({ openMs }) => openMs);
}
