import { describe, test } from "vitest";
import { playScenario } from "../support/scenario.ts";

/** One's own orders beside a stranger's, on two levels. */
const BOOK = `
  commands
  | who   | command              |
  |       | oracle 100           |
  | alice | deposit 1000         |
  | bob   | deposit 1000         |
  | bob   | sell 1@100 gtc as B1 |
  | alice | sell 2@100 gtc as A1 |
  | bob   | sell 1@101 gtc as B2 |
`;

describe("an order that meets one of its own account [USDC, coins]", () => {
  test("maker, the default: the resting one is canceled, the other goes on", () => {
    playScenario(`
      ${BOOK}
      commands
      | who   | command                      | events                                                                                              |
      | alice | buy 3@101 gtc stp=maker as A | accepted A, fill B1 1@100, fill A 1@100, canceled A1 selfTrade, fill B2 1@101, fill A 1@101, rested A 1@101 |
      balances
      | who   | position | orders |
      | alice | 2        | 1      |
    `);
  });

  test("taker: what remains of the incoming one is canceled, the resting one stays", () => {
    playScenario(`
      ${BOOK}
      commands
      | who   | command                      | events                                                                  |
      | alice | buy 3@101 gtc stp=taker as A | accepted A, fill B1 1@100, fill A 1@100, canceled A selfTrade           |
      | alice | buy 3@101 gtc stp=taker as C | accepted C, canceled C selfTrade                                        |
      | alice | buy 3@101 ioc stp=taker as D | rejected selfTradePrevented                                             |
      | alice | buy 1@99 gtc stp=taker as E  | accepted E, rested E 1@99                                               |
      book
      | side | px  | sz | order |
      | bid  | 99  | 1  | E     |
      | ask  | 100 | 2  | A1    |
      | ask  | 101 | 1  | B2    |
    `);
  });

  test("both: the resting one and what remains of the incoming one", () => {
    playScenario(`
      ${BOOK}
      commands
      | who   | command                     | events                                                                               |
      | alice | buy 3@101 ioc stp=both as A | accepted A, fill B1 1@100, fill A 1@100, canceled A1 selfTrade, canceled A selfTrade |
      book
      | side | px  | sz | order |
      | ask  | 101 | 1  | B2    |
      balances
      | who   | position | orders |
      | alice | 1        | 0      |
    `);
  });

  test("decrement, the incoming one larger: it shrinks and goes on", () => {
    playScenario(`
      ${BOOK}
      commands
      | who   | command                          | events                                                                                                      |
      | alice | buy 4@101 gtc stp=decrement as A | accepted A, fill B1 1@100, fill A 1@100, canceled A1 selfTrade, reduced A 1, fill B2 1@101, fill A 1@101    |
      balances
      | who   | position | orders |
      | alice | 2        | 0      |
    `);
  });

  test("decrement, the resting one larger: it shrinks and keeps its place", () => {
    playScenario(`
      ${BOOK}
      commands
      | who   | command                            | events                                                                          |
      | bob   | sell 1@100 gtc as B3               | accepted B3, rested B3 1@100                                                    |
      | alice | buy 2.5@101 ioc stp=decrement as A | accepted A, fill B1 1@100, fill A 1@100, reduced A1 0.5, canceled A selfTrade   |
      book
      | side | px  | sz  | order |
      | ask  | 100 | 0.5 | A1    |
      | ask  | 100 | 1   | B3    |
      | ask  | 101 | 1   | B2    |
    `);
  });

  test("decrement, equal: both are canceled, and nothing has traded", () => {
    playScenario(`
      commands
      | who   | command                          | events                                               |
      |       | oracle 100                       | oracle 100                                           |
      | alice | deposit 1000                     | opened alice, deposited 1000                         |
      | alice | sell 2@100 gtc as A1             | accepted A1, rested A1 2@100                         |
      | alice | buy 2@100 gtc stp=decrement as A | accepted A, canceled A1 selfTrade, canceled A selfTrade |
      | alice | sell 2@100 gtc as A2             | accepted A2, rested A2 2@100                         |
      | alice | buy 3@100 ioc stp=decrement as C | canceled A2 selfTrade, accepted C, reduced C 1, canceled C iocRemainder |
      balances
      | who   | cash | position | orders |
      | alice | 1000 | 0        | 0      |
    `);
  });

  test("fill or kill: its own order in the way fails it, unless that one gives way", () => {
    playScenario(`
      ${BOOK}
      commands
      | who   | command                          | events                                                                                               |
      | alice | buy 2@101 fok stp=taker as A     | rejected fokUnfillable                                                                               |
      | alice | buy 2@101 fok stp=both as A      | rejected fokUnfillable                                                                               |
      | alice | buy 2@101 fok stp=decrement as A | rejected fokUnfillable                                                                               |
      | alice | buy 1@101 fok stp=taker as A     | accepted A, fill B1 1@100, fill A 1@100                                                              |
      | alice | buy 1@101 fok as C               | canceled A1 selfTrade, accepted C, fill B2 1@101, fill C 1@101                                       |
    `);
  });

  test("two accounts of one person are two accounts", () => {
    playScenario(`
      ${BOOK}
      commands
      | who   | command                         | events                                                       |
      | carol | deposit 1000                    | opened carol, deposited 1000                                 |
      | carol | buy 1.5@100 ioc stp=both as C   | accepted C, fill B1 1@100, fill C 1@100, fill A1 0.5@100, fill C 0.5@100 |
    `);
  });
});

