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

/**
 * Lowest price, 0 at least, at which a long position has lost no more than `loss` since `px` [ticks].
 * Plain arguments here and below: a bundle would be an allocation for each position.
 */
export function lowestBearablePx(size: number, px: number, divisor: number, loss: number): number {
  const least = valueLessMaintenance(size, px, divisor) - loss;
  if (least <= 0) return 0;
  let lowest = Math.min(px, Math.floor((least * divisor) / (size * (divisor - 1))));
  while (valueLessMaintenance(size, lowest, divisor) < least) lowest += 1;
  return lowest;
}

/** Highest price, `pxMax` at most, at which a short position has lost no more than `loss` since `px` [ticks]. */
export function highestBearablePx(
  size: number,
  px: number,
  divisor: number,
  loss: number,
  pxMax: number,
): number {
  const least = valueLessMaintenance(size, px, divisor) - loss;
  let highest = Math.min(pxMax, Math.floor((least * divisor) / (size * (divisor + 1))) + 1);
  while (valueLessMaintenance(size, highest, divisor) < least) highest -= 1;
  return highest;
}
