/**
 * An exchange to test against: stamps sequence, time and nonces, and after every command checks
 * that money is conserved and positions sum to zero, by a sum of its own and by the core's.
 */
import { assert } from "../../src/base/assert.ts";
import type { Hex } from "../../src/base/hex.ts";
import type { InstrumentSpec } from "../../src/base/instrument-spec.ts";
import { MICROS_PER_USDC } from "../../src/base/units.ts";
import { applyCommand, hasQueuedWork } from "../../src/exchange/apply.ts";
import type { Book } from "../../src/exchange/book/book.ts";
import type { OrderTable } from "../../src/exchange/book/order-table.ts";
import { type CommandRecord, createCommandRecord, HEADER } from "../../src/exchange/command.ts";
import { type Command, writeCommand } from "../../src/exchange/command-codec.ts";
import {
  createEventRing,
  EVENT_LANES,
  type EventRing,
  eventLane,
  releaseEvents,
} from "../../src/exchange/event.ts";
import { type ExchangeEvent, readEvents } from "../../src/exchange/event-codec.ts";
import { checkConservation, checkInvariants } from "../../src/exchange/invariant.ts";
import {
  type AccountSummary,
  accountCount,
  accountOfAddress,
  accountSummary,
  lastSeq,
  lastTimeMs,
  marketCount,
  systemBalances,
} from "../../src/exchange/query.ts";
import { createExchange, type ExchangeState } from "../../src/exchange/state.ts";

/** Time at which test exchanges start: 2026-01-05 00:00 UTC, a day boundary [ms]. */
export const START_MS = Date.UTC(2026, 0, 5);

/** A command whose nonce may be left to the harness. */
export type CommandInput = Command extends infer One
  ? One extends { nonce: number }
    ? Omit<One, "nonce"> & { nonce?: number }
    : One
  : never;

