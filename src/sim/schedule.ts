/**
 * Simulated time: an event queue ordered by time, then by order of scheduling. Nothing here waits;
 * time jumps from event to event, so that a run depends on its inputs alone.
 *
 * A binary heap: O(log n) to add and to take.
 */
import { assert } from "../base/assert.ts";

/** See the file's head. */
export interface Schedule {
  /** Simulated time [ms]. */
  readonly nowMs: number;
  /** Runs `action` at a time, at once where that has passed [ms]. */
  at(timeMs: number, action: () => void): void;
  /** Runs `action` after a delay [ms]. */
  after(delayMs: number, action: () => void): void;
  /** Runs everything that is due up to a time and stops there [ms]. */
  runUntil(timeMs: number): void;
}

interface Entry {
  readonly timeMs: number;
  readonly order: number;
  readonly action: () => void;
}

/** An empty queue that starts at a time [ms]. */
export function createSchedule(startMs: number): Schedule {
  const heap: Entry[] = [];
  let nowMs = startMs;
  let order = 0;
  const at = (timeMs: number, action: () => void): void => {
    assert(Number.isSafeInteger(timeMs), "simulated time is a whole number of milliseconds");
    push(heap, { timeMs: Math.max(nowMs, timeMs), order, action });
    order += 1;
  };
  return {
    get nowMs() {
      return nowMs;
    },
    at,
    after: (delayMs, action) => at(nowMs + delayMs, action),
    runUntil(timeMs) {
      for (let next = heap[0]; next !== undefined && next.timeMs <= timeMs; next = heap[0]) {
        pop(heap);
        nowMs = next.timeMs;
        next.action();
      }
      nowMs = Math.max(nowMs, timeMs);
    },
  };
}

const isBefore = (a: Entry, b: Entry): boolean =>
  a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.order < b.order);

function push(heap: Entry[], entry: Entry): void {
  let at = heap.length;
  while (at > 0) {
    const parent = (at - 1) >>> 1;
    const above = heap[parent] as Entry;
    if (!isBefore(entry, above)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop() as Entry;
  if (heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) {
      child += 1;
    }
    if (!isBefore(heap[child] as Entry, last)) break;
    heap[at] = heap[child] as Entry;
    at = child;
  }
  heap[at] = last;
}
