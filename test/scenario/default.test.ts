import { describe, expect, test } from "vitest";
import { nextDueMs } from "../../src/exchange/apply.ts";
import {
  createScenario,
  describeEvent,
  perform,
  play,
  playScenario,
  type Scenario,
} from "../support/scenario.ts";
import { testSpec } from "../support/test-exchange.ts";

/** bob is long 5 at 100 with 59.775 in cash: at 88 he owes 0.225 more than he has. */
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

describe("large positions [USDC, coins; 10x, maintenance 5 %, a fifth first above 1000]", () => {
  /** bob is long 20 at 100 with 239.1 in cash; under maintenance below 92.679. */
  const LARGE = `
    commands
    | who   | command               |
    |       | policy queue partial=1000 |
    |       | oracle 100            |
    | alice | deposit 10000         |
    | bob   | deposit 240           |
    | alice | sell 20@100 gtc       |
    | bob   | buy 20@100 ioc        |
  `;

  test("a fifth is closed first; for 30 s after that all of it; then a fifth again", () => {
    const scenario = playScenario(`
      ${LARGE}
      commands
      | who   | command              | events |
      | alice | buy 20@92 gtc as A   | accepted A, rested A 20@92 |
      |       | oracle 92            | oracle 92, liquidating bob, accepted bob!, fill A 4@92, fill bob! 4@92, cooldown bob |
      |       | tick                 |        |
      balances
      | who | position | equity  | maintenance |
      | bob | 16       | 78.9344 | 73.6        |
      commands
      | who   | command              | events |
      |       | wait 29s             |        |
      |       | oracle 91.5          | oracle 91.5, liquidating bob, accepted bob!, fill A 16@92, fill bob! 16@92 |
    `);
    expect(nextDueMs(scenario.exchange.state)).toBe(Number.POSITIVE_INFINITY);
    play(
      createScenario(),
      `
      ${LARGE}
      commands
      | who   | command              | events |
      | alice | buy 20@92 gtc as A   | accepted A, rested A 20@92 |
      |       | oracle 92            | oracle 92, liquidating bob, accepted bob!, fill A 4@92, fill bob! 4@92, cooldown bob |
      |       | wait 30s             |        |
      |       | oracle 91.5          | oracle 91.5, liquidating bob, accepted bob!, fill A 3.2@92, fill bob! 3.2@92, cooldown bob |
    `,
    );
  });

  test("at the bound and below it is closed whole; without bids no cooldown starts", () => {
    playScenario(`
      commands
      | who   | command              | events |
      |       | policy queue partial=460 | policy queue |
      |       | oracle 100           | oracle 100 |
      | alice | deposit 1000         | opened alice, deposited 1000 |
      | bob   | deposit 60           | opened bob, deposited 60 |
      | alice | sell 5@100 gtc as A  | accepted A, rested A 5@100 |
      | bob   | buy 5@100 ioc as B   | accepted B, fill A 5@100, fill B 5@100 |
      |       | oracle 92.5          | oracle 92.5, liquidating bob |
      | alice | buy 5@92 gtc as C    | accepted C, rested C 5@92 |
      |       | oracle 92            | oracle 92, liquidating bob, accepted bob!, fill C 5@92, fill bob! 5@92 |
    `);
  });
});

