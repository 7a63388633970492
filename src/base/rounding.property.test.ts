import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { divCeil, mulDivTrunc, mulRateCeil, mulRateTrunc } from "./rounding.ts";

const E9 = 1_000_000_000n;
const MAX = Number.MAX_SAFE_INTEGER;
const amount = fc.oneof(fc.maxSafeNat(), fc.nat(10_000), fc.constantFrom(MAX, MAX - 1, 0, 1));
const rate = fc.oneof(
  fc.integer({ min: 0, max: 1_000_000_000 }),
  fc.constantFrom(0, 1, 150_000, 450_000, 10 ** 9),
);
const sign = fc.constantFrom(1, -1);
const many = { numRuns: 2_000 };

const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

describe("against BigInt", () => {
  test("mulRateTrunc is value x rate / 10^9 towards zero, for all signs", () => {
    fc.assert(
      fc.property(amount, rate, sign, sign, (value, e9, s, t) => {
        const exact = Number((BigInt(s * value) * BigInt(t * e9)) / E9);
        expect(mulRateTrunc(s * value, t * e9)).toBe(exact);
      }),
      many,
    );
  });

  test("mulRateCeil is value x rate / 10^9 upwards", () => {
    fc.assert(
      fc.property(amount, rate, (value, e9) => {
        expect(BigInt(mulRateCeil(value, e9))).toBe(ceilDiv(BigInt(value) * BigInt(e9), E9));
      }),
      many,
    );
  });

  test("divCeil is the quotient upwards, also where the float quotient lies", () => {
    fc.assert(
      fc.property(
        amount,
        fc.oneof(fc.integer({ min: 1, max: 200 }), fc.maxSafeNat()),
        (value, by) => {
          const divisor = Math.max(1, by);
          expect(BigInt(divCeil(value, divisor))).toBe(ceilDiv(BigInt(value), BigInt(divisor)));
        },
      ),
      many,
    );
  });

  test("mulDivTrunc is value x part / whole towards zero, for parts of a whole", () => {
    fc.assert(
      fc.property(amount, sign, amount, amount, (value, s, a, b) => {
        const whole = Math.max(1, a, b);
        const part = Math.min(a, b, whole);
        const exact = Number((BigInt(s * value) * BigInt(part)) / BigInt(whole));
        expect(mulDivTrunc(s * value, part, whole)).toBe(exact);
      }),
      many,
    );
  });

  test("no result is minus zero", () => {
    for (const value of [0, -0, -1, 1]) {
      expect(Object.is(mulRateTrunc(value, 1), -0)).toBe(false);
      expect(Object.is(mulRateTrunc(-value, -0), -0)).toBe(false);
      expect(Object.is(mulDivTrunc(value, 1, 3), -0)).toBe(false);
    }
  });
});

test.each([
  { value: 2 ** 53, e9: 1 },
  { value: 0.5, e9: 1 },
  { value: 1, e9: 10 ** 9 + 1 },
  { value: Number.NaN, e9: 1 },
])("a value or rate outside the domain stops: $value x $e9", ({ value, e9 }) => {
  expect(() => mulRateTrunc(value, e9)).toThrow(/broken rule/);
  expect(() => mulRateCeil(value, e9)).toThrow(/broken rule/);
});
