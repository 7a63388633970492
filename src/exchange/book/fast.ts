/**
 * The fast book: a paged ladder of price levels with intrusive queues and a bitmap of occupied
 * levels. It does what the plain book does, and holds no state of its own either.
 *
 * - A page is 1024 neighbouring ticks: 1024 levels of head and tail slot, and 32 words of bits.
 *   Pages are taken when a price is first used and given back when their last level empties.
 * - Above the pages stand three levels of bits (page words, directory, its summary), so the next
 *   occupied price in either direction is found by a handful of `clz32`, whatever the distance.
 * - One ladder serves both sides: a book at rest is not crossed, so what is occupied below the best
 *   bid is bids, and above the best ask asks.
 * - Orders of a level are linked through one record of two int32 a slot.
 *
 * Insert and remove are O(1) but for a best level that empties, which costs one search. Nothing is
 * allocated but pages. Prices are below 2^25 ticks (checked at market creation).
 */
import { assert } from "../../base/assert.ts";
import { readLane } from "../../base/column.ts";
import { BUY, type Side } from "../../base/side.ts";
import { TICKS_BOUND } from "../../base/units.ts";
import type { Book } from "./book.ts";
import { type BookLinks, LADDER, type Ladder } from "./ladder.ts";
import { ORDER, type OrderTable } from "./order-table.ts";

// Constants of other modules as this one's own: the engine folds these and loads those.
const OWN_BUY = BUY;
const {
  pageBits: LADDER_PAGE_BITS,
  pageMask: LADDER_PAGE_MASK,
  pageLanes: LADDER_PAGE_LANES,
} = LADDER;
const { px: ORDER_PX, side: ORDER_SIDE } = ORDER;
const OWN_TICKS_BOUND = TICKS_BOUND;

const PAGE_BITS = LADDER_PAGE_BITS;
const PAGE_MASK = LADDER_PAGE_MASK;
const PAGE_LANES = LADDER_PAGE_LANES;
const WORDS = (PAGE_MASK + 1) >>> 5;

/** No links yet. */
export const createBookLinks = (): BookLinks => ({ data: new Int32Array(2048) });

/**
 * A fast book for prices up to `pxMax` [ticks]; `links` is shared by the exchange's books. `resting`
 * are the slots that it begins with, in the order of their ids.
 */
export function createFastBook(
  orders: OrderTable,
  links: BookLinks,
  pxMax: number,
  resting: readonly number[] = [],
): Book {
  assert(pxMax < OWN_TICKS_BOUND, "a market's prices stay below 2^25 ticks");
  const pageTotal = (pxMax >>> PAGE_BITS) + 1;
  const pageCount = Math.max(1, countPages(orders, resting));
  const directoryWords = (pageTotal >>> 5) + 1;
  const ladder: Ladder = {
    orders,
    links,
    pages: new Int32Array(pageTotal),
    levels: new Int32Array(pageCount * PAGE_LANES),
    bits: new Int32Array(pageCount * WORDS),
    words: new Int32Array(pageCount),
    directory: new Int32Array(directoryWords),
    summary: new Int32Array((directoryWords >>> 5) + 1),
    free: Array.from({ length: pageCount }, (_, i) => pageCount - 1 - i),
    pageCount,
    bestBid: 0,
    bestAsk: 0,
  };
  for (const slot of resting) insertOrder(ladder, slot);
  return {
    ladder,
    insert: (slot) => insertOrder(ladder, slot),
    remove: (slot) => removeOrder(ladder, slot),
    bestSlot: (side) => firstSlot(ladder, side === OWN_BUY ? ladder.bestBid : ladder.bestAsk),
    bestPx: (side) => (side === OWN_BUY ? ladder.bestBid : ladder.bestAsk),
    forEach: (side, visit) => walk(ladder, side, visit),
    some: (side, ask) => someOrder(ladder, side, ask),
  };
}

/** Number of pages that the prices of slots lie on. */
function countPages(orders: OrderTable, slots: readonly number[]): number {
  return new Set(slots.map((slot) => readLane(orders.px, slot) >>> PAGE_BITS)).size;
}

