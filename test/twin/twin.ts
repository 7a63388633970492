/**
 * Two exchanges side by side, one on the fast book and one on the plain book, under the same random
 * commands. After every command the event rings are compared bit by bit; every so often the state
 * hashes, the books order by order, and a fork of the fast side whose books are built anew.
 */

import { ticksPerUsdc } from "../../src/base/instrument-spec.ts";
import { createPrng } from "../../src/base/prng.ts";
import { BUY, SELL } from "../../src/base/side.ts";
import { applyCommand } from "../../src/exchange/apply.ts";
import type { Book } from "../../src/exchange/book/book.ts";
import { liveOrderTotal } from "../../src/exchange/book/order-table.ts";
import { createReferenceBook } from "../../src/exchange/book/reference.ts";
import {
  COMMAND,
  type CommandRecord,
  createCommandRecord,
  HEADER,
} from "../../src/exchange/command.ts";
import { writeCommand } from "../../src/exchange/command-codec.ts";
import {
  createEventRing,
  EVENT_BYTES,
  EVENT_LANES,
  type EventRing,
  eventByte,
  eventLane,
  releaseEvents,
} from "../../src/exchange/event.ts";
import { readEvents } from "../../src/exchange/event-codec.ts";
import { createExchange, type ExchangeState, forkExchange } from "../../src/exchange/state.ts";
import { stateHash } from "../../src/exchange/state-hash.ts";
import { createCommandStream, STREAM_MARKETS, scrambleRecord } from "../support/random-commands.ts";
import type { CreateBook } from "../support/test-exchange.ts";

/** Every record whose seq divides by this has lanes that no command has. */
const SCRAMBLE_EVERY = 50;

/**
 * What a stream starts from. A seed's number picks one, so three neighbouring seeds meet them all: the
 * usual prices, the markets' price caps, and prices of a few ticks, where a book has few levels.
 */
const SETTINGS: readonly { name: string; startPxUsdc?: readonly number[] }[] = [
  { name: "usual" },
  {
    name: "caps",
    startPxUsdc: STREAM_MARKETS.map(
      ({ pxMax, szDecimals }) => (0.8 * pxMax) / ticksPerUsdc(szDecimals),
    ),
  },
  {
    name: "floor",
    startPxUsdc: STREAM_MARKETS.map(({ szDecimals }) => 40 / ticksPerUsdc(szDecimals)),
  },
];

/** What a twin run is made of. */
export interface TwinOptions {
  readonly seed: number;
  readonly commands: number;
  /** Commands between two comparisons of hashes and books. */
  readonly hashEvery: number;
  /** The book of the second exchange; the plain book unless a fault is planted. */
  readonly createTwin?: CreateBook;
  /** Runs on the second exchange's state after every command: a place to plant a fault. */
  readonly tamper?: (state: ExchangeState, seq: number) => void;
}

/** The first thing that was not the same. */
export interface TwinDifference {
  readonly seq: number;
  readonly what: string;
}

/** What a twin run saw. */
export interface TwinResult {
  readonly seed: number;
  /** What the stream started from. */
  readonly setting: string;
  readonly commands: number;
  readonly events: number;
  readonly fills: number;
  readonly liquidations: number;
  /** Most orders that rested at a comparison. */
  readonly restingMax: number;
  /** Kinds of commands that came up, by number. */
  readonly kinds: ReadonlySet<number>;
  /** Hash of both at the end. */
  readonly hash: string;
  readonly difference: TwinDifference | null;
}

/** One of the two exchanges. */
interface Side {
  readonly state: ExchangeState;
  readonly ring: EventRing;
}

const createSide = (): Side => ({
  state: createExchange(),
  ring: createEventRing(1_024, 1_048_576),
});

/** Kinds of commands that a whole run must have seen. */
export const ALL_KINDS: readonly number[] = Object.values(COMMAND);

