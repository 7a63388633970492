/**
 * The commands that every contender runs: generated from a seed before anything is timed, as typed
 * arrays. First the book is filled, then it stays near its size: about 48 % orders that rest (one
 * in a hundred of them crosses first), 42 % cancels of a random live order, 5 % modifies of one and
 * 5 % immediate orders that take the best price.
 *
 * Prices lie on so many legal prices a side of a fixed middle, twice as dense at the touch as on
 * average: fewer prices mean longer queues. Modifies stay on their side. No account trades with itself.
 */
import { readLane } from "../../src/base/column.ts";
import { legalPxStep } from "../../src/base/instrument-spec.ts";
import { createPrng, nextBelow, nextUnit, type Prng } from "../../src/base/prng.ts";
import { BUY, oppositeSide, SELL, type Side } from "../../src/base/side.ts";
import { liveSlot } from "../../src/exchange/book/order-table.ts";
import { type BookEngine, createBookEngine } from "./book-engine.ts";
import type { PriceGrid } from "./price-rank.ts";

/** Kinds of commands. */
export const STEP = { add: 0, cancel: 1, modify: 2, ioc: 3 } as const;

/** Accounts that take part. */
export const ACCOUNTS = 8_192;
/** Smallest size; any order is worth more than the market's least notional [lots]. */
const SZ_MIN = 20;
const SZ_SPREAD = 100;
/** How far an order that is to trade reaches through the touch [prices]. */
const REACH = 10;
const CROSSING_SHARE = 0.01;

/** What a stream trades. */
export interface StreamMarket extends PriceGrid {
  /** Price in the middle of the book; the legal step is the same below and above it [ticks]. */
  readonly middlePx: number;
}

/** What is traded where nothing else is said: BTC at 64,000.0. */
const DEFAULT_MARKET: StreamMarket = {
  szDecimals: 5,
  priceRule: "fiveSignificantFigures",
  middlePx: 640_000,
};

/** Commands in order; lanes are indexed by command. */
export interface CommandStream {
  readonly market: StreamMarket;
  /** Orders that rest once the book is filled. */
  readonly resting: number;
  /** Number of commands, the first `resting` of which fill the book. */
  readonly count: number;
  readonly kind: Uint8Array;
  readonly side: Uint8Array;
  /** [ticks] */
  readonly px: Int32Array;
  /** [lots] */
  readonly sz: Int32Array;
  /** Number of the order that is added, or of the live one that is meant. */
  readonly order: Int32Array;
  /** Who sends it, 0 to {@link ACCOUNTS} - 1. */
  readonly account: Int32Array;
  /** Number of orders that are ever added. */
  readonly orderCount: number;
}

interface Generator {
  readonly prices: number;
  /** [ticks] */
  readonly middlePx: number;
  /** Distance of neighbouring prices [ticks]. */
  readonly stepPx: number;
  readonly prng: Prng;
  readonly engine: BookEngine;
  /** Live orders in no order, and the place of each among them (-1 = not live). */
  readonly live: Int32Array;
  readonly placeOf: Int32Array;
  readonly oidOf: Float64Array;
  readonly accountOf: Int32Array;
  liveCount: number;
  orderCount: number;
}

/** What a stream is like. */
export interface StreamPlan {
  readonly seed: number;
  /** Orders that rest once the book is filled. */
  readonly resting: number;
  /** Prices a side that they rest on. */
  readonly prices: number;
  /** Commands once the book is filled. */
  readonly more: number;
  readonly market?: StreamMarket;
}

/**
 * Generates the commands that fill a book and those that keep it busy. They are the same whatever
 * engine they are tried on; a contender's own kind leaves its code as warm as any other's.
 */
export function createCommandStream(
  { seed, resting, prices, more, market = DEFAULT_MARKET }: StreamPlan,
  createEngine: (grid: PriceGrid) => BookEngine = () => createBookEngine("fast"),
): CommandStream {
  const count = resting + more;
  const generator: Generator = {
    prices,
    middlePx: market.middlePx,
    stepPx: legalPxStep(market, market.middlePx),
    prng: createPrng(seed),
    engine: createEngine(market),
    live: new Int32Array(count),
    placeOf: new Int32Array(count).fill(-1),
    oidOf: new Float64Array(count),
    accountOf: new Int32Array(count),
    liveCount: 0,
    orderCount: 0,
  };
  const stream = {
    market,
    resting,
    count,
    kind: new Uint8Array(count),
    side: new Uint8Array(count),
    px: new Int32Array(count),
    sz: new Int32Array(count),
    order: new Int32Array(count),
    account: new Int32Array(count),
    orderCount: 0,
  };
  for (let i = 0; i < count; i++) {
    const kind = i < resting ? STEP.add : nextKind(generator, resting);
    stream.kind[i] = kind;
    stream.sz[i] = SZ_MIN + nextBelow(generator.prng, SZ_SPREAD);
    if (kind === STEP.add || kind === STEP.ioc) addOrder(generator, stream, i);
    else changeOrder(generator, stream, i);
  }
  stream.orderCount = generator.orderCount;
  return stream;
}

