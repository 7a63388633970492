/**
 * Everything that is read about the exchange beside its state, folded from events alone: books,
 * orders, fills, trades, candles, money, day figures, volumes, directories. Can be dropped and
 * rebuilt by replaying the journal; a snapshot (`read-models-codec.ts`) saves the replay. Memory is
 * bounded an account and a market; who wants more of history takes its rows as they are made.
 */
import type { EventRing } from "../exchange/event.ts";
import type { ExchangeEvent, FillEvent, OrderEvent } from "../exchange/event-codec.ts";
import { readEvent } from "../exchange/event-codec.ts";
import {
  type AccountDirectory,
  createAccountDirectory,
  foldAgent,
  noteAccount,
} from "./account-directory.ts";
import { type Analytics, createAnalytics, foldAnalytics } from "./analytics.ts";
import { type Candles, createCandles, foldCandles } from "./candles.ts";
import { type ChangeLog, createChangeLog } from "./change-log.ts";
import { countVolume, createDailyVolume, type DailyVolume } from "./daily-volume.ts";
import { countTrade, createDayStats, type DayStats, noteMark, openDayMarket } from "./day-stats.ts";
import { createFills, type Fills, foldFill } from "./fills.ts";
import {
  createFundings,
  type Fundings,
  foldFunding,
  foldFundingFill,
  foldFundingMove,
} from "./fundings.ts";
import type { HistoryRows } from "./history-rows.ts";
import { type HistoryWindows, WHOLE_WINDOWS } from "./history-windows.ts";
import { addToL2, createL2, type L2, openL2Market, takeFromL2 } from "./l2.ts";
import { createLedger, foldLedger, type Ledger } from "./ledger.ts";
import {
  createMarketDirectory,
  foldMarketCreated,
  type MarketDirectory,
  marketOf,
} from "./market-directory.ts";
import { createOrders, foldOrder, type Orders } from "./orders.ts";
import { createTrades, foldTrade, type Trades } from "./trades.ts";
import { createTwaps, foldTwap, type Twaps } from "./twaps.ts";

/** All read models of one exchange. */
export interface ReadModels {
  /** Seq of the last event folded; 0 before the first. */
  seq: number;
  /** Time of the last event folded [ms]. */
  timeMs: number;
  /** Events up to here are in the models already: a replay that overlaps a snapshot skips them. */
  sealedSeq: number;
  readonly directory: MarketDirectory;
  readonly accounts: AccountDirectory;
  readonly l2: L2;
  readonly orders: Orders;
  readonly fills: Fills;
  readonly trades: Trades;
  readonly twaps: Twaps;
  readonly dayStats: DayStats;
  readonly volume: DailyVolume;
  readonly fundings: Fundings;
  readonly analytics: Analytics;
  readonly candles: Candles;
  readonly ledger: Ledger;
  /** Histories hold nothing of what happened up to here; 0 = they go back to the first command. */
  historySeq: number;
  /** Takes the rows of histories; not part of a snapshot. */
  rows: HistoryRows | null;
  /** Who is told of changes; not part of a snapshot. */
  readonly logs: Set<ChangeLog>;
}

/** Models of an exchange to which nothing has happened yet. */
export function createReadModels(windows: HistoryWindows = WHOLE_WINDOWS): ReadModels {
  const models: ReadModels = {
    seq: 0,
    timeMs: 0,
    sealedSeq: 0,
    directory: createMarketDirectory(),
    accounts: createAccountDirectory(),
    l2: createL2(),
    orders: createOrders(windows.finishedOrders, (order) => models.rows?.order(order)),
    fills: createFills(windows.fills),
    trades: createTrades(),
    twaps: createTwaps(),
    dayStats: createDayStats(),
    volume: createDailyVolume(),
    fundings: createFundings(windows),
    candles: createCandles(windows.candles, (candle) => models.rows?.candle(candle)),
    ledger: createLedger(windows.ledger),
    analytics: createAnalytics(),
    historySeq: 0,
    rows: null,
    logs: new Set(),
  };
  return models;
}

/** Seq of the last event in the models: a replay goes on behind it. */
export const readModelSeq = (models: ReadModels): number => models.seq;

/** Folds events `from` to `to` (exclusive) of a ring. */
export function foldRing(models: ReadModels, ring: EventRing, from: number, to: number): void {
  for (let index = from; index < to; index++) foldEvent(models, readEvent(ring, index));
}

