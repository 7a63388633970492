import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { describeWithData } from "../../test/data.ts";
import { createPrng } from "../base/prng.ts";
import { createHawkesState, exciteHawkes, nextHawkesEvent } from "./hawkes.ts";
import {
  fitHawkes,
  type HawkesKernel,
  hawkesCompensator,
  hawkesLogLikelihood,
} from "./hawkes-likelihood.ts";

const KERNEL: HawkesKernel = { baseRate: 0.8, branching: 0.55, decay: 3 };

function simulate({ baseRate, branching, decay }: HawkesKernel, seed: number, endSec: number) {
  const params = { baseRates: [baseRate], branching: [[branching]], decay };
  const prng = createPrng(seed);
  const state = createHawkesState(params, 0);
  const timesSec: number[] = [];
  for (;;) {
    const next = nextHawkesEvent(params, state, prng);
    if (next === null || next.atSec > endSec) return { timesSec, endSec };
    exciteHawkes(params, state, next);
    timesSec.push(next.atSec);
  }
}

describeWithData("Hawkes likelihood, golden", ["golden-values.json"], (path) => {
  const { Hawkes_exponential: golden } = JSON.parse(readFileSync(path, "utf8"));
  const kernel = { baseRate: golden.mu, branching: golden.alpha, decay: golden.theta };

  test("of six events", () => {
    const found = hawkesLogLikelihood(kernel, { timesSec: golden.t, endSec: golden.T });
    expect(Math.abs(found / golden.log_likelihood - 1)).toBeLessThan(1e-10);
  });

  test("of no event it is minus what was expected", () => {
    const found = hawkesLogLikelihood({ ...kernel, baseRate: 5 }, { timesSec: [], endSec: 2 });
    expect(found).toBe(golden.empty_mu5_T2);
  });
});

describe("compensator [1]", () => {
  test("is the integral of the intensity", () => {
    const timesSec = [1, 1.5, 4];
    const endSec = 6;
    const steps = 200_000;
    let integral = 0;
    for (let i = 0; i < steps; i++) {
      const at = ((i + 0.5) / steps) * endSec;
      const excited = timesSec
        .filter((time) => time < at)
        .reduce((sum, time) => sum + Math.exp(-KERNEL.decay * (at - time)), 0);
      const rate = KERNEL.baseRate + KERNEL.branching * KERNEL.decay * excited;
      integral += (rate * endSec) / steps;
    }
    expect(hawkesCompensator(KERNEL, { timesSec, endSec })).toBeCloseTo(integral, 4);
  });

  test("at the fit it is the number of events", () => {
    const times = simulate(KERNEL, 7, 800);
    const fit = fitHawkes(times);
    if (fit === null) throw new Error("there are enough events");
    expect(hawkesCompensator(fit, times)).toBeCloseTo(times.timesSec.length, 6);
  });
});

describe("fit", () => {
  test.each([
    [{ baseRate: 0.8, branching: 0.55, decay: 3 }],
    [{ baseRate: 2, branching: 0.2, decay: 30 }],
    [{ baseRate: 0.3, branching: 0.85, decay: 0.5 }],
  ])("finds the kernel that made the times: %o", (kernel) => {
    const fit = fitHawkes(simulate(kernel, 11, 6_000));
    if (fit === null) throw new Error("there are enough events");
    expect(Math.abs(fit.branching - kernel.branching)).toBeLessThan(0.05);
    expect(fit.baseRate / kernel.baseRate).toBeGreaterThan(0.85);
    expect(fit.baseRate / kernel.baseRate).toBeLessThan(1.15);
    expect(fit.decay / kernel.decay).toBeGreaterThan(0.75);
    expect(fit.decay / kernel.decay).toBeLessThan(1.33);
  });

  test("nothing near it is likelier", () => {
    const times = simulate(KERNEL, 13, 500);
    const fit = fitHawkes(times);
    if (fit === null) throw new Error("there are enough events");
    const best = hawkesLogLikelihood(fit, times);
    expect(best).toBeCloseTo(fit.logLikelihood, 6);
    for (const key of ["baseRate", "branching", "decay"] as const) {
      for (const factor of [0.98, 1.02]) {
        expect(hawkesLogLikelihood({ ...fit, [key]: fit[key] * factor }, times)).toBeLessThan(best);
      }
    }
  });

  test("times of a Poisson process have next to no branching", () => {
    const fit = fitHawkes(simulate({ baseRate: 3, branching: 0, decay: 1 }, 17, 2_000));
    expect(fit?.branching).toBeLessThan(0.05);
  });

  test("too few events say nothing; events after the end are an error", () => {
    expect(fitHawkes({ timesSec: [1, 2, 3], endSec: 4 })).toBeNull();
    const timesSec = Array.from({ length: 20 }, (_, i) => i);
    expect(() => fitHawkes({ timesSec, endSec: 18 })).toThrow("within the observation");
  });
});
