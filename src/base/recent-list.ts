/**
 * The latest entries of something that keeps happening, each with a number from 0 on. A reader asks
 * for what came since the number where it stopped, and learns whether some were forgotten meanwhile.
 *
 * Bounded; adding is O(1) on average.
 */

/** A bounded list of the latest entries. */
export interface RecentList<T> {
  readonly bound: number;
  /** Oldest first; at most twice the bound between two trims. */
  items: T[];
  /** Number of the first kept entry. */
  first: number;
}

/** Entries since a number, and where to go on. */
export interface RecentPart<T> {
  readonly items: readonly T[];
  /** Number to ask from next time. */
  readonly next: number;
  /** Entries between the asked number and the first one here that are gone. */
  readonly lost: number;
}

/** An empty list that keeps the latest `bound` entries at least. */
export const createRecentList = <T>(bound: number): RecentList<T> => ({
  bound,
  items: [],
  first: 0,
});

/** Adds an entry. */
export function addRecent<T>(list: RecentList<T>, item: T): void {
  list.items.push(item);
  if (list.items.length < 2 * list.bound) return;
  list.first += list.items.length - list.bound;
  list.items = list.items.slice(-list.bound);
}

/** Entries from number `since` on. */
export function recentSince<T>(list: RecentList<T>, since: number): RecentPart<T> {
  const items = list.items.slice(Math.max(0, since - list.first));
  return { items, next: list.first + list.items.length, lost: Math.max(0, list.first - since) };
}
