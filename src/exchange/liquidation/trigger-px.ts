/**
 * How far a market's price may go before a position has lost a given amount of what its account has
 * beyond maintenance.
 *
 * A position of s lots at price p adds to equity less maintenance, but for its cost,
 *   value(p) = s p - M(|s| p)        M by base/margin-tiers.ts [10^-6 USDC]
 * which never falls while p rises where s > 0, and always falls where s < 0: M grows by |s| at
 * most where |s| p grows by |s|. So a position has one dangerous direction, and one price bounds it:
 *   long:  the lowest p with value(p) >= g;   in tier n, without ceil, N = ((g + base) d - from) / (d - 1)
 *   short: the highest p with the same;       in tier n, without ceil, N = (from - (g + base) d) / (d + 1)
 * with g = value(p0) - loss and N = |s| p. The tier is the first whose end is beyond that bound. The
 * quotient is a float and only where the search begins; value() is exact and decides. Both lie
 * within a few ticks: ceil adds less than one, and a tick is worth |s| / 2 or more.
 */
import { maintenanceOf, type TierTable } from "../../base/margin-tiers.ts";

/** Value of a position less its maintenance, cost left out [lots, ticks -> 10^-6 USDC]. */
export const valueLessMaintenance = (size: number, px: number, tiers: TierTable): number =>
  size * px - maintenanceOf(tiers, Math.abs(size) * px);

/** A position and what it may lose; one record used again, for large numbers as arguments are allocated. */
export interface Burden {
  /** Positive = long, never 0 [lots]. */
  size: number;
  /** Price that the loss counts from [ticks]. */
  px: number;
  /** Highest price of the market [ticks]. */
  pxMax: number;
  tiers: TierTable;
  /** Not negative [10^-6 USDC]. */
  loss: number;
}

/** No position; for callers to fill. */
export const createBurden = (): Burden => ({
  size: 0,
  px: 0,
  pxMax: 0,
  tiers: { from: [0], divisor: [2], base: [0] },
  loss: 0,
});

/** Lowest price, 0 at least, at which a long position has lost no more than it may [ticks]. */
export function lowestBearablePx({ size, px, tiers, loss }: Burden): number {
  const least = valueLessMaintenance(size, px, tiers) - loss;
  if (least <= 0) return 0;
  const { from, divisor, base } = tiers;
  let n = 0;
  while (n + 1 < from.length && (from[n + 1] as number) - (base[n + 1] as number) < least) n += 1;
  const d = divisor[n] as number;
  const notional = ((least + (base[n] as number)) * d - (from[n] as number)) / (d - 1);
  let lowest = Math.max(0, Math.min(px, Math.floor(notional / size)));
  while (valueLessMaintenance(size, lowest, tiers) < least) lowest += 1;
  while (lowest > 0 && valueLessMaintenance(size, lowest - 1, tiers) >= least) lowest -= 1;
  return lowest;
}

/** Highest price, the market's highest at most, at which a short position has lost no more than it may [ticks]. */
export function highestBearablePx({ size, px, pxMax, tiers, loss }: Burden): number {
  const least = valueLessMaintenance(size, px, tiers) - loss;
  const { from, divisor, base } = tiers;
  let n = 0;
  while (n + 1 < from.length && (from[n + 1] as number) + (base[n + 1] as number) <= -least) n += 1;
  const d = divisor[n] as number;
  const notional = ((from[n] as number) - (least + (base[n] as number)) * d) / (d + 1);
  let highest = Math.max(px, Math.min(pxMax, Math.floor(notional / -size) + 1));
  while (valueLessMaintenance(size, highest, tiers) < least) highest -= 1;
  while (highest < pxMax && valueLessMaintenance(size, highest + 1, tiers) >= least) highest += 1;
  return highest;
}
