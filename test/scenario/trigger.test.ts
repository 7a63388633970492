/** Trigger orders: when they fire, what becomes of them then, and what ends them before. */
import { describe, expect, test } from "vitest";
import { createScenario, describeEvent, perform, play, playScenario } from "../support/scenario.ts";

/** bob is long 5 at 100 and alice short 5; carol quotes wide of the moves below. */
const OPEN = `
  commands
  | who   | command                  |
  |       | oracle 100               |
  | alice | deposit 1000             |
  | bob   | deposit 1000             |
  | carol | deposit 100000           |
  | alice | sell 5@100 gtc           |
  | bob   | buy 5@100 ioc            |
`;

interface Case {
  readonly position: "long" | "short";
  readonly kind: "stop" | "profit";
  /** Trigger, the last price at which nothing happens, one at it, and one far beyond. */
  readonly px: readonly [trigger: number, before: number, beyond: number];
}

const CASES: readonly Case[] = [
  { position: "long", kind: "stop", px: [95, 95.001, 80] },
  { position: "long", kind: "profit", px: [105, 104.999, 120] },
  { position: "short", kind: "stop", px: [105, 104.999, 120] },
  { position: "short", kind: "profit", px: [95, 95.001, 80] },
];

describe("stop and take-profit, long and short [USDC, coins]", () => {
  describe.each(CASES)(
    "$kind of a $position",
    ({ position, kind, px: [trigger, before, beyond] }) => {
      const who = position === "long" ? "bob" : "alice";
      const verb = position === "long" ? "sell" : "buy";
      const other = position === "long" ? "buy" : "sell";

      test.each([
        { move: "exactly to the trigger", to: trigger },
        { move: "over a gap", to: beyond },
      ])("at market, price moves $move", ({ to }) => {
        playScenario(`
        ${OPEN}
        commands
        | who   | command                                        | events |
        | ${who} | ${verb} 5@100 ioc ro ${kind}=${trigger} as T | waiting T |
        |       | oracle ${before}                               | oracle ${before} |
        | carol | ${other} 5@${to} gtc as C                      | accepted C, rested C 5@${to} |
        |       | oracle ${to}                                   | oracle ${to}, triggered T, fill C 5@${to}, fill T 5@${to} |
        |       | oracle ${before}                               | oracle ${before} |
        |       | oracle ${to}                                   | oracle ${to} |
        balances
        | who   | position | orders |
        | ${who} | 0        | 0      |
      `);
      });

      test("at limit, over a gap: it rests at its limit, or fills where that is better", () => {
        const limit = trigger;
        const isWorse = position === "long" ? beyond < limit : beyond > limit;
        playScenario(`
        ${OPEN}
        commands
        | who   | command                                            | events |
        | ${who} | ${verb} 5@${limit} gtc ro ${kind}=${trigger} as T | waiting T |
        | carol | ${other} 5@${beyond} gtc as C                      | accepted C, rested C 5@${beyond} |
        |       | oracle ${beyond}                                   | oracle ${beyond}, triggered T, ${
          isWorse ? `rested T 5@${limit}` : `fill C 5@${beyond}, fill T 5@${beyond}`
        } |
      `);
      });

      test("one that would fire at once is refused, at the price and beyond", () => {
        const scenario = playScenario(OPEN);
        for (const now of [trigger, beyond]) {
          perform(scenario, "", `oracle ${now}`);
          const events = perform(scenario, who, `${verb} 5@100 ioc ro ${kind}=${trigger}`);
          expect(events.map((event) => describeEvent(scenario, event))).toEqual([
            "rejected triggerPxBad",
          ]);
        }
      });
    },
  );
});

describe("trigger prices", () => {
  test.each([
    ["none", "invalid", "triggerPxBad"],
    ["above the market's cap", "10001", "triggerPxBad"],
    ["finer than the tick", "offTick", "pxOffTick"],
  ])("%s: refused", (_, px, code) => {
    playScenario(`
      ${OPEN}
      commands
      | who | command                 | events |
      | bob | buy 1@100 gtc stop=${px} | rejected ${code} |
    `);
  });
});

