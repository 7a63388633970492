/**
 * What stands between a WebSocket connection and the channels it listens to. The connection knows
 * subscriptions, echoes, limits and slow clients; the feed knows topics and payloads.
 */
import type { GatewayContext } from "./gateway-context.ts";

/** The `subscription` object of a client, as received: a type and the type's own keys. */
export interface Subscription {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Takes one complete message text (`{"channel":…,"data":…}`); the connection bounds what it queues. */
export type SendText = (text: string) => void;

/** One open subscription. */
export interface OpenedFeed {
  readonly kind: "opened";
  /** Ends the subscription; nothing is sent after it. */
  close(): void;
}

/** Why a subscription was not opened. */
export interface RefusedFeed {
  /**
   * `invalid`: unknown type, missing or malformed keys; the client is told `Invalid subscription`.
   * `unknownCoin`: no such market; the connection is closed, as the venue does.
   */
  readonly kind: "invalid" | "unknownCoin";
}

/** Topics over the durable events. */
export interface Feed {
  /**
   * Opens a subscription. Snapshot messages may be sent before it returns: the connection puts its
   * own echo in front of them. A message is serialised once a topic and shared by its subscribers.
   */
  open(subscription: Subscription, send: SendText): OpenedFeed | RefusedFeed;
  /** Stops timers and listeners; open subscriptions fall silent. */
  close(): void;
}

/** Builds the feed over a gateway's parts. */
export type CreateFeed = (context: GatewayContext) => Feed;

/** A message as text, as every channel sends it. */
export const channelText = (channel: string, data: unknown): string =>
  JSON.stringify({ channel, data });
