import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleGaussian } from "../../../test/model/sample.ts";
import { createPrng, nextUnit } from "../../base/prng.ts";
import {
  createVolatility,
  noteVolatilityPx,
  restartVolatility,
  type VolatilityEstimate,
  volatilityOf,
} from "./volatility.ts";

const OPTIONS = {
  volatilityHalfLifeMs: 3_600_000,
  volatilityFastHalfLifeMs: 1_800_000,
  sigmaPrior: 1e-4,
  maxVolatilityMultiplier: 1,
};

/** Feeds a simulated price: sigma a square-root second, irregular times, noise on each price. */
function feed(
  seed: number,
  { sigma, noise, count }: { sigma: number; noise: number; count: number },
): VolatilityEstimate {
  const prng = createPrng(seed);
  const estimate = createVolatility();
  let [log, nowMs] = [Math.log(600_000), 0];
  for (let i = 0; i < count; i++) {
    const elapsedMs = 1_000 + 4_000 * nextUnit(prng);
    nowMs += elapsedMs;
    log += sigma * Math.sqrt(elapsedMs / 1_000) * sampleGaussian(prng);
    noteVolatilityPx(estimate, Math.exp(log + noise * sampleGaussian(prng)), nowMs, OPTIONS);
  }
  return estimate;
}

describe("volatility", () => {
  test.each([1, 2, 3])("of a simulated price is found within 5 %%, seed %i", (seed) => {
    const { sigma, source } = volatilityOf(
      feed(seed, { sigma: 2e-4, noise: 0, count: 20_000 }),
      OPTIONS,
    );
    expect(source).toBe("estimated");
    expect(Math.abs(sigma / 2e-4 - 1)).toBeLessThan(0.05);
  });

  test("is found under noise as large as the price's own moves, which plain squares would double", () => {
    const estimates = [1, 2, 3, 4].map((seed) =>
      feed(seed, { sigma: 1e-4, noise: 1.5e-4, count: 20_000 }),
    );
    const mean = (of: (estimate: VolatilityEstimate) => number): number =>
      estimates.reduce((sum, estimate) => sum + of(estimate), 0) / estimates.length;
    const corrected = mean((estimate) => volatilityOf(estimate, OPTIONS).sigma);
    const plain = mean(({ slow }) => Math.sqrt(slow.plain / slow.seconds));
    expect(Math.abs(corrected / 1e-4 - 1)).toBeLessThan(0.1);
    expect(plain).toBeGreaterThan(1.5e-4);
  });

  test("equals the sums over all observations, written out", () => {
    const step = fc.record({
      elapsedMs: fc.integer({ min: 1_000, max: 30_000 }),
      move: fc.double({ min: -0.01, max: 0.01, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const estimate = createVolatility();
        noteVolatilityPx(estimate, 1_000, 0, OPTIONS);
        let nowMs = 0;
        const times: number[] = [];
        for (const { elapsedMs, move } of steps) {
          nowMs += elapsedMs;
          times.push(nowMs);
          noteVolatilityPx(estimate, estimate.lastPx * Math.exp(move), nowMs, OPTIONS);
        }
        let [plain, corrected, seconds] = [0, 0, 0];
        steps.forEach(({ elapsedMs, move }, i) => {
          const ageMs = nowMs - (times[i] as number);
          const weight = 0.5 ** (ageMs / OPTIONS.volatilityHalfLifeMs);
          plain += weight * move ** 2;
          corrected += weight * (move ** 2 + 2 * move * (steps[i - 1]?.move ?? 0));
          seconds += (weight * elapsedMs) / 1_000;
        });
        expect(estimate.slow.plain).toBeCloseTo(plain, 12);
        expect(estimate.slow.corrected).toBeCloseTo(corrected, 12);
        expect(estimate.slow.seconds).toBeCloseTo(seconds, 6);
      }),
    );
  });

  test("is the prior until 30 returns were seen, and after none at all", () => {
    const before = feed(1, { sigma: 2e-4, noise: 0, count: 30 });
    expect(volatilityOf(before, OPTIONS)).toEqual({ sigma: 1e-4, source: "prior", count: 29 });
    const after = feed(1, { sigma: 2e-4, noise: 0, count: 31 });
    expect(volatilityOf(after, OPTIONS).source).toBe("estimated");
  });

  test("a burst raises it at once, by at most the multiplier", () => {
    const options = {
      ...OPTIONS,
      volatilityHalfLifeMs: 60_000,
      volatilityFastHalfLifeMs: 10_000,
      maxVolatilityMultiplier: 2,
    };
    const estimate = createVolatility();
    let px = 1e6;
    for (let i = 0; i < 600; i++) {
      px *= Math.exp(i % 4 < 2 ? 1e-4 : -1e-4);
      noteVolatilityPx(estimate, px, 1_000 * i, options);
    }
    const calm = volatilityOf(estimate, options).sigma;
    for (let i = 600; i < 605; i++) {
      px *= Math.exp(1e-3);
      noteVolatilityPx(estimate, px, 1_000 * i, options);
    }
    const burst = volatilityOf(estimate, options).sigma;
    const slow = volatilityOf(estimate, { ...options, maxVolatilityMultiplier: 1 }).sigma;
    expect(burst).toBeGreaterThan(2 * calm);
    expect(burst).toBeGreaterThan(1.5 * slow);
    expect(burst).toBeLessThanOrEqual(2 * slow * (1 + 1e-12));
  });

  test("samples within a second, long gaps and changes of source are no returns", () => {
    const estimate = createVolatility();
    noteVolatilityPx(estimate, 100, 0, OPTIONS);
    noteVolatilityPx(estimate, 900, 999, OPTIONS);
    noteVolatilityPx(estimate, 900, 70_000, OPTIONS);
    restartVolatility(estimate);
    noteVolatilityPx(estimate, 100, 72_000, OPTIONS);
    expect([estimate.count, estimate.slow.plain]).toEqual([0, 0]);
    noteVolatilityPx(estimate, 101, 73_000, OPTIONS);
    expect(estimate.count).toBe(1);
  });

  test("stays within its bounds and is never NaN, whatever prices come", () => {
    const prices = fc.oneof(
      fc.double({ min: 0, max: 1e9 }),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 1e-300),
    );
    fc.assert(
      fc.property(fc.array(prices, { maxLength: 120 }), (pxs) => {
        const estimate = createVolatility();
        for (const [i, px] of pxs.entries()) noteVolatilityPx(estimate, px, 1_000 * i, OPTIONS);
        const { sigma } = volatilityOf(estimate, OPTIONS);
        expect(sigma >= 1e-5 && sigma <= 0.05).toBe(true);
      }),
    );
  });
});