describe("orders that wait", () => {
  test("take no margin, and are checked for it when they fire", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command                        | events |
      | carol | sell 2000@110 gtc as C         | accepted C, rested C 2000@110 |
      | bob   | buy 1000@111 gtc stop=110 as T | waiting T |
      balances
      | who | position | orders | initial |
      | bob | 5        | 1      | 50      |
      commands
      | who | command    | events |
      |     | oracle 110 | oracle 110, triggered T, canceled T margin |
      balances
      | who | position | orders |
      | bob | 5        | 0      |
    `);
  });

  test("without reduce-only they open positions", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command                     | events |
      | carol | sell 10@110 gtc as C        | accepted C, rested C 10@110 |
      | bob   | buy 3@111 gtc stop=110 as T | waiting T |
      |       | oracle 110                  | oracle 110, triggered T, fill C 3@110, fill T 3@110 |
      balances
      | who | position |
      | bob | 8        |
    `);
  });

  test("at market with nothing to match within 10 % of mark they end", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command                           | events |
      | carol | buy 5@80.999 gtc as C             | accepted C, rested C 5@80.999 |
      | bob   | sell 5@100 ioc ro stop=90 as T    | waiting T |
      |       | oracle 90                         | oracle 90, triggered T, canceled T noLiquidity |
      balances
      | who | position | orders |
      | bob | 5        | 0      |
    `);
  });

  test("at market with too little to match keep what they got", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command                           | events |
      | carol | buy 2@89 gtc as C                 | accepted C, rested C 2@89 |
      | bob   | sell 5@100 ioc ro stop=90 as T    | waiting T |
      |       | oracle 90                         | oracle 90, triggered T, fill C 2@89, fill T 2@89, canceled T iocRemainder |
    `);
  });

  test("can be canceled by id and cloid, replaced, and end with all others", () => {
    playScenario(`
      ${OPEN}
      commands
      | who | command                                      | events |
      | bob | sell 5@90 gtc ro stop=95 as A cloid=1        | waiting A |
      | bob | sell 5@90 gtc ro stop=95 as B cloid=1        | rejected cloidDuplicate |
      | bob | cancel A                                     | canceled A requested |
      | bob | cancel A                                     | cancelRejected orderNotLive |
      | bob | sell 5@90 gtc ro stop=95 as B cloid=1        | waiting B |
      | bob | cancel cloid=1                               | canceled B requested |
      | bob | sell 5@90 gtc ro stop=95 as D                | waiting D |
      | bob | modify D to sell 4@90 ioc ro stop=94 as E    | canceled D modified, waiting E |
      | bob | schedule 6                                   | scheduled |
      |     | wait 6s                                      | |
      |     | tick                                         | fired bob, canceled E scheduled |
      |     | oracle 94                                    | oracle 94 |
    `);
  });

  test("those that only reduce need a position and end with it, whoever closes it", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command                            | events |
      | carol | sell 1@100 ioc ro stop=95          | rejected reduceOnlyIncreases |
      | bob   | buy 1@100 ioc ro stop=105          | rejected reduceOnlyIncreases |
      | bob   | sell 5@95 gtc ro stop=95 as S      | waiting S |
      | bob   | sell 9@105 gtc ro profit=105 as P  | waiting P |
      | carol | buy 8@99 gtc as C                  | accepted C, rested C 8@99 |
      | bob   | sell 3@99 ioc as X                 | accepted X, fill C 3@99, fill X 3@99 |
      | bob   | sell 2@99 ioc as Y                 | accepted Y, fill C 2@99, fill Y 2@99, canceled P reduceOnly, canceled S reduceOnly |
    `);
  });

  test("those that only reduce are cut down to the position when they fire", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command                            | events |
      | bob   | sell 9@94 gtc ro stop=95 as S      | waiting S |
      | carol | buy 3@99 gtc as C                  | accepted C, rested C 3@99 |
      | bob   | sell 3@99 ioc as X                 | accepted X, fill C 3@99, fill X 3@99 |
      |       | oracle 95                          | oracle 95, triggered S, rested S 2@94 |
    `);
  });

  test("one that rests stands behind those that rested before, and by its old id", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command                            | events |
      | bob   | sell 1@94 gtc ro stop=95 as S      | waiting S |
      | carol | sell 1@94 gtc as C                 | accepted C, rested C 1@94 |
      |       | oracle 95                          | oracle 95, triggered S, rested S 1@94 |
      book
      | side | px | sz | order |
      | ask  | 94 | 1  | C     |
      | ask  | 94 | 1  | S     |
      commands
      | bob   | cancel S                           | canceled S requested |
    `);
  });
});

describe("tied to a position", () => {
  const TIED = `
    ${OPEN}
    commands
    | who   | command                             | events |
    | bob   | sell 0@90 ioc ro stop=95 tied as S  | waiting S |
    | bob   | sell 0@105 gtc ro profit=105 tied as P | waiting P |
    | carol | buy 3@99 gtc as C                   | accepted C, rested C 3@99 |
    | carol | sell 4@101 gtc as D                 | accepted D, rested D 4@101 |
  `;

  test("of size zero it follows the position; when one fills the other ends", () => {
    playScenario(`
      ${TIED}
      commands
      | who   | command          | events |
      | bob   | buy 4@101 ioc as X | accepted X, fill D 4@101, fill X 4@101 |
      | carol | buy 9@94 gtc as E | accepted E, rested E 9@94 |
      |       | oracle 95        | oracle 95, triggered S, fill C 3@99, fill S 3@99, fill E 6@94, fill S 6@94, canceled P siblingFilled |
      balances
      | who | position | orders |
      | bob | 0        | 0      |
    `);
  });

  test("one that rests after it fired ends the other when it is filled whole", () => {
    playScenario(`
      ${TIED}
      commands
      | who   | command             | events |
      |       | oracle 105          | oracle 105, triggered P, rested P 5@105 |
      | carol | buy 2@105 ioc as E  | canceled D selfTrade, accepted E, fill P 2@105, fill E 2@105 |
      | carol | buy 3@105 ioc as F  | accepted F, fill P 3@105, fill F 3@105, canceled S siblingFilled |
    `);
  });

  test("all end with the position, whoever closes it", () => {
    playScenario(`
      ${TIED}
      commands
      | who   | command             | events |
      | carol | buy 2@98 gtc as E   | accepted E, rested E 2@98 |
      | bob   | sell 5@98 ioc as X  | accepted X, fill C 3@99, fill X 3@99, fill E 2@98, fill X 2@98, canceled P reduceOnly, canceled S reduceOnly |
    `);
  });

  test("it must only reduce, and needs a position", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command                        | events |
      | bob   | sell 1@90 ioc stop=95 tied     | rejected orderKindUnsupported |
      | carol | sell 0@90 ioc ro stop=95 tied  | rejected reduceOnlyIncreases |
    `);
  });
});

