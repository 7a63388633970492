import { describe, expect, test, vi } from "vitest";
import { createManualTimers, recordFeed } from "../../../test/conformance/feed-recorder.ts";
import { createLocalExchange, START_MS } from "../../../test/conformance/local-exchange.ts";
import type { Hex } from "../../base/hex.ts";
import type { Side } from "../../base/side.ts";
import { TIF, type Tif } from "../../base/time-in-force.ts";
import type { Command, OrderItem } from "../../exchange/command-codec.ts";
import { createFeed } from "./create-feed.ts";

const ANNA: Hex = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const BERT: Hex = "0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

function createScene() {
  const exchange = createLocalExchange();
  const clock = createManualTimers();
  let nonce = START_MS;
  exchange.run(
    {
      kind: "createMarket",
      spec: {
        name: "BTC",
        szDecimals: 5,
        maxLeverage: 40,
        pxMax: 10_000_000,
        positionMax: 10_000_000,
        notionalMin: 10_000_000,
        priceRule: "fiveSignificantFigures",
      },
    },
    { kind: "setOraclePrices", prices: [{ market: 0, px: 600_000 }] },
    { kind: "deposit", address: ANNA, amount: 10_000_000_000 },
    { kind: "deposit", address: BERT, amount: 10_000_000_000 },
  );
  const orders = (signer: Hex, ...items: OrderItem[]): Command => {
    nonce += 1;
    return { kind: "placeOrders", orders: items, signer, nonce };
  };
  const cancelAll = (signer: Hex, oids: number[]): Command => {
    nonce += 1;
    return {
      kind: "cancelOrders",
      cancels: oids.map((oid) => ({ market: 0, oid })),
      signer,
      nonce,
    };
  };
  return { exchange, clock, orders, cancelAll, feed: createFeed(exchange.context, clock.timers) };
}

const item = (side: Side, px: number, sz: number, tif: Tif = TIF.gtc): OrderItem => ({
  market: 0,
  side,
  px,
  sz,
  tif,
});

describe("subscriptions", () => {
  const { feed } = createScene();
  test.each([
    [{ type: "nothing" }, "invalid"],
    [{ type: "l2Book" }, "invalid"],
    [{ type: "l2Book", coin: "NONE" }, "unknownCoin"],
    [{ type: "bbo", coin: "NONE" }, "unknownCoin"],
    [{ type: "trades", coin: 7 }, "invalid"],
    [{ type: "l2Book", coin: "BTC", nSigFigs: 9 }, "invalid"],
    [{ type: "l2Book", coin: "BTC", fast: "yes" }, "invalid"],
    [{ type: "orderUpdates" }, "invalid"],
    [{ type: "userFills", user: "0x1" }, "invalid"],
    [{ type: "allMids", dex: "other" }, "invalid"],
    [{ type: "allMids", dex: "" }, "opened"],
    [{ type: "orderUpdates", user: ANNA.toUpperCase().replace("X", "x") }, "opened"],
  ])("%j is %s", (subscription, kind) => {
    expect(feed.open(subscription, () => undefined).kind).toBe(kind);
  });
});

describe("books and mids", () => {
  test("come at once, then at most every 50 ms, and only when something changed", () => {
    const { exchange, clock, orders, feed } = createScene();
    const book = recordFeed(feed, { type: "l2Book", coin: "BTC" });
    const mids = recordFeed(feed, { type: "allMids" });
    expect([book.texts.length, mids.texts.length]).toEqual([1, 1]);
    for (let i = 0; i < 5; i++) exchange.run(orders(ANNA, item(0, 599_000 + 10 * i, 100)));
    expect(book.texts).toHaveLength(2);
    clock.advance(49);
    expect(book.texts).toHaveLength(2);
    clock.advance(1);
    expect(book.texts).toHaveLength(3);
    expect(mids.texts).toHaveLength(3);
    expect(book.messages().at(-1)).toMatchObject({ data: { levels: [{ length: 5 }, []] } });
    clock.advance(1000);
    expect(book.texts).toHaveLength(3);
    expect(clock.pendingCount()).toBe(0);
    exchange.run(orders(BERT, item(0, 600_000, 100, TIF.ioc)));
    expect(book.texts).toHaveLength(3);
  });

  test("a text is made once and shared, a fast book has five levels", () => {
    const { exchange, orders, feed } = createScene();
    const one = recordFeed(feed, { type: "l2Book", coin: "BTC" });
    const two = recordFeed(feed, { type: "l2Book", coin: "BTC", nSigFigs: null });
    const fast = recordFeed(feed, { type: "l2Book", coin: "BTC", fast: true });
    const bids = Array.from({ length: 7 }, (_, i) => item(0, 599_000 + 10 * i, 100));
    exchange.run(orders(ANNA, ...bids));
    expect(one.texts.at(-1)).toBe(two.texts.at(-1));
    expect(fast.messages().at(-1)).toMatchObject({
      data: { fast: true, levels: [{ length: 5 }, []] },
    });
    one.close();
    two.close();
    fast.close();
    exchange.run(orders(ANNA, item(0, 598_000, 100)));
    expect(one.texts).toHaveLength(2);
  });

  test("bbo tells changes of the touch only", () => {
    const { exchange, orders, feed } = createScene();
    const bbo = recordFeed(feed, { type: "bbo", coin: "BTC" });
    exchange.run(orders(ANNA, item(0, 599_000, 100)));
    exchange.run(orders(ANNA, item(0, 598_000, 100)));
    exchange.run(orders(BERT, item(1, 601_000, 200)));
    expect(bbo.messages().map(({ data }) => (data as { bbo: unknown }).bbo)).toEqual([
      [null, null],
      [{ px: "59900.0", sz: "0.001", n: 1 }, null],
      [
        { px: "59900.0", sz: "0.001", n: 1 },
        { px: "60100.0", sz: "0.002", n: 1 },
      ],
    ]);
  });
});

