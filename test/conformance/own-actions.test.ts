/** Actions that the wire has no words for, signed by the stock SDK and sent to a running exchange. */
import { ExchangeClient, HttpTransport, InfoClient } from "@nktkas/hyperliquid";
import { signL1Action } from "@nktkas/hyperliquid/signing";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LiveExchange, openBtcMarket, openLiveExchange } from "../live-exchange.ts";

let exchange: LiveExchange;
let lastNonce = 0;
beforeAll(async () => {
  exchange = await openLiveExchange();
  await openBtcMarket(exchange);
});
afterAll(() => exchange.close());

/** A client with money: the stock SDK, and its signature over any action. */
async function client() {
  const wallet = privateKeyToAccount(generatePrivateKey());
  await exchange.admin("/admin/faucet", { user: wallet.address, usd: "10000" });
  const transport = new HttpTransport({ apiUrl: exchange.gateway.url });
  return {
    user: wallet.address,
    trade: new ExchangeClient({ transport, wallet }),
    info: new InfoClient({ transport }),
    async send(action: Record<string, unknown>): Promise<{ status: number; body: unknown }> {
      lastNonce = Math.max(lastNonce + 1, Date.now());
      const nonce = lastNonce;
      const signature = await signL1Action({ wallet, action, nonce });
      const response = await fetch(`${exchange.gateway.url}/exchange`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ action, nonce, signature }),
      });
      const text = await response.text();
      return { status: response.status, body: response.ok ? JSON.parse(text) : text };
    },
  };
}

const order = (fields: object = {}): Record<string, unknown> => ({
  a: 0,
  b: true,
  p: "60000",
  s: "0.1",
  r: false,
  t: { limit: { tif: "Gtc" } },
  ...fields,
});
const tif = (word: string): object => ({ t: { limit: { tif: word } } });
const orders = (...all: object[]): Record<string, unknown> => ({
  type: "bourse.order",
  orders: all,
});
const statuses = (...all: unknown[]): object => ({
  status: 200,
  body: { status: "ok", response: { type: "order", data: { statuses: all } } },
});
const isResting = { resting: { oid: expect.any(Number) } };

// First: it needs a book without orders of others.
describe("bourse.grid", () => {
  const grid = {
    type: "bourse.grid",
    asset: 0,
    low: "57000",
    high: "63000",
    levels: 7,
    size: "0.01",
  };

  test("starts, shows its orders and figures, is filled by others, pauses and ends", async () => {
    const owner = await client();
    const taker = await client();
    const started = await owner.send(grid);
    expect(started.body).toEqual({
      status: "ok",
      response: { type: "bourse.strategy", data: { id: expect.any(Number) } },
    });
    const { response } = started.body as { response: { data: { id: number } } };
    const { id } = response.data;
    const open = async () => (await owner.info.openOrders({ user: owner.user })).length;
    expect(await open()).toBe(6);
    await taker.send(orders(order({ b: false, p: "59000", s: "0.01", ...tif("Ioc") })));
    expect(await open()).toBe(6);
    await taker.send(orders(order({ p: "60000", s: "0.01", ...tif("Ioc") })));
    const asked = { type: "bourseStrategies", user: owner.user };
    const answer = await fetch(`${exchange.gateway.url}/info`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(asked),
    });
    expect(await answer.json()).toMatchObject([
      {
        id,
        kind: "grid",
        coin: "BTC",
        status: "running",
        grossProfit: "10.0",
        netSz: "0.0",
        cycledSz: "0.01",
      },
    ]);
    const done = { status: 200, body: { status: "ok", response: { type: "default" } } };
    expect(await owner.send({ type: "bourse.strategy", id, control: "pause" })).toEqual(done);
    expect(await open()).toBe(0);
    expect(await owner.send({ type: "bourse.strategy", id, control: "resume" })).toEqual(done);
    expect(await owner.send({ type: "bourse.strategy", id, control: "end" })).toEqual(done);
    expect(await open()).toBe(0);
    const again = await owner.send({ type: "bourse.strategy", id, control: "end" });
    expect(again.body).toEqual({
      status: "err",
      response: "Strategy was never started, or has ended.",
    });
  });

  test("a quote stands on both sides, follows the oracle and is set anew under its tag", async () => {
    const { send, info, user } = await client();
    const quote = { type: "bourse.quote", asset: 0, spreadBps: "10", size: "0.01", interval: 0 };
    const started = await send(quote);
    expect(started.body).toMatchObject({ response: { type: "bourse.strategy" } });
    const prices = async () =>
      (await info.openOrders({ user })).map(({ limitPx }) => Number(limitPx)).sort((a, b) => a - b);
    expect(await prices()).toEqual([59_970, 60_030]);
    expect((await send({ ...quote, spreadBps: "20" })).body).toEqual(started.body);
    expect(await prices()).toEqual([59_940, 60_060]);
    expect((await send({ ...quote, spreadBps: "0.5" })).body).toEqual({
      status: "err",
      response: "Spread must be at least 1bps",
    });
    const hedge = { type: "bourse.deltaNeutral", asset: 0, threshold: "1000" };
    const hedging = await send(hedge);
    for (const { body } of [started, hedging]) {
      const { id } = (body as { response: { data: { id: number } } }).response.data;
      await send({ type: "bourse.strategy", id, control: "end" });
    }
    expect(await prices()).toEqual([]);
  });

  test("what is out of bounds is refused with the reason", async () => {
    const { send } = await client();
    const refusal = async (more: object): Promise<unknown> =>
      ((await send({ ...grid, ...more })).body as { response: unknown }).response;
    expect(await refusal({ levels: 1 })).toBe("Strategy setting 3 is out of bounds.");
    expect(await refusal({ levels: 200, low: "59990", high: "60010" })).toMatch(/lie so close/);
    expect(await refusal({ size: "10" })).toMatch(/^Insufficient margin for the strategy/);
    expect((await send({ ...grid, colour: "red" })).status).toBe(422);
  });
});

