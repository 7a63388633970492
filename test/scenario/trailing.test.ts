/** Trailing stops: what they follow, when they fire, and that a plain account of it agrees. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BUY, SELL, type Side } from "../../src/base/side.ts";
import { TIF } from "../../src/base/time-in-force.ts";
import { forkExchange } from "../../src/exchange/state.ts";
import { stateHash } from "../../src/exchange/state-hash.ts";
import { createScenario, perform, play, playScenario } from "../support/scenario.ts";
import { addressOf, createTestExchange, testSpec } from "../support/test-exchange.ts";

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

describe("one order [USDC, coins]", () => {
  test("of a long follows the highest mark price, in ticks and in bps, and fires where it turns", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command                          | events |
      | bob   | sell 3@100 ioc ro trail=5 as T   | waiting T |
      | bob   | sell 2@100 ioc ro trail=200bps as B | waiting B |
      |       | oracle 110                       | oracle 110 |
      |       | oracle 107.801                   | oracle 107.801 |
      | carol | buy 9@104 gtc as C               | accepted C, rested C 9@104 |
      |       | oracle 107.8                     | oracle 107.8, triggered B, fill C 2@104, fill B 2@104 |
      |       | oracle 105.001                   | oracle 105.001 |
      |       | oracle 105                       | oracle 105, triggered T, fill C 3@104, fill T 3@104 |
      |       | oracle 120                       | oracle 120 |
      |       | oracle 90                        | oracle 90 |
      balances
      | who | position | orders |
      | bob | 0        | 0      |
    `);
  });

  test("of a short follows the lowest, over a gap too", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command                          | events |
      | alice | buy 5@100 ioc ro trail=5 as T    | waiting T |
      |       | oracle 90                        | oracle 90 |
      |       | oracle 94.999                    | oracle 94.999 |
      | carol | sell 9@100 gtc as C              | accepted C, rested C 9@100 |
      |       | oracle 99                        | oracle 99, triggered T, fill C 5@100, fill T 5@100 |
    `);
  });

  test("begins to follow when it is placed: a better price before counts for nothing", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command                          | events |
      | bob   | sell 1@100 ioc ro trail=5 as A   | waiting A |
      |       | oracle 110                       | oracle 110 |
      |       | oracle 106                       | oracle 106 |
      | bob   | sell 1@100 ioc ro trail=5 as B   | waiting B |
      | carol | buy 9@99 gtc as C                | accepted C, rested C 9@99 |
      |       | oracle 104                       | oracle 104, triggered A, fill C 1@99, fill A 1@99 |
      |       | oracle 101                       | oracle 101, triggered B, fill C 1@99, fill B 1@99 |
    `);
  });

  test("ends with its position, is canceled and replaced like any order that waits", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command                                | events |
      | bob   | sell 5@100 ioc ro trail=5 as A cloid=1 | waiting A |
      | bob   | cancel cloid=1                         | canceled A requested |
      | bob   | sell 5@100 ioc ro trail=5 as B         | waiting B |
      | bob   | modify B to sell 5@100 ioc ro trail=7 as D | canceled B modified, waiting D |
      | carol | buy 5@99 gtc as C                      | accepted C, rested C 5@99 |
      | bob   | sell 5@99 ioc as X                     | accepted X, fill C 5@99, fill X 5@99, canceled D reduceOnly |
      |       | oracle 50                              | oracle 50 |
    `);
  });

  test("fires among stops that the same move fires in the order of their prices", () => {
    playScenario(`
      ${OPEN}
      commands
      | who   | command                        | events |
      | carol | buy 9@60 gtc as C              | accepted C, rested C 9@60 |
      | bob   | sell 1@90 gtc ro stop=94 as S  | waiting S |
      | bob   | sell 1@100 ioc ro trail=5 as T | waiting T |
      | bob   | sell 1@90 gtc ro stop=96 as U  | waiting U |
      |       | oracle 92                      | oracle 92, triggered U, rested U 1@90, triggered T, canceled T noLiquidity, triggered S, rested S 1@90 |
    `);
  });
});

describe("refusals", () => {
  test.each([
    ["sell 1@100 ioc ro trail=0", "triggerPxBad"],
    ["sell 1@100 ioc ro trail=invalid", "triggerPxBad"],
    ["sell 1@100 ioc ro trail=100", "triggerPxBad"],
    ["sell 1@100 ioc ro trail=10000bps", "triggerPxBad"],
    ["sell 1@100 ioc ro trail=0bps", "triggerPxBad"],
    ["buy 1@100 ioc trail=9950", "triggerPxBad"],
    ["sell 1@100 gtc ro trail=5", "orderKindUnsupported"],
    ["buy 1@100 ioc ro trail=5", "reduceOnlyIncreases"],
  ])("%s: %s", (command, code) => {
    playScenario(`
      ${OPEN}
      commands
      | who | command    | events |
      | bob | ${command} | rejected ${code} |
    `);
  });

  test("in an atomic batch", () => {
    const scenario = play(createScenario(), OPEN);
    const order = {
      market: 0,
      side: SELL,
      px: 1,
      sz: 1_000,
      tif: TIF.ioc,
      trigger: { px: 5_000, takeProfit: false, trail: "ticks" },
    } as const;
    const signer = addressOf("bob");
    const events = scenario.exchange.run({
      kind: "placeOrders",
      signer,
      orders: [order],
      atomic: true,
    });
    expect(events).toMatchObject([{ kind: "commandRejected", code: 111, b: 207 }]);
    expect(perform(scenario, "", "oracle 90").some(({ kind }) => kind === "orderTriggered")).toBe(
      false,
    );
  });
});

interface Plain {
  readonly oid: number;
  readonly side: Side;
  readonly offset: number;
  readonly bps: boolean;
  best: number;
}

const plainPx = ({ side, offset, bps, best }: Plain): number => {
  const away = Math.max(1, bps ? Math.trunc((best * offset) / 10_000) : offset);
  return side === SELL ? best - away : best + away;
};

test("whatever is placed, canceled and moved, the same fire at the same prices as by looking at each", () => {
  let fired = 0;
  const steps = fc.array(
    fc.record({
      roll: fc.integer({ min: 0, max: 99 }),
      offset: fc.integer({ min: 1, max: 400 }),
      move: fc.integer({ min: -300, max: 300 }),
    }),
    { minLength: 20, maxLength: 150 },
  );
  fc.assert(
    fc.property(steps, (script) => {
      const exchange = createTestExchange({ markets: [testSpec()], invariantsEvery: 7 });
      let mark = 100_000;
      const moveTo = (px: number) =>
        exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px }] });
      moveTo(mark);
      exchange.fund("bob", 1_000_000);
      const signer = addressOf("bob");
      let plain: Plain[] = [];
      for (const { roll, offset, move } of script) {
        if (roll < 55) {
          const side = roll % 2 === 0 ? SELL : BUY;
          const bps = roll % 3 === 0;
          const trail = bps ? "bps" : "ticks";
          const order = {
            market: 0,
            side,
            px: 1,
            sz: 1_000,
            tif: TIF.ioc,
            trigger: { px: bps ? 1 + (offset % 40) : offset, takeProfit: false, trail },
          } as const;
          const [event] = exchange.run({ kind: "placeOrders", signer, orders: [order] });
          expect(event?.kind).toBe("orderWaiting");
          const { oid } = event as { oid: number };
          plain.push({ oid, side, offset: order.trigger.px, bps, best: mark });
          continue;
        }
        if (roll < 65 && plain.length > 0) {
          const [gone] = plain.splice(offset % plain.length, 1) as [Plain];
          const cancels = [{ market: 0, oid: gone.oid }];
          expect(exchange.run({ kind: "cancelOrders", signer, cancels })).toMatchObject([
            { kind: "orderCanceled" },
          ]);
          continue;
        }
        mark = Math.max(50_000, mark + move);
        for (const one of plain)
          one.best = one.side === SELL ? Math.max(one.best, mark) : Math.min(one.best, mark);
        const due = plain.filter((one) =>
          one.side === SELL ? mark <= plainPx(one) : mark >= plainPx(one),
        );
        plain = plain.filter((one) => !due.includes(one));
        const events = [...moveTo(mark), ...exchange.drain()];
        const said = events.flatMap((event) =>
          event.kind === "orderTriggered" ? [[event.oid, event.trigger.px]] : [],
        );
        const wanted = due.map((one) => [one.oid, plainPx(one)]);
        expect(said.toSorted()).toEqual(wanted.toSorted());
        fired += due.length;
      }
      const copy = forkExchange(exchange.state);
      expect(stateHash(copy)).toBe(stateHash(exchange.state));
      const other = createTestExchange({ state: copy });
      for (const px of [mark + 150, mark - 150, mark + 5_000, mark - 5_000]) {
        other.timeMs = exchange.timeMs;
        const there = other.run({ kind: "setOraclePrices", prices: [{ market: 0, px }] });
        expect(there).toEqual(moveTo(px));
      }
      expect(stateHash(copy)).toBe(stateHash(exchange.state));
    }),
    { numRuns: 60 },
  );
  expect(fired).toBeGreaterThan(200);
});
