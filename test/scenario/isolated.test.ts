import { describe, expect, test } from "vitest";
import { accountIsIsolated } from "../../src/exchange/query.ts";
import { playScenario } from "../support/scenario.ts";
import { testSpec } from "../support/test-exchange.ts";

// Fees: takers 0.045 %, makers 0.015 %. Maintenance at 10x: 5 % of notional.

describe("an isolated position has money of its own [USDC, coins; 10x]", () => {
  test("opening moves initial margin out of cash, closing brings back the lots' share and their PnL less the fee", () => {
    // 2 x 100 / 5 = 40. Closing 1 of 2 at 110: 40 + 10 - 0.0165 - (40 - 20) = 29.9835 to cash.
    playScenario(`
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100 |
      | alice | deposit 100              | opened alice, deposited 100 |
      | bob   | deposit 1000             | opened bob, deposited 1000 |
      | alice | leverage 5 isolated      | leverage 5 isolated |
      | alice | buy 2@100 gtc as A       | accepted A, rested A 2@100 |
      balances
      | who   | cash  | margin | initial | withdrawable |
      | alice | 100   | 0      | 40      | 60           |
      commands
      | who   | command                  | events |
      | bob   | sell 2@100 ioc as S      | accepted S, fill A 2@100, fill S 2@100 |
      balances
      | who   | cash  | margin | used | initial | maintenance | equity | withdrawable |
      | alice | 59.97 | 40     | 40   | 0       | 0           | 59.97  | 59.97        |
      commands
      | who   | command                  | events |
      |       | oracle 110               | oracle 110 |
      balances
      | who   | cash  | margin | used | equity | withdrawable |
      | alice | 59.97 | 40     | 60   | 59.97  | 59.97        |
      commands
      | who   | command                  | events |
      | alice | sell 1@110 gtc as C      | accepted C, rested C 1@110 |
      | bob   | buy 1@110 ioc as T       | accepted T, fill C 1@110, fill T 1@110 |
      balances
      | who   | cash    | margin | used |
      | alice | 89.9535 | 20     | 30   |
      commands
      | who   | command                  | events |
      | alice | sell 1@110 gtc as D      | accepted D, rested D 1@110 |
      | bob   | buy 1@110 ioc as U       | accepted U, fill D 1@110, fill U 1@110 |
      balances
      | who   | cash    | margin | position |
      | alice | 119.937 | 0      | 0        |
    `);
  });

  test("who opens at a price worse than mark puts the loss in as well", () => {
    // Bought 1 at 104 with mark 100: 100 / 10 + 4; sold 1 at 97: 100 / 10 + 3.
    playScenario(`
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100 |
      | alice | deposit 100              | opened alice, deposited 100 |
      | bob   | deposit 100              | opened bob, deposited 100 |
      | carol | deposit 1000             | opened carol, deposited 1000 |
      | alice | leverage 10 isolated     | leverage 10 isolated |
      | bob   | leverage 10 isolated     | leverage 10 isolated |
      | carol | sell 1@104 gtc as S      | accepted S, rested S 1@104 |
      | alice | buy 1@105 ioc as A       | accepted A, fill S 1@104, fill A 1@104 |
      | carol | buy 1@97 gtc as B        | accepted B, rested B 1@97 |
      | bob   | sell 1@96 ioc as C       | accepted C, fill B 1@97, fill C 1@97 |
      balances
      | who   | cash     | margin | used |
      | alice | 85.9532  | 14     | 10   |
      | bob   | 86.95635 | 13     | 10   |
    `);
  });

  test("open orders reserve for what opens beyond the position alone; a flip closes, then opens", () => {
    // Flip at 100: 50 less the fee of 0.405 comes back, 4 x 100 / 10 goes in.
    playScenario(`
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100 |
      | alice | deposit 200              | opened alice, deposited 200 |
      | bob   | deposit 1000             | opened bob, deposited 1000 |
      | alice | leverage 10 isolated     | leverage 10 isolated |
      | bob   | sell 5@100 gtc as S      | accepted S, rested S 5@100 |
      | alice | buy 5@100 ioc as A       | accepted A, fill S 5@100, fill A 5@100 |
      | alice | sell 5@101 gtc as C      | accepted C, rested C 5@101 |
      balances
      | who   | cash    | margin | initial | free    |
      | alice | 149.775 | 50     | 0.5     | 149.275 |
      commands
      | who   | command                  | events |
      | alice | cancel C                 | canceled C requested |
      | alice | buy 3@99 gtc as D        | accepted D, rested D 3@99 |
      balances
      | who   | initial |
      | alice | 29.7    |
      commands
      | who   | command                  | events |
      | bob   | buy 9@100 gtc as B       | accepted B, rested B 9@100 |
      | alice | sell 9@100 ioc as F      | accepted F, fill B 9@100, fill F 9@100 |
      balances
      | who   | position | cash    | margin | used |
      | alice | -4       | 159.37  | 40     | 40   |
    `);
  });

  test("a resting order whose margin cash no longer covers ends when it meets a taker", () => {
    playScenario(`
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100 |
      | alice | deposit 100              | opened alice, deposited 100 |
      | bob   | deposit 1000             | opened bob, deposited 1000 |
      | alice | leverage 10 isolated     | leverage 10 isolated |
      | alice | buy 10@100 gtc as A      | accepted A, rested A 10@100 |
      | alice | buy 0.1@100 gtc          | rejected marginInsufficient |
      | bob   | sell 10@100 ioc as S     | canceled A margin, rejected iocNoMatch |
      | alice | buy 9.98@100 gtc as B    | accepted B, rested B 9.98@100 |
      | bob   | sell 10@100 ioc as T     | accepted T, fill B 9.98@100, fill T 9.98@100, canceled T iocRemainder |
      balances
      | who   | cash   | margin |
      | alice | 0.0503 | 99.8   |
    `);
  });

  test("its profit is no margin for anything else", () => {
    playScenario(
      `
      commands
      | who   | command                     | events |
      |       | oracle TST 100              | oracle 100 |
      |       | oracle ETH 100              | oracle 100 |
      | alice | deposit 51                  | opened alice, deposited 51 |
      | bob   | deposit 1000                | opened bob, deposited 1000 |
      | alice | leverage 10 isolated        | leverage 10 isolated |
      | bob   | sell 5@100 gtc as S         | accepted S, rested S 5@100 |
      | alice | buy 5@100 ioc as A          | accepted A, fill S 5@100, fill A 5@100 |
      |       | oracle TST 150              | oracle 150 |
      | alice | buy 0.1@100 gtc on ETH      | rejected marginInsufficient |
      | alice | withdraw 0.775001           | refused balanceInsufficient |
      balances
      | who   | cash  | used | withdrawable |
      | alice | 0.775 | 300  | 0.775        |
    `,
      [testSpec(), testSpec({ name: "ETH", notionalMin: 1_000_000 })],
    );
  });
});

