import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleExponential } from "../../../test/model/sample.ts";
import { createPrng, nextUnit } from "../../base/prng.ts";
import {
  ageIntensity,
  createIntensity,
  type IntensityEstimate,
  intensityOf,
  noteExposure,
  noteIntensityFill,
} from "./intensity.ts";

const OPTIONS = {
  lambda0PriorMean: 0.8,
  lambda0PriorStrength: 1e-3,
  kappaPrior: 2_500,
  kappaPriorStrength: 1e-3,
  intensityHalfLifeMs: 3_600_000,
};

interface Trial {
  readonly distanceBps: number;
  /** How long it rested [s]. */
  readonly seconds: number;
  readonly isFilled: boolean;
}

/** Orders at random distances, each cancelled after `patience` seconds unless it is filled before. */
function simulateOrders(
  seed: number,
  { a, k, count, patience }: { a: number; k: number; count: number; patience: number },
): Trial[] {
  const prng = createPrng(seed);
  return Array.from({ length: count }, () => {
    const distanceBps = 12 * nextUnit(prng);
    const wait = sampleExponential(prng) / (a * Math.exp(-k * distanceBps));
    return { distanceBps, seconds: Math.min(wait, patience), isFilled: wait < patience };
  });
}

function feed(trials: readonly Trial[]): IntensityEstimate {
  const estimate = createIntensity();
  for (const { distanceBps, seconds, isFilled } of trials) {
    noteExposure(estimate, distanceBps, seconds);
    if (isFilled) noteIntensityFill(estimate, distanceBps, 1);
  }
  return estimate;
}

/** Log likelihood of trials, each order on its own. */
function logLikelihood(trials: readonly Trial[], a: number, k: number): number {
  return trials.reduce((sum, { distanceBps, seconds, isFilled }) => {
    const rate = a * Math.exp(-k * distanceBps);
    return sum - rate * seconds + (isFilled ? Math.log(rate) : 0);
  }, 0);
}

