/**
 * Binance's depth stream through the book: a snapshot over REST, then differences, each level one
 * order that carries the level's whole size. The recording's U, u and pu numbers say which difference
 * follows which: differences from before the snapshot are left out, and a gap is counted.
 */

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { writeLane } from "../../src/base/column.ts";
import { BUY, SELL, type Side } from "../../src/base/side.ts";
import { type BookEngine, createBookEngine, isCrossed } from "../support/book-engine.ts";
import type { CreateBook } from "../support/test-exchange.ts";

/** Ticks in a dollar: the market's prices step by 0.1 [ticks per USD]. */
const TICKS_PER_USD = 10;
/** Lots in a bitcoin: the market's sizes step by 0.001 [lots per BTC]. */
const LOTS_PER_BTC = 1_000;

type LevelText = readonly [px: string, sz: string];
interface Snapshot {
  readonly lastUpdateId: number;
  readonly bids: readonly LevelText[];
  readonly asks: readonly LevelText[];
}
interface Difference {
  readonly U: number;
  readonly u: number;
  readonly pu: number;
  readonly b: readonly LevelText[];
  readonly a: readonly LevelText[];
}

/** What the replay counted. */
export interface BinanceReplay {
  readonly snapshots: number;
  /** Differences applied, and those from before the snapshot. */
  readonly differences: number;
  readonly early: number;
  /** Differences that did not follow the one before. */
  readonly gaps: number;
  /** Times the book was crossed, or a level would have crossed it. */
  readonly crossed: number;
  readonly trades: number;
  readonly tradedLots: number;
  /** Best prices at the end [ticks]. */
  readonly bestBid: number;
  readonly bestAsk: number;
  readonly bidLevels: number;
  readonly askLevels: number;
}

const ticksOf = (text: string): number => Math.round(Number(text) * TICKS_PER_USD);
const lotsOf = (text: string): number => Math.round(Number(text) * LOTS_PER_BTC);

interface Depth {
  readonly engine: BookEngine;
  /** Order of each level, by side and price [ticks]. */
  readonly levels: readonly [Map<number, number>, Map<number, number>];
  crossed: number;
}

/** Takes levels off that are 0 now, on both sides, before any is added: a level may change sides. */
function applyLevels(depth: Depth, bids: readonly LevelText[], asks: readonly LevelText[]): void {
  const sides = [
    [BUY, bids],
    [SELL, asks],
  ] as const;
  for (const [side, levels] of sides) {
    for (const [px, sz] of levels) if (lotsOf(sz) === 0) dropLevel(depth, side, ticksOf(px));
  }
  for (const [side, levels] of sides) {
    for (const [px, sz] of levels)
      if (lotsOf(sz) > 0) setLevel(depth, side, ticksOf(px), lotsOf(sz));
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
export function replayBinance(path: string, createBook?: CreateBook): BinanceReplay {
  const depth: Depth = {
    engine: createBookEngine(createBook),
    levels: [new Map(), new Map()],
    crossed: 0,
  };
  const counts = { snapshots: 0, differences: 0, early: 0, gaps: 0, trades: 0, tradedLots: 0 };
  const waiting: Difference[] = [];
  let lastId = -1;
  let isFirst = true;
  const follow = (difference: Difference): void => {
    if (difference.u < lastId) {
      counts.early += 1;
      return;
    }
    const follows = isFirst ? difference.U <= lastId : difference.pu === lastId;
    if (!follows) counts.gaps += 1;
    isFirst = false;
    lastId = difference.u;
    counts.differences += 1;
    applyLevels(depth, difference.b, difference.a);
  };
  for (const line of gunzipSync(readFileSync(path)).toString("utf8").split("\n")) {
    // Best prices beside every trade are nine lines of ten; the book has them itself.
    if (line === "" || line.includes("@bookTicker")) continue;
    const message = JSON.parse(line.slice(line.indexOf(" ") + 1));
    if (message.stream === undefined) {
      const { lastUpdateId, bids, asks } = message as Snapshot;
      counts.snapshots += 1;
      lastId = lastUpdateId;
      applyLevels(depth, bids, asks);
      for (const difference of waiting.splice(0)) follow(difference);
    } else if (message.data.e === "trade") {
      counts.trades += 1;
      counts.tradedLots += lotsOf(message.data.q);
    } else if (lastId < 0) waiting.push(message.data);
    else follow(message.data);
  }
  const { engine, crossed } = depth;
  return {
    ...counts,
    crossed,
    bestBid: engine.book.bestPx(BUY),
    bestAsk: engine.book.bestPx(SELL),
    bidLevels: engine.levels(BUY).length,
    askLevels: engine.levels(SELL).length,
  };
}
