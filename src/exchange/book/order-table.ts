/**
 * Owns every live order: one slot an order, shared by all markets and by both book forms. A slot is
 * a record of 64 bytes; the client order ids, which most requests do not name, lie apart.
 *
 * Invariants: a slot is live exactly when its `oid` is not 0, and then `oid` packs that slot;
 * dead slots are zero but for the free list threaded through `next`; `orderSeq` only grows. An
 * account's live orders hang in a list from oldest to newest. Time priority within a price is the
 * order of `oid`, so the books hold no state beyond these rows; an order that waited for a trigger
 * keeps its id and has a later place in time of its own, which {@link priorityOf} gives.
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
  addRecord,
  addRow,
  addTable,
  ensureCapacity,
  f64Lane,
  i32Lane,
  keepRow,
  type RecordColumn,
  type RecordLane,
  type Register,
  type Table,
} from "../../base/column.ts";
import { ORDER_SEQ_BOUND, ORDER_SLOT_COUNT, packOrderId } from "../../base/order-id.ts";
import { logStep } from "../../base/undo-log.ts";

// Constants of other modules as this one's own: the engine folds these and loads those.
const OWN_ORDER_SEQ_BOUND = ORDER_SEQ_BOUND;
const OWN_ORDER_SLOT_COUNT = ORDER_SLOT_COUNT;

/** Bits of an order's flags. */
export const ORDER_FLAG = {
  reduceOnly: 1,
  hasCloid: 2,
  /** It waits for the mark price and is on no book. */
  waiting: 64,
  /** Its price has come and its turn has not. */
  queued: 128,
  takeProfit: 256,
  /** It waited once and rests now, behind those that rested before: see `firedSeq`. */
  fired: 512,
  /** It is tied to its account's position: when one such order fills, the others end. */
  position: 1024,
  /** Orders that wait for its fill stand directly behind it in its account's list. */
  parent: 2048,
  /** It was placed with a parent, whose family it is of: when one of it fills, the other ends. */
  child: 4096,
  /** A child whose parent has not filled: it is not watched. */
  dormant: 8192,
  /** A stop whose trigger price follows mark: its trigger lane holds the offset, in ticks or in bps. */
  trailing: 65_536,
  trailingBps: 131_072,
  /** It leaves the book at a time; see `expiresAtMs`. */
  expires: 4,
  /** A builder takes a fee of its fills; see {@link builderOf}. */
  builder: 16384,
  /** The exchange keeps it for a strategy, which its cloid names. */
  managed: 1 << 20,
} as const;

/** Flags of orders that have something in `cloids`. */
const HAS_APART = ORDER_FLAG.hasCloid | ORDER_FLAG.builder;

/** Lanes of a record of 64 bytes: float64 lanes 0 to 2, int32 lanes 6 to 15. */
export const ORDER = {
  oid: 0,
  sz: 1,
  origSz: 2,
  /** Int32 lanes. */
  px: 6,
  account: 7,
  market: 8,
  side: 9,
  tif: 10,
  flags: 11,
  next: 12,
  prev: 13,
  /** Of an order that waits. */
  triggerPx: 14,
  /** Of an order that waited and rests: a sequence number, unsigned, for its place in time. */
  firedSeq: 15,
  /** Of a child: the sequence number of its parent's id, unsigned, while it waits and once it rests. */
  family: 15,
  firedFamily: 14,
  /** Float64 lane over the two before, of a parent: what it has filled [lots]. */
  filled: 7,
  /** Float64 lane over the two before: when an order with {@link ORDER_FLAG}.expires leaves the book [ms]. */
  expiresAtMs: 7,
} as const;
const ORDER_BYTES = 64;
/** Int32 lanes of a record of 24 bytes: four words of cloid, the account it belongs to, the builder. */
const CLOID_LANES = 6;
const CLOID_OWNER = 4;
const CLOID_BUILDER = 5;
/** Int32 lanes of an account's record of 16 bytes; a lane is spare. */
export const OWNER = { oldest: 0, newest: 1, liveCount: 2 } as const;
/** Int32 lanes of an account's record. */
export const OWNER_LANES = 4;

