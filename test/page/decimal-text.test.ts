import { expect, test } from "vitest";
import {
  ageText,
  clockText,
  decimalText,
  distanceBps,
  exactMoneyText,
  moneyText,
  pxText,
  szText,
} from "../../web/src/text/decimal-text.ts";

test.each([
  [837_670, 1, "minusOnly", "83,767.0"],
  [0, 6, "always", "0.000000"],
  [5, 6, "always", "+0.000005"],
  [-5, 6, "always", "−0.000005"],
  [1_234_567_890, 0, "minusOnly", "1,234,567,890"],
  [-1_000, 3, "minusOnly", "−1.000"],
  [Number.MAX_SAFE_INTEGER, 6, "minusOnly", "9,007,199,254.740991"],
] as const)("%i with %i decimals, sign %s, is %s", (value, decimals, sign, expected) => {
  expect(decimalText(value, decimals, sign)).toBe(expected);
});

test("a price has 6 - szDecimals decimals, a fraction of a tick one more, none is a dash", () => {
  expect(pxText(837_670, 5)).toBe("83,767.0");
  expect(pxText(837_670.5, 5)).toBe("83,767.05");
  expect(pxText(382_200, 2)).toBe("38.2200");
  expect(pxText(null, 5)).toBe("—");
});

test("sizes keep all their decimals", () => {
  expect(szText(1, 5)).toBe("0.00001");
  expect(szText(-33_500, 5, "always")).toBe("−0.33500");
});

test.each([
  [12_345_678, "+$12.34"],
  [-12_345_678, "−$12.34"],
  [-9_999, "−$0.00"],
  [0, "$0.00"],
  [1_234_567_890_000, "+$1,234,567.89"],
])("%i micros to the cent is %s", (micros, expected) => {
  expect(moneyText(micros)).toBe(expected);
});

test("exact money parts at the cents and loses nothing", () => {
  expect(exactMoneyText(-43_059_656)).toEqual({ cents: "−43.05", rest: "9656" });
  expect(exactMoneyText(1)).toEqual({ cents: "+0.00", rest: "0001" });
});

test("times of day are UTC", () => {
  const timeMs = Date.UTC(2026, 0, 15, 14, 3, 22, 7);
  expect(clockText(timeMs, "millis")).toBe("14:03:22.007");
  expect(clockText(timeMs, "seconds")).toBe("14:03:22");
});

test.each([
  [-3, "0 ms"],
  [12, "12 ms"],
  [2_340, "2.3 s"],
  [250_000, "4 min"],
])("an age of %i ms is %s", (ageMs, expected) => {
  expect(ageText(ageMs)).toBe(expected);
});

test("a resting order's distance is positive away from the mid [bps]", () => {
  expect(distanceBps({ side: "buy", px: 9_990 }, 10_000)).toBeCloseTo(10, 9);
  expect(distanceBps({ side: "sell", px: 10_010 }, 10_000)).toBeCloseTo(10, 9);
});
