/** Trigger orders through the stock client against a running server: long and short, stop and take-profit, gap. */
import {
  ExchangeClient,
  HttpTransport,
  InfoClient,
  SubscriptionClient,
  WebSocketTransport,
} from "@nktkas/hyperliquid";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LiveExchange, openBtcMarket, openLiveExchange } from "../live-exchange.ts";

const walletOf = (n: number) => privateKeyToAccount(`0x${n.toString(16).padStart(64, "0")}`);
const quoter = walletOf(301);
let exchange: LiveExchange;
let info: InfoClient;
let walletCount = 310;

const clientOf = (wallet: typeof quoter): ExchangeClient =>
  new ExchangeClient({ transport: new HttpTransport({ apiUrl: exchange.gateway.url }), wallet });
const limit = (b: boolean, p: number, tif: "Gtc" | "Ioc", s = "0.1") => ({
  a: 0,
  b,
  p: String(p),
  s,
  r: false,
  t: { limit: { tif } },
});
const mark = (px: number) => exchange.admin("/admin/oracle", { prices: { BTC: String(px) } });

beforeAll(async () => {
  exchange = await openLiveExchange();
  info = new InfoClient({ transport: new HttpTransport({ apiUrl: exchange.gateway.url }) });
  await openBtcMarket(exchange);
  await exchange.admin("/admin/faucet", { user: quoter.address, usd: "1000000" });
});
afterAll(() => exchange.close());

/** A new user with 0.1 BTC long or short at 60000. */
async function holder(isLong: boolean): Promise<typeof quoter> {
  await mark(60_000);
  const wallet = walletOf(walletCount++);
  await exchange.admin("/admin/faucet", { user: wallet.address, usd: "100000" });
  await clientOf(quoter).order({ orders: [limit(!isLong, 60_000, "Gtc")], grouping: "na" });
  await clientOf(wallet).order({ orders: [limit(isLong, 60_000, "Ioc")], grouping: "na" });
  return wallet;
}

describe("one that only reduces, through the stock client [USDC]", () => {
  const cases = [true, false].flatMap((isLong) =>
    (["sl", "tp"] as const).flatMap((tpsl) =>
      [true, false].flatMap((isMarket) =>
        [false, true].map((isGap) => ({ isLong, tpsl, isMarket, isGap })),
      ),
    ),
  );
  test.each(cases)("long $isLong, $tpsl, market $isMarket, gap $isGap", async (one) => {
    const { isLong, tpsl, isMarket, isGap } = one;
    const isRise = isLong === (tpsl === "tp");
    const triggerPx = isRise ? 63_000 : 57_000;
    const to = isGap ? (isRise ? 66_000 : 54_000) : triggerPx;
    const wallet = await holder(isLong);
    const user = wallet.address;
    const trigger = { isMarket, triggerPx: String(triggerPx), tpsl };
    const placed = await clientOf(wallet).order({
      orders: [
        { a: 0, b: !isLong, p: isLong ? "50000" : "70000", s: "0.1", r: true, t: { trigger } },
      ],
      grouping: "na",
    });
    const [status] = placed.response.data.statuses;
    const oid = (status as { resting: { oid: number } }).resting.oid;
    const type = `${tpsl === "sl" ? "Stop" : "Take Profit"} ${isMarket ? "Market" : "Limit"}`;
    expect(await info.frontendOpenOrders({ user })).toMatchObject([
      {
        oid,
        isTrigger: true,
        orderType: type,
        triggerCondition: `Price ${isRise ? "above" : "below"} ${triggerPx}`,
        triggerPx: `${triggerPx}.0`,
        tif: null,
        reduceOnly: true,
        sz: "0.1",
      },
    ]);
    expect(await info.openOrders({ user })).toMatchObject([{ oid, sz: "0.1" }]);
    await mark(isRise ? triggerPx - 1 : triggerPx + 1);
    expect(await info.orderStatus({ user, oid })).toMatchObject({ order: { status: "open" } });

    await clientOf(quoter).order({ orders: [limit(isLong, to, "Gtc")], grouping: "na" });
    await mark(to);
    expect(await info.orderStatus({ user, oid })).toMatchObject({
      order: { status: "filled", order: { oid, orderType: type, isTrigger: true } },
    });
    expect(await info.userFills({ user })).toMatchObject([
      { oid, px: `${to}.0`, sz: "0.1", crossed: true, dir: isLong ? "Close Long" : "Close Short" },
      { dir: isLong ? "Open Long" : "Open Short" },
    ]);
    const { assetPositions } = await info.clearinghouseState({ user });
    expect(assetPositions).toEqual([]);
  });
});

