/**
 * Owns the rows of liquidity pools: on which market one quotes, with which grid, which part of takers'
 * fees it earns, and what of that is still on its way to it.
 */
import {
  addRecord,
  addRow,
  addTable,
  isFull,
  keepRow,
  type RecordColumn,
  type Register,
  type Table,
} from "../../base/column.ts";

const POOLS_MAX = 4_096;

/** Float64 lanes of a pool's record of 192 bytes. */
export const POOL = {
  /** Its own account. */
  account: 0,
  /** Its share book. */
  book: 1,
  market: 2,
  /** Its grid: range [ticks], number of prices, size of an order [lots], `GRID_FLAG` values. */
  lowPx: 3,
  highPx: 4,
  levels: 5,
  size: 6,
  gridFlags: 7,
  /** Part of the fees that takers pay on its fills [10^-4]. */
  feeShareBps: 8,
  /** Time over which an earned fee reaches it [ms]. */
  streamMs: 9,
  /** Earned and on its way [10^-6 USDC]. */
  pending: 10,
  /** When the last of it left for the pool, and when all of it will have [ms]. */
  releasedMs: 11,
  arrivedMs: 12,
  /** Fees earned so far; counts on, whatever is paid out [10^-6 USDC]. */
  accumulatedFees: 13,
  /** Deposits and what left so far [10^-6 USDC]. */
  paidIn: 14,
  paidOut: 15,
  createdMs: 16,
  /** 1 = takes no deposits and has no orders. */
  paused: 17,
} as const;
const POOL_LANES = 24;

/** Columns of the pools. A pool's id is its row + 1. */
export interface Pools {
  readonly table: Table;
  readonly rows: RecordColumn;
}

/** None. */
export function createPools(register: Register): Pools {
  const table = addTable(register, "pool", POOLS_MAX);
  return { table, rows: addRecord(table, "rows", POOL_LANES * 8) };
}

/** Adds a pool, all lanes zero; returns its row. */
export const addPool = ({ table }: Pools): number => addRow(table);

/** Whether another pool finds room. */
export const hasPoolRoom = ({ table }: Pools): boolean => !isFull(table);

/** Reads a lane of a pool. */
export const poolLane = ({ rows }: Pools, row: number, lane: number): number =>
  rows.f64[row * POOL_LANES + lane] as number;

/** Writes a lane of a pool. */
export function setPoolLane(
  { table, rows }: Pools,
  row: number,
  lane: number,
  value: number,
): void {
  keepRow(table, row);
  rows.f64[row * POOL_LANES + lane] = value;
}

/** Row of the pool that an account belongs to, or -1; walks all pools. */
export function poolOfAccount(pools: Pools, account: number): number {
  for (let row = 0; row < pools.table.count; row++)
    if (poolLane(pools, row, POOL.account) === account) return row;
  return -1;
}

/** Earned fees of all pools that are on their way [10^-6 USDC]. */
export function pendingTotal(pools: Pools): number {
  let total = 0;
  for (let row = 0; row < pools.table.count; row++) total += poolLane(pools, row, POOL.pending);
  return total;
}
