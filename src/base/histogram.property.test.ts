import fc from "fast-check";
import { expect, test } from "vitest";
import { addToHistogram, createHistogram, histogramQuantile } from "./histogram.ts";

const whole = fc.oneof(fc.nat(100), fc.nat(100_000), fc.maxSafeNat());

test("a quantile is not below the exact one, and at most a thirty-second above it up to 2^32", () => {
  fc.assert(
    fc.property(
      fc.array(whole, { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0.001, 0.5, 0.9, 0.99, 1),
      (values, share) => {
        const histogram = createHistogram();
        for (const value of values) addToHistogram(histogram, value);
        const sorted = [...values].sort((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(sorted.length * share)) - 1] as number;
        const found = histogramQuantile(histogram, share);
        expect(histogram.total).toBe(values.length);
        expect(histogram.max).toBe(sorted.at(-1));
        if (exact < 2 ** 32) {
          expect(found).toBeGreaterThanOrEqual(exact);
          expect(found).toBeLessThanOrEqual(exact + exact / 32);
        } else expect(found).toBe(Math.min(2 ** 32 - 1, histogram.max));
      },
    ),
    { numRuns: 500 },
  );
});

test("counting a number so many times is counting it that often", () => {
  fc.assert(
    fc.property(whole, fc.integer({ min: 1, max: 50 }), (value, times) => {
      const once = createHistogram();
      const often = createHistogram();
      addToHistogram(once, value, times);
      for (let i = 0; i < times; i++) addToHistogram(often, value);
      expect(once).toEqual(often);
    }),
  );
});

test("nothing counted has quantile 0; fractions are cut, the largest stays exact", () => {
  const histogram = createHistogram();
  expect(histogramQuantile(histogram, 0.5)).toBe(0);
  addToHistogram(histogram, 7.9);
  expect([histogramQuantile(histogram, 0.5), histogram.max]).toEqual([7, 7.9]);
});
