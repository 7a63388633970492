import { describe, expect, test } from "vitest";
import { BUY } from "../../src/base/side.ts";
import { TIF } from "../../src/base/time-in-force.ts";
import type { OrderItem } from "../../src/exchange/command-codec.ts";
import { openOrderIds } from "../../src/exchange/query.ts";
import { createScenario, perform, play } from "../support/scenario.ts";
import {
  addressOf,
  createTestExchange,
  type TestExchange,
  testSpec,
} from "../support/test-exchange.ts";

const MARKETS = [testSpec(), testSpec({ name: "ETH" })];

describe("cancelAll [USDC, coins]", () => {
  test("takes the account's own orders, oldest first, those that wait for a trigger too", () => {
    play(
      createScenario(MARKETS),
      `
      commands
      | who   | command                      | events |
      |       | oracle TST 100               | oracle 100 |
      |       | oracle ETH 100               | oracle 100 |
      | alice | deposit 1000                 | opened alice, deposited 1000 |
      | bob   | deposit 1000                 | opened bob, deposited 1000 |
      | alice | cancelAll                    | |
      | alice | buy 1@99 gtc as A            | accepted A, rested A 1@99 |
      | alice | buy 1@98 gtc on ETH as B     | accepted B, rested B 1@98 |
      | alice | buy 1@110 ioc stop=105 as C  | waiting C |
      | alice | sell 1@101 gtc on ETH as D   | accepted D, rested D 1@101 |
      | bob   | buy 1@97 gtc as E            | accepted E, rested E 1@97 |
      | alice | cancelAll on ETH             | canceled B requested, canceled D requested |
      | alice | cancelAll on 7               | refused marketUnknown |
      | alice | cancelAll                    | canceled A requested, canceled C requested |
      | alice | cancelAll                    | |
      balances
      | who   | orders | initial |
      | alice | 0      | 0       |
      | bob   | 1      | 9.7     |
    `,
    );
  });
});

/** An account with `count` resting buys, each market in turn. */
function manyOrders(count: number): TestExchange {
  const exchange = createTestExchange({ markets: MARKETS, invariantsEvery: 64 });
  exchange.run({
    kind: "setOraclePrices",
    prices: MARKETS.map((_, market) => ({ market, px: 100_000 })),
  });
  exchange.fund("alice", 1_000_000);
  const orders = Array.from(
    { length: count },
    (_, i): OrderItem => ({
      market: i % MARKETS.length,
      side: BUY,
      px: 90_000 + (i % 1_000),
      sz: 1_000,
      tif: TIF.gtc,
    }),
  );
  for (let i = 0; i < count; i += 200) {
    exchange.run({
      kind: "placeOrders",
      signer: addressOf("alice"),
      orders: orders.slice(i, i + 200),
    });
  }
  return exchange;
}

const one = { market: 0, side: BUY, px: 80_000, sz: 1_000, tif: TIF.gtc } as const;

describe("more orders than one command cancels", () => {
  test("go on before the next command takes effect; what comes later stays", () => {
    const exchange = manyOrders(1_000);
    const alice = { signer: addressOf("alice") };
    const ended = exchange.run({ kind: "cancelAll", ...alice });
    expect(ended.filter(({ kind }) => kind === "orderCanceled").length).toBe(1_000);
    expect(exchange.summary("alice").openOrders).toBe(0);
  });

  test("a cancel of one market leaves the other's and what is placed while it goes on", () => {
    const exchange = manyOrders(8_000);
    const account = exchange.account("alice");
    const [first] = exchange.run({ kind: "cancelAll", signer: addressOf("alice"), market: 1 });
    expect(first).toMatchObject({ kind: "orderCanceled", market: 1, item: 0 });
    expect(openOrderIds(exchange.state, account).length).toBe(8_000 - 200 - 64 * 50);
    exchange.run({ kind: "placeOrders", signer: addressOf("alice"), orders: [one] });
    exchange.drain();
    expect(openOrderIds(exchange.state, account).length).toBe(4_001);
  });

  test("a scheduled cancel is bounded likewise and says once that it fired", () => {
    const exchange = manyOrders(500);
    const scenario = { ...createScenario(MARKETS), exchange };
    perform(scenario, "alice", "schedule 10");
    perform(scenario, "alice", "wait 10s");
    const events = [...exchange.run({ kind: "tick" }), ...exchange.drain()];
    expect(events.filter(({ kind }) => kind === "scheduledCancelFired").length).toBe(1);
    expect(events.filter(({ kind }) => kind === "orderCanceled").length).toBe(500);
  });
});
