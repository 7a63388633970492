/**
 * Keeps a recorded book as resting orders. Each recorded level is a queue of orders of its own on the
 * exchange, in which orders of others take their place by time.
 *
 * What becomes of the queue at a price where others stand too:
 * - a level that grows gets new orders, behind everybody;
 * - a level that shrinks loses its newest orders first, so those behind others before those ahead;
 * - of an order that stands ahead of others no part is taken off, for the rest would lose its place:
 *   it stays until all of it is to go. A level may so show more than was recorded, by less than one
 *   order; levels near the touch are kept in several, which keeps that small;
 * - where the recorded market goes through others' orders, it fills them.
 *
 * Nobody ahead ever falls behind and nobody moves up but by trades and by cancels of whole orders
 * ahead: the queue of others is never better than the recording allows.
 */
import { BUY, crosses, oppositeSide, SELL, type Side } from "../../base/side.ts";
import type { TapeBook, TapeLevel } from "../../tape/tape-event.ts";
import { metSz, newestAt, type OtherOrders, readOtherOrders } from "./other-orders.ts";
import type { TapeAccounts } from "./tape-accounts.ts";
import {
  createTapeOrders,
  ordersAt,
  queueCancel,
  queueCancelAll,
  queuePlace,
  sendOrders,
  type TapeOrder,
  type TapeOrders,
} from "./tape-orders.ts";

/** Orders that a level near the touch is kept in. */
const PIECES = 4;
/** Distance from the touch within which a level counts as near [bps]. */
const NEAR_BPS = 20;
/** Looks at the book until nothing goes through others' orders any more. */
const LOOKS = 3;
/** Orders of a level behind all others' that are made one again. */
const LEVEL_ORDERS_MAX = 16;

/** See the file's head. */
export interface TapeDepth {
  readonly orders: TapeOrders;
  readonly pxMax: number;
  /** Whether an account is one of the tape's. */
  readonly isOwn: (account: number) => boolean;
  /** Sizes as recorded, by price [ticks -> lots]; one map a side. */
  readonly recorded: readonly [Map<number, number>, Map<number, number>];
  /** Prices at which orders may differ from what was recorded. */
  readonly dirty: readonly [Set<number>, Set<number>];
  /** Recorded levels above the market's price cap, left out. */
  beyond: number;
}

/** An empty book. */
export function createTapeDepth(
  accounts: TapeAccounts,
  szStep: number,
  isOwn: (account: number) => boolean,
): TapeDepth {
  const dirty = [new Set<number>(), new Set<number>()] as const;
  return {
    orders: createTapeOrders(accounts, szStep, (side, px) => dirty[side].add(px)),
    pxMax: accounts.door.state.markets.pxMax.data[accounts.market] as number,
    isOwn,
    recorded: [new Map(), new Map()],
    dirty,
    beyond: 0,
  };
}

/** Takes over a whole book or changes of it; {@link syncDepth} brings the orders after it. */
export function recordDepth(depth: TapeDepth, book: TapeBook, isWhole: boolean): void {
  const sides = [
    [BUY, book.bids],
    [SELL, book.asks],
  ] as const;
  for (const [side, levels] of sides) {
    const recorded = depth.recorded[side];
    const dirty = depth.dirty[side];
    if (isWhole) {
      for (const px of recorded.keys()) dirty.add(px);
      recorded.clear();
    }
    for (const { px, sz } of levels) {
      if (px > depth.pxMax) {
        depth.beyond += 1;
        continue;
      }
      dirty.add(px);
      if (sz === 0) recorded.delete(px);
      else recorded.set(px, sz);
    }
  }
}

/**
 * Takes over best prices that came between two whole books: what was recorded at better prices is
 * gone, what stands at the touch has the size told.
 */
export function recordTouch(
  depth: TapeDepth,
  { bid, ask }: { readonly bid: TapeLevel | null; readonly ask: TapeLevel | null },
): void {
  for (const [side, touch] of [
    [BUY, bid],
    [SELL, ask],
  ] as const) {
    const recorded = depth.recorded[side];
    for (const px of recorded.keys()) {
      if (touch !== null && (px === touch.px || !crosses(side, touch.px, px))) continue;
      recorded.delete(px);
      depth.dirty[side].add(px);
    }
    if (touch === null || touch.px > depth.pxMax) continue;
    recorded.set(touch.px, touch.sz);
    depth.dirty[side].add(touch.px);
  }
}

/**
 * Brings the orders to what was recorded, wherever the two may differ. What the recorded market has
 * gone through is filled first, and a second look then sets those levels right.
 */
export function syncDepth(depth: TapeDepth): void {
  for (let look = 0; look < LOOKS; look++) {
    const others = othersOf(depth);
    let goesThrough = false;
    for (const side of [BUY, SELL] as const) {
      const prices = [...depth.dirty[side]];
      depth.dirty[side].clear();
      for (const px of prices) {
        if (syncLevel(depth, others, { side, px, newestOther: newestAt(others, side, px) }))
          goesThrough = true;
      }
    }
    sendOrders(depth.orders);
    if (!goesThrough) return;
  }
}

/** Answers whether the level goes through orders of others. */
function syncLevel(depth: TapeDepth, others: OtherOrders, level: Level): boolean {
  const { orders } = depth;
  const { side, px } = level;
  const target = depth.recorded[side].get(px) ?? 0;
  if (target === 0) {
    queueCancelAll(orders, side, px);
    return false;
  }
  const live = ordersAt(orders, side, px);
  const have = sizeOf(live);
  if (have > target) shrinkLevel(depth, level, live, have - target);
  if (have >= target) return false;
  const throughSz = metSz(others, oppositeSide(side), px);
  const pieces = piecesFor(depth, side, px, live);
  queuePlace(orders, level, { sz: target - have + throughSz, pieces });
  joinBehind(depth, level, live);
  if (throughSz > 0) depth.dirty[side].add(px);
  return throughSz > 0;
}

