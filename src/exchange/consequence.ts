/**
 * Work that the exchange gives itself: a first-in first-out queue that is part of the state and of
 * the hash, and is never journaled. Each command works off a bounded number of entries, so one
 * command's cost stays bounded while nothing is forgotten.
 */

import { assert } from "../base/assert.ts";
import {
  addF64,
  addI32,
  addRow,
  addTable,
  clearTable,
  type F64Column,
  isFull,
  type Register,
  type Table,
} from "../base/column.ts";

/** Kinds of work; numbers never change. */
export const CONSEQUENCE = {
  /** Close an account's positions if it is still under maintenance. */
  liquidate: 1,
  /** Cancel all orders of an account whose scheduled time has come. */
  cancelAll: 2,
  /** Send a trigger order whose price has come into the book; the entry names its slot. */
  trigger: 3,
  /** Cancel more of an account's orders, which its command or its scheduled time has ended. */
  cancelRest: 4,
  scheduledRest: 5,
  /** Send the due slice of a time-weighted order; the entry names its row. */
  twapSlice: 6,
  /** Give a strategy its turn; the entry names its row. */
  strategy: 20,
} as const;

/** Entries that one command works off at most. */
export const CONSEQUENCES_PER_COMMAND = 64;
/** Entries that may wait: each account twice, each order once, and as much again of orders canceled meanwhile. */
const CONSEQUENCES_MAX = 8_388_608;

/** The queue's rows and its head. */
export interface ConsequenceQueue {
  readonly table: Table;
  readonly kind: I32Lane;
  /** An account, or the slot of an order: see the kind. */
  readonly account: I32Lane;
  /** Of cancels: the market they are for + 1; 0 = all. */
  readonly market: I32Lane;
  /** Of cancels: the orders they are for have lower ids. */
  readonly oidBound: F64Column;
  readonly headTable: Table;
  readonly head: F64Column;
}
type I32Lane = ReturnType<typeof addI32>;

/** An empty queue. */
export function createConsequenceQueue(register: Register): ConsequenceQueue {
  const table = addTable(register, "consequence", CONSEQUENCES_MAX);
  const kind = addI32(table, "kind");
  const account = addI32(table, "account");
  const market = addI32(table, "market");
  const oidBound = addF64(table, "oidBound");
  const headTable = addTable(register, "consequence-head", 1);
  const head = addF64(headTable, "head");
  addRow(headTable);
  return { table, kind, account, market, oidBound, headTable, head };
}

/** Number of entries waiting. */
export const consequencesWaiting = (queue: ConsequenceQueue): number =>
  queue.table.count - (queue.head.data[0] as number);

/**
 * Appends work for an account or an order and returns its row; the caller keeps one from waiting
 * twice for one kind.
 */
export function pushConsequence(queue: ConsequenceQueue, kind: number, account: number): number {
  if (isFull(queue.table)) dropTaken(queue);
  assert(!isFull(queue.table), "the queue of consequences has room");
  const row = addRow(queue.table);
  queue.kind.data[row] = kind;
  queue.account.data[row] = account;
  return row;
}

/** Moves what waits to the front, over the entries taken already. */
function dropTaken(queue: ConsequenceQueue): void {
  const { table } = queue;
  const head = queue.head.data[0] as number;
  for (const column of [queue.kind, queue.account, queue.market, queue.oidBound]) {
    column.data.copyWithin(0, head, table.count);
    column.data.fill(0, table.count - head, table.count);
  }
  table.count -= head;
  queue.head.data[0] = 0;
}

/** Bound of the entry that {@link takeConsequence} took last; see `oidBound`. */
export const takenOidBound = new Float64Array(1);

/** Takes the oldest entry into `out`; false when none waits. */
export function takeConsequence(
  queue: ConsequenceQueue,
  out: { kind: number; account: number; market: number },
): boolean {
  const head = queue.head.data[0] as number;
  if (head >= queue.table.count) return false;
  out.kind = queue.kind.data[head] as number;
  out.account = queue.account.data[head] as number;
  out.market = queue.market.data[head] as number;
  takenOidBound[0] = queue.oidBound.data[head] as number;
  queue.head.data[0] = head + 1;
  if (head + 1 === queue.table.count) {
    clearTable(queue.table);
    queue.head.data[0] = 0;
  }
  return true;
}