describe("the backstop", () => {
  test("takes positions and money over at mark once equity is below two thirds of maintenance", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who   | command                  | events |
      | dave  | deposit 500              | opened dave, deposited 500 |
      |       | policy queue backstop=dave loss=100 | policy queue |
      | alice | buy 9@91.08 gtc as A     | accepted A, rested A 9@91.08 |
      |       | oracle 91.09             | oracle 91.09, liquidating bob, accepted bob!, fill A 5@91.08, fill bob! 5@91.08 |
    `);
    // Two thirds of maintenance are 15.167 at 91, equity is 14.775.
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who   | command                  | events |
      | dave  | deposit 500              | opened dave, deposited 500 |
      |       | policy queue backstop=dave loss=100 | policy queue |
      | alice | buy 9@90.9 gtc as A      | accepted A, rested A 9@90.9 |
      | bob   | sell 1@120 gtc as B      | accepted B, rested B 1@120 |
      |       | oracle 91                | oracle 91, liquidating bob, canceled B liquidated, backstop dave! 5@91, backstop bob! 5@91, dave took over bob 14.775 |
      balances
      | who  | position | cash    | equity  | orders |
      | bob  | 0        | 0       | 0       | 0      |
      | dave | 5        | 514.775 | 514.775 | 0      |
    `);
  });

  test("takes nothing that it cannot carry, or below its floor: the book is asked instead", () => {
    const rows = (deposit: number, loss: number) => `
      ${BOB_LONG_5}
      commands
      | who   | command                  | events |
      | dave  | deposit ${deposit}       | opened dave, deposited ${deposit} |
      |       | policy queue backstop=dave loss=${loss} | policy queue |
    `;
    // 455 at 10x needs 45.5, and bob's 14.775 come with it.
    playScenario(`${rows(30, 30)}
      commands
      | who   | command                  | events |
      |       | oracle 91                | oracle 91, liquidating bob |
    `);
    playScenario(`${rows(31, 31)}
      commands
      | who   | command                  | events |
      |       | oracle 91                | oracle 91, liquidating bob, backstop dave! 5@91, backstop bob! 5@91, dave took over bob 14.775 |
    `);
    playScenario(`${rows(500, 100)}
      commands
      | who   | command                  | events |
      | dave  | withdraw 110             | withdrawn 110 |
      | carol | sell 2@95 gtc as C       | accepted C, rested C 2@95 |
      | dave  | buy 2@95 ioc as D        | accepted D, fill C 2@95, fill D 2@95 |
      |       | oracle 91                | oracle 91, liquidating bob, liquidating dave, adl alice! 2@91, adl dave! 2@91, deleveraged dave 2@91 0 |
    `);
  });

  test("a market's cap holds for it", () => {
    playScenario(
      `
      ${BOB_LONG_5}
      commands
      | who   | command                  | events |
      | dave  | deposit 5000             | opened dave, deposited 5000 |
      |       | policy queue backstop=dave | policy queue |
      | carol | sell 2@100 gtc as C      | accepted C, rested C 2@100 |
      | dave  | buy 2@100 ioc as D       | accepted D, fill C 2@100, fill D 2@100 |
      |       | oracle 91                | oracle 91, liquidating bob |
    `,
      [testSpec({ positionMax: 6_000 })],
    );
  });

  test("is liquidated like anybody and takes nothing over from itself", () => {
    playScenario(`
      commands
      | who   | command              | events |
      |       | oracle 100           | oracle 100 |
      | alice | deposit 1000         | opened alice, deposited 1000 |
      | dave  | deposit 60           | opened dave, deposited 60 |
      |       | policy queue backstop=dave | policy queue |
      | alice | sell 5@100 gtc as A  | accepted A, rested A 5@100 |
      | dave  | buy 5@100 ioc as D   | accepted D, fill A 5@100, fill D 5@100 |
      |       | oracle 91            | oracle 91, liquidating dave |
      |       | oracle 80            | oracle 80, liquidating dave, adl alice! 5@88.045, adl dave! 5@88.045, deleveraged dave 5@88.045 40.225 |
    `);
  });

  test("below its floor what it holds is closed at mark, and nobody pays for it", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who   | command                  | events |
      | dave  | deposit 500              | opened dave, deposited 500 |
      |       | policy queue backstop=dave loss=20 | policy queue |
      |       | oracle 91                | oracle 91, liquidating bob, backstop dave! 5@91, backstop bob! 5@91, dave took over bob 14.775 |
      |       | oracle 84.045            | oracle 84.045 |
      |       | oracle 84.044            | oracle 84.044, liquidating dave, adl alice! 5@84.044, adl dave! 5@84.044, deleveraged dave 5@84.044 0 |
      balances
      | who  | position | equity  |
      | dave | 0        | 479.995 |
      commands
      | who   | command                  | events |
      |       | oracle 80                | oracle 80 |
    `);
  });

  test("an account that nobody has cannot be appointed", () => {
    playScenario(`
      commands
      | who | command                    | events |
      |     | policy queue backstop=erin | refused accountUnknown |
      |     | policy sideways            | refused defaultPolicyInvalid |
      |     | policy queue loss=-1       | refused defaultPolicyInvalid |
      |     | insure 0                   | refused amountInvalid |
    `);
  });
});

describe("who pays what an account owes beyond its money", () => {
  test("the insurance account first, and the backstop takes the positions", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who   | command                  | events |
      | dave  | deposit 500              | opened dave, deposited 500 |
      |       | policy queue backstop=dave | policy queue |
      |       | insure 100               | insuranceFunded 100 |
      |       | oracle 80                | oracle 80, liquidating bob, deficitBooked 40.225, backstop dave! 5@80, backstop bob! 5@80, dave took over bob 0 |
      balances
      | who  | position | equity |
      | bob  | 0        | 0      |
      | dave | 5        | 500    |
      system
      | insurance | deposits |
      | 59.775    | 2660     |
    `);
  });

  test("without a backstop the other side is closed at mark", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who   | command    | events |
      |       | insure 100 | insuranceFunded 100 |
      |       | oracle 80  | oracle 80, liquidating bob, deficitBooked 40.225, adl alice! 5@80, adl bob! 5@80, deleveraged bob 5@80 0 |
      system
      | insurance |
      | 59.775    |
    `);
  });

  test("insurance pays to its last unit, the other side the rest: two prices a tick apart", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who   | command      | events |
      |       | insure 10.000001 | insuranceFunded 10.000001 |
      |       | oracle 80    | oracle 80, liquidating bob, deficitBooked 10.000001, adl alice! 4.999@86.045, adl bob! 4.999@86.045, adl alice! 0.001@86.044, adl bob! 0.001@86.044, deleveraged bob 5@86.045 30.224999 |
      balances
      | who   | position | cash        |
      | alice | 0        | 1069.700001 |
      | bob   | 0        | 0           |
      system
      | insurance |
      | 0         |
    `);
  });

  test("with no insurance the other side closes at the bankruptcy price", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who   | command    | events |
      |       | oracle 80  | oracle 80, liquidating bob, adl alice! 5@88.045, adl bob! 5@88.045, deleveraged bob 5@88.045 40.225 |
      balances
      | who   | position | cash   | equity |
      | bob   | 0        | 0      | 0      |
      | alice | 0        | 1059.7 | 1059.7 |
      system
      | insurance |
      | 0         |
    `);
  });

  test("a short that owes is closed below mark", () => {
    playScenario(`
      commands
      | who   | command              | events |
      |       | oracle 100           | oracle 100 |
      | alice | deposit 1000         | opened alice, deposited 1000 |
      | bob   | deposit 60           | opened bob, deposited 60 |
      | alice | buy 5@100 gtc as A   | accepted A, rested A 5@100 |
      | bob   | sell 5@100 ioc as B  | accepted B, fill A 5@100, fill B 5@100 |
      |       | oracle 120           | oracle 120, liquidating bob, adl alice! 5@111.955, adl bob! 5@111.955, deleveraged bob 5@111.955 40.225 |
    `);
  });

  test("a loss that nobody across can bear is the insurance account's, and stands there", () => {
    const scenario = createScenario([testSpec(), testSpec({ name: "ETH" })]);
    play(
      scenario,
      `
      commands
      | who   | command                |
      |       | oracle TST 100         |
      |       | oracle ETH 100         |
      | alice | deposit 150            |
      | bob   | deposit 60             |
      | carol | deposit 1000           |
      | alice | sell 5@100 gtc         |
      | bob   | buy 5@100 ioc          |
      | carol | sell 9@100 gtc on ETH  |
      | alice | buy 9@100 ioc on ETH   |
    `,
    );
    // alice wins 100 of bob and loses 450 to carol, who bears her 200.48; bob is closed against her at
    // mark, for she has nothing, and his 40.225 find nobody.
    const prices = [80_000, 50_000].map((px, market) => ({ market, px }));
    const events = scenario.exchange.run({ kind: "setOraclePrices", prices });
    expect(events.map((event) => describeEvent(scenario, event)).slice(2)).toEqual([
      "liquidating alice",
      "adl carol! 5@72.276",
      "adl alice! 5@72.276",
      "adl carol! 4@72.275",
      "adl alice! 4@72.275",
      "deleveraged alice 9@72.276 200.48",
      "adl bob! 5@80",
      "adl alice! 5@80",
      "deleveraged alice 5@80 0",
      "deficitBooked 40.225",
    ]);
  });

  test("what a flat account owes by its own doing is the insurance account's", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who   | command              | events |
      | carol | buy 5@80 gtc as C    | accepted C, rested C 5@80 |
      | bob   | sell 5@80 ioc as B   | accepted B, fill C 5@80, fill B 5@80, deficitBooked 40.405 |
      system
      | insurance |
      | -40.405   |
    `);
  });

  test("a deficit over several positions falls to those that lost, by their losses", () => {
    const scenario = createScenario([
      testSpec(),
      testSpec({ name: "ETH" }),
      testSpec({ name: "SOL" }),
    ]);
    play(
      scenario,
      `
      commands
      | who   | command                    |
      |       | oracle TST 100             |
      |       | oracle ETH 100             |
      |       | oracle SOL 100             |
      | alice | deposit 1000               |
      | bob   | deposit 100                |
      | alice | sell 3@100 gtc             |
      | alice | sell 3@100 gtc on ETH      |
      | alice | sell 3@100 gtc on SOL      |
      | bob   | buy 3@100 ioc              |
      | bob   | buy 3@100 ioc on ETH       |
      | bob   | buy 3@100 ioc on SOL       |
    `,
    );
    // Cash 99.595; losses 90 and 30, a gain of 6: 14.405 are owed, three quarters of it for TST.
    scenario.exchange.run({
      kind: "setOraclePrices",
      prices: [
        { market: 0, px: 70_000 },
        { market: 1, px: 90_000 },
        { market: 2, px: 102_000 },
      ],
    });
    const { log } = scenario.exchange;
    const closed = log.filter((event) => event.kind === "deleveraged");
    expect(
      closed.map(({ market, amount }) => [market, amount]).sort(([a = 0], [b = 0]) => a - b),
    ).toEqual([
      [0, 10_803_750],
      [1, 3_601_250],
      [2, 0],
    ]);
    expect(scenario.exchange.summary("bob")).toMatchObject({ equity: 0, positions: [] });
  });
});

