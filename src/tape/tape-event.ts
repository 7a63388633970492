/** What a tape says, whichever form it is kept in: prices in ticks, sizes in lots. */
import type { Side } from "../base/side.ts";

/** Where a tape was recorded and what its numbers count. */
export interface TapeHeader {
  readonly source: "binance" | "hyperliquid";
  /** The instrument as its venue calls it, such as BTCUSDT. */
  readonly symbol: string;
  /** Name of the market that the tape is played into, such as BTC. */
  readonly coin: string;
  /** Decimals of a size; a price has 6 - szDecimals. */
  readonly szDecimals: number;
  /** Recorded sizes are multiples of this [lots]. */
  readonly szStep: number;
}

/** All orders of one price: [ticks] and [lots]; a size of 0 says that the level is gone. */
export interface TapeLevel {
  readonly px: number;
  readonly sz: number;
}

/** When something was recorded. */
export interface TapeTime {
  /** Clock of the machine that recorded it [ns since 1970]. */
  readonly localNs: bigint;
  /** The venue's own time; 0 where it said none [ms]. */
  readonly venueMs: number;
}

/** Both sides of a book, or changes to them. */
export interface TapeBook {
  readonly bids: readonly TapeLevel[];
  readonly asks: readonly TapeLevel[];
}

/** One message of a tape. */
export type TapeEvent =
  /** Takes the place of everything known about the book. */
  | (TapeTime & TapeBook & { readonly kind: "snapshot" })
  /** Levels that changed, each with its whole size now. */
  | (TapeTime & TapeBook & { readonly kind: "depth" })
  /** A trade; `side` is the taker's [ticks, lots]. */
  | (TapeTime & {
      readonly kind: "trade";
      readonly side: Side;
      readonly px: number;
      readonly sz: number;
    })
  /** Best bid and offer; null where a side is empty. */
  | (TapeTime & {
      readonly kind: "bbo";
      readonly bid: TapeLevel | null;
      readonly ask: TapeLevel | null;
    })
  /** Reference prices of the venue [ticks]. */
  | (TapeTime & { readonly kind: "reference"; readonly oraclePx: number; readonly markPx: number });

/** What a reader has met so far. */
export interface TapeCounts {
  /** Lines or rows read. */
  lines: number;
  trades: number;
  snapshots: number;
  /** Changes of the book that followed the one before. */
  differences: number;
  /** Changes from before the first snapshot, left out. */
  early: number;
  /** Changes that did not follow the one before: the book is in doubt until the next snapshot. */
  gaps: number;
  /** Messages of kinds that are not played. */
  skipped: number;
}

/** Counts of nothing. */
export const createTapeCounts = (): TapeCounts => ({
  lines: 0,
  trades: 0,
  snapshots: 0,
  differences: 0,
  early: 0,
  gaps: 0,
  skipped: 0,
});

/** A tape that can be read once, from its start. */
export interface Tape {
  readonly header: TapeHeader;
  /** A price near its beginning [ticks]. */
  readonly startPx: number;
  /** Grows while the tape is read. */
  readonly counts: Readonly<TapeCounts>;
  /** Part of the tape that was read [1], 0 to 1. */
  progress(): number;
  /** Messages in the order of recording, some at a time; throws a `tapeError` at what it cannot read. */
  read(): AsyncIterable<readonly TapeEvent[]>;
}
