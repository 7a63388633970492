/**
 * Owns who holds which shares of what: a book for each pool of assets that is shared (a vault's
 * account, a liquidity pool's), and a holding for each holder of it. Holdings of nothing do not
 * exist. What shares are worth is the business of `share-price.ts`; this file keeps the counts.
 */
import { assert } from "../../base/assert.ts";
import {
  type ByteIndex,
  clearByteIndex,
  createByteIndex,
  findByWords,
  indexRow,
  unindexRow,
} from "../../base/byte-index.ts";
import {
  addRecord,
  addRow,
  addTable,
  clearRow,
  isFull,
  keepRow,
  type RecordColumn,
  type Register,
  type Table,
} from "../../base/column.ts";
import { mulDivTrunc } from "../../base/rounding.ts";
import { logStep } from "../../base/undo-log.ts";

const BOOKS_MAX = 1_048_576;
const HOLDINGS_MAX = 4_194_304;

/** Float64 lanes of a book's record of 64 bytes. */
const SHARE_BOOK = {
  /** All shares that are held. */
  supply: 0,
  /** Counts total losses; shares of an epoch before are worth nothing and are gone. */
  epoch: 1,
  /** First holding of the book; row + 1, 0 = none. */
  first: 2,
  holders: 3,
} as const;
const BOOK_LANES = 8;

/** Lanes of a holding's record of 64 bytes; its key is int32 lanes 0 to 3. */
export const HOLDING = {
  /** Int32 lanes. */
  book: 0,
  account: 1,
  /** Neighbours in the book's list; row + 1, 0 = none. */
  next: 4,
  prev: 5,
  /** Float64 lanes. */
  shares: 3,
  /** What the holder paid for them [10^-6 USDC]. */
  basis: 4,
  /** Until when they may not be redeemed [ms]. */
  lockedUntilMs: 5,
  /** When the holder first came [ms]. */
  enteredMs: 6,
} as const;
const HOLDING_BYTES = 64;
const FREE = 0;

/** Columns of books and holdings, and the index of holdings. */
export interface ShareTable {
  readonly books: Table;
  readonly bookRows: RecordColumn;
  readonly holdings: Table;
  readonly rows: RecordColumn;
  readonly freeTable: Table;
  /** Lane 0: first free holding, row + 1. */
  readonly free: RecordColumn;
  /** Derived: book and account to holding. */
  readonly byHolder: ByteIndex;
}

/** No books. */
export function createShareTable(register: Register): ShareTable {
  const books = addTable(register, "share-book", BOOKS_MAX);
  const bookRows = addRecord(books, "rows", BOOK_LANES * 8);
  const holdings = addTable(register, "share-holding", HOLDINGS_MAX);
  const rows = addRecord(holdings, "rows", HOLDING_BYTES);
  const freeTable = addTable(register, "share-free", 1);
  const free = addRecord(freeTable, "numbers", 8);
  const byHolder = createByteIndex(rows, { at: 0, length: 4, ownerAt: -1 });
  return { books, bookRows, holdings, rows, freeTable, free, byHolder };
}

/** Rebuilds the index after a restore or a fork. */
export function rebuildHoldingIndex({ byHolder, holdings, rows }: ShareTable): void {
  clearByteIndex(byHolder);
  for (let row = 0; row < holdings.count; row++) {
    if ((rows.f64[row * 8 + HOLDING.shares] as number) > 0) indexRow(byHolder, row);
  }
}

/** Opens a book without shares; returns its row. */
export function openShareBook(shares: ShareTable): number {
  if (shares.freeTable.count === 0) addRow(shares.freeTable);
  return addRow(shares.books);
}

/** Whether another book, and a holding in it, finds room. */
export const hasShareRoom = (shares: ShareTable): boolean =>
  !isFull(shares.books) && hasHoldingRoom(shares);

/** Whether another holding finds room. */
export const hasHoldingRoom = ({ holdings, freeTable, free }: ShareTable): boolean =>
  !isFull(holdings) || (freeTable.count > 0 && free.i32[FREE] !== 0);

/** All shares of a book that are held. */
export const supplyOf = ({ bookRows }: ShareTable, book: number): number =>
  bookRows.f64[book * BOOK_LANES + SHARE_BOOK.supply] as number;

/** Number of holders of a book. */
export const holdersOf = ({ bookRows }: ShareTable, book: number): number =>
  bookRows.f64[book * BOOK_LANES + SHARE_BOOK.holders] as number;

const key = new Int32Array(4);

/** Row of an account's holding in a book, or -1. */
export function findHolding({ byHolder }: ShareTable, book: number, account: number): number {
  key[0] = book;
  key[1] = account;
  return findByWords(byHolder, key, 0, 0);
}

/** A float64 lane of a holding. */
export const holdingLane = ({ rows }: ShareTable, row: number, lane: number): number =>
  rows.f64[row * 8 + lane] as number;

/** The account that a holding belongs to. */
export const holderOf = ({ rows }: ShareTable, row: number): number =>
  rows.i32[row * 16 + HOLDING.account] as number;

/** Holdings of a book, newest holder first; allocates. */
export function holdingsOf({ bookRows, rows }: ShareTable, book: number): number[] {
  const found: number[] = [];
  let link = bookRows.f64[book * BOOK_LANES + SHARE_BOOK.first] as number;
  while (link !== 0) {
    found.push(link - 1);
    link = rows.i32[(link - 1) * 16 + HOLDING.next] as number;
  }
  return found;
}

