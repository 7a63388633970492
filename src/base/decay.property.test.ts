/** Decay in whole numbers is the float form within 10^-9, and products are exact. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { DECAY_ONE, decayed, decayFactor } from "./decay.ts";

test("a factor is within 10^-9 of exp, and never above one", () => {
  const tau = fc.integer({ min: 1, max: 1e9 });
  fc.assert(
    fc.property(fc.double({ min: 0, max: 60, noNaN: true }), tau, (times, tau) => {
      const t = Math.floor(times * tau);
      const factor = decayFactor(t, tau);
      expect(Number.isSafeInteger(factor)).toBe(true);
      expect(factor).toBeLessThanOrEqual(DECAY_ONE);
      expect(Math.abs(factor / DECAY_ONE - Math.exp(-t / tau))).toBeLessThan(1e-9);
    }),
  );
  expect(decayFactor(0, 5)).toBe(DECAY_ONE);
});

test("longer is never more", () => {
  const t = fc.integer({ min: 0, max: 5_000_000 });
  fc.assert(
    fc.property(t, t, (a, b) => {
      expect(decayFactor(Math.max(a, b), 150_000)).toBeLessThanOrEqual(
        decayFactor(Math.min(a, b), 150_000),
      );
    }),
  );
});

test("a product is the true one, rounded down", () => {
  const part = fc.integer({ min: 0, max: DECAY_ONE });
  fc.assert(
    fc.property(part, part, (value, factor) => {
      const whole = (BigInt(value) * BigInt(factor)) >> 52n;
      expect(BigInt(decayed(value, factor))).toBe(whole);
    }),
  );
});
