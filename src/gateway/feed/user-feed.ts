/**
 * Channels about one user: `orderUpdates`, `userEvents` (whose messages name the channel `user`),
 * `userFills`. For one group of commands a user hears of orders first, then of fills, then of
 * cancels that nobody asked for.
 */
import type {
  OrderUpdatesEvent,
  UserEventsEvent,
  UserFillsEvent,
  UserFundingsEvent,
  UserNonFundingLedgerUpdatesEvent,
} from "@nktkas/hyperliquid/api/subscription";
import type { Hex } from "../../base/hex.ts";
import { CANCEL_REASON } from "../../base/reject-code.ts";
import { accountOf, addressOf } from "../../projection/account-directory.ts";
import type { ChangeLog } from "../../projection/change-log.ts";
import type { FillView } from "../../projection/fills.ts";
import type { FundingItem } from "../../projection/fundings.ts";
import { type HistoryQueries, newest, withAnswer } from "../../projection/history-queries.ts";
import type { LedgerItem } from "../../projection/ledger.ts";
import { marketOf } from "../../projection/market-directory.ts";
import type { OrderView } from "../../projection/orders.ts";
import type { ReadModels } from "../../projection/read-models.ts";
import { channelText, type OpenedFeed, type SendText } from "../feed-port.ts";
import { type GatewayContext, historyOf } from "../gateway-context.ts";
import { fillShape, fillShapes } from "../info/fill-shape.ts";
import { FILLS_ANSWER_MAX } from "../info/fills.ts";
import { paymentShape } from "../info/funding.ts";
import { LEDGER_MAX, ledgerShape } from "../info/ledger.ts";
import { openOrderShape, orderStatusWord } from "../info/order-shape.ts";
import { broadcast, endTopics, joinBehind, joinTopic, type Topic, type Topics } from "./topic.ts";

/** Payments told when a subscription begins. */
const PAYMENTS_MAX = 2000;

/** Topics about users, each by lower-case address. */
export interface UserFeed {
  readonly models: ReadModels;
  readonly history: HistoryQueries;
  readonly orders: Topics<Topic>;
  readonly events: Topics<Topic>;
  readonly fills: Topics<Topic>;
  readonly fundings: Topics<Topic>;
  readonly ledger: Topics<Topic>;
  /** Fills of one order at one time told as one. */
  readonly summedFills: Topics<Topic>;
}

/** No topics yet. */
export const createUserFeed = (context: GatewayContext): UserFeed => ({
  models: context.models,
  history: historyOf(context),
  orders: new Map(),
  events: new Map(),
  fills: new Map(),
  fundings: new Map(),
  ledger: new Map(),
  summedFills: new Map(),
});

const open = (): Topic => ({ subscribers: new Set() });

/** `orderUpdates`: every change of an order from now on. */
export const openOrderUpdates = (feed: UserFeed, user: Hex, send: SendText): OpenedFeed =>
  joinTopic(feed.orders, user, { open, send });

/** `userEvents`: fills and unasked cancels from now on. */
export const openUserEvents = (feed: UserFeed, user: Hex, send: SendText): OpenedFeed =>
  joinTopic(feed.events, user, { open, send });

/** `userFills`: the last 2000, newest first, marked as a snapshot; then new ones, oldest first. */
export function openUserFills(
  feed: UserFeed,
  user: Hex,
  { aggregateByTime, send }: { aggregateByTime: boolean; send: SendText },
): OpenedFeed {
  const { models, history } = feed;
  const past = history.fills(accountOf(models.accounts, user), newest(FILLS_ANSWER_MAX));
  const first = withAnswer(past, (found) => {
    const fills = fillShapes(models, found, aggregateByTime);
    return channelText("userFills", { user, fills, isSnapshot: true } satisfies UserFillsEvent);
  });
  const topics = aggregateByTime ? feed.summedFills : feed.fills;
  return joinBehind(first, send, (sendLater) => joinTopic(topics, user, { open, send: sendLater }));
}

/** `userFundings`: the latest payments, oldest first, marked as a snapshot; then new ones. */
export function openUserFundings(feed: UserFeed, user: Hex, send: SendText): OpenedFeed {
  const { models, history } = feed;
  const past = history.payments(accountOf(models.accounts, user), newest(PAYMENTS_MAX));
  const first = withAnswer(past, (found) => {
    const oldestFirst = found.toReversed();
    const fundings = oldestFirst.map((item) => ({
      time: item.timeMs,
      ...paymentShape(models, item),
    }));
    const data: UserFundingsEvent = { user, fundings, isSnapshot: true };
    return channelText("userFundings", data);
  });
  return joinBehind(first, send, (sendLater) =>
    joinTopic(feed.fundings, user, { open, send: sendLater }),
  );
}