describe("bourse.order", () => {
  test("a wire modify leaves an order good as long as it was", async () => {
    const { user, trade, info, send } = await client();
    const expiresAt = Date.now() + 600_000;
    await send(orders(order({ p: "55000", ...tif("Gtt"), expiresAt })));
    const [first] = await info.frontendOpenOrders({ user });
    const oid = first?.oid as number;
    await trade.modify({ oid, order: { ...order({ p: "55001" }) } as never });
    expect(await info.frontendOpenOrders({ user })).toMatchObject([
      { limitPx: "55001.0", expiresAt },
    ]);
  });

  test("fill or kill, good till time and slide; a reader sees words that the wire has", async () => {
    const [maker, taker] = [await client(), await client()];
    const expiresAt = Date.now() + 60_000;
    const rests = orders(
      order({ b: false, p: "60010", ...tif("Gtt"), expiresAt }),
      order({ b: false, p: "60000", ...tif("Alo"), slide: true }),
    );
    expect(await maker.send(rests)).toEqual(statuses(isResting, isResting));
    expect(await taker.send(orders(order({ ...tif("Alo"), slide: true, s: "0.05" })))).toEqual(
      statuses(isResting),
    );
    expect(await taker.info.openOrders({ user: taker.user })).toMatchObject([
      { limitPx: "59999.0", sz: "0.05" },
    ]);
    const [, until] = await maker.info.frontendOpenOrders({ user: maker.user });
    expect(until).toMatchObject({ limitPx: "60010.0", tif: "Gtc", expiresAt });
    const killed = order({ p: "60010", s: "0.3", ...tif("Fok") });
    expect(await taker.send(orders(killed))).toEqual(
      statuses({ error: "Fill or kill order could not fill its whole size at once. asset=0" }),
    );
    const filled = order({ p: "60010", s: "0.2", ...tif("Fok") });
    expect(await taker.send(orders(filled))).toEqual(
      statuses({ filled: { totalSz: "0.2", avgPx: "60005.0", oid: expect.any(Number) } }),
    );
    const late = order({ ...tif("Gtt"), expiresAt: 1 });
    expect(await maker.send(orders(late))).toEqual(
      statuses({ error: "Order is good until a time that has passed. asset=0" }),
    );
    const history = await taker.info.historicalOrders({ user: taker.user });
    expect(history.map(({ order: { tif: word }, status }) => [word, status])).toContainEqual([
      "Ioc",
      "filled",
    ]);
  });

  test("atomic: all orders or none", async () => {
    const { send, info, user } = await client();
    const [good, bad] = [order({ p: "50000" }), order({ p: "50000", s: "0" })];
    expect(await send({ ...orders(good, bad), atomic: true })).toEqual({
      status: 200,
      body: { status: "err", response: "Atomic batch refused at order 2: Order has zero size." },
    });
    expect(await info.openOrders({ user })).toEqual([]);
    expect(await send({ ...orders(good, good), atomic: true })).toEqual(
      statuses(isResting, isResting),
    );
  });

  test("self-trades: who gives way is the order's to say", async () => {
    const { send, info, user } = await client();
    const ask = order({ b: false, p: "65000", s: "0.01" });
    expect(await send(orders(ask))).toEqual(statuses(isResting));
    const own = { error: "Order would have traded with the same account. asset=0" };
    const bid = order({ p: "65000", s: "0.004", ...tif("Ioc") });
    expect(await send(orders({ ...bid, stp: "taker" }))).toEqual(statuses(own));
    expect(await send(orders({ ...bid, ...tif("Gtc"), stp: "taker" }))).toEqual(statuses(own));
    expect(await send(orders({ ...bid, stp: "decrement" }))).toEqual(statuses(own));
    expect(await info.openOrders({ user })).toMatchObject([{ sz: "0.006", origSz: "0.01" }]);
    expect(await send(orders({ ...bid, stp: "both" }))).toEqual(statuses(own));
    expect(await info.openOrders({ user })).toEqual([]);
  });

  test.each<[string, object]>([
    ["an unknown word", order(tif("Day"))],
    ["Gtt without a time", order(tif("Gtt"))],
    ["slide on what may take", order({ slide: true })],
    ["an unknown self-trade rule", order({ stp: "none" })],
    ["a key too many", order({ x: 1 })],
    ["a number where a text belongs", order({ p: 60_000 })],
  ])("%s is malformed", async (_, bad) => {
    const { send } = await client();
    expect((await send(orders(bad))).status).toBe(422);
  });

  test("keys in any order: what was sent is what was signed", async () => {
    const { send } = await client();
    const { a, b, ...rest } = order({ p: "50000" });
    expect(await send({ orders: [{ ...rest, b, a }], type: "bourse.order" })).toEqual(
      statuses(isResting),
    );
  });
});

