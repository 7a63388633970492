/**
 * Owns what fees depend on: one row an account from its first trade on, with its volume of the running
 * UTC day, of the days that count for its tier, and the rates that follow. Row 0, which is the
 * exchange's own, holds the figures of all trades. Closed days stand in a ring of 32 buckets a row,
 * made when a day with trades closes; the sums over the window are counted anew with each day.
 *
 * Rates are settled when a row's day turns and hold until the next: no batch of fills straddles two.
 */
import {
  addI32,
  addRecord,
  addRow,
  addTable,
  type I32Column,
  type RecordColumn,
  type Register,
  type Table,
} from "../../base/column.ts";
import { ACCOUNTS_MAX } from "./account.ts";

/** Lanes of a record of 64 bytes: float64 lanes 0 to 5, int32 lanes 12 to 15. */
export const FEE_ROW = {
  /** Volume of the running day as maker and as taker [10^-6 USDC]. */
  madeToday: 0,
  takenToday: 1,
  /** The same of the window's closed days [10^-6 USDC]. */
  made: 2,
  taken: 3,
  /** [10^-6 tokens] */
  stake: 4,
  /** End of the day that the rates hold for; 0 = none yet [ms]. */
  untilMs: 5,
  /** Int32 lanes: negative = rebate [10^-9]. */
  makerRate: 12,
  takerRate: 13,
  /** Ring of closed days; index + 1, 0 = none. */
  days: 14,
  /** Row of `rewards`; index + 1, 0 = none. */
  reward: 15,
} as const;
const FEE_ROW_BYTES = 64;

/** Days that a ring holds. */
export const FEE_DAYS = 32;

/** Tables of fees. */
export interface FeeRows {
  readonly table: Table;
  readonly rows: RecordColumn;
  readonly daysTable: Table;
  /** 32 pairs of float64 lanes a row: volume made and taken on day `day mod 32` [10^-6 USDC]. */
  readonly days: RecordColumn;
  readonly settingTable: Table;
  /** Number of the schedule in force. */
  readonly schedule: I32Column;
}

/** No rows; the first schedule. */
export function createFeeRows(register: Register): FeeRows {
  const table = addTable(register, "fee", ACCOUNTS_MAX);
  const rows = addRecord(table, "rows", FEE_ROW_BYTES);
  const daysTable = addTable(register, "fee-days", ACCOUNTS_MAX);
  const days = addRecord(daysTable, "days", FEE_DAYS * 16);
  const settingTable = addTable(register, "fee-setting", 1);
  const schedule = addI32(settingTable, "schedule");
  addRow(settingTable);
  return { table, rows, daysTable, days, settingTable, schedule };
}

/** Makes sure that an account has its row. */
export function openFeeRow(fees: FeeRows, account: number): void {
  while (fees.table.count <= account) addRow(fees.table);
}
