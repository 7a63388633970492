/**
 * Bitstamp's order-by-order log through the book. An order that crosses when it is created, or when
 * its price changes, is matched by our engine at once; the recording says the same match later, as
 * the new remainders of both sides. So the recording's amounts are a check of our matching: what it
 * says of an order is never more than what we have, once its messages have all come.
 */

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { readLane } from "../../src/base/column.ts";
import { BUY, SELL, type Side } from "../../src/base/side.ts";
import {
  type BookEngine,
  createBookEngine,
  type EngineLevel,
  isCrossed,
} from "../support/book-engine.ts";
import type { CreateBook } from "../support/test-exchange.ts";

/** Ticks in a dollar: the recording's prices have two decimals [ticks per USD]. */
const TICKS_PER_USD = 100;
/** Lots in a bitcoin [lots per BTC]. */
const LOTS_PER_BTC = 1e8;
const WARM_UP_MS = 3_600_000;

interface OrderMessage {
  readonly price: string;
  readonly amount: string;
  readonly id: number;
  readonly order_type: 0 | 1;
}
interface BookMessage {
  readonly bids: readonly (readonly [string, string])[];
  readonly asks: readonly (readonly [string, string])[];
}

/** What the replay counted. */
export interface BitstampReplay {
  readonly created: number;
  readonly changed: number;
  readonly deleted: number;
  /** Messages about orders from before the recording began. */
  readonly foreign: number;
  /** Trades of the recording and of our matching, as "ticks lots". */
  readonly trades: readonly string[];
  readonly ownTrades: readonly string[];
  /** Orders that our matching used up and the recording canceled, or the other way round. */
  readonly disputed: number;
  /** Snapshots after the first hour, those with the same best prices, and with the same best sizes too. */
  readonly snapshots: number;
  readonly topEqual: number;
  readonly topSizeEqual: number;
  /** Of the snapshots' levels, those that our book has with the same size. */
  readonly levels: number;
  readonly levelsEqual: number;
  readonly crossed: number;
  readonly resting: number;
}

const ticksOf = (text: string | number): number => Math.round(Number(text) * TICKS_PER_USD);
const lotsOf = (text: string | number): number => Math.round(Number(text) * LOTS_PER_BTC);

/** Replays the whole log. */
export function replayBitstamp(path: string, createBook?: CreateBook): BitstampReplay {
  const engine = createBookEngine(createBook);
  const oids = new Map<number, number>();
  const ids = new Map<number, number>();
  const gone = new Set<number>();
  const counts = {
    created: 0,
    changed: 0,
    deleted: 0,
    foreign: 0,
    trades: [] as string[],
    ownTrades: [] as string[],
    disputed: 0,
    snapshots: 0,
    topEqual: 0,
    topSizeEqual: 0,
    levels: 0,
    levelsEqual: 0,
    crossed: 0,
  };
  const place = (message: OrderMessage, sz: number): void => {
    const side: Side = message.order_type === 0 ? BUY : SELL;
    const { oid, trades } = engine.place({ side, px: ticksOf(message.price), sz });
    oids.set(message.id, oid);
    if (oid !== 0) ids.set(oid, message.id);
    for (const trade of trades) counts.ownTrades.push(`${trade.px} ${trade.sz}`);
  };
  const change = (message: OrderMessage): void => {
    const oid = oids.get(message.id);
    const sz = lotsOf(message.amount);
    if (oid === undefined) {
      counts.foreign += 1;
      place(message, sz);
      return;
    }
    const has = engine.remaining(oid);
    if (has === 0) return;
    const px = readLane(engine.orders.px, oid % 2 ** 21);
    if (px === ticksOf(message.price)) {
      engine.reduce(oid, sz);
      return;
    }
    engine.cancel(oid);
    place(message, Math.min(sz, has));
  };
  const remove = (message: OrderMessage): void => {
    const oid = oids.get(message.id);
    gone.add(message.id);
    if (oid === undefined) {
      counts.foreign += 1;
      return;
    }
    const isFilled = lotsOf(message.amount) === 0;
    const rests = engine.cancel(oid);
    if (rests === isFilled) counts.disputed += 1;
  };

  let beginMs = 0;
  for (const line of gunzipSync(readFileSync(path)).toString("utf8").split("\n")) {
    const [stamp, kind, ...rest] = line.split(" ");
    if (kind === undefined) continue;
    const timeMs = Number(stamp);
    if (beginMs === 0) beginMs = timeMs;
    const message = JSON.parse(rest.join(" "));
    if (kind === "order_created") {
      counts.created += 1;
      // One order is deleted before it is created.
      if (!gone.has(message.id)) place(message, lotsOf(message.amount));
    } else if (kind === "order_changed") {
      counts.changed += 1;
      change(message);
    } else if (kind === "order_deleted") {
      counts.deleted += 1;
      remove(message);
    } else if (kind === "trade") {
      counts.trades.push(`${ticksOf(message.price)} ${lotsOf(message.amount)}`);
    } else if (timeMs - beginMs > WARM_UP_MS) compare(engine, message, counts);
    if (isCrossed(engine)) counts.crossed += 1;
  }
  return { ...counts, resting: ids.size === 0 ? 0 : countResting(engine) };
}

function countResting({ book }: BookEngine): number {
  let resting = 0;
  for (const side of [BUY, SELL] as const) book.forEach(side, () => resting++);
  return resting;
}

type Counts = {
  snapshots: number;
  topEqual: number;
  topSizeEqual: number;
  levels: number;
  levelsEqual: number;
};

function compare(engine: BookEngine, message: BookMessage, counts: Counts): void {
  const sides = [
    [engine.levels(BUY), recordedLevels(message.bids)],
    [engine.levels(SELL), recordedLevels(message.asks)],
  ] as const;
  const isTop = sides.every(([ours, theirs]) => ours[0]?.px === theirs[0]?.px);
  const isTopSize = sides.every(([ours, theirs]) => ours[0]?.sz === theirs[0]?.sz);
  counts.snapshots += 1;
  counts.topEqual += isTop ? 1 : 0;
  counts.topSizeEqual += isTop && isTopSize ? 1 : 0;
  for (const [ours, theirs] of sides) {
    const bySize = new Map(ours.map(({ px, sz }) => [px, sz]));
    counts.levels += theirs.length;
    counts.levelsEqual += theirs.filter(({ px, sz }) => bySize.get(px) === sz).length;
  }
}

const recordedLevels = (levels: BookMessage["bids"]): EngineLevel[] =>
  levels.map(([px, sz]) => ({ px: ticksOf(px), sz: lotsOf(sz) }));
