/** What an account may not add to although its margin would cover it. */
import { describe, expect, test } from "vitest";
import { BUY, SELL } from "../../src/base/side.ts";
import { TIF } from "../../src/base/time-in-force.ts";
import { playScenario } from "../support/scenario.ts";
import { addressOf, createTestExchange, testSpec } from "../support/test-exchange.ts";

describe("risk limits of an account [lots of 0.001 coins, 10^-6 USDC, leverage x 100]", () => {
  test("position: orders of a side count together, reducing ones pass, 0 lifts the limit", () => {
    playScenario(`
      commands
      | who   | command              | events |
      |       | oracle 100           | oracle 100 |
      | alice | deposit 100000       | opened alice, deposited 100000 |
      | bob   | deposit 100000       | opened bob, deposited 100000 |
      | alice | risk 0 5000 0        | risk 0 5000 0 |
      | alice | buy 3@99 gtc as A    | accepted A, rested A 3@99 |
      | alice | buy 2.001@98 gtc     | rejected riskPositionPassed |
      | alice | buy 2@98 gtc as B    | accepted B, rested B 2@98 |
      | bob   | sell 3@99 ioc as S   | accepted S, fill A 3@99, fill S 3@99 |
      | alice | sell 8.001@101 gtc   | rejected riskPositionPassed |
      | alice | sell 3@101 gtc as C  | accepted C, rested C 3@101 |
      | alice | risk 0 0 0           | risk 0 0 0 |
      | alice | buy 50@97 gtc as D   | accepted D, rested D 50@97 |
    `);
  });

  test("notional at mark: the tighter of the owner's and the operator's holds", () => {
    playScenario(`
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100 |
      | alice | deposit 100000           | opened alice, deposited 100000 |
      | alice | risk 0 0 2000000000      | risk 0 0 2000000000 |
      |       | hold alice 0 0 1000000000 | risk 0 0 1000000000 |
      | alice | buy 10.001@90 gtc        | rejected riskNotionalPassed |
      | alice | buy 10@90 gtc as A       | accepted A, rested A 10@90 |
      |       | hold alice 0 0 0         | risk 0 0 0 |
      | alice | buy 10.001@90 gtc        | rejected riskNotionalPassed |
      | alice | buy 10@90 gtc as B       | accepted B, rested B 10@90 |
    `);
  });

  test("leverage of the whole account: notional that may come by equity; closing is free", () => {
    playScenario(`
      commands
      | who   | command              | events |
      |       | oracle 100           | oracle 100 |
      | alice | deposit 1000         | opened alice, deposited 1000 |
      | bob   | deposit 100000       | opened bob, deposited 100000 |
      | alice | risk -1 0 200        | risk all 0 200 |
      | bob   | sell 30@100 gtc as S | accepted S, rested S 30@100 |
      | alice | buy 20.001@100 gtc   | rejected riskLeveragePassed |
      | alice | buy 20@100 gtc as A  | accepted A, fill S 20@100, fill A 20@100 |
      | alice | buy 1@90 gtc         | rejected riskLeveragePassed |
      | bob   | buy 30@99 gtc as T   | accepted T, rested T 30@99 |
      | alice | sell 20@99 ioc as C  | accepted C, fill T 20@99, fill C 20@99 |
    `);
  });
});

describe("slippage of an order [10^-6 of the mark price of its entry]", () => {
  test("no fill lies farther from mark; what is left over is canceled", () => {
    const exchange = createTestExchange({ markets: [testSpec()] });
    exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: 100_000 }] });
    for (const name of ["alice", "bob"]) exchange.fund(name, 100_000);
    const ask = { market: 0, side: SELL, sz: 1_000, tif: TIF.gtc };
    const asks = [101_000, 102_000].map((px) => ({ ...ask, px }));
    exchange.run({ kind: "placeOrders", signer: addressOf("bob"), orders: asks });
    const take = (slippage: number) => {
      const order = { market: 0, side: BUY, px: 110_000, sz: 2_000, tif: TIF.ioc, slippage };
      const orders = [order];
      const events = exchange.run({ kind: "placeOrders", signer: addressOf("alice"), orders });
      return events.map((event) => (event.kind === "fill" ? `fill@${event.px}` : event.kind));
    };
    expect(take(9_999)).toEqual(["orderRejected"]);
    expect(take(10_000)).toEqual(["orderAccepted", "fill@101000", "fill@101000", "orderCanceled"]);
    expect(take(20_000)).toEqual(["orderAccepted", "fill@102000", "fill@102000", "orderCanceled"]);
  });
});
