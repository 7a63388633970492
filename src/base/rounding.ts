/**
 * Exact value x rate / 10^9 with a named direction. The product may pass 2^53, so it is split:
 * value = h 10^9 + l gives h rate + (l rate) / 10^9, and l rate is split once more below.
 * Exact while |value| < 2^53 and |rate| <= 10^9; source: long multiplication.
 */
import { assert } from "./assert.ts";

const E9 = 1_000_000_000;
const HALF = 32_768;

/** What the last split product left over; a pair of results would be an allocation. */
let remainder = 0;

/** Quotient of a non-negative product value x rate over 10^9; leaves {@link remainder}. */
function splitMulDivE9(value: number, rate: number): number {
  assert(Number.isSafeInteger(value) && value >= 0, "value is a non-negative safe integer");
  assert(Number.isSafeInteger(rate) && rate >= 0 && rate <= E9, "rate is within 0 and 10^9");
  const product = value * rate;
  if (product <= Number.MAX_SAFE_INTEGER) {
    // Most fees: the product is exact, and so is the check of a quotient that rounding put too high.
    const quotient = Math.floor(product / E9);
    const whole = quotient * E9 > product ? quotient - 1 : quotient;
    remainder = product - whole * E9;
    return whole;
  }
  const high = Math.floor(value / E9);
  const low = value - high * E9;
  const rateHigh = Math.floor(rate / HALF);
  const rateLow = rate - rateHigh * HALF;
  // low < 10^9 < 2^30 and rateHigh < 2^15, so each partial product is below 2^45.
  const upper = low * rateHigh;
  const upperHigh = Math.floor(upper / E9);
  const upperLow = upper - upperHigh * E9;
  const rest = upperLow * HALF + low * rateLow;
  const carry = Math.floor(rest / E9);
  remainder = rest - carry * E9;
  return high * rate + upperHigh * HALF + carry;
}

/** value x rate / 10^9 rounded towards zero: fees, as the venue truncates them [unit of value]. */
export function mulRateTrunc(value: number, rate: number): number {
  const quotient = splitMulDivE9(Math.abs(value), Math.abs(rate));
  return value < 0 !== rate < 0 ? -quotient || 0 : quotient;
}

/** value x rate / 10^9 rounded up for non-negative inputs: what an account must hold [unit of value]. */
export function mulRateCeil(value: number, rate: number): number {
  const quotient = splitMulDivE9(value, rate);
  return remainder > 0 ? quotient + 1 : quotient;
}

/** value / divisor rounded up for non-negative inputs [unit of value]. */
export function divCeil(value: number, divisor: number): number {
  const quotient = Math.floor(value / divisor);
  const whole = fixQuotient(value, divisor, quotient);
  return whole * divisor < value ? whole + 1 : whole;
}

/**
 * value x numerator / denominator rounded towards zero, by way of BigInt where the product passes
 * 2^53. Used for the share of a cost basis that a reduction releases [unit of value].
 */
export function mulDivTrunc(value: number, numerator: number, denominator: number): number {
  const product = value * numerator;
  if (Number.isSafeInteger(product)) {
    const rest = product % denominator;
    return (product - rest) / denominator || 0;
  }
  return Number((BigInt(value) * BigInt(numerator)) / BigInt(denominator));
}

/** value x numerator / denominator rounded up, for non-negative inputs: what is owed [unit of value]. */
export function mulDivCeil(value: number, numerator: number, denominator: number): number {
  const whole = mulDivTrunc(value, numerator, denominator);
  const isExact = BigInt(whole) * BigInt(denominator) === BigInt(value) * BigInt(numerator);
  return isExact ? whole : whole + 1;
}

/** Corrects a floored float quotient that rounding put one off the true one. */
function fixQuotient(value: number, divisor: number, quotient: number): number {
  if (quotient * divisor > value) return quotient - 1;
  return quotient;
}
