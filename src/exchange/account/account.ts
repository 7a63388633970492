/**
 * Owns the accounts: one row each, never removed. Rows 0 and 1 are the exchange's own: what fees
 * were paid, and the insurance money that takes over deficits (and may itself be negative).
 */
import {
  addF64,
  addI32,
  addRow,
  addTable,
  addU8,
  type F64Column,
  type I32Column,
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

/** Columns of the accounts. */
export interface Accounts {
  readonly table: Table;
  readonly address: U8Column;
  /** Deposits - withdrawals + realised PnL - fees; may be negative [10^-6 USDC]. */
  readonly cash: F64Column;
  /** Traded notional of a lifetime, maker and taker [10^-6 USDC]. */
  readonly volume: F64Column;
  /** Requests counted against the address budget. */
  readonly requestsUsed: F64Column;
  /** Time of the last action that was let through over budget [ms]. */
  readonly overBudgetAtMs: F64Column;
  /** When all orders shall be canceled; 0 = not scheduled [ms]. */
  readonly scheduledCancelMs: F64Column;
  /** UTC day of the last fired scheduled cancel, and how many fired on it. */
  readonly scheduledFiredDay: I32Column;
  readonly scheduledFiredCount: I32Column;
  /** First row of the account's positions; index + 1, 0 = none. */
  readonly firstPosition: I32Column;
  /** 1 while a liquidation is queued, 2 while one is unfinished, 0 else. */
  readonly distress: U8Column;
}

/** The two accounts of the exchange and no user. */
export function createAccounts(register: Register): Accounts {
  const table = addTable(register, "account", ACCOUNTS_MAX);
  return {
    table,
    address: addU8(table, "address", 20),
    cash: addF64(table, "cash"),
    volume: addF64(table, "volume"),
    requestsUsed: addF64(table, "requestsUsed"),
    overBudgetAtMs: addF64(table, "overBudgetAtMs"),
    scheduledCancelMs: addF64(table, "scheduledCancelMs"),
    scheduledFiredDay: addI32(table, "scheduledFiredDay"),
    scheduledFiredCount: addI32(table, "scheduledFiredCount"),
    firstPosition: addI32(table, "firstPosition"),
    distress: addU8(table, "distress"),
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
  accounts.cash.data[account] = (accounts.cash.data[account] as number) + amount;
}

/** Adds traded notional; stops at 2^53 - 1 micros (9 billion USDC) instead of losing units. */
export function addVolume(accounts: Accounts, account: number, notional: number): void {
  const volume = (accounts.volume.data[account] as number) + notional;
  accounts.volume.data[account] = Math.min(volume, Number.MAX_SAFE_INTEGER);
}
