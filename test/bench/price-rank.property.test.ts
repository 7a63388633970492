/** Ranks of legal prices, against counting them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPriceRanks, pxOfRank, rankOfPx } from "../../bench/core/price-rank.ts";
import { ceilLegalPx, floorLegalPx, isLegalPx } from "../../src/base/instrument-spec.ts";
import { TICKS_BOUND } from "../../src/base/units.ts";

const PX_MAX = TICKS_BOUND - 1;
const grid = fc.record({
  szDecimals: fc.integer({ min: 0, max: 6 }),
  priceRule: fc.constantFrom("fiveSignificantFigures" as const, "everyTick" as const),
});
/** Any price, and those about the powers of ten where the step may change. */
const price = fc.oneof(
  fc.integer({ min: 1, max: PX_MAX }),
  fc
    .tuple(fc.constantFrom(100_000, 1_000_000, 10_000_000), fc.integer({ min: -2_000, max: 2_000 }))
    .map(([decade, ticks]) => decade + ticks),
);

describe("the rank of a legal price", () => {
  test("is its place among the legal prices, one market of each precision up to 1,200,000 ticks", () => {
    for (let szDecimals = 0; szDecimals <= 6; szDecimals++) {
      const spec = { szDecimals, priceRule: "fiveSignificantFigures" } as const;
      const ranks = createPriceRanks(spec);
      let place = 0;
      let wrong = 0;
      for (let px = 1; px <= 1_200_000; px++) {
        if (isLegalPx(spec, px)) place += 1;
        if (rankOfPx(ranks, px) !== place) wrong += 1;
      }
      expect({ szDecimals, wrong }).toEqual({ szDecimals, wrong: 0 });
    }
  });

  test("leads back to the price, and that of any other price to the legal one below", () => {
    fc.assert(
      fc.property(grid, price, (spec, px) => {
        const ranks = createPriceRanks(spec);
        const low = floorLegalPx(spec, px);
        expect(pxOfRank(ranks, rankOfPx(ranks, low))).toBe(low);
        expect(rankOfPx(ranks, px)).toBe(rankOfPx(ranks, low));
      }),
      { numRuns: 5_000 },
    );
  });

  test("rises by one from a legal price to the next", () => {
    fc.assert(
      fc.property(grid, price, (spec, px) => {
        const ranks = createPriceRanks(spec);
        const low = floorLegalPx(spec, px);
        const next = ceilLegalPx(spec, low + 1);
        expect(rankOfPx(ranks, next)).toBe(rankOfPx(ranks, low) + 1);
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    { text: "none", szDecimals: 5, px: 0, rank: 0 },
    { text: "9,999.9", szDecimals: 5, px: 99_999, rank: 99_999 },
    { text: "10,000", szDecimals: 5, px: 100_000, rank: 100_000 },
    { text: "100,000", szDecimals: 5, px: 1_000_000, rank: 190_000 },
    { text: "1,000,000", szDecimals: 5, px: 10_000_000, rank: 1_090_000 },
    { text: "150.00", szDecimals: 2, px: 1_500_000, rank: 195_000 },
    { text: "1,234.5", szDecimals: 2, px: 12_345_000, rank: 282_345 },
  ])("$text with szDecimals $szDecimals: rank $rank", ({ szDecimals, px, rank }) => {
    const ranks = createPriceRanks({ szDecimals, priceRule: "fiveSignificantFigures" });
    expect(rankOfPx(ranks, px)).toBe(rank);
    expect(pxOfRank(ranks, rank)).toBe(px);
  });
});
