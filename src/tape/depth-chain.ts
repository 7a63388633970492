/**
 * Which differences of a Binance book follow which. A book asked for over REST carries the number of
 * its last update; differences from before it are left out, the first one used must reach over it
 * (U <= last <= u), and each later one must name its predecessor's last update (pu). What comes in
 * before the first book waits, up to a bound.
 *
 * Source: Binance, USDS-margined futures, "How to manage a local order book correctly".
 */

/** Numbers of a difference: its first and last update, and the last of the one before. */
export interface DifferenceIds {
  readonly firstId: number;
  readonly lastId: number;
  readonly previousId: number;
}

/** What becomes of a difference. */
export type ChainStep =
  /** It waits for the first book. */
  | "waits"
  /** It is from before the book. */
  | "early"
  | "follows"
  /** Something between it and the one before is missing. */
  | "gap";

/** Differences that may wait for a book: some ten minutes of them. */
const WAITING_MAX = 10_000;

/** State of the chain; `waiting` holds what came in before the first book. */
export interface DepthChain<T extends DifferenceIds> {
  readonly waiting: T[];
  /** Last update that the book has; -1 = there is no book yet. */
  lastId: number;
  isFirst: boolean;
}

/** A chain without a book. */
export const createDepthChain = <T extends DifferenceIds>(): DepthChain<T> => ({
  waiting: [],
  lastId: -1,
  isFirst: true,
});

/** Begins anew from a book; returns what waited, for {@link followChain}. */
export function startChain<T extends DifferenceIds>(
  chain: DepthChain<T>,
  lastUpdateId: number,
): T[] {
  chain.lastId = lastUpdateId;
  chain.isFirst = true;
  return chain.waiting.splice(0);
}

/** Puts a difference in its place; null where too many wait already. */
export function followChain<T extends DifferenceIds>(
  chain: DepthChain<T>,
  difference: T,
): ChainStep | null {
  if (chain.lastId < 0) {
    if (chain.waiting.length >= WAITING_MAX) return null;
    chain.waiting.push(difference);
    return "waits";
  }
  if (difference.lastId < chain.lastId) return "early";
  const follows = chain.isFirst
    ? difference.firstId <= chain.lastId
    : difference.previousId === chain.lastId;
  chain.isFirst = false;
  chain.lastId = difference.lastId;
  return follows ? "follows" : "gap";
}