describe("who is deleveraged", () => {
  /**
   * bob is long 3 at 100 and owes 2.635 at 89. Short are ann 2 at 110, amy 2 at 100 with much money
   * and abe 2 at 100 with little; zed holds the other side of what is not bob's.
   */
  const short = (policy: string) =>
    playScenario(`
      commands
      | who | command             |
      |     | policy ${policy}    |
      |     | oracle 110          |
      | ann | deposit 1000        |
      | amy | deposit 1000        |
      | abe | deposit 40          |
      | zed | deposit 1000        |
      | bob | deposit 30.5        |
      | ann | sell 2@110 gtc      |
      | zed | buy 2@110 ioc       |
      |     | oracle 100          |
      | amy | sell 2@100 gtc      |
      | abe | sell 2@100 gtc      |
      | zed | buy 1@100 ioc       |
      | bob | buy 3@100 ioc       |
    `);

  const closed = (scenario: Scenario) =>
    perform(scenario, "", "oracle 89").map((event) => describeEvent(scenario, event));

  test("in the queue the one with most profit and leverage, then the next, as far as it must go", () => {
    const scenario = short("queue");
    // abe 100/89 x 178/62, ann 110/89 x 178/1042, amy 100/89 x 178/1022.
    expect(closed(scenario)).toEqual([
      "oracle 89",
      "liquidating bob",
      "adl abe! 1@89.879",
      "adl bob! 1@89.879",
      "adl abe! 1@89.878",
      "adl bob! 1@89.878",
      "adl ann! 1@89.878",
      "adl bob! 1@89.878",
      "deleveraged bob 3@89.879 2.635",
    ]);
    expect(scenario.exchange.summary("bob")).toMatchObject({ cash: 0, equity: 0, positions: [] });
  });

  test("pro rata everybody in profit, by the same part, the first pay the odd units", () => {
    const scenario = short("proRata");
    expect(closed(scenario)).toEqual([
      "oracle 89",
      "liquidating bob",
      "adl abe! 1@89.879",
      "adl bob! 1@89.879",
      "adl ann! 1@89.878",
      "adl bob! 1@89.878",
      "adl amy! 1@89.878",
      "adl bob! 1@89.878",
      "deleveraged bob 3@89.879 2.635",
    ]);
  });

  test("equal scores: the larger position, then the lower address, whoever came first", () => {
    const names = ["ann", "amy", "abe", "ava"];
    for (const order of [names, names.toReversed(), ["abe", "ava", "ann", "amy"]]) {
      const rows = order.flatMap((name) => [
        `| ${name} | deposit 1000 |`,
        `| ${name} | sell 2@100 gtc |`,
        "| zed | buy 2@100 ioc |",
      ]);
      const scenario = playScenario(`
        commands
        | who | command       |
        |     | oracle 100    |
        | zed | deposit 1000  |
        | bob | deposit 30.5  |
        ${rows.join("\n")}
        | zed | sell 3@100 gtc |
        | bob | buy 3@100 ioc |
      `);
      const victims = closed(scenario).filter((text) => text.startsWith("adl a"));
      expect(victims).toEqual(["adl abe! 1@89.879", "adl abe! 1@89.878", "adl amy! 1@89.878"]);
    }
  });
});
