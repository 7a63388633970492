/** Channels about a user's time-weighted orders: `twapStates`, `userTwapHistory`, `userTwapSliceFills`. */
import type {
  TwapStatesEvent,
  UserEventsEvent,
  UserTwapHistoryEvent,
  UserTwapSliceFillsEvent,
} from "@nktkas/hyperliquid/api/subscription";
import type { Hex } from "../../base/hex.ts";
import { accountOf, addressOf } from "../../projection/account-directory.ts";
import type { ChangeLog } from "../../projection/change-log.ts";
import { withAnswer } from "../../projection/history-queries.ts";
import type { ReadModels } from "../../projection/read-models.ts";
import { liveTwapsOf, type TwapView, twapHistoryOf } from "../../projection/twaps.ts";
import { channelText, type OpenedFeed, type SendText } from "../feed-port.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { FILLS_ANSWER_MAX } from "../info/fills.ts";
import { sliceFillShapes, sliceFillsOf, twapRecordShape, twapStateShape } from "../info/twaps.ts";
import { broadcast, endTopics, joinBehind, joinTopic, type Topic, type Topics } from "./topic.ts";

/** Topics, each by lower-case address. */
export interface TwapFeed {
  readonly context: GatewayContext;
  readonly models: ReadModels;
  readonly states: Topics<Topic>;
  readonly history: Topics<Topic>;
  readonly slices: Topics<Topic>;
}

/** No topics yet. */
export const createTwapFeed = (context: GatewayContext): TwapFeed => ({
  context,
  models: context.models,
  states: new Map(),
  history: new Map(),
  slices: new Map(),
});

const open = (): Topic => ({ subscribers: new Set() });

/** `twapStates`: all that run or wait, now and whenever one of them changes. */
export function openTwapStates(feed: TwapFeed, user: Hex, send: SendText): OpenedFeed {
  send(channelText("twapStates", statesOf(feed.models, user)));
  return joinTopic(feed.states, user, { open, send });
}

/** `userTwapHistory`: the last records, marked as a snapshot; then new ones. */
export function openTwapHistory(feed: TwapFeed, user: Hex, send: SendText): OpenedFeed {
  const { models } = feed;
  const past = twapHistoryOf(models.twaps, accountOf(models.accounts, user));
  const history = past.map((twap) => twapRecordShape(models, twap));
  const snapshot: UserTwapHistoryEvent = { user, history, isSnapshot: true };
  send(channelText("userTwapHistory", snapshot));
  return joinTopic(feed.history, user, { open, send });
}

/** `userTwapSliceFills`: the last ones, marked as a snapshot; then new ones. */
export function openSliceFills(feed: TwapFeed, user: Hex, send: SendText): OpenedFeed {
  const first = withAnswer(sliceFillsOf(feed.context, user), (found) => {
    const twapSliceFills = found.slice(0, FILLS_ANSWER_MAX);
    const snapshot: UserTwapSliceFillsEvent = { user, twapSliceFills, isSnapshot: true };
    return channelText("userTwapSliceFills", snapshot);
  });
  return joinBehind(first, send, (sendLater) =>
    joinTopic(feed.slices, user, { open, send: sendLater }),
  );
}

/** Tells each user what changed; `events` are the topics of `userEvents`. */
export function publishTwaps(feed: TwapFeed, changes: ChangeLog, events: Topics<Topic>): void {
  const { models } = feed;
  for (const [account, own] of Map.groupBy(changes.twaps, (twap) => twap.account))
    publishHistory(feed, addressOf(models.accounts, account), own, events);
  if (feed.states.size > 0) {
    for (const account of changes.twapAccounts) {
      const user = addressOf(models.accounts, account);
      broadcast(feed.states.get(user), "twapStates", statesOf(models, user));
    }
  }
  if (feed.slices.size === 0 && events.size === 0) return;
  const slices = changes.fills.filter(({ twapId }) => twapId !== null);
  for (const [account, own] of Map.groupBy(slices, (fill) => fill.account)) {
    const user = addressOf(models.accounts, account);
    const twapSliceFills = sliceFillShapes(models, own);
    const data = { user, twapSliceFills } satisfies UserTwapSliceFillsEvent;
    broadcast(feed.slices.get(user), "userTwapSliceFills", data);
    broadcast(events.get(user), "user", { twapSliceFills } satisfies UserEventsEvent);
  }
}

function publishHistory(
  feed: TwapFeed,
  user: Hex,
  twaps: readonly TwapView[],
  events: Topics<Topic>,
): void {
  const history = twaps.map((twap) => twapRecordShape(feed.models, twap));
  const data = { user, history } satisfies UserTwapHistoryEvent;
  broadcast(feed.history.get(user), "userTwapHistory", data);
  broadcast(events.get(user), "user", { twapHistory: history } satisfies UserEventsEvent);
}

/** Ends all topics. */
export function closeTwapFeed(feed: TwapFeed): void {
  for (const topics of [feed.states, feed.history, feed.slices]) endTopics(topics);
}

const statesOf = (models: ReadModels, user: Hex): TwapStatesEvent => ({
  dex: "",
  user,
  states: liveTwapsOf(models.twaps, accountOf(models.accounts, user)).map((twap) => [
    twap.twapId,
    twapStateShape(models, twap),
  ]),
});
