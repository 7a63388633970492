import { describe, expect, test } from "vitest";
import { createScenario, perform, play, playScenario } from "../support/scenario.ts";

const FUNDED = `
  commands
  | who   | command        |
  |       | oracle 100     |
  | alice | deposit 100000 |
  | bob   | deposit 100000 |
`;

describe("limits far from the index price [USDC, coins]", () => {
  test("80 % either way as on the venue, trigger orders from their own price; 0 switches it off", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command                     | events |
      | alice | buy 1@20 gtc as A           | accepted A, rested A 1@20 |
      | alice | buy 1@19.999 gtc            | rejected pxTooFar |
      | alice | sell 1@180 gtc as B         | accepted B, rested B 1@180 |
      | alice | sell 1@180.001 gtc          | rejected pxTooFar |
      | alice | sell 1@300 gtc ro           | rejected reduceOnlyIncreases |
      | alice | buy 1@300 gtc stop=290 as C | waiting C |
      | alice | buy 1@50 gtc stop=290       | rejected pxTooFar |
      |       | oracle 50                   | oracle 50 |
      | alice | sell 1@100 gtc              | rejected pxTooFar |
      |       | protect distance=0          | protection |
      | alice | sell 1@1000 gtc as D        | accepted D, rested D 1@1000 |
    `);
  });

  test("a band holds buys above and sells below, and leaves the other way alone", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command               | events |
      |       | protect band=50000000 | protection |
      | alice | buy 1@105.001 gtc     | rejected pxOutOfBand |
      | alice | buy 1@105 gtc as A    | accepted A, rested A 1@105 |
      | bob   | sell 1@94.999 ioc     | rejected pxOutOfBand |
      | bob   | sell 1@95 ioc as B    | accepted B, fill A 1@105, fill B 1@105 |
      | bob   | sell 1@150 gtc as C   | accepted C, rested C 1@150 |
      | alice | buy 1@60 gtc as D     | accepted D, rested D 1@60 |
    `);
  });
});

describe("the largest order [USDC, coins]", () => {
  test("by the market's leverage at market, ten times that with a limit", () => {
    playScenario(`
      commands
      | who   | command              | events |
      |       | oracle 100           | oracle 100 |
      | alice | deposit 100000000    | opened alice, deposited 100000000 |
      | bob   | deposit 100000000    | opened bob, deposited 100000000 |
      | bob   | sell 20000.001@90 ioc       | rejected iocNoMatch |
      | alice | buy 40000@100 gtc as A      | accepted A, rested A 40000@100 |
      | bob   | sell 20000.001@90 ioc       | rejected notionalTooLarge |
      |       | protect marketNotionalMax=1000000000 | protection |
      | bob   | sell 10.001@90 ioc          | rejected notionalTooLarge |
      | bob   | sell 10@90 ioc as B         | accepted B, fill A 10@100, fill B 10@100 |
      | bob   | sell 99@101 gtc as D        | accepted D, rested D 99@101 |
      | bob   | sell 99.02@101 gtc          | rejected notionalTooLarge |
    `);
  });
});

describe("a halted market [USDC, coins]", () => {
  test("takes cancels alone, then orders that only add, then opens by the clock", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command                | events |
      |       | protect postOnlyMs=5000 | protection |
      | alice | buy 1@99 gtc as A      | accepted A, rested A 1@99 |
      | alice | buy 1@98 gtc as B      | accepted B, rested B 1@98 |
      |       | market cancelOnly 10   | state cancelOnly |
      | bob   | sell 1@98 ioc          | rejected tradingHalted |
      | bob   | sell 1@101 alo         | rejected tradingHalted |
      | bob   | buy 1@120 ioc stop=110 | rejected tradingHalted |
      | alice | cancel A               | canceled A requested |
      |       | wait 10s               | |
      | bob   | sell 1@98 ioc          | state postOnly, rejected postOnlyPeriod |
      | bob   | sell 1@101 gtc         | rejected postOnlyPeriod |
      | bob   | sell 1@101 alo as C    | accepted C, rested C 1@101 |
      | bob   | sell 1@98 alo          | rejected aloWouldMatch |
      |       | wait 5s                | |
      |       | tick                   | state open |
      | bob   | sell 1@98 ioc as D     | accepted D, fill B 1@98, fill D 1@98 |
      |       | market postOnly        | state postOnly |
      |       | wait 9d                | |
      | bob   | sell 1@98 gtc          | rejected postOnlyPeriod |
      |       | market open            | state open |
    `);
  });

  test("by a move beyond its bound within the window, up or down, from the lowest or highest", () => {
    playScenario(`
      commands
      | who | command    | events |
      |     | protect moveMax=50000000 moveWindowMs=60000 cancelOnlyMs=10000 postOnlyMs=10000 | protection |
      |     | oracle 103 | oracle 103 |
      |     | wait 50s   | |
      |     | oracle 98  | oracle 98 |
      |     | wait 20s   | |
      |     | oracle 103 | oracle 103, state cancelOnly 98 to 103 |
      |     | wait 20s   | |
      |     | tick       | state postOnly, state open |
      |     | oracle 106 | oracle 106 |
      |     | wait 200s  | |
      |     | oracle 111 | oracle 111 |
      |     | wait 200s  | |
      |     | oracle 105 | oracle 105, state cancelOnly 111 to 105 |
    `);
  });

  test("a move that takes more than twice the window halts nothing", () => {
    const scenario = playScenario(FUNDED);
    perform(
      scenario,
      "",
      "protect moveMax=50000000 moveWindowMs=1000 cancelOnlyMs=1000 postOnlyMs=0",
    );
    for (let px = 100; px < 150; px++) {
      perform(scenario, "", "wait 1s");
      expect(perform(scenario, "", `oracle ${px}`)).toMatchObject([{ kind: "oracleMoved" }]);
    }
  });

  test("triggers wait, and fire when it opens if the price is still there", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command                     | events |
      | bob   | sell 5@100 gtc as S         | accepted S, rested S 5@100 |
      | alice | buy 1@120 ioc stop=105 as A | waiting A |
      | alice | buy 1@120 ioc stop=108 as B | waiting B |
      |       | market cancelOnly 10        | state cancelOnly |
      |       | oracle 110                  | oracle 110 |
      |       | oracle 106                  | oracle 106 |
      |       | wait 10s                    | |
      |       | tick                        | state open, triggered A, fill S 1@100, fill A 1@100 |
    `);
  });

  test("liquidations wait until it opens", () => {
    playScenario(`
      commands
      | who   | command              | events |
      |       | oracle 100           | oracle 100 |
      | alice | deposit 101          | opened alice, deposited 101 |
      | bob   | deposit 100000       | opened bob, deposited 100000 |
      | bob   | sell 10@100 gtc as S | accepted S, rested S 10@100 |
      | alice | buy 10@100 ioc as A  | accepted A, fill S 10@100, fill A 10@100 |
      | bob   | buy 20@94 gtc as B   | accepted B, rested B 20@94 |
      |       | market cancelOnly 10 | state cancelOnly |
      |       | oracle 94            | oracle 94 |
      |       | wait 9s              | |
      |       | tick                 | |
      |       | wait 1s              | |
      |       | tick                 | state open, liquidating alice, accepted alice!, fill B 10@94, fill alice! 10@94 |
    `);
  });
});

