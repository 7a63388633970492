import { describe, expect, test } from "vitest";
import { play, playScenario } from "../support/scenario.ts";
import { testSpec } from "../support/test-exchange.ts";

/** Alice is long 3 at 100.001 on average, against bob; she has a sub-account, and carol is there. */
const HOLDS = `
  commands
  | who   | command                   | events |
  |       | oracle 100                | oracle 100 |
  | alice | deposit 1000              | opened alice, deposited 1000 |
  | bob   | deposit 1000              | opened bob, deposited 1000 |
  | carol | deposit 1000              | opened carol, deposited 1000 |
  | alice | sub one                   | opened one, sub one |
  | bob   | sell 1@100 gtc as S       | accepted S, rested S 1@100 |
  | bob   | sell 1@100.001 gtc as T   | accepted T, rested T 1@100.001 |
  | bob   | sell 1@100.003 gtc as U   | accepted U, rested U 1@100.003 |
  | alice | buy 3@101 ioc as A        | accepted A, fill S 1@100, fill A 1@100, fill T 1@100.001, fill A 1@100.001, fill U 1@100.003, fill A 1@100.003 |
  balances
  | who   | position | cost    |
  | alice | 3        | 300.004 |
`;

describe("positions split into sub-accounts and merged back [USDC, coins; 10x]", () => {
  test("size and cost basis go along, truncated; the rest is the giver's, and together nothing is lost", () => {
    playScenario(`${HOLDS}
      commands
      | who   | command              | events |
      | alice | give one 100         | transferred -100, transferred 100 |
      | alice | split one 0.001      | moved -0.001, moved 0.001 |
      balances
      | who   | position | cost       | cash     |
      | alice | 2.999    | 299.903999 | 899.864999 |
      | one   | 0.001    | 0.100001   | 100      |
      commands
      | who   | command              | events |
      | alice | split one 1.999      | moved -1.999, moved 1.999 |
      balances
      | who   | position | cost       |
      | alice | 1        | 100.001334 |
      | one   | 2        | 200.002666 |
      commands
      | who   | command              | events |
      | alice | merge one 2          | moved -2, moved 2 |
      balances
      | who   | position | cost    | cash     |
      | alice | 3        | 300.004 | 899.864999 |
      | one   | 0        | 0       | 100      |
      system
      | fees     | deposits | withdrawals |
      | 0.180001 | 3000     | 0           |
    `);
  });

  test("unrealised PnL comes along, money may; nothing is realised and no fee is paid", () => {
    playScenario(`${HOLDS}
      commands
      | who   | command                   | events |
      |       | oracle 110                | oracle 110 |
      balances
      | who   | equity     | cash       |
      | alice | 1029.860999 | 999.864999  |
      | one   | 0          | 0          |
      commands
      | who   | command                   | events |
      | alice | split one 1.5 usd=20      | moved -1.5, moved 1.5, transferred -20, transferred 20 |
      balances
      | who   | equity     | cash      | position | volume  |
      | alice | 994.862999  | 979.864999 | 1.5      | 300.004 |
      | one   | 34.998     | 20        | 1.5      | 0       |
      commands
      | who   | command                   | events |
      | alice | merge one 1.5 usd=34      | refused giverUncovered |
      | alice | merge one 1.5 usd=20      | moved -1.5, moved 1.5, transferred -20, transferred 20 |
      balances
      | who   | equity     | cash      | position |
      | alice | 1029.860999 | 999.864999 | 3        |
      | one   | 0          | 0         | 0        |
    `);
  });

  test("what cannot be moved: no position, too much, an opposite one, somebody else's account", () => {
    playScenario(`${HOLDS}
      commands
      | who       | command                 | events |
      | alice     | give one 100            | transferred -100, transferred 100 |
      | alice     | split one 3.001         | refused moveSzInvalid |
      | alice     | split one 0             | refused moveSzInvalid |
      | alice     | split one -1            | refused moveSzInvalid |
      | alice     | merge one 1             | refused moveSzInvalid |
      | alice     | split one 1 on 7        | refused marketUnknown |
      | bob       | split one 1             | refused vaultUnknown |
      | alice     | split bob 1             | refused vaultUnknown |
      | bob       | buy 1@99 gtc as B       | accepted B, rested B 1@99 |
      | alice/one | sell 1@99 ioc as O      | accepted O, fill B 1@99, fill O 1@99 |
      | alice     | split one 1             | refused moveOpposite |
      | alice     | merge one 1             | refused moveOpposite |
    `);
  });

  test("both sides must hold the margin of what they have then, open orders included", () => {
    playScenario(`${HOLDS}
      commands
      | who       | command                | events |
      | alice     | split one 1            | refused takerUncovered |
      | alice     | split one 1 usd=9.998  | refused takerUncovered |
      | alice     | split one 1 usd=10.002 | moved -1, moved 1, transferred -10.002, transferred 10.002 |
      | alice     | sell 80@100 gtc as B   | accepted B, rested B 80@100 |
      | alice     | split one 2 usd=190    | refused giverUncovered |
      | alice     | merge one 1 usd=0.003  | moved -1, moved 1, transferred -0.003, transferred 0.003 |
      balances
      | who   | position | cash    |
      | one   | 0        | 9.999   |
    `);
  });

  test("what an account must leave behind is the tenth that withdrawals leave, unless it loses no leverage", () => {
    playScenario(
      `
      commands
      | who   | command                | events |
      |       | oracle 100             | oracle 100 |
      | alice | deposit 106            | opened alice, deposited 106 |
      | bob   | deposit 100000         | opened bob, deposited 100000 |
      | alice | sub one                | opened one, sub one |
      | bob   | sell 20@100 gtc as S   | accepted S, rested S 20@100 |
      | alice | buy 20@100 ioc as A    | accepted A, fill S 20@100, fill A 20@100 |
      balances
      | who   | equity | initial | withdrawable |
      | alice | 105.1  | 100     | 0            |
      commands
      | who   | command                   | events |
      | alice | give one 1                | refused subTransferUncovered |
      | alice | split one 10 usd=52.56    | refused giverUncovered |
      | alice | split one 10 usd=52.55    | moved -10, moved 10, transferred -52.55, transferred 52.55 |
      balances
      | who   | equity | initial |
      | alice | 52.55  | 50      |
      | one   | 52.55  | 50      |
    `,
      [testSpec({ maxLeverage: 20 })],
    );
  });

  test("reduce-only orders of the giver follow what is left of its position", () => {
    playScenario(`${HOLDS}
      commands
      | who   | command                        | events |
      | alice | give one 100                   | transferred -100, transferred 100 |
      | alice | sell 3@120 gtc ro as R         | accepted R, rested R 3@120 |
      | alice | sell 0@90 ioc ro stop=90 tied as W | waiting W |
      | alice | split one 2                    | moved -2, moved 2, reduced R 1 |
      | alice | split one 1                    | moved -1, moved 1, canceled W reduceOnly, canceled R reduceOnly |
    `);
  });

  test("the receiver's cap and tier bound what it can be given", () => {
    const scenario = playScenario(
      `
      commands
      | who       | command                 | events |
      |           | oracle 100              | oracle 100 |
      | alice     | deposit 1000            | opened alice, deposited 1000 |
      | bob       | deposit 100000          | opened bob, deposited 100000 |
      | alice     | sub one                 | opened one, sub one |
      | bob       | sell 9@100 gtc as S     | accepted S, rested S 9@100 |
      | alice     | buy 9@100 ioc as A      | accepted A, fill S 9@100, fill A 9@100 |
      | alice     | give one 500            | transferred -500, transferred 500 |
      | alice/one | buy 2@99 gtc as O       | accepted O, rested O 2@99 |
      | alice     | split one 8.001         | refused moveTooLarge |
      | alice     | split one 1             | moved -1, moved 1 |
      |           | tiers 5x@600            | tiers 5x@600 |
    `,
      [testSpec({ positionMax: 10_000 })],
    );
    play(
      scenario,
      `
      commands
      | who       | command                 | events |
      | alice     | split one 3.03          | refused moveTooLarge |
      | alice     | split one 3             | moved -3, moved 3 |
    `,
    );
  });
});

