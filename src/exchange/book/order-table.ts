/**
 * Owns every live order: one slot an order, shared by all markets and by both book forms.
 *
 * Invariants: a slot is live exactly when its `oid` is not 0, and then `oid` packs that slot;
 * dead slots are zero but for the free list threaded through `next`; `orderSeq` only grows. An
 * account's live orders hang in a list from oldest to newest. Time priority within a price is the
 * order of `oid`, so the books hold no state beyond these rows.
 */
import { assert } from "../../base/assert.ts";
import {
  type ByteIndex,
  clearByteIndex,
  createByteIndex,
  findByWords,
  indexRow,
  unindexRow,
} from "../../base/byte-index.ts";
import {
  addF64,
  addI32,
  addRow,
  addTable,
  addU8,
  ensureCapacity,
  type F64Column,
  type I32Column,
  type Register,
  type Table,
  type U8Column,
} from "../../base/column.ts";
import {
  ORDER_SEQ_BOUND,
  ORDER_SLOT_COUNT,
  packOrderId,
  slotOfOrderId,
} from "../../base/order-id.ts";

/** Bits of an order's flags. */
export const ORDER_FLAG = { reduceOnly: 1, hasCloid: 2 } as const;

/** Columns of the orders, the allocator's numbers and the index of cloids. */
export interface OrderTable {
  readonly table: Table;
  readonly oid: F64Column;
  readonly account: I32Column;
  readonly market: I32Column;
  readonly side: U8Column;
  readonly px: I32Column;
  /** What remains [lots]. */
  readonly sz: F64Column;
  /** As asked [lots]. */
  readonly origSz: F64Column;
  readonly tif: U8Column;
  readonly flags: U8Column;
  readonly cloid: U8Column;
  /** Next newer order of the account, or the next free slot; index + 1, 0 = none. */
  readonly next: I32Column;
  /** Next older order of the account; index + 1, 0 = none. */
  readonly prev: I32Column;
  readonly numbers: Table;
  /** Lanes: last order sequence number, head of the free list (slot + 1), live orders. */
  readonly allocator: F64Column;
  readonly owners: Table;
  readonly oldest: I32Column;
  readonly newest: I32Column;
  readonly liveCount: I32Column;
  /** Derived: account and cloid of live orders to slots. */
  readonly byCloid: ByteIndex;
}

const SEQ = 0;
const FREE = 1;
const LIVE = 2;

/** An empty order table. */
export function createOrderTable(register: Register, accountsMax: number): OrderTable {
  const table = addTable(register, "order", ORDER_SLOT_COUNT);
  const columns = {
    oid: addF64(table, "oid"),
    account: addI32(table, "account"),
    market: addI32(table, "market"),
    side: addU8(table, "side"),
    px: addI32(table, "px"),
    sz: addF64(table, "sz"),
    origSz: addF64(table, "origSz"),
    tif: addU8(table, "tif"),
    flags: addU8(table, "flags"),
    cloid: addU8(table, "cloid", 16),
    next: addI32(table, "next"),
    prev: addI32(table, "prev"),
  };
  const numbers = addTable(register, "order-allocator", 1);
  const allocator = addF64(numbers, "numbers", 3);
  addRow(numbers);
  const owners = addTable(register, "order-owner", accountsMax);
  return {
    table,
    ...columns,
    numbers,
    allocator,
    owners,
    oldest: addI32(owners, "oldest"),
    newest: addI32(owners, "newest"),
    liveCount: addI32(owners, "liveCount"),
    byCloid: createByteIndex(columns.cloid, columns.account),
  };
}

/** Adds the list head of a new account. */
export function addOwnerRow(orders: OrderTable): void {
  addRow(orders.owners);
}

/** Whether another order can rest. */
export const hasFreeSlot = (orders: OrderTable): boolean =>
  (orders.allocator.data[FREE] as number) !== 0 || orders.table.count < orders.table.countMax;

/** Whether another order can have an id. */
export const hasFreeSeq = (orders: OrderTable): boolean =>
  (orders.allocator.data[SEQ] as number) + 1 < ORDER_SEQ_BOUND;

/** Gives an order that never rests the next id; it packs slot 0 and owns none. */
export function takeOrderId(orders: OrderTable, order: { oid: number }): void {
  const seq = (orders.allocator.data[SEQ] as number) + 1;
  orders.allocator.data[SEQ] = seq;
  order.oid = packOrderId(seq, 0);
}