/** `userNonFundingLedgerUpdates`: money that came and went, oldest first, marked as a snapshot; then more. */
export function openUserLedger(feed: UserFeed, user: Hex, send: SendText): OpenedFeed {
  const { models, history } = feed;
  const past = history.ledger(accountOf(models.accounts, user), newest(LEDGER_MAX));
  const first = withAnswer(past, (found) => {
    const oldestFirst = found.toReversed();
    const nonFundingLedgerUpdates = oldestFirst.flatMap((item) => ledgerShape(models, item) ?? []);
    const data: UserNonFundingLedgerUpdatesEvent = {
      user,
      nonFundingLedgerUpdates,
      isSnapshot: true,
    };
    return channelText("userNonFundingLedgerUpdates", data);
  });
  return joinBehind(first, send, (sendLater) =>
    joinTopic(feed.ledger, user, { open, send: sendLater }),
  );
}

function publishLedger(feed: UserFeed, items: readonly LedgerItem[]): void {
  const { models } = feed;
  for (const [account, own] of Map.groupBy(items, (item) => item.account)) {
    const nonFundingLedgerUpdates = own.flatMap((item) => ledgerShape(models, item) ?? []);
    if (nonFundingLedgerUpdates.length === 0) continue;
    const user = addressOf(models.accounts, account);
    const data = { user, nonFundingLedgerUpdates } satisfies UserNonFundingLedgerUpdatesEvent;
    broadcast(feed.ledger.get(user), "userNonFundingLedgerUpdates", data);
  }
}

function publishFundings(feed: UserFeed, items: readonly FundingItem[]): void {
  const { models } = feed;
  for (const [account, own] of Map.groupBy(items, (item) => item.account)) {
    const user = addressOf(models.accounts, account);
    const fundings = own.map((item) => ({ time: item.timeMs, ...paymentShape(models, item) }));
    const data = { user, fundings } satisfies UserFundingsEvent;
    broadcast(feed.fundings.get(user), "userFundings", data);
  }
}

/** Tells each user what changed. */
export function publishUsers(feed: UserFeed, changes: ChangeLog): void {
  if (feed.orders.size > 0 || feed.events.size > 0) publishOrders(feed, changes.orders);
  for (const [account, fills] of Map.groupBy(changes.fills, (fill) => fill.account)) {
    publishFills(feed, addressOf(feed.models.accounts, account), fills);
  }
  if (feed.fundings.size > 0) publishFundings(feed, changes.fundings);
  if (feed.ledger.size > 0) publishLedger(feed, changes.ledger);
  if (feed.events.size > 0) publishUnaskedCancels(feed, changes.orders);
}

/** Ends all topics. */
export function closeUserFeed(feed: UserFeed): void {
  for (const topics of [
    feed.orders,
    feed.events,
    feed.fills,
    feed.fundings,
    feed.ledger,
    feed.summedFills,
  ])
    endTopics(topics);
}

function publishOrders(feed: UserFeed, orders: readonly OrderView[]): void {
  const { models } = feed;
  for (const [account, own] of Map.groupBy(orders, (order) => order.account)) {
    const topic = feed.orders.get(addressOf(models.accounts, account));
    if (topic === undefined) continue;
    const data: OrderUpdatesEvent = own.map((order) => ({
      order: openOrderShape(models, order),
      status: orderStatusWord(order),
      statusTimestamp: order.statusMs,
    }));
    broadcast(topic, "orderUpdates", data);
  }
}

function publishFills(feed: UserFeed, user: Hex, fills: readonly FillView[]): void {
  const { models } = feed;
  const events = feed.events.get(user);
  const plain = feed.fills.get(user);
  const summed = feed.summedFills.get(user);
  if (events !== undefined || plain !== undefined) {
    const shapes = fills.map((fill) => fillShape(models, fill));
    broadcast(events, "user", { fills: shapes } satisfies UserEventsEvent);
    broadcast(plain, "userFills", { user, fills: shapes } satisfies UserFillsEvent);
  }
  if (summed !== undefined) {
    const shapes = fillShapes(models, fills.toReversed(), true).reverse();
    broadcast(summed, "userFills", { user, fills: shapes } satisfies UserFillsEvent);
  }
}

/** Why the venue ends orders on its own; a reduce-only order that lost its position is not told so. */
const UNASKED: ReadonlySet<number> = new Set([
  CANCEL_REASON.selfTrade,
  CANCEL_REASON.margin,
  CANCEL_REASON.liquidated,
  CANCEL_REASON.scheduled,
  CANCEL_REASON.noLiquidity,
]);

function publishUnaskedCancels(feed: UserFeed, orders: readonly OrderView[]): void {
  const { models } = feed;
  const ended = orders.filter(({ state, code }) => state === "canceled" && UNASKED.has(code));
  for (const [account, own] of Map.groupBy(ended, (order) => order.account)) {
    const nonUserCancel = own.map(({ market, oid }) => ({
      coin: marketOf(models.directory, market).name,
      oid,
    }));
    const topic = feed.events.get(addressOf(models.accounts, account));
    broadcast(topic, "user", { nonUserCancel } satisfies UserEventsEvent);
  }
}
