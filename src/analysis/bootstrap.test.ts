import { describe, expect, it } from "vitest";
import { createPrng, nextUnit } from "../base/prng.ts";
import { bootstrapMean, groupByTime } from "./bootstrap.ts";

/** Sums of twelve uniform numbers less six: near enough to standard normal. */
function normals(seed: number, count: number): number[] {
  const prng = createPrng(seed);
  return Array.from({ length: count }, () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += nextUnit(prng);
    return sum;
  });
}

describe("bootstrap interval of a mean", () => {
  it("covers the true mean about as often as it says, for 50 values", () => {
    let covered = 0;
    const runs = 400;
    for (let run = 0; run < runs; run++) {
      const groups = normals(run + 1, 50).map((value) => ({ sum: value + 3, count: 1 }));
      const interval = bootstrapMean(groups, { seed: run });
      if (interval !== null && interval.low <= 3 && 3 <= interval.high) covered += 1;
    }
    // 95 % less what the percentile form is known to miss with 50 values, give or take chance.
    expect(covered / runs).toBeGreaterThan(0.9);
    expect(covered / runs).toBeLessThan(0.98);
  });

  it("is wider when values come in groups of equals than when they are apart", () => {
    const values = normals(3, 40);
    const width = (copies: number, blockMs: number): number => {
      const timed = values.flatMap((value, i) =>
        Array.from({ length: copies }, (_, copy) => ({ timeMs: i * 1_000 + copy, value })),
      );
      const interval = bootstrapMean(groupByTime(timed, blockMs));
      return interval === null ? Number.NaN : interval.high - interval.low;
    };
    expect(width(9, 1_000)).toBeCloseTo(width(1, 1_000), 10);
    expect(width(9, 1)).toBeLessThan(width(9, 1_000) / 2);
  });

  it("is the same for the same seed, and says nothing from a handful of groups", () => {
    const groups = normals(5, 30).map((sum) => ({ sum, count: 1 }));
    expect(bootstrapMean(groups, { seed: 9 })).toEqual(bootstrapMean(groups, { seed: 9 }));
    expect(bootstrapMean(groups.slice(0, 7))).toBeNull();
  });
});
