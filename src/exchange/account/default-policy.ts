/**
 * Owns the exchange's policy on defaults: one row once the operator has set it, and none while the
 * venue's rules apply without a backstop.
 */
import {
  addRecord,
  addRow,
  addTable,
  f64Lane,
  i32Lane,
  type RecordColumn,
  type RecordLane,
  type Register,
  type Table,
} from "../../base/column.ts";

/** Who is deleveraged; numbers never change. */
export const ADL = {
  /** One after the other, by profit and leverage: the venue's rule. */
  queue: 0,
  /** All holders in profit, each by the same part of its position. */
  proRata: 1,
} as const;

/** Names of the ways to deleverage, by number. */
export const ADL_NAMES = ["queue", "proRata"] as const;

/** The venue closes a fifth of a position above this first: 100,000 USDC [10^-6 USDC]. */
export const PARTIAL_ABOVE = 100_000_000_000;

/** Columns of the policy. */
export interface DefaultPolicy {
  readonly table: Table;
  readonly rows: RecordColumn;
  /** Position notional above which the first order closes a part [10^-6 USDC]. */
  readonly partialAbove: RecordLane;
  /** Most that the backstop was to lose when it was appointed [10^-6 USDC]. */
  readonly lossMax: RecordLane;
  /** Equity below which the backstop takes nothing over [10^-6 USDC]. */
  readonly floor: RecordLane;
  /** An {@link ADL} number. */
  readonly adl: RecordLane;
  /** Account of the backstop; 0 = none. */
  readonly backstop: RecordLane;
}

/** No policy of its own. */
export function createDefaultPolicy(register: Register): DefaultPolicy {
  const table = addTable(register, "default-policy", 1);
  const rows = addRecord(table, "rows", 32);
  return {
    table,
    rows,
    partialAbove: f64Lane(rows, 0),
    lossMax: f64Lane(rows, 1),
    floor: f64Lane(rows, 2),
    adl: i32Lane(rows, 6),
    backstop: i32Lane(rows, 7),
  };
}

/** Makes the one row where it is missing. */
export function openPolicyRow(policy: DefaultPolicy): void {
  if (policy.table.count === 0) addRow(policy.table);
}