/** Adds a resting order behind all others at its price. */
export function insertOrder(ladder: Ladder, slot: number): void {
  const { orders } = ladder;
  const px = orders.rows.i32[slot * 16 + ORDER_PX] as number;
  if (slot * 2 + 1 >= ladder.links.data.length) growLinks(ladder.links, slot);
  const page = (ladder.pages[px >>> PAGE_BITS] as number) || takePage(ladder, px >>> PAGE_BITS);
  const level = (page - 1) * PAGE_LANES + (px & PAGE_MASK) * 2;
  const links = ladder.links.data;
  const tail = ladder.levels[level + 1] as number;
  links[slot * 2] = 0;
  links[slot * 2 + 1] = tail;
  ladder.levels[level + 1] = slot + 1;
  if (tail !== 0) {
    links[(tail - 1) * 2] = slot + 1;
    return;
  }
  ladder.levels[level] = slot + 1;
  occupy(ladder, page - 1, px);
  if (orders.rows.i32[slot * 16 + ORDER_SIDE] === OWN_BUY) {
    if (px > ladder.bestBid) ladder.bestBid = px;
  } else if (px < ladder.bestAsk || ladder.bestAsk === 0) ladder.bestAsk = px;
}

/** Takes an order out. */
export function removeOrder(ladder: Ladder, slot: number): void {
  const px = ladder.orders.rows.i32[slot * 16 + ORDER_PX] as number;
  const page = (ladder.pages[px >>> PAGE_BITS] as number) - 1;
  if (page < 0) assert(false, "a removed order rests on its level");
  const level = page * PAGE_LANES + (px & PAGE_MASK) * 2;
  const links = ladder.links.data;
  const next = links[slot * 2] as number;
  const prev = links[slot * 2 + 1] as number;
  if (next !== 0) links[(next - 1) * 2 + 1] = prev;
  else ladder.levels[level + 1] = prev;
  if (prev !== 0) links[(prev - 1) * 2] = next;
  else ladder.levels[level] = next;
  if (next !== 0 || prev !== 0) return;
  vacate(ladder, page, px);
  if (px === ladder.bestBid) ladder.bestBid = occupiedBelow(ladder, px);
  else if (px === ladder.bestAsk) ladder.bestAsk = occupiedAbove(ladder, px);
}

function firstSlot(ladder: Ladder, px: number): number {
  if (px === 0) return -1;
  const page = (ladder.pages[px >>> PAGE_BITS] as number) - 1;
  return (ladder.levels[page * PAGE_LANES + (px & PAGE_MASK) * 2] as number) - 1;
}

function walk(ladder: Ladder, side: Side, visit: (slot: number) => void): void {
  someOrder(ladder, side, (slot) => {
    visit(slot);
    return false;
  });
}

function someOrder(ladder: Ladder, side: Side, ask: (slot: number) => boolean): boolean {
  let px = side === OWN_BUY ? ladder.bestBid : ladder.bestAsk;
  while (px !== 0) {
    let link = firstSlot(ladder, px) + 1;
    while (link !== 0) {
      const slot = link - 1;
      link = ladder.links.data[slot * 2] as number;
      if (ask(slot)) return true;
    }
    px = side === OWN_BUY ? occupiedBelow(ladder, px) : occupiedAbove(ladder, px);
  }
  return false;
}

function occupy(ladder: Ladder, page: number, px: number): void {
  const inPage = (px & PAGE_MASK) >>> 5;
  const word = page * WORDS + inPage;
  ladder.bits[word] = (ladder.bits[word] as number) | (1 << (px & 31));
  ladder.words[page] = (ladder.words[page] as number) | (1 << inPage);
}

function vacate(ladder: Ladder, page: number, px: number): void {
  const inPage = (px & PAGE_MASK) >>> 5;
  const word = page * WORDS + inPage;
  const left = (ladder.bits[word] as number) & ~(1 << (px & 31));
  ladder.bits[word] = left;
  if (left !== 0) return;
  const words = (ladder.words[page] as number) & ~(1 << inPage);
  ladder.words[page] = words;
  if (words === 0) givePage(ladder, page, px >>> PAGE_BITS);
}

const highestBit = (word: number): number => 31 - Math.clz32(word);
const lowestBit = (word: number): number => 31 - Math.clz32(word & -word);
const bitsBelow = (bit: number): number => ~(-1 << bit);
const bitsAbove = (bit: number): number => -2 << bit;

/** Highest occupied price below `px`, or 0. */
function occupiedBelow(ladder: Ladder, px: number): number {
  const index = px >>> PAGE_BITS;
  const page = (ladder.pages[index] as number) - 1;
  if (page >= 0) {
    const inPage = (px & PAGE_MASK) >>> 5;
    const near = (ladder.bits[page * WORDS + inPage] as number) & bitsBelow(px & 31);
    if (near !== 0) return (px & ~31) | highestBit(near);
    const word = (ladder.words[page] as number) & bitsBelow(inPage);
    if (word !== 0) return highestIn(ladder, index, page, highestBit(word));
  }
  const found = pageBelow(ladder, index);
  if (found < 0) return 0;
  const other = (ladder.pages[found] as number) - 1;
  return highestIn(ladder, found, other, highestBit(ladder.words[other] as number));
}

