import { BUY, SELL } from "../base/side.ts";
import { bestLevel, type L2 } from "./l2.ts";
import { type MarketDirectory, marketOf } from "./market-directory.ts";
import { lastTradePx, type Trades } from "./trades.ts";

/** What a mid is read from. */
interface MidSources {
  readonly l2: L2;
  readonly trades: Trades;
  readonly directory: MarketDirectory;
}

/**
 * Twice the middle of the best bid and ask, so that it is whole; null while a side is empty
 * [1/2 ticks].
 */
export function bookMidDoubled(l2: L2, market: number): number | null {
  const bid = bestLevel(l2, market, BUY);
  const ask = bestLevel(l2, market, SELL);
  return bid === undefined || ask === undefined ? null : bid.px + ask.px;
}

/** Twice the book's mid, else the last trade, else the oracle price; 0 before any [1/2 ticks]. */
export function midDoubled({ l2, trades, directory }: MidSources, market: number): number {
  const ofBook = bookMidDoubled(l2, market);
  if (ofBook !== null) return ofBook;
  const last = lastTradePx(trades, market);
  return 2 * (last !== 0 ? last : marketOf(directory, market).oraclePx);
}