describe("trades", () => {
  test("the last ones at once, then new ones by group, oldest first, with both users", () => {
    const { exchange, orders, feed } = createScene();
    exchange.run(orders(ANNA, item(1, 600_000, 50), item(1, 600_010, 50), item(1, 600_020, 50)));
    const silent = recordFeed(feed, { type: "trades", coin: "BTC" });
    expect(silent.texts).toEqual([]);
    exchange.run(orders(BERT, item(0, 600_010, 100)));
    const late = recordFeed(feed, { type: "trades", coin: "BTC" });
    expect(late.texts).toEqual(silent.texts);
    expect(late.messages()[0]?.data).toMatchObject([
      { px: "60000.0", side: "B", users: [BERT, ANNA] },
      { px: "60001.0", side: "B", users: [BERT, ANNA] },
    ]);
  });
});

describe("users", () => {
  test("hear of orders, then of fills, each once a group; sizes are what remains", () => {
    const { exchange, orders, feed } = createScene();
    const heard: string[] = [];
    const note = (text: string) => heard.push(text);
    for (const type of ["userFills", "userEvents", "orderUpdates"]) {
      feed.open({ type, user: ANNA.toUpperCase().replace("X", "x") }, note);
    }
    const messages = () =>
      heard.splice(0).map((text) => JSON.parse(text) as { channel: string; data: unknown });
    expect(messages()).toEqual([
      { channel: "userFills", data: { user: ANNA, fills: [], isSnapshot: true } },
    ]);
    exchange.run(orders(ANNA, item(1, 600_000, 100)), orders(BERT, item(0, 600_000, 40)));
    const [updates, events, fills, ...others] = messages();
    expect(others).toEqual([]);
    expect(updates).toMatchObject({
      channel: "orderUpdates",
      data: [
        { status: "open", order: { sz: "0.001", origSz: "0.001" } },
        { status: "open", order: { sz: "0.0006", origSz: "0.001" } },
      ],
    });
    expect(events).toMatchObject({ channel: "user", data: { fills: [{ sz: "0.0004" }] } });
    expect(fills).toMatchObject({ channel: "userFills", data: { user: ANNA, fills: [{}] } });
    expect(fills?.data as object).not.toHaveProperty("isSnapshot");

    exchange.run(orders(BERT, item(0, 600_000, 60)));
    expect(messages()[0]).toMatchObject({ data: [{ status: "filled", order: { sz: "0.0" } }] });
  });

  test("hear how immediate and refused orders ended, and of cancels that nobody asked for", () => {
    const { exchange, orders, cancelAll, feed } = createScene();
    const updates = recordFeed(feed, { type: "orderUpdates", user: ANNA });
    const events = recordFeed(feed, { type: "userEvents", user: ANNA });
    exchange.run(orders(BERT, item(1, 600_000, 40)));
    exchange.run(orders(ANNA, item(0, 600_000, 100, TIF.ioc)));
    exchange.run(orders(ANNA, item(0, 600_000, 100, TIF.ioc)));
    exchange.run(orders(ANNA, item(0, 599_000, 100)));
    exchange.run(orders(ANNA, item(1, 599_000, 100)));
    const statuses = () =>
      updates
        .messages()
        .flatMap(({ data }) => data as { status: string; order: { sz: string; oid: number } }[])
        .map(({ status, order }) => [status, order.sz]);
    expect(statuses()).toEqual([
      ["canceled", "0.0006"],
      ["iocCancelRejected", "0.001"],
      ["open", "0.001"],
      ["selfTradeCanceled", "0.001"],
      ["open", "0.001"],
    ]);
    expect(events.messages().map(({ data }) => Object.keys(data as object))).toEqual([
      ["fills"],
      ["nonUserCancel"],
    ]);
    const { data } = updates.messages().at(-1) as { data: { order: { oid: number } }[] };
    exchange.run(cancelAll(ANNA, [data.at(-1)?.order.oid ?? 0]));
    expect(statuses().at(-1)).toEqual(["canceled", "0.001"]);
    expect(events.texts).toHaveLength(2);
  });

  test("fall silent when they leave and when the feed ends", () => {
    const { exchange, orders, clock, feed } = createScene();
    const leaver = recordFeed(feed, { type: "orderUpdates", user: ANNA });
    const stayer = recordFeed(feed, { type: "orderUpdates", user: ANNA });
    const book = recordFeed(feed, { type: "l2Book", coin: "BTC" });
    leaver.close();
    leaver.close();
    exchange.run(orders(ANNA, item(0, 599_000, 100)));
    exchange.run(orders(ANNA, item(0, 599_000, 100)));
    expect([leaver.texts.length, stayer.texts.length]).toEqual([0, 2]);
    feed.close();
    exchange.run(orders(ANNA, item(0, 599_000, 100)));
    clock.advance(1000);
    expect([stayer.texts.length, book.texts.length, clock.pendingCount()]).toEqual([2, 2, 0]);
    expect(exchange.models.logs.size).toBe(0);
  });
});

