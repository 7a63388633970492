import { describe, expect, test } from "vitest";
import { createScenario, perform, play, playScenario } from "../support/scenario.ts";
import { testSpec } from "../support/test-exchange.ts";

describe("margin at placement [USDC, coins; 10x]", () => {
  test("an order reserves limit price x size / leverage, to the last micro", () => {
    playScenario(`
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100 |
      | alice | deposit 100              | opened alice, deposited 100 |
      | alice | buy 10.001@100 gtc       | rejected marginInsufficient |
      | alice | buy 5@100 gtc as A       | accepted A, rested A 5@100 |
      | alice | buy 5.001@100 gtc        | rejected marginInsufficient |
      | alice | buy 5@100 gtc as B       | accepted B, rested B 5@100 |
      | alice | buy 0.1@100 gtc          | rejected marginInsufficient |
      balances
      | who   | initial | free | withdrawable |
      | alice | 100     | 0    | 0            |
      commands
      | who   | command                  | events |
      | alice | cancel A                 | canceled A requested |
      | alice | buy 0.1@100 gtc as C     | accepted C, rested C 0.1@100 |
    `);
  });

  test("buys and sells of one market reserve for the worse side only", () => {
    playScenario(`
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100 |
      | alice | deposit 100              | opened alice, deposited 100 |
      | alice | buy 9@99 gtc as A        | accepted A, rested A 9@99 |
      | alice | sell 9@101 gtc as B      | accepted B, rested B 9@101 |
      balances
      | who   | initial |
      | alice | 90.9    |
    `);
  });

  test("a taker must cover its fee and the loss against mark that its limit allows", () => {
    playScenario(`
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100 |
      | alice | deposit 1000             | opened alice, deposited 1000 |
      | bob   | deposit 100              | opened bob, deposited 100 |
      | alice | sell 20@100 gtc as S     | accepted S, rested S 20@100 |
      | bob   | buy 10@100 ioc           | rejected marginInsufficient |
      | bob   | buy 9.6@110 ioc          | rejected marginInsufficient |
      | bob   | buy 9.9@100 ioc as B     | accepted B, fill S 9.9@100, fill B 9.9@100 |
      balances
      | who | cash    | free   |
      | bob | 99.5545 | 0.5545 |
    `);
  });

  test("a sell far below mark must cover the position it opens at mark, not at its limit", () => {
    // 6 at mark 100 needs 60; the loss of 6 x 10 and the fee leave 38.4 of 100 less what bids pay.
    const scenario = playScenario(`
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100 |
      | alice | deposit 1000             | opened alice, deposited 1000 |
      | bob   | deposit 117              | opened bob, deposited 117 |
      | alice | buy 6@90 gtc as A        | accepted A, rested A 6@90 |
      | bob   | sell 6@90 ioc as B       | rejected marginInsufficient |
      | bob   | sell 5.8@90 ioc as B2    | accepted B2, fill A 5.8@90, fill B2 5.8@90 |
    `);
    const { equity, initial } = scenario.exchange.summary("bob");
    expect(equity - initial).toBeGreaterThanOrEqual(0);
  });

  test("margin is of the whole account: a second market finds what the first left", () => {
    playScenario(
      `
      commands
      | who   | command                     | events |
      |       | oracle TST 100              | oracle 100 |
      |       | oracle ETH 50               | oracle 50 |
      | alice | deposit 100                 | opened alice, deposited 100 |
      | alice | buy 6@100 gtc as A          | accepted A, rested A 6@100 |
      | alice | buy 17@50 gtc on ETH as B   | rejected marginInsufficient |
      | alice | buy 16@50 gtc on ETH as C   | accepted C, rested C 16@50 |
      balances
      | who   | initial |
      | alice | 100     |
    `,
      [testSpec(), testSpec({ name: "ETH", maxLeverage: 50 })],
    );
  });

  test("a profit that is not realised is margin too", () => {
    playScenario(`
      commands
      | who   | command             | events |
      |       | oracle 100          | oracle 100 |
      | alice | deposit 1000        | opened alice, deposited 1000 |
      | bob   | deposit 60          | opened bob, deposited 60 |
      | alice | sell 5@100 gtc as S | accepted S, rested S 5@100 |
      | bob   | buy 5@100 ioc as B  | accepted B, fill S 5@100, fill B 5@100 |
      | bob   | buy 5@100 gtc as C  | rejected marginInsufficient |
      |       | oracle 110          | oracle 110 |
      | bob   | buy 5@100 gtc as D  | accepted D, rested D 5@100 |
    `);
  });
});

