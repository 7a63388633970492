/**
 * Binance's depth stream through the book: a snapshot over REST, then differences, each level one
 * order that carries the level's whole size. Which difference follows which is the tape's to say.
 */
import { writeLane } from "../../src/base/column.ts";
import { BUY, SELL, type Side } from "../../src/base/side.ts";
import { openBinanceTape } from "../../src/tape/binance-tape.ts";
import type { TapeBook, TapeCounts } from "../../src/tape/tape-event.ts";
import { type BookEngine, createBookEngine, isCrossed } from "../support/book-engine.ts";
import type { CreateBook } from "../support/test-exchange.ts";

/** What the replay counted. */
export interface BinanceReplay {
  readonly counts: TapeCounts;
  /** Times the book was crossed, or a level would have crossed it. */
  readonly crossed: number;
  readonly tradedLots: number;
  /** Best prices at the end [ticks]. */
  readonly bestBid: number;
  readonly bestAsk: number;
  readonly bidLevels: number;
  readonly askLevels: number;
}

interface Depth {
  readonly engine: BookEngine;
  /** Order of each level, by side and price [ticks]. */
  readonly levels: readonly [Map<number, number>, Map<number, number>];
  crossed: number;
}

/** Takes levels off that are 0 now, on both sides, before any is added: a level may change sides. */
function applyLevels(depth: Depth, { bids, asks }: TapeBook): void {
  const sides = [
    [BUY, bids],
    [SELL, asks],
  ] as const;
  for (const [side, levels] of sides) {
    for (const { px, sz } of levels) if (sz === 0) dropLevel(depth, side, px);
  }
  for (const [side, levels] of sides) {
    for (const { px, sz } of levels) if (sz > 0) setLevel(depth, side, px, sz);
  }
  if (isCrossed(depth.engine)) depth.crossed += 1;
}

function dropLevel({ engine, levels }: Depth, side: Side, px: number): void {
  const oid = levels[side].get(px);
  if (oid === undefined) return;
  engine.cancel(oid);
  levels[side].delete(px);
}

function setLevel(depth: Depth, side: Side, px: number, sz: number): void {
  const { engine, levels } = depth;
  const oid = levels[side].get(px);
  if (oid !== undefined) {
    writeLane(engine.orders.sz, oid % 2 ** 21, sz);
    return;
  }
  const placed = engine.place({ side, px, sz });
  if (placed.trades.length > 0) depth.crossed += 1;
  levels[side].set(px, placed.oid);
}

/** Replays the whole recording. */
export async function replayBinance(path: string, createBook?: CreateBook): Promise<BinanceReplay> {
  const depth: Depth = {
    engine: createBookEngine(createBook),
    levels: [new Map(), new Map()],
    crossed: 0,
  };
  const tape = await openBinanceTape(path);
  let tradedLots = 0;
  for await (const events of tape.read()) {
    for (const event of events) {
      if (event.kind === "trade") tradedLots += event.sz;
      else if (event.kind === "snapshot" || event.kind === "depth") applyLevels(depth, event);
    }
  }
  const { engine, crossed } = depth;
  return {
    counts: tape.counts,
    crossed,
    tradedLots,
    bestBid: engine.book.bestPx(BUY),
    bestAsk: engine.book.bestPx(SELL),
    bidLevels: engine.levels(BUY).length,
    askLevels: engine.levels(SELL).length,
  };
}