/** Columns of the orders, the allocator's numbers and the index of cloids. */
export interface OrderTable {
  readonly table: Table;
  readonly rows: RecordColumn;
  readonly oid: RecordLane;
  readonly account: RecordLane;
  readonly market: RecordLane;
  readonly side: RecordLane;
  readonly px: RecordLane;
  /** What remains [lots]. */
  readonly sz: RecordLane;
  /** As asked [lots]. */
  readonly origSz: RecordLane;
  readonly tif: RecordLane;
  readonly flags: RecordLane;
  /** When the order leaves the book; 0 = never [ms]. */
  readonly expiresAtMs: RecordLane;
  /** Next newer order of the account, or the next free slot; index + 1, 0 = none. */
  readonly next: RecordLane;
  /** Next older order of the account; index + 1, 0 = none. */
  readonly prev: RecordLane;
  /** Client order id and account of orders that have one. */
  readonly cloids: RecordColumn;
  readonly numbers: Table;
  /** Lanes: last order sequence number, head of the free list (slot + 1), live orders. */
  readonly allocator: RecordColumn;
  readonly owners: Table;
  readonly ownerRows: RecordColumn;
  readonly oldest: RecordLane;
  readonly newest: RecordLane;
  readonly liveCount: RecordLane;
  /** Derived: account and cloid of live orders to slots. */
  readonly byCloid: ByteIndex;
}

/** Lanes of the allocator's record: a float64 lane, then int32 lanes. */
export const ALLOCATOR = { seq: 0, free: 2, live: 3 } as const;

/** An empty order table. */
export function createOrderTable(register: Register, accountsMax: number): OrderTable {
  const table = addTable(register, "order", OWN_ORDER_SLOT_COUNT);
  const rows = addRecord(table, "rows", ORDER_BYTES);
  const cloids = addRecord(table, "cloids", CLOID_LANES * 4);
  const numbers = addTable(register, "order-allocator", 1);
  const allocator = addRecord(numbers, "numbers", 16);
  addRow(numbers);
  const owners = addTable(register, "order-owner", accountsMax);
  const ownerRows = addRecord(owners, "rows", OWNER_LANES * 4);
  return {
    table,
    rows,
    oid: f64Lane(rows, ORDER.oid),
    account: i32Lane(rows, ORDER.account),
    market: i32Lane(rows, ORDER.market),
    side: i32Lane(rows, ORDER.side),
    px: i32Lane(rows, ORDER.px),
    sz: f64Lane(rows, ORDER.sz),
    origSz: f64Lane(rows, ORDER.origSz),
    tif: i32Lane(rows, ORDER.tif),
    flags: i32Lane(rows, ORDER.flags),
    expiresAtMs: f64Lane(rows, ORDER.expiresAtMs),
    next: i32Lane(rows, ORDER.next),
    prev: i32Lane(rows, ORDER.prev),
    cloids,
    numbers,
    allocator,
    owners,
    ownerRows,
    oldest: i32Lane(ownerRows, OWNER.oldest),
    newest: i32Lane(ownerRows, OWNER.newest),
    liveCount: i32Lane(ownerRows, OWNER.liveCount),
    byCloid: createByteIndex(cloids, { at: 0, length: 4, ownerAt: CLOID_OWNER }),
  };
}

/** Adds the list head of a new account. */
export function addOwnerRow(orders: OrderTable): void {
  addRow(orders.owners);
}

/** Whether another order can rest. */
export const hasFreeSlot = (orders: OrderTable): boolean =>
  (orders.allocator.i32[ALLOCATOR.free] as number) !== 0 ||
  orders.table.count < orders.table.countMax;

/** Whether another order can have an id. */
export const hasFreeSeq = (orders: OrderTable): boolean =>
  (orders.allocator.f64[ALLOCATOR.seq] as number) + 1 < OWN_ORDER_SEQ_BOUND;

/** Gives an order that never rests the next id; it packs slot 0 and owns none. */
export function takeOrderId(orders: OrderTable, order: { oid: number }): void {
  const { f64 } = orders.allocator;
  const seq = (f64[ALLOCATOR.seq] as number) + 1;
  f64[ALLOCATOR.seq] = seq;
  order.oid = packOrderId(seq, 0);
}

/** Takes a slot and the next id for an order that may rest; returns the slot, its `oid` set. */
export function takeSlot(orders: OrderTable): number {
  const { f64, i32: numbers } = orders.allocator;
  const seq = (f64[ALLOCATOR.seq] as number) + 1;
  f64[ALLOCATOR.seq] = seq;
  const free = numbers[ALLOCATOR.free] as number;
  let slot: number;
  if (free !== 0) {
    slot = free - 1;
    keepRow(orders.table, slot);
    const { i32 } = orders.rows;
    numbers[ALLOCATOR.free] = i32[slot * 16 + ORDER.next] as number;
    i32[slot * 16 + ORDER.next] = 0;
  } else {
    ensureCapacity(orders.table, orders.table.count + 1);
    slot = addRow(orders.table);
  }
  orders.rows.f64[slot * 8 + ORDER.oid] = packOrderId(seq, slot);
  numbers[ALLOCATOR.live] = (numbers[ALLOCATOR.live] as number) + 1;
  return slot;
}