/** Lowest occupied price above `px`, or 0. */
function occupiedAbove(ladder: Ladder, px: number): number {
  const index = px >>> PAGE_BITS;
  const page = (ladder.pages[index] as number) - 1;
  if (page >= 0) {
    const inPage = (px & PAGE_MASK) >>> 5;
    const near = (ladder.bits[page * WORDS + inPage] as number) & bitsAbove(px & 31);
    if (near !== 0) return (px & ~31) | lowestBit(near);
    const word = (ladder.words[page] as number) & bitsAbove(inPage);
    if (word !== 0) return lowestIn(ladder, index, page, lowestBit(word));
  }
  const found = pageAbove(ladder, index);
  if (found < 0) return 0;
  const other = (ladder.pages[found] as number) - 1;
  return lowestIn(ladder, found, other, lowestBit(ladder.words[other] as number));
}

const highestIn = (ladder: Ladder, index: number, page: number, inPage: number): number =>
  (index << PAGE_BITS) | (inPage << 5) | highestBit(ladder.bits[page * WORDS + inPage] as number);

const lowestIn = (ladder: Ladder, index: number, page: number, inPage: number): number =>
  (index << PAGE_BITS) | (inPage << 5) | lowestBit(ladder.bits[page * WORDS + inPage] as number);

/** Highest occupied page below a page index, or -1. */
function pageBelow(ladder: Ladder, index: number): number {
  const { directory, summary } = ladder;
  const near = (directory[index >>> 5] as number) & bitsBelow(index & 31);
  if (near !== 0) return (index & ~31) | highestBit(near);
  let at = index >>> 5;
  let words = (summary[at >>> 5] as number) & bitsBelow(at & 31);
  let block = at >>> 5;
  while (words === 0) {
    block -= 1;
    if (block < 0) return -1;
    words = summary[block] as number;
  }
  at = (block << 5) | highestBit(words);
  return (at << 5) | highestBit(directory[at] as number);
}

/** Lowest occupied page above a page index, or -1. */
function pageAbove(ladder: Ladder, index: number): number {
  const { directory, summary } = ladder;
  const near = (directory[index >>> 5] as number) & bitsAbove(index & 31);
  if (near !== 0) return (index & ~31) | lowestBit(near);
  let at = index >>> 5;
  let words = (summary[at >>> 5] as number) & bitsAbove(at & 31);
  let block = at >>> 5;
  while (words === 0) {
    block += 1;
    if (block >= summary.length) return -1;
    words = summary[block] as number;
  }
  at = (block << 5) | lowestBit(words);
  return (at << 5) | lowestBit(directory[at] as number);
}

/** Takes an empty page for a page index; returns its number + 1. */
function takePage(ladder: Ladder, index: number): number {
  if (ladder.free.length === 0) growPages(ladder);
  const page = ladder.free.pop() as number;
  ladder.pages[index] = page + 1;
  const at = index >>> 5;
  ladder.directory[at] = (ladder.directory[at] as number) | (1 << (index & 31));
  ladder.summary[at >>> 5] = (ladder.summary[at >>> 5] as number) | (1 << (at & 31));
  return page + 1;
}

/** Gives back a page whose levels are all empty: its lanes are zero by then. */
function givePage(ladder: Ladder, page: number, index: number): void {
  ladder.pages[index] = 0;
  ladder.free.push(page);
  const at = index >>> 5;
  const left = (ladder.directory[at] as number) & ~(1 << (index & 31));
  ladder.directory[at] = left;
  if (left === 0)
    ladder.summary[at >>> 5] = (ladder.summary[at >>> 5] as number) & ~(1 << (at & 31));
}

function growPages(ladder: Ladder): void {
  const before = ladder.pageCount;
  const after = before * 2;
  const levels = new Int32Array(after * PAGE_LANES);
  levels.set(ladder.levels);
  const bits = new Int32Array(after * WORDS);
  bits.set(ladder.bits);
  const words = new Int32Array(after);
  words.set(ladder.words);
  ladder.levels = levels;
  ladder.bits = bits;
  ladder.words = words;
  for (let page = after - 1; page >= before; page--) ladder.free.push(page);
  ladder.pageCount = after;
}

function growLinks(links: BookLinks, slot: number): void {
  let length = links.data.length;
  while (slot * 2 + 1 >= length) length *= 2;
  const grown = new Int32Array(length);
  grown.set(links.data);
  links.data = grown;
}
