import { expect, test } from "vitest";
import { normalCdf, normalQuantile } from "./normal.ts";

test("probabilities and quantiles of the tables", () => {
  const table = [
    [0, 0.5],
    [1, 0.8413447460685429],
    [1.959963984540054, 0.975],
    [-3, 0.0013498980316300946],
  ] as const;
  for (const [x, p] of table) {
    expect(normalCdf(x)).toBeCloseTo(p, 12);
    expect(normalQuantile(p)).toBeCloseTo(x, 9);
  }
});

test("far out it is 0 and 1, and never beyond", () => {
  expect([normalCdf(-40), normalCdf(40)]).toEqual([0, 1]);
  for (let x = -9; x < 9; x += 0.1) {
    expect(normalCdf(x)).toBeGreaterThanOrEqual(0);
    expect(normalCdf(x)).toBeLessThanOrEqual(1);
  }
});
