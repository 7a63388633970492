import type { Answer } from "../../projection/history-queries.ts";
import { channelText, type OpenedFeed, type SendText } from "../feed-port.ts";

/** What several subscribers listen to under one key; ended when the last of them leaves. */
export interface Topic {
  readonly subscribers: Set<{ readonly send: SendText }>;
  /** Ends what the topic runs, such as timers. */
  end?(): void;
}

/** Open topics by key. */
export type Topics<T extends Topic> = Map<string, T>;

/** Joins a topic, opening it when it is new. */
export function joinTopic<T extends Topic>(
  topics: Topics<T>,
  key: string,
  { open, send }: { open: () => T; send: SendText },
): OpenedFeed {
  let topic = topics.get(key);
  if (topic === undefined) {
    topic = open();
    topics.set(key, topic);
  }
  const joined = topic;
  const subscriber = { send };
  joined.subscribers.add(subscriber);
  return {
    kind: "opened",
    close: () => {
      joined.subscribers.delete(subscriber);
      if (joined.subscribers.size > 0 || topics.get(key) !== joined) return;
      joined.end?.();
      topics.delete(key);
    },
  };
}

/** Joins a topic whose news must not come before a first message, which may have to be read yet. */
export function joinBehind(
  first: Answer<string>,
  send: SendText,
  join: (send: SendText) => OpenedFeed,
): OpenedFeed {
  if (typeof first === "string") {
    send(first);
    return join(send);
  }
  let held: string[] | null = [];
  let isOver = false;
  const opened = join((text) => {
    if (held === null) send(text);
    else held.push(text);
  });
  void first.then((text) => {
    const news = held ?? [];
    held = null;
    if (!isOver) for (const each of [text, ...news]) send(each);
  });
  return {
    kind: "opened",
    close: () => {
      isOver = true;
      opened.close();
    },
  };
}

/** Sends one message to all of a topic; its text is made once. */
export function broadcast(topic: Topic | undefined, channel: string, data: unknown): void {
  if (topic === undefined || topic.subscribers.size === 0) return;
  const text = channelText(channel, data);
  for (const { send } of topic.subscribers) send(text);
}

/** Ends all topics; their subscribers fall silent. */
export function endTopics<T extends Topic>(topics: Topics<T>): void {
  for (const topic of topics.values()) {
    topic.subscribers.clear();
    topic.end?.();
  }
  topics.clear();
}