describe("bourse.cancelAll", () => {
  test("takes an account's orders, or those on one market; a market that is none is named", async () => {
    const { send, info, user } = await client();
    const placed = orders(order({ p: "50000" }), order({ p: "50001" }));
    const done = { status: 200, body: { status: "ok", response: { type: "default" } } };
    expect(await send(placed)).toEqual(statuses(isResting, isResting));
    expect(await send({ type: "bourse.cancelAll", asset: 7 })).toEqual({
      status: 200,
      body: { status: "err", response: "Asset does not exist. asset=7" },
    });
    expect(await send({ type: "bourse.cancelAll", asset: 0 })).toEqual(done);
    expect(await info.openOrders({ user })).toEqual([]);
    expect(await send(placed)).toEqual(statuses(isResting, isResting));
    expect(await send({ type: "bourse.cancelAll" })).toEqual(done);
    expect(await info.openOrders({ user })).toEqual([]);
    expect((await send({ type: "bourse.cancelAll", coin: "BTC" })).status).toBe(422);
  });
});

describe("bourse.trailingStop", () => {
  test("follows the mark price, is told with the price where it would fire, and fires there", async () => {
    const [maker, taker] = [await client(), await client()];
    await exchange.admin("/admin/oracle", { prices: { BTC: "60000" } });
    await maker.send(orders(order({ b: false, p: "60001", s: "0.01" })));
    await taker.send(orders(order({ p: "60001", s: "0.01", ...tif("Ioc") })));
    const stop = (offset: object, b = false): Record<string, unknown> => ({
      type: "bourse.trailingStop",
      a: 0,
      b,
      s: "0.01",
      r: true,
      offset,
    });
    expect(await taker.send(stop({ px: "600" }))).toEqual(statuses(isResting));
    expect(await taker.send(stop({ bps: 50 }))).toEqual(statuses(isResting));
    expect(await taker.send(stop({ bps: 50 }, true))).toEqual(
      statuses({ error: "Reduce only order would increase position. asset=0" }),
    );
    expect(await taker.send(stop({ bps: 10_000 }))).toEqual(
      statuses({ error: "Invalid TP/SL price. asset=0" }),
    );
    expect(await taker.send(stop({ bps: 5, px: "1" }))).toMatchObject({ status: 422 });
    await exchange.admin("/admin/oracle", { prices: { BTC: "62000" } });
    const open = await taker.info.frontendOpenOrders({ user: taker.user });
    expect(open).toMatchObject([
      { orderType: "Stop Market", triggerPx: "61690.0", trailing: { bps: 50 } },
      { triggerCondition: "Price below 61400", triggerPx: "61400.0", trailing: { px: "600.0" } },
    ]);
    await maker.send(orders(order({ p: "61000", s: "0.02" })));
    await exchange.admin("/admin/oracle", { prices: { BTC: "61690" } });
    const [near, far] = open.map(({ oid }) => oid) as [number, number];
    const statusOf = async (oid: number) =>
      (await taker.info.orderStatus({ user: taker.user, oid })) as {
        order: { status: string; order: { triggerPx: string } };
      };
    expect((await statusOf(near)).order).toMatchObject({
      status: "filled",
      order: { triggerPx: "61690.0" },
    });
    expect((await statusOf(far)).order.status).toBe("reduceOnlyCanceled");
    await exchange.admin("/admin/oracle", { prices: { BTC: "60000" } });
  });
});

