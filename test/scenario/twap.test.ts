/** Time-weighted orders: slices each half minute, what they catch up with, and how they end. */
import { describe, expect, test } from "vitest";
import { nextDueMs } from "../../src/exchange/apply.ts";
import type { ExchangeEvent } from "../../src/exchange/event-codec.ts";
import { stateHash } from "../../src/exchange/state-hash.ts";
import { createScenario, perform, play, playScenario, type Scenario } from "../support/scenario.ts";

const OPEN = `
  commands
  | who   | command              |
  |       | oracle 100           |
  | bob   | deposit 10000        |
  | carol | deposit 100000       |
`;

/** Lets time pass a half minute at a time, with a tick each; returns what happened in each. */
function pass(scenario: Scenario, halfMinutes: number): ExchangeEvent[][] {
  return Array.from({ length: halfMinutes }, () => {
    perform(scenario, "", "wait 30s");
    return perform(scenario, "", "tick");
  });
}
const slicesOf = (events: readonly ExchangeEvent[]): number[] =>
  events.flatMap((event) => (event.kind === "fill" && event.crossed ? [event.sz / 1_000] : []));

describe("slices [coins]", () => {
  test("ten of equal size in five minutes, the last of them on the end", () => {
    const scenario = playScenario(`
      ${OPEN}
      commands
      | who   | command               | events |
      | carol | sell 50@100 gtc as C  | accepted C, rested C 50@100 |
      | bob   | twap buy 20 for 5     | twap 1 runs |
      |       | wait 29999ms          | |
      |       | tick                  | |
      |       | wait 1ms              | |
      |       | tick                  | accepted bob!, fill C 2@100, fill bob! 2@100, twap 1 2 for 200 |
    `);
    const rounds = pass(scenario, 9);
    expect(rounds.map(slicesOf)).toEqual(Array(9).fill([2]));
    expect(rounds.at(-1)?.at(-1)).toMatchObject({ kind: "twapEnded", end: 1, executedSz: 20_000 });
    expect(pass(scenario, 3).flat()).toEqual([]);
    expect(scenario.exchange.summary("bob").positions).toMatchObject([{ size: 20_000 }]);
  });

  test("a size that does not divide comes out exactly", () => {
    const scenario = playScenario(`
      ${OPEN}
      commands
      | who   | command                |
      | carol | sell 50@100 gtc as C   |
      | bob   | twap buy 10.007 for 5  |
    `);
    const slices = pass(scenario, 10).map(slicesOf);
    expect(slices.flat().reduce((sum, sz) => sum + Math.round(sz * 1_000), 0)).toBe(10_007);
    expect(slices.every(([sz]) => sz === 1 || sz === 1.001)).toBe(true);
  });

  test("what found nothing is caught up with, threefold at most; what is left at the end is not filled", () => {
    const scenario = playScenario(`
      ${OPEN}
      commands
      | who   | command            |
      | bob   | twap buy 20 for 5  |
    `);
    expect(pass(scenario, 5).flatMap(slicesOf)).toEqual([]);
    play(
      scenario,
      `
      commands
      | who   | command                 |
      | carol | sell 14@102.9 gtc as C  |
    `,
    );
    expect(pass(scenario, 5).map(slicesOf)).toEqual([[6], [6], [2], [], []]);
    const last = scenario.exchange.log.at(-1);
    expect(last).toMatchObject({ kind: "twapEnded", end: 1, executedSz: 14_000 });
  });

  test("none trades more than 3 % beyond mark", () => {
    const scenario = playScenario(`
      ${OPEN}
      commands
      | who   | command                  |
      | carol | sell 50@103.001 gtc as C |
      | bob   | twap buy 20 for 5        |
    `);
    expect(pass(scenario, 2).flat()).toEqual([]);
    play(
      scenario,
      `
      commands
      | who   | command        |
      |       | oracle 100.002 |
    `,
    );
    expect(pass(scenario, 1).map(slicesOf)).toEqual([[6]]);
  });

  test("a late tick sends one slice for all that were due", () => {
    const scenario = playScenario(`
      ${OPEN}
      commands
      | who   | command               |
      | carol | sell 50@100 gtc as C  |
      | bob   | twap buy 20 for 5     |
    `);
    const { exchange } = scenario;
    expect(nextDueMs(exchange.state)).toBe(exchange.timeMs + 30_000);
    perform(scenario, "", "wait 125s");
    expect(slicesOf(perform(scenario, "", "tick"))).toEqual([6]);
    expect(nextDueMs(exchange.state)).toBe(exchange.timeMs + 25_000);
  });

  test("that randomizes vary by a fifth and still come to the whole; the same commands draw the same", () => {
    const run = (): { slices: number[]; hash: string } => {
      const scenario = playScenario(`
        ${OPEN}
        commands
        | who   | command                     |
        | carol | sell 50@100 gtc as C        |
        | bob   | twap buy 20 for 5 random    |
      `);
      const slices = pass(scenario, 10).flatMap(slicesOf);
      return { slices, hash: stateHash(scenario.exchange.state) };
    };
    const { slices, hash } = run();
    expect(run()).toEqual({ slices, hash });
    expect(new Set(slices).size).toBeGreaterThan(3);
    expect(slices.reduce((sum, sz) => sum + Math.round(sz * 1_000), 0)).toBe(20_000);
    expect(slices[0]).toBeGreaterThanOrEqual(1.6);
    expect(slices[0]).toBeLessThanOrEqual(2.4);
  });
});

