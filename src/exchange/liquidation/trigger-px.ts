/**
 * How far a market's price may go before a position has lost a given amount of what its account has
 * beyond maintenance.
 *
 * A position of s lots at price p adds to equity less maintenance, but for its cost,
 *   value(p) = s p - ceil(|s| p / d),   d = 2 maxLeverage >= 2        [10^-6 USDC]
 * which never falls while p rises where s > 0, and always falls where s < 0: ceil grows by |s| at
 * most where |s| p grows by |s|. So a position has one dangerous direction, and one price bounds it:
 *   long:  the lowest p with value(p) >= value(p0) - loss;  without ceil p = g d / (s (d - 1))
 *   short: the highest p with the same;                     without ceil p = -g d / (|s| (d + 1))
 * with g = value(p0) - loss. The quotient is a float and only where the search begins; value() is
 * exact and decides. Both lie within a few ticks: ceil adds less than one, and a tick is worth |s| / 2
 * or more.
 */
import { divCeil } from "../../base/rounding.ts";

/** Value of a position less its maintenance, cost left out [lots, ticks -> 10^-6 USDC]. */
export const valueLessMaintenance = (size: number, px: number, divisor: number): number =>
  size * px - divCeil(Math.abs(size) * px, divisor);

/** A position and what it may lose; one record used again, for large numbers as arguments are allocated. */
export interface Burden {
  /** Positive = long, never 0 [lots]. */
  size: number;
  /** Price that the loss counts from [ticks]. */
  px: number;
  /** Highest price of the market [ticks]. */
  pxMax: number;
  /** Twice the market's highest leverage. */
  divisor: number;
  /** Not negative [10^-6 USDC]. */
  loss: number;
}

/** No position; for callers to fill. */
export const createBurden = (): Burden => ({ size: 0, px: 0, pxMax: 0, divisor: 2, loss: 0 });

/** Lowest price, 0 at least, at which a long position has lost no more than it may [ticks]. */
export function lowestBearablePx({ size, px, divisor, loss }: Burden): number {
  const least = valueLessMaintenance(size, px, divisor) - loss;
  if (least <= 0) return 0;
  let lowest = Math.min(px, Math.floor((least * divisor) / (size * (divisor - 1))));
  while (valueLessMaintenance(size, lowest, divisor) < least) lowest += 1;
  return lowest;
}

/** Highest price, the market's highest at most, at which a short position has lost no more than it may [ticks]. */
export function highestBearablePx({ size, px, pxMax, divisor, loss }: Burden): number {
  const least = valueLessMaintenance(size, px, divisor) - loss;
  let highest = Math.min(pxMax, Math.floor((least * divisor) / (size * (divisor + 1))) + 1);
  while (valueLessMaintenance(size, highest, divisor) < least) highest -= 1;
  return highest;
}
