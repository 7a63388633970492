import { describe, expect, test } from "vitest";
import { createPrng, nextBelow, nextU32, nextUnit } from "./prng.ts";

const take = (seed: number, count: number): number[] => {
  const prng = createPrng(seed);
  return Array.from({ length: count }, () => nextU32(prng));
};

describe("prng", () => {
  test("the same seed gives the same stream, other seeds another, also above 2^32", () => {
    expect(take(7, 50)).toEqual(take(7, 50));
    const firsts = [0, 1, 2, 7, 2 ** 32, 2 ** 32 + 1, 2 ** 52].map((seed) => take(seed, 4).join());
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  test("a copied state goes on alike", () => {
    const prng = createPrng(3);
    nextU32(prng);
    const copy = { ...prng };
    expect(Array.from({ length: 9 }, () => nextU32(copy))).toEqual(
      Array.from({ length: 9 }, () => nextU32(prng)),
    );
  });

  test("values are 32-bit, unit in [0, 1), below in [0, bound), and each of 16 bins is hit alike", () => {
    const prng = createPrng(11);
    const bins = new Array<number>(16).fill(0);
    let sum = 0;
    for (let i = 0; i < 16_000; i++) {
      const word = nextU32(prng);
      expect(Number.isInteger(word) && word >= 0 && word < 2 ** 32).toBe(true);
      const unit = nextUnit(prng);
      expect(unit >= 0 && unit < 1).toBe(true);
      sum += unit;
      const bin = nextBelow(prng, 16);
      bins[bin] = (bins[bin] as number) + 1;
    }
    expect(bins).toHaveLength(16);
    // Chi-square with 15 degrees of freedom: 37.7 is passed once in 1000 seeds.
    const chiSquare = bins.reduce((total, count) => total + (count - 1_000) ** 2 / 1_000, 0);
    expect(chiSquare).toBeLessThan(37.7);
    expect(Math.abs(sum / 16_000 - 0.5)).toBeLessThan(0.01);
  });
});