describe("liquidation of an isolated position [USDC, coins; 10x]", () => {
  const open = `
      commands
      | who   | command                     | events |
      |       | oracle TST 100              | oracle 100 |
      |       | oracle ETH 100              | oracle 100 |
      | alice | deposit 1000                | opened alice, deposited 1000 |
      | bob   | deposit 5000                | opened bob, deposited 5000 |
      | alice | leverage 10 isolated        | leverage 10 isolated |
      | bob   | sell 10@100 gtc as S        | accepted S, rested S 10@100 |
      | alice | buy 10@100 ioc as A         | accepted A, fill S 10@100, fill A 10@100 |
      | bob   | sell 10@100 gtc on ETH as T | accepted T, rested T 10@100 |
      | alice | buy 10@100 ioc on ETH as B  | accepted B, fill T 10@100, fill B 10@100 |
      | alice | buy 1@50 gtc as C           | accepted C, rested C 1@50 |
      | alice | buy 1@50 gtc on ETH as D    | accepted D, rested D 1@50 |
  `;
  const markets = [testSpec(), testSpec({ name: "ETH" })];

  test("closes it alone, at the price where its own margin falls to maintenance", () => {
    // 100 - (100 - 50) / 10 / 0.95 = 94.736842. At 94.736 it has 47.36 of 47.368; closed at 94.7:
    // 100 - 53 - 0.42615 = 46.57385 come back.
    playScenario(
      `${open}
      |       | oracle TST 94.737           | oracle 94.737 |
      | bob   | buy 10@94.7 gtc as E        | accepted E, rested E 10@94.7 |
      |       | oracle TST 94.736           | oracle 94.736, liquidating alice alone, canceled C liquidated, accepted alice!, fill E 10@94.7, fill alice! 10@94.7 |
      balances
      | who   | cash      | orders |
      | alice | 945.67385 | 1      |
      system
      | insurance |
      | 0         |
    `,
      markets,
    );
  });

  test("takes nothing but its margin: what is short falls to the other side", () => {
    // At 80 it owes 200 - 100: bob buys back at 90.
    playScenario(
      `${open}
      | bob   | buy 10@80 gtc as E          | accepted E, rested E 10@80 |
      |       | oracle TST 80               | oracle 80, liquidating alice alone, canceled C liquidated, adl bob! 10@90, adl alice! 10@90, deleveraged alice 10@90 100 |
      balances
      | who   | cash   | orders |
      | alice | 899.1  | 1      |
      system
      | insurance |
      | 0         |
    `,
      markets,
    );
  });

  test("the insurance account pays first, the backstop gets the position with what is left of its margin", () => {
    playScenario(
      `${open}
      |       | insure 60                   | insuranceFunded 60 |
      |       | oracle TST 80               | oracle 80, liquidating alice alone, canceled C liquidated, deficitBooked 60, adl bob! 10@84, adl alice! 10@84, deleveraged alice 10@84 40 |
      balances
      | who   | cash   |
      | alice | 899.1  |
      system
      | insurance |
      | 0         |
    `,
      markets,
    );
    // At 92 it has 20 of 46, less than two thirds: dave gets 10 at 92 and 20.
    const { exchange } = playScenario(
      `${open}
      | dave  | deposit 500                 | opened dave, deposited 500 |
      |       | policy queue backstop=dave loss=100 | policy queue |
      |       | oracle TST 92               | oracle 92, liquidating alice alone, canceled C liquidated, backstop dave! 10@92, backstop alice! 10@92, dave took over alice 20 |
      balances
      | who   | cash   | orders |
      | alice | 899.1  | 1      |
      | dave  | 520    | 0      |
    `,
      markets,
    );
    expect(exchange.summary("alice").positions.map(({ market }) => market)).toEqual([1]);
  });

  test("keeps the money of what it has closed, so that the rest may be covered again", () => {
    playScenario(
      `${open}
      | bob   | buy 4@94 gtc as E           | accepted E, rested E 4@94 |
      |       | oracle TST 94               | oracle 94, liquidating alice alone, canceled C liquidated, accepted alice!, fill E 4@94, fill alice! 4@94, canceled alice! iocRemainder |
      balances
      | who   | cash  | margin   | position |
      | alice | 899.1 | 75.8308  | 6        |
      commands
      | who   | command                     | events |
      |       | tick                        | |
      | alice | margin -0.000001            | refused marginReductionUncovered |
    `,
      markets,
    );
  });

  test("does not come from losses on cross margin, and cross liquidation leaves it and its stops alone", () => {
    playScenario(
      `${open}
      | alice | sell 10@90 gtc ro stop=90 as F | waiting F |
      | alice | withdraw 700                | withdrawn 700 |
      | bob   | buy 10@80 gtc on ETH as E   | accepted E, rested E 10@80 |
      |       | oracle ETH 80               | oracle 80, liquidating alice, canceled C liquidated, canceled D liquidated, adl bob! 10@80.09, adl alice! 10@80.09, deleveraged alice 10@80.09 0.9 |
      balances
      | who   | cash | margin | position | orders |
      | alice | 0    | 100    | 10       | 1      |
    `,
      markets,
    );
  });
});

