/** A trigger is the last price within the loss, by exact arithmetic, up to the caps of markets. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MARKET_NOTIONAL_BOUND } from "../../base/instrument-spec.ts";
import { TICKS_BOUND } from "../../base/units.ts";
import { highestBearablePx, lowestBearablePx, valueLessMaintenance } from "./trigger-px.ts";

const PX_MAX = TICKS_BOUND - 1;

/** The definition, in BigInt. */
function plainValue(size: number, px: number, divisor: number): bigint {
  const [s, p, d] = [BigInt(size), BigInt(px), BigInt(divisor)];
  const notional = (s < 0n ? -s : s) * p;
  return s * p - (notional + d - 1n) / d;
}

const position = fc
  .record({
    pxMax: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: PX_MAX })),
    pxShare: fc.double({ min: 0, max: 1, noNaN: true }),
    sizeShare: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })),
    maxLeverage: fc.constantFrom(1, 2, 3, 10, 40, 100),
    lossShare: fc.oneof(
      fc.constantFrom(0, 1e-15, 1),
      fc.double({ min: 0, max: 1.2, noNaN: true }),
      fc.double({ min: 0, max: 0.01, noNaN: true }),
    ),
    lossMore: fc.nat(3),
  })
  .map(({ pxMax, pxShare, sizeShare, maxLeverage, lossShare, lossMore }) => {
    const px = Math.max(1, Math.floor(pxMax * pxShare));
    const size = Math.max(1, Math.floor(sizeShare * Math.floor(MARKET_NOTIONAL_BOUND / pxMax)));
    const loss = Math.floor(size * px * lossShare) + lossMore;
    return { pxMax, px, size, divisor: 2 * maxLeverage, loss };
  });

describe("the price up to which a position loses no more than an amount", () => {
  test("value less maintenance is the formula, exactly", () => {
    fc.assert(
      fc.property(position, fc.boolean(), ({ px, size, divisor }, isLong) => {
        const signed = isLong ? size : -size;
        const value = valueLessMaintenance(signed, px, divisor);
        expect(Number.isSafeInteger(value)).toBe(true);
        expect(BigInt(value)).toBe(plainValue(signed, px, divisor));
      }),
      { numRuns: 2_000 },
    );
  });

  test("of a long: bearable at it, not one tick below", () => {
    fc.assert(
      fc.property(position, (burden) => {
        const { px, size, divisor, loss } = burden;
        const lowest = lowestBearablePx(burden);
        const least = plainValue(size, px, divisor) - BigInt(loss);
        expect(lowest).toBeLessThanOrEqual(px);
        expect(plainValue(size, lowest, divisor) >= least).toBe(true);
        if (lowest > 0) expect(plainValue(size, lowest - 1, divisor) < least).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });

  test("of a short: bearable at it, not one tick above, short of the highest price", () => {
    fc.assert(
      fc.property(position, (burden) => {
        const { px, size, divisor, loss, pxMax } = burden;
        const highest = highestBearablePx({ ...burden, size: -size });
        const least = plainValue(-size, px, divisor) - BigInt(loss);
        expect(highest).toBeGreaterThanOrEqual(px);
        expect(highest).toBeLessThanOrEqual(pxMax);
        expect(plainValue(-size, highest, divisor) >= least).toBe(true);
        if (highest < pxMax) expect(plainValue(-size, highest + 1, divisor) < least).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });
});
