/**
 * Prices of a grid. Both ends are prices of the grid; between them neighbours differ by an equal amount
 * (arithmetic) or by an equal factor (geometric), floored to a legal price of the market.
 *
 *     arithmetic  p_i = low + range x i / (n - 1)
 *     geometric   p_i = low x r^i,  r = (high / low)^(1 / (n - 1))
 *
 * Multiplying before dividing is what puts the highest price where it was asked for; a spacing that
 * was floored first would end below it. Only +, -, x and / of floats: they round alike anywhere.
 */
import { floorLegalPx, type PriceRule } from "../../base/instrument-spec.ts";
import { mulDivTrunc } from "../../base/rounding.ts";

/** A grid's range [ticks] and number of prices. */
export interface GridRange {
  readonly lowPx: number;
  readonly highPx: number;
  readonly levels: number;
  readonly isGeometric: boolean;
}

/** Writes the prices, lowest first, to the front of `out` [ticks]. */
export function writeGridLevels(
  { lowPx, highPx, levels, isGeometric }: GridRange,
  rule: { szDecimals: number; priceRule: PriceRule },
  out: Float64Array,
): void {
  const steps = levels - 1;
  const factor = isGeometric ? rootOf(highPx / lowPx, steps) : 1;
  let exact = lowPx;
  for (let i = 0; i < steps; i++) {
    const px = isGeometric ? Math.floor(exact) : lowPx + mulDivTrunc(highPx - lowPx, i, steps);
    out[i] = floorLegalPx(rule, Math.max(lowPx, px));
    exact *= factor;
  }
  out[steps] = highPx;
}

/** The n-th root of a number above 1, by halving: the largest found whose power is not above it. */
function rootOf(value: number, n: number): number {
  let low = 1;
  let high = value;
  for (let step = 0; step < 64; step++) {
    const middle = (low + high) / 2;
    if (powerOf(middle, n) <= value) low = middle;
    else high = middle;
  }
  return low;
}

function powerOf(base: number, exponent: number): number {
  let power = 1;
  let square = base;
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power *= square;
    square *= square;
  }
  return power;
}

/**
 * The first level whose distance to the next does not earn the fees of a cycle, or -1:
 * (p_i+1 - p_i) / p_i+1 > 2 x maker fee must hold [rate: 10^-9].
 */
export function tightLevel(levels: Float64Array, count: number, makerRate: number): number {
  const cost = 2 * Math.max(0, makerRate);
  for (let i = 0; i + 1 < count; i++) {
    const low = levels[i] as number;
    const high = levels[i + 1] as number;
    // Prices stay below 2^25 and rates below 2^28: exact.
    if (!((high - low) * 1_000_000_000 > high * cost && high > low)) return i;
  }
  return -1;
}

/** The level nearest to a price, the lower of two: the gap at which a grid has no order. */
export function gapLevel(levels: Float64Array, count: number, px: number): number {
  let gap = 0;
  for (let i = 1; i < count; i++) {
    const isNearer = Math.abs((levels[i] as number) - px) < Math.abs((levels[gap] as number) - px);
    if (isNearer) gap = i;
  }
  return gap;
}