/** Leans a little towards orders below the wished size and towards cancels above it. */
function nextKind({ prng, liveCount }: Generator, resting: number): number {
  const lean = liveCount < resting ? 0.05 : -0.05;
  const dice = nextUnit(prng);
  if (dice < 0.48 + lean) return STEP.add;
  if (dice < 0.9) return STEP.cancel;
  return dice < 0.95 ? STEP.modify : STEP.ioc;
}

/** A price of a side: its distance from the middle is the smaller of two even draws. */
function restingPx({ prng, prices, middlePx, stepPx }: Generator, side: Side): number {
  const distance = 1 + Math.min(nextBelow(prng, prices), nextBelow(prng, prices));
  return middlePx + (side === BUY ? -distance : distance) * stepPx;
}

/** A price that reaches through the opposite touch. */
function crossingPx({ engine, middlePx, stepPx }: Generator, side: Side): number {
  const best = engine.bestPx(oppositeSide(side)) || middlePx;
  return best + (side === BUY ? REACH : -REACH) * stepPx;
}

type Lanes = { -readonly [K in keyof CommandStream]: CommandStream[K] };

function addOrder(generator: Generator, stream: Lanes, i: number): void {
  const { prng, engine } = generator;
  const side = nextBelow(prng, 2) === 0 ? BUY : SELL;
  const isIoc = stream.kind[i] === STEP.ioc;
  const isCrossing = isIoc || (i >= stream.resting && nextUnit(prng) < CROSSING_SHARE);
  const px = isCrossing ? crossingPx(generator, side) : quietPx(generator, side);
  const order = generator.orderCount++;
  const sz = stream.sz[i] as number;
  if (isIoc) engine.ioc(side, px, sz);
  else engine.place(generator.oidOf, order, side, px, sz);
  stream.side[i] = side;
  stream.px[i] = px;
  stream.order[i] = order;
  stream.account[i] = otherAccount(generator);
  generator.accountOf[order] = stream.account[i] as number;
  dropFilled(generator);
  if (!isIoc && generator.oidOf[order] !== 0) {
    generator.placeOf[order] = generator.liveCount;
    generator.live[generator.liveCount++] = order;
  }
}

function changeOrder(generator: Generator, stream: Lanes, i: number): void {
  const { prng, engine, oidOf } = generator;
  const order = generator.live[nextBelow(prng, generator.liveCount)] as number;
  stream.order[i] = order;
  stream.account[i] = generator.accountOf[order] as number;
  if (stream.kind[i] === STEP.cancel) {
    engine.cancel(oidOf, order);
    drop(generator, order);
    return;
  }
  const slot = liveSlot(engine.orders, oidOf[order] as number);
  const side = readLane(engine.orders.side, slot) as Side;
  const px = quietPx(generator, side);
  stream.side[i] = side;
  stream.px[i] = px;
  engine.modify(oidOf, order, px, stream.sz[i] as number);
}

/** A resting price that does not cross what rests on the other side. */
function quietPx(generator: Generator, side: Side): number {
  const px = restingPx(generator, side);
  const opposite = generator.engine.bestPx(oppositeSide(side));
  if (opposite === 0) return px;
  const { stepPx } = generator;
  return side === BUY ? Math.min(px, opposite - stepPx) : Math.max(px, opposite + stepPx);
}

/** An account that is none of those that the command has just traded with. */
function otherAccount({ prng, engine: { fills }, accountOf }: Generator): number {
  for (;;) {
    const account = nextBelow(prng, ACCOUNTS);
    let isFree = true;
    for (let k = 0; k < fills.count; k++)
      if (accountOf[fills.owner[k] as number] === account) isFree = false;
    if (isFree) return account;
  }
}

function dropFilled(generator: Generator): void {
  const { fills } = generator.engine;
  for (let k = 0; k < fills.count; k++)
    if (fills.isDone[k] === 1) drop(generator, fills.owner[k] as number);
}

/** Takes an order out of the live ones; the last of them takes its place. */
function drop(generator: Generator, order: number): void {
  const { live, placeOf } = generator;
  const place = placeOf[order] as number;
  const last = live[--generator.liveCount] as number;
  live[place] = last;
  placeOf[last] = place;
  placeOf[order] = -1;
}
