/**
 * An order book alone: order table, a book and a matching loop, without accounts, money or events.
 * What a command filled stands in `fills` until the next one. Nothing is allocated once the tables
 * have grown: ids are doubles and pass through arrays, since a double that a call takes or answers may
 * be boxed. The owner of an order is its place in the caller's array.
 */
import { createRegister } from "../../src/base/column.ts";
import { BUY, type Side } from "../../src/base/side.ts";
import type { Book } from "../../src/exchange/book/book.ts";
import {
  createBookLinks,
  createFastBook,
  insertOrder,
  removeOrder,
} from "../../src/exchange/book/fast.ts";
import type { Ladder } from "../../src/exchange/book/ladder.ts";
import {
  createOrderTable,
  freeSlot,
  liveOrderTotal,
  liveSlot,
  ORDER,
  type OrderTable,
  takeSlot,
} from "../../src/exchange/book/order-table.ts";
import { createReferenceBook } from "../../src/exchange/book/reference.ts";

// Constants of other modules as this one's own: the engine folds these and loads those.
const BID = BUY;
const {
  px: ORDER_PX,
  sz: ORDER_SZ,
  oid: ORDER_OID,
  side: ORDER_SIDE,
  account: ORDER_ACCOUNT,
  origSz: ORDER_ORIG_SZ,
} = ORDER;

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
  const work: Work = { orders, book, fills };
  return {
    orders,
    ladder: book.ladder,
    fills,
    place(oids, at, side, px, sz) {
      const left = match(work, side, px, sz);
      oids[at] = 0;
      if (left > 0) rest(work, oids, at, side, px, left);
    },
    ioc(side, px, sz) {
      match(work, side, px, sz);
    },
    cancel(oids, at) {
      fills.count = 0;
      const slot = liveSlot(orders, oids[at] as number);
      if (slot >= 0) take(work, slot);
    },
    modify(oids, at, px, sz) {
      fills.count = 0;
      const slot = liveSlot(orders, oids[at] as number);
      if (slot < 0) return;
      const side = orders.rows.i32[slot * 16 + ORDER_SIDE] as Side;
      take(work, slot);
      const left = match(work, side, px, sz);
      oids[at] = 0;
      if (left > 0) rest(work, oids, at, side, px, left);
    },
    bestPx: (side) => book.bestPx(side),
    live: () => liveOrderTotal(orders),
  };
}

interface Work {
  readonly orders: OrderTable;
  readonly book: Book;
  readonly fills: Fills;
}

/** Takes an order through the opposite side and notes its fills; answers what is left [lots]. */
function match(work: Work, side: Side, px: number, sz: number): number {
  const { orders, book, fills } = work;
  const { ladder } = book;
  const { f64, i32 } = orders.rows;
  fills.count = 0;
  let left = sz;
  while (left > 0) {
    const best = ladder === null ? book.bestPx(side === BID ? 1 : 0) : bestOf(ladder, side);
    if (best === 0 || (side === BID ? best > px : best < px)) return left;
    const slot = book.bestSlot(side === BID ? 1 : 0);
    const open = f64[slot * 8 + ORDER_SZ] as number;
    const lots = open < left ? open : left;
    const { count } = fills;
    fills.px[count] = best;
    fills.sz[count] = lots;
    fills.owner[count] = i32[slot * 16 + ORDER_ACCOUNT] as number;
    fills.isDone[count] = lots === open ? 1 : 0;
    fills.count = count + 1;
    left -= lots;
    if (lots === open) take(work, slot);
    else f64[slot * 8 + ORDER_SZ] = open - lots;
  }
  return left;
}

/** Best price that a taker of a side meets, 0 = none [ticks]. */
const bestOf = (ladder: Ladder, side: Side): number =>
  side === BID ? ladder.bestAsk : ladder.bestBid;

/** Takes an order off the book. */
function take({ orders, book }: Work, slot: number): void {
  if (book.ladder === null) book.remove(slot);
  else removeOrder(book.ladder, slot);
  freeSlot(orders, slot);
}

/** Puts an order on the book and notes its id. */
function rest(
  { orders, book }: Work,
  oids: Float64Array,
  at: number,
  side: Side,
  px: number,
  sz: number,
): void {
  const slot = takeSlot(orders);
  const { f64, i32 } = orders.rows;
  i32[slot * 16 + ORDER_ACCOUNT] = at;
  i32[slot * 16 + ORDER_SIDE] = side;
  i32[slot * 16 + ORDER_PX] = px;
  f64[slot * 8 + ORDER_SZ] = sz;
  f64[slot * 8 + ORDER_ORIG_SZ] = sz;
  if (book.ladder === null) book.insert(slot);
  else insertOrder(book.ladder, slot);
  oids[at] = f64[slot * 8 + ORDER_OID] as number;
}