/** The address that stands for a name or number in tests: its characters' codes, then zeros. */
export function addressOf(name: string): Hex {
  const hex = [...name].map((char) => char.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  return `0x${hex.slice(0, 40).padStart(40, "a")}`;
}

/** The cloid that stands for a number in tests. */
export const cloidOf = (n: number): Hex => `0x${n.toString(16).padStart(32, "0")}`;

/** A spec with what a test does not care about filled in: $0.001 ticks, 0.001 coin lots, 10x. */
export const testSpec = (part: Partial<InstrumentSpec> = {}): InstrumentSpec => ({
  name: "TST",
  szDecimals: 3,
  maxLeverage: 10,
  pxMax: 10_000_000,
  positionMax: 50_000_000,
  notionalMin: 10 * MICROS_PER_USDC,
  priceRule: "everyTick",
  ...part,
});

/** What a test sets up and how often it looks at everything. */
export interface TestExchangeOptions {
  /** Opened at once, in order. */
  readonly markets?: readonly InstrumentSpec[];
  /** Full invariants every so many commands (default 64); 1 = each. */
  readonly invariantsEvery?: number;
  /** State to go on from instead of a new exchange. */
  readonly state?: ExchangeState;
  /** Form of book that stands in for the exchange's own, market by market. */
  readonly createBook?: CreateBook;
  /** Runs between a command and the checks: a place to plant a bug. */
  readonly afterApply?: (state: ExchangeState, events: readonly ExchangeEvent[]) => void;
}

/** Makes an empty book over an order table. */
export type CreateBook = (orders: OrderTable) => Book;

/** An exchange under test; see {@link createTestExchange}. */
export interface TestExchange {
  readonly state: ExchangeState;
  /** Every event since the start. */
  readonly log: ExchangeEvent[];
  timeMs: number;
  /** Applies one command and returns its events. */
  run(command: CommandInput): ExchangeEvent[];
  /** Applies a filled record after stamping it. */
  runRecord(record: CommandRecord): ExchangeEvent[];
  /** Ticks until no consequence waits; returns their events. */
  drain(): ExchangeEvent[];
  /** Sends a deposit [USDC] to the address of a name and returns the account. */
  fund(name: string, usdc: number): number;
  account(name: string): number;
  summary(name: string): AccountSummary;
  nextNonce(): number;
}

/** No number that an exchange says. */
const UNWRITTEN = -1e300;

/** Every lane of an event is written: the ring holds what stood there before. */
function checkLanes(ring: EventRing, from: number): void {
  for (let index = from; index < ring.written; index++) {
    const lane = eventLane(ring, index);
    for (let at = lane; at < lane + EVENT_LANES; at++)
      assert(ring.lanes[at] !== UNWRITTEN, `lane ${at - lane} of an event is written`);
  }
}

/** Creates the exchange, opens its markets and keeps the clock at {@link START_MS} until moved. */
export function createTestExchange(options: TestExchangeOptions = {}): TestExchange {
  const state = options.state ?? createExchange();
  const every = options.invariantsEvery ?? 64;
  const ring = createEventRing(64, 1_048_576);
  const scratch = createCommandRecord();
  let lastNonce = 0;
  let commands = 0;

  const exchange: TestExchange = {
    state,
    log: [],
    timeMs: Math.max(START_MS, lastTimeMs(state)),
    nextNonce() {
      lastNonce = Math.max(lastNonce + 1, exchange.timeMs);
      return lastNonce;
    },
    run(command) {
      const isSigned = "signer" in command;
      const full = isSigned
        ? { ...command, nonce: command.nonce ?? exchange.nextNonce() }
        : command;
      writeCommand(full as Command, scratch);
      return exchange.runRecord(scratch);
    },
    runRecord(record) {
      record.lanes[HEADER.seq] = lastSeq(state) + 1;
      record.lanes[HEADER.timeMs] = exchange.timeMs;
      const from = ring.written;
      ring.lanes.fill(UNWRITTEN);
      applyCommand(state, record, ring);
      checkLanes(ring, from);
      const events = readEvents(ring, from, ring.written);
      releaseEvents(ring, ring.written);
      exchange.log.push(...events);
      commands += 1;
      options.afterApply?.(state, events);
      checkMoney(state);
      checkConservation(state);
      if (commands % every === 0) checkInvariants(state);
      return events;
    },
    drain() {
      const events: ExchangeEvent[] = [];
      for (let ticks = 0; hasQueuedWork(state); ticks++) {
        assert(ticks < 10_000, "queued work comes to an end");
        events.push(...exchange.run({ kind: "tick" }));
      }
      return events;
    },
    fund(name, usdc) {
      exchange.run({
        kind: "deposit",
        address: addressOf(name),
        amount: Math.round(usdc * MICROS_PER_USDC),
      });
      return exchange.account(name);
    },
    account: (name) => accountOfAddress(state, addressOf(name)),
    summary: (name) => accountSummary(state, exchange.account(name)),
  };
  for (const spec of options.markets ?? []) {
    exchange.run({ kind: "createMarket", spec });
    if (options.createBook !== undefined)
      state.books[state.books.length - 1] = options.createBook(state.orders);
  }
  return exchange;
}

/**
 * Money as the outside sees it: cash of all accounts (fees and insurance among them) less the cost
 * of open positions is what came in less what went out, and each market's positions sum to zero.
 * Their value at mark cancels because they sum to zero. Throws on the first gap.
 */
export function checkMoney(state: ExchangeState): void {
  let held = 0n;
  const open = new Array<number>(marketCount(state)).fill(0);
  for (let account = 0; account < accountCount(state); account++) {
    const { cash, positions } = accountSummary(state, account);
    held += BigInt(cash);
    for (const { market, size, cost, margin } of positions) {
      held += BigInt(margin) - BigInt(cost);
      open[market] = (open[market] as number) + size;
    }
  }
  const { residue, pending, deposits, withdrawals } = systemBalances(state);
  held += BigInt(residue + pending);
  const owed = BigInt(deposits) - BigInt(withdrawals);
  assert(held === owed, `money held equals money received (gap ${held - owed} micros)`);
  open.forEach((sum, market) => {
    assert(sum === 0, `positions of market ${market} sum to zero`);
  });
}
