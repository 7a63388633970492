/** The tables of a fast book, for `fast.ts` and the straight ways of `matching`, which alone write them. */
import type { OrderTable } from "./order-table.ts";

/** How a price leads to its level: a page of 1024 ticks, then two lanes of that page. */
export const LADDER = { pageBits: 10, pageMask: 1023, pageLanes: 2048 } as const;

/** Queue links of all books of an exchange: next and previous slot (+ 1, 0 = none), two lanes a slot. */
export interface BookLinks {
  data: Int32Array<ArrayBuffer>;
}

/** Pages, bits and best prices of one book. */
export interface Ladder {
  readonly orders: OrderTable;
  readonly links: BookLinks;
  /** Page number + 1 of each 1024 ticks; 0 = none. */
  readonly pages: Int32Array;
  /** Head and tail slot (+ 1) of every level of every page. */
  levels: Int32Array;
  /** Occupied levels, 32 words a page. */
  bits: Int32Array;
  /** Words of a page that are not zero, a word a page. */
  words: Int32Array;
  /** Occupied pages, and the words of that which are not zero, and the words of those. */
  readonly directory: Int32Array;
  readonly summary: Int32Array;
  readonly free: number[];
  pageCount: number;
  bestBid: number;
  bestAsk: number;
}