describe("positions offered to others [USDC, coins; 10x]", () => {
  test("the receiver takes the offer by its own signature; money may go either way with it", () => {
    playScenario(`${HOLDS}
      commands
      | who   | command                     | events |
      |       | oracle 110                  | oracle 110 |
      | alice | offer carol 1 usd=-9.999 as O | offered 1 |
      | carol | accept O                    | offer accepted, moved -1, moved 1, transferred -9.999, transferred 9.999 |
      balances
      | who   | position | cost       | cash       | equity     |
      | alice | 2        | 200.002667 | 1009.863999 | 1029.861332 |
      | carol | 1        | 100.001333 | 990.001    | 999.999667 |
      commands
      | who   | command                     | events |
      | carol | accept O                    | refused offerUnknown |
    `);
  });

  test("nobody else can take it; either side ends it; its time ends it", () => {
    playScenario(`${HOLDS}
      commands
      | who   | command                   | events |
      | alice | offer carol 1 as O        | offered 1 |
      | bob   | accept O                  | refused offerUnknown |
      | alice | accept O                  | refused offerUnknown |
      | bob   | drop O                    | refused offerUnknown |
      | carol | drop O                    | offer declined |
      | carol | accept O                  | refused offerUnknown |
      | alice | offer carol 1 as P        | offered 1 |
      | alice | drop P                    | offer withdrawn |
      | alice | offer carol 1 for=5 as Q  | offered 1 |
      |       | wait 5s                   | |
      | carol | accept Q                  | refused offerExpired |
      | alice | offer carol 2 for=5 as R  | offer expired, offered 2 |
      | carol | accept Q                  | refused offerUnknown |
      |       | wait 4999ms               | |
      | carol | accept R                  | offer accepted, moved -2, moved 2 |
    `);
  });

  test("an offer is void once the position has another entry price or is smaller", () => {
    playScenario(`${HOLDS}
      commands
      | who   | command                   | events |
      | alice | offer carol 1 as O        | offered 1 |
      | bob   | sell 1@105 gtc as X       | accepted X, rested X 1@105 |
      | alice | buy 1@105 ioc as Y        | accepted Y, fill X 1@105, fill Y 1@105 |
      | carol | accept O                  | refused offerChanged |
      | alice | offer carol 4 as P        | offered 4 |
      | alice | split one 1 usd=50        | moved -1, moved 1, transferred -50, transferred 50 |
      | carol | accept P                  | refused offerChanged |
      | carol | drop P                    | offer declined |
    `);
  });

  test("both must hold their margin when it is taken, and only the master keys sign", () => {
    playScenario(`${HOLDS}
      commands
      | who       | command                     | events |
      | alice     | agent bot                   | agentApproved |
      | bot       | offer carol 1               | refused masterKeyRequired |
      | alice     | offer carol 3 usd=970 as O  | offered 3 |
      | carol     | agent cat                   | agentApproved |
      | cat       | accept O                    | refused masterKeyRequired |
      | carol     | withdraw 1000               | withdrawn 1000 |
      | alice     | offer carol 3 as P          | offered 3 |
      | carol     | accept P                    | refused takerUncovered |
      | carol     | accept O                    | offer accepted, moved -3, moved 3, transferred -970, transferred 970 |
      balances
      | who   | position | cash     |
      | alice | 0        | 29.864999 |
      | carol | 3        | 970      |
    `);
  });

  test("a sub-account makes and takes offers by its master", () => {
    playScenario(`${HOLDS}
      commands
      | who       | command                  | events |
      | alice     | split one 2 usd=100      | moved -2, moved 2, transferred -100, transferred 100 |
      | alice/one | offer carol 1 as O       | offered 1 |
      | alice     | drop O                   | refused offerUnknown |
      | carol     | accept O                 | offer accepted, moved -1, moved 1 |
      | carol     | offer one 1 as P         | offered 1 |
      | alice/one | accept P                 | offer accepted, moved -1, moved 1 |
      balances
      | who   | position |
      | one   | 2        |
      | carol | 0        |
    `);
  });

  test("what is no offer", () => {
    const scenario = playScenario(`${HOLDS}
      commands
      | who   | command                     | events |
      | alice | offer alice 1               | refused transferToSelf |
      | alice | offer dan 1                 | refused accountUnknown |
      | alice | offer carol 4               | refused moveSzInvalid |
      | carol | offer alice 1               | refused moveSzInvalid |
      | alice | offer carol 1 on 7          | refused marketUnknown |
      | alice | offer carol 1 for=0         | refused offerExpiryInvalid |
      | alice | offer carol 1 for=604800.001 | refused offerExpiryInvalid |
      | alice | offer bob 1 as O            | offered 1 |
      | bob   | accept O                    | refused moveOpposite |
      | bob   | drop O                      | offer declined |
    `);
    for (let n = 0; n < 20; n++)
      play(
        scenario,
        `
        commands
        | who   | command       | events |
        | alice | offer carol 1 | offered 1 |
      `,
      );
    play(
      scenario,
      `
      commands
      | who   | command       | events |
      | alice | offer carol 1 | refused tooManyOffers |
      |       | wait 60s      | |
    `,
    );
    const events = scenario.exchange.log.length;
    play(
      scenario,
      `
      commands
      | who   | command            |
      | alice | offer carol 1 as P |
      | carol | accept P           |
    `,
    );
    const kinds = scenario.exchange.log.slice(events).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "offerEnded")).toHaveLength(21);
  });
});
