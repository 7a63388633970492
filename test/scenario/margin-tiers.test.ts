import { describe, expect, test } from "vitest";
import { playScenario } from "../support/scenario.ts";

describe("margin tiers [USDC, coins; market's maximum 10x]", () => {
  test("maintenance grows at each tier's own rate beyond its bound, without a jump", () => {
    // 5 % up to 500, 10 % up to 1,000, 25 % beyond.
    playScenario(`
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100 |
      |       | tiers 5x@500 2x@1000     | tiers 5x@500 2x@1000 |
      | alice | deposit 10000            | opened alice, deposited 10000 |
      | bob   | deposit 10000            | opened bob, deposited 10000 |
      | alice | leverage 2               | leverage 2 |
      | bob   | leverage 1               | leverage 1 |
      | alice | buy 5@100 gtc as A       | accepted A, rested A 5@100 |
      | bob   | sell 5@100 ioc as S      | accepted S, fill A 5@100, fill S 5@100 |
      balances
      | who   | maintenance | initial |
      | alice | 25          | 250     |
      commands
      | who   | command                  | events |
      | alice | buy 5@100 gtc as B       | accepted B, rested B 5@100 |
      | bob   | sell 5@100 ioc as T      | accepted T, fill B 5@100, fill T 5@100 |
      balances
      | who   | maintenance | initial |
      | alice | 75          | 500     |
      commands
      | who   | command                  | events |
      | alice | buy 4@100 gtc as C       | accepted C, rested C 4@100 |
      | bob   | sell 4@100 ioc as U      | accepted U, fill C 4@100, fill U 4@100 |
      balances
      | who   | maintenance | initial |
      | alice | 175         | 700     |
    `);
  });

  test("no order may lead into a tier that the leverage does not reach; reducing is free", () => {
    playScenario(`
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100 |
      |       | tiers 5x@500             | tiers 5x@500 |
      | alice | deposit 10000            | opened alice, deposited 10000 |
      | bob   | deposit 10000            | opened bob, deposited 10000 |
      | alice | buy 5.001@100 gtc        | rejected tierPassed |
      | alice | buy 5@100 gtc as A       | accepted A, rested A 5@100 |
      | alice | buy 0.1@100 gtc          | rejected tierPassed |
      | alice | sell 5.001@101 gtc       | rejected tierPassed |
      | alice | leverage 6               | leverage 6 |
      | alice | buy 0.1@100 gtc          | rejected tierPassed |
      | alice | leverage 5               | leverage 5 |
      | alice | buy 1@100 gtc as B       | accepted B, rested B 1@100 |
      | alice | leverage 6               | refused leverageInvalid |
      | bob   | leverage 5               | leverage 5 |
      | bob   | sell 6@100 ioc as S      | accepted S, fill A 5@100, fill S 5@100, fill B 1@100, fill S 1@100 |
      |       | tiers 5x@100             | tiers 5x@100 |
      | alice | leverage 4               | leverage 4 |
      | alice | sell 1@101 gtc ro as C   | accepted C, rested C 1@101 |
      | alice | sell 5@102 gtc as D      | accepted D, rested D 5@102 |
    `);
  });

  test("who new tiers put under maintenance is liquidated with the next price", () => {
    playScenario(`
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100 |
      | alice | deposit 101              | opened alice, deposited 101 |
      | bob   | deposit 10000            | opened bob, deposited 10000 |
      | bob   | sell 10@100 gtc as S     | accepted S, rested S 10@100 |
      | alice | buy 10@100 ioc as A      | accepted A, fill S 10@100, fill A 10@100 |
      | bob   | buy 20@99.5 gtc as B     | accepted B, rested B 20@99.5 |
      |       | tiers 1x@100             | tiers 1x@100 |
      balances
      | who   | equity | maintenance |
      | alice | 100.55 | 455         |
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100, liquidating alice, accepted alice!, fill B 10@99.5, fill alice! 10@99.5 |
    `);
  });

  test("tiers that are not sound are refused, none at all takes them away", () => {
    const { exchange } = playScenario(`
      commands
      | who | command         | events |
      |     | tiers 10x@100   | refused marginTiersInvalid |
      |     | tiers 5x@0      | refused marginTiersInvalid |
      |     | tiers 5x@100    | tiers 5x@100 |
      |     | tiers           | tiers |
    `);
    expect(exchange.state.terms[0]?.tierFrom).toBe(Number.POSITIVE_INFINITY);
  });
});