describe("margin at match [USDC, coins; 10x]", () => {
  test("a resting order that its account no longer covers ends as marginCanceled and the taker goes on", () => {
    playScenario(`
      commands
      | who   | command              | events |
      |       | oracle 100           | oracle 100 |
      | alice | deposit 100          | opened alice, deposited 100 |
      | bob   | deposit 1000         | opened bob, deposited 1000 |
      | carol | deposit 1000         | opened carol, deposited 1000 |
      | bob   | sell 5@100 gtc as S  | accepted S, rested S 5@100 |
      | alice | buy 5@100 ioc as B   | accepted B, fill S 5@100, fill B 5@100 |
      | alice | buy 4@95 gtc as A    | accepted A, rested A 4@95 |
      | carol | buy 1@94 gtc as C    | accepted C, rested C 1@94 |
      |       | oracle 90            | oracle 90 |
      | bob   | sell 2@94 ioc as D   | canceled A margin, accepted D, fill C 1@94, fill D 1@94, canceled D iocRemainder |
      balances
      | who   | position | orders |
      | alice | 5        | 0      |
    `);
  });

  test("when only such orders stood in the way nothing matched", () => {
    playScenario(`
      commands
      | who   | command              | events |
      |       | oracle 100           | oracle 100 |
      | alice | deposit 100          | opened alice, deposited 100 |
      | bob   | deposit 1000         | opened bob, deposited 1000 |
      | bob   | sell 5@100 gtc as S  | accepted S, rested S 5@100 |
      | alice | buy 5@100 ioc as B   | accepted B, fill S 5@100, fill B 5@100 |
      | alice | buy 4@95 gtc as A    | accepted A, rested A 4@95 |
      |       | oracle 90            | oracle 90 |
      | bob   | sell 2@94 ioc as D   | canceled A margin, rejected iocNoMatch |
      book
      | side | px | sz | order |
    `);
  });

  test("a resting order that only reduces is always good", () => {
    playScenario(`
      commands
      | who   | command              | events |
      |       | oracle 100           | oracle 100 |
      | alice | deposit 51           | opened alice, deposited 51 |
      | bob   | deposit 1000         | opened bob, deposited 1000 |
      | bob   | sell 5@100 gtc as S  | accepted S, rested S 5@100 |
      | alice | buy 5@100 ioc as B   | accepted B, fill S 5@100, fill B 5@100 |
      | alice | sell 5@96 gtc as A   | accepted A, rested A 5@96 |
      |       | oracle 95            | oracle 95 |
      | bob   | buy 5@96 ioc as C    | accepted C, fill A 5@96, fill C 5@96 |
      balances
      | who   | position | cash     |
      | alice | 0        | 30.703   |
    `);
  });
});