/** Gives a slot back; the caller has taken it off the book and its account's list. */
export function freeSlot(orders: OrderTable, slot: number): void {
  const { f64, i32 } = orders.rows;
  const numbers = orders.allocator.i32;
  if (f64[slot * 8 + ORDER.oid] === 0) assert(false, "a freed slot was live");
  keepRow(orders.table, slot);
  if (((i32[slot * 16 + ORDER.flags] as number) & HAS_APART) !== 0)
    orders.cloids.i32.fill(0, slot * CLOID_LANES, (slot + 1) * CLOID_LANES);
  f64[slot * 8 + ORDER.oid] = 0;
  f64[slot * 8 + ORDER.sz] = 0;
  f64[slot * 8 + ORDER.origSz] = 0;
  f64[slot * 8 + ORDER.expiresAtMs] = 0;
  const at = slot * 16;
  i32[at + ORDER.px] = 0;
  i32[at + ORDER.account] = 0;
  i32[at + ORDER.market] = 0;
  i32[at + ORDER.side] = 0;
  i32[at + ORDER.tif] = 0;
  i32[at + ORDER.flags] = 0;
  i32[at + ORDER.next] = numbers[ALLOCATOR.free] as number;
  i32[at + ORDER.prev] = 0;
  i32[at + ORDER.triggerPx] = 0;
  i32[at + ORDER.firedSeq] = 0;
  numbers[ALLOCATOR.free] = slot + 1;
  numbers[ALLOCATOR.live] = (numbers[ALLOCATOR.live] as number) - 1;
}

/** Slot of a live order id, or -1 for any other number. */
export function liveSlot(orders: OrderTable, oid: number): number {
  // What is no id comes to some slot as well, which does not hold it.
  const slot = (oid - Math.floor(oid / OWN_ORDER_SLOT_COUNT) * OWN_ORDER_SLOT_COUNT) | 0;
  if (!(oid > 0) || slot >= orders.table.count) return -1;
  return orders.rows.f64[slot * 8 + ORDER.oid] === oid ? slot : -1;
}

/** Gives an order that was triggered its place in time behind all that rest; its id stays. */
export function takePlaceInTime(orders: OrderTable, slot: number): void {
  const { f64 } = orders.allocator;
  const seq = (f64[ALLOCATOR.seq] as number) + 1;
  f64[ALLOCATOR.seq] = seq;
  orders.rows.i32[slot * 16 + ORDER.firedSeq] = seq | 0;
}

/** What a live order's time priority goes by, as an order id: the smaller stands first. */
export function priorityOf(orders: OrderTable, slot: number): number {
  const { f64, i32 } = orders.rows;
  if (((i32[slot * 16 + ORDER.flags] as number) & ORDER_FLAG.fired) === 0)
    return f64[slot * 8 + ORDER.oid] as number;
  return packOrderId((i32[slot * 16 + ORDER.firedSeq] as number) >>> 0, slot);
}

/** Whether an order waits for the mark price. */
export const isWaiting = (orders: OrderTable, slot: number): boolean =>
  ((orders.rows.i32[slot * 16 + ORDER.flags] as number) & ORDER_FLAG.waiting) !== 0;

/** Whether an order is a child whose parent has not filled. */
export const isDormant = (orders: OrderTable, slot: number): boolean =>
  ((orders.rows.i32[slot * 16 + ORDER.flags] as number) & ORDER_FLAG.dormant) !== 0;

/** Number of live orders. */
export const liveOrderTotal = (orders: OrderTable): number =>
  orders.allocator.i32[ALLOCATOR.live] as number;

/** Hangs a resting order at the newest end of its account's list and indexes its cloid. */
export function linkOrder(orders: OrderTable, slot: number): void {
  const { i32 } = orders.rows;
  const owners = orders.ownerRows.i32;
  const at = slot * 16;
  const owner = (i32[at + ORDER.account] as number) * OWNER_LANES;
  const newest = owners[owner + OWNER.newest] as number;
  keepRow(orders.owners, i32[at + ORDER.account] as number);
  if (newest !== 0) keepRow(orders.table, newest - 1);
  i32[at + ORDER.prev] = newest;
  i32[at + ORDER.next] = 0;
  if (newest !== 0) i32[(newest - 1) * 16 + ORDER.next] = slot + 1;
  else owners[owner + OWNER.oldest] = slot + 1;
  owners[owner + OWNER.newest] = slot + 1;
  owners[owner + OWNER.liveCount] = (owners[owner + OWNER.liveCount] as number) + 1;
  if (!hasCloid(orders, slot)) return;
  indexRow(orders.byCloid, slot);
  if (orders.table.undo.isOn) logIndexed(orders, slot);
}

