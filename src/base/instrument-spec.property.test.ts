/** The venue's rule of legal prices, against an oracle that counts digits in the decimal text. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ceilLegalPx,
  floorLegalPx,
  isLegalPx,
  legalPxStep,
  type PriceRule,
} from "./instrument-spec.ts";

const MAX_TICKS = 2 ** 25 - 1;

/** The price as people write it: `ticks` x 10^-(6 - szDecimals), without trailing zeros. */
function priceText(ticks: number, szDecimals: number): string {
  const decimals = 6 - szDecimals;
  const digits = String(ticks).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const rest = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return rest === "" ? whole : `${whole}.${rest}`;
}

/** At most five significant figures, or an integer. Decimals fit the tick by construction. */
function isLegalText(text: string): boolean {
  if (!text.includes(".")) return true;
  return text.replace(".", "").replace(/^0+/, "").length <= 5;
}

const spec = (szDecimals: number, priceRule: PriceRule = "fiveSignificantFigures") => ({
  szDecimals,
  priceRule,
});
const ticks = fc.oneof(
  fc.integer({ min: 1, max: MAX_TICKS }),
  fc.integer({ min: 1, max: 2_000 }),
  fc.integer({ min: 1, max: 3_355 }).map((n) => n * 10_000),
  fc.integer({ min: 1, max: 335_544 }).map((n) => n * 100),
);
const decimals = fc.integer({ min: 0, max: 6 });

describe("legal prices", () => {
  test.each([
    { text: "1234.5", szDecimals: 2, px: 12_345_000, legal: true },
    { text: "1234.56", szDecimals: 2, px: 12_345_600, legal: false },
    { text: "0.001234", szDecimals: 0, px: 1_234, legal: true },
    { text: "0.01234", szDecimals: 1, px: 1_234, legal: true },
    { text: "123456", szDecimals: 5, px: 1_234_560, legal: true },
    { text: "12345.6", szDecimals: 5, px: 123_456, legal: false },
    { text: "83767", szDecimals: 5, px: 837_670, legal: true },
    { text: "6.87634", szDecimals: 1, px: 687_634, legal: false },
    { text: "9.9999", szDecimals: 0, px: 9_999_900, legal: true },
  ])("$text with szDecimals $szDecimals: $legal", ({ text, szDecimals, px, legal }) => {
    expect(priceText(px, szDecimals)).toBe(text);
    expect(isLegalPx(spec(szDecimals), px)).toBe(legal);
  });

  test("are those whose text has at most five significant figures, or no fraction", () => {
    fc.assert(
      fc.property(ticks, decimals, (px, szDecimals) => {
        expect(isLegalPx(spec(szDecimals), px)).toBe(isLegalText(priceText(px, szDecimals)));
      }),
      { numRuns: 5_000 },
    );
  });

  test("every tick is legal where the rule says so", () => {
    fc.assert(
      fc.property(ticks, decimals, (px, szDecimals) => {
        expect(isLegalPx(spec(szDecimals, "everyTick"), px)).toBe(true);
        expect(legalPxStep(spec(szDecimals, "everyTick"), px)).toBe(1);
      }),
    );
  });

  test("floor and ceil are the nearest legal prices: none lies between", () => {
    fc.assert(
      fc.property(ticks, decimals, (px, szDecimals) => {
        const low = floorLegalPx(spec(szDecimals), px);
        const high = ceilLegalPx(spec(szDecimals), px);
        expect(low).toBeLessThanOrEqual(px);
        expect(high).toBeGreaterThanOrEqual(px);
        for (const edge of [low, high]) {
          if (edge > 0) expect(isLegalText(priceText(edge, szDecimals))).toBe(true);
        }
        if (isLegalText(priceText(px, szDecimals))) expect([low, high]).toEqual([px, px]);
        for (let between = low + 1; between < Math.min(high, low + 300); between++) {
          expect(isLegalText(priceText(between, szDecimals))).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("the step leads from a legal price to the next one", () => {
    fc.assert(
      fc.property(ticks, decimals, (px, szDecimals) => {
        const low = floorLegalPx(spec(szDecimals), px);
        if (low === 0) return;
        const next = low + legalPxStep(spec(szDecimals), low);
        expect(isLegalText(priceText(next, szDecimals))).toBe(true);
        expect(ceilLegalPx(spec(szDecimals), low + 1)).toBe(next);
      }),
      { numRuns: 500 },
    );
  });
});