/** Gives an account shares that it paid `assets` for; a later lock stands. */
export function addShares(
  shares: ShareTable,
  book: number,
  add: {
    account: number;
    count: number;
    assets: number;
    lockedUntilMs: number;
    nowMs: number;
  },
): void {
  assert(add.count > 0 && Number.isSafeInteger(add.count), "shares are counted in whole ones");
  const known = findHolding(shares, book, add.account);
  const row = known < 0 ? openHolding(shares, book, add.account) : known;
  keepRow(shares.holdings, row);
  const { f64 } = shares.rows;
  const at = row * 8;
  f64[at + HOLDING.shares] = (f64[at + HOLDING.shares] as number) + add.count;
  f64[at + HOLDING.basis] = (f64[at + HOLDING.basis] as number) + add.assets;
  f64[at + HOLDING.lockedUntilMs] = Math.max(
    f64[at + HOLDING.lockedUntilMs] as number,
    add.lockedUntilMs,
  );
  if (known < 0) f64[at + HOLDING.enteredMs] = add.nowMs;
  addToBook(shares, book, SHARE_BOOK.supply, add.count);
  if (known < 0) indexHolding(shares, row);
}

/**
 * Takes shares from a holding; returns the part of its cost basis that goes with them, truncated; the
 * last shares take what truncation left [10^-6 USDC].
 */
export function takeShares(shares: ShareTable, row: number, count: number): number {
  const { f64, i32 } = shares.rows;
  const at = row * 8;
  const held = f64[at + HOLDING.shares] as number;
  const basis = f64[at + HOLDING.basis] as number;
  assert(count > 0 && count <= held, "a holder has the shares that it gives");
  const released = count === held ? basis : mulDivTrunc(basis, count, held);
  const book = i32[row * 16 + HOLDING.book] as number;
  addToBook(shares, book, SHARE_BOOK.supply, -count);
  keepRow(shares.holdings, row);
  if (count === held) closeHolding(shares, row);
  else {
    f64[at + HOLDING.shares] = held - count;
    f64[at + HOLDING.basis] = basis - released;
  }
  return released;
}

/** Voids all shares of a book: what they stood for is lost. Returns how many there were. */
export function voidShares(shares: ShareTable, book: number): number {
  const lost = supplyOf(shares, book);
  for (const row of holdingsOf(shares, book))
    takeShares(shares, row, holdingLane(shares, row, HOLDING.shares));
  addToBook(shares, book, SHARE_BOOK.epoch, 1);
  return lost;
}

function addToBook({ books, bookRows }: ShareTable, book: number, lane: number, by: number): void {
  keepRow(books, book);
  const at = book * BOOK_LANES + lane;
  bookRows.f64[at] = (bookRows.f64[at] as number) + by;
}

function openHolding(shares: ShareTable, book: number, account: number): number {
  const { holdings, rows, free, bookRows, books } = shares;
  const freed = free.i32[FREE] as number;
  const row = freed === 0 ? addRow(holdings) : freed - 1;
  keepRow(holdings, row);
  if (freed !== 0) free.i32[FREE] = rows.i32[row * 16 + HOLDING.next] as number;
  const first = bookRows.f64[book * BOOK_LANES + SHARE_BOOK.first] as number;
  const at = row * 16;
  rows.i32[at + HOLDING.book] = book;
  rows.i32[at + HOLDING.account] = account;
  rows.i32[at + HOLDING.next] = first;
  rows.i32[at + HOLDING.prev] = 0;
  if (first !== 0) {
    keepRow(holdings, first - 1);
    rows.i32[(first - 1) * 16 + HOLDING.prev] = row + 1;
  }
  keepRow(books, book);
  bookRows.f64[book * BOOK_LANES + SHARE_BOOK.first] = row + 1;
  addToBook(shares, book, SHARE_BOOK.holders, 1);
  return row;
}

function closeHolding(shares: ShareTable, row: number): void {
  const { holdings, rows, free, bookRows, books } = shares;
  const at = row * 16;
  const book = rows.i32[at + HOLDING.book] as number;
  const next = rows.i32[at + HOLDING.next] as number;
  const prev = rows.i32[at + HOLDING.prev] as number;
  unindexHolding(shares, row);
  if (next !== 0) {
    keepRow(holdings, next - 1);
    rows.i32[(next - 1) * 16 + HOLDING.prev] = prev;
  }
  if (prev !== 0) {
    keepRow(holdings, prev - 1);
    rows.i32[(prev - 1) * 16 + HOLDING.next] = next;
  } else {
    keepRow(books, book);
    bookRows.f64[book * BOOK_LANES + SHARE_BOOK.first] = next;
  }
  clearRow(holdings, row);
  rows.i32[at + HOLDING.next] = free.i32[FREE] as number;
  free.i32[FREE] = row + 1;
  addToBook(shares, book, SHARE_BOOK.holders, -1);
}

function indexHolding({ byHolder, holdings }: ShareTable, row: number): void {
  indexRow(byHolder, row);
  if (holdings.undo.isOn) logStep(holdings.undo, (back) => unindexRow(byHolder, back), row);
}

function unindexHolding({ byHolder, holdings }: ShareTable, row: number): void {
  unindexRow(byHolder, row);
  if (holdings.undo.isOn) logStep(holdings.undo, (back) => indexRow(byHolder, back), row);
}
