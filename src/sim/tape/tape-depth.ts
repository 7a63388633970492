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
 * - where the recorded market crosses others' orders, it trades with them.
 *
 * Nobody ahead ever falls behind and nobody moves up but by trades and by cancels of whole orders
 * ahead: the queue of others is never better than the recording allows.
 */
import { readLane } from "../../base/column.ts";
import { BUY, crosses, oppositeSide, SELL, type Side } from "../../base/side.ts";
import type { ExchangeState } from "../../exchange/state.ts";
import type { TapeBook, TapeLevel } from "../../tape/tape-event.ts";
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
/** Orders of a level behind all others' that are made one again. */
const LEVEL_ORDERS_MAX = 16;
/** Tries to have enough at a price before a trade; others' orders in the way end with the first few. */
const READY_TRIES = 8;

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

/** Brings the orders to what was recorded, wherever the two may differ. */
export function syncDepth(depth: TapeDepth): void {
  const others = othersOrders(depth);
  for (const side of [BUY, SELL] as const) {
    const prices = [...depth.dirty[side]];
    depth.dirty[side].clear();
    for (const px of prices) syncLevel(depth, side, px, newestAt(others, side, px));
  }
  sendOrders(depth.orders);
}

function syncLevel(depth: TapeDepth, side: Side, px: number, newestOther: number): void {
  const { orders } = depth;
  const target = depth.recorded[side].get(px) ?? 0;
  if (target === 0) {
    queueCancelAll(orders, side, px);
    return;
  }
  const live = ordersAt(orders, side, px);
  const have = sizeOf(live);
  if (have > target) shrinkLevel(depth, { side, px, newestOther }, live, have - target);
  else if (have < target) {
    queuePlace(
      orders,
      { side, px },
      { sz: target - have, pieces: piecesFor(depth, side, px, live) },
    );
    joinBehind(depth, { side, px, newestOther }, live);
  }
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
 * order holds all of it, so that one trade of the tape is one trade here.
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
  if (!meetsOthers(depth, trade)) {
    const live = ordersAt(orders, hit, px);
    if (live.length > 0 && (live[0] as TapeOrder).sz >= sz) return;
    for (const { oid } of live) queueCancel(orders, oid);
    queuePlace(orders, level, { sz, pieces: 1 });
    sendOrders(orders);
    const rest = sizeOf(live) - sz;
    if (rest > 0) queuePlace(orders, level, { sz: rest, pieces: PIECES });
    sendOrders(orders);
    return;
  }
  for (let i = 0; i < READY_TRIES; i++) {
    const have = sizeOf(ordersAt(orders, hit, px));
    if (have >= sz) return;
    queuePlace(orders, level, { sz: sz - have, pieces: 1 });
    sendOrders(orders);
  }
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

const sizeOf = (orders: readonly TapeOrder[]): number =>
  orders.reduce((sum, { sz }) => sum + sz, 0);

/** Whether somebody else's order stands where a trade, or the order that it takes, will pass. */
function meetsOthers(
  depth: TapeDepth,
  { side, px }: { readonly side: Side; readonly px: number },
): boolean {
  const hit = oppositeSide(side);
  let meets = false;
  eachOther(depth, (otherSide, otherPx) => {
    meets ||= otherSide === hit ? crosses(side, otherPx, px) : crosses(hit, otherPx, px);
  });
  return meets;
}

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

/** Newest order of anybody else by side and price. */
type Others = readonly [Map<number, number>, Map<number, number>];

const newestAt = (others: Others, side: Side, px: number): number => others[side].get(px) ?? 0;

function othersOrders(depth: TapeDepth): Others {
  const others: Others = [new Map(), new Map()];
  eachOther(depth, (side, px, oid) => {
    others[side].set(px, Math.max(oid, newestAt(others, side, px)));
  });
  return others;
}

/** Calls `visit` for every live order on the market that is not the tape's. */
function eachOther(depth: TapeDepth, visit: (side: Side, px: number, oid: number) => void): void {
  const { door, market } = depth.orders.accounts;
  const { orders, accounts }: ExchangeState = door.state;
  for (let account = 0; account < accounts.table.count; account++) {
    let link = readLane(orders.newest, account);
    if (link === 0 || depth.isOwn(account)) continue;
    while (link !== 0) {
      const slot = link - 1;
      link = readLane(orders.prev, slot);
      if (readLane(orders.market, slot) !== market) continue;
      visit(
        readLane(orders.side, slot) as Side,
        readLane(orders.px, slot),
        readLane(orders.oid, slot),
      );
    }
  }
}
