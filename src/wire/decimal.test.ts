import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  canonicalDecimal,
  DECIMAL_CEILING,
  formatPx,
  formatQuotient,
  formatRate,
  formatScaled,
  formatSignedSz,
  formatSz,
  formatUsdc,
  PX_INVALID,
  PX_OFF_TICK,
  parsePx,
  parseRate,
  parseSignedSz,
  parseSz,
  parseUsdc,
  SZ_INVALID,
} from "./decimal.ts";

describe("formats", () => {
  test.each([
    [formatPx(837670, 5), "83767.0"],
    [formatPx(687634, 1), "6.87634"],
    [formatPx(1, 0), "0.000001"],
    [formatPx(7, 6), "7.0"],
    [formatSz(335, 3), "0.335"],
    [formatSz(0, 5), "0.0"],
    [formatSignedSz(-15, 1), "-1.5"],
    [formatUsdc(-1), "-0.000001"],
    [formatUsdc(9_007_199_254_740_991), "9007199254.740991"],
    [formatRate(450_000), "0.00045"],
    [formatRate(-10_000), "-0.00001"],
    [formatScaled(0, 0), "0.0"],
    [formatQuotient(1, 3), "0.33333333"],
    [formatQuotient(-5, 2), "-2.5"],
    [formatQuotient(4, 2), "2.0"],
    [formatQuotient(4, 0), "0.0"],
  ])("%s is %s", (actual, expected) => {
    expect(actual).toBe(expected);
  });
});

describe("prices [USDC -> ticks]", () => {
  test.each([
    ["83767.0", 5, 837_670],
    ["83767", 5, 837_670],
    ["0.000001", 0, 1],
    [".5", 5, 5],
    ["7.", 6, 7],
    ["007.10", 5, 71],
    ["100000.00", 5, 1_000_000],
    ["0", 5, PX_INVALID],
    ["0.0", 5, PX_INVALID],
    ["-1", 5, PX_INVALID],
    ["-0.0000001", 0, PX_INVALID],
    ["", 5, PX_INVALID],
    [".", 5, PX_INVALID],
    ["1e5", 5, PX_INVALID],
    ["NaN", 5, PX_INVALID],
    ["1.2.3", 5, PX_INVALID],
    ["0x10", 5, PX_INVALID],
    ["1.25", 5, PX_OFF_TICK],
    ["1.5", 6, PX_OFF_TICK],
    ["9".repeat(40), 5, DECIMAL_CEILING],
    ["9".repeat(80), 5, PX_INVALID],
  ])("%s with %i size decimals is %i", (text, szDecimals, expected) => {
    expect(parsePx(text, szDecimals)).toBe(expected);
  });
});

describe("sizes, money and rates", () => {
  test.each([
    [parseSz("0.335", 3), 335],
    [parseSz("0.3350", 3), 335],
    [parseSz("0", 3), 0],
    [parseSz("0.3355", 3), SZ_INVALID],
    [parseSz("-1", 3), SZ_INVALID],
    [parseSz("x", 3), SZ_INVALID],
    [parseSignedSz("-1.5", 1), -15],
    [parseSignedSz("-1.55", 1), null],
    [parseUsdc("12.345678"), 12_345_678],
    [parseUsdc("-0.5"), -500_000],
    [parseUsdc("0.1234567"), null],
    [parseUsdc("9000000000.000000"), DECIMAL_CEILING],
    [parseUsdc("99999999999999"), DECIMAL_CEILING],
    [parseRate("0.00045"), 450_000],
    [parseRate("-0.00001"), -10_000],
  ])("%s is %s", (actual, expected) => {
    expect(actual).toBe(expected);
  });
});

test.each([
  ["100.0", "100"],
  ["0.10", "0.1"],
  ["100.", "100"],
  [".5", "0.5"],
  ["00", "0"],
  ["-0.0", "0"],
  ["-1.50", "-1.5"],
  ["abc", null],
])("canonical form of %s is %s", (text, expected) => {
  expect(canonicalDecimal(text)).toBe(expected);
});

test("what is formatted reads back as the same integer, at any number of decimals", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: DECIMAL_CEILING }),
      fc.integer({ min: 0, max: 6 }),
      (value, szDecimals) => {
        expect(parseSz(formatSz(value, szDecimals), szDecimals)).toBe(value);
        expect(parseSignedSz(formatSignedSz(0 - value, szDecimals), szDecimals)).toBe(0 - value);
        expect(parseUsdc(formatUsdc(value))).toBe(value);
        expect(formatSz(value, szDecimals)).toMatch(/^\d+\.\d+$/);
        if (value > 0) expect(parsePx(formatPx(value, szDecimals), szDecimals)).toBe(value);
      },
    ),
  );
});
