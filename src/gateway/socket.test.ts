import { afterEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type LiveExchange, openBtcMarket, openLiveExchange } from "../../test/live-exchange.ts";
import type { CreateFeed } from "./feed-port.ts";

const user = "0x14791697260e4c9a71f18484c9f997b308e59325";
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A client that hands out messages one by one, in order. */
interface Client {
  say(message: unknown): void;
  next(): Promise<unknown>;
  /** Reads nothing more. */
  pause(): void;
  ended: Promise<void>;
}

async function connect(exchange: LiveExchange): Promise<Client> {
  const socket = new WebSocket(exchange.gateway.socketUrl);
  const arrived: unknown[] = [];
  const waiting: ((message: unknown) => void)[] = [];
  const ended = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  socket.on("message", (data: Buffer) => {
    const message: unknown = JSON.parse(data.toString());
    const taker = waiting.shift();
    if (taker === undefined) arrived.push(message);
    else taker(message);
  });
  await new Promise<void>((resolve, reject) => {
    socket.on("open", resolve);
    socket.on("error", reject);
  });
  open.push({ close: () => socket.terminate() });
  return {
    pause: () => socket.pause(),
    say: (message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
    next: () =>
      new Promise((resolve) => {
        if (arrived.length > 0) resolve(arrived.shift());
        else waiting.push(resolve);
      }),
    ended,
  };
}

async function openWith(...args: Parameters<typeof openLiveExchange>): Promise<LiveExchange> {
  const exchange = await openLiveExchange(...args);
  open.push(exchange);
  return exchange;
}

/** A feed of its own: snapshots at once, refuses coin X, and counts what is open. */
function countingFeed(): { createFeed: CreateFeed; count(): number; push(text: string): void } {
  const sends = new Set<(text: string) => void>();
  return {
    count: () => sends.size,
    push: (text) => {
      for (const send of sends) send(text);
    },
    createFeed: () => ({
      open(subscription, send) {
        if (subscription.coin === "X") return { kind: "unknownCoin" };
        if (subscription.type === "bad") return { kind: "invalid" };
        sends.add(send);
        send('{"channel":"snapshot"}');
        return { kind: "opened", close: () => sends.delete(send) };
      },
      close: () => undefined,
    }),
  };
}

describe("control messages", () => {
  test("ping, echo in front of the snapshot, and errors in the venue's words", async () => {
    const feed = countingFeed();
    const client = await connect(await openWith({ createFeed: feed.createFeed }));
    client.say({ method: "ping" });
    expect(await client.next()).toEqual({ channel: "pong" });

    const subscription = { type: "l2Book", coin: "BTC", nSigFigs: null, extra: 1 };
    client.say({ method: "subscribe", subscription });
    expect(await client.next()).toEqual({
      channel: "subscriptionResponse",
      data: { method: "subscribe", subscription },
    });
    expect(await client.next()).toEqual({ channel: "snapshot" });

    const same = { extra: 1, coin: "BTC", type: "l2Book" };
    client.say({ method: "subscribe", subscription: same });
    expect(await client.next()).toEqual({
      channel: "error",
      data: `Already subscribed: ${JSON.stringify(same)}`,
    });

    client.say({ method: "unsubscribe", subscription });
    expect(await client.next()).toEqual({
      channel: "subscriptionResponse",
      data: { method: "unsubscribe", subscription },
    });
    expect(feed.count()).toBe(0);
    client.say({ method: "unsubscribe", subscription });
    expect(await client.next()).toEqual({
      channel: "error",
      data: `Already unsubscribed: ${JSON.stringify(subscription)}`,
    });

    client.say({ method: "subscribe", subscription: { type: "bad" } });
    expect(await client.next()).toEqual({
      channel: "error",
      data: 'Invalid subscription {"type":"bad"}',
    });
    for (const bad of ["{oops", "[]", "null", '{"method":"dance"}', '{"method":"subscribe"}']) {
      client.say(bad);
      expect(await client.next()).toEqual({
        channel: "error",
        data: `Error parsing JSON into valid websocket request: ${bad}`,
      });
    }
  });

  test("an unknown coin ends the connection, and with it what was open", async () => {
    const feed = countingFeed();
    const client = await connect(await openWith({ createFeed: feed.createFeed }));
    client.say({ method: "subscribe", subscription: { type: "trades", coin: "BTC" } });
    await client.next();
    await client.next();
    expect(feed.count()).toBe(1);
    client.say({ method: "subscribe", subscription: { type: "trades", coin: "X" } });
    await client.ended;
    await expect.poll(() => feed.count()).toBe(0);
  });

  test("post carries info, actions and their errors", async () => {
    const exchange = await openWith();
    await openBtcMarket(exchange);
    const client = await connect(exchange);
    const post = (id: number, type: string, payload: unknown): void =>
      client.say({ method: "post", id, request: { type, payload } });
    post(1, "info", { type: "allMids" });
    expect(await client.next()).toEqual({
      channel: "post",
      data: {
        id: 1,
        response: { type: "info", payload: { type: "allMids", data: { BTC: expect.any(String) } } },
      },
    });
    post(2, "info", { type: "launchRocket" });
    expect(await client.next()).toMatchObject({ data: { id: 2, response: { type: "error" } } });
    post(3, "action", { action: { type: "noop" } });
    expect(await client.next()).toEqual({
      channel: "post",
      data: {
        id: 3,
        response: {
          type: "error",
          payload: "Failed to deserialize the JSON body into the target type",
        },
      },
    });
    const signature = { r: `0x${"1".repeat(64)}`, s: `0x${"2".repeat(64)}`, v: 27 };
    post(4, "action", { action: { type: "noop" }, nonce: 1, signature });
    expect(await client.next()).toMatchObject({
      channel: "post",
      data: { id: 4, response: { type: "action", payload: { status: "err" } } },
    });
  });

  test("a silent client is closed", async () => {
    const client = await connect(await openWith({ idleMs: 60 }));
    await client.ended;
  });
});

describe("a client that reads nothing", () => {
  test("is cut off, and the others hear every message", async () => {
    const feed = countingFeed();
    const exchange = await openWith({ createFeed: feed.createFeed });
    const [slow, quick] = await Promise.all([connect(exchange), connect(exchange)]);
    const subscription = { type: "l2Book", coin: "BTC" };
    for (const client of [slow, quick]) {
      client.say({ method: "subscribe", subscription });
      await client.next();
      expect(await client.next()).toEqual({ channel: "snapshot" });
    }
    slow.pause();
    const padding = "x".repeat(2 ** 18);
    let pushed = 0;
    while (feed.count() === 2) {
      feed.push(JSON.stringify({ number: pushed, padding }));
      expect(await quick.next()).toMatchObject({ number: pushed });
      pushed += 1;
    }
    expect(pushed * padding.length).toBeGreaterThan(2 ** 23);
    feed.push('{"channel":"last"}');
    expect(await quick.next()).toEqual({ channel: "last" });
  });
});

describe("limits of the venue", () => {
  test("ten users, and the count comes back with an unsubscribe", async () => {
    const exchange = await openWith({ limits: "venue", createFeed: countingFeed().createFeed });
    const client = await connect(exchange);
    const of = (n: number): object => ({
      type: "orderUpdates",
      user: user.slice(0, -2) + String(n).padStart(2, "0"),
    });
    for (let n = 0; n < 10; n++) {
      client.say({ method: "subscribe", subscription: of(n) });
      expect(await client.next()).toMatchObject({ channel: "subscriptionResponse" });
      await client.next();
    }
    client.say({ method: "subscribe", subscription: of(10) });
    expect(await client.next()).toEqual({
      channel: "error",
      data: "Cannot track more than 10 total users.",
    });
    client.say({ method: "unsubscribe", subscription: of(3) });
    await client.next();
    client.say({ method: "subscribe", subscription: of(10) });
    expect(await client.next()).toMatchObject({ channel: "subscriptionResponse" });
  });

  test("ten connections of an address; one that ends makes room", async () => {
    const exchange = await openWith({ limits: "venue" });
    const clients = await Promise.all(Array.from({ length: 10 }, () => connect(exchange)));
    await expect(connect(exchange)).rejects.toThrow("429");
    clients[0]?.say({ method: "subscribe", subscription: { type: "trades", coin: "NONE" } });
    await clients[0]?.ended;
    await expect
      .poll(() =>
        connect(exchange).then(
          () => "in",
          () => "out",
        ),
      )
      .toBe("in");
  });

  test("1200 weight a minute over REST, then 429", async () => {
    const exchange = await openWith({ limits: "venue" });
    const ask = async (): Promise<number> =>
      (
        await fetch(`${exchange.gateway.url}/info`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ type: "userRole", user }),
        })
      ).status;
    const statuses: number[] = [];
    for (let n = 0; n < 24; n++) statuses.push(await ask());
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(statuses).toContain(429);
  });
});
