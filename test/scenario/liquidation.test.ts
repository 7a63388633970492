import { describe, expect, test } from "vitest";
import { hasQueuedWork, nextDueMs } from "../../src/exchange/apply.ts";
import { createScenario, describeEvent, perform, play, playScenario } from "../support/scenario.ts";
import { testSpec } from "../support/test-exchange.ts";

/** bob is long 5 at 100 with 59.775 in cash; under maintenance below 92.67. */
const BOB_LONG_5 = `
  commands
  | who   | command             |
  |       | oracle 100          |
  | alice | deposit 1000        |
  | bob   | deposit 60          |
  | carol | deposit 1000        |
  | alice | sell 5@100 gtc      |
  | bob   | buy 5@100 ioc       |
`;

describe("liquidation through the book [USDC, coins; 10x, maintenance 5 %]", () => {
  test("starts where equity falls below maintenance and not before", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who | command      | events |
      |     | oracle 92.69 | oracle 92.69 |
      balances
      | who | equity | maintenance |
      | bob | 23.225 | 23.1725     |
      commands
      | who | command      | events |
      |     | oracle 92.67 | oracle 92.67, liquidating bob |
    `);
  });

  test("cancels the account's orders and closes at the makers' prices; what remains is the user's", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who   | command              | events |
      | bob   | sell 1@120 gtc as A  | accepted A, rested A 1@120 |
      | carol | buy 2@92 gtc as C1   | accepted C1, rested C1 2@92 |
      | carol | buy 9@91 gtc as C2   | accepted C2, rested C2 9@91 |
      |       | oracle 92            | oracle 92, liquidating bob, canceled A liquidated, accepted bob!, fill C1 2@92, fill bob! 2@92, fill C2 3@91, fill bob! 3@91 |
      balances
      | who | position | cash     | orders |
      | bob | 0        | 16.56935 | 0      |
      system
      | insurance |
      | 0         |
    `);
  });

  test("waits for bids and tries again on a tick", () => {
    const scenario = playScenario(`
      ${BOB_LONG_5}
      commands
      | who | command   | events |
      |     | oracle 92 | oracle 92, liquidating bob |
    `);
    const { exchange } = scenario;
    expect(hasQueuedWork(exchange.state)).toBe(false);
    expect(nextDueMs(exchange.state)).toBe(exchange.timeMs + 1_000);
    play(
      scenario,
      `
      commands
      | who   | command             | events |
      |       | wait 1s             |        |
      |       | tick                | liquidating bob |
      | carol | buy 5@90 gtc as C   | accepted C, rested C 5@90 |
      |       | wait 1s             |        |
      |       | tick                | liquidating bob, accepted bob!, fill C 5@90, fill bob! 5@90 |
      |       | wait 1s             |        |
      |       | tick                |        |
      balances
      | who | position | cash   |
      | bob | 0        | 9.5725 |
    `,
    );
    expect(nextDueMs(exchange.state)).toBe(Number.POSITIVE_INFINITY);
  });

  test("does not sell more than 10 % below mark", () => {
    playScenario(
      `
      commands
      | who   | command                 | events |
      |       | oracle 100              | oracle 100 |
      | alice | deposit 1000            | opened alice, deposited 1000 |
      | bob   | deposit 200             | opened bob, deposited 200 |
      | alice | sell 5@100 gtc as A     | accepted A, rested A 5@100 |
      | bob   | buy 5@100 ioc as B      | accepted B, fill A 5@100, fill B 5@100 |
      | alice | buy 5@64.799 gtc as C   | accepted C, rested C 5@64.799 |
      |       | oracle 72               | oracle 72, liquidating bob |
      | alice | buy 5@64.8 gtc as D     | accepted D, rested D 5@64.8 |
      |       | tick                    | liquidating bob, accepted bob!, fill D 5@64.8, fill bob! 5@64.8 |
    `,
      [testSpec({ maxLeverage: 3 })],
    );
  });

  test("does not sell below the bankruptcy price: what it bears is the account's own", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who   | command               | events |
      | carol | buy 5@88.083 gtc as C | accepted C, rested C 5@88.083 |
      |       | oracle 92             | oracle 92, liquidating bob |
      | carol | buy 5@88.091 gtc as D | accepted D, rested D 5@88.091 |
      |       | tick                  | liquidating bob, accepted bob!, fill D 5@88.091, fill bob! 5@88.091 |
      balances
      | who | position | cash     |
      | bob | 0        | 0.031796 |
    `);
  });

  test("stops when healthy: the second market is not touched", () => {
    const scenario = createScenario([testSpec(), testSpec({ name: "ETH" })]);
    play(
      scenario,
      `
      commands
      | who   | command                 |
      |       | oracle TST 100          |
      |       | oracle ETH 100          |
      | alice | deposit 1000            |
      | bob   | deposit 100             |
      | alice | sell 4@100 gtc          |
      | alice | sell 4@100 gtc on ETH   |
      | bob   | buy 4@100 ioc           |
      | bob   | buy 4@100 ioc on ETH    |
      | alice | buy 9@90 gtc            |
      | alice | buy 9@90 gtc on ETH     |
    `,
    );
    // Equity 100 - 0.36 - 64 = 35.64; maintenance (400 + 336) x 5 % = 36.8, after one market 20.
    const events = perform(scenario, "", "oracle ETH 84");
    const words = events.map((event) => describeEvent(scenario, event).split(" ")[0]);
    expect(words).toEqual(["oracle", "liquidating", "accepted", "fill", "fill"]);
    const { positions, equity, maintenance } = scenario.exchange.summary("bob");
    expect(positions).toHaveLength(1);
    expect(equity).toBeGreaterThanOrEqual(maintenance);
    expect(nextDueMs(scenario.exchange.state)).toBe(Number.POSITIVE_INFINITY);
  });

  test("a short is bought back the same way", () => {
    playScenario(`
      commands
      | who   | command             | events |
      |       | oracle 100          | oracle 100 |
      | alice | deposit 1000        | opened alice, deposited 1000 |
      | bob   | deposit 60          | opened bob, deposited 60 |
      | alice | buy 5@100 gtc as A  | accepted A, rested A 5@100 |
      | bob   | sell 5@100 ioc as B | accepted B, fill A 5@100, fill B 5@100 |
      | alice | sell 5@107 gtc as C | accepted C, rested C 5@107 |
      |       | oracle 106.63       | oracle 106.63, liquidating bob, accepted bob!, fill C 5@107, fill bob! 5@107 |
    `);
  });

  test("a fill that leaves an account under maintenance starts it too", () => {
    const scenario = createScenario();
    play(
      scenario,
      `
      commands
      | who   | command             |
      |       | oracle 100          |
      | alice | deposit 1000        |
      | bob   | deposit 60          |
      | carol | deposit 1000        |
      | alice | sell 5@100 gtc      |
      | bob   | buy 5@100 ioc       |
      |       | oracle 94           |
      | carol | buy 9@85 gtc as C   |
    `,
    );
    // Equity 29.775; bob reduces 3 at 9 below mark, which leaves less than 5 % of 188, and nobody bids
    // at what the rest could be sold for.
    const events = perform(scenario, "bob", "sell 3@85 ioc");
    expect(events.some(({ kind }) => kind === "liquidationStarted")).toBe(true);
    expect(scenario.exchange.summary("bob").positions).toMatchObject([{ size: 2_000 }]);
  });

  test("what the book cannot take waits: one attempt a command, however often it is due", () => {
    const scenario = createScenario([testSpec(), testSpec({ name: "ETH" })]);
    play(
      scenario,
      `
      commands
      | who   | command                 |
      |       | oracle TST 100          |
      |       | oracle ETH 100          |
      | alice | deposit 1000            |
      | bob   | deposit 100             |
      | carol | deposit 1000            |
      | alice | sell 4@100 gtc          |
      | alice | sell 4@100 gtc on ETH   |
      | bob   | buy 4@100 ioc           |
      | bob   | buy 4@100 ioc on ETH    |
      | carol | buy 1@90 gtc            |
      | carol | buy 1@90 gtc on ETH     |
    `,
    );
    const starts = (command: Parameters<typeof scenario.exchange.run>[0]): number =>
      scenario.exchange.run(command).filter(({ kind }) => kind === "liquidationStarted").length;
    const prices = [0, 1].map((market) => ({ market, px: 90_000 }));
    expect(starts({ kind: "setOraclePrices", prices })).toBe(1);
    expect(scenario.exchange.summary("bob").positions).toMatchObject([
      { size: 3_000 },
      { size: 3_000 },
    ]);
    expect(hasQueuedWork(scenario.exchange.state)).toBe(false);
    expect(starts({ kind: "tick" })).toBe(1);
    expect(starts({ kind: "setOraclePrices", prices: [...prices, ...prices] })).toBe(1);
  });

  test("a deposit that heals the account ends it", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who | command     | events |
      |     | oracle 92   | oracle 92, liquidating bob |
      | bob | deposit 100 | deposited 100 |
      |     | wait 1s     | |
      |     | tick        | |
      balances
      | who | position |
      | bob | 5        |
    `);
  });

  test("while liquidation waits the user can cancel, deposit and reduce but not add", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who   | command              | events |
      |       | oracle 92            | oracle 92, liquidating bob |
      | bob   | buy 1@91 gtc         | rejected marginInsufficient |
      | bob   | sell 1@93 gtc ro as R | accepted R, rested R 1@93 |
      | bob   | cancel R             | canceled R requested |
      | bob   | sell 5@93 gtc as S   | accepted S, rested S 5@93 |
      | carol | buy 5@93 ioc as C    | accepted C, fill S 5@93, fill C 5@93 |
      balances
      | who | position | cash     |
      | bob | 0        | 24.70525 |
    `);
  });
});