describe("closing an isolated position at a price of one's own [USDC, coins; 10x]", () => {
  test("goes no further than its margin, as taker and as maker", () => {
    // At 92: 100 - 40 - 0.207; then 50 are left for the other 5, which at 89 would lose 55.
    playScenario(`
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100 |
      | alice | deposit 101              | opened alice, deposited 101 |
      | bob   | deposit 1000             | opened bob, deposited 1000 |
      | carol | deposit 1000             | opened carol, deposited 1000 |
      | alice | leverage 10 isolated     | leverage 10 isolated |
      | bob   | sell 10@100 gtc as S     | accepted S, rested S 10@100 |
      | alice | buy 10@100 ioc as A      | accepted A, fill S 10@100, fill A 10@100 |
      | bob   | buy 5@92 gtc as B        | accepted B, rested B 5@92 |
      | bob   | buy 5@89 gtc as C        | accepted C, rested C 5@89 |
      | alice | sell 10@89 ioc ro as D   | accepted D, fill B 5@92, fill D 5@92, canceled D margin |
      | alice | sell 5@89 gtc as E       | accepted E, canceled E margin |
      | alice | sell 5@89 ioc as F       | rejected marginInsufficient |
      | bob   | cancel C                 | canceled C requested |
      | alice | sell 5@89 gtc as G       | accepted G, rested G 5@89 |
      | carol | buy 5@89 ioc             | canceled G margin, rejected iocNoMatch |
      | alice | sell 5@91 gtc as H       | accepted H, rested H 5@91 |
      | carol | buy 5@91 ioc as I        | accepted I, fill H 5@91, fill I 5@91 |
      balances
      | who   | cash     | margin | position |
      | alice | 15.27475 | 0      | 0        |
    `);
  });
});

