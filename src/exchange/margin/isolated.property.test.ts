/**
 * What isolated margin promises, over random trades, prices with gaps, funding and movements of margin
 * on a market of isolated margin alone: there, an account's cash is what its positions cannot touch.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addressOf,
  createTestExchange,
  type TestExchange,
  testSpec,
} from "../../../test/support/test-exchange.ts";
import { BUY, SELL, type Side } from "../../base/side.ts";
import { TIF } from "../../base/time-in-force.ts";
import { VENUE_FUNDING } from "../funding/funding-terms.ts";
import { accountSummary } from "../query.ts";

const NAMES = ["a", "b", "c"] as const;
const name = fc.constantFrom(...NAMES);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("order" as const),
      name,
      side: fc.constantFrom<Side>(BUY, SELL),
      offset: fc.integer({ min: -80, max: 80 }),
      lots: fc.integer({ min: 100, max: 9_000 }),
      tif: fc.constantFrom(TIF.gtc, TIF.ioc),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("price" as const),
      permille: fc.integer({ min: 600, max: 1_500 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("margin" as const),
      name,
      amount: fc.integer({ min: -3e7, max: 3e7 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("leverage" as const),
      name,
      leverage: fc.integer({ min: 2, max: 20 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("hour" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

function create(): TestExchange {
  const exchange = createTestExchange({
    markets: [testSpec({ maxLeverage: 20, marginMode: "noCross" })],
    invariantsEvery: 4,
  });
  exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: 100_000 }] });
  const markets = [{ market: 0, impactNotional: 1_000_000 }];
  exchange.run({
    kind: "setFunding",
    ...VENUE_FUNDING,
    cap: 10 ** 11,
    interest: 10 ** 11,
    clamp: 10 ** 11,
    markets,
  });
  for (const one of NAMES) exchange.fund(one, 300);
  return exchange;
}

/** Does a step; the price that the market stands at is carried along [ticks]. */
function take(exchange: TestExchange, one: Step, px: number): number {
  const signer = "name" in one ? addressOf(one.name) : addressOf("a");
  if (one.kind === "order") {
    const limit = Math.max(1, Math.round(px * (1 + one.offset / 1_000)));
    const orders = [{ market: 0, side: one.side, px: limit, sz: one.lots, tif: one.tif }];
    exchange.run({ kind: "placeOrders", signer, orders });
  } else if (one.kind === "price") {
    const moved = Math.min(1_000_000, Math.max(10_000, Math.round((px * one.permille) / 1_000)));
    exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: moved }] });
    return moved;
  } else if (one.kind === "margin") {
    exchange.run({ kind: "updateIsolatedMargin", signer, market: 0, amount: one.amount });
  } else if (one.kind === "leverage") {
    const { leverage } = one;
    exchange.run({ kind: "updateLeverage", signer, market: 0, leverage, isCross: false });
  } else {
    exchange.timeMs += 3_600_000;
    exchange.run({ kind: "tick" });
  }
  return px;
}

test("cash is never negative and falls by what its owner puts in alone; a position never brings more than it has", () => {
  let opened = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), (steps) => {
      const exchange = create();
      const accounts = NAMES.map((one) => exchange.account(one));
      let px = 100_000;
      for (const one of steps) {
        const before = accounts.map((account) => accountSummary(exchange.state, account));
        const from = exchange.log.length;
        px = take(exchange, one, px);
        // Whose order rested may have opened a position against somebody's liquidation.
        const met = exchange.log
          .slice(from)
          .flatMap((event) => (event.kind === "fill" && !event.crossed ? [event.account] : []));
        accounts.forEach((account, i) => {
          const { cash, positions } = accountSummary(exchange.state, account);
          expect(cash).toBeGreaterThanOrEqual(0);
          opened += positions.length;
          // Prices and hours take nothing out of cash: only trades and movements of margin do.
          const isQuiet = one.kind === "price" || one.kind === "hour";
          if (isQuiet && !met.includes(account))
            expect(cash).toBeGreaterThanOrEqual(before[i]?.cash as number);
        });
      }
    }),
    { numRuns: 60 },
  );
  expect(opened).toBeGreaterThan(100);
});

test("funding is paid from the margin of the position and received into it", () => {
  const exchange = create();
  for (const [who, side] of [
    ["a", SELL],
    ["b", BUY],
  ] as const) {
    const orders = [{ market: 0, side, px: 100_000, sz: 5_000, tif: TIF.gtc }];
    exchange.run({ kind: "placeOrders", signer: addressOf(who), orders });
  }
  const before = [exchange.summary("a"), exchange.summary("b")];
  exchange.timeMs += 3_600_000;
  const paid = exchange.run({ kind: "tick" }).filter(({ kind }) => kind === "fundingPaid");
  const after = [exchange.summary("a"), exchange.summary("b")];
  // 500 USDC at 10 % / 8 of the interest.
  expect(paid.map((event) => event.kind === "fundingPaid" && event.amount)).toEqual([
    6_250_000, -6_250_000,
  ]);
  after.forEach(({ cash, positions }, i) => {
    expect(cash).toBe(before[i]?.cash);
    const moved = (positions[0]?.margin ?? 0) - (before[i]?.positions[0]?.margin ?? 0);
    expect(moved).toBe(i === 0 ? 6_250_000 : -6_250_000);
  });
});
