/** Which strategies there are, for checks and answers; walks all of them. */
import { STRATEGY, STRATEGY_LANES } from "../account/strategy-table.ts";
import type { Core } from "../core.ts";

/** Most strategies of an account at a time. */
export const STRATEGIES_PER_ACCOUNT = 64;

/** Rows of the strategies of an account, in the order of their rows; allocates. */
export function strategiesOf({ strategies }: Core, account: number): number[] {
  const { f64 } = strategies.rows;
  const found: number[] = [];
  for (let row = 0; row < strategies.table.count; row++) {
    const at = row * STRATEGY_LANES;
    if (f64[at + STRATEGY.kind] !== 0 && f64[at + STRATEGY.account] === account) found.push(row);
  }
  return found;
}