describe("many at once", () => {
  test("fire in the order in which the price passes them, then by age, bounded a command", () => {
    const scenario = createScenario();
    play(scenario, OPEN);
    play(
      scenario,
      `
      commands
      | who   | command                      | events |
      | carol | sell 1@94 gtc stop=95 as A   | waiting A |
      | carol | sell 1@97 gtc stop=98 as B   | waiting B |
      | carol | sell 1@94 gtc stop=95 as D   | waiting D |
      | carol | buy 1@60 gtc profit=97 as E  | waiting E |
      |       | oracle 90                    | oracle 90, triggered B, rested B 1@97, triggered E, rested E 1@60, triggered A, rested A 1@94, triggered D, rested D 1@94 |
      `,
    );
    for (let i = 0; i < 200; i++) perform(scenario, "carol", "buy 1@50 gtc profit=80");
    const fired: number[] = [];
    for (let round = 0; round < 6; round++) {
      const events = perform(scenario, "", round === 0 ? "oracle 80" : "tick");
      fired.push(events.filter(({ kind }) => kind === "orderTriggered").length);
    }
    expect(fired).toEqual([64, 64, 64, 8, 0, 0]);
  });

  test("one that waits for its turn fires though the price has turned, unless it is canceled", () => {
    const scenario = createScenario();
    play(scenario, OPEN);
    for (let i = 0; i < 130; i++) perform(scenario, "carol", `buy 1@50 gtc profit=80 as T${i}`);
    perform(scenario, "", "oracle 80");
    const said = ["cancel T129", "oracle 100", "tick"].flatMap((command) =>
      perform(scenario, command.startsWith("cancel") ? "carol" : "", command).map((event) =>
        describeEvent(scenario, event),
      ),
    );
    expect(said).toContain("canceled T129 requested");
    expect(said).toContain("triggered T128");
    expect(said).not.toContain("triggered T129");
    expect(scenario.exchange.summary("carol").openOrders).toBe(129);
  });
});
