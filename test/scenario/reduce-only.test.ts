import { describe, test } from "vitest";
import { playScenario } from "../support/scenario.ts";

/** bob is long 5 at 100 and alice short 5; carol has money. */
const BOB_LONG_5 = `
  commands
  | who   | command              |
  |       | oracle 100           |
  | alice | deposit 1000         |
  | bob   | deposit 1000         |
  | carol | deposit 1000         |
  | alice | sell 5@100 gtc       |
  | bob   | buy 5@100 ioc        |
`;

describe("reduce-only [USDC, coins]", () => {
  test("without a position, or on the position's own side, it is refused", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who   | command               | events |
      | bob   | buy 1@99 gtc ro       | rejected reduceOnlyIncreases |
      | carol | sell 1@101 gtc ro     | rejected reduceOnlyIncreases |
      | carol | sell 0@101 ioc ro     | rejected reduceOnlyIncreases |
      | alice | sell 1@101 gtc ro     | rejected reduceOnlyIncreases |
    `);
  });

  test("a resting one is capped to the position", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who   | command               | events |
      | bob   | sell 8@110 gtc ro as R | accepted R, rested R 5@110 |
      book
      | side | px  | sz | order |
      | ask  | 110 | 5  | R     |
    `);
  });

  test("an immediate one fills at most the position and never flips it", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who   | command               | events |
      | carol | buy 10@99 gtc as C    | accepted C, rested C 10@99 |
      | bob   | sell 8@99 ioc ro as R | accepted R, fill C 5@99, fill R 5@99 |
      book
      | side | px | sz | order |
      | bid  | 99 | 5  | C     |
      balances
      | who | position | cash    |
      | bob | 0        | 994.55225 |
    `);
  });

  test("size zero means the whole position", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who   | command               | events |
      | carol | buy 10@99 gtc as C    | accepted C, rested C 10@99 |
      | bob   | sell 0@99 ioc ro as R | accepted R, fill C 5@99, fill R 5@99 |
      | alice | buy 0@120 gtc as Z    | rejected szZero |
      | alice | buy 0@90 gtc ro as R2 | accepted R2, rested R2 5@90 |
    `);
  });

  test("a resting one shrinks with the position and ends with it", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who   | command                 | events |
      | bob   | sell 5@110 gtc ro as R  | accepted R, rested R 5@110 |
      | carol | buy 10@99 gtc as C      | accepted C, rested C 10@99 |
      | bob   | sell 2@99 ioc as S      | accepted S, fill C 2@99, fill S 2@99, reduced R 3 |
      book
      | side | px  | sz | order |
      | bid  | 99  | 8  | C     |
      | ask  | 110 | 3  | R     |
      commands
      | who   | command                 | events |
      | bob   | sell 3@99 ioc as S2     | accepted S2, fill C 3@99, fill S2 3@99, canceled R reduceOnly |
      book
      | side | px | sz | order |
      | bid  | 99 | 5  | C     |
    `);
  });

  test("a flip ends the resting reduce-only orders of the old side", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who   | command                 | events |
      | bob   | sell 5@110 gtc ro as R  | accepted R, rested R 5@110 |
      | carol | buy 10@99 gtc as C      | accepted C, rested C 10@99 |
      | bob   | sell 8@99 ioc as S      | accepted S, fill C 8@99, fill S 8@99, canceled R reduceOnly |
      balances
      | who | position | orders |
      | bob | -3       | 0      |
    `);
  });

  test("of several that exceed the position together the older ones are canceled", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who   | command                  | events |
      | bob   | sell 3@110 gtc ro as R1  | accepted R1, rested R1 3@110 |
      | bob   | sell 2@111 gtc ro as R2  | accepted R2, rested R2 2@111 |
      | bob   | sell 3@109 gtc ro as R3  | accepted R3, rested R3 3@109, canceled R1 reduceOnly |
      book
      | side | px  | sz | order |
      | ask  | 109 | 3  | R3    |
      | ask  | 111 | 2  | R2    |
      commands
      | who   | command                  | events |
      | carol | buy 10@99 gtc as C       | accepted C, rested C 10@99 |
      | bob   | sell 1@99 ioc as S       | accepted S, fill C 1@99, fill S 1@99, canceled R2 reduceOnly |
      | bob   | sell 2@99 ioc as S2      | accepted S2, fill C 2@99, fill S2 2@99, reduced R3 2 |
    `);
  });

  test("a resting one that is matched reduces the other resting ones too", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who   | command                  | events |
      | bob   | sell 2@101 gtc ro as R1  | accepted R1, rested R1 2@101 |
      | bob   | sell 3@102 gtc ro as R2  | accepted R2, rested R2 3@102 |
      | carol | buy 2@101 ioc as C       | accepted C, fill R1 2@101, fill C 2@101 |
      | carol | buy 1@102 ioc as C2      | accepted C2, fill R2 1@102, fill C2 1@102 |
      book
      | side | px  | sz | order |
      | ask  | 102 | 2  | R2    |
    `);
  });

  test("one taker may sweep several: the position never flips", () => {
    playScenario(`
      ${BOB_LONG_5}
      commands
      | who   | command                  | events |
      | bob   | sell 5@102 gtc ro as R   | accepted R, rested R 5@102 |
      | bob   | sell 4@101 gtc as N      | accepted N, rested N 4@101 |
      | carol | buy 9@102 ioc as C       | accepted C, fill N 4@101, fill C 4@101, reduced R 1, fill R 1@102, fill C 1@102, canceled C iocRemainder |
      balances
      | who | position |
      | bob | 0        |
    `);
  });

  test("it needs no margin: an account without free margin may reduce", () => {
    playScenario(`
      commands
      | who   | command                 | events |
      |       | oracle 100              | oracle 100 |
      | alice | deposit 1000            | opened alice, deposited 1000 |
      | bob   | deposit 50.5            | opened bob, deposited 50.5 |
      | alice | sell 5@100 gtc as A     | accepted A, rested A 5@100 |
      | bob   | buy 5@100 ioc as B      | accepted B, fill A 5@100, fill B 5@100 |
      |       | oracle 96               | oracle 96 |
      | bob   | buy 0.2@90 gtc          | rejected marginInsufficient |
      | bob   | sell 2@97 gtc as R1     | accepted R1, rested R1 2@97 |
      | bob   | sell 2@98 gtc ro as R2  | accepted R2, rested R2 2@98 |
      | alice | buy 4@98 ioc as C       | accepted C, fill R1 2@97, fill C 2@97, fill R2 2@98, fill C 2@98 |
      balances
      | who | position |
      | bob | 1        |
    `);
  });
});