/** Folds one event; events come in order and durable. */
export function foldEvent(models: ReadModels, event: ExchangeEvent): void {
  if (event.seq <= models.sealedSeq) return;
  models.seq = event.seq;
  models.timeMs = event.timeMs;
  foldAnalytics(models.analytics, event);
  switch (event.kind) {
    case "orderAccepted":
    case "orderWaiting":
    case "orderTriggered":
    case "orderArmed":
    case "orderRested":
    case "orderReduced":
    case "orderCanceled":
    case "orderRejected":
      foldOrderEvent(models, event);
      return;
    case "fill":
      foldMatch(models, event);
      return;
    case "twapStarted":
    case "twapSliced":
    case "twapEnded": {
      const kept = foldTwap(models.twaps, event);
      for (const log of models.logs) {
        if (kept !== null) log.twaps.push(kept);
        log.twapAccounts.add(event.account);
      }
      return;
    }
    case "marketCreated":
      foldMarketCreated(models.directory, event);
      openL2Market(models.l2, event.market);
      openDayMarket(models.dayStats, event.market);
      return;
    case "oracleMoved":
      marketOf(models.directory, event.market).oraclePx = event.px;
      noteMark(models.dayStats, { ...event, px: event.markPx });
      for (const log of models.logs) {
        log.mids = true;
        log.prices.add(event.market);
      }
      return;
    case "fundingPaid":
    case "fundingSettled":
      foldFunding(models.fundings, event);
      models.rows?.funding(event);
      if (event.kind === "fundingPaid") for (const log of models.logs) log.fundings.push(event);
      return;
    case "accountOpened":
      noteAccount(models.accounts, event.account, event.address);
      return;
    case "deposited":
    case "withdrawn":
    case "deficitBooked":
    case "transferred":
      foldLedger(models.ledger, event);
      models.rows?.ledger(event);
      for (const log of models.logs) log.ledger.push(event);
      return;
    case "positionMoved":
      foldLedger(models.ledger, event);
      models.rows?.ledger(event);
      foldFundingMove(models.fundings, event);
      return;
    case "agentApproved":
    case "agentRemoved":
      foldAgent(models.accounts, event);
      return;
    default:
      // Schedules, settings and refused commands are read from the exchange's state.
      return;
  }
}

/** A log that is told of every change from now on, until {@link unwatchModels}. */
export function watchModels(models: ReadModels): ChangeLog {
  const log = createChangeLog();
  models.logs.add(log);
  return log;
}

/** Ends a log. */
export function unwatchModels(models: ReadModels, log: ChangeLog): void {
  models.logs.delete(log);
}

function foldOrderEvent(models: ReadModels, event: OrderEvent): void {
  const before = models.orders.byOid.get(event.oid);
  const wasResting = before?.resting ?? false;
  const szBefore = before?.sz ?? 0;
  const changed = foldOrder(models.orders, event);
  if (event.kind === "orderRested") {
    addToL2(models.l2, event);
  } else if (event.kind === "orderReduced" && wasResting) {
    takeFromL2(models.l2, { ...event, sz: szBefore - event.sz }, event.sz === 0);
  } else if (event.kind === "orderCanceled" && wasResting) {
    takeFromL2(models.l2, { ...event, sz: szBefore }, true);
  }
  const touchesBook = event.kind === "orderRested" || wasResting;
  for (const log of models.logs) {
    if (changed !== null) log.orders.push({ ...changed });
    if (touchesBook) noteBook(log, event.market);
  }
}

function foldMatch(models: ReadModels, event: FillEvent): void {
  if (event.way !== "book") return foldOffBook(models, event);
  // Before the order is folded: one that is filled whole may fall out of the model.
  const twapId = models.orders.byOid.get(event.oid)?.twapId ?? null;
  const changed = foldOrder(models.orders, event);
  const fill = foldFill(models.fills, event, twapId);
  models.rows?.fill(fill);
  countVolume(models.volume, event);
  foldFundingFill(models.fundings, event);
  for (const log of models.logs) {
    if (changed !== null) log.orders.push({ ...changed });
    log.fills.push(fill);
  }
  if (event.crossed) {
    const trade = foldTrade(models.trades, event);
    countTrade(models.dayStats, event);
    foldCandles(models.candles, event);
    for (const log of models.logs) log.trades.push(trade);
  } else {
    // The match happens at the resting order's limit, so its price names the level.
    takeFromL2(models.l2, event, event.origSz === 0);
    for (const log of models.logs) noteBook(log, event.market);
  }
}

/** A fill outside the book moves no order, and is nobody's trade or volume: its owners alone see it. */
function foldOffBook(models: ReadModels, event: FillEvent): void {
  const fill = foldFill(models.fills, event, null);
  models.rows?.fill(fill);
  for (const log of models.logs) log.fills.push(fill);
}

function noteBook(log: ChangeLog, market: number): void {
  log.books.add(market);
  log.mids = true;
}
