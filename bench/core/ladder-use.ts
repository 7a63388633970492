/** How much memory the levels of a ladder take, by tick and by rank. */

import type { Side } from "../../src/base/side.ts";
import { LADDER, type Ladder } from "../../src/exchange/book/ladder.ts";
import { type BookEngine, createBookEngine } from "./book-engine.ts";
import { createCommandStream, type StreamMarket, type StreamPlan } from "./command-stream.ts";
import { createRankedEngine } from "./ranked-engine.ts";

/** What a filled ladder holds. */
export interface LadderUse {
  readonly market: StreamMarket;
  readonly form: "tick" | "rank";
  /** Levels with an order. */
  readonly levels: number;
  /** Pages with such a level. */
  readonly pages: number;
  /** Levels of those pages [bytes]. */
  readonly levelBytes: number;
  /** Lines of 64 bytes with such a level. */
  readonly lines: number;
  /** Levels and bits of all pages, in use or kept for use [bytes]. */
  readonly heldBytes: number;
  /** Page numbers and the bits above the pages, for all prices that the market may have [bytes]. */
  readonly indexBytes: number;
}

const LINE_LANES = 16;

/** Fills a ladder of either form with the same orders. */
export function measureLadderUse(
  market: StreamMarket,
  book: Pick<StreamPlan, "resting" | "prices">,
  seed: number,
): readonly [LadderUse, LadderUse] {
  const stream = createCommandStream({ seed, ...book, more: 0, market });
  const fill = (engine: BookEngine): Ladder => {
    const oids = new Float64Array(stream.orderCount);
    for (let i = 0; i < stream.count; i++) {
      const { side, px, sz } = stream;
      engine.place(oids, i, side[i] as Side, px[i] as number, sz[i] as number);
    }
    return engine.ladder as Ladder;
  };
  return [
    { market, form: "tick", ...useOf(fill(createBookEngine("fast"))) },
    { market, form: "rank", ...useOf(fill(createRankedEngine(market))) },
  ];
}

function useOf(ladder: Ladder): Omit<LadderUse, "market" | "form"> {
  const occupied = [...ladder.levels.keys()].filter(
    (lane) => lane % 2 === 0 && ladder.levels[lane] !== 0,
  );
  const pages = new Set(occupied.map((lane) => Math.floor(lane / LADDER.pageLanes))).size;
  const bytes = (...arrays: readonly Int32Array[]): number =>
    arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return {
    levels: occupied.length,
    pages,
    levelBytes: pages * LADDER.pageLanes * Int32Array.BYTES_PER_ELEMENT,
    lines: new Set(occupied.map((lane) => Math.floor(lane / LINE_LANES))).size,
    heldBytes: bytes(ladder.levels, ladder.bits, ladder.words),
    indexBytes: bytes(ladder.pages, ladder.directory, ladder.summary),
  };
}
