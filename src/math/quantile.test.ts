import { describe, expect, test } from "vitest";
import { quantile, weightedQuantile } from "./quantile.ts";

describe("quantile", () => {
  // By R: quantile(c(1, 2, 4, 8), p, type = 7).
  test.each([
    [0, 1],
    [0.25, 1.75],
    [0.5, 3],
    [0.9, 6.8],
    [1, 8],
  ])("at %d of 1, 2, 4, 8", (p, wanted) => {
    expect(quantile([1, 2, 4, 8], p)).toBeCloseTo(wanted, 12);
  });

  test("of one value it is that value, of none not a number", () => {
    expect(quantile([7], 0.3)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe("weighted quantile", () => {
  test.each([
    [0.1, 1],
    [0.5, 1],
    [0.51, 3],
    [0.9, 3],
    [1, 9],
  ])("at %d of 3, 1, 9 that held for 4, 5 and 1", (p, wanted) => {
    expect(weightedQuantile([3, 1, 9], [4, 5, 1], p)).toBe(wanted);
  });

  test("without weight there is none", () => {
    expect(weightedQuantile([1, 2], [0, 0], 0.5)).toBeNaN();
    expect(weightedQuantile([], [], 0.5)).toBeNaN();
  });
});