describe("margin in and out [USDC, coins; 10x]", () => {
  test("what goes in must be withdrawable, what goes out leaves initial margin and a tenth of the notional", () => {
    // Long 10 at 100 with 100. At 120 and 20x: 1200 / 20 = 60 < 120, so 300 - 120 may go.
    playScenario(
      `
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100 |
      | alice | deposit 200              | opened alice, deposited 200 |
      | bob   | deposit 1000             | opened bob, deposited 1000 |
      | alice | leverage 10 isolated     | leverage 10 isolated |
      | bob   | sell 10@100 gtc as S     | accepted S, rested S 10@100 |
      | alice | margin 1                 | refused marginPositionFlat |
      | alice | buy 10@100 ioc as A      | accepted A, fill S 10@100, fill A 10@100 |
      | bob   | margin 1                 | refused marginNotIsolated |
      | alice | margin 99.550001         | refused marginIncreaseUncovered |
      | alice | margin 50                | margin 50 |
      | alice | margin -50.000001        | refused marginReductionUncovered |
      | alice | margin -50               | margin -50 |
      | alice | margin 0                 | refused marginChangeZero |
      |       | oracle 120               | oracle 120 |
      | alice | leverage 20 isolated     | leverage 20 isolated |
      | alice | margin -180.000001       | refused marginReductionUncovered |
      | alice | margin -180              | margin -180 |
      balances
      | who   | cash   | margin | used | withdrawable |
      | alice | 279.55 | -80    | 120  | 279.55       |
      commands
      | who   | command                  | events |
      | alice | topUp 8                  | margin 30 |
      | alice | topUp 8                  | refused marginChangeZero |
      | alice | topUp 0.1                | refused marginIncreaseUncovered |
      | alice | topUp 7.5                | margin 10 |
      balances
      | who   | margin | used |
      | alice | -40    | 160  |
    `,
      [testSpec({ maxLeverage: 20 })],
    );
  });

  test("lowering the leverage is up to the position's own margin", () => {
    playScenario(`
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100 |
      | alice | deposit 1000             | opened alice, deposited 1000 |
      | bob   | deposit 1000             | opened bob, deposited 1000 |
      | alice | leverage 10 isolated     | leverage 10 isolated |
      | bob   | sell 10@100 gtc as S     | accepted S, rested S 10@100 |
      | alice | buy 10@100 ioc as A      | accepted A, fill S 10@100, fill A 10@100 |
      | alice | leverage 5 isolated      | refused isolatedLeverageUncovered |
      | alice | margin 99.999999         | margin 99.999999 |
      | alice | leverage 5 isolated      | refused isolatedLeverageUncovered |
      | alice | margin 0.000001          | margin 0.000001 |
      | alice | leverage 5 isolated      | leverage 5 isolated |
      | alice | leverage 5               | refused marginKindHeld |
      | bob   | leverage 5 isolated      | refused marginKindHeld |
      | alice | leverage 8 isolated      | leverage 8 isolated |
      balances
      | who   | cash   | margin |
      | alice | 799.55 | 200    |
    `);
  });

  test("the kind changes with orders open, not with a position", () => {
    playScenario(`
      commands
      | who   | command                  | events |
      |       | oracle 100               | oracle 100 |
      | alice | deposit 100              | opened alice, deposited 100 |
      | alice | buy 10@100 gtc as A      | accepted A, rested A 10@100 |
      | alice | leverage 9 isolated      | refused leverageUncovered |
      | alice | leverage 10 isolated     | leverage 10 isolated |
      balances
      | who   | initial |
      | alice | 100     |
      commands
      | who   | command                  | events |
      | alice | leverage 10              | leverage 10 |
    `);
  });
});

