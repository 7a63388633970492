/**
 * Value of one unit of an account, as a fund counts it: each flow of money buys or redeems units at
 * the value just before it, so that money that comes or goes is no return (the time-weighted return:
 * Dietz 1966; GIPS 2020, section 2.A). Between two flows
 *
 *   growth = equity before the flow / equity after the last one                            [1]
 *
 * and a period's return is the product of its growths less one. A stretch that begins without equity
 * has no return and is left out. O(1) a flow.
 */

/** The running period. */
export interface UnitValue {
  /** Equity after the last flow, or at the start of the period [10^-6 USDC]. */
  base: number;
  /** Product of growths since the start of the period. */
  growth: number;
  /** Part of the period had equity to begin with. */
  held: boolean;
}

/** Of an account that holds nothing. */
export const createUnitValue = (): UnitValue => ({ base: 0, growth: 1, held: false });

/** Closes the stretch up to a flow: equity just before it, and the flow [10^-6 USDC]. */
export function noteFlow(unit: UnitValue, equity: number, flow: number): void {
  closeStretch(unit, equity);
  unit.base = equity + flow;
}

/** Ends the period with an equity [10^-6 USDC]; returns its return [1], null where it had none. */
export function closePeriod(unit: UnitValue, equity: number): number | null {
  closeStretch(unit, equity);
  const result = unit.held ? unit.growth - 1 : null;
  unit.base = equity;
  unit.growth = 1;
  unit.held = false;
  return result;
}

function closeStretch(unit: UnitValue, equity: number): void {
  if (unit.base <= 0) return;
  // Who owes has lost all, not more: what is owed beyond is the insurance's loss.
  unit.growth *= Math.max(0, equity) / unit.base;
  unit.held = true;
}
