/** First-in first-out queue with a fixed bound: `push` answers false instead of growing past it. */
export interface BoundedQueue<T> {
  readonly bound: number;
  readonly items: T[];
  head: number;
}

/** An empty queue that holds at most `bound` items. */
export const createBoundedQueue = <T>(bound: number): BoundedQueue<T> => ({
  bound,
  items: [],
  head: 0,
});

/** Number of items waiting. */
export const queueLength = <T>(queue: BoundedQueue<T>): number => queue.items.length - queue.head;

/** Appends an item; false when the queue is full and the item was not taken. */
export function pushBounded<T>(queue: BoundedQueue<T>, item: T): boolean {
  if (queueLength(queue) >= queue.bound) return false;
  queue.items.push(item);
  return true;
}

/** Takes the oldest item, or undefined when the queue is empty. */
export function shiftBounded<T>(queue: BoundedQueue<T>): T | undefined {
  if (queue.head >= queue.items.length) return undefined;
  const item = queue.items[queue.head];
  queue.head += 1;
  if (queue.head > 1024 && queue.head * 2 > queue.items.length) {
    queue.items.splice(0, queue.head);
    queue.head = 0;
  }
  return item;
}
