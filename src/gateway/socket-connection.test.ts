import { describe, expect, test } from "vitest";
import type { Sequencer } from "../journal/sequencer.ts";
import { createReadModels } from "../projection/read-models.ts";
import type { SendText } from "./feed-port.ts";
import { createIpLimits, IP_LIMITS } from "./ip-limits.ts";
import { INLINE_RECOVERY } from "./recovery-queue.ts";
import { createConnection } from "./socket-connection.ts";

/** A connection over a socket in memory, whose posts stay unanswered until they are released. */
function connected(mode: "venue" | "off" = "venue") {
  const clock = { ms: 0, nowMs: () => clock.ms };
  const sent: string[] = [];
  const feeds: SendText[] = [];
  const held: (() => void)[] = [];
  const socket = {
    bufferedAmount: 0,
    isCut: false,
    send: (text: string) => sent.push(text),
    close: () => undefined,
    terminate: () => {
      socket.isCut = true;
    },
  };
  const sequencer: Pick<Sequencer, "whenDurable"> = { whenDurable: (done) => held.push(done) };
  const limits = createIpLimits(mode, clock);
  const connection = createConnection(
    {
      context: {
        sequencer: sequencer as Sequencer,
        models: createReadModels(),
        nowMs: clock.nowMs,
      },
      answerInfo: () => ({ status: 200, body: {} }),
      answerAction: (_, spend, done) =>
        done(spend(1) ? { status: 422, body: "no" } : { status: 429, body: "too many" }),
      recovery: INLINE_RECOVERY,
      limits,
      feed: {
        open: (_, send) => {
          feeds.push(send);
          return { kind: "opened", close: () => undefined };
        },
        close: () => undefined,
      },
      queuedBytesMax: 100,
    },
    "ip",
    socket,
  );
  const say = (message: object): unknown => {
    connection.receive(JSON.stringify(message));
    return sent.length === 0 ? undefined : JSON.parse(sent.at(-1) as string);
  };
  return { clock, sent, feeds, held, socket, limits, connection, say };
}

describe("a client that does not read", () => {
  test("is cut off once what is queued for it passes the bound", () => {
    const { socket, feeds, sent, say } = connected();
    say({ method: "subscribe", subscription: { type: "allMids" } });
    socket.bufferedAmount = 100;
    feeds[0]?.("one");
    expect([sent.at(-1), socket.isCut]).toEqual(["one", false]);
    socket.bufferedAmount = 101;
    feeds[0]?.("two");
    expect([sent.at(-1), socket.isCut]).toEqual(["one", true]);
  });
});

describe("limits", () => {
  test("messages a minute", () => {
    const { clock, say } = connected();
    for (let n = 0; n < IP_LIMITS.venue.messagesPerMinute; n++) {
      expect(say({ method: "ping" })).toEqual({ channel: "pong" });
    }
    expect(say({ method: "ping" })).toEqual({
      channel: "error",
      data: "Cannot send more than 2000 messages per minute.",
    });
    clock.ms = 30;
    expect(say({ method: "ping" })).toEqual({ channel: "pong" });
  });

  test("posts without an answer", () => {
    const { limits, held, say } = connected();
    const post = (id: number): unknown =>
      say({ method: "post", id, request: { type: "info", payload: { type: "l2Book" } } });
    for (let n = 0; n < IP_LIMITS.venue.postsMax; n++) post(n);
    expect(post(777)).toEqual({
      channel: "error",
      data: "too many pending post requests id=777",
    });
    held[0]?.();
    expect(limits.addPost("ip")).toBe(true);
  });

  test("subscriptions", () => {
    const { say } = connected();
    for (let n = 0; n < IP_LIMITS.venue.subscriptionsMax; n++) {
      say({ method: "subscribe", subscription: { type: "trades", coin: `C${n}` } });
    }
    expect(say({ method: "subscribe", subscription: { type: "trades", coin: "more" } })).toEqual({
      channel: "error",
      data: "Cannot subscribe to more than 1000 channels.",
    });
  });

  test("actions count against the weight of the address", () => {
    const { limits, say } = connected();
    limits.spendWeight("ip", 1200);
    expect(say({ method: "post", id: 5, request: { type: "action", payload: {} } })).toEqual({
      channel: "post",
      data: { id: 5, response: { type: "error", payload: "too many" } },
    });
  });
});

test("after its end nothing is sent, and its counts are given back", () => {
  const { connection, feeds, sent, limits, say } = connected();
  const user = `0x${"1".repeat(40)}`;
  say({ method: "subscribe", subscription: { type: "userFills", user } });
  connection.ended();
  connection.ended();
  const before = sent.length;
  feeds[0]?.("late");
  expect(sent).toHaveLength(before);
  for (let n = 0; n < IP_LIMITS.venue.usersMax; n++)
    expect(limits.addUser("ip", `u${n}`)).toBe(true);
});
