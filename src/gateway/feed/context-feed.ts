/**
 * Channel `activeAssetCtx`: a market's prices, funding, open interest and day. At once, then when its
 * prices or book have changed, at most every 500 ms, and only where the figures differ.
 */
import type { ActiveAssetCtxEvent } from "@nktkas/hyperliquid/api/subscription";
import type { ChangeLog } from "../../projection/change-log.ts";
import type { MarketView } from "../../projection/market-directory.ts";
import { channelText, type OpenedFeed, type SendText } from "../feed-port.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { assetContext } from "../info/asset-context.ts";
import { createThrottle, type Throttle, type Timers } from "./throttle.ts";
import { broadcast, endTopics, joinTopic, type Topic, type Topics } from "./topic.ts";

const PUSH_INTERVAL_MS = 500;

interface ContextTopic extends Topic {
  readonly market: number;
  readonly throttle: Throttle;
  /** What was sent last. */
  last: string;
}

/** Topics by market. */
export interface ContextFeed {
  readonly context: GatewayContext;
  readonly timers: Timers;
  readonly topics: Topics<ContextTopic>;
}

/** No topics yet. */
export const createContextFeed = (context: GatewayContext, timers: Timers): ContextFeed => ({
  context,
  timers,
  topics: new Map(),
});

/** `activeAssetCtx` of a market. */
export function openContext(feed: ContextFeed, market: MarketView, send: SendText): OpenedFeed {
  const { context, timers, topics } = feed;
  const data = (): ActiveAssetCtxEvent => ({
    coin: market.name,
    ctx: assetContext(context, market),
  });
  const open = (): ContextTopic => {
    const push = (): void => {
      const now = data();
      const text = JSON.stringify(now);
      if (text === topic.last) return;
      topic.last = text;
      tell(feed, () => broadcast(topic, "activeAssetCtx", now));
    };
    const throttle = createThrottle(timers, PUSH_INTERVAL_MS, push);
    const topic: ContextTopic = {
      subscribers: new Set(),
      market: market.market,
      throttle,
      last: "",
      end: throttle.close,
    };
    return topic;
  };
  const first = channelText("activeAssetCtx", data());
  tell(feed, () => send(first));
  return joinTopic(topics, String(market.market), { open, send });
}

/** Some figures are read from the exchange's state, which may be ahead of the disk. */
const tell = ({ context }: ContextFeed, run: () => void): void =>
  context.sequencer.whenDurable(run);

/** Has markets told whose figures may have changed. */
export function publishContexts({ topics }: ContextFeed, { prices, books }: ChangeLog): void {
  for (const { market, throttle } of topics.values())
    if (prices.has(market) || books.has(market)) throttle.request();
}

/** Ends all topics. */
export const closeContextFeed = ({ topics }: ContextFeed): void => endTopics(topics);
