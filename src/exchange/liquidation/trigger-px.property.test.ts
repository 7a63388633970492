/** A trigger is the last price within the loss, by exact arithmetic, up to the caps of markets. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MARKET_NOTIONAL_BOUND } from "../../base/instrument-spec.ts";
import { type TierTable, tierTable } from "../../base/margin-tiers.ts";
import { TICKS_BOUND } from "../../base/units.ts";
import { highestBearablePx, lowestBearablePx, valueLessMaintenance } from "./trigger-px.ts";

const PX_MAX = TICKS_BOUND - 1;

/** The definition, in BigInt. */
function plainValue(size: number, px: number, { from, divisor }: TierTable): bigint {
  const [s, p] = [BigInt(size), BigInt(px)];
  const notional = (s < 0n ? -s : s) * p;
  let maintenance = 0n;
  from.forEach((start, n) => {
    const end = from[n + 1] === undefined ? notional : BigInt(from[n + 1] as number);
    const part = (end < notional ? end : notional) - BigInt(start);
    const d = BigInt(divisor[n] as number);
    if (part > 0n) maintenance += (part + d - 1n) / d;
  });
  return s * p - maintenance;
}

const position = fc
  .record({
    pxMax: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: PX_MAX })),
    pxShare: fc.double({ min: 0, max: 1, noNaN: true }),
    sizeShare: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })),
    maxLeverage: fc.constantFrom(1, 2, 3, 10, 40, 100),
    bounds: fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { maxLength: 3 }),
    lossShare: fc.oneof(
      fc.constantFrom(0, 1e-15, 1),
      fc.double({ min: 0, max: 1.2, noNaN: true }),
      fc.double({ min: 0, max: 0.01, noNaN: true }),
    ),
    lossMore: fc.nat(3),
  })
  .map(({ pxMax, pxShare, sizeShare, maxLeverage, bounds, lossShare, lossMore }) => {
    const px = Math.max(1, Math.floor(pxMax * pxShare));
    const size = Math.max(1, Math.floor(sizeShare * Math.floor(MARKET_NOTIONAL_BOUND / pxMax)));
    const loss = Math.floor(size * px * lossShare) + lossMore;
    // Tiers that begin around the position's notional, below it and above.
    const starts = [...new Set(bounds.map((part) => Math.floor(size * px * part) + 1))]
      .sort((a, b) => a - b)
      .slice(0, maxLeverage - 1);
    const tiers = tierTable([
      { lowerBound: 0, maxLeverage },
      ...starts.map((lowerBound, n) => ({
        lowerBound,
        maxLeverage: Math.max(1, Math.floor(maxLeverage / 2 ** (n + 1))),
      })),
    ]);
    return { pxMax, px, size, tiers, loss };
  });

describe("the price up to which a position loses no more than an amount", () => {
  test("value less maintenance is the formula, exactly", () => {
    fc.assert(
      fc.property(position, fc.boolean(), ({ px, size, tiers }, isLong) => {
        const signed = isLong ? size : -size;
        const value = valueLessMaintenance(signed, px, tiers);
        expect(Number.isSafeInteger(value)).toBe(true);
        expect(BigInt(value)).toBe(plainValue(signed, px, tiers));
      }),
      { numRuns: 2_000 },
    );
  });

  test("of a long: bearable at it, not one tick below", () => {
    fc.assert(
      fc.property(position, (burden) => {
        const { px, size, tiers, loss } = burden;
        const lowest = lowestBearablePx(burden);
        const least = plainValue(size, px, tiers) - BigInt(loss);
        expect(lowest).toBeLessThanOrEqual(px);
        expect(plainValue(size, lowest, tiers) >= least).toBe(true);
        if (lowest > 0) expect(plainValue(size, lowest - 1, tiers) < least).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });

  test("of a short: bearable at it, not one tick above, short of the highest price", () => {
    fc.assert(
      fc.property(position, (burden) => {
        const { px, size, tiers, loss, pxMax } = burden;
        const highest = highestBearablePx({ ...burden, size: -size });
        const least = plainValue(-size, px, tiers) - BigInt(loss);
        expect(highest).toBeGreaterThanOrEqual(px);
        expect(highest).toBeLessThanOrEqual(pxMax);
        expect(plainValue(-size, highest, tiers) >= least).toBe(true);
        if (highest < pxMax) expect(plainValue(-size, highest + 1, tiers) < least).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });
});
