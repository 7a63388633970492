/**
 * The least that makes a book trade: an order table, one book, and matching by price and time,
 * without accounts, money or events. For recorded order flow and for books deeper than a whole
 * exchange could hold in a test. Prices and sizes are integers, ticks and lots of whatever unit.
 */
import { createRegister, readLane, writeLane } from "../../src/base/column.ts";
import { BUY, crosses, oppositeSide, type Side } from "../../src/base/side.ts";
import type { Book } from "../../src/exchange/book/book.ts";
import { createBookLinks, createFastBook } from "../../src/exchange/book/fast.ts";
import {
  createOrderTable,
  freeSlot,
  type OrderTable,
  takeSlot,
} from "../../src/exchange/book/order-table.ts";
import type { CreateBook } from "./test-exchange.ts";

/** A limit order [ticks, lots]. */
export interface EngineOrder {
  readonly side: Side;
  readonly px: number;
  readonly sz: number;
  /** What does not match at once is dropped. */
  readonly isImmediate?: boolean;
}

/** One match, at the resting order's price [ticks, lots]. */
export interface EngineTrade {
  /** Id of the resting order. */
  readonly maker: number;
  readonly px: number;
  readonly sz: number;
  /** Whether the resting order was used up. */
  readonly isMakerDone: boolean;
}

/** What became of an order. */
export interface EnginePlacement {
  /** Id under which the remainder rests; 0 = nothing rests. */
  readonly oid: number;
  /** What did not match [lots]. */
  readonly left: number;
  readonly trades: readonly EngineTrade[];
}

/** All orders of one price [ticks, lots]. */
export interface EngineLevel {
  readonly px: number;
  readonly sz: number;
}

/** A book that trades; see the file's head. */
export interface BookEngine {
  readonly book: Book;
  readonly orders: OrderTable;
  place(order: EngineOrder): EnginePlacement;
  /** Takes a resting order off; false where the id does not rest. */
  cancel(oid: number): boolean;
  /** Sets what remains of a resting order; it keeps its place. Not above what it was [lots]. */
  reduce(oid: number, sz: number): void;
  /** What remains of an order; 0 where it does not rest [lots]. */
  remaining(oid: number): number;
  /** Levels of a side from the best on, at most `count`. */
  levels(side: Side, count?: number): EngineLevel[];
}

/** The fast book for prices up to 2^25 - 1 ticks. */
export const createWideFastBook: CreateBook = (orders) =>
  createFastBook(orders, createBookLinks(), 2 ** 25 - 1);

/** An empty engine over a form of book. */
export function createBookEngine(createBook: CreateBook = createWideFastBook): BookEngine {
  const orders = createOrderTable(createRegister(), 1);
  const book = createBook(orders);
  const slotOf = (oid: number): number => {
    const slot = oid % 2 ** 21;
    return oid > 0 && readLane(orders.oid, slot) === oid ? slot : -1;
  };
  const take = (slot: number): void => {
    book.remove(slot);
    freeSlot(orders, slot);
  };
  return {
    book,
    orders,
    place({ side, px, sz, isImmediate = false }) {
      const trades: EngineTrade[] = [];
      let left = sz;
      while (left > 0) {
        const slot = book.bestSlot(oppositeSide(side));
        if (slot < 0 || !crosses(side, book.bestPx(oppositeSide(side)), px)) break;
        const rests = readLane(orders.sz, slot);
        const lots = Math.min(left, rests);
        const isMakerDone = lots === rests;
        trades.push({
          maker: readLane(orders.oid, slot),
          px: readLane(orders.px, slot),
          sz: lots,
          isMakerDone,
        });
        if (isMakerDone) take(slot);
        else writeLane(orders.sz, slot, rests - lots);
        left -= lots;
      }
      if (left === 0 || isImmediate) return { oid: 0, left, trades };
      const slot = takeSlot(orders);
      writeLane(orders.side, slot, side);
      writeLane(orders.px, slot, px);
      writeLane(orders.sz, slot, left);
      book.insert(slot);
      return { oid: readLane(orders.oid, slot), left, trades };
    },
    cancel(oid) {
      const slot = slotOf(oid);
      if (slot >= 0) take(slot);
      return slot >= 0;
    },
    reduce(oid, sz) {
      const slot = slotOf(oid);
      if (slot >= 0) writeLane(orders.sz, slot, Math.min(sz, readLane(orders.sz, slot)));
    },
    remaining: (oid) => {
      const slot = slotOf(oid);
      return slot < 0 ? 0 : readLane(orders.sz, slot);
    },
    levels: (side, count = Number.POSITIVE_INFINITY) => levelsOf({ book, orders }, side, count),
  };
}

function levelsOf(
  { book, orders }: { readonly book: Book; readonly orders: OrderTable },
  side: Side,
  count: number,
): EngineLevel[] {
  const levels: { px: number; sz: number }[] = [];
  book.forEach(side, (slot) => {
    const px = readLane(orders.px, slot);
    const sz = readLane(orders.sz, slot);
    const last = levels.at(-1);
    if (last?.px === px) last.sz += sz;
    else if (levels.length < count) levels.push({ px, sz });
  });
  return levels;
}

/** Whether a book at rest is crossed: it must never be. */
export const isCrossed = ({ book }: BookEngine): boolean => {
  const [bid, ask] = [book.bestPx(BUY), book.bestPx(oppositeSide(BUY))];
  return bid !== 0 && ask !== 0 && bid >= ask;
};
