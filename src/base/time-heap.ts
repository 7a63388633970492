/**
 * What is due next: a binary heap of times and keys, earliest first, of equal times the smaller key, so
 * that the order in which entries leave is theirs alone. It holds no state: its owner says which
 * entries still count, and drops or sweeps the others.
 */

/** Times and keys, two lanes an entry. */
export interface TimeHeap {
  data: Float64Array<ArrayBuffer>;
  count: number;
}

/** A heap without entries. */
export const createTimeHeap = (): TimeHeap => ({ data: new Float64Array(128), count: 0 });

/** Adds an entry [ms]. */
export function pushTime(heap: TimeHeap, timeMs: number, key: number): void {
  if ((heap.count + 1) * 2 > heap.data.length) {
    const grown = new Float64Array(heap.data.length * 2);
    grown.set(heap.data);
    heap.data = grown;
  }
  let at = heap.count;
  heap.count += 1;
  while (at > 0) {
    const parent = (at - 1) >>> 1;
    if (!isBefore(timeMs, key, heap, parent)) break;
    copyEntry(heap, parent, at);
    at = parent;
  }
  heap.data[at * 2] = timeMs;
  heap.data[at * 2 + 1] = key;
}

/** Drops the earliest entry; there is one. */
export function dropEarliest(heap: TimeHeap): void {
  heap.count -= 1;
  const { count, data } = heap;
  const timeMs = data[count * 2] as number;
  const key = data[count * 2 + 1] as number;
  let at = 0;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= count) break;
    if (child + 1 < count && isEntryBefore(heap, child + 1, child)) child += 1;
    if (isBefore(timeMs, key, heap, child)) break;
    copyEntry(heap, child, at);
    at = child;
  }
  data[at * 2] = timeMs;
  data[at * 2 + 1] = key;
}

const isEntryBefore = (heap: TimeHeap, one: number, other: number): boolean =>
  isBefore(heap.data[one * 2] as number, heap.data[one * 2 + 1] as number, heap, other);

function isBefore(timeMs: number, key: number, { data }: TimeHeap, entry: number): boolean {
  const other = data[entry * 2] as number;
  return timeMs < other || (timeMs === other && key < (data[entry * 2 + 1] as number));
}

function copyEntry({ data }: TimeHeap, from: number, to: number): void {
  data[to * 2] = data[from * 2] as number;
  data[to * 2 + 1] = data[from * 2 + 1] as number;
}
