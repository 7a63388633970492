/**
 * Owns running time-weighted orders (TWAP): a row each, from its command to its end, whose slot is then
 * free for another one. Ids count up and are never given twice. The tables stay empty until the first.
 *
 * Derived: which is due next, where an id stands, and a watch of the prices that start or stop one.
 */
import {
  addRecord,
  addRow,
  addTable,
  clearRow,
  isFull,
  type RecordColumn,
  type Register,
  type Table,
} from "../../base/column.ts";
import { createTimeHeap, pushTime, type TimeHeap } from "../../base/time-heap.ts";
import { createPriceWatch, type PriceWatch } from "../oracle/price-watch.ts";

/** Lanes of a record of 88 bytes: float64 lanes 0 to 6, int32 lanes 14 to 21. */
export const TWAP = {
  /** 0 = the row is free. */
  id: 0,
  /** As asked, and what has filled [lots]. */
  sz: 1,
  executedSz: 2,
  /** [10^-6 USDC] */
  executedNtl: 3,
  /** When it began to run, or was sent where it waits for a price [ms]. */
  startMs: 4,
  durationMs: 5,
  /** When its next slice is due; 0 = none is [ms]. */
  nextMs: 6,
  /** Int32 lanes. */
  account: 14,
  market: 15,
  side: 16,
  flags: 17,
  /** Next free row + 1. */
  next: 18,
  /** Mark price that starts it, and one that ends it; 0 = none [ticks]. */
  triggerPx: 19,
  stopPx: 20,
} as const;
/** Float64 and int32 lanes of a record. */
export const TWAP_LANES = { f64: 11, i32: 22 } as const;

/** Lanes of the allocator's record: float64, then int32. */
const LAST_ID = 0;
const FREE = 2;
const LIVE = 3;
const RANDOM = 4;
const TWAPS_MAX = 65_536;

/** Tables and indexes of time-weighted orders. */
export interface Twaps {
  readonly table: Table;
  readonly rows: RecordColumn;
  readonly numbers: Table;
  readonly allocator: RecordColumn;
  /** Derived: keys are id x 65,536 + row; those of an earlier time or another id no longer count. */
  readonly due: TimeHeap;
  /** Derived. */
  readonly byId: Map<number, number>;
  /** Derived. */
  readonly watch: PriceWatch;
}

/** None runs. */
export function createTwaps(register: Register): Twaps {
  const table = addTable(register, "twap", TWAPS_MAX);
  const rows = addRecord(table, "rows", TWAP_LANES.f64 * 8);
  const numbers = addTable(register, "twap-allocator", 1);
  const allocator = addRecord(numbers, "numbers", 24);
  return {
    table,
    rows,
    numbers,
    allocator,
    due: createTimeHeap(),
    byId: new Map(),
    watch: createPriceWatch(),
  };
}

/** Whether another one can run. */
export const hasFreeTwap = (twaps: Twaps): boolean =>
  twaps.numbers.count === 0 || twaps.allocator.i32[FREE] !== 0 || !isFull(twaps.table);

/** Number of those that run or wait for a price. */
export const liveTwapTotal = (twaps: Twaps): number => twaps.allocator.i32[LIVE] as number;

/** Takes a row and the next id; the row is zero but for it. */
export function takeTwapRow(twaps: Twaps): number {
  const { table, numbers, allocator } = twaps;
  if (numbers.count === 0) addRow(numbers);
  const id = (allocator.f64[LAST_ID] as number) + 1;
  allocator.f64[LAST_ID] = id;
  allocator.i32[LIVE] = (allocator.i32[LIVE] as number) + 1;
  const free = allocator.i32[FREE] as number;
  const row = free === 0 ? addRow(table) : free - 1;
  if (free !== 0) {
    allocator.i32[FREE] = twaps.rows.i32[row * TWAP_LANES.i32 + TWAP.next] as number;
    clearRow(table, row);
  }
  twaps.rows.f64[row * TWAP_LANES.f64 + TWAP.id] = id;
  twaps.byId.set(id, row);
  return row;
}

/** Gives a row back. */
export function freeTwapRow(twaps: Twaps, row: number): void {
  twaps.byId.delete(twaps.rows.f64[row * TWAP_LANES.f64 + TWAP.id] as number);
  clearRow(twaps.table, row);
  twaps.rows.i32[row * TWAP_LANES.i32 + TWAP.next] = twaps.allocator.i32[FREE] as number;
  twaps.allocator.i32[FREE] = row + 1;
  twaps.allocator.i32[LIVE] = (twaps.allocator.i32[LIVE] as number) - 1;
}

/** Sets when a row's next slice is due [ms]. */
export function setTwapDue(twaps: Twaps, row: number, timeMs: number): void {
  const at = row * TWAP_LANES.f64;
  twaps.rows.f64[at + TWAP.nextMs] = timeMs;
  pushTime(twaps.due, timeMs, (twaps.rows.f64[at + TWAP.id] as number) * TWAPS_MAX + row);
}

/** Row of an entry of the heap, or -1 where it no longer counts. */
export function rowOfDue(twaps: Twaps, entry: number): number {
  const key = twaps.due.data[entry * 2 + 1] as number;
  const row = key % TWAPS_MAX;
  const at = row * TWAP_LANES.f64;
  const { f64 } = twaps.rows;
  const isSame = (f64[at + TWAP.id] as number) * TWAPS_MAX + row === key;
  return isSame && f64[at + TWAP.nextMs] === twaps.due.data[entry * 2] ? row : -1;
}

/**
 * The next of the exchange's own random numbers: 32 bits, xorshift (Marsaglia, 2003) over state that
 * begins with what stands in `seed`.
 */
export function drawRandom(twaps: Twaps, seed: number): number {
  const { i32 } = twaps.allocator;
  let x = (i32[RANDOM] as number) || Math.imul(seed | 1, 0x9e3779b1);
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  i32[RANDOM] = x;
  return x >>> 0;
}

/** Builds times and ids from the rows, after a restore or a fork; prices are the rules' to watch. */
export function rebuildTwaps(twaps: Twaps): void {
  twaps.due.count = 0;
  twaps.byId.clear();
  for (let row = 0; row < twaps.table.count; row++) {
    const at = row * TWAP_LANES.f64;
    const id = twaps.rows.f64[at + TWAP.id] as number;
    if (id === 0) continue;
    twaps.byId.set(id, row);
    const nextMs = twaps.rows.f64[at + TWAP.nextMs] as number;
    if (nextMs !== 0) pushTime(twaps.due, nextMs, id * TWAPS_MAX + row);
  }
}