test("slices wait while the market takes cancels alone, or orders that only add liquidity", () => {
  const scenario = playScenario(`
    ${OPEN}
    commands
    | who   | command               | events |
    | carol | sell 50@100 gtc as C  | accepted C, rested C 50@100 |
    | bob   | twap buy 20 for 5     | twap 1 runs |
  `);
  perform(scenario, "", "market postOnly");
  expect(pass(scenario, 2).flatMap(slicesOf)).toEqual([]);
  perform(scenario, "", "market cancelOnly");
  expect(pass(scenario, 1).flatMap(slicesOf)).toEqual([]);
  perform(scenario, "", "market open");
  expect(pass(scenario, 1).map(slicesOf)).toEqual([[6]]);
});

describe("ends", () => {
  test("its account ends it; others, other markets and a second time do not", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command            | events |
      | bob   | twap buy 20 for 5  | twap 1 runs |
      | bob   | twap sell 20 for 5 | twap 2 runs |
      | carol | untwap 1           | refused twapNotLive |
      | bob   | untwap 1           | twap 1 terminated |
      | bob   | untwap 1           | refused twapNotLive |
      | bob   | untwap 7           | refused twapNotLive |
    `);
  });

  test("a slice that is queued when it ends is not sent", () => {
    const scenario = playScenario(`
      ${OPEN}
      commands
      | who   | command              |
      | carol | sell 50@100 gtc as C |
    `);
    for (let n = 0; n < 70; n++) perform(scenario, "bob", "twap buy 1 for 5");
    perform(scenario, "", "wait 30s");
    const first = perform(scenario, "", "tick");
    expect(slicesOf(first)).toHaveLength(64);
    expect(scenario.exchange.run).toBeDefined();
    const second = perform(scenario, "bob", "untwap 70");
    expect(slicesOf(second)).toHaveLength(6);
    expect(second.at(-1)).toMatchObject({ kind: "twapEnded", end: 2 });
  });

  test("one that only reduces is cut down to the position and ends with it", () => {
    const scenario = playScenario(`
      ${OPEN}
      commands
      | who   | command                 | events |
      | carol | sell 3@100 gtc as C     | accepted C, rested C 3@100 |
      | bob   | twap sell 20 for 5 ro   | refused twapReduceOnlyIncreases |
      | bob   | buy 3@100 ioc as B      | accepted B, fill C 3@100, fill B 3@100 |
      | bob   | twap buy 20 for 5 ro    | refused twapReduceOnlyIncreases |
      | bob   | twap sell 20 for 5 ro   | twap 1 runs |
      | carol | buy 50@100 gtc as D     | accepted D, rested D 50@100 |
    `);
    const rounds = pass(scenario, 3);
    expect(rounds.map(slicesOf)).toEqual([[2], [1], []]);
    expect(rounds[2]).toMatchObject([{ kind: "twapEnded", end: 4, executedSz: 3_000 }]);
  });

  test("one whose account cannot cover a slice ends with the reject", () => {
    const scenario = playScenario(`
      ${OPEN}
      commands
      | who   | command               |
      | carol | sell 900@100 gtc as C |
      | dan   | deposit 30            |
      | dan   | twap buy 20 for 5     |
    `);
    const said = pass(scenario, 3).flat();
    expect(said.at(-1)).toMatchObject({ kind: "twapEnded", end: 4, code: 214 });
  });

  test("at a stop price, from whichever side mark comes", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command                    | events |
      | bob   | twap buy 20 for 5 to=110   | twap 1 runs |
      | bob   | twap buy 20 for 5 to=90    | twap 2 runs |
      |       | oracle 109.999             | oracle 109.999 |
      |       | oracle 110                 | oracle 110, twap 1 stopped |
      |       | oracle 90                  | oracle 90, twap 2 stopped |
    `);
  });
});

