import { describe, expect, test } from "vitest";
import { accountLeverage } from "../../src/exchange/query.ts";
import { playScenario } from "../support/scenario.ts";
import { testSpec } from "../support/test-exchange.ts";

describe("leverage of an account on a market [USDC, coins; market's maximum 10x unless said]", () => {
  test("margin of orders and positions is their notional over the leverage chosen", () => {
    playScenario(`
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100 |
      | alice | deposit 1000             | opened alice, deposited 1000 |
      | bob   | deposit 1000             | opened bob, deposited 1000 |
      | alice | leverage 4               | leverage 4 |
      | alice | buy 10@100 gtc as A      | accepted A, rested A 10@100 |
      balances
      | who   | initial |
      | alice | 250     |
      commands
      | who   | command                  | events |
      | bob   | sell 10@100 ioc as S     | accepted S, fill A 10@100, fill S 10@100 |
      balances
      | who   | initial | maintenance | withdrawable |
      | alice | 250     | 50          | 749.85       |
      | bob   | 100     | 50          | 899.55       |
    `);
  });

  test("an order that the lower leverage does not cover is refused, the same one passes at a higher", () => {
    playScenario(`
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100 |
      | alice | deposit 100              | opened alice, deposited 100 |
      | alice | leverage 2               | leverage 2 |
      | alice | buy 2@100 gtc as A       | accepted A, rested A 2@100 |
      | alice | buy 0.2@100 gtc          | rejected marginInsufficient |
      | alice | leverage 10              | leverage 10 |
      | alice | buy 8@100 gtc as B       | accepted B, rested B 8@100 |
      | alice | buy 0.2@100 gtc          | rejected marginInsufficient |
    `);
  });

  test("it may be raised at any time; lowering it must be covered by equity, to the last unit", () => {
    playScenario(`
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100 |
      | alice | deposit 200              | opened alice, deposited 200 |
      | alice | buy 10@100 gtc as A      | accepted A, rested A 10@100 |
      | alice | leverage 5               | leverage 5 |
      | alice | leverage 4               | refused leverageUncovered |
      | alice | withdraw 0.000001        | refused balanceInsufficient |
      | alice | leverage 6               | leverage 6 |
      | alice | withdraw 0.000001        | withdrawn 0.000001 |
      | alice | leverage 5               | refused leverageUncovered |
      balances
      | who   | initial    |
      | alice | 166.666667 |
    `);
  });

  test("a resting order whose fee the new leverage leaves no room for is canceled when it meets a taker", () => {
    playScenario(`
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100 |
      | alice | deposit 200              | opened alice, deposited 200 |
      | bob   | deposit 1000             | opened bob, deposited 1000 |
      | alice | buy 10@100 gtc as A      | accepted A, rested A 10@100 |
      | alice | leverage 5               | leverage 5 |
      | bob   | sell 5@100 ioc as S      | canceled A margin, rejected iocNoMatch |
    `);
  });

  test("each market has its own, and none lies beyond what the market allows", () => {
    const eth = testSpec({ name: "ETH", maxLeverage: 50 });
    const { exchange } = playScenario(
      `
      commands
      | who   | command                  | events |
      | alice | deposit 100              | opened alice, deposited 100 |
      | alice | leverage 11              | refused leverageInvalid |
      | alice | leverage 0               | refused leverageInvalid |
      | alice | leverage 1.5             | refused leverageInvalid |
      | alice | leverage 50 on ETH       | leverage 50 |
      `,
      [testSpec(), eth],
    );
    const alice = exchange.account("alice");
    expect([0, 1].map((market) => accountLeverage(exchange.state, alice, market))).toEqual([
      10, 50,
    ]);
  });

  test("margin that other markets lack does not hold up a market where nothing is open", () => {
    playScenario(
      `
      commands
      | who   | command                  | events |
      |       | oracle BTC 100           | oracle 100 |
      |       | oracle ETH 100           | oracle 100 |
      | alice | deposit 100              | opened alice, deposited 100 |
      | bob   | deposit 1000             | opened bob, deposited 1000 |
      | alice | buy 9@100 gtc as A       | accepted A, rested A 9@100 |
      | bob   | sell 9@100 ioc as S      | accepted S, fill A 9@100, fill S 9@100 |
      |       | oracle BTC 95            | oracle 95 |
      | alice | leverage 2 on ETH        | leverage 2 |
      | alice | leverage 9 on BTC        | refused leverageUncovered |
      `,
      [testSpec({ name: "BTC" }), testSpec({ name: "ETH" })],
    );
  });
});
