/** Two-sided quotes and hedging against a live exchange. */
import { describe, expect, test } from "vitest";
import {
  addressOf,
  createTestExchange,
  type TestExchange,
  testSpec,
} from "../../../test/support/test-exchange.ts";
import { createPrng, nextBelow } from "../../base/prng.ts";
import { BUY, SELL, type Side } from "../../base/side.ts";
import { TIF } from "../../base/time-in-force.ts";
import type { QuoteTerms } from "../command-strategy.ts";
import { accountSummary, strategyViews } from "../query.ts";
import type { QuoteView, StrategyView } from "./strategy-view.ts";

const QUOTE: QuoteTerms = {
  market: 0,
  tag: 0,
  spread: 1_000,
  size: 1_000,
  intervalMs: 0,
  ttlMs: 0,
  positionMax: 0,
  fade: 0,
};

function openExchange(): TestExchange {
  const exchange = createTestExchange({
    markets: [testSpec(), testSpec({ name: "TWO" })],
    invariantsEvery: 1,
  });
  move(exchange, 100_000);
  exchange.fund("owner", 100_000);
  exchange.fund("taker", 1_000_000);
  return exchange;
}

function move(exchange: TestExchange, px: number, market = 0): void {
  exchange.run({ kind: "setOraclePrices", prices: [{ market, px }] });
  exchange.drain();
}

function setQuote(exchange: TestExchange, more: Partial<QuoteTerms> = {}): void {
  const quote = { ...QUOTE, ...more };
  exchange.run({ kind: "setQuote", signer: addressOf("owner"), quote });
  exchange.drain();
}

function take(exchange: TestExchange, side: Side, sz: number, market = 0): void {
  const px = side === BUY ? 150_000 : 50_000;
  const orders = [{ market, side, px, sz, tif: TIF.ioc }];
  exchange.run({ kind: "placeOrders", signer: addressOf("taker"), orders });
  exchange.drain();
}

function only(exchange: TestExchange): StrategyView {
  const [view, other] = strategyViews(exchange.state, exchange.account("owner"));
  if (view === undefined || other !== undefined) throw new Error("there is one strategy");
  return view;
}
const quoteOf = (exchange: TestExchange): QuoteView => only(exchange) as QuoteView;

describe("a two-sided quote", () => {
  test("stands around the mark, rounded outwards, and never closer than asked for", () => {
    const exchange = openExchange();
    setQuote(exchange);
    expect(quoteOf(exchange)).toMatchObject({ px: [99_950, 100_050], sz: [1_000, 1_000] });
    const prng = createPrng(3);
    for (let n = 0; n < 200; n++) {
      const spread = 100 + nextBelow(prng, 5_000);
      const mid = 80_000 + nextBelow(prng, 40_000);
      move(exchange, mid);
      setQuote(exchange, { spread });
      const [bid, ask] = quoteOf(exchange).px;
      expect((ask - bid) * 1e6).toBeGreaterThanOrEqual(mid * spread);
      expect(ask - bid).toBeLessThanOrEqual(Math.ceil((mid * spread) / 1e6) + 2);
    }
  });

  test("the case that floors twice elsewhere keeps its 5 bps, and is not locked with itself", () => {
    const exchange = openExchange();
    move(exchange, 10_001);
    setQuote(exchange, { spread: 500, size: 10_000 });
    expect(quoteOf(exchange).px).toEqual([9_998, 10_004]);
    move(exchange, 1_000);
    setQuote(exchange, { spread: 500, size: 100_000 });
    expect(quoteOf(exchange).px).toEqual([999, 1_001]);
  });

  test("a spread below the least there may be is refused with it", () => {
    const exchange = openExchange();
    setQuote(exchange, { spread: 99 });
    expect(exchange.log.at(-1)).toMatchObject({ kind: "commandRejected", code: 407, a: 100 });
    expect(strategyViews(exchange.state, exchange.account("owner"))).toEqual([]);
  });

  test("follows the price, but no more often than its interval", () => {
    const exchange = openExchange();
    setQuote(exchange, { intervalMs: 1_000 });
    exchange.timeMs += 400;
    move(exchange, 101_000);
    expect(quoteOf(exchange).px).toEqual([99_950, 100_050]);
    exchange.timeMs += 600;
    exchange.run({ kind: "tick" });
    expect(quoteOf(exchange).px).toEqual([100_949, 101_051]);
  });

  test("a filled leg comes back to size; set again with its tag it is the same quote", () => {
    const exchange = openExchange();
    setQuote(exchange);
    take(exchange, BUY, 400);
    expect(quoteOf(exchange)).toMatchObject({ sz: [1_000, 1_000], netLots: -400, fills: 1 });
    setQuote(exchange, { spread: 2_000 });
    expect(quoteOf(exchange)).toMatchObject({ px: [99_900, 100_100], fills: 1 });
    setQuote(exchange, { tag: 1, spread: 3_000 });
    expect(strategyViews(exchange.state, exchange.account("owner"))).toHaveLength(2);
  });

  test("leans with its position in price and size, and stops at the limit", () => {
    const exchange = openExchange();
    setQuote(exchange, { positionMax: 1_000, fade: 1_000 });
    take(exchange, SELL, 500);
    expect(quoteOf(exchange)).toMatchObject({
      netLots: 500,
      px: [99_900, 100_000],
      sz: [500, 1_000],
    });
    take(exchange, SELL, 500);
    expect(quoteOf(exchange)).toMatchObject({ netLots: 1_000, sz: [0, 1_000] });
  });

  test("both legs or none", () => {
    const exchange = openExchange();
    setQuote(exchange, { positionMax: 1_000, bothOrNone: true });
    take(exchange, SELL, 1_000);
    expect(quoteOf(exchange)).toMatchObject({ netLots: 1_000, sz: [0, 0], status: "running" });
  });

  test("ends its orders when it was not set again in time", () => {
    const exchange = openExchange();
    setQuote(exchange, { ttlMs: 5_000 });
    exchange.timeMs += 4_000;
    setQuote(exchange, { ttlMs: 5_000 });
    exchange.timeMs += 4_999;
    exchange.run({ kind: "tick" });
    expect(quoteOf(exchange).status).toBe("running");
    exchange.timeMs += 1;
    exchange.run({ kind: "tick" });
    expect(quoteOf(exchange)).toMatchObject({ status: "paused", pause: "expired", sz: [0, 0] });
  });

  test("without margin for a leg it pauses and has none", () => {
    const exchange = openExchange();
    setQuote(exchange, { size: 40_000_000 });
    expect(quoteOf(exchange)).toMatchObject({ status: "paused", pause: "margin", sz: [0, 0] });
  });
});

