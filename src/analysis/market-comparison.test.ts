import { expect, test } from "vitest";
import { compareMarkets, comparisonLines } from "./market-comparison.ts";
import type { MarketStatistics } from "./market-statistics.ts";

const market = (change: Partial<MarketStatistics> = {}): MarketStatistics => ({
  seconds: 100,
  trades: 10,
  orders: 10,
  spreadSteps: 1,
  tradeSz: (p) => p,
  branching: 0.5,
  decay: 3,
  sigmaBps: 1,
  signs: () => 0.2,
  returns: () => -0.1,
  absoluteReturns: () => 0.1,
  volumes: () => 0.1,
  impact: 0.6,
  ...change,
});

const failing = (simulated: MarketStatistics): string[] =>
  compareMarkets(market(), simulated)
    .filter(({ ok }) => !ok)
    .map(({ name }) => name);

test("a market is like itself", () => {
  expect(failing(market())).toEqual([]);
});

test.each<[string, Partial<MarketStatistics>, number]>([
  ["twice the volatility is still alike", { sigmaBps: 2 }, 0],
  ["more is not", { sigmaBps: 2.01 }, 1],
  ["half the spread is still alike", { spreadSteps: 0.5 }, 0],
  ["less is not", { branching: 0.24 }, 1],
  ["sizes count at each quantile", { tradeSz: (p) => 3 * p }, 6],
  ["a sign that differs is told", { returns: () => 0.1 }, 1],
  ["signs count at each lag", { signs: (lag) => (lag > 2 ? -0.1 : 0.1) }, 2],
  ["what is not a number is not alike", { branching: Number.NaN }, 1],
])("%s", (_, change, count) => {
  expect(failing(market(change))).toHaveLength(count);
});

test("the table has a line for each figure and says which fails", () => {
  const rows = compareMarkets(market(), market({ sigmaBps: 9 }));
  const lines = comparisonLines(rows);
  expect(lines).toHaveLength(rows.length + 1);
  expect(lines.filter((line) => line.endsWith("FAIL"))).toEqual([
    expect.stringMatching(/^volatility of a second \[bps\] +1\.00 +9\.00 +9\.00 +0\.5 to 2 +FAIL$/),
  ]);
});
