/** Analytics over the wire and on the command line, from orders that the stock SDK sends. */
import { ExchangeClient, HttpTransport } from "@nktkas/hyperliquid";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { analyticsLines, askAnalytics } from "../../src/cli/analytics.ts";
import { type LiveExchange, openBtcMarket, openLiveExchange } from "../live-exchange.ts";

let exchange: LiveExchange;
beforeAll(async () => {
  exchange = await openLiveExchange();
  await openBtcMarket(exchange);
});
afterAll(() => exchange.close());

/** An account with 10,000 USDC that places an order for 0.1 BTC at 60,000. */
async function trader() {
  const wallet = privateKeyToAccount(generatePrivateKey());
  await exchange.admin("/admin/faucet", { user: wallet.address, usd: "10000" });
  const transport = new HttpTransport({ apiUrl: exchange.gateway.url });
  const client = new ExchangeClient({ transport, wallet });
  const place = (b: boolean, tif: "Gtc" | "Ioc") =>
    client.order({
      orders: [{ a: 0, b, p: "60000", s: "0.1", r: false, t: { limit: { tif } } }],
      grouping: "na",
    });
  return { user: wallet.address, place };
}

describe("bourseAnalytics", () => {
  test("tells over the wire and on the command line what a round trip has moved", async () => {
    const [maker, taker] = [await trader(), await trader()];
    await maker.place(true, "Gtc");
    await taker.place(false, "Ioc");
    const url = exchange.gateway.url;
    expect(await askAnalytics(taker.user, { url, trials: 1 })).toMatchObject({
      makerVolume: "0.0",
      takerVolume: "6000.0",
      feesPaid: "2.7",
      roundTrips: 0,
      winRate: null,
      profitFactor: null,
      netFlow: "10000.0",
      returns: { n: 0, sharpe: null, plainSharpe: 0, drawdown: null },
      days: [],
    });
    await maker.place(false, "Gtc");
    await taker.place(true, "Ioc");
    const answer = await askAnalytics(maker.user, { url, trials: 1 });
    expect(answer).toMatchObject({
      totalVolume: "12000.0",
      makerVolume: "12000.0",
      feesPaid: "1.8",
      grossPnl: "0.0",
      netPnl: "-1.8",
      equity: "9998.2",
      roundTrips: 1,
      winRate: 0,
      profitFactor: 0,
    });
    const text = analyticsLines(answer).join("\n");
    expect(text).toContain("net -1.8 = gross 0.0 − fees 1.8");
    expect(text).toContain("round trips 1 · won 0.00 %");
    expect(text).toContain("Sharpe a day –");
  });

  test("of an address that did nothing it tells zeros; what is malformed is refused", async () => {
    const url = exchange.gateway.url;
    const nobody = `0x${"5e".repeat(20)}`;
    expect(await askAnalytics(nobody, { url, trials: 1 })).toMatchObject({ totalVolume: "0.0" });
    await expect(askAnalytics("0x5e", { url, trials: 1 })).rejects.toThrow("422");
    await expect(askAnalytics(nobody, { url, trials: 0 })).rejects.toThrow("422");
  });
});