test("updates tell of waiting, firing and filling under one id; a limit that rests stays triggered", async () => {
  const wallet = await holder(true);
  const user = wallet.address;
  const socket = new WebSocketTransport({
    url: `${exchange.gateway.url.replace("http", "ws")}/ws`,
  });
  const subscriptions = new SubscriptionClient({ transport: socket });
  const told: string[] = [];
  let heard = (): void => undefined;
  await subscriptions.orderUpdates({ user }, (updates) => {
    for (const { order, status } of updates) told.push(`${order.limitPx} ${status}`);
    heard();
  });
  const until = (count: number): Promise<void> =>
    new Promise((resolve) => {
      heard = () => (told.length >= count ? resolve() : undefined);
      heard();
    });
  const stop = (p: string, isMarket: boolean, tpsl: "sl" | "tp", triggerPx: string) => ({
    a: 0,
    b: false,
    p,
    s: "0.05",
    r: true,
    t: { trigger: { isMarket, triggerPx, tpsl } },
  });
  const placed = await clientOf(wallet).order({
    orders: [stop("59000", false, "sl", "58000"), stop("50000", true, "sl", "57000")],
    grouping: "na",
  });
  const [first, second] = placed.response.data.statuses.map(
    (status) => (status as { resting: { oid: number } }).resting.oid,
  );
  await until(2);
  await mark(58_000);
  await until(4);
  expect(told).toEqual(["59000.0 open", "50000.0 open", "59000.0 triggered", "59000.0 triggered"]);
  expect(await info.orderStatus({ user, oid: first as number })).toMatchObject({
    order: { status: "triggered" },
  });
  // The quoter's bids of other cases are gone: nothing within 10 % of mark to sell into.
  await mark(57_000);
  await until(6);
  expect(told.slice(4)).toEqual(["50000.0 triggered", "50000.0 marketOrderNoLiquidityRejected"]);
  await clientOf(wallet).cancel({ cancels: [{ a: 0, o: first as number }] });
  expect(await info.openOrders({ user })).toEqual([]);
  const history = await info.historicalOrders({ user });
  expect(history.filter(({ order }) => order.oid === second)).toMatchObject([
    { status: "marketOrderNoLiquidityRejected", order: { orderType: "Stop Market" } },
  ]);
  await socket.close();
});

test("positionTpsl: two orders of size zero follow the position, and one ends with the other", async () => {
  const wallet = await holder(true);
  const user = wallet.address;
  const tied = (tpsl: "sl" | "tp", triggerPx: string) => ({
    a: 0,
    b: false,
    p: "50000",
    s: "0",
    r: true,
    t: { trigger: { isMarket: true, triggerPx, tpsl } },
  });
  const placed = await clientOf(wallet).order({
    orders: [tied("tp", "63000"), tied("sl", "57000")],
    grouping: "positionTpsl",
  });
  expect(placed.response.data.statuses).toEqual(["waitingForTrigger", "waitingForTrigger"]);
  const open = await info.frontendOpenOrders({ user });
  expect(open).toMatchObject([
    { orderType: "Stop Market", isPositionTpsl: true, sz: "0.0" },
    { orderType: "Take Profit Market", isPositionTpsl: true, sz: "0.0" },
  ]);
  await clientOf(quoter).order({ orders: [limit(true, 63_000, "Gtc", "0.3")], grouping: "na" });
  await mark(63_000);
  const [stop, profit] = open.map(({ oid }) => oid) as [number, number];
  expect(await info.orderStatus({ user, oid: profit })).toMatchObject({
    order: { status: "filled", order: { origSz: "0.1" } },
  });
  expect(await info.orderStatus({ user, oid: stop })).toMatchObject({
    order: { status: "siblingFilledCanceled" },
  });
  expect(await info.openOrders({ user })).toEqual([]);
});