describe("a market's protection", () => {
  test("the operator halts and opens it; orders and /info say so", async () => {
    const { send, info } = await client();
    const ask = { type: "bourseMarkets" };
    const standing = async (): Promise<unknown> => {
      const response = await fetch(`${exchange.gateway.url}/info`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(ask),
      });
      return response.json();
    };
    const halt = { coin: "BTC", state: "cancelOnly" };
    expect(await exchange.admin("/admin/market-state", halt)).toMatchObject({ status: "ok" });
    expect(await send(orders(order({ p: "50000" })))).toEqual(
      statuses({ error: "Trading is halted." }),
    );
    expect(await standing()).toMatchObject([
      { coin: "BTC", state: "cancelOnly", liquidationsPaused: true, distance: "0.8" },
    ]);
    expect((await info.exchangeStatus()).specialStatuses).toBe("BTC takes cancels alone.");
    await exchange.admin("/admin/market-state", { ...halt, state: "postOnly" });
    expect(await send(orders(order({ p: "50000" })))).toEqual(
      statuses({ error: "Only post-only orders allowed immediately after a network upgrade" }),
    );
    await exchange.admin("/admin/market-state", { ...halt, state: "open" });
    expect((await info.exchangeStatus()).specialStatuses).toBeNull();
    expect(await send(orders(order({ p: "11999" })))).toEqual(
      statuses({
        error: "Order price cannot be more than 80% away from the reference price",
      }),
    );
    await exchange.admin("/admin/protection", { coin: "BTC", band: "0.01" });
    expect(await send(orders(order({ p: "61000" })))).toEqual(
      statuses({ error: "Price too far from oracle asset=0" }),
    );
    await exchange.admin("/admin/protection", { coin: "BTC", band: "0", marketNotionalMax: "100" });
    expect(await send(orders(order({ p: "50000" })))).toEqual(
      statuses({ error: "Order must not exceed a value of $1000. asset=0" }),
    );
    expect(await info.maxMarketOrderNtls()).toContainEqual([20, "5000000.0"]);
  });
});

describe("bourse.riskLimits", () => {
  const done = { status: 200, body: { status: "ok", response: { type: "default" } } };

  test("an account's owner and the operator limit what it may add to; /info tells both", async () => {
    const { send, user } = await client();
    const limits = async (): Promise<unknown> => {
      const response = await fetch(`${exchange.gateway.url}/info`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ type: "bourseRiskLimits", user }),
      });
      return response.json();
    };
    const type = "bourse.riskLimits";
    expect(await send({ type, asset: 0, maxPosition: "0.01" })).toEqual(done);
    expect(await send({ type, maxLeverage: "2.5" })).toEqual(done);
    expect(await send(orders(order({ p: "50000", s: "0.011" })))).toEqual(
      statuses({ error: "Order would exceed the account's position limit. asset=0" }),
    );
    const held = { user, coin: "BTC", maxNotional: "500" };
    expect(await exchange.admin("/admin/risk-limits", held)).toMatchObject({ status: "ok" });
    expect(await send(orders(order({ p: "50000", s: "0.01" })))).toEqual(
      statuses({ error: "Order would exceed the account's notional limit of $500. asset=0" }),
    );
    expect(await limits()).toEqual({
      owner: { maxPositions: null, maxLeverage: "2.5" },
      operator: { maxPositions: null, maxLeverage: null },
      markets: [
        {
          coin: "BTC",
          owner: { maxPosition: "0.01", maxNotional: null },
          operator: { maxPosition: null, maxNotional: "500.0" },
        },
      ],
    });
    expect(await send({ type, asset: 7 })).toEqual({
      status: 200,
      body: { status: "err", response: "Asset does not exist. asset=7" },
    });
    expect((await send({ type, asset: 0, maxLeverage: "2" })).status).toBe(422);
  });
});
