import { describe, expect, test } from "vitest";
import { createScenario, perform, play, playScenario } from "../support/scenario.ts";

const TWO_FUNDED = `
  commands
  | who   | command      |
  |       | oracle 100   |
  | alice | deposit 1000 |
  | bob   | deposit 1000 |
`;

describe("placing orders [USDC, coins]", () => {
  test("a good-till-canceled order matches, rests its remainder, moves both positions and pays fees", () => {
    playScenario(`
      commands
      | who   | command             | events                                                  |
      |       | oracle 100          | oracle 100                                              |
      | alice | deposit 1000        | opened alice, deposited 1000                            |
      | bob   | deposit 1000        | opened bob, deposited 1000                              |
      | alice | sell 1@100 gtc as A | accepted A, rested A 1@100                              |
      | bob   | buy 3@101 gtc as B  | accepted B, fill A 1@100, fill B 1@100, rested B 2@101  |
      book
      | side | px  | sz | order |
      | bid  | 101 | 2  | B     |
      balances
      | who   | cash    | position | cost | equity  | initial | maintenance | volume |
      | alice | 999.985 | -1       | -100 | 999.985 | 10      | 5           | 100    |
      | bob   | 999.955 | 1        | 100  | 999.955 | 30.2    | 5           | 100    |
      system
      | fees | insurance | deposits | withdrawals |
      | 0.06 | 0         | 2000     | 0           |
    `);
  });

  test("fees are truncated towards zero to 10^-6 USDC", () => {
    // 0.111 x 100.001 = 11.100111: taker 0.0049950..., maker 0.0016650...
    playScenario(`
      ${TWO_FUNDED}
      commands
      | who   | command                     | events                                                |
      | alice | sell 0.111@100.001 gtc as A | accepted A, rested A 0.111@100.001                    |
      | bob   | buy 0.111@100.001 gtc as B  | accepted B, fill A 0.111@100.001, fill B 0.111@100.001 |
      balances
      | who   | cash       |
      | alice | 999.998335 |
      | bob   | 999.995005 |
      system
      | fees    |
      | 0.00666 |
    `);
  });

  test("an immediate-or-cancel remainder is dropped and does not rest", () => {
    playScenario(`
      ${TWO_FUNDED}
      commands
      | who   | command             | events                                                           |
      | alice | sell 1@100 gtc as A | accepted A, rested A 1@100                                       |
      | bob   | buy 3@101 ioc as B  | accepted B, fill A 1@100, fill B 1@100, canceled B iocRemainder |
      book
      | side | px | sz | order |
    `);
  });

  test("an immediate-or-cancel order without a match is refused and leaves no phantom level", () => {
    playScenario(`
      ${TWO_FUNDED}
      commands
      | who   | command             | events                      |
      | bob   | buy 3@101 ioc as B  | rejected iocNoMatch         |
      | alice | sell 1@102 gtc as A | accepted A, rested A 1@102  |
      | bob   | buy 3@101 ioc as B  | rejected iocNoMatch         |
      | bob   | buy 1@101 frontendMarket as B  | rejected iocNoMatch |
      book
      | side | px  | sz | order |
      | ask  | 102 | 1  | A     |
    `);
  });

  test("add-liquidity-only rests behind the touch and is refused at or through it, with the best prices", () => {
    const scenario = playScenario(`
      ${TWO_FUNDED}
      commands
      | who   | command              | events                     |
      | bob   | buy 1@99 alo as B1   | accepted B1, rested B1 1@99 |
      | alice | sell 1@101 alo as A  | accepted A, rested A 1@101 |
      | bob   | buy 1@101 alo as B2  | rejected aloWouldMatch     |
      | bob   | buy 1@102 alo as B3  | rejected aloWouldMatch     |
      | bob   | buy 1@100.999 alo as B4  | accepted B4, rested B4 1@100.999 |
      | alice | sell 1@100.999 alo   | rejected aloWouldMatch     |
      book
      | side | px      | sz | order |
      | bid  | 100.999 | 1  | B4    |
      | bid  | 99      | 1  | B1    |
      | ask  | 101     | 1  | A     |
    `);
    const [rejected] = perform(scenario, "bob", "buy 1@103 alo");
    expect(rejected).toMatchObject({ kind: "orderRejected", a: 100_999, b: 101_000 });
  });

  test("an exact-touch order crosses", () => {
    playScenario(`
      ${TWO_FUNDED}
      commands
      | who   | command             | events                                 |
      | alice | sell 1@100 gtc as A | accepted A, rested A 1@100             |
      | bob   | buy 1@100 gtc as B  | accepted B, fill A 1@100, fill B 1@100 |
      book
      | side | px | sz | order |
    `);
  });

  test("a sweep takes three levels best price first, oldest first, each at the maker's price", () => {
    playScenario(`
      ${TWO_FUNDED}
      commands
      | who   | command             | events                     |
      | alice | buy 1@98 gtc as A1  | accepted A1, rested A1 1@98 |
      | alice | buy 1@100 gtc as A2 | accepted A2, rested A2 1@100 |
      | alice | buy 1@99 gtc as A3  | accepted A3, rested A3 1@99 |
      | alice | buy 1@99 gtc as A4  | accepted A4, rested A4 1@99 |
      | bob   | sell 3.5@98 gtc as B | accepted B, fill A2 1@100, fill B 1@100, fill A3 1@99, fill B 1@99, fill A4 1@99, fill B 1@99, fill A1 0.5@98, fill B 0.5@98 |
      book
      | side | px | sz  | order |
      | bid  | 98 | 0.5 | A1    |
      balances
      | who   | position | cost |
      | alice | 3.5      | 347  |
      | bob   | -3.5     | -347 |
    `);
  });

  test("a partial fill does not move the maker behind its level", () => {
    playScenario(`
      ${TWO_FUNDED}
      commands
      | who   | command             | events |
      | alice | sell 2@100 gtc as A1 | accepted A1, rested A1 2@100 |
      | alice | sell 2@100 gtc as A2 | accepted A2, rested A2 2@100 |
      | bob   | buy 1@100 gtc as B1  | accepted B1, fill A1 1@100, fill B1 1@100 |
      | bob   | buy 2@100 gtc as B2  | accepted B2, fill A1 1@100, fill B2 1@100, fill A2 1@100, fill B2 1@100 |
    `);
  });

  test("a refused order of a batch does not stop the others", () => {
    playScenario(`
      ${TWO_FUNDED}
      commands
      | who   | command | events |
      | alice | buy 0.01@99 gtc + buy 1@98 gtc as A + sell 0@101 gtc + sell 1@102 gtc as B on 7 + sell 1@103 alo as C | rejected notionalTooSmall, accepted A, rested A 1@98, rejected szZero, rejected marketUnknown, accepted C, rested C 1@103 |
    `);
  });

  test("two orders of one batch may match others' orders and then each other's level", () => {
    playScenario(`
      ${TWO_FUNDED}
      commands
      | who   | command              | events |
      | alice | sell 1@100 gtc as A  | accepted A, rested A 1@100 |
      | bob   | buy 1@100 gtc as B1 + buy 1@100 gtc as B2 | accepted B1, fill A 1@100, fill B1 1@100, accepted B2, rested B2 1@100 |
    `);
  });

  test("the smallest notional is 10 USDC unless the order closes the whole position", () => {
    playScenario(`
      ${TWO_FUNDED}
      commands
      | who   | command                    | events |
      | alice | sell 0.099@100 gtc as A    | rejected notionalTooSmall |
      | alice | sell 0.1@100 gtc as A      | accepted A, rested A 0.1@100 |
      | bob   | buy 0.1@100 gtc as B       | accepted B, fill A 0.1@100, fill B 0.1@100 |
      |       | oracle 50                  | oracle 50 |
      | bob   | sell 0.05@60 gtc ro as P   | rejected notionalTooSmall |
      | bob   | sell 0.05@60 gtc as P      | rejected notionalTooSmall |
      | bob   | sell 0.1@60 gtc as C1      | accepted C1, rested C1 0.1@60 |
      | bob   | cancel C1                  | canceled C1 requested |
      | bob   | sell 0.1@60 alo ro as C2   | accepted C2, rested C2 0.1@60 |
      | bob   | cancel C2                  | canceled C2 requested |
      | bob   | sell 0.15@60 alo ro as C3   | accepted C3, rested C3 0.1@60 |
      | alice | buy 0.1@60 ioc as D        | accepted D, fill C3 0.1@60, fill D 0.1@60 |
      balances
      | who   | position |
      | alice | 0        |
      | bob   | 0        |
    `);
  });

  test("a cloid is unique among the account's open orders and free again after", () => {
    playScenario(`
      ${TWO_FUNDED}
      commands
      | who   | command                     | events |
      | alice | buy 1@99 gtc cloid=7 as A   | accepted A, rested A 1@99 |
      | alice | buy 1@98 gtc cloid=7 as A2  | rejected cloidDuplicate |
      | bob   | buy 1@98 gtc cloid=7 as B   | accepted B, rested B 1@98 |
      | alice | cancel cloid=7              | canceled A requested |
      | alice | cancel cloid=7              | cancelRejected orderNotLive |
      | alice | buy 1@97 gtc cloid=7 as A3  | accepted A3, rested A3 1@97 |
      | bob   | sell 1@97 gtc cloid=8 as B2 | accepted B2, canceled B selfTrade, fill A3 1@97, fill B2 1@97 |
      | alice | buy 1@96 gtc cloid=7 as A4  | accepted A4, rested A4 1@96 |
      | alice | buy 1@95 gtc cloid=9 as A5 + buy 1@94 gtc cloid=9 as A6 | accepted A5, rested A5 1@95, rejected cloidDuplicate |
    `);
  });

  test("ids of orders and trades only grow, rejected orders have one too", () => {
    const scenario = play(createScenario(), TWO_FUNDED);
    const events = [
      ...perform(scenario, "alice", "sell 1@100 gtc as A"),
      ...perform(scenario, "bob", "buy 1@1 ioc as B"),
      ...perform(scenario, "bob", "buy 1@100 gtc as C"),
      ...perform(scenario, "alice", "sell 1@100 gtc as D"),
      ...perform(scenario, "bob", "buy 1@100 gtc as E"),
    ];
    const oids = ["A", "B", "C", "D", "E"].map((name) => scenario.oidByName.get(name) as number);
    expect(oids.every((oid) => Number.isSafeInteger(oid) && oid > 0)).toBe(true);
    expect(oids.toSorted((a, b) => a - b)).toEqual(oids);
    expect(new Set(oids).size).toBe(5);
    const fills = events.filter((event) => event.kind === "fill");
    expect(fills.map(({ crossed, item }) => ({ crossed, item }))).toEqual([
      { crossed: false, item: -1 },
      { crossed: true, item: 0 },
      { crossed: false, item: -1 },
      { crossed: true, item: 0 },
    ]);
    expect(fills.map(({ tid }) => tid)).toEqual(
      [1, 1, 2, 2].map((n) => (fills[0]?.tid ?? 0) + n - 1),
    );
    expect(fills[0]).toMatchObject({ counterparty: fills[1]?.account, counterOid: fills[1]?.oid });
    expect(fills[1]).toMatchObject({ counterparty: fills[0]?.account, counterOid: fills[0]?.oid });
  });

  test("closed PnL is exact and gross of fee; a flip starts a new basis at the fill's price", () => {
    const scenario = play(
      createScenario(),
      `
      ${TWO_FUNDED}
      commands
      | who   | command             |
      | alice | sell 3@100 gtc      |
      | bob   | buy 1@100 ioc       |
      | bob   | buy 2@100 ioc       |
      | alice | buy 5@110 gtc       |
    `,
    );
    const fills = perform(scenario, "bob", "sell 5@110 ioc").filter(({ kind }) => kind === "fill");
    expect(fills).toMatchObject([
      { closedPnl: -30_000_000, startPosition: -3_000, crossed: false },
      { closedPnl: 30_000_000, startPosition: 3_000, crossed: true },
    ]);
    play(
      scenario,
      `
      balances
      | who   | position | cost |
      | alice | 2        | 220  |
      | bob   | -2       | -220 |
    `,
    );
  });
});