/** Takes an order off its account's list and out of the cloid index. */
export function unlinkOrder(orders: OrderTable, slot: number): void {
  const { i32 } = orders.rows;
  const owners = orders.ownerRows.i32;
  const at = slot * 16;
  const owner = (i32[at + ORDER.account] as number) * OWNER_LANES;
  const prev = i32[at + ORDER.prev] as number;
  const next = i32[at + ORDER.next] as number;
  keepRow(orders.owners, i32[at + ORDER.account] as number);
  keepRow(orders.table, slot);
  if (prev !== 0) keepRow(orders.table, prev - 1);
  if (next !== 0) keepRow(orders.table, next - 1);
  if (prev !== 0) i32[(prev - 1) * 16 + ORDER.next] = next;
  else owners[owner + OWNER.oldest] = next;
  if (next !== 0) i32[(next - 1) * 16 + ORDER.prev] = prev;
  else owners[owner + OWNER.newest] = prev;
  i32[at + ORDER.prev] = 0;
  i32[at + ORDER.next] = 0;
  owners[owner + OWNER.liveCount] = (owners[owner + OWNER.liveCount] as number) - 1;
  if (!hasCloid(orders, slot)) return;
  unindexRow(orders.byCloid, slot);
  if (orders.table.undo.isOn) logUnindexed(orders, slot);
}

// Apart from the two above: a function that makes a closure allocates for it before it asks whether.
function logIndexed({ table, byCloid }: OrderTable, slot: number): void {
  logStep(table.undo, (row) => unindexRow(byCloid, row), slot);
}

function logUnindexed({ table, byCloid }: OrderTable, slot: number): void {
  logStep(table.undo, (row) => indexRow(byCloid, row), slot);
}

/** Writes a slot's cloid, four words of `words` at `at`, before it is linked. */
export function setCloid(orders: OrderTable, slot: number, words: Int32Array, at: number): void {
  const { i32 } = orders.cloids;
  const to = slot * CLOID_LANES;
  for (let k = 0; k < 4; k++) i32[to + k] = words[at + k] as number;
  i32[to + CLOID_OWNER] = orders.rows.i32[slot * 16 + ORDER.account] as number;
}

/** Puts a slot whose cloid is written into the index. */
export function indexCloid(orders: OrderTable, slot: number): void {
  indexRow(orders.byCloid, slot);
}

/** Takes a slot's cloid out of the index and forgets it. */
export function dropCloid(orders: OrderTable, slot: number): void {
  unindexRow(orders.byCloid, slot);
  clearCloid(orders, slot);
}

function clearCloid(orders: OrderTable, slot: number): void {
  const { i32 } = orders.cloids;
  for (let at = slot * CLOID_LANES; at < (slot + 1) * CLOID_LANES; at++) i32[at] = 0;
}

/** Writes the builder of an order, as {@link builderOf} gives it, beside its cloid. */
export function setBuilder(orders: OrderTable, slot: number, builder: number): void {
  orders.cloids.i32[slot * CLOID_LANES + CLOID_BUILDER] = builder;
}

/** Builder of an order: its account x 128 + its fee [10^-5]; 0 = none. */
export const builderOf = (orders: OrderTable, slot: number): number =>
  orders.cloids.i32[slot * CLOID_LANES + CLOID_BUILDER] as number;

/** First byte of a slot's cloid in the bytes of `cloids`. */
export const cloidByte = (slot: number): number => slot * CLOID_LANES * 4;

/** Oldest live order of an account; slot + 1, 0 = none. */
export const oldestOrder = (orders: OrderTable, account: number): number =>
  orders.ownerRows.i32[account * OWNER_LANES + OWNER.oldest] as number;

/** Newest live order of an account; slot + 1, 0 = none. */
export const newestOrder = (orders: OrderTable, account: number): number =>
  orders.ownerRows.i32[account * OWNER_LANES + OWNER.newest] as number;

/** Whether an order carries a client order id. */
const hasCloid = (orders: OrderTable, slot: number): boolean =>
  ((orders.rows.i32[slot * 16 + ORDER.flags] as number) & ORDER_FLAG.hasCloid) !== 0;

/** Whether an order may only reduce. */
export const isReduceOnly = (orders: OrderTable, slot: number): boolean =>
  ((orders.rows.i32[slot * 16 + ORDER.flags] as number) & ORDER_FLAG.reduceOnly) !== 0;

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
    if (orders.rows.f64[slot * 8 + ORDER.oid] !== 0 && hasCloid(orders, slot)) {
      indexRow(orders.byCloid, slot);
    }
  }
}
