/**
 * Maintenance margin by tiers of a position's notional, without a jump between them.
 *
 * A tier n begins at the notional from_n and has the maintenance rate 1 / d_n, d_n = 2 maxLeverage_n: half
 * the initial rate at its highest leverage. For a notional N in tier n
 *   M(N) = base_n + ceil((N - from_n) / d_n)                               [10^-6 USDC]
 *   base_0 = 0,  base_n = base_(n-1) + ceil((from_n - from_(n-1)) / d_(n-1))
 * which is the venue's N / d_n - deduction_n with deduction_n = deduction_(n-1) + from_n (1 / d_n -
 * 1 / d_(n-1)), each tier's part rounded up: by less than a unit a tier. So M has one value where two
 * tiers meet, never falls, and grows by N's growth at most, as d_n >= 2.
 * Source: the venue's documentation, "Margin tiers".
 */
import { divCeil } from "./rounding.ts";

/** A tier as it is set: where it begins, and the highest leverage in it. */
export interface MarginTier {
  /** Notional of a position from which the tier holds [10^-6 USDC]. */
  readonly lowerBound: number;
  readonly maxLeverage: number;
}

/** Most tiers of a market, the first included. */
export const MARGIN_TIERS_MAX = 8;

/** Tiers in the form that sums are made from; all arrays have one entry a tier. */
export interface TierTable {
  /** [10^-6 USDC] */
  readonly from: readonly number[];
  /** Twice the highest leverage. */
  readonly divisor: readonly number[];
  /** Maintenance where the tier begins [10^-6 USDC]. */
  readonly base: readonly number[];
}

/** The table of tiers in order; the first begins at 0. */
export function tierTable(tiers: readonly MarginTier[]): TierTable {
  const from = tiers.map(({ lowerBound }) => lowerBound);
  const divisor = tiers.map(({ maxLeverage }) => 2 * maxLeverage);
  const base = [0];
  for (let n = 1; n < tiers.length; n++) {
    const width = (from[n] as number) - (from[n - 1] as number);
    base.push((base[n - 1] as number) + divCeil(width, divisor[n - 1] as number));
  }
  return { from, divisor, base };
}

/** Whether tiers begin at 0, rise, and allow less and less leverage. */
export function areTiersSound(tiers: readonly MarginTier[]): boolean {
  if (tiers.length < 1 || tiers.length > MARGIN_TIERS_MAX || tiers[0]?.lowerBound !== 0)
    return false;
  return tiers.every(({ lowerBound, maxLeverage }, n) => {
    const before = tiers[n - 1];
    return (
      Number.isSafeInteger(lowerBound) &&
      Number.isInteger(maxLeverage) &&
      maxLeverage >= 1 &&
      (before === undefined || (lowerBound > before.lowerBound && maxLeverage < before.maxLeverage))
    );
  });
}

/** Tier that a notional lies in [10^-6 USDC]. */
function tierOf({ from }: TierTable, notional: number): number {
  let n = from.length - 1;
  while (n > 0 && notional < (from[n] as number)) n -= 1;
  return n;
}

/** Maintenance margin of a position's notional, which is not negative [10^-6 USDC]. */
export function maintenanceOf(table: TierTable, notional: number): number {
  const n = tierOf(table, notional);
  const above = notional - (table.from[n] as number);
  return (table.base[n] as number) + divCeil(above, table.divisor[n] as number);
}

/**
 * Notional that a position at a leverage may not pass: where the first tier begins that does not
 * allow it; Infinity = none [10^-6 USDC].
 */
export function notionalMaxAt({ from, divisor }: TierTable, leverage: number): number {
  for (let n = 0; n < from.length; n++)
    if ((divisor[n] as number) < 2 * leverage) return from[n] as number;
  return Number.POSITIVE_INFINITY;
}
