/** Channels about markets: `allMids`, `l2Book`, `bbo`, `trades`. */
import type { BboEvent, L2BookEvent } from "@nktkas/hyperliquid/api/subscription";
import { BUY, SELL } from "../../base/side.ts";
import type { ChangeLog } from "../../projection/change-log.ts";
import { bestLevel } from "../../projection/l2.ts";
import type { MarketView } from "../../projection/market-directory.ts";
import type { ReadModels } from "../../projection/read-models.ts";
import type { TradeView } from "../../projection/trades.ts";
import { tradesOf } from "../../projection/trades.ts";
import { channelText, type OpenedFeed, type SendText } from "../feed-port.ts";
import { BOOK_DEPTH, type BookGrouping, bookShape, levelShape } from "../info/book-shape.ts";
import { midsShape } from "../info/mids-shape.ts";
import { tradeShape } from "../info/trade-shape.ts";
import { createThrottle, type Throttle, type Timers } from "./throttle.ts";
import { broadcast, endTopics, joinTopic, type Topic, type Topics } from "./topic.ts";

/** Least time between two pushes of a book or of the mids [ms]. */
const PUSH_INTERVAL_MS = 50;
/** Levels a side of a book asked for with `fast`. */
const FAST_DEPTH = 5;

/** How a subscriber wants a book. */
export interface BookView {
  readonly grouping: BookGrouping;
  readonly fast: boolean;
}

interface BookTopic extends Topic {
  readonly market: number;
  readonly throttle: Throttle;
}

interface BboTopic extends Topic {
  readonly market: MarketView;
  /** What was sent last, without its time. */
  last: string;
}

interface MidsTopic extends Topic {
  readonly throttle: Throttle;
}

/** Topics about markets. */
export interface MarketFeed {
  readonly models: ReadModels;
  readonly timers: Timers;
  readonly books: Topics<BookTopic>;
  readonly bbos: Topics<BboTopic>;
  readonly trades: Topics<Topic>;
  readonly mids: Topics<MidsTopic>;
}

/** No topics yet. */
export const createMarketFeed = (models: ReadModels, timers: Timers): MarketFeed => ({
  models,
  timers,
  books: new Map(),
  bbos: new Map(),
  trades: new Map(),
  mids: new Map(),
});

/** `allMids` of a dex: at once, then at most every 50 ms. */
export function openMids(feed: MarketFeed, dex: string, send: SendText): OpenedFeed {
  const data = () => ({ mids: midsShape(feed.models, dex), ...(dex !== "" && { dex }) });
  const open = (): MidsTopic => {
    const push = () => broadcast(topic, "allMids", data());
    const throttle = createThrottle(feed.timers, PUSH_INTERVAL_MS, push);
    const topic = { subscribers: new Set<never>(), throttle, end: throttle.close };
    return topic;
  };
  send(channelText("allMids", data()));
  return joinTopic(feed.mids, dex, { open, send });
}

/** `l2Book`: at once, then when the book has changed, at most every 50 ms. */
export function openBook(
  feed: MarketFeed,
  market: MarketView,
  { grouping, fast }: BookView,
  send: SendText,
): OpenedFeed {
  const depth = fast ? FAST_DEPTH : BOOK_DEPTH;
  const data = (): L2BookEvent => ({
    ...bookShape(feed.models, market, { grouping, depth }),
    ...(fast && { fast: true as const }),
  });
  const open = (): BookTopic => {
    const push = () => broadcast(topic, "l2Book", data());
    const throttle = createThrottle(feed.timers, PUSH_INTERVAL_MS, push);
    const topic = {
      subscribers: new Set<never>(),
      market: market.market,
      throttle,
      end: throttle.close,
    };
    return topic;
  };
  send(channelText("l2Book", data()));
  const key = [market.market, grouping.nSigFigs, grouping.mantissa, fast].join();
  return joinTopic(feed.books, key, { open, send });
}

/** `bbo`: at once, then whenever the best bid or ask, its size or its count has changed. */
export function openBbo(feed: MarketFeed, market: MarketView, send: SendText): OpenedFeed {
  const data = bboShape(feed.models, market);
  const open = (): BboTopic => ({
    subscribers: new Set(),
    market,
    last: JSON.stringify(data.bbo),
  });
  send(channelText("bbo", data));
  return joinTopic(feed.bbos, String(market.market), { open, send });
}

/** `trades`: the last 30 at once if there are any, then every group of new ones; oldest first. */
export function openTrades(feed: MarketFeed, { market }: MarketView, send: SendText): OpenedFeed {
  const recent = tradesOf(feed.models.trades, market).reverse();
  if (recent.length > 0) {
    const data = recent.map((trade) => tradeShape(feed.models, trade));
    send(channelText("trades", data));
  }
  return joinTopic(feed.trades, String(market), { open: () => ({ subscribers: new Set() }), send });
}

/** Tells what changed: trades and best prices at once, books and mids in their turn. */
export function publishMarkets(feed: MarketFeed, changes: ChangeLog): void {
  publishTrades(feed, changes.trades);
  for (const topic of feed.bbos.values()) {
    if (changes.books.has(topic.market.market)) publishBbo(feed, topic);
  }
  for (const topic of feed.books.values()) {
    if (changes.books.has(topic.market)) topic.throttle.request();
  }
  if (changes.mids) for (const topic of feed.mids.values()) topic.throttle.request();
}

/** Ends all topics. */
export function closeMarketFeed(feed: MarketFeed): void {
  for (const topics of [feed.books, feed.bbos, feed.trades, feed.mids]) {
    endTopics(topics as Topics<Topic>);
  }
}

function publishTrades(feed: MarketFeed, trades: readonly TradeView[]): void {
  if (feed.trades.size === 0) return;
  for (const [market, group] of Map.groupBy(trades, (trade) => trade.market)) {
    const topic = feed.trades.get(String(market));
    if (topic === undefined) continue;
    broadcast(
      topic,
      "trades",
      group.map((trade) => tradeShape(feed.models, trade)),
    );
  }
}

function publishBbo(feed: MarketFeed, topic: BboTopic): void {
  const data = bboShape(feed.models, topic.market);
  const text = JSON.stringify(data.bbo);
  if (text === topic.last) return;
  topic.last = text;
  broadcast(topic, "bbo", data);
}

function bboShape(models: ReadModels, { market, name, szDecimals }: MarketView): BboEvent {
  const bid = bestLevel(models.l2, market, BUY);
  const ask = bestLevel(models.l2, market, SELL);
  return {
    coin: name,
    time: models.timeMs,
    bbo: [
      bid === undefined ? null : levelShape(bid, szDecimals),
      ask === undefined ? null : levelShape(ask, szDecimals),
    ],
  };
}
