import { assert } from "../base/assert.ts";

/**
 * The newest items of an endless row: at most `bound` are kept, the oldest falls out. Pushing is
 * constant time; memory grows with use up to the bound and stays there.
 */
export interface History<T> {
  readonly bound: number;
  /** A plain list until it is full, then a ring whose oldest item stands at `head`. */
  readonly items: T[];
  head: number;
}

/** An empty history of at most `bound` items. */
export const createHistory = <T>(bound: number): History<T> => ({ bound, items: [], head: 0 });

/** Keeps `item` as the newest; returns the item that fell out, if one did. */
export function keepItem<T>(history: History<T>, item: T): T | undefined {
  const { items, bound } = history;
  if (items.length < bound) {
    items.push(item);
    return undefined;
  }
  const dropped = items[history.head];
  items[history.head] = item;
  history.head = (history.head + 1) % bound;
  return dropped;
}

/** The item `age` places before the newest (0 = the newest), or undefined past the oldest. */
export function itemOfAge<T>(history: History<T>, age: number): T | undefined {
  assert(age >= 0, "an age is not negative");
  const { items, head } = history;
  if (age >= items.length) return undefined;
  return items[(head + items.length - 1 - age) % items.length];
}

/** The oldest item kept, or undefined where there is none. */
export const oldestItem = <T>(history: History<T>): T | undefined =>
  history.items.length === 0 ? undefined : itemOfAge(history, history.items.length - 1);

/** Up to `count` items, newest first. */
export function newestItems<T>(history: History<T>, count: number = history.bound): T[] {
  const total = Math.min(count, history.items.length);
  const out: T[] = [];
  for (let age = 0; age < total; age++) out.push(itemOfAge(history, age) as T);
  return out;
}

/** All items, oldest first. */
export const itemsInOrder = <T>(history: History<T>): T[] => newestItems(history).reverse();
