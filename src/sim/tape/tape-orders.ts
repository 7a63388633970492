/**
 * The tape's resting orders: which of them stand at which price, and batches of changes to them.
 * Changes are collected and sent together, all cancels before all new orders, so that the tape's own
 * two sides never meet.
 *
 * Owns the ids of the orders by side and price, oldest first. What remains of an order is read from
 * the exchange's state, which is right whoever has traded with it.
 */
import { readLane } from "../../base/column.ts";
import { BUY, SELL, type Side } from "../../base/side.ts";
import { TIF } from "../../base/time-in-force.ts";
import { liveSlot } from "../../exchange/book/order-table.ts";
import type { OrderItem } from "../../exchange/command-codec.ts";
import {
  ALL_FULL,
  accountWithRoom,
  cancelAs,
  placeAs,
  type TapeAccounts,
} from "./tape-accounts.ts";

/** Items of a command. */
const BATCH = 200;
/** Largest part of the position cap that one order takes [1]. */
const ORDER_PART = 0.2;

/** A live order of the tape. */
export interface TapeOrder {
  readonly oid: number;
  /** What remains [lots]. */
  readonly sz: number;
}

/** See the file's head. */
export interface TapeOrders {
  readonly accounts: TapeAccounts;
  /** Orders are cut at multiples of this [lots]. */
  readonly szStep: number;
  /** Order ids by price [ticks]; one map a side. */
  readonly levels: readonly [Map<number, number[]>, Map<number, number[]>];
  /** What is to be sent, by index of the account. */
  readonly cancels: Map<number, number[]>;
  readonly places: Map<number, OrderItem[]>;
  /** Lots on their way, by side and index of the account. */
  readonly pending: readonly [number[], number[]];
  /** Told of a new order that did not rest in full. */
  readonly onShort: (side: Side, px: number) => void;
  /** Size that no account had room for [lots]. */
  unplaced: number;
}

/** No orders. */
export const createTapeOrders = (
  accounts: TapeAccounts,
  szStep: number,
  onShort: (side: Side, px: number) => void,
): TapeOrders => ({
  accounts,
  szStep,
  levels: [new Map(), new Map()],
  cancels: new Map(),
  places: new Map(),
  pending: [[], []],
  onShort,
  unplaced: 0,
});

/** The tape's live orders at a price, oldest first. */
export function ordersAt(orders: TapeOrders, side: Side, px: number): TapeOrder[] {
  const oids = orders.levels[side].get(px);
  if (oids === undefined) return [];
  const { orders: table } = orders.accounts.door.state;
  const live: TapeOrder[] = [];
  for (const oid of oids) {
    const slot = liveSlot(table, oid);
    if (slot >= 0) live.push({ oid, sz: readLane(table.sz, slot) });
  }
  if (live.length === 0) orders.levels[side].delete(px);
  else if (live.length < oids.length)
    orders.levels[side].set(
      px,
      live.map(({ oid }) => oid),
    );
  return live;
}

/** Will cancel all orders of a price with the next {@link sendOrders}; answers whether there were any. */
export function queueCancelAll(orders: TapeOrders, side: Side, px: number): boolean {
  const live = ordersAt(orders, side, px);
  for (const { oid } of live) queueCancel(orders, oid);
  orders.levels[side].delete(px);
  return live.length > 0;
}

/** Will cancel an order with the next {@link sendOrders}. */
export function queueCancel(orders: TapeOrders, oid: number): void {
  const { accounts } = orders;
  const { orders: table } = accounts.door.state;
  const slot = liveSlot(table, oid);
  if (slot < 0) return;
  push(orders.cancels, accounts.ids.indexOf(readLane(table.account, slot)), oid);
}

/** Will place `sz` lots at a price with the next {@link sendOrders}, in `pieces` orders or more. */
export function queuePlace(
  orders: TapeOrders,
  level: { readonly side: Side; readonly px: number },
  { sz, pieces }: { readonly sz: number; readonly pieces: number },
): void {
  const { accounts, pending } = orders;
  const { side, px } = level;
  const most = Math.floor(accounts.positionMax * ORDER_PART);
  const piece = Math.min(most, Math.ceil(sz / pieces / orders.szStep) * orders.szStep);
  for (let left = sz; left > 0; ) {
    const lots = Math.min(left, piece);
    const index = accountWithRoom(accounts, side, lots, (i) => pending[side][i] ?? 0);
    if (index < 0) {
      if (index === ALL_FULL) orders.unplaced += left;
      else orders.onShort(side, px);
      return;
    }
    pending[side][index] = (pending[side][index] ?? 0) + lots;
    push(orders.places, index, { market: accounts.market, side, px, sz: lots, tif: TIF.gtc });
    left -= lots;
  }
}

/** Sends what was queued: cancels, then orders. */
export function sendOrders(orders: TapeOrders): void {
  const { accounts, cancels, places, pending } = orders;
  for (const [index, oids] of cancels) {
    for (let i = 0; i < oids.length; i += BATCH) {
      const batch = oids.slice(i, i + BATCH);
      if (!cancelAs(accounts, index, batch)) keepOrders(orders, batch);
    }
  }
  cancels.clear();
  for (const [index, items] of places) {
    for (let i = 0; i < items.length; i += BATCH)
      sendPlaces(orders, index, items.slice(i, i + BATCH));
  }
  places.clear();
  for (const side of [BUY, SELL] as const) pending[side].length = 0;
}

/** Orders whose cancel the exchange did not take stand as before, at prices to look at again. */
function keepOrders(orders: TapeOrders, oids: readonly number[]): void {
  const { orders: table } = orders.accounts.door.state;
  for (const oid of oids) {
    const slot = liveSlot(table, oid);
    const side = readLane(table.side, slot) as Side;
    const px = readLane(table.px, slot);
    if (orders.levels[side].get(px)?.includes(oid) !== true) addOid(orders.levels[side], px, oid);
    orders.onShort(side, px);
  }
}

/**
 * Sends a batch and learns the ids: what rests of it hangs, in order, at the newest end of the
 * account's list of orders. What matched in full is not there.
 */
function sendPlaces(orders: TapeOrders, index: number, items: OrderItem[]): void {
  const { accounts } = orders;
  const { orders: table } = accounts.door.state;
  const account = accounts.ids[index] as number;
  const newest = (): number => readLane(table.newest, account) - 1;
  const before = newest() < 0 ? 0 : readLane(table.oid, newest());
  if (!placeAs(accounts, index, items)) {
    for (const { side, px } of items) orders.onShort(side, px);
    return;
  }
  let slot = newest();
  for (let i = items.length - 1; i >= 0; i--) {
    const { side, px, sz } = items[i] as OrderItem;
    const oid = slot < 0 ? 0 : readLane(table.oid, slot);
    const isIts =
      oid > before && readLane(table.px, slot) === px && readLane(table.side, slot) === side;
    if (isIts) {
      addOid(orders.levels[side], px, oid);
      if (readLane(table.sz, slot) < sz) orders.onShort(side, px);
      slot = readLane(table.prev, slot) - 1;
    } else orders.onShort(side, px);
  }
}

/** Batches of several accounts come in any order; ids grow with time. */
function addOid(levels: Map<number, number[]>, px: number, oid: number): void {
  const oids = levels.get(px);
  if (oids === undefined) levels.set(px, [oid]);
  else {
    oids.push(oid);
    if (oids.length > 1 && (oids[oids.length - 2] as number) > oid) oids.sort((a, b) => a - b);
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
