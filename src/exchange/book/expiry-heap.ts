/**
 * Which order leaves its book next because its time has come. Derived from the order rows: a binary
 * heap by time, then by id, so equal times end in the order of their ids whatever the heap has been
 * through. Orders that left otherwise stay in it until their turn or until it is swept.
 *
 * Push and pop are O(log n), a sweep is O(n) and runs when the heap has doubled since the last.
 */
import { readLane } from "../../base/column.ts";
import { liveSlot, ORDER_FLAG, type OrderTable } from "./order-table.ts";

/** See the file's head. */
export interface ExpiryHeap {
  /** Times and ids, two lanes an entry. */
  data: Float64Array<ArrayBuffer>;
  count: number;
  /** Number of entries at which it is swept. */
  sweepAt: number;
}

const SWEEP_MIN = 64;

/** No orders. */
export const createExpiryHeap = (): ExpiryHeap => ({
  data: new Float64Array(SWEEP_MIN * 2),
  count: 0,
  sweepAt: SWEEP_MIN,
});

/** Adds the order in a slot, whose row is written. */
export function pushExpiry(heap: ExpiryHeap, orders: OrderTable, slot: number): void {
  push(heap, readLane(orders.expiresAtMs, slot), readLane(orders.oid, slot));
}

/** Slot of the order that ends next, or -1; entries of orders that ended otherwise are dropped on the way. */
export function nextExpiring(heap: ExpiryHeap, orders: OrderTable): number {
  while (heap.count > 0) {
    const slot = slotOfEntry(heap, orders, 0);
    if (slot >= 0) return slot;
    dropFirst(heap);
  }
  return -1;
}

/** Drops what ended otherwise, if there may be much of it. */
export function sweepExpiries(heap: ExpiryHeap, orders: OrderTable): void {
  if (heap.count < heap.sweepAt) return;
  const { data } = heap;
  const all = data.slice(0, heap.count * 2);
  const slots: number[] = [];
  for (let entry = 0; entry < heap.count; entry++) slots.push(slotOfEntry(heap, orders, entry));
  heap.count = 0;
  slots.forEach((slot, entry) => {
    if (slot >= 0) push(heap, all[entry * 2] as number, all[entry * 2 + 1] as number);
  });
  heap.sweepAt = Math.max(SWEEP_MIN, heap.count * 2);
}

/** Builds the heap from the order rows, after a restore or a fork. */
export function rebuildExpiries(heap: ExpiryHeap, orders: OrderTable): void {
  heap.count = 0;
  for (let slot = 0; slot < orders.table.count; slot++) {
    if (doesExpire(orders, slot)) pushExpiry(heap, orders, slot);
  }
  heap.sweepAt = Math.max(SWEEP_MIN, heap.count * 2);
}

const doesExpire = (orders: OrderTable, slot: number): boolean =>
  (readLane(orders.flags, slot) & ORDER_FLAG.expires) !== 0;

/** Slot of an entry's order, or -1 where that has ended. */
function slotOfEntry(heap: ExpiryHeap, orders: OrderTable, entry: number): number {
  const slot = liveSlot(orders, heap.data[entry * 2 + 1] as number);
  const isSame =
    slot >= 0 &&
    doesExpire(orders, slot) &&
    readLane(orders.expiresAtMs, slot) === heap.data[entry * 2];
  return isSame ? slot : -1;
}

function push(heap: ExpiryHeap, timeMs: number, oid: number): void {
  if ((heap.count + 1) * 2 > heap.data.length) {
    const grown = new Float64Array(heap.data.length * 2);
    grown.set(heap.data);
    heap.data = grown;
  }
  let at = heap.count;
  heap.count += 1;
  while (at > 0) {
    const parent = (at - 1) >>> 1;
    if (!isBefore(timeMs, oid, heap, parent)) break;
    copyEntry(heap, parent, at);
    at = parent;
  }
  heap.data[at * 2] = timeMs;
  heap.data[at * 2 + 1] = oid;
}

function dropFirst(heap: ExpiryHeap): void {
  heap.count -= 1;
  const { count, data } = heap;
  const timeMs = data[count * 2] as number;
  const oid = data[count * 2 + 1] as number;
  let at = 0;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= count) break;
    if (child + 1 < count && isEntryBefore(heap, child + 1, child)) child += 1;
    if (isBefore(timeMs, oid, heap, child)) break;
    copyEntry(heap, child, at);
    at = child;
  }
  data[at * 2] = timeMs;
  data[at * 2 + 1] = oid;
}

const isEntryBefore = (heap: ExpiryHeap, one: number, other: number): boolean =>
  isBefore(heap.data[one * 2] as number, heap.data[one * 2 + 1] as number, heap, other);

function isBefore(timeMs: number, oid: number, { data }: ExpiryHeap, entry: number): boolean {
  const other = data[entry * 2] as number;
  return timeMs < other || (timeMs === other && oid < (data[entry * 2 + 1] as number));
}

function copyEntry({ data }: ExpiryHeap, from: number, to: number): void {
  data[to * 2] = data[from * 2] as number;
  data[to * 2 + 1] = data[from * 2 + 1] as number;
}
