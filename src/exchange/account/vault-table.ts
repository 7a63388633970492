/**
 * Owns the rows of vaults: who leads one, who trades for it, on what terms, and how it stands. A vault's
 * money is an account of its own; who holds which part of it stands in a share book.
 */
import {
  addRecord,
  addRow,
  addTable,
  addU8,
  isFull,
  keepRow,
  type RecordColumn,
  type Register,
  type Table,
  type U8Column,
} from "../../base/column.ts";

const VAULTS_MAX = 65_536;
/** Longest name of a vault, as the venue bounds it [bytes]. */
export const VAULT_NAME_BYTES = 50;
/** Longest description of a vault, as the venue bounds it [bytes]. */
export const VAULT_DESCRIPTION_BYTES = 250;

/** How a vault stands; numbers never change. */
export const VAULT_STATUS = { open: 1, paused: 2, closing: 3, closed: 4 } as const;

/** Float64 lanes of a vault's record of 192 bytes. */
export const VAULT = {
  /** Its own account, whose address is the vault's. */
  account: 0,
  /** Account that leads it and answers for it. */
  owner: 1,
  /** Account that trades for it beside the owner; -1 = nobody. */
  manager: 2,
  /** Its share book. */
  book: 3,
  status: 4,
  /** Share of a depositor's profit that goes to the owner [10^-4]. */
  profitShareBps: 5,
  /** The same from a time on, where that is to come; 0 = no change [ms]. */
  nextProfitShareBps: 6,
  nextFromMs: 7,
  createdMs: 8,
  /** 1 = deposits of others are taken. */
  allowDeposits: 9,
  /** 1 = a withdrawal closes its part of all positions. */
  alwaysClose: 10,
  /** Profit share so far [10^-6 USDC]. */
  profitShared: 11,
  /** Paid out to depositors so far [10^-6 USDC]. */
  paidOut: 12,
} as const;
/** Float64 lanes of a vault's record. */
const VAULT_LANES = 24;

/** Columns of the vaults. A vault's id is its row + 1. */
export interface Vaults {
  readonly table: Table;
  readonly rows: RecordColumn;
  readonly name: U8Column;
  readonly description: U8Column;
}

/** None. */
export function createVaults(register: Register): Vaults {
  const table = addTable(register, "vault", VAULTS_MAX);
  const rows = addRecord(table, "rows", VAULT_LANES * 8);
  const name = addU8(table, "name", VAULT_NAME_BYTES);
  const description = addU8(table, "description", VAULT_DESCRIPTION_BYTES);
  return { table, rows, name, description };
}

/** Adds a vault, all lanes zero; returns its row. */
export const addVault = (vaults: Vaults): number => addRow(vaults.table);

/** Whether another vault finds room. */
export const hasVaultRoom = ({ table }: Vaults): boolean => !isFull(table);

/** Reads a lane of a vault. */
export const vaultLane = ({ rows }: Vaults, row: number, lane: number): number =>
  rows.f64[row * VAULT_LANES + lane] as number;

/** Writes a lane of a vault. */
export function setVaultLane(
  { table, rows }: Vaults,
  row: number,
  lane: number,
  value: number,
): void {
  keepRow(table, row);
  rows.f64[row * VAULT_LANES + lane] = value;
}