describe("self-trade: the resting order expires [USDC, coins]", () => {
  test("the own maker is canceled without fee or fill and the taker goes on to others", () => {
    playScenario(`
      ${TWO_FUNDED}
      commands
      | who   | command              | events |
      | alice | sell 1@100 gtc as A  | accepted A, rested A 1@100 |
      | bob   | sell 1@100 gtc as B  | accepted B, rested B 1@100 |
      | alice | sell 1@101 gtc as A2 | accepted A2, rested A2 1@101 |
      | alice | buy 2@101 gtc as C   | accepted C, canceled A selfTrade, fill B 1@100, fill C 1@100, canceled A2 selfTrade, rested C 1@101 |
      balances
      | who   | cash    | position | orders |
      | alice | 999.955 | 1        | 1      |
      | bob   | 999.985 | -1       | 0      |
    `);
  });

  test("an agent's order and its master's are the same side", () => {
    playScenario(`
      ${TWO_FUNDED}
      commands
      | who   | command              | events |
      | alice | agent bot            | agentApproved |
      | bot   | sell 1@100 gtc as A  | accepted A, rested A 1@100 |
      | alice | buy 1@100 gtc as C   | accepted C, canceled A selfTrade, rested C 1@100 |
    `);
  });

  test("an order that stops before its own resting order leaves it alone", () => {
    playScenario(`
      ${TWO_FUNDED}
      commands
      | who   | command              | events |
      | bob   | sell 1@100 gtc as B  | accepted B, rested B 1@100 |
      | alice | sell 1@101 gtc as A  | accepted A, rested A 1@101 |
      | alice | buy 1@101 ioc as C   | accepted C, fill B 1@100, fill C 1@100 |
      book
      | side | px  | sz | order |
      | ask  | 101 | 1  | A     |
    `);
  });
});
