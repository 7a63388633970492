/**
 * Fair prices of the last seconds by the venue's time, so that a fill can be held against the price
 * just before it: by the time a fill is told, the book may have moved because of it.
 */

/** Longest time kept [ms], and most entries. */
const KEPT_MS = 30_000;
const ENTRIES_MAX = 2_000;

interface Entry {
  /** Venue time of the book that gave the price [ms]. */
  readonly timeMs: number;
  /** [ticks] */
  readonly px: number;
}

/** Fair prices, oldest first. */
export interface FairHistory {
  readonly entries: Entry[];
}

/** No prices. */
export const createFairHistory = (): FairHistory => ({ entries: [] });

/** Adds the fair price [ticks] that a book of `timeMs` gave; a later one of the same time counts. */
export function noteFairPx(history: FairHistory, timeMs: number, px: number): void {
  const { entries } = history;
  const last = entries.at(-1);
  if (!Number.isFinite(timeMs) || (last !== undefined && timeMs < last.timeMs)) return;
  if (last?.px === px) return;
  if (last?.timeMs === timeMs) entries.pop();
  entries.push({ timeMs, px });
  // The first entry says what held until the second came, so it goes only when that is old too.
  while (entries.length > ENTRIES_MAX || timeMs - (entries[1]?.timeMs ?? timeMs) > KEPT_MS) {
    entries.shift();
  }
}

/** Fair price strictly before a venue time [ticks]; null where none is known. */
export function fairPxBefore({ entries }: FairHistory, timeMs: number): number | null {
  for (let i = entries.length - 1; i >= 0; i--) {
    const entry = entries[i] as Entry;
    if (entry.timeMs < timeMs) return entry.px;
  }
  return null;
}
