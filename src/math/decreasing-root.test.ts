import fc from "fast-check";
import { expect, test } from "vitest";
import { decreasingRoot } from "./decreasing-root.ts";

test("finds where a falling line goes through zero", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      (root, slope) => {
        expect(decreasingRoot((x) => slope * (root - x), -10, 10)).toBeCloseTo(root, 12);
      },
    ),
  );
});

test.each<[string, (x: number) => number, number]>([
  ["negative everywhere: the low end", () => -1, 2],
  ["positive everywhere: the high end", () => 1, 3],
  ["zero at the low end: the low end", (x) => 2 - x, 2],
  ["not a number: the low end", () => Number.NaN, 2],
])("%s", (_, f, root) => {
  expect(decreasingRoot(f, 2, 3)).toBe(root);
});
