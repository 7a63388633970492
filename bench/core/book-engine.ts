/**
 * An order book alone: order table, a book and a matching loop, without accounts, money or events.
 * What a command filled stands in `fills` until the next one. Nothing is allocated once the tables
 * have grown: ids are doubles and pass through arrays, since a double that a call takes or answers may
 * be boxed. The owner of an order is its place in the caller's array.
 */
import { createRegister, readLane, writeLane } from "../../src/base/column.ts";
import { crosses, oppositeSide, type Side } from "../../src/base/side.ts";
import type { Book } from "../../src/exchange/book/book.ts";
import { createBookLinks, createFastBook } from "../../src/exchange/book/fast.ts";
import type { Ladder } from "../../src/exchange/book/ladder.ts";
import {
  createOrderTable,
  freeSlot,
  liveOrderTotal,
  liveSlot,
  type OrderTable,
  takeSlot,
} from "../../src/exchange/book/order-table.ts";
import { createReferenceBook } from "../../src/exchange/book/reference.ts";

/** Most orders that one command may fill. */
const FILLS_MAX = 65_536;
/** Highest price [ticks]. */
export const PX_MAX = 10_000_000;

/** Fills of the last command, oldest first. */
export interface Fills {
  count: number;
  /** Prices of the resting orders [ticks]. */
  readonly px: Int32Array;
  /** Sizes [lots]. */
  readonly sz: Float64Array;
  /** Owners of the resting orders. */
  readonly owner: Int32Array;
  /** 1 where the resting order was used up. */
  readonly isDone: Uint8Array;
}

/** One book and its orders. */
export interface BookEngine {
  readonly orders: OrderTable;
  /** Tables of the fast book; null for the plain one. */
  readonly ladder: Ladder | null;
  readonly fills: Fills;
  /** Matches what crosses and rests the remainder; `oids[at]` becomes its id, or 0 where none is left. */
  place(oids: Float64Array, at: number, side: Side, px: number, sz: number): void;
  /** Matches what crosses and drops the remainder. */
  ioc(side: Side, px: number, sz: number): void;
  /** Takes the order `oids[at]` off the book, if it lives. */
  cancel(oids: Float64Array, at: number): void;
  /** Replaces the order `oids[at]`, if it lives, by a new one of its side, which takes its place there. */
  modify(oids: Float64Array, at: number, px: number, sz: number): void;
  /** Best price of a side, 0 = none [ticks]. */
  bestPx(side: Side): number;
  /** Number of resting orders. */
  live(): number;
}

/** Which form the book has. */
export type BookForm = "fast" | "plain";

/** An empty engine for prices up to `pxMax` [ticks]. */
export function createBookEngine(form: BookForm, pxMax = PX_MAX): BookEngine {
  const orders = createOrderTable(createRegister(), 1);
  const book =
    form === "fast"
      ? createFastBook(orders, createBookLinks(), pxMax)
      : createReferenceBook(orders);
  const fills: Fills = {
    count: 0,
    px: new Int32Array(FILLS_MAX),
    sz: new Float64Array(FILLS_MAX),
    owner: new Int32Array(FILLS_MAX),
    isDone: new Uint8Array(FILLS_MAX),
  };
  return {
    orders,
    ladder: book.ladder,
    fills,
    place(oids, at, side, px, sz) {
      const left = match(orders, book, fills, side, px, sz);
      oids[at] = 0;
      if (left > 0) rest(orders, book, oids, at, side, px, left);
    },
    ioc(side, px, sz) {
      match(orders, book, fills, side, px, sz);
    },
    cancel(oids, at) {
      fills.count = 0;
      const slot = liveSlot(orders, oids[at] as number);
      if (slot < 0) return;
      book.remove(slot);
      freeSlot(orders, slot);
    },
    modify(oids, at, px, sz) {
      fills.count = 0;
      const slot = liveSlot(orders, oids[at] as number);
      if (slot < 0) return;
      const side = readLane(orders.side, slot) as Side;
      book.remove(slot);
      freeSlot(orders, slot);
      const left = match(orders, book, fills, side, px, sz);
      oids[at] = 0;
      if (left > 0) rest(orders, book, oids, at, side, px, left);
    },
    bestPx: (side) => book.bestPx(side),
    live: () => liveOrderTotal(orders),
  };
}

/** Takes an order through the opposite side and notes its fills; answers what is left [lots]. */
function match(
  orders: OrderTable,
  book: Book,
  fills: Fills,
  side: Side,
  px: number,
  sz: number,
): number {
  const opposite = oppositeSide(side);
  let left = sz;
  let count = 0;
  while (left > 0) {
    const slot = book.bestSlot(opposite);
    if (slot < 0) break;
    const makerPx = readLane(orders.px, slot);
    if (!crosses(side, makerPx, px)) break;
    const open = readLane(orders.sz, slot);
    const lots = open < left ? open : left;
    fills.px[count] = makerPx;
    fills.sz[count] = lots;
    fills.owner[count] = readLane(orders.account, slot);
    fills.isDone[count] = lots === open ? 1 : 0;
    count += 1;
    left -= lots;
    if (lots === open) {
      book.remove(slot);
      freeSlot(orders, slot);
    } else {
      writeLane(orders.sz, slot, open - lots);
    }
  }
  fills.count = count;
  return left;
}

/** Puts an order on the book and notes its id. */
function rest(
  orders: OrderTable,
  book: Book,
  oids: Float64Array,
  at: number,
  side: Side,
  px: number,
  sz: number,
): void {
  const slot = takeSlot(orders);
  writeLane(orders.account, slot, at);
  writeLane(orders.side, slot, side);
  writeLane(orders.px, slot, px);
  writeLane(orders.sz, slot, sz);
  writeLane(orders.origSz, slot, sz);
  book.insert(slot);
  oids[at] = readLane(orders.oid, slot);
}
