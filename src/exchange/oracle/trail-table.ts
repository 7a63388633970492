/**
 * Owns the best mark prices that trailing stops follow. All that were placed on a market and side since
 * the last better price share one: a group. A better price overtakes the groups of the newer orders
 * first, so the groups of a market and side are a stack, best price first to last from worst to
 * best, and those that a price overtakes become one. An order's group follows from its id.
 *
 * Invariants: groups of a stack rise by the sequence number from which they hold, and each is
 * better than the next; a group has at least one order, and its row goes with the last.
 *
 * Derived: the stacks, in each group a heap of its orders by offset for each unit (skew heaps,
 * Sleator and Tarjan 1986), and a watch of the price at which the nearest of a group fires. A move of the
 * price costs what it overtakes and fires, whatever the number of orders: each order is overtaken
 * as a group of its own at most once.
 */
import {
  addRecord,
  addRow,
  addTable,
  clearRow,
  keepRow,
  type RecordColumn,
  type Register,
  type Table,
} from "../../base/column.ts";
import { ORDER_SLOT_COUNT } from "../../base/order-id.ts";
import { createPriceWatch, type PriceWatch } from "./price-watch.ts";

/** Lanes of a group's record of 24 bytes: a float64 lane, then int32 lanes. */
export const TRAIL = {
  /** Orders of this sequence number on, up to the next group's, are of it; 0 = the row is free. */
  fromSeq: 0,
  /** Int32 lanes. */
  market: 2,
  /** 0 = it follows the highest price, 1 = the lowest. */
  direction: 3,
  /** [ticks] */
  bestPx: 4,
  /** Next free row + 1. */
  next: 5,
} as const;
const FREE = 0;

/** Tables and indexes of trailing stops. */
export interface Trails {
  readonly table: Table;
  readonly rows: RecordColumn;
  readonly numbers: Table;
  readonly allocator: RecordColumn;
  /** Rows by market x 2 + direction, oldest first. */
  readonly stacks: number[][];
  /** Of a row: top of its heap by ticks and by bps; slot + 1, 0 = empty. */
  readonly tops: [number[], number[]];
  /** Links of the heaps: slot + 1, 0 = none. */
  left: Int32Array;
  right: Int32Array;
  up: Int32Array;
  readonly watch: PriceWatch;
}

/** None follows a price. */
export function createTrails(register: Register): Trails {
  const table = addTable(register, "trail", ORDER_SLOT_COUNT);
  const rows = addRecord(table, "rows", 24);
  const numbers = addTable(register, "trail-allocator", 1);
  const allocator = addRecord(numbers, "numbers", 8);
  return {
    table,
    rows,
    numbers,
    allocator,
    stacks: [],
    tops: [[], []],
    left: new Int32Array(64),
    right: new Int32Array(64),
    up: new Int32Array(64),
    watch: createPriceWatch(),
  };
}

/** Rows of a market and direction, oldest first. */
export function trailStack(trails: Trails, market: number, direction: number): number[] {
  const { stacks } = trails;
  while (stacks.length <= market * 2 + 1) stacks.push([]);
  return stacks[market * 2 + direction] as number[];
}

/** Adds the newest group of a market and direction. */
export function openTrail(
  trails: Trails,
  group: { fromSeq: number; market: number; direction: number; bestPx: number },
): number {
  const { table, rows, numbers, allocator } = trails;
  if (numbers.count === 0) addRow(numbers);
  const free = allocator.i32[FREE] as number;
  const row = free === 0 ? addRow(table) : free - 1;
  if (free !== 0) {
    allocator.i32[FREE] = rows.i32[row * 6 + TRAIL.next] as number;
    clearRow(table, row);
  }
  rows.f64[row * 3 + TRAIL.fromSeq] = group.fromSeq;
  rows.i32[row * 6 + TRAIL.market] = group.market;
  rows.i32[row * 6 + TRAIL.direction] = group.direction;
  rows.i32[row * 6 + TRAIL.bestPx] = group.bestPx;
  trails.tops[0][row] = 0;
  trails.tops[1][row] = 0;
  trailStack(trails, group.market, group.direction).push(row);
  return row;
}

/** Gives a group's row back; it has no orders and is on no stack any more. */
export function freeTrail(trails: Trails, row: number): void {
  keepRow(trails.table, row);
  clearRow(trails.table, row);
  trails.rows.i32[row * 6 + TRAIL.next] = trails.allocator.i32[FREE] as number;
  trails.allocator.i32[FREE] = row + 1;
}

/** Place in its stack of the group that an order's sequence number belongs to, or -1. */
export function trailPlace(trails: Trails, stack: readonly number[], seq: number): number {
  let [low, high] = [0, stack.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const fromSeq = trails.rows.f64[(stack[middle] as number) * 3 + TRAIL.fromSeq] as number;
    if (fromSeq <= seq) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Makes room for the links of a slot. */
export function growTrailLinks(trails: Trails, slot: number): void {
  if (slot < trails.left.length) return;
  let { length } = trails.left;
  while (length <= slot) length *= 2;
  for (const name of ["left", "right", "up"] as const) {
    const grown = new Int32Array(length);
    grown.set(trails[name]);
    trails[name] = grown;
  }
}

/** Whether the order in one slot stands before the other's in a heap. */
export type StandsBefore = (slot: number, other: number) => boolean;

/** Joins two heaps, by their tops; answers the top of both (slot + 1, 0 = empty). */
export function joinTrailHeaps(
  { left, right, up }: Trails,
  one: number,
  other: number,
  before: StandsBefore,
): number {
  if (one === 0 || other === 0) return one === 0 ? other : one;
  const isOther = before(other - 1, one - 1);
  const top = isOther ? other : one;
  let rest = isOther ? one : other;
  for (let at = top; ; ) {
    const down = right[at - 1] as number;
    right[at - 1] = left[at - 1] as number;
    const isRest = down === 0 || before(rest - 1, down - 1);
    const next = isRest ? rest : down;
    left[at - 1] = next;
    up[next - 1] = at;
    if (down === 0) break;
    rest = isRest ? down : rest;
    at = next;
  }
  up[top - 1] = 0;
  return top;
}

/** Takes a slot out of the heap below a top; answers the heap's new top. */
export function leaveTrailHeap(
  trails: Trails,
  top: number,
  slot: number,
  before: StandsBefore,
): number {
  const { left, right, up } = trails;
  const parent = up[slot] as number;
  const [a, b] = [left[slot] as number, right[slot] as number];
  left[slot] = 0;
  right[slot] = 0;
  up[slot] = 0;
  const joined = joinTrailHeaps(trails, a, b, before);
  if (parent === 0) {
    if (joined !== 0) up[joined - 1] = 0;
    return joined;
  }
  if (left[parent - 1] === slot + 1) left[parent - 1] = joined;
  else right[parent - 1] = joined;
  if (joined !== 0) up[joined - 1] = parent;
  return top;
}