describe("intensity", () => {
  test.each([
    { seed: 1, a: 0.8, k: 0.25 },
    { seed: 2, a: 0.1, k: 0.5 },
    { seed: 3, a: 3, k: 0.1 },
  ])("seed $seed: known A $a/s and k $k/bps are found within 10 %", ({ seed, a, k }) => {
    const found = intensityOf(
      feed(simulateOrders(seed, { a, k, count: 20_000, patience: 20 })),
      OPTIONS,
    );
    expect(found.source).toBe("estimated");
    expect(Math.abs(found.intensityA / a - 1)).toBeLessThan(0.1);
    expect(Math.abs(found.intensityK / k - 1)).toBeLessThan(0.1);
  });

  test("the truth lies in the 99 % region of likelihood in nearly all of 60 runs", () => {
    const [a, k] = [0.5, 0.3];
    // Twice the fall of log likelihood is chi-squared with 2 degrees of freedom: 9.21 at 99 %.
    const inside = Array.from({ length: 60 }, (_, seed) => {
      const trials = simulateOrders(seed + 100, { a, k, count: 400, patience: 5 });
      const found = intensityOf(feed(trials), OPTIONS);
      const fall =
        logLikelihood(trials, found.intensityA, found.intensityK) - logLikelihood(trials, a, k);
      return 2 * fall < 9.21;
    });
    expect(inside.filter(Boolean).length).toBeGreaterThanOrEqual(57);
  });

  test("cancelled orders count: without their time A would come out far too high", () => {
    const [a, k] = [0.2, 0.25];
    const trials = simulateOrders(7, { a, k, count: 6_000, patience: 3 });
    expect(trials.filter(({ isFilled }) => isFilled).length / trials.length).toBeLessThan(0.3);
    const ours = intensityOf(feed(trials), OPTIONS);
    const naive = intensityOf(feed(trials.filter(({ isFilled }) => isFilled)), OPTIONS);
    expect(Math.abs(ours.intensityA / a - 1)).toBeLessThan(0.1);
    expect(Math.abs(ours.intensityK / k - 1)).toBeLessThan(0.1);
    expect(naive.intensityA).toBeGreaterThan(3 * a);
    expect(naive.intensityK).toBeLessThan(k / 2);
  });

  test("no other A and k make the observations more likely", () => {
    const trials = simulateOrders(11, { a: 0.6, k: 0.2, count: 1_500, patience: 6 });
    const { intensityA, intensityK } = intensityOf(feed(trials), OPTIONS);
    const best = logLikelihood(trials, intensityA, intensityK);
    for (const [da, dk] of [
      [1.03, 1],
      [0.97, 1],
      [1, 1.03],
      [1, 0.97],
    ] as const) {
      expect(logLikelihood(trials, intensityA * da, intensityK * dk)).toBeLessThan(best);
    }
  });

  test("before five fills it is the prior; with strong priors few fills move it little", () => {
    const prior = { ...OPTIONS, lambda0PriorStrength: 10, kappaPriorStrength: 5 };
    const estimate = createIntensity();
    noteExposure(estimate, 5, 600);
    for (let i = 0; i < 4; i++) noteIntensityFill(estimate, 5, 1);
    expect(intensityOf(estimate, prior)).toEqual({
      intensityA: 0.8,
      intensityK: 0.25,
      source: "prior",
      count: 4,
    });
    noteIntensityFill(estimate, 5, 1);
    expect(intensityOf(estimate, prior).source).toBe("estimated");
    const strong = { ...OPTIONS, lambda0PriorStrength: 1e4, kappaPriorStrength: 1e4 };
    const { intensityA, intensityK } = intensityOf(estimate, strong);
    expect(intensityA).toBeCloseTo(0.8, 1);
    expect(intensityK).toBeCloseTo(0.25, 1);
  });

  test("what is old counts less: after a change it follows, with any scale of weights", () => {
    const options = { ...OPTIONS, intensityHalfLifeMs: 10_000 };
    const estimate = createIntensity();
    for (const [seed, a] of [
      [1, 0.3],
      [2, 1.5],
    ] as const) {
      for (const trial of simulateOrders(seed, { a, k: 0.2, count: 8_000, patience: 8 })) {
        ageIntensity(estimate, 200, options);
        noteExposure(estimate, trial.distanceBps, trial.seconds);
        if (trial.isFilled) noteIntensityFill(estimate, trial.distanceBps, 1);
      }
      expect(estimate.weight).toBeLessThanOrEqual(2e6);
    }
    const { intensityA } = intensityOf(estimate, options);
    expect(intensityA).toBeGreaterThan(0.8);
  });

  test("partial fills count as their share of the order", () => {
    const whole = createIntensity();
    const parts = createIntensity();
    for (let i = 0; i < 20; i++) {
      noteIntensityFill(whole, 3, 1);
      for (let j = 0; j < 4; j++) noteIntensityFill(parts, 3, 0.25);
      for (const estimate of [whole, parts]) noteExposure(estimate, 3, 40);
    }
    const found = intensityOf(parts, OPTIONS);
    expect(found.intensityA).toBeCloseTo(intensityOf(whole, OPTIONS).intensityA, 9);
  });

  test("stays within its bounds and is never NaN, whatever is observed", () => {
    const figure = fc.oneof(
      fc.double({ min: -1e6, max: 1e6 }),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 0),
    );
    const observation = fc.record({ isFill: fc.boolean(), distance: figure, amount: figure });
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 60 }), (observations) => {
        const estimate = createIntensity();
        for (const { isFill, distance, amount } of observations) {
          if (isFill) noteIntensityFill(estimate, distance, amount);
          else noteExposure(estimate, distance, amount);
        }
        const { intensityA, intensityK } = intensityOf(estimate, OPTIONS);
        expect(intensityA >= 0.001 && intensityA <= 10).toBe(true);
        expect(intensityK >= 0.005 && intensityK <= 1).toBe(true);
      }),
    );
  });
});
