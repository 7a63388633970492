import type { Timers } from "../../src/gateway/feed/throttle.ts";
import type { Feed, Subscription } from "../../src/gateway/feed-port.ts";

/** A message of a channel, parsed. */
export interface FeedMessage {
  readonly channel: string;
  readonly data: unknown;
}

/** Opens a subscription and keeps what it sends; throws where it is refused. */
export function recordFeed(feed: Feed, subscription: Subscription) {
  const texts: string[] = [];
  const opened = feed.open(subscription, (text) => texts.push(text));
  if (opened.kind !== "opened") throw new Error(`refused: ${opened.kind}`);
  return {
    texts,
    messages: (): FeedMessage[] => texts.map((text) => JSON.parse(text) as FeedMessage),
    close: opened.close,
  };
}

/** Timers whose time passes when told to. */
export function createManualTimers() {
  let pending: { atMs: number; run: () => void }[] = [];
  let nowMs = 0;
  const timers: Timers = {
    after: (delayMs, run) => {
      const entry = { atMs: nowMs + delayMs, run };
      pending.push(entry);
      return () => {
        pending = pending.filter((other) => other !== entry);
      };
    },
  };
  return {
    timers,
    pendingCount: (): number => pending.length,
    /** Lets time pass and runs what falls due, in order. */
    advance: (ms: number): void => {
      nowMs += ms;
      for (;;) {
        const due = pending.filter(({ atMs }) => atMs <= nowMs);
        if (due.length === 0) return;
        const [next] = due.sort((a, b) => a.atMs - b.atMs);
        pending = pending.filter((entry) => entry !== next);
        next?.run();
      }
    },
  };
}
