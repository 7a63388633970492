/** Markets of a builder's dex through the stock SDK: its converter's ids, requests with `dex`, feeds, and a maker. */
import {
  ApiRequestError,
  ExchangeClient,
  HttpTransport,
  InfoClient,
  SubscriptionClient,
  WebSocketTransport,
} from "@nktkas/hyperliquid";
import { SymbolConverter } from "@nktkas/hyperliquid/utils";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asTimeMs } from "../../src/base/units.ts";
import { MAKER_CONFIG_DEFAULTS } from "../../src/maker/config.ts";
import { runMaker } from "../../src/venue/maker-runner.ts";
import { createNativeWallet } from "../../src/venue/native-wallet.ts";
import { type LiveExchange, openBtcMarket, openLiveExchange } from "../live-exchange.ts";

let exchange: LiveExchange;
beforeAll(async () => {
  exchange = await openLiveExchange();
  await openBtcMarket(exchange);
  for (const name of ["hyna:BTC", "ETH", "hyna:GOLD"]) {
    const market = { name, szDecimals: 3, maxLeverage: 10, pxMax: "5000", positionMax: "1000" };
    expect(await exchange.admin("/admin/market", market)).toMatchObject({ status: "ok" });
  }
  const prices = { "hyna:BTC": "600", ETH: "3000", "hyna:GOLD": "400" };
  expect(await exchange.admin("/admin/oracle", { prices })).toMatchObject({ status: "ok" });
});
afterAll(() => exchange.close());

async function client() {
  const wallet = privateKeyToAccount(generatePrivateKey());
  await exchange.admin("/admin/faucet", { user: wallet.address, usd: "10000" });
  const transport = new HttpTransport({ apiUrl: exchange.gateway.url });
  return {
    user: wallet.address.toLowerCase() as `0x${string}`,
    trade: new ExchangeClient({ transport, wallet }),
    info: new InfoClient({ transport }),
    transport,
  };
}

const order = (a: number, b: boolean, p: string, s = "1") => ({
  orders: [{ a, b, p, s, r: false, t: { limit: { tif: "Gtc" as const } } }],
  grouping: "na" as const,
});

describe("a dex of a builder", () => {
  test("the SDK's converter has the ids of its markets, and orders go by them", async () => {
    const [anna, bert] = [await client(), await client()];
    const converter = await SymbolConverter.create({ transport: anna.transport, dexs: true });
    const ids = ["BTC", "ETH", "hyna:BTC", "hyna:GOLD"].map((coin) => converter.getAssetId(coin));
    expect(ids).toEqual([0, 1, 110_000, 110_001]);
    expect(converter.getSzDecimals("hyna:GOLD")).toBe(3);
    const gold = converter.getAssetId("hyna:GOLD") as number;
    const placed = await anna.trade.order(order(gold, true, "399"));
    const [status] = placed.response.data.statuses;
    const { oid } = (status as { resting: { oid: number } }).resting;
    const open = await anna.info.openOrders({ user: anna.user, dex: "hyna" });
    expect(open).toMatchObject([{ coin: "hyna:GOLD", oid }]);
    expect(await anna.info.openOrders({ user: anna.user })).toEqual([]);
    const [replacement] = order(gold, true, "398").orders;
    await anna.trade.modify({ oid, order: replacement as NonNullable<typeof replacement> });
    const [moved] = await anna.info.frontendOpenOrders({ user: anna.user, dex: "hyna" });
    expect(moved).toMatchObject({ coin: "hyna:GOLD", limitPx: "398.0" });
    await anna.trade.cancel({ cancels: [{ a: gold, o: moved?.oid as number }] });
    await anna.trade.order(order(gold, true, "400"));
    await bert.trade.order(order(gold, false, "400"));
    const held = await anna.info.clearinghouseState({ user: anna.user, dex: "hyna" });
    expect(held.assetPositions).toMatchObject([{ position: { coin: "hyna:GOLD", szi: "1.0" } }]);
    expect((await anna.info.clearinghouseState({ user: anna.user })).assetPositions).toEqual([]);
    const [fill] = await anna.info.userFills({ user: anna.user });
    expect(fill).toMatchObject({ coin: "hyna:GOLD", px: "400.0" });
  });

  test("market data is told by dex, and an asset that is none is refused", async () => {
    const { info, trade } = await client();
    expect(await info.perpDexs()).toMatchObject([null, { name: "hyna", fullName: "hyna" }]);
    expect((await info.meta()).universe.map(({ name }) => name)).toEqual(["BTC", "ETH"]);
    const [meta, contexts] = await info.metaAndAssetCtxs({ dex: "hyna" });
    expect(meta.universe.map(({ name }) => name)).toEqual(["hyna:BTC", "hyna:GOLD"]);
    expect(contexts.map(({ oraclePx }) => oraclePx)).toEqual(["600.0", "400.0"]);
    expect((await info.allPerpMetas()).map(({ universe }) => universe.length)).toEqual([2, 2]);
    expect(Object.keys(await info.allMids({ dex: "hyna" }))).toEqual(["hyna:BTC", "hyna:GOLD"]);
    expect(Object.keys(await info.allMids())).toEqual(["BTC", "ETH"]);
    expect(await info.l2Book({ coin: "hyna:BTC" })).toMatchObject({ coin: "hyna:BTC" });
    for (const asset of [110_002, 120_000, 100_000, 2])
      await expect(trade.order(order(asset, true, "1"))).rejects.toThrow(ApiRequestError);
    await expect(info.meta({ dex: "nobody" })).rejects.toThrow();
  });

  test("allMids of the dex is a channel of its own", async () => {
    const url = exchange.gateway.url.replace(/^http/, "ws");
    const transport = new WebSocketTransport({ url: `${url}/ws` });
    const subs = new SubscriptionClient({ transport });
    const heard = new Promise((resolve) => {
      void subs.allMids({ dex: "hyna" }, resolve);
    });
    expect(await heard).toMatchObject({ dex: "hyna", mids: { "hyna:BTC": "600.0" } });
    await transport.close();
  });

  test("a maker that is started on it quotes there, fills, and leaves nothing behind", async () => {
    const key = `0x${"5a".repeat(32)}`;
    const wallet = createNativeWallet(key);
    await exchange.admin("/admin/faucet", { user: wallet.address, usd: "10000" });
    const taker = await client();
    const maker = runMaker({
      url: exchange.gateway.url,
      wallet,
      clock: { nowMs: () => asTimeMs(Date.now()) },
      config: { ...MAKER_CONFIG_DEFAULTS, asset: "hyna:BTC", model: "fixedSpread", sessionId: 1 },
    });
    const user = wallet.address;
    const orders = () => taker.info.openOrders({ user, dex: "hyna" });
    try {
      await expect
        .poll(async () => (await orders()).length, { timeout: 20_000 })
        .toBeGreaterThan(0);
      expect(new Set((await orders()).map(({ coin }) => coin))).toEqual(new Set(["hyna:BTC"]));
      const take = { a: 110_000, b: true, p: "630", s: "0.02", r: false };
      await taker.trade.order({
        orders: [{ ...take, t: { limit: { tif: "Ioc" } } }],
        grouping: "na",
      });
      await expect
        .poll(async () => (await taker.info.userFills({ user })).length, { timeout: 20_000 })
        .toBeGreaterThan(0);
    } finally {
      await maker.stop();
    }
    await expect.poll(orders, { timeout: 20_000 }).toEqual([]);
  });
});