/** Takes a slot and the next id for an order that may rest; returns the slot, its `oid` set. */
export function takeSlot(orders: OrderTable): number {
  const seq = (orders.allocator.data[SEQ] as number) + 1;
  orders.allocator.data[SEQ] = seq;
  const free = orders.allocator.data[FREE] as number;
  let slot: number;
  if (free !== 0) {
    slot = free - 1;
    orders.allocator.data[FREE] = orders.next.data[slot] as number;
    orders.next.data[slot] = 0;
  } else {
    ensureCapacity(orders.table, orders.table.count + 1);
    slot = addRow(orders.table);
  }
  orders.oid.data[slot] = packOrderId(seq, slot);
  orders.allocator.data[LIVE] = (orders.allocator.data[LIVE] as number) + 1;
  return slot;
}

/** Gives a slot back; the caller has taken it off the book and its account's list. */
export function freeSlot(orders: OrderTable, slot: number): void {
  assert((orders.oid.data[slot] as number) !== 0, "a freed slot was live");
  clearOrder(orders, slot);
  orders.next.data[slot] = orders.allocator.data[FREE] as number;
  orders.allocator.data[FREE] = slot + 1;
  orders.allocator.data[LIVE] = (orders.allocator.data[LIVE] as number) - 1;
}

/** Sets a row to zero, column by column: a fill a column costs more than all of this. */
function clearOrder(orders: OrderTable, slot: number): void {
  if (hasCloid(orders, slot)) orders.cloid.data.fill(0, slot * 16, slot * 16 + 16);
  orders.oid.data[slot] = 0;
  orders.account.data[slot] = 0;
  orders.market.data[slot] = 0;
  orders.side.data[slot] = 0;
  orders.px.data[slot] = 0;
  orders.sz.data[slot] = 0;
  orders.origSz.data[slot] = 0;
  orders.tif.data[slot] = 0;
  orders.flags.data[slot] = 0;
  orders.next.data[slot] = 0;
  orders.prev.data[slot] = 0;
}

/** Slot of a live order id, or -1. */
export function liveSlot(orders: OrderTable, oid: number): number {
  if (!(Number.isSafeInteger(oid) && oid > 0)) return -1;
  const slot = slotOfOrderId(oid);
  return slot < orders.table.count && orders.oid.data[slot] === oid ? slot : -1;
}

/** Number of live orders. */
export const liveOrderTotal = (orders: OrderTable): number => orders.allocator.data[LIVE] as number;

/** Hangs a resting order at the newest end of its account's list and indexes its cloid. */
export function linkOrder(orders: OrderTable, slot: number): void {
  const account = orders.account.data[slot] as number;
  const newest = orders.newest.data[account] as number;
  orders.prev.data[slot] = newest;
  orders.next.data[slot] = 0;
  if (newest !== 0) orders.next.data[newest - 1] = slot + 1;
  else orders.oldest.data[account] = slot + 1;
  orders.newest.data[account] = slot + 1;
  orders.liveCount.data[account] = (orders.liveCount.data[account] as number) + 1;
  if (hasCloid(orders, slot)) indexRow(orders.byCloid, slot);
}

/** Takes an order off its account's list and out of the cloid index. */
export function unlinkOrder(orders: OrderTable, slot: number): void {
  const account = orders.account.data[slot] as number;
  const prev = orders.prev.data[slot] as number;
  const next = orders.next.data[slot] as number;
  if (prev !== 0) orders.next.data[prev - 1] = next;
  else orders.oldest.data[account] = next;
  if (next !== 0) orders.prev.data[next - 1] = prev;
  else orders.newest.data[account] = prev;
  orders.prev.data[slot] = 0;
  orders.next.data[slot] = 0;
  orders.liveCount.data[account] = (orders.liveCount.data[account] as number) - 1;
  if (hasCloid(orders, slot)) unindexRow(orders.byCloid, slot);
}

/** Whether an order carries a client order id. */
const hasCloid = (orders: OrderTable, slot: number): boolean =>
  ((orders.flags.data[slot] as number) & ORDER_FLAG.hasCloid) !== 0;

/** Whether an order may only reduce. */
export const isReduceOnly = (orders: OrderTable, slot: number): boolean =>
  ((orders.flags.data[slot] as number) & ORDER_FLAG.reduceOnly) !== 0;

/** Slot of an account's live order with the four cloid words at `at`, or -1. */
export function slotOfCloid(
  orders: OrderTable,
  account: number,
  words: Int32Array,
  at: number,
): number {
  return findByWords(orders.byCloid, words, at, account);
}

/** Rebuilds the cloid index from the rows, after a restore or a fork. */
export function rebuildCloidIndex(orders: OrderTable): void {
  clearByteIndex(orders.byCloid);
  for (let slot = 0; slot < orders.table.count; slot++) {
    if ((orders.oid.data[slot] as number) !== 0 && hasCloid(orders, slot)) {
      indexRow(orders.byCloid, slot);
    }
  }
}
