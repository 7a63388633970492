/**
 * Rows that wait for a market's price to pass a trigger of theirs: two heaps a market, one of
 * triggers below the price and one of those above, so that a move that passes none costs two
 * comparisons, whatever the number of rows. Derived: it knows row numbers and prices, and is filled
 * again from the columns after a restore.
 *
 * A heap's root is the trigger that is passed first. Keys are prices for falls and negated prices for
 * rises, so both heaps have their largest key on top and a row is found when its key is above the
 * price, negated likewise. Setting a trigger is O(log rows) at worst and mostly a few steps, because
 * a row's new trigger lies near its old one. Nothing is allocated once the arrays are long enough.
 */

/** Key and row, two lanes an entry. */
interface TriggerHeap {
  lanes: Int32Array;
  count: number;
}

/** Triggers of all rows of an exchange; each row has one at most. */
export interface PriceWatch {
  /** Two a market: falls, then rises. */
  readonly heaps: TriggerHeap[];
  /** Place of a row in its heap + 1; 0 = not watched. */
  places: Int32Array;
  /** Heap in which a row stands, while it does. */
  heapOf: Int32Array;
  /** Rows that the last {@link collectPassed} found. */
  found: Int32Array;
  foundCount: number;
}

/** Nothing watched and no market. */
export const createPriceWatch = (): PriceWatch => ({
  heaps: [],
  places: new Int32Array(64),
  heapOf: new Int32Array(64),
  found: new Int32Array(64),
  foundCount: 0,
});

/** Makes room for the next market. */
export function addWatchedMarket(watch: PriceWatch): void {
  for (let side = 0; side < 2; side++) watch.heaps.push({ lanes: new Int32Array(16), count: 0 });
}

/** Forgets every market and row. */
export function clearPriceWatch(watch: PriceWatch): void {
  watch.heaps.length = 0;
  watch.places.fill(0);
}

/** Finds a row from now on where the market's price is below `px` [ticks]. */
export function watchFall(watch: PriceWatch, market: number, row: number, px: number): void {
  setKey(watch, 2 * market, row, px);
}

/** Finds a row from now on where the market's price is above `px` [ticks]. */
export function watchRise(watch: PriceWatch, market: number, row: number, px: number): void {
  setKey(watch, 2 * market + 1, row, -px);
}

/** Price whose passing finds a row; 0 = the row is not watched [ticks]. */
export function triggerPxOf(watch: PriceWatch, row: number): number {
  const place = watch.places[row] ?? 0;
  if (place === 0) return 0;
  const { lanes } = watch.heaps[watch.heapOf[row] as number] as TriggerHeap;
  return Math.abs(lanes[2 * (place - 1)] as number);
}

/** Takes a row out, if it is watched. */
export function unwatch(watch: PriceWatch, row: number): void {
  if (row >= watch.places.length) return;
  const place = watch.places[row] as number;
  if (place === 0) return;
  watch.places[row] = 0;
  const heap = watch.heaps[watch.heapOf[row] as number] as TriggerHeap;
  heap.count -= 1;
  const last = 2 * heap.count;
  if (place - 1 === heap.count) return;
  settle(watch, heap, place - 1, heap.lanes[last] as number, heap.lanes[last + 1] as number);
}

/** Collects into `found` the rows of a market whose trigger a price has passed; they stay watched [ticks]. */
export function collectPassed(watch: PriceWatch, market: number, px: number): void {
  watch.foundCount = 0;
  collectAbove(watch, watch.heaps[2 * market] as TriggerHeap, px, 0);
  collectAbove(watch, watch.heaps[2 * market + 1] as TriggerHeap, -px, 0);
}

/** What stands below an entry has no larger key, so the walk ends at the first that is not above. */
function collectAbove(watch: PriceWatch, heap: TriggerHeap, bound: number, entry: number): void {
  if (entry >= heap.count || (heap.lanes[2 * entry] as number) <= bound) return;
  if (watch.foundCount === watch.found.length) watch.found = longer(watch.found, 0);
  watch.found[watch.foundCount] = heap.lanes[2 * entry + 1] as number;
  watch.foundCount += 1;
  collectAbove(watch, heap, bound, 2 * entry + 1);
  collectAbove(watch, heap, bound, 2 * entry + 2);
}

function setKey(watch: PriceWatch, number: number, row: number, key: number): void {
  if (row >= watch.places.length) {
    watch.places = longer(watch.places, row + 1);
    watch.heapOf = longer(watch.heapOf, row + 1);
  }
  if (watch.places[row] !== 0 && watch.heapOf[row] !== number) unwatch(watch, row);
  const heap = watch.heaps[number] as TriggerHeap;
  const place = watch.places[row] as number;
  if (place !== 0) {
    settle(watch, heap, place - 1, key, row);
    return;
  }
  if (2 * heap.count === heap.lanes.length) heap.lanes = longer(heap.lanes, 0);
  watch.heapOf[row] = number;
  heap.count += 1;
  settle(watch, heap, heap.count - 1, key, row);
}

/** Puts a row with a key where it belongs, beginning at an entry whose content may go. */
function settle(
  watch: PriceWatch,
  heap: TriggerHeap,
  start: number,
  key: number,
  row: number,
): void {
  const { lanes, count } = heap;
  let entry = start;
  while (entry > 0) {
    const parent = (entry - 1) >> 1;
    if ((lanes[2 * parent] as number) >= key) break;
    put(watch, lanes, entry, lanes[2 * parent] as number, lanes[2 * parent + 1] as number);
    entry = parent;
  }
  for (;;) {
    let child = 2 * entry + 1;
    if (child >= count) break;
    if (child + 1 < count && (lanes[2 * child + 2] as number) > (lanes[2 * child] as number))
      child += 1;
    if ((lanes[2 * child] as number) <= key) break;
    put(watch, lanes, entry, lanes[2 * child] as number, lanes[2 * child + 1] as number);
    entry = child;
  }
  put(watch, lanes, entry, key, row);
}

function put(watch: PriceWatch, lanes: Int32Array, entry: number, key: number, row: number): void {
  lanes[2 * entry] = key;
  lanes[2 * entry + 1] = row;
  watch.places[row] = entry + 1;
}

/** A copy twice as long, or as often twice as `least` asks. */
function longer(array: Int32Array, least: number): Int32Array {
  let length = array.length * 2;
  while (length < least) length *= 2;
  const grown = new Int32Array(length);
  grown.set(array);
  return grown;
}
