/** The subscriptions of one WebSocket connection; owns what the feed opened for it. */
import { channelText, type Feed, type OpenedFeed, type Subscription } from "./feed-port.ts";
import type { IpLimits } from "./ip-limits.ts";
import { subscribedUser, subscriptionKey } from "./subscription-key.ts";

/** What the subscriptions of a connection stand on. */
export interface SubscriptionParts {
  readonly feed: Feed;
  readonly limits: IpLimits;
  /** Network address of the client. */
  readonly ip: string;
  /** Sends one message text. */
  send(text: string): void;
  /** Closes the connection. */
  hangUp(): void;
}

/** Subscriptions of one connection. */
export interface SubscriptionSet {
  subscribe(subscription: Subscription): void;
  unsubscribe(subscription: Subscription): void;
  /** Ends all of them, without a word to the client. */
  clear(): void;
}

interface OpenSubscription {
  readonly opened: OpenedFeed;
  readonly user: string | null;
}

/** An empty set. */
export function createSubscriptionSet(parts: SubscriptionParts): SubscriptionSet {
  const { feed, limits, ip, send } = parts;
  const open = new Map<string, OpenSubscription>();

  const sendError = (text: string): void => send(channelText("error", text));
  const echo = (method: string, subscription: Subscription): void =>
    send(channelText("subscriptionResponse", { method, subscription }));
  const end = ({ opened, user }: OpenSubscription): void => {
    opened.close();
    giveBack(limits, ip, user);
  };

  return {
    subscribe(subscription) {
      const json = JSON.stringify(subscription);
      const key = subscriptionKey(subscription);
      if (open.has(key)) return sendError(`Already subscribed: ${json}`);
      const user = subscribedUser(subscription);
      const refusal = takeCounts(limits, ip, user);
      if (refusal !== null) return sendError(refusal);
      // The echo stands in front of the snapshot, and is sent only once the feed has said yes.
      let early: string[] | null = [];
      const opened = feed.open(subscription, (text) => {
        if (early === null) send(text);
        else early.push(text);
      });
      if (opened.kind !== "opened") {
        giveBack(limits, ip, user);
        if (opened.kind === "unknownCoin") return parts.hangUp();
        return sendError(`Invalid subscription ${json}`);
      }
      open.set(key, { opened, user });
      echo("subscribe", subscription);
      const snapshot = early;
      early = null;
      for (const text of snapshot) send(text);
    },
    unsubscribe(subscription) {
      const key = subscriptionKey(subscription);
      const found = open.get(key);
      if (found === undefined) {
        return sendError(`Already unsubscribed: ${JSON.stringify(subscription)}`);
      }
      open.delete(key);
      end(found);
      echo("unsubscribe", subscription);
    },
    clear() {
      for (const subscription of open.values()) end(subscription);
      open.clear();
    },
  };
}

/** Counts one more subscription against an address; the text of the limit that refuses it, or null. */
function takeCounts(limits: IpLimits, ip: string, user: string | null): string | null {
  const { subscriptionsMax, usersMax } = limits.figures;
  if (!limits.addSubscription(ip)) {
    return `Cannot subscribe to more than ${subscriptionsMax} channels.`;
  }
  if (user === null || limits.addUser(ip, user)) return null;
  limits.removeSubscription(ip);
  return `Cannot track more than ${usersMax} total users.`;
}

function giveBack(limits: IpLimits, ip: string, user: string | null): void {
  limits.removeSubscription(ip);
  if (user !== null) limits.removeUser(ip, user);
}
