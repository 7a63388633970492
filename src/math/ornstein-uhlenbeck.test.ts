import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeWithData } from "../../test/data.ts";
import { ouAfter, standardOu } from "./ornstein-uhlenbeck.ts";

describeWithData("Ornstein-Uhlenbeck, golden", ["golden-values.json"], (path) => {
  const { OU: golden } = JSON.parse(readFileSync(path, "utf8"));
  const params = { kappa: 2, theta: 1, sigma: 0.5 };

  test("mean and variance after half a second", () => {
    const { mean, variance } = ouAfter(params, { value: 0, seconds: 0.5 });
    expect(mean).toBeCloseTo(golden.mean, 10);
    expect(variance).toBeCloseTo(golden.var, 10);
  });

  test("the variance after a long time is the stationary one", () => {
    const { mean, variance } = ouAfter(params, { value: 0, seconds: 1e6 });
    expect([mean, variance]).toEqual([1, golden.stationary_var]);
  });

  test("half of a distance is gone after the half-life", () => {
    const { mean } = ouAfter(params, { value: 3, seconds: golden.half_life });
    expect(mean).toBeCloseTo(2, 9);
  });
});

test("two steps are one step of their sum", () => {
  const params = { kappa: 0.7, theta: -1, sigma: 2 };
  const once = ouAfter(params, { value: 4, seconds: 3 });
  const first = ouAfter(params, { value: 4, seconds: 1 });
  const second = ouAfter(params, { value: first.mean, seconds: 2 });
  expect(second.mean).toBeCloseTo(once.mean, 12);
  const kept = Math.exp(-2 * params.kappa * 2) * first.variance;
  expect(second.variance + kept).toBeCloseTo(once.variance, 12);
});

test("the standard process has a stationary variance of 1 and forgets within its memory", () => {
  const { mean, variance } = ouAfter(standardOu(8), { value: 1, seconds: 8 });
  expect(mean).toBeCloseTo(Math.exp(-1), 12);
  expect(variance).toBeCloseTo(1 - Math.exp(-2), 12);
});