describe("with a trigger price", () => {
  test("it waits, and its time counts from when the price has come", () => {
    const scenario = playScenario(`
      ${OPEN}
      commands
      | who   | command                            | events |
      | carol | sell 50@105 gtc as C               | accepted C, rested C 50@105 |
      | bob   | twap buy 20 for 5 from=105 over    | twap 1 waits |
      | bob   | twap buy 20 for 5 from=95          | twap 2 waits |
      | bob   | twap buy 20 for 5 from=99 over to=101 | twap 3 runs |
      |       | wait 60s                           | |
      |       | oracle 105                         | oracle 105, twap 1 runs, twap 3 stopped |
      | bob   | untwap 2                           | twap 2 terminated |
    `);
    expect(pass(scenario, 2).map(slicesOf)).toEqual([[2], [2]]);
  });

  test("it can be ended while it waits", () => {
    playScenario(`
      ${OPEN}
      commands
      | who | command                     | events |
      | bob | twap buy 20 for 5 from=95   | twap 1 waits |
      | bob | untwap 1                    | twap 1 terminated |
      |     | oracle 95                   | oracle 95 |
    `);
  });
});

describe("refusals", () => {
  test.each([
    ["twap buy 20 for 5 unknown", "marketUnknown"],
    ["twap buy invalid for 5", "szInvalid"],
    ["twap buy 0 for 5", "szZero"],
    ["twap buy 60000 for 5", "szTooLarge"],
    ["twap buy 20 for 4", "twapDurationInvalid"],
    ["twap buy 20 for 10081", "twapDurationInvalid"],
    ["twap buy 0.999 for 5", "twapTooSmall"],
    ["twap buy 20 for 5 ro", "twapReduceOnlyIncreases"],
    ["twap buy 20 for 5 from=offTick", "pxOffTick"],
    ["twap buy 20 for 5 from=20000", "triggerPxBad"],
    ["twap buy 20 for 5 to=invalid", "triggerPxBad"],
  ])("%s: %s", (command, code) => {
    playScenario(`
      ${OPEN}
      commands
      | who | command    | events |
      | bob | ${command} | refused ${code} |
    `);
  });

  test("before the first oracle price", () => {
    const scenario = createScenario();
    perform(scenario, "bob", "deposit 1000");
    expect(perform(scenario, "bob", "twap buy 20 for 5")).toMatchObject([{ code: 206 }]);
  });
});
