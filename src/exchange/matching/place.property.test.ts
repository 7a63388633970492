/** Margin at its edge: the largest order that is let through leaves no debt of margin, one lot more is refused. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf, createTestExchange, testSpec } from "../../../test/support/test-exchange.ts";
import { BUY, SELL, type Side } from "../../base/side.ts";
import { TIF, type Tif } from "../../base/time-in-force.ts";
import { forkExchange } from "../state.ts";

type TestExchange = ReturnType<typeof createTestExchange>;

const MARK = 100_000;
const fork = ({ state }: TestExchange): TestExchange =>
  createTestExchange({ state: forkExchange(state), invariantsEvery: 1 });

function place(
  exchange: TestExchange,
  name: string,
  order: { side: Side; px: number; sz: number; tif: Tif; reduceOnly?: boolean },
) {
  // Forks count nonces afresh; a millisecond keeps them apart.
  exchange.timeMs += 1;
  const signer = addressOf(name);
  return exchange.run({ kind: "placeOrders", signer, orders: [{ market: 0, ...order }] });
}

const oracle = (exchange: TestExchange, px: number) =>
  exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px }] });

/** The taker holds `held` lots at mark; a whale quotes both sides `awayTicks` through mark. */
function arrange(options: {
  leverage: number;
  usdc: number;
  held: number;
  restingPx: number;
  side: Side;
}): TestExchange {
  const { leverage, usdc, held, restingPx, side } = options;
  const markets = [testSpec({ maxLeverage: leverage, notionalMin: 0 })];
  const exchange = createTestExchange({ markets, invariantsEvery: 1 });
  oracle(exchange, MARK);
  exchange.fund("whale", 100_000_000);
  exchange.fund("taker", usdc);
  if (held !== 0) {
    const [mine, whales] = held > 0 ? ([BUY, SELL] as const) : ([SELL, BUY] as const);
    place(exchange, "whale", { side: whales, px: MARK, sz: Math.abs(held), tif: TIF.gtc });
    place(exchange, "taker", { side: mine, px: MARK, sz: Math.abs(held), tif: TIF.ioc });
  }
  const opposite = side === BUY ? SELL : BUY;
  place(exchange, "whale", { side: opposite, px: restingPx, sz: 40_000_000, tif: TIF.gtc });
  return exchange;
}

/** Largest size for which `isTaken` holds, given that it does for none above `high`. */
function largest(high: number, isTaken: (sz: number) => boolean): number {
  let low = 0;
  let top = high;
  while (low < top) {
    const middle = Math.ceil((low + top) / 2);
    if (isTaken(middle)) low = middle;
    else top = middle - 1;
  }
  return low;
}

const situation = fc.record({
  leverage: fc.constantFrom(1, 3, 10, 20, 50),
  usdc: fc.integer({ min: 50, max: 5_000 }),
  held: fc.integer({ min: -200, max: 200 }),
  awayTicks: fc.integer({ min: -20_000, max: 20_000 }),
  slackTicks: fc.integer({ min: 0, max: 30_000 }),
  side: fc.constantFrom<Side>(BUY, SELL),
});

describe("margin at the edge [10^-6 USDC]", () => {
  test("the largest taker order leaves free margin of zero or more, the next size is refused", () => {
    fc.assert(
      fc.property(situation, ({ leverage, usdc, held, awayTicks, slackTicks, side }) => {
        const restingPx = MARK + awayTicks;
        const start = arrange({ leverage, usdc, held, restingPx, side });
        const px = side === BUY ? restingPx + slackTicks : Math.max(1, restingPx - slackTicks);
        const taken = (sz: number) => {
          const exchange = fork(start);
          const [first] = place(exchange, "taker", { side, px, sz, tif: TIF.ioc });
          return { exchange, isTaken: first?.kind === "orderAccepted" };
        };
        const high = Math.ceil((usdc * 1e6 * leverage * 4) / MARK) + 2 * Math.abs(held);
        const most = largest(high, (sz) => taken(sz).isTaken);
        expect(taken(high + 1).isTaken).toBe(false);
        if (most === 0) return;
        const { equity, initial, positions } = taken(most).exchange.summary("taker");
        const grew = Math.abs(positions[0]?.size ?? 0) > Math.abs(held);
        if (grew) expect(equity).toBeGreaterThanOrEqual(initial);
      }),
      { numRuns: 60 },
    );
  });

  test("a resting order is filled at most as far as it is covered when mark has moved", () => {
    const moves = fc.record({
      leverage: fc.constantFrom(3, 10, 20),
      usdc: fc.integer({ min: 100, max: 2_000 }),
      share: fc.integer({ min: 50, max: 100 }),
      markTo: fc.integer({ min: 85_000, max: 115_000 }),
      side: fc.constantFrom<Side>(BUY, SELL),
      lots: fc.integer({ min: 1, max: 400_000 }),
    });
    let covered = 0;
    let uncovered = 0;
    fc.assert(
      fc.property(moves, ({ leverage, usdc, share, markTo, side, lots }) => {
        const exchange = arrange({
          leverage,
          usdc,
          held: 0,
          restingPx: side === BUY ? MARK * 2 : 1,
          side,
        });
        const sz = Math.floor((usdc * 1e6 * leverage * share) / 100 / MARK);
        const rested = place(exchange, "taker", { side, px: MARK, sz, tif: TIF.gtc });
        expect(rested.at(-1)?.kind).toBe("orderRested");
        oracle(exchange, markTo);
        const opposite = side === BUY ? SELL : BUY;
        exchange.fund("other", 50_000_000);
        const events = place(exchange, "other", {
          side: opposite,
          px: MARK,
          sz: lots,
          tif: TIF.ioc,
        });
        if (events.some(({ kind }) => kind === "liquidationStarted")) return;
        const { equity, initial } = exchange.summary("taker");
        if (events.some(({ kind }) => kind === "fill")) {
          covered += 1;
          expect(equity).toBeGreaterThanOrEqual(initial);
        } else {
          uncovered += 1;
          expect(events).toMatchObject([{ kind: "orderCanceled", reason: 4 }, { code: 215 }]);
        }
      }),
      { numRuns: 150 },
    );
    expect(Math.min(covered, uncovered)).toBeGreaterThan(10);
  });
});
