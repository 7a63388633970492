/**
 * The visible book of every market: price levels with total size and number of orders, folded from
 * what rests. Owns nothing else; whether an order rests is the order model's to know.
 *
 * Invariants: a level has n > 0 and sz > 0; each side is sorted with the best price last, so that
 * work near the touch moves little. A change costs O(log levels) to find and O(levels) to insert.
 */
import { assert } from "../base/assert.ts";
import { BUY, type Side } from "../base/side.ts";

/** One price of one side [px: ticks, sz: lots, n: orders]. */
export interface L2Level {
  readonly px: number;
  sz: number;
  n: number;
}

/** Both sides of one market; the best level is the last. */
export interface L2Market {
  readonly bids: L2Level[];
  readonly asks: L2Level[];
}

/** Books by market id. */
export interface L2 {
  readonly markets: L2Market[];
}

/** Books without markets. */
export const createL2 = (): L2 => ({ markets: [] });

/** Makes room for a market. */
export function openL2Market(l2: L2, market: number): void {
  for (let id = l2.markets.length; id <= market; id++) l2.markets.push({ bids: [], asks: [] });
}

/** What a resting order is to the book. */
interface RestingSize {
  readonly market: number;
  readonly side: Side;
  readonly px: number;
  readonly sz: number;
}

/** An order comes to rest. */
export function addToL2(l2: L2, { market, side, px, sz }: RestingSize): void {
  const levels = levelsOf(l2, market, side);
  const at = placeOf(levels, side, px);
  const level = levels[at];
  if (level?.px === px) {
    level.sz += sz;
    level.n += 1;
  } else {
    levels.splice(at, 0, { px, sz, n: 1 });
  }
}

/** A resting order loses `sz`; `gone` says that nothing of it is left. */
export function takeFromL2(l2: L2, { market, side, px, sz }: RestingSize, gone: boolean): void {
  const levels = levelsOf(l2, market, side);
  const at = placeOf(levels, side, px);
  const level = levels[at];
  assert(level !== undefined && level.px === px, "a resting order's level exists");
  level.sz -= sz;
  if (gone) level.n -= 1;
  assert(level.n >= 0 && level.sz >= 0 && (level.n === 0) === (level.sz === 0), "a level adds up");
  if (level.n === 0) levels.splice(at, 1);
}

/** Best level of a side, or undefined when it is empty. */
export const bestLevel = (l2: L2, market: number, side: Side): L2Level | undefined =>
  levelsOf(l2, market, side).at(-1);

/** Levels of a side, best first, at most `count`. */
export function topLevels(l2: L2, market: number, side: Side, count: number): L2Level[] {
  const levels = levelsOf(l2, market, side);
  const out: L2Level[] = [];
  for (let i = levels.length - 1; i >= 0 && out.length < count; i--) out.push(levels[i] as L2Level);
  return out;
}

/** Levels of a side as they are stored: the best last. Not to be changed by the caller. */
export function levelsOf(l2: L2, market: number, side: Side): L2Level[] {
  const book = l2.markets[market];
  assert(book !== undefined, "a market is open before its orders");
  return side === BUY ? book.bids : book.asks;
}

/** Index of `px`, or where it would be inserted: bids rise towards the end, asks fall. */
function placeOf(levels: readonly L2Level[], side: Side, px: number): number {
  let low = 0;
  let high = levels.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const here = (levels[middle] as L2Level).px;
    if (side === BUY ? here < px : here > px) low = middle + 1;
    else high = middle;
  }
  return low;
}
