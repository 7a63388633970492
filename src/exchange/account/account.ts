/**
 * Owns the accounts: one row each, never removed. Rows 0 and 1 are the exchange's own: what fees
 * were paid, and the insurance money that takes over deficits (and may itself be negative).
 *
 * A row is a record of 64 bytes, a cache line: an order touches one account in a hundred thousand.
 */
import {
  addI32,
  addRecord,
  addRow,
  addTable,
  addU8,
  f64Lane,
  type I32Column,
  i32Lane,
  keepRow,
  type RecordColumn,
  type RecordLane,
  type Register,
  type Table,
  type U8Column,
} from "../../base/column.ts";

/** Most accounts of one exchange, the exchange's own included. */
export const ACCOUNTS_MAX = 1_048_576;
/** Row that collects fees. */
export const FEE_ACCOUNT = 0;
/** Row that takes over deficits. */
export const INSURANCE_ACCOUNT = 1;

/** Lanes of a record of 64 bytes: float64 lanes 0 to 5, int32 lanes 12 to 15. */
export const ACCOUNT = {
  cash: 0,
  volume: 1,
  requestsUsed: 2,
  overBudgetAtMs: 3,
  scheduledCancelMs: 4,
  cooldownUntilMs: 5,
  /** Int32 lanes. */
  firstPosition: 12,
  distress: 13,
  scheduledFiredDay: 14,
  scheduledFiredCount: 15,
} as const;
const ACCOUNT_BYTES = 64;

/** Columns of the accounts. */
export interface Accounts {
  readonly table: Table;
  readonly address: U8Column;
  readonly rows: RecordColumn;
  /** Deposits - withdrawals + realised PnL - fees; may be negative [10^-6 USDC]. */
  readonly cash: RecordLane;
  /** Traded notional of a lifetime, maker and taker [10^-6 USDC]. */
  readonly volume: RecordLane;
  /** Requests counted against the address budget. */
  readonly requestsUsed: RecordLane;
  /** Time of the last action that was let through over budget [ms]. */
  readonly overBudgetAtMs: RecordLane;
  /** When all orders shall be canceled; 0 = not scheduled [ms]. */
  readonly scheduledCancelMs: RecordLane;
  /** Until when liquidations close positions whole; 0 = never partly closed yet [ms]. */
  readonly cooldownUntilMs: RecordLane;
  /** UTC day of the last fired scheduled cancel, and how many fired on it. */
  readonly scheduledFiredDay: RecordLane;
  readonly scheduledFiredCount: RecordLane;
  /** Open positions of isolated margin. */
  readonly isolatedOpen: I32Column;
  /** First row of the account's positions; index + 1, 0 = none. */
  readonly firstPosition: RecordLane;
  /** 1 while a liquidation is queued, 2 while one is unfinished, 0 else. */
  readonly distress: RecordLane;
}

/** The two accounts of the exchange and no user. */
export function createAccounts(register: Register): Accounts {
  const table = addTable(register, "account", ACCOUNTS_MAX);
  const address = addU8(table, "address", 20);
  const rows = addRecord(table, "rows", ACCOUNT_BYTES);
  return {
    table,
    address,
    rows,
    cash: f64Lane(rows, ACCOUNT.cash),
    volume: f64Lane(rows, ACCOUNT.volume),
    requestsUsed: f64Lane(rows, ACCOUNT.requestsUsed),
    overBudgetAtMs: f64Lane(rows, ACCOUNT.overBudgetAtMs),
    scheduledCancelMs: f64Lane(rows, ACCOUNT.scheduledCancelMs),
    cooldownUntilMs: f64Lane(rows, ACCOUNT.cooldownUntilMs),
    scheduledFiredDay: i32Lane(rows, ACCOUNT.scheduledFiredDay),
    scheduledFiredCount: i32Lane(rows, ACCOUNT.scheduledFiredCount),
    isolatedOpen: addI32(table, "isolatedOpen"),
    firstPosition: i32Lane(rows, ACCOUNT.firstPosition),
    distress: i32Lane(rows, ACCOUNT.distress),
  };
}

/** Adds an account with the 20 address bytes at `at`; returns its id. */
export function addAccount(accounts: Accounts, bytes: Uint8Array, at: number): number {
  const id = addRow(accounts.table);
  accounts.address.data.set(bytes.subarray(at, at + 20), id * 20);
  return id;
}

/** Adds to an account's money; every movement of money goes through here [10^-6 USDC]. */
export function addCash(accounts: Accounts, account: number, amount: number): void {
  keepRow(accounts.table, account);
  const { f64 } = accounts.rows;
  const at = account * 8 + ACCOUNT.cash;
  f64[at] = (f64[at] as number) + amount;
}

/** Adds traded notional; stops at 2^53 - 1 micros (9 billion USDC) instead of losing units. */
export function addVolume(accounts: Accounts, account: number, notional: number): void {
  keepRow(accounts.table, account);
  const { f64 } = accounts.rows;
  const at = account * 8 + ACCOUNT.volume;
  const volume = (f64[at] as number) + notional;
  f64[at] = Math.min(volume, Number.MAX_SAFE_INTEGER);
}