describe("an index price that is too old [USDC, coins]", () => {
  test("pauses liquidations and says so; trading goes on, and the next price resumes them", () => {
    const scenario = createScenario();
    play(
      scenario,
      `
      commands
      | who   | command              | events |
      |       | oracle 100           | oracle 100 |
      |       | protect staleMs=30000 | protection |
      | alice | deposit 101          | opened alice, deposited 101 |
      | bob   | deposit 100000       | opened bob, deposited 100000 |
      | bob   | sell 10@100 gtc as S | accepted S, rested S 10@100 |
      | alice | buy 10@100 ioc as A  | accepted A, fill S 10@100, fill A 10@100 |
      |       | oracle 95            | oracle 95 |
      |       | wait 29s             | |
      |       | tick                 | |
      |       | wait 1s              | |
      |       | tick                 | paused |
      | bob   | buy 20@94 gtc as B   | accepted B, rested B 20@94 |
      |       | wait 60s             | |
      |       | tick                 | |
      |       | oracle 94            | oracle 94, resumed, liquidating alice, accepted alice!, fill B 10@94, fill alice! 10@94 |
    `,
    );
  });

  test("who is under maintenance already waits as well", () => {
    playScenario(`
      commands
      | who   | command              | events |
      |       | oracle 100           | oracle 100 |
      |       | protect staleMs=30000 | protection |
      | alice | deposit 101          | opened alice, deposited 101 |
      | bob   | deposit 100000       | opened bob, deposited 100000 |
      | bob   | sell 10@100 gtc as S | accepted S, rested S 10@100 |
      | alice | buy 10@100 ioc as A  | accepted A, fill S 10@100, fill A 10@100 |
      |       | oracle 94            | oracle 94, liquidating alice |
      |       | wait 30s             | |
      | bob   | buy 20@94 gtc as B   | paused, accepted B, rested B 20@94 |
      |       | tick                 | |
      |       | protect staleMs=0    | protection, resumed |
      |       | tick                 | liquidating alice, accepted alice!, fill B 10@94, fill alice! 10@94 |
    `);
  });
});

describe("a cap of open interest [USDC]", () => {
  test("at the cap an order may close and not add; below it again, it may", () => {
    playScenario(`
      commands
      | who   | command                    | events |
      |       | oracle 100                 | oracle 100 |
      |       | protect openInterestMax=1000000000 | protection |
      | alice | deposit 100000             | opened alice, deposited 100000 |
      | bob   | deposit 100000             | opened bob, deposited 100000 |
      | bob   | sell 9@100 gtc as S        | accepted S, rested S 9@100 |
      | alice | buy 9@100 ioc as A         | accepted A, fill S 9@100, fill A 9@100 |
      | bob   | sell 1@100 gtc as T        | accepted T, rested T 1@100 |
      | alice | buy 1@100 ioc as B         | accepted B, fill T 1@100, fill B 1@100 |
      | alice | buy 1@99 gtc                | rejected openInterestCapped |
      | bob   | sell 1@101 gtc | rejected openInterestCapped |
      | alice | sell 1@101 gtc as D        | accepted D, rested D 1@101 |
      | bob   | buy 1@101 ioc as E         | accepted E, fill D 1@101, fill E 1@101 |
      | alice | buy 1@99 gtc as F          | accepted F, rested F 1@99 |
      |       | oracle 112                 | oracle 112 |
      | alice | buy 1@98 gtc | rejected openInterestCapped |
      |       | protect openInterestMax=0  | protection |
      | alice | buy 1@98 gtc as H          | accepted H, rested H 1@98 |
    `);
  });
});