interface Level {
  readonly side: Side;
  readonly px: number;
  /** Newest order of anybody else at this price; 0 = none. */
  readonly newestOther: number;
}

function shrinkLevel(
  depth: TapeDepth,
  level: Level,
  live: readonly TapeOrder[],
  excess: number,
): void {
  let left = excess;
  for (let i = live.length - 1; i >= 0 && left > 0; i--) {
    const { oid, sz } = live[i] as TapeOrder;
    const isBehind = oid > level.newestOther;
    if (sz > left && !isBehind) {
      // It keeps its place; another look when something changes here.
      depth.dirty[level.side].add(level.px);
      return;
    }
    queueCancel(depth.orders, oid);
    if (sz > left) queuePlace(depth.orders, level, { sz: sz - left, pieces: 1 });
    left -= sz;
  }
}

/** Makes one order of many that stand behind everybody else's: what they are is nobody's concern. */
function joinBehind(depth: TapeDepth, level: Level, live: readonly TapeOrder[]): void {
  const behind = live.filter(({ oid }) => oid > level.newestOther);
  if (behind.length < LEVEL_ORDERS_MAX) return;
  for (const { oid } of behind) queueCancel(depth.orders, oid);
  queuePlace(depth.orders, level, {
    sz: sizeOf(behind),
    pieces: piecesFor(depth, level.side, level.px, []),
  });
}

/** A new level near the touch comes in several orders, an addition or a far level in one. */
function piecesFor(depth: TapeDepth, side: Side, px: number, live: readonly TapeOrder[]): number {
  if (live.length > 0) return 1;
  const best = bestPx(depth, side);
  return best === 0 || Math.abs(px - best) * 10_000 <= NEAR_BPS * best ? PIECES : 1;
}

/**
 * Sets the book so that a trade prints as recorded: nothing of the tape stands at a better price or
 * in the way, and at the trade's price there is enough. Where nobody else stands in its way, one
 * order holds all of it, so that one trade of the tape is one trade here. Others' orders that would
 * have taken what the trade takes are filled first: the market has gone through their price.
 */
export function readyForTrade(
  depth: TapeDepth,
  trade: { readonly side: Side; readonly px: number; readonly sz: number },
): void {
  const { orders } = depth;
  const { px, sz } = trade;
  const hit = oppositeSide(trade.side);
  clearBetter(depth, hit, px);
  clearCrossed(depth, trade.side, px);
  sendOrders(orders);
  depth.dirty[hit].add(px);
  const level = { side: hit, px };
  const live = ordersAt(orders, hit, px);
  const have = sizeOf(live);
  const others = othersOf(depth);
  const throughSz = metSz(others, trade.side, px);
  if (throughSz > 0 || metSz(others, hit, px) > 0) {
    const lacking = Math.max(0, sz - have) + throughSz;
    if (lacking > 0) queuePlace(orders, level, { sz: lacking, pieces: 1 });
  } else if ((live[0]?.sz ?? 0) < sz) {
    for (const { oid } of live) queueCancel(orders, oid);
    queuePlace(orders, level, { sz, pieces: 1 });
    sendOrders(orders);
    if (have > sz) queuePlace(orders, level, { sz: have - sz, pieces: PIECES });
  }
  sendOrders(orders);
}

/** Cancels the tape's orders of a side at better prices than `px`. */
function clearBetter(depth: TapeDepth, side: Side, px: number): void {
  const step = side === BUY ? -1 : 1;
  for (let at = bestPx(depth, side); at !== 0 && (px - at) * step > 0; at += step) {
    clearLevel(depth, side, at);
  }
}

/** Cancels the tape's orders of a side that an order of the other side at `px` would meet. */
function clearCrossed(depth: TapeDepth, side: Side, px: number): void {
  const step = side === BUY ? -1 : 1;
  for (let at = bestPx(depth, side); at !== 0 && (px - at) * step >= 0; at += step) {
    clearLevel(depth, side, at);
  }
}

function clearLevel(depth: TapeDepth, side: Side, px: number): void {
  if (queueCancelAll(depth.orders, side, px)) depth.dirty[side].add(px);
}

const othersOf = ({ orders, isOwn }: TapeDepth): OtherOrders =>
  readOtherOrders(orders.accounts.door.state, orders.accounts.market, isOwn);

const sizeOf = (orders: readonly TapeOrder[]): number =>
  orders.reduce((sum, { sz }) => sum + sz, 0);

/** Says that a price has to be looked at: something traded or was canceled there. */
export const markDirty = (depth: TapeDepth, side: Side, px: number): void => {
  depth.dirty[side].add(px);
};

/** Middle of the recorded book; 0 while a side is empty [ticks]. */
export function recordedMid(depth: TapeDepth): number {
  let bid = 0;
  let ask = Number.POSITIVE_INFINITY;
  for (const px of depth.recorded[BUY].keys()) bid = Math.max(bid, px);
  for (const px of depth.recorded[SELL].keys()) ask = Math.min(ask, px);
  return bid === 0 || ask === Number.POSITIVE_INFINITY ? 0 : Math.round((bid + ask) / 2);
}

function bestPx(depth: TapeDepth, side: Side): number {
  const { door, market } = depth.orders.accounts;
  return door.state.books[market]?.bestPx(side) ?? 0;
}