describe("markets of isolated margin alone [USDC, coins; 10x]", () => {
  const markets = [
    testSpec({ marginMode: "noCross" }),
    testSpec({ name: "STR", marginMode: "strictIsolated" }),
  ];

  test("everybody's margin is isolated there; on a strict one it leaves as the position is closed", () => {
    const { exchange } = playScenario(
      `
      commands
      | who   | command                     | events |
      |       | oracle TST 100              | oracle 100 |
      |       | oracle STR 100              | oracle 100 |
      | alice | deposit 1000                | opened alice, deposited 1000 |
      | bob   | deposit 1000                | opened bob, deposited 1000 |
      | alice | leverage 5                  | refused crossUnavailable |
      | bob   | sell 10@100 gtc as S        | accepted S, rested S 10@100 |
      | alice | buy 10@100 ioc as A         | accepted A, fill S 10@100, fill A 10@100 |
      balances
      | who   | cash   | margin |
      | alice | 899.55 | 100    |
      | bob   | 899.85 | 100    |
      commands
      | who   | command                     | events |
      | alice | margin 10                   | margin 10 |
      | alice | margin -10                  | margin -10 |
      | bob   | sell 10@100 gtc on STR as T | accepted T, rested T 10@100 |
      | alice | buy 10@100 ioc on STR as B  | accepted B, fill T 10@100, fill B 10@100 |
      | alice | margin 10 on STR            | margin 10 |
      | alice | margin -10 on STR           | refused marginRemovalBarred |
      | alice | sell 5@100 gtc on STR as C  | accepted C, rested C 5@100 |
      | bob   | buy 5@100 ioc on STR as D   | accepted D, fill C 5@100, fill D 5@100 |
      balances
      | who   | cash    |
      | alice | 844.025 |
    `,
      markets,
    );
    const alice = exchange.account("alice");
    expect(exchange.summary("alice").positions.map(({ margin }) => margin)).toEqual([
      100_000_000, 55_000_000,
    ]);
    expect(accountIsIsolated(exchange.state, alice, 0)).toBe(true);
  });
});