describe("keeping net exposure small", () => {
  function openHedge(): TestExchange {
    const exchange = openExchange();
    move(exchange, 50_000, 1);
    const sell = { market: 0, side: SELL, px: 100_000, sz: 100_000, tif: TIF.gtc } as const;
    const bid = { market: 1, side: BUY, px: 49_900, sz: 1_000_000, tif: TIF.gtc } as const;
    const orders = [sell, bid];
    exchange.run({ kind: "placeOrders", signer: addressOf("taker"), orders });
    exchange.run({
      kind: "startDeltaNeutral",
      signer: addressOf("owner"),
      market: 1,
      threshold: 200_000_000,
      intervalMs: 1_000,
    });
    exchange.drain();
    return exchange;
  }
  const buy = (exchange: TestExchange, sz: number): void => {
    const orders = [{ market: 0, side: BUY, px: 100_000, sz, tif: TIF.ioc } as const];
    exchange.run({ kind: "placeOrders", signer: addressOf("owner"), orders });
    exchange.drain();
  };
  const sizes = (exchange: TestExchange): number[] =>
    accountSummary(exchange.state, exchange.account("owner")).positions.map(({ size }) => size);

  test("what lies within the threshold is left alone, what lies beyond is traded away", () => {
    const exchange = openHedge();
    buy(exchange, 1_900);
    move(exchange, 100_001);
    expect(sizes(exchange)).toEqual([1_900]);
    buy(exchange, 1_000);
    exchange.timeMs += 1_000;
    move(exchange, 100_000);
    expect(sizes(exchange).sort((a, b) => a - b)).toEqual([-5_800, 2_900]);
    expect(only(exchange)).toMatchObject({ kind: "deltaNeutral", hedges: 1, net: 0 });
  });

  test("a price of any market may call for it, its interval holds it back", () => {
    const exchange = openHedge();
    buy(exchange, 2_900);
    move(exchange, 100_000);
    move(exchange, 40_000, 1);
    expect(only(exchange)).toMatchObject({ hedges: 1 });
    exchange.timeMs += 1_000;
    exchange.run({ kind: "tick" });
    exchange.drain();
    expect(only(exchange)).toMatchObject({ hedges: 1 });
    expect((only(exchange) as { net: number }).net).toBe(58_000_000);
  });
});
