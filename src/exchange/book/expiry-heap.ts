/**
 * Which order leaves its book next because its time has come. Derived from the order rows: a
 * heap by time, then by id, so equal times end in the order of their ids whatever the heap has been
 * through. Orders that left otherwise stay in it until their turn or until it is swept.
 *
 * Push and pop are O(log n), a sweep is O(n) and runs when the heap has doubled since the last.
 */
import { readLane } from "../../base/column.ts";
import { createTimeHeap, dropEarliest, pushTime, type TimeHeap } from "../../base/time-heap.ts";
import { liveSlot, ORDER_FLAG, type OrderTable } from "./order-table.ts";

/** See the file's head; keys are ids. */
export interface ExpiryHeap extends TimeHeap {
  /** Number of entries at which it is swept. */
  sweepAt: number;
}

const SWEEP_MIN = 64;

/** No orders. */
export const createExpiryHeap = (): ExpiryHeap => ({
  ...createTimeHeap(),
  sweepAt: SWEEP_MIN,
});

/** Adds the order in a slot, whose row is written. */
export function pushExpiry(heap: ExpiryHeap, orders: OrderTable, slot: number): void {
  pushTime(heap, readLane(orders.expiresAtMs, slot), readLane(orders.oid, slot));
}

/** Slot of the order that ends next, or -1; entries of orders that ended otherwise are dropped on the way. */
export function nextExpiring(heap: ExpiryHeap, orders: OrderTable): number {
  while (heap.count > 0) {
    const slot = slotOfEntry(heap, orders, 0);
    if (slot >= 0) return slot;
    dropEarliest(heap);
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
    if (slot >= 0) pushTime(heap, all[entry * 2] as number, all[entry * 2 + 1] as number);
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
