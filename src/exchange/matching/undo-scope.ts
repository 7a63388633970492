/**
 * A stretch of a command that happens whole or not at all: a fill-or-kill order, an atomic batch.
 * While it runs, the straight ways stand aside and every row is kept before it is written
 * (`base/undo-log.ts`); taken back, rows, books, indexes, margin sums, events and touched accounts
 * are as they were. One scope at a time: a fill-or-kill order in an atomic batch shares the batch's.
 */
import { readLane } from "../../base/column.ts";
import type { Side } from "../../base/side.ts";
import { beginUndo, endUndo, logStep, takeBack } from "../../base/undo-log.ts";
import { KEPT } from "../account/margin-sums.ts";
import type { Book } from "../book/book.ts";
import { priorityOf } from "../book/order-table.ts";
import type { Core } from "../core.ts";

/** Where the running scope began; one at a time, so it is reused. */
const start = { written: 0, touched: 0 };
/** Open interest of all markets when it began [lots]. */
const openInterest: number[] = [];
/** Slots whose orders came back to their books and may stand behind younger ones. */
const returned: number[] = [];

/** Whether a scope runs. */
export const isInScope = (core: Core): boolean => core.register.undo.isOn;

/** Begins a scope. */
export function beginScope(core: Core, touched: { count: number }): void {
  start.written = core.events.written;
  start.touched = touched.count;
  for (let market = 0; market < core.books.length; market++)
    openInterest[market] = core.positions.openInterest[market] as number;
  beginUndo(core.register.undo, core.register.tables);
}

/** Ends a scope: what happened stays. */
export function keepScope(core: Core): void {
  endUndo(core.register.undo);
}

/** Ends a scope: nothing of it happened. */
export function takeBackScope(core: Core, touched: { count: number }): void {
  voidMarginSums(core);
  takeBack(core.register.undo, core.register.tables);
  core.positions.openInterest.set(openInterest);
  for (const slot of returned) sortLevel(core, slot);
  returned.length = 0;
  core.events.written = start.written;
  touched.count = start.touched;
}

/** To be called when an order has been put on its book. */
export function keepInsert(core: Core, book: Book, slot: number): void {
  if (core.register.undo.isOn) logInsert(core, book, slot);
}

/** To be called when an order has been taken off its book. */
export function keepRemove(core: Core, book: Book, slot: number): void {
  if (core.register.undo.isOn) logRemove(core, book, slot);
}

// Apart from the two above: a function that makes a closure allocates for it before it asks whether.
function logInsert({ register }: Core, book: Book, slot: number): void {
  logStep(register.undo, (row) => book.remove(row), slot);
}

function logRemove({ register }: Core, book: Book, slot: number): void {
  const step = (row: number): void => {
    book.insert(row);
    returned.push(row);
  };
  logStep(register.undo, step, slot);
}

function voidMarginSums({ register, positions, accounts, margins }: Core): void {
  const { tables, rows } = register.undo;
  const { data } = margins;
  for (let entry = 0; entry < rows.length; entry++) {
    const row = rows[entry] as number;
    let account = -1;
    if (tables[entry] === positions.table) account = positions.account.data[row] as number;
    else if (tables[entry] === accounts.table) account = row;
    const at = account * 8 + KEPT.epoch;
    if (account >= 0 && at < data.length) data[at] = 0;
  }
}

/** Puts the orders at a returned order's price back into the order of their ids. */
function sortLevel({ orders, books }: Core, slot: number): void {
  // It may have come back and gone again: placed and ended within the scope.
  if (readLane(orders.oid, slot) === 0) return;
  const book = books[readLane(orders.market, slot)] as Book;
  const px = readLane(orders.px, slot);
  const level: number[] = [];
  book.some(readLane(orders.side, slot) as Side, (other) => {
    const otherPx = readLane(orders.px, other);
    if (otherPx === px) level.push(other);
    return otherPx !== px && level.length > 0;
  });
  for (const other of level) book.remove(other);
  level.sort((a, b) => priorityOf(orders, a) - priorityOf(orders, b));
  for (const other of level) book.insert(other);
}
