import { expect, test } from "vitest";
import { correlation } from "./correlation.ts";

test.each<[string, number[], number[], number]>([
  ["on a rising line", [1, 2, 3], [10, 20, 30], 1],
  ["on a falling line", [1, 2, 4], [-1, -2, -4], -1],
  ["of no slope", [1, 2, 3, 4], [1, -1, -1, 1], 0],
  // About the means: products 1.25, squares 5 and 0.6875.
  ["between", [1, 2, 3, 4], [0, 0, 1, 0.5], 1.25 / Math.sqrt(5 * 0.6875)],
  ["far from zero", [1e9 + 1, 1e9 + 2, 1e9 + 3], [3, 2, 1], -1],
  ["of a constant", [1, 1, 1], [1, 2, 3], 0],
  ["of nothing", [], [], 0],
])("%s", (_, xs, ys, wanted) => {
  expect(correlation(xs, ys)).toBeCloseTo(wanted, 12);
  expect(correlation(ys, xs)).toBeCloseTo(wanted, 12);
});
