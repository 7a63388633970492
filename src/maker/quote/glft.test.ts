import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { describeWithData } from "../../../test/data.ts";
import { glftDistances, glftQuote } from "./glft.ts";

interface Golden {
  readonly GLFT2013: {
    readonly cases: readonly {
      readonly g: number;
      readonly sigma: number;
      readonly A: number;
      readonly k: number;
      readonly closed: Readonly<Record<string, readonly [bid: number, ask: number]>>;
    }[];
  };
  readonly GLFT_maker_units: {
    readonly rows: readonly {
      readonly A: number;
      readonly sigma: number;
      readonly gamma: number;
      readonly half: number;
      readonly skew: number;
    }[];
  };
}

describeWithData("published and recomputed quotes", ["golden-values.json"], (path) => {
  const golden = JSON.parse(readFileSync(path, "utf8")) as Golden;

  const cases = golden.GLFT2013.cases.flatMap(({ g, sigma, A, k, closed }) =>
    Object.entries(closed).map(([q, [bid, ask]]) => ({ g, sigma, A, k, q: Number(q), bid, ask })),
  );
  test.each(cases)("gamma $g sigma $sigma A $A k $k q $q: $bid, $ask", (row) => {
    const input = {
      gamma: row.g,
      sigma: row.sigma,
      intensityA: row.A,
      intensityK: row.k,
      orderSz: 1,
    };
    const distances = glftDistances(input, row.q);
    expect(Math.abs(distances.bid - row.bid)).toBeLessThanOrEqual(1e-6);
    expect(Math.abs(distances.ask - row.ask)).toBeLessThanOrEqual(1e-6);
  });

  test.each(golden.GLFT_maker_units.rows)(
    "A $A/s sigma $sigma gamma $gamma, k 0.25/bps: half $half, skew $skew [bps]",
    (row) => {
      const { halfSpread, skewPerUnit } = glftQuote({
        gamma: row.gamma,
        sigma: row.sigma,
        intensityA: row.A,
        intensityK: 0.25,
        orderSz: 1,
      });
      expect(Math.abs(halfSpread - row.half)).toBeLessThanOrEqual(5e-5);
      expect(Math.abs(skewPerUnit - row.skew)).toBeLessThanOrEqual(5e-5);
    },
  );
});

describe("limits", () => {
  const input = { gamma: 0.1, sigma: 1, intensityA: 0.5, intensityK: 0.25, orderSz: 1 };

  test("without aversion the half-spread is 1 / k and there is no skew", () => {
    const { halfSpread, skewPerUnit } = glftQuote({ ...input, gamma: 1e-12 });
    expect(halfSpread).toBeCloseTo(4, 5);
    expect(skewPerUnit).toBeCloseTo(0, 5);
  });

  test("the half-spread is not monotone in gamma: its terms move against each other", () => {
    const half = (gamma: number): number => glftQuote({ ...input, gamma }).halfSpread;
    expect(half(0.05)).toBeLessThan(half(0.01));
    const wild = (gamma: number): number => glftQuote({ ...input, sigma: 20, gamma }).halfSpread;
    expect(wild(0.05)).toBeGreaterThan(wild(0.01));
  });
});
