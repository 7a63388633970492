import fc from "fast-check";
import { expect, test } from "vitest";
import {
  areTiersSound,
  type MarginTier,
  maintenanceOf,
  notionalMaxAt,
  tierTable,
} from "./margin-tiers.ts";

const USDC = 1_000_000;

/** Sound tiers: bounds rise by steps of any size, leverage falls. */
const tiers = fc
  .record({
    leverages: fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 8 }),
    steps: fc.array(
      fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 2 ** 45 })),
      {
        minLength: 8,
        maxLength: 8,
      },
    ),
  })
  .map(({ leverages, steps }): MarginTier[] => {
    let lowerBound = 0;
    return leverages
      .sort((a, b) => b - a)
      .map((maxLeverage, n) => {
        lowerBound += n === 0 ? 0 : (steps[n] as number);
        return { lowerBound, maxLeverage };
      });
  });
const share = fc.double({ min: 0, max: 1.5, noNaN: true });

test("maintenance is within a unit a tier of rate x notional - deduction, never below it, exactly continuous", () => {
  fc.assert(
    fc.property(tiers, share, fc.integer({ min: -2, max: 2 }), (list, part, near) => {
      expect(areTiersSound(list)).toBe(true);
      const table = tierTable(list);
      const top = (list.at(-1) as MarginTier).lowerBound;
      const bounds = list.map(({ lowerBound }) => lowerBound + near);
      for (const notional of [Math.floor(top * part), ...bounds.filter((bound) => bound >= 0)]) {
        // Rates over a common denominator, so that the deduction is a whole number.
        const common = list.reduce((all, { maxLeverage }) => all * BigInt(2 * maxLeverage), 1n);
        let deduction = 0n;
        let rate = common / BigInt(2 * (list[0] as MarginTier).maxLeverage);
        for (const { lowerBound, maxLeverage } of list.slice(1)) {
          if (notional < lowerBound) break;
          const next = common / BigInt(2 * maxLeverage);
          deduction += BigInt(lowerBound) * (next - rate);
          rate = next;
        }
        const exact = BigInt(notional) * rate - deduction;
        const got = BigInt(maintenanceOf(table, notional)) * common;
        expect(got >= exact).toBe(true);
        expect(got - exact < common * BigInt(list.length)).toBe(true);
        const step = maintenanceOf(table, notional + 1) - maintenanceOf(table, notional);
        expect(step === 0 || step === 1).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
});

test("the venue's example: 40x, and 20x above 150 million USDC [10^-6 USDC]", () => {
  const table = tierTable([
    { lowerBound: 0, maxLeverage: 40 },
    { lowerBound: 150_000_000 * USDC, maxLeverage: 20 },
  ]);
  expect(maintenanceOf(table, 100_000_000 * USDC)).toBe(1_250_000 * USDC);
  expect(maintenanceOf(table, 150_000_000 * USDC)).toBe(1_875_000 * USDC);
  // 200M x 2.5 % - 150M x (2.5 % - 1.25 %).
  expect(maintenanceOf(table, 200_000_000 * USDC)).toBe(3_125_000 * USDC);
  expect(notionalMaxAt(table, 40)).toBe(150_000_000 * USDC);
  expect(notionalMaxAt(table, 21)).toBe(150_000_000 * USDC);
  expect(notionalMaxAt(table, 20)).toBe(Number.POSITIVE_INFINITY);
});

test("tiers that do not begin at 0, rise, or lower leverage are not sound", () => {
  const first = { lowerBound: 0, maxLeverage: 10 };
  const bad: MarginTier[][] = [
    [],
    [{ lowerBound: 1, maxLeverage: 10 }],
    [first, { lowerBound: 0, maxLeverage: 5 }],
    [first, { lowerBound: 5, maxLeverage: 10 }],
    [first, { lowerBound: 5, maxLeverage: 0 }],
    [first, { lowerBound: 5.5, maxLeverage: 5 }],
    [first, { lowerBound: Number.NaN, maxLeverage: 5 }],
    Array.from({ length: 9 }, (_, n) => ({ lowerBound: n, maxLeverage: 20 - n })),
  ];
  for (const list of bad) expect(areTiersSound(list)).toBe(false);
});