/** Runs one seed until its end or the first difference. */
export function runTwin(options: TwinOptions): TwinResult {
  const { seed, commands, hashEvery, createTwin = createReferenceBook } = options;
  const { name: setting, ...start } = SETTINGS[seed % SETTINGS.length] as (typeof SETTINGS)[number];
  const stream = createCommandStream({ seed, users: 6 + (seed % 20), ...start });
  const prng = createPrng(seed);
  const record = createCommandRecord();
  const [fast, twin] = [createSide(), createSide()];
  const kinds = new Set<number>();
  const seen = { events: 0, fills: 0, liquidations: 0, restingMax: 0 };
  let difference: TwinDifference | null = null;
  let seq = 0;
  while (seq < commands && difference === null) {
    seq += 1;
    const { command, timeMs } = stream.next();
    writeCommand(command, record);
    kinds.add(record.lanes[HEADER.kind] as number);
    if (seq % SCRAMBLE_EVERY === 0) scrambleRecord(prng, record);
    record.lanes[HEADER.seq] = seq;
    record.lanes[HEADER.timeMs] = timeMs;
    applyOne(fast, record);
    applyOne(twin, record);
    swapBooks(twin.state, createTwin);
    options.tamper?.(twin.state, seq);
    let what = compareRings(fast.ring, twin.ring);
    const events = readEvents(fast.ring, fast.ring.released, fast.ring.written);
    stream.observe(events);
    seen.events += events.length;
    for (const { kind } of events) {
      if (kind === "fill") seen.fills += 1;
      else if (kind === "liquidationStarted") seen.liquidations += 1;
    }
    releaseEvents(fast.ring, fast.ring.written);
    releaseEvents(twin.ring, twin.ring.written);
    if (what === null && (seq % hashEvery === 0 || seq === commands)) {
      what = compareStates(fast.state, twin.state);
      seen.restingMax = Math.max(seen.restingMax, liveOrderTotal(fast.state.orders));
    }
    if (what !== null) difference = { seq, what };
  }
  return {
    seed,
    setting,
    commands: seq,
    ...seen,
    kinds,
    hash: stateHash(fast.state),
    difference,
  };
}

function applyOne({ state, ring }: Side, record: CommandRecord): void {
  applyCommand(state, record, ring);
}

const swapped = new WeakMap<ExchangeState, number>();

/** Puts the twin's book in the place of every market's that was opened since. */
function swapBooks(state: ExchangeState, createTwin: CreateBook): void {
  const from = swapped.get(state) ?? 0;
  const { books, orders } = state;
  if (books.length === from) return;
  for (let market = from; market < books.length; market++) books[market] = createTwin(orders);
  swapped.set(state, books.length);
}

const bitsOf = (ring: EventRing): Int32Array => new Int32Array(ring.lanes.buffer);

/** What differs between the unreleased events of two rings, or null. */
function compareRings(one: EventRing, other: EventRing): string | null {
  const count = one.written - one.released;
  if (one.written !== other.written) {
    return `${count} events against ${other.written - other.released}`;
  }
  const [bits, otherBits] = [bitsOf(one), bitsOf(other)];
  for (let index = one.released; index < one.written; index++) {
    const [at, otherAt] = [eventLane(one, index) * 2, eventLane(other, index) * 2];
    for (let i = 0; i < EVENT_LANES * 2; i++) {
      if (bits[at + i] !== otherBits[otherAt + i]) {
        const lane = i >>> 1;
        const [a, b] = [one.lanes[at / 2 + lane], other.lanes[otherAt / 2 + lane]];
        return `event ${index - one.released} of ${count}, lane ${lane}: ${a} against ${b}`;
      }
    }
    const [byte, otherByte] = [eventByte(one, index), eventByte(other, index)];
    for (let i = 0; i < EVENT_BYTES; i++) {
      if (one.bytes[byte + i] !== other.bytes[otherByte + i])
        return `event ${index - one.released} of ${count}, byte ${i}`;
    }
  }
  return null;
}

/** What differs between two states: hash, books, or the books of a fork; or null. */
function compareStates(fast: ExchangeState, twin: ExchangeState): string | null {
  const [hash, twinHash] = [stateHash(fast), stateHash(twin)];
  if (hash !== twinHash) return `hash ${hash} against ${twinHash}`;
  const rebuilt = forkExchange(fast).books;
  for (const [market, book] of fast.books.entries()) {
    const other = twin.books[market] as Book;
    const problem =
      compareBooks(book, other) ?? compareBooks(rebuilt[market] as Book, other, "a fork's ");
    if (problem !== null) return `market ${market}: ${problem}`;
  }
  return null;
}

function compareBooks(book: Book, other: Book, whose = ""): string | null {
  for (const side of [BUY, SELL] as const) {
    if (book.bestPx(side) !== other.bestPx(side)) return `${whose}best price of side ${side}`;
    if (book.bestSlot(side) !== other.bestSlot(side)) return `${whose}best order of side ${side}`;
    const slots: number[] = [];
    other.forEach(side, (slot) => slots.push(slot));
    let at = 0;
    let isSame = true;
    book.forEach(side, (slot) => {
      if (slots[at++] !== slot) isSame = false;
    });
    if (!isSame || at !== slots.length) return `${whose}orders of side ${side}`;
  }
  return null;
}
