/** Time-weighted orders through the stock client against a running server, on a clock that the test moves. */
import {
  ApiRequestError,
  ExchangeClient,
  HttpTransport,
  InfoClient,
  SubscriptionClient,
  WebSocketTransport,
} from "@nktkas/hyperliquid";
import { signL1Action } from "@nktkas/hyperliquid/signing";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LiveExchange, openBtcMarket, openLiveExchange } from "../live-exchange.ts";

const walletOf = (n: number) => privateKeyToAccount(`0x${n.toString(16).padStart(64, "0")}`);
const [quoter, trader] = [walletOf(801), walletOf(802)];
const user = trader.address.toLowerCase() as `0x${string}`;
let nowMs = Date.now();
let lastNonce = 0;
let exchange: LiveExchange;
let info: InfoClient;

const clientOf = (wallet: typeof quoter): ExchangeClient =>
  new ExchangeClient({ transport: new HttpTransport({ apiUrl: exchange.gateway.url }), wallet });
const mark = (px: number) => exchange.admin("/admin/oracle", { prices: { BTC: String(px) } });
/** Moves the clock; the price that follows is the command that finds what has become due. */
const pass = async (seconds: number): Promise<void> => {
  nowMs += seconds * 1000;
  await mark(60_000);
};
const twap = { a: 0, b: true, s: "1", r: false, m: 5, t: false } as const;

beforeAll(async () => {
  exchange = await openLiveExchange({ nowMs: () => nowMs });
  info = new InfoClient({ transport: new HttpTransport({ apiUrl: exchange.gateway.url }) });
  await openBtcMarket(exchange);
  for (const { address } of [quoter, trader])
    await exchange.admin("/admin/faucet", { user: address, usd: "1000000" });
  await clientOf(quoter).order({
    orders: [{ a: 0, b: false, p: "60010", s: "5", r: false, t: { limit: { tif: "Gtc" } } }],
    grouping: "na",
  });
});
afterAll(() => exchange.close());

test("slices, states, history and fills of one that is ended by its owner", async () => {
  const socket = new WebSocketTransport({
    url: `${exchange.gateway.url.replace("http", "ws")}/ws`,
  });
  const subscriptions = new SubscriptionClient({ transport: socket });
  const told: string[] = [];
  let heard = (): void => undefined;
  const tell = (text: string): void => {
    told.push(text);
    heard();
  };
  const until = (text: string): Promise<void> =>
    new Promise((resolve) => {
      heard = () => (told.includes(text) ? resolve() : undefined);
      heard();
    });
  await subscriptions.twapStates({ user }, ({ states }) => {
    tell(`states ${states.map(([id, { executedSz }]) => `${id}:${executedSz}`).join(" ")}`);
  });
  await subscriptions.userTwapHistory({ user }, ({ history, isSnapshot }) => {
    if (isSnapshot !== true)
      tell(`history ${history.map(({ status }) => status.status).join(" ")}`);
  });
  await subscriptions.userTwapSliceFills({ user }, ({ twapSliceFills, isSnapshot }) => {
    if (isSnapshot !== true)
      tell(`slices ${twapSliceFills.map(({ fill, twapId }) => `${twapId}:${fill.sz}`).join(" ")}`);
  });
  await subscriptions.userEvents({ user }, (event) => {
    if ("twapHistory" in event) tell(`events ${event.twapHistory.length}`);
    if ("twapSliceFills" in event) tell(`event slices ${event.twapSliceFills.length}`);
  });
  await until("states ");

  const placed = await clientOf(trader).twapOrder({ twap });
  expect(placed.response.data.status).toEqual({ running: { twapId: 1 } });
  await until("history activated");
  await until("events 1");
  await until("states 1:0.0");
  await pass(30);
  await until("slices 1:0.1");
  await until("event slices 1");
  await until("states 1:0.1");
  const fills = await info.userTwapSliceFills({ user });
  expect(fills).toMatchObject([
    { twapId: 1, fill: { sz: "0.1", px: "60010.0", twapId: 1, crossed: true } },
  ]);
  expect(fills[0]?.fill.hash).toBe(`0x${"0".repeat(64)}`);
  expect(await info.userFills({ user })).toMatchObject([{ twapId: 1 }]);
  expect(await info.historicalOrders({ user })).toMatchObject([
    { status: "filled", order: { orderType: "Twap Slice" } },
  ]);

  const ended = await clientOf(trader).twapCancel({ a: 0, t: 1 });
  expect(ended.response.data.status).toBe("success");
  await until("history terminated");
  expect(await info.twapHistory({ user })).toMatchObject([
    {
      twapId: 1,
      status: { status: "terminated" },
      state: { coin: "BTC", sz: "1.0", executedSz: "0.1", executedNtl: "6001.0", minutes: 5 },
    },
    { twapId: 1, status: { status: "activated" }, state: { executedSz: "0.0" } },
  ]);
  await socket.close();
});

test("one that runs to its end", async () => {
  const placed = await clientOf(trader).twapOrder({ twap: { ...twap, t: true } });
  const { twapId } = (placed.response.data.status as { running: { twapId: number } }).running;
  for (let slice = 0; slice < 10; slice++) await pass(30);
  const [end] = await info.twapHistory({ user });
  expect(end).toMatchObject({
    twapId,
    status: { status: "finished" },
    state: { executedSz: "1.0", randomize: true },
  });
});

test("with a trigger and a stop price", async () => {
  const details = { t: { p: "60500", a: true }, s: "61000" };
  await clientOf(trader).twapOrder({ twap, details });
  expect(await info.twapHistory({ user })).toMatchObject([
    {
      status: { status: "waitingForTrigger" },
      state: { trigger: { px: "60500.0", above: true }, stopPx: "61000.0" },
    },
    {},
    {},
    {},
    {},
  ]);
  await mark(60_500);
  await mark(61_000);
  const words = (await info.twapHistory({ user })).map(({ status }) => status.status);
  expect(words.slice(0, 3)).toEqual(["stopped", "activated", "waitingForTrigger"]);
  await mark(60_000);
});

test.each([
  ["a duration", { ...twap, m: 1 }, "Invalid TWAP duration: 1 min(s)"],
  ["a value", { ...twap, s: "0.001" }, "TWAP order value too small. Min is $100."],
  [
    "what it would add the other way",
    { ...twap, r: true },
    "Reduce-only TWAP order would increase position.",
  ],
])("refused for %s, as its status", async (_, order, error) => {
  // The SDK refuses a minute itself, so the words go past it.
  const action = { type: "twapOrder", twap: order };
  // Ahead of those that the SDK takes from the clock.
  lastNonce = Math.max(lastNonce + 1, Date.now() + 600_000);
  const nonce = lastNonce;
  const signature = await signL1Action({ wallet: trader, action, nonce });
  const response = await fetch(`${exchange.gateway.url}/exchange`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ action, nonce, signature }),
  });
  expect(await response.json()).toEqual({
    status: "ok",
    response: { type: "twapOrder", data: { status: { error } } },
  });
});

test("one that has ended cannot be ended", async () => {
  await expect(clientOf(trader).twapCancel({ a: 0, t: 1 })).rejects.toThrow(ApiRequestError);
  await expect(clientOf(trader).twapCancel({ a: 0, t: 1 })).rejects.toThrow(
    "TWAP was never placed, already canceled, or filled.",
  );
});
