import { describe, expect, test } from "vitest";
import { TIF } from "../../src/base/time-in-force.ts";
import { hasQueuedWork, nextDueMs } from "../../src/exchange/apply.ts";
import { forkExchange } from "../../src/exchange/state.ts";
import { stateHash } from "../../src/exchange/state-hash.ts";
import { createScenario, play, playScenario } from "../support/scenario.ts";
import { addressOf, cloidOf, createTestExchange, testSpec } from "../support/test-exchange.ts";

const FUNDED = `
  commands
  | who   | command      |
  |       | oracle 100   |
  | alice | deposit 1000 |
  | bob   | deposit 1000 |
  | carol | deposit 1000 |
`;

describe("fill or kill [USDC, coins]", () => {
  test("it looks across several makers and levels, and fills whole or not at all", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command               | events                                                                                                 |
      | alice | sell 1@100 gtc as A1  | accepted A1, rested A1 1@100                                                                           |
      | bob   | sell 1@101 gtc as B1  | accepted B1, rested B1 1@101                                                                           |
      | alice | sell 1@102 gtc as A2  | accepted A2, rested A2 1@102                                                                           |
      | carol | buy 3@101 fok as C    | rejected fokUnfillable                                                                                 |
      | carol | buy 4@102 fok as C    | rejected fokUnfillable                                                                                 |
      | carol | buy 2.5@102 fok as C  | accepted C, fill A1 1@100, fill C 1@100, fill B1 1@101, fill C 1@101, fill A2 0.5@102, fill C 0.5@102 |
      book
      | side | px  | sz  | order |
      | ask  | 102 | 0.5 | A2    |
      balances
      | who   | position | orders |
      | carol | 2.5      | 0      |
    `);
  });

  test("nothing opposite, or nothing within the limit", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command              | events                       |
      | carol | buy 1@100 fok as C   | rejected fokUnfillable       |
      | alice | sell 1@101 gtc as A  | accepted A, rested A 1@101   |
      | carol | buy 1@100 fok as C   | rejected fokUnfillable       |
      | carol | sell 1@100 fok as C  | rejected fokUnfillable       |
    `);
  });

  test("own orders do not count, and stay when it fails; they leave when it meets them and fills", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command              | events                                                              |
      | carol | sell 1@100 gtc as C1 | accepted C1, rested C1 1@100                                        |
      | alice | sell 1@101 gtc as A  | accepted A, rested A 1@101                                          |
      | carol | buy 2@101 fok as C2  | rejected fokUnfillable                                              |
      | carol | buy 1@101 fok as C3  | canceled C1 selfTrade, accepted C3, fill A 1@101, fill C3 1@101     |
    `);
  });

  test("a maker whose margin fails at the match takes the rest down with it: all is as it was", () => {
    const scenario = playScenario(`
      commands
      | who   | command              | events                                       |
      |       | oracle 100           | oracle 100                                   |
      | carol | deposit 1000         | opened carol, deposited 1000                 |
      | alice | deposit 1000         | opened alice, deposited 1000                 |
      | poor  | deposit 11           | opened poor, deposited 11                    |
      | alice | sell 1@100 gtc as A  | accepted A, rested A 1@100                   |
      | poor  | sell 1@101 gtc cloid=4 as P | accepted P, rested P 1@101            |
      | alice | sell 1@102 gtc as A2 | accepted A2, rested A2 1@102                 |
      |       | oracle 108           | oracle 108                                   |
    `);
    const { state } = scenario.exchange;
    play(
      scenario,
      `
      commands
      | who   | command             | events                 |
      | carol | buy 3@102 fok as C  | rejected fokUnfillable |
      book
      | side | px  | sz | order |
      | ask  | 100 | 1  | A     |
      | ask  | 101 | 1  | P     |
      | ask  | 102 | 1  | A2    |
      balances
      | who   | position | orders | cash |
      | carol | 0        | 0      | 1000 |
      | poor  | 0        | 1      | 11   |
      commands
      | who   | command             | events                                                                                                       |
      | carol | buy 3@102 ioc as D  | accepted D, fill A 1@100, fill D 1@100, canceled P margin, fill A2 1@102, fill D 1@102, canceled D iocRemainder |
    `,
    );
    expect(stateHash(forkExchange(state))).toBe(stateHash(state));
  });

  test("what a maker cannot cover leaves when the order fills without it, and stays when it does not", () => {
    playScenario(`
      commands
      | who   | command              | events                                       |
      |       | oracle 100           | oracle 100                                   |
      | carol | deposit 1000         | opened carol, deposited 1000                 |
      | poor  | deposit 21           | opened poor, deposited 21                    |
      | poor  | sell 1@100 gtc as P1 | accepted P1, rested P1 1@100                 |
      | poor  | sell 1@101 gtc as P2 | accepted P2, rested P2 1@101                 |
      |       | oracle 104           | oracle 104                                   |
      | carol | buy 2@101 fok as C   | rejected fokUnfillable                       |
      | carol | buy 1@101 fok as C   | canceled P1 margin, accepted C, fill P2 1@101, fill C 1@101 |
    `);
  });

  test("a reduce-only order must find its whole size in the position", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command               | events                                                       |
      | alice | sell 2@100 gtc as A   | accepted A, rested A 2@100                                   |
      | carol | buy 2@100 ioc as C    | accepted C, fill A 2@100, fill C 2@100                       |
      | bob   | buy 5@100 gtc as B    | accepted B, rested B 5@100                                   |
      | carol | sell 3@100 fok ro as D | rejected fokUnfillable                                      |
      | carol | sell 0@100 fok ro as E | accepted E, fill B 2@100, fill E 2@100                      |
    `);
  });

  test("a maker's reduce-only order that its own fill before takes away does not count", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command                | events                                     |
      | alice | sell 1@100 gtc as A    | accepted A, rested A 1@100                 |
      | bob   | buy 1@100 gtc as B     | accepted B, fill A 1@100, fill B 1@100     |
      | bob   | sell 1@101 gtc as B1   | accepted B1, rested B1 1@101               |
      | bob   | sell 1@102 gtc ro as B2 | accepted B2, rested B2 1@102              |
      | carol | buy 2@102 fok as C     | rejected fokUnfillable                     |
      book
      | side | px  | sz | order |
      | ask  | 101 | 1  | B1    |
      | ask  | 102 | 1  | B2    |
    `);
  });

  test("a small buy out of a large balance passes: it asks for its notional, not the other way about", () => {
    playScenario(`
      commands
      | who   | command                  | events                                   |
      |       | oracle 6.27              | oracle 6.27                              |
      | alice | deposit 1000             | opened alice, deposited 1000             |
      | alice | buy 2@6.27 gtc as A      | accepted A, rested A 2@6.27              |
      | alice | buy 2@6.27 fok as B      | rejected fokUnfillable                   |
    `);
  });
});

describe("good till time [s]", () => {
  test("it leaves when its time has come, before anything can match it, oldest time first", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command                       | events                                                         |
      | alice | sell 1@100 gtc for=5 cloid=1 as A | accepted A, rested A 1@100                                 |
      | bob   | sell 1@100 gtc for=3 as B     | accepted B, rested B 1@100                                     |
      | alice | sell 1@101 alo for=3 as A2    | accepted A2, rested A2 1@101                                   |
      | alice | wait 2999ms                   |                                                                |
      |       | tick                          |                                                                |
      | alice | wait 1ms                      |                                                                |
      | carol | buy 1@102 gtc as C            | canceled B expired, canceled A2 expired, accepted C, fill A 1@100, fill C 1@100 |
    `);
  });

  test("what remains after a fill leaves too, a replacement stays good as long, or as it says, a cancel comes first", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command                        | events                                                       |
      | alice | sell 2@100 gtc for=5 as A      | accepted A, rested A 2@100                                   |
      | carol | buy 1@100 ioc as C             | accepted C, fill A 1@100, fill C 1@100                       |
      | bob   | sell 1@101 gtc for=5 as B      | accepted B, rested B 1@101                                   |
      | bob   | modify B to sell 1@101 gtc as D | canceled B modified, accepted D, rested D 1@101             |
      | bob   | sell 1@103 gtc for=5 as E      | accepted E, rested E 1@103                                   |
      | bob   | cancel E                       | canceled E requested                                         |
      | bob   | sell 1@104 gtc for=4 as F      | accepted F, rested F 1@104                                   |
      | bob   | modify F to buy 1@90 gtc for=1 as G | canceled F modified, accepted G, rested G 1@90          |
      |       | wait 5s                        |                                                              |
      |       | tick                           | canceled G expired, canceled A expired, canceled D expired   |
      balances
      | who | position | orders |
      | bob | 0        | 0      |
    `);
  });

  test("a time that has come is refused; an immediate order needs no more than a time ahead", () => {
    playScenario(`
      ${FUNDED}
      commands
      | who   | command                      | events                                  |
      | alice | sell 1@100 gtc for=0 as A    | rejected orderExpired                   |
      | alice | sell 1@100 gtc for=-1 as A   | rejected orderExpired                   |
      | alice | sell 1@100 gtc for=0.001 as A | accepted A, rested A 1@100             |
      | bob   | buy 1@100 ioc for=0 as B     | rejected orderExpired                   |
      | bob   | buy 1@100 fok for=1 as B     | accepted B, fill A 1@100, fill B 1@100  |
      |       | wait 9s                      |                                         |
      |       | tick                         |                                         |
    `);
  });

  test("more than one command's share: ticks are due at once, and nobody meets the ones that wait", () => {
    const exchange = createTestExchange({ markets: [testSpec()] });
    exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: 100_000 }] });
    exchange.fund("maker", 100_000);
    exchange.fund("taker", 100_000);
    const expiresAtMs = exchange.timeMs + 1_000_000;
    for (let i = 0; i < 150; i++) {
      const order = { market: 0, side: 1, px: 100_000 + i, sz: 1_000, tif: TIF.gtc } as const;
      const orders = [{ ...order, expiresAtMs, cloid: cloidOf(i) }];
      exchange.run({ kind: "placeOrders", signer: addressOf("maker"), orders });
    }
    expect(nextDueMs(exchange.state)).toBe(expiresAtMs);
    const fork = createTestExchange({ state: forkExchange(exchange.state) });
    const bid = { market: 0, side: 0, px: 200_000, sz: 1_000 } as const;
    for (const one of [exchange, fork]) {
      one.timeMs = expiresAtMs;
      const gone = one.run({ kind: "tick" });
      expect(gone.map(({ kind }) => kind)).toEqual(new Array(64).fill("orderCanceled"));
      expect(hasQueuedWork(one.state)).toBe(true);
      const ioc = [{ ...bid, tif: TIF.ioc }];
      const events = one.run({ kind: "placeOrders", signer: addressOf("taker"), orders: ioc });
      expect(events.filter(({ kind }) => kind === "fill")).toEqual([]);
      expect(events.at(-1)).toMatchObject({ kind: "orderRejected" });
      expect(one.summary("maker").openOrders).toBe(0);
      expect(hasQueuedWork(one.state)).toBe(false);
      expect(nextDueMs(one.state)).toBe(Number.POSITIVE_INFINITY);
    }
    expect(stateHash(fork.state)).toBe(stateHash(exchange.state));
  });
});

describe("add liquidity only, with slide [USDC]", () => {
  test("it rests a tick from what it would have met, its own orders included", () => {
    play(
      createScenario(),
      `
      ${FUNDED}
      commands
      | who   | command                  | events                         |
      | alice | sell 1@100 gtc as A      | accepted A, rested A 1@100     |
      | bob   | buy 1@101 alo as B       | rejected aloWouldMatch         |
      | bob   | buy 1@101 alo slide as B | accepted B, rested B 1@99.999  |
      | bob   | buy 1@90 alo slide as C  | accepted C, rested C 1@90      |
      | carol | sell 1@95 alo slide as D | accepted D, rested D 1@100     |
      | alice | buy 1@100 alo slide as E | accepted E, rested E 1@99.999  |
    `,
    );
  });
});
