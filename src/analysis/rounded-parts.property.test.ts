import fc from "fast-check";
import { expect, it } from "vitest";
import { roundedParts } from "./rounded-parts.ts";

it("gives parts that sum to the rounded total, each within one unit of the exact one", () => {
  const part = fc.integer({ min: -(10 ** 12), max: 10 ** 12 });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
      const unit = 10_000;
      const rounded = roundedParts(parts, unit);
      const total = parts.reduce((sum, one) => sum + one, 0);
      expect(rounded.reduce((sum, one) => sum + one, 0)).toBe(Math.floor(total / unit + 0.5));
      rounded.forEach((one, i) => {
        expect(Math.abs(one * unit - (parts[i] as number))).toBeLessThan(unit);
      });
    }),
  );
});

it("leaves a part of 0 at 0 [cents of 10^-6 USDC]", () => {
  expect(roundedParts([15_000, 15_000, 0], 10_000)).toEqual([2, 1, 0]);
  expect(roundedParts([-15_000, 5_000, 0], 10_000)).toEqual([-1, 0, 0]);
});
