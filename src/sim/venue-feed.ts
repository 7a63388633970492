/**
 * Streams of one account on one market, folded from durable events: book, reference prices, trades,
 * own orders, own fills, request budget, and a heartbeat on both streams. A stream begins with a
 * snapshot; fills of the snapshot may have been told before.
 */
import type { InstrumentSpec } from "../base/instrument-spec.ts";
import { accountSummary, marketFunding, marketSpec, markPx, oraclePx } from "../exchange/query.ts";
import type { VenueEvent } from "../maker/venue.ts";
import { type ChangeLog, takeChanges } from "../projection/change-log.ts";
import { unwatchModels, watchModels } from "../projection/read-models.ts";
import type { ExchangeHost } from "./exchange-host.ts";
import type { LinkStream } from "./faulty-link.ts";
import type { Schedule } from "./schedule.ts";
import { accountMarket, type VenueAccess } from "./venue-endpoint.ts";
import {
  bookLevels,
  fillsSince,
  fundingSince,
  venueFill,
  venueFunding,
  venueOrder,
  venueTrade,
} from "./venue-view.ts";

/** A book that changed is shown at most this often [ms]. */
const BOOK_EVERY_MS = 50;
const HEARTBEAT_MS = 1_000;
/** Fills told again at the start of a stream: those of the last minute [ms]. */
const SNAPSHOT_FILLS_MS = 60_000;

/** Streams that run. */
export interface VenueFeed {
  /** What the market is; known before a stream is opened. */
  readonly spec: InstrumentSpec;
  /** Sends nothing more. */
  close(): void;
}

/** Where a feed sends its events. */
export type FeedSink = (stream: LinkStream, event: VenueEvent) => void;

/** Opens the streams on an exchange that runs and has the market; they end with it. */
export function openVenueFeed(options: {
  readonly schedule: Schedule;
  readonly exchange: ExchangeHost;
  readonly access: VenueAccess;
  readonly send: FeedSink;
}): VenueFeed | null {
  const { schedule, exchange, access, send } = options;
  const { running } = exchange;
  const { market } = access;
  if (running === null || market >= running.models.l2.markets.length) return null;
  const { models, sequencer } = running;
  const log = watchModels(models);
  let isOpen = true;
  let bookScheduled = false;
  const isLive = (): boolean => isOpen && exchange.running === running;

  const sendBook = (): void => {
    bookScheduled = false;
    if (!isLive()) return;
    const timeMs = exchange.nowMs();
    send("market", { kind: "book", depth: "full", timeMs, ...bookLevels(models, market) });
  };
  const sendReference = (): void => {
    const { state } = sequencer;
    send("market", {
      kind: "reference",
      timeMs: exchange.nowMs(),
      oraclePx: oraclePx(state, market),
      markPx: markPx(state, market),
      fundingRate: (marketFunding(state, market)?.predictedRate ?? 0) / 1e12,
    });
  };
  const sendBudget = (): void => {
    const { account } = accountMarket(exchange, access);
    if (account < 0) return;
    const { requestsUsed, requestsCap } = accountSummary(sequencer.state, account);
    send("user", { kind: "budget", used: requestsUsed, cap: requestsCap });
  };
  const flush = (): void => {
    if (!isLive()) return;
    const changes = takeChanges(log);
    sendOwn(changes, accountMarket(exchange, access).account, market, send);
    if (changes.mids) sendReference();
    if (!changes.books.has(market) || bookScheduled) return;
    bookScheduled = true;
    schedule.after(BOOK_EVERY_MS, sendBook);
  };
  const beat = (): void => {
    if (!isLive()) return;
    send("market", { kind: "heartbeat", feed: "market" });
    send("user", { kind: "heartbeat", feed: "user" });
    sendBudget();
    schedule.after(HEARTBEAT_MS, beat);
  };

  const stopListening = sequencer.subscribe(flush);
  sendReference();
  sendBook();
  const who = accountMarket(exchange, access);
  const since = exchange.nowMs() - SNAPSHOT_FILLS_MS;
  const { fills } = who.account < 0 ? { fills: [] } : fillsSince(models, who, since);
  if (fills.length > 0) send("user", { kind: "fills", fills });
  const payments = who.account < 0 ? [] : fundingSince(models, who, 0);
  if (payments.length > 0) send("user", { kind: "funding", payments });
  schedule.after(HEARTBEAT_MS, beat);
  return {
    spec: marketSpec(sequencer.state, market),
    close() {
      isOpen = false;
      stopListening();
      unwatchModels(models, log);
    },
  };
}

function sendOwn(changes: ChangeLog, account: number, market: number, send: FeedSink): void {
  const own = <T extends { account: number; market: number }>(items: readonly T[]): T[] =>
    items.filter((item) => item.account === account && item.market === market);
  const fills = own(changes.fills).map(venueFill);
  if (fills.length > 0) send("user", { kind: "fills", fills });
  const payments = own(changes.fundings).map(venueFunding);
  if (payments.length > 0) send("user", { kind: "funding", payments });
  const orders = own(changes.orders).map(venueOrder);
  if (orders.length > 0) send("user", { kind: "orders", orders });
  const trades = changes.trades.filter((trade) => trade.market === market).map(venueTrade);
  if (trades.length > 0) send("market", { kind: "trades", trades });
}
