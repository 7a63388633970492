/**
 * Two exchanges side by side, one on the fast book and one on the plain book, under the same random
 * commands. After every command the event rings are compared bit by bit; every so often the state
 * hashes, the books order by order, and a fork of the fast side whose books are built anew.
 */

import { ticksPerUsdc } from "../../src/base/instrument-spec.ts";
import { createPrng } from "../../src/base/prng.ts";
import { applyCommand } from "../../src/exchange/apply.ts";
import { liveOrderTotal } from "../../src/exchange/book/order-table.ts";
import { createReferenceBook } from "../../src/exchange/book/reference.ts";
import {
  COMMAND,
  type CommandRecord,
  createCommandRecord,
  HEADER,
} from "../../src/exchange/command.ts";
import { writeCommand } from "../../src/exchange/command-codec.ts";
import { createEventRing, type EventRing, releaseEvents } from "../../src/exchange/event.ts";
import { readEvents } from "../../src/exchange/event-codec.ts";
import { createExchange, type ExchangeState } from "../../src/exchange/state.ts";
import { stateHash } from "../../src/exchange/state-hash.ts";
import { createCommandStream, STREAM_MARKETS, scrambleRecord } from "../support/random-commands.ts";
import type { CreateBook } from "../support/test-exchange.ts";
import { compareRings, compareStates, swapBooks } from "./compare.ts";

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
