/**
 * One oracle price that brings a thousand accounts under maintenance at once: the price's command and
 * the ticks that work off what it queued, until nobody waits. Three times, by what there is to close
 * them with: bids, a backstop, or only the other side.
 */
import { BUY, SELL, type Side } from "../../src/base/side.ts";
import { TIF } from "../../src/base/time-in-force.ts";
import { applyCommand, hasQueuedWork } from "../../src/exchange/apply.ts";
import { createCommandRecord, HEADER } from "../../src/exchange/command.ts";
import { type Command, writeCommand } from "../../src/exchange/command-codec.ts";
import { createEventRing, EVENT, eventLane, releaseEvents } from "../../src/exchange/event.ts";
import { lastSeq, lastTimeMs } from "../../src/exchange/query.ts";
import { createExchange, type ExchangeState, forkExchange } from "../../src/exchange/state.ts";
import { DEFAULT_MARKETS } from "../../src/sim/default-markets.ts";
import { median } from "./statistics.ts";
import { addressOf } from "./trading-floor.ts";

/** What closes the accounts. */
export type StormWay = "book" | "backstop" | "deleveraging";

/** What a storm cost. */
export interface Storm {
  readonly way: StormWay;
  readonly accounts: number;
  /** From the price to the last account, median over the rounds [ms]. */
  readonly ms: number;
  /** The longest single command of it, median over the rounds [ms]. */
  readonly worstMs: number;
  /** Commands that it took, and events that it wrote. */
  readonly commands: number;
  readonly events: number;
}

/** All ways, in order. */
export const STORM_WAYS: readonly StormWay[] = ["book", "backstop", "deleveraging"];

const { spec, startPx } = DEFAULT_MARKETS[0] as (typeof DEFAULT_MARKETS)[number];
/** Each long has 1,000 USDC and is long 18,000; shorts have ten times the money [10^-6 USDC]. */
const LONG_DEPOSIT = 1_000_000_000;
const SHORT_DEPOSIT = 10_000_000_000;
const NOTIONAL = 18_000_000_000;
const RICH = 100_000_000_000_000;
/** A fall that leaves equity between two thirds of maintenance and maintenance; below; below zero [ratio]. */
const FALL: Readonly<Record<StormWay, number>> = {
  book: 0.0438,
  backstop: 0.05,
  deleveraging: 0.08,
};

const ring = createEventRing();
const record = createCommandRecord();

function send(state: ExchangeState, command: Command): void {
  writeCommand(command, record);
  apply(state);
  releaseEvents(ring, ring.written);
}

function apply(state: ExchangeState): void {
  record.lanes[HEADER.seq] = lastSeq(state) + 1;
  record.lanes[HEADER.timeMs] = Math.max(1_800_000_000_000, lastTimeMs(state));
  applyCommand(state, record, ring);
}

/** Plays every way some times over, each time from the same state. */
export function measureStorm(accounts: number, rounds: number): Storm[] {
  const start = createExchange();
  openPositions(start, accounts);
  return STORM_WAYS.map((way) => {
    const prepared = forkExchange(start);
    prepare(prepared, way, accounts);
    const all = Array.from({ length: rounds }, () =>
      playOnce(forkExchange(prepared), way, accounts),
    );
    const last = all[all.length - 1] as Round;
    return {
      way,
      accounts,
      ms: median(all.map(({ ms }) => ms)),
      worstMs: median(all.map(({ worstMs }) => worstMs)),
      commands: last.commands,
      events: last.events,
    };
  });
}

/** A long for every account, each against a short of its own. */
function openPositions(state: ExchangeState, accounts: number): void {
  send(state, { kind: "createMarket", spec });
  send(state, { kind: "setOraclePrices", prices: [{ market: 0, px: startPx }] });
  const sz = Math.floor(NOTIONAL / startPx);
  for (let i = 0; i < accounts; i++) {
    const [long, short] = [addressOf(2 * i), addressOf(2 * i + 1)];
    send(state, { kind: "deposit", address: long, amount: LONG_DEPOSIT });
    send(state, { kind: "deposit", address: short, amount: SHORT_DEPOSIT });
    place(state, { signer: short, side: SELL, px: startPx, sz });
    place(state, { signer: long, side: BUY, px: startPx, sz });
  }
}

/** Bids for the book's way, an appointed account for the backstop's, nothing for the third. */
function prepare(state: ExchangeState, way: StormWay, accounts: number): void {
  const rich = addressOf(2 * accounts);
  send(state, { kind: "deposit", address: rich, amount: RICH });
  if (way === "book") {
    const px = Math.floor((startPx * (1 - FALL.book)) / 100) * 100;
    const sz = Math.floor(NOTIONAL / startPx);
    for (let i = 0; i < accounts; i++) place(state, { signer: rich, side: BUY, px, sz });
  } else if (way === "backstop") {
    send(state, {
      kind: "setDefaultPolicy",
      adl: 0,
      partialAbove: RICH,
      backstop: rich,
      lossMax: RICH,
    });
  }
}

function place(
  state: ExchangeState,
  { signer, ...order }: { signer: `0x${string}`; side: Side; px: number; sz: number },
): void {
  const nonce = 1_800_000_000_000 + lastSeq(state);
  send(state, {
    kind: "placeOrders",
    signer,
    nonce,
    orders: [{ market: 0, tif: TIF.gtc, ...order }],
  });
}

interface Round {
  readonly ms: number;
  readonly worstMs: number;
  readonly commands: number;
  readonly events: number;
}

function playOnce(state: ExchangeState, way: StormWay, accounts: number): Round {
  const px = Math.floor((startPx * (1 - FALL[way])) / 100) * 100;
  // The index of a fork looks at everybody once; that is measured elsewhere.
  send(state, { kind: "setOraclePrices", prices: [{ market: 0, px: startPx }] });
  writeCommand({ kind: "setOraclePrices", prices: [{ market: 0, px }] }, record);
  const from = ring.written;
  let commands = 0;
  let worstMs = 0;
  const start = performance.now();
  do {
    const begin = performance.now();
    apply(state);
    worstMs = Math.max(worstMs, performance.now() - begin);
    commands += 1;
    writeCommand({ kind: "tick" }, record);
  } while (hasQueuedWork(state));
  const ms = performance.now() - start;
  const events = ring.written - from;
  const closed = liquidatedIn(from);
  releaseEvents(ring, ring.written);
  if (closed < accounts) throw new Error(`${closed} of ${accounts} accounts were liquidated`);
  return { ms, worstMs, commands, events };
}

/** Liquidations among the events from a number on. */
function liquidatedIn(from: number): number {
  let count = 0;
  for (let index = from; index < ring.written; index++)
    if (ring.lanes[eventLane(ring, index)] === EVENT.liquidationStarted) count += 1;
  return count;
}
