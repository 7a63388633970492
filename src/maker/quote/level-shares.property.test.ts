import fc from "fast-check";
import { expect, test } from "vitest";
import { levelShares } from "./level-shares.ts";

const inputs = fc.record({
  levels: fc.integer({ min: 1, max: 25 }),
  halfSpreadBps: fc.double({ min: 0.1, max: 100, noNaN: true }),
  levelSpacingBps: fc.double({ min: 0, max: 20, noNaN: true }),
  intensityK: fc.double({ min: 0.005, max: 1, noNaN: true }),
  costBps: fc.double({ min: -2, max: 50, noNaN: true }),
});

test("shares are not negative and add up to the number of levels", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const shares = levelShares(input);
      expect(shares).toHaveLength(input.levels);
      expect(shares.every((share) => share >= 0)).toBe(true);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(input.levels, 9);
    }),
  );
});

test("the faster fills decay with distance, the more of the size stands at the first level", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const first = (intensityK: number): number =>
        levelShares({ ...input, intensityK, levels: 4 })[0] as number;
      expect(first(input.intensityK * 1.5)).toBeGreaterThanOrEqual(first(input.intensityK) - 1e-9);
    }),
  );
});

test.each([
  ["equal values give equal shares", { levelSpacingBps: 0, costBps: 1 }, [1, 1, 1]],
  ["a level that does not earn its cost gets nothing", { costBps: 8 }, [0, 1.08, 1.92]],
  ["where none does, the first gets all", { costBps: 50 }, [3, 0, 0]],
])("%s", (_, changes, shares) => {
  const input = { levels: 3, halfSpreadBps: 6, levelSpacingBps: 3, intensityK: 0.25, costBps: 2 };
  const found = levelShares({ ...input, ...changes });
  found.forEach((share, i) => {
    expect(share).toBeCloseTo(shares[i] as number, 1);
  });
});