describe("serialisation", () => {
  const TOPICS = [
    { type: "l2Book", coin: "BTC" },
    { type: "bbo", coin: "BTC" },
    { type: "trades", coin: "BTC" },
    { type: "allMids" },
    { type: "orderUpdates", user: ANNA },
    { type: "userEvents", user: ANNA },
    { type: "userFills", user: ANNA },
  ];

  /** Lets every topic push with this many subscribers each; texts sent, and texts made meanwhile. */
  function push(subscribers: number): { sent: number; made: number } {
    const { exchange, clock, orders, feed } = createScene();
    exchange.run(orders(ANNA, item(1, 600_000, 100)));
    let sent = 0;
    for (const topic of TOPICS) {
      for (let i = 0; i < subscribers; i++) feed.open(topic, () => void sent++);
    }
    clock.advance(1000);
    sent = 0;
    const made = vi.spyOn(JSON, "stringify");
    exchange.run(orders(BERT, item(0, 600_000, 40)), orders(BERT, item(0, 599_000, 40)));
    clock.advance(1000);
    const counted = made.mock.calls.length;
    made.mockRestore();
    return { sent, made: counted };
  }

  test("a message is made once, whether one listens or fifty", () => {
    const one = push(1);
    const fifty = push(50);
    expect(one.sent).toBeGreaterThanOrEqual(TOPICS.length);
    expect(fifty).toEqual({ sent: 50 * one.sent, made: one.made });
  });
});

describe("activeAssetCtx", () => {
  test("at once, then what differs, at most every 500 ms; a coin that is not traded is refused", () => {
    const { exchange, clock, orders, feed } = createScene();
    expect(feed.open({ type: "activeAssetCtx", coin: "NONE" }, () => undefined)).toEqual({
      kind: "unknownCoin",
    });
    const record = recordFeed(feed, { type: "activeAssetCtx", coin: "BTC" });
    const seen = () =>
      record.messages().map(({ data }) => {
        const { ctx } = data as { ctx: { oraclePx: string; midPx: string | null } };
        return [ctx.oraclePx, ctx.midPx];
      });
    expect(record.messages()).toMatchObject([{ channel: "activeAssetCtx", data: { coin: "BTC" } }]);
    const set = (px: number): Command => ({ kind: "setOraclePrices", prices: [{ market: 0, px }] });
    exchange.run(set(610_000));
    exchange.run(set(620_000));
    exchange.run(orders(ANNA, item(0, 600_000, 100), item(1, 601_000, 100)));
    expect(seen()).toEqual([
      ["60000.0", null],
      ["61000.0", null],
    ]);
    clock.advance(500);
    expect(seen().slice(2)).toEqual([["62000.0", "60050.0"]]);
    clock.advance(500);
    exchange.run(set(620_000));
    expect(seen()).toHaveLength(3);
    record.close();
    exchange.run(set(630_000));
    clock.advance(1_000);
    expect(seen()).toHaveLength(3);
  });
});
