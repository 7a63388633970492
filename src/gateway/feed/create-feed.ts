/**
 * Topics over the durable events. The read models must be subscribed to the sequencer before the
 * feed is built: subscribers are called in order, and the feed tells what the models have folded.
 */
import {
  ActiveAssetCtxRequest,
  AllMidsRequest,
  OrderUpdatesRequest,
  TwapStatesRequest,
  UserEventsRequest,
  UserFillsRequest,
  UserFundingsRequest,
  UserNonFundingLedgerUpdatesRequest,
  UserTwapHistoryRequest,
  UserTwapSliceFillsRequest,
} from "@nktkas/hyperliquid/api/subscription";
import * as v from "valibot";
import { takeChanges } from "../../projection/change-log.ts";
import { isDex, type MarketView } from "../../projection/market-directory.ts";
import { unwatchModels, watchModels } from "../../projection/read-models.ts";
import type { Feed, OpenedFeed, RefusedFeed, SendText, Subscription } from "../feed-port.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { readGrouping } from "../info/book-shape.ts";
import { normaliseRequest } from "../info/info-method.ts";
import {
  type ContextFeed,
  closeContextFeed,
  createContextFeed,
  openContext,
  publishContexts,
} from "./context-feed.ts";
import {
  closeMarketFeed,
  createMarketFeed,
  type MarketFeed,
  openBbo,
  openBook,
  openMids,
  openTrades,
  publishMarkets,
} from "./market-feed.ts";
import { PROCESS_TIMERS, type Timers } from "./throttle.ts";
import {
  closeTwapFeed,
  createTwapFeed,
  openSliceFills,
  openTwapHistory,
  openTwapStates,
  publishTwaps,
  type TwapFeed,
} from "./twap-feed.ts";
import {
  closeUserFeed,
  createUserFeed,
  openOrderUpdates,
  openUserEvents,
  openUserFills,
  openUserFundings,
  openUserLedger,
  publishUsers,
  type UserFeed,
} from "./user-feed.ts";

type Opened = OpenedFeed | RefusedFeed;

const INVALID: RefusedFeed = { kind: "invalid" };
const UNKNOWN_COIN: RefusedFeed = { kind: "unknownCoin" };

/** The feed of a gateway. Users hear of a group of commands before the public does. */
export function createFeed(context: GatewayContext, timers: Timers = PROCESS_TIMERS): Feed {
  const { models, sequencer } = context;
  const markets = createMarketFeed(models, timers);
  const contexts = createContextFeed(context, timers);
  const users = createUserFeed(context);
  const twaps = createTwapFeed(context);
  const log = watchModels(models);
  const unsubscribe = sequencer.subscribe(() => {
    const changes = takeChanges(log);
    publishUsers(users, changes);
    publishTwaps(twaps, changes, users.events);
    publishMarkets(markets, changes);
    publishContexts(contexts, changes);
  });
  return {
    open: (subscription, send) => {
      const request = normaliseRequest(subscription) as Subscription;
      return (
        openTwapTopic(twaps, request, send) ??
        openUserTopic(users, request, send) ??
        openContextTopic(contexts, request, send) ??
        openMarketTopic(markets, request, send)
      );
    },
    close: () => {
      unsubscribe();
      unwatchModels(models, log);
      closeMarketFeed(markets);
      closeContextFeed(contexts);
      closeUserFeed(users);
      closeTwapFeed(twaps);
    },
  };
}

function openTwapTopic(feed: TwapFeed, request: Subscription, send: SendText): Opened | null {
  switch (request.type) {
    case "twapStates": {
      const read = v.safeParse(TwapStatesRequest, request);
      const isMainDex = read.success && (read.output.dex ?? "") === "";
      return isMainDex ? openTwapStates(feed, read.output.user, send) : INVALID;
    }
    case "userTwapHistory": {
      const read = v.safeParse(UserTwapHistoryRequest, request);
      return read.success ? openTwapHistory(feed, read.output.user, send) : INVALID;
    }
    case "userTwapSliceFills": {
      const read = v.safeParse(UserTwapSliceFillsRequest, request);
      return read.success ? openSliceFills(feed, read.output.user, send) : INVALID;
    }
    default:
      return null;
  }
}

function openUserTopic(feed: UserFeed, request: Subscription, send: SendText): Opened | null {
  switch (request.type) {
    case "orderUpdates": {
      const read = v.safeParse(OrderUpdatesRequest, request);
      return read.success ? openOrderUpdates(feed, read.output.user, send) : INVALID;
    }
    case "userEvents": {
      const read = v.safeParse(UserEventsRequest, request);
      return read.success ? openUserEvents(feed, read.output.user, send) : INVALID;
    }
    case "userFundings": {
      const read = v.safeParse(UserFundingsRequest, request);
      return read.success ? openUserFundings(feed, read.output.user, send) : INVALID;
    }
    case "userNonFundingLedgerUpdates": {
      const read = v.safeParse(UserNonFundingLedgerUpdatesRequest, request);
      return read.success ? openUserLedger(feed, read.output.user, send) : INVALID;
    }
    case "userFills": {
      const read = v.safeParse(UserFillsRequest, request);
      if (!read.success) return INVALID;
      const { user, aggregateByTime = false } = read.output;
      return openUserFills(feed, user, { aggregateByTime, send });
    }
    default:
      return null;
  }
}

function openContextTopic(feed: ContextFeed, request: Subscription, send: SendText): Opened | null {
  if (request.type !== "activeAssetCtx") return null;
  const read = v.safeParse(ActiveAssetCtxRequest, request);
  if (!read.success) return INVALID;
  const market = feed.context.models.directory.byName.get(read.output.coin);
  return market === undefined ? UNKNOWN_COIN : openContext(feed, market, send);
}

function openMarketTopic(feed: MarketFeed, request: Subscription, send: SendText): Opened {
  if (request.type === "allMids") {
    const read = v.safeParse(AllMidsRequest, request);
    if (!read.success) return INVALID;
    const { dex = "" } = read.output;
    return isDex(feed.models.directory, dex) ? openMids(feed, dex, send) : INVALID;
  }
  if (!COIN_TYPES.has(request.type) || typeof request.coin !== "string") return INVALID;
  const grouping = request.type === "l2Book" ? readGrouping(request) : null;
  const { fast = false } = request;
  if (request.type === "l2Book" && (grouping === null || typeof fast !== "boolean")) return INVALID;
  const market: MarketView | undefined = feed.models.directory.byName.get(request.coin);
  if (market === undefined) return UNKNOWN_COIN;
  if (grouping !== null) return openBook(feed, market, { grouping, fast: fast === true }, send);
  return request.type === "bbo" ? openBbo(feed, market, send) : openTrades(feed, market, send);
}

const COIN_TYPES: ReadonlySet<string> = new Set(["l2Book", "bbo", "trades"]);
