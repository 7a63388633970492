import { expect, test } from "vitest";
import { createDrawdown, drawdownRatio, noteDrawdown } from "./drawdown.ts";

test("the deepest fall from a running peak, its share of that peak, and the longest time below", () => {
  const drawdown = createDrawdown();
  [100, 120, 90, 110, 130, 125, 128].forEach((value, i) => {
    noteDrawdown(drawdown, i * 1_000, value);
  });
  expect(drawdown).toMatchObject({ deepest: 30, deepestPeak: 120, deepestMs: 2_000, fall: 2 });
  expect(drawdownRatio(drawdown)).toBe(0.25);
  expect(drawdown.longestMs).toBe(2_000);
});

test("a fall from a peak that is not positive has no share", () => {
  const drawdown = createDrawdown();
  expect(drawdownRatio(drawdown)).toBe(0);
  noteDrawdown(drawdown, 0, 0);
  expect(noteDrawdown(drawdown, 1, -5)).toBe(5);
  expect(drawdownRatio(drawdown)).toBeNull();
});