describe("normalTpsl through the stock client [USDC]", () => {
  const child = (tpsl: "sl" | "tp", triggerPx: string, s = "0.1") => ({
    a: 0,
    b: false,
    p: "50000",
    s,
    r: true,
    t: { trigger: { isMarket: true, triggerPx, tpsl } },
  });
  const trader = async () => {
    await mark(60_000);
    const wallet = walletOf(walletCount++);
    await exchange.admin("/admin/faucet", { user: wallet.address, usd: "100000" });
    return wallet;
  };

  test("children wait for their parent's fill, are told with it, and one ends the other", async () => {
    const wallet = await trader();
    const user = wallet.address;
    const placed = await clientOf(wallet).order({
      orders: [limit(true, 59_500, "Gtc"), child("tp", "63000"), child("sl", "57000")],
      grouping: "normalTpsl",
    });
    const [main, ...others] = placed.response.data.statuses;
    expect(others).toEqual(["waitingForFill", "waitingForFill"]);
    const { oid } = (main as { resting: { oid: number } }).resting;
    const [open, ...more] = await info.frontendOpenOrders({ user });
    expect(more).toEqual([]);
    expect(open).toMatchObject({
      oid,
      children: [
        { orderType: "Take Profit Market", triggerCondition: "Price above 63000", sz: "0.1" },
        { orderType: "Stop Market", triggerCondition: "Price below 57000", sz: "0.1" },
      ],
    });
    expect(await info.openOrders({ user })).toMatchObject([{ oid }]);

    await clientOf(quoter).order({ orders: [limit(false, 59_500, "Ioc")], grouping: "na" });
    expect(await info.frontendOpenOrders({ user })).toMatchObject([
      { orderType: "Stop Market", children: [] },
      { orderType: "Take Profit Market", children: [] },
    ]);
    const [stop, profit] = (await info.openOrders({ user })).map((order) => order.oid);
    await clientOf(quoter).order({ orders: [limit(true, 57_000, "Gtc")], grouping: "na" });
    await mark(57_000);
    expect(await info.orderStatus({ user, oid: stop as number })).toMatchObject({
      order: { status: "filled" },
    });
    expect(await info.orderStatus({ user, oid: profit as number })).toMatchObject({
      order: { status: "siblingFilledCanceled" },
    });
    expect(await info.openOrders({ user })).toEqual([]);
  });

  test("with a parent that fills at once they wait for the mark price at once", async () => {
    const wallet = await trader();
    await clientOf(quoter).order({ orders: [limit(false, 60_000, "Gtc")], grouping: "na" });
    const placed = await clientOf(wallet).order({
      orders: [limit(true, 60_000, "Ioc"), child("sl", "57000", "0")],
      grouping: "normalTpsl",
    });
    expect(placed.response.data.statuses).toMatchObject([
      { filled: { totalSz: "0.1" } },
      "waitingForTrigger",
    ]);
    expect(await info.openOrders({ user: wallet.address })).toMatchObject([{ sz: "0.1" }]);
  });

  test("children end with a parent that its owner cancels", async () => {
    const wallet = await trader();
    const user = wallet.address;
    await clientOf(wallet).order({
      orders: [limit(true, 59_000, "Gtc"), child("tp", "63000"), child("sl", "57000")],
      grouping: "normalTpsl",
    });
    const [open] = await info.frontendOpenOrders({ user });
    await clientOf(wallet).cancel({ cancels: [{ a: 0, o: open?.oid as number }] });
    const history = await info.historicalOrders({ user });
    expect(history.map(({ status }) => status)).toEqual(["canceled", "canceled", "canceled"]);
    expect(await info.frontendOpenOrders({ user })).toEqual([]);
  });
});
