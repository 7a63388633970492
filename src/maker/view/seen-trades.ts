/** Public trades, each taken in once: a stream that begins again tells the latest ones again. */
import type { VenueTrade } from "../venue.ts";

/** Trade ids remembered. */
const TIDS_BOUND = 5_000;

/** Ids of trades that were taken in, oldest first. */
export interface SeenTrades {
  readonly tids: Set<number>;
}

/** No trades. */
export const createSeenTrades = (): SeenTrades => ({ tids: new Set() });

/** Those of the trades that were not seen before, in their order. */
export function takeNewTrades(
  { tids }: SeenTrades,
  trades: readonly VenueTrade[],
): readonly VenueTrade[] {
  const fresh = trades.filter(({ tid }) => !tids.has(tid));
  for (const { tid } of fresh) tids.add(tid);
  for (const tid of tids) {
    if (tids.size <= TIDS_BOUND) break;
    tids.delete(tid);
  }
  return fresh;
}
