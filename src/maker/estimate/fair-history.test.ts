import { expect, test } from "vitest";
import { createFairHistory, fairPxBefore, noteFairPx } from "./fair-history.ts";

test("a fill is held against the price of the last book before it", () => {
  const history = createFairHistory();
  for (const [timeMs, px] of [
    [1_000, 100],
    [1_100, 100],
    [1_200, 103],
    [1_200, 104],
    [1_150, 999],
  ] as const) {
    noteFairPx(history, timeMs, px);
  }
  expect([1_000, 1_001, 1_200, 1_201].map((timeMs) => fairPxBefore(history, timeMs))).toEqual([
    null,
    100,
    100,
    104,
  ]);
});

test("the last half minute is kept, with the price that held when it began", () => {
  const history = createFairHistory();
  for (const [timeMs, px] of [
    [0, 1],
    [5_000, 2],
    [40_000, 3],
  ] as const) {
    noteFairPx(history, timeMs, px);
  }
  expect([4_000, 10_000, 40_001].map((timeMs) => fairPxBefore(history, timeMs))).toEqual([
    null,
    2,
    3,
  ]);
});