describe("self-trade prevention over a group: a master and its sub-accounts [USDC, coins]", () => {
  const GROUP = `
    commands
    | who       | command               | events |
    |           | oracle 100            | oracle 100 |
    | alice     | deposit 1000          | opened alice, deposited 1000 |
    | bob       | deposit 1000          | opened bob, deposited 1000 |
    | alice     | sub one               | opened one, sub one |
    | alice     | sub two               | opened two, sub two |
    | alice     | give one 300          | transferred -300, transferred 300 |
    | alice     | give two 300          | transferred -300, transferred 300 |
    | alice/one | sell 1@100 gtc as S   | accepted S, rested S 1@100 |
  `;

  test("accounts of a group trade with each other unless the incoming order says otherwise", () => {
    playScenario(`${GROUP}
      commands
      | who       | command                 | events |
      | alice/two | buy 0.5@100 ioc as A    | accepted A, fill S 0.5@100, fill A 0.5@100 |
      | bob       | buy 0.2@100 ioc group as B | accepted B, fill S 0.2@100, fill B 0.2@100 |
      | alice/two | buy 1@100 ioc group as C | canceled S selfTrade, rejected iocNoMatch |
    `);
  });

  test.each([
    [
      "maker",
      "canceled S selfTrade, accepted A, fill T 1@100, fill A 1@100, canceled A iocRemainder",
    ],
    ["taker", "rejected selfTradePrevented"],
    ["both", "canceled S selfTrade, rejected selfTradePrevented"],
    ["decrement", "canceled S selfTrade, accepted A, reduced A 1, fill T 1@100, fill A 1@100"],
  ])("%s, from the master against its sub-account, with a stranger behind", (mode, events) => {
    playScenario(`${GROUP}
      commands
      | who   | command                                | events |
      | bob   | sell 1@100 gtc as T                    | accepted T, rested T 1@100 |
      | alice | buy 2@100 ioc group stp=${mode} as A   | ${events} |
    `);
  });

  test("from a sub-account against its master, and a fill-or-kill order counts none of the group", () => {
    playScenario(`${GROUP}
      commands
      | who       | command                     | events |
      | alice     | sell 1@100 gtc as M         | accepted M, rested M 1@100 |
      | bob       | sell 1@100 gtc as T         | accepted T, rested T 1@100 |
      | alice/two | buy 2@100 fok group         | rejected fokUnfillable |
      | alice/two | buy 1@100 fok group as A    | canceled S selfTrade, canceled M selfTrade, accepted A, fill T 1@100, fill A 1@100 |
    `);
  });
});