describe("withdrawals [USDC]", () => {
  test("leave initial margin of positions and orders, to the last micro", () => {
    playScenario(`
      commands
      | who   | command             | events |
      |       | oracle 100          | oracle 100 |
      | alice | deposit 1000        | opened alice, deposited 1000 |
      | bob   | deposit 100         | opened bob, deposited 100 |
      | alice | sell 5@100 gtc as S | accepted S, rested S 5@100 |
      | bob   | buy 5@100 ioc as B  | accepted B, fill S 5@100, fill B 5@100 |
      | bob   | buy 1@100 gtc as C  | accepted C, rested C 1@100 |
      balances
      | who | equity | initial | withdrawable |
      | bob | 99.775 | 60      | 39.775       |
      commands
      | who   | command             | events |
      | bob   | withdraw 39.775001  | refused balanceInsufficient |
      | bob   | withdraw 39.775     | withdrawn 39.775 |
      | bob   | withdraw 0.000001   | refused balanceInsufficient |
      | dave  | withdraw 1          | refused accountUnknown |
      | bob   | withdraw 0          | refused amountInvalid |
      | bob   | withdraw -5         | refused amountInvalid |
      system
      | deposits | withdrawals |
      | 1100     | 39.775      |
    `);
  });

  test("leave a tenth of the notional where leverage would leave less", () => {
    playScenario(
      `
      commands
      | who   | command             | events |
      |       | oracle 100          | oracle 100 |
      | alice | deposit 1000        | opened alice, deposited 1000 |
      | bob   | deposit 100         | opened bob, deposited 100 |
      | alice | sell 5@100 gtc as S | accepted S, rested S 5@100 |
      | bob   | buy 5@100 ioc as B  | accepted B, fill S 5@100, fill B 5@100 |
      balances
      | who | equity | initial | withdrawable |
      | bob | 99.775 | 25      | 49.775       |
      commands
      | who   | command             | events |
      | bob   | withdraw 49.775001  | refused balanceInsufficient |
      | bob   | withdraw 49.775     | withdrawn 49.775 |
    `,
      [testSpec({ maxLeverage: 40 })],
    );
  });

  test("are not fed by a loss", () => {
    playScenario(`
      commands
      | who   | command             | events |
      |       | oracle 100          | oracle 100 |
      | alice | deposit 1000        | opened alice, deposited 1000 |
      | bob   | deposit 100         | opened bob, deposited 100 |
      | alice | sell 5@100 gtc as S | accepted S, rested S 5@100 |
      | bob   | buy 5@100 ioc as B  | accepted B, fill S 5@100, fill B 5@100 |
      |       | oracle 88           | oracle 88 |
      balances
      | who | equity | initial | maintenance | withdrawable |
      | bob | 39.775 | 44      | 22          | 0            |
      commands
      | who   | command             | events |
      | bob   | withdraw 0.000001   | refused balanceInsufficient |
    `);
  });
});

describe("position and size caps [coins]", () => {
  const capped = [testSpec({ positionMax: 10_000 })];
  const FUNDED = `
    commands
    | who   | command        |
    |       | oracle 100     |
    | alice | deposit 100000 |
    | bob   | deposit 100000 |
  `;

  test("position and open orders of a side together stay within the cap", () => {
    playScenario(
      `
      ${FUNDED}
      commands
      | who   | command               | events |
      | alice | buy 10.001@90 gtc     | rejected szTooLarge |
      | alice | buy 6@90 gtc as A     | accepted A, rested A 6@90 |
      | alice | buy 4.001@90 gtc      | rejected szTooLarge |
      | alice | buy 4@90 gtc as B     | accepted B, rested B 4@90 |
      | alice | sell 10@110 gtc as C  | accepted C, rested C 10@110 |
      | bob   | buy 10@110 ioc as D   | accepted D, fill C 10@110, fill D 10@110 |
      | alice | sell 0.1@110 gtc      | rejected szTooLarge |
    `,
      capped,
    );
  });

  test("a reduce-only fill in between does not lift the position over the cap", () => {
    const scenario = playScenario(
      `
      ${FUNDED}
      commands
      | who   | command                | events |
      | bob   | buy 10@100 gtc as B    | accepted B, rested B 10@100 |
      | alice | sell 10@100 ioc as A   | accepted A, fill B 10@100, fill A 10@100 |
    `,
      capped,
    );
    perform(scenario, "alice", "buy 10@98 gtc as L1");
    perform(scenario, "alice", "buy 10@98 gtc as L2");
    perform(scenario, "alice", "buy 10@99 gtc ro as R");
    perform(scenario, "bob", "sell 10@99 ioc");
    for (const name of ["carol", "dave"]) {
      scenario.exchange.fund(name, 100_000);
      perform(scenario, name, "sell 10@98 ioc");
    }
    expect(scenario.exchange.summary("alice").positions).toMatchObject([{ size: 10_000 }]);
  });

  test("the cap counts before the minimum notional and before margin", () => {
    const scenario = createScenario(capped);
    play(scenario, FUNDED);
    play(
      scenario,
      `
      commands
      | who   | command                | events |
      | alice | buy 11@0.001 gtc       | rejected szTooLarge |
    `,
    );
  });
});
