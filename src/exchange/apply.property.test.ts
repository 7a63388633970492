/**
 * What must hold for any stream of commands. A failing run prints fast-check's seed and path and the
 * stream's own seed; `BOURSE_PROPERTY_RUNS=20 npx vitest run src/exchange` runs twenty times as many.
 */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCommandStream, scrambleRecord } from "../../test/support/random-commands.ts";
import { recordBytes } from "../../test/support/record-bytes.ts";
import { createTestExchange, type TestExchange } from "../../test/support/test-exchange.ts";
import { readLane, writeLane } from "../base/column.ts";
import type { Hex } from "../base/hex.ts";
import { floorLegalPx } from "../base/instrument-spec.ts";
import { MARKET_STATE, UNPROTECTED } from "../base/market-protection.ts";
import { createPrng } from "../base/prng.ts";
import { BUY } from "../base/side.ts";
import { TIF } from "../base/time-in-force.ts";
import { addCash } from "./account/account.ts";
import { applyCommand } from "./apply.ts";
import { COMMAND, createCommandRecord, HEADER } from "./command.ts";
import { writeCommand } from "./command-codec.ts";
import { decodeCommandRecord } from "./command-encoding.ts";
import { createEventRing, EVENT } from "./event.ts";
import { type ExchangeEvent, readEvents } from "./event-codec.ts";
import { checkInvariants } from "./invariant.ts";
import { trailPx } from "./matching/trail.ts";
import {
  accountCount,
  accountSummary,
  addressOfAccount,
  marketCount,
  marketSpec,
  openOrderCount,
  poolViews,
  roleOfAddress,
  vaultViews,
} from "./query.ts";
import { restoreSnapshot, writeSnapshot } from "./snapshot.ts";
import { createExchange, forkExchange } from "./state.ts";
import { stateHash } from "./state-hash.ts";

declare const process: { env: Record<string, string | undefined> };
const RUNS = Number(process.env.BOURSE_PROPERTY_RUNS ?? "1");
/** Enough streams that what is rare happens in one of them. */
const STREAMS = Array.from({ length: 12 }, (_, n) => n + 1);
const streamSeed = fc.integer({ min: 0, max: 2 ** 31 });

/** Runs a stream for `count` commands, looking at each command's events. */
function runStream(
  seed: number,
  count: number,
  look: (events: ExchangeEvent[], exchange: TestExchange) => void = () => undefined,
  options: Parameters<typeof createTestExchange>[0] = {},
): TestExchange {
  const exchange = createTestExchange(options);
  const stream = createCommandStream({ seed });
  for (let i = 0; i < count; i++) {
    const { command, timeMs } = stream.next();
    exchange.timeMs = timeMs;
    const events = exchange.run(command);
    stream.observe(events);
    look(events, exchange);
  }
  return exchange;
}

describe("streams of every kind of command", () => {
  test("money is conserved and positions sum to zero after every command, all invariants hold every 16", () => {
    fc.assert(
      fc.property(streamSeed, (seed) => {
        const exchange = runStream(seed, 500, undefined, { invariantsEvery: 16 });
        checkInvariants(exchange.state);
      }),
      { numRuns: 40 * RUNS },
    );
  });

  test("the streams reach every kind of event and most refusals, so the properties mean something", () => {
    const kinds = new Set<string>();
    const codes = new Set<number>();
    const missing = (): string[] => Object.keys(EVENT).filter((kind) => !kinds.has(kind));
    for (let seed = 1; seed <= 400 && (seed <= STREAMS.length || missing().length > 0); seed++) {
      for (const event of runStream(seed, 1_500).log) {
        kinds.add(event.kind);
        if ("code" in event) codes.add(event.code);
      }
    }
    expect(missing()).toEqual([]);
    expect(codes.size).toBeGreaterThan(25);
  });

  test("whoever's last fill of a command added to a position has free margin left", () => {
    let checked = 0;
    fc.assert(
      fc.property(streamSeed, (seed) => {
        runStream(seed, 400, (events, exchange) => {
          if (events.some(({ kind }) => kind === "liquidationStarted")) return;
          const last = new Map<number, boolean>();
          for (const event of events) {
            if (event.kind !== "fill") continue;
            const end = event.startPosition + (event.side === BUY ? event.sz : -event.sz);
            last.set(event.account, Math.abs(end) > Math.abs(event.startPosition));
          }
          for (const [account, isIncrease] of last) {
            if (!isIncrease) continue;
            const { equity, initial } = accountSummary(exchange.state, account);
            expect(equity, `account ${account} after a fill that adds risk`).toBeGreaterThanOrEqual(
              initial,
            );
            checked += 1;
          }
        });
      }),
      { numRuns: 40 * RUNS },
    );
    expect(checked).toBeGreaterThan(100);
  });

  test("order ids are unique and grow, trade ids come in pairs and grow", () => {
    fc.assert(
      fc.property(streamSeed, (seed) => {
        let lastOid = 0;
        let lastTid = 0;
        for (const event of runStream(seed, 500).log) {
          const isNew =
            event.kind === "orderAccepted" ||
            event.kind === "orderWaiting" ||
            (event.kind === "orderRejected" && event.item >= 0 && event.oid !== 0);
          if (isNew) {
            expect(event.oid).toBeGreaterThan(lastOid);
            lastOid = event.oid;
          }
          if (event.kind !== "fill") continue;
          expect(event.tid).toBe(event.crossed ? lastTid : lastTid + 1);
          lastTid = event.tid;
        }
      }),
      { numRuns: 20 * RUNS },
    );
  });

  test("what changes hands leaves one account as it comes to another: size, cost basis and money", () => {
    let moves = 0;
    fc.assert(
      fc.property(streamSeed, (seed) => {
        runStream(seed, 1_500, (events) => {
          let [size, cost, money] = [0, 0, 0];
          for (const event of events) {
            if (event.kind === "transferred") money += event.amount;
            if (event.kind !== "positionMoved") continue;
            moves += 1;
            size += event.size;
            cost += event.cost;
          }
          expect([size, cost, money]).toEqual([0, 0, 0]);
        });
      }),
      { numRuns: 20 * RUNS },
    );
    expect(moves).toBeGreaterThan(0);
  });

  test("every number of every event is a safe integer", () => {
    fc.assert(
      fc.property(streamSeed, (seed) => {
        const exchange = createTestExchange();
        const stream = createCommandStream({ seed, nonsense: 0 });
        for (let i = 0; i < 400; i++) {
          const { command, timeMs } = stream.next();
          exchange.timeMs = timeMs;
          const events = exchange.run(command);
          stream.observe(events);
          for (const event of events) {
            for (const [name, value] of Object.entries(event)) {
              if (typeof value !== "number") continue;
              expect(Number.isSafeInteger(value), `${event.kind}.${name} = ${value}`).toBe(true);
            }
          }
        }
      }),
      { numRuns: 10 * RUNS },
    );
  });

  test("an order's life: accepted once, fills within its size, one end, nothing after it", () => {
    fc.assert(
      fc.property(streamSeed, (seed) => {
        const left = new Map<number, number>();
        const exchange = runStream(seed, 600, (events) => {
          for (const event of events) followOrder(left, event);
        });
        const live = [...left.values()].filter((sz) => sz > 0).length;
        expect(live).toBe(openOrderCount(exchange.state));
      }),
      { numRuns: 20 * RUNS },
    );
  });

  test("a trigger order fires at most once: after the mark price has come, and never before its parent has filled", () => {
    let fired = 0;
    let armed = 0;
    fc.assert(
      fc.property(streamSeed, (seed) => {
        const waiting = new Map<number, WaitingOrder>();
        const marks = new Map<number, number>();
        runStream(seed, 800, (events) => {
          for (const event of events) {
            followTrigger(waiting, marks, event);
            if (event.kind === "orderTriggered") fired += 1;
            if (event.kind === "orderArmed") armed += 1;
          }
        });
      }),
      { numRuns: 20 * RUNS },
    );
    expect(fired).toBeGreaterThan(100);
    expect(armed).toBeGreaterThan(10);
  });

  test("at any point everybody can cancel all orders and place an order that closes a position", () => {
    let closed = 0;
    let canceled = 0;
    fc.assert(
      fc.property(streamSeed, fc.integer({ min: 30, max: 400 }), (seed, count) => {
        const fork = createTestExchange({ state: forkExchange(runStream(seed, count).state) });
        // Later than any nonce of the stream, so that the harness's own are unused.
        fork.timeMs += 3_600_000;
        fork.run({ kind: "setLimits", on: false });
        fork.drain();
        const { state } = fork;
        for (let market = 0; market < marketCount(state); market++) {
          fork.run({ kind: "setMarketState", market, state: MARKET_STATE.open, untilMs: 0 });
          fork.run({ kind: "setProtection", market, settings: UNPROTECTED });
        }
        fork.drain();
        for (let account = 2; account < accountCount(state); account++) {
          // The exchange alone acts for a pool.
          if (poolViews(state).some((pool) => pool.account === account)) continue;
          const sent = whoActsFor(state, account);
          for (const { market, size } of accountSummary(state, account).positions) {
            const side = size > 0 ? 1 : 0;
            const spec = marketSpec(state, market);
            const farPx = side === 1 ? floorLegalPx(spec, spec.pxMax) : 1;
            const order = {
              market,
              side,
              px: farPx,
              sz: 0,
              tif: TIF.alo,
              reduceOnly: true,
            } as const;
            const events = fork.run({ kind: "placeOrders", ...sent, orders: [order] });
            expect(events.some(({ kind }) => kind === "orderRested")).toBe(true);
            closed += 1;
          }
          for (let [order] = openOrders(fork, account); order !== undefined; ) {
            const events = fork.run({ kind: "cancelOrders", ...sent, cancels: [order] });
            // Children end with their parent, and a strategy pauses that loses an order.
            expect(events[0]).toMatchObject({ kind: "orderCanceled", oid: order.oid });
            const others = events.filter(({ kind }) => kind !== "orderCanceled");
            expect(others.every(({ kind }) => kind === "strategyPaused")).toBe(true);
            canceled += 1;
            [order] = openOrders(fork, account);
          }
        }
      }),
      { numRuns: 40 * RUNS },
    );
    expect(Math.min(closed, canceled)).toBeGreaterThan(10);
  });
});

/** What is known of an order that waits for the mark price, or once did. */
interface WaitingOrder {
  readonly market: number;
  px: number;
  readonly rises: boolean;
  /** Of one that follows mark. */
  readonly trail?: { readonly offset: number; readonly unit: "ticks" | "bps" };
  isAwaitingParent: boolean;
  hasComeTo: boolean;
  hasEnded: boolean;
}

/** Follows orders that wait; throws where one fires that may not. */
function followTrigger(
  waiting: Map<number, WaitingOrder>,
  marks: Map<number, number>,
  event: ExchangeEvent,
): void {
  const note = (order: WaitingOrder): void => {
    const markPx = marks.get(order.market) as number;
    if (order.isAwaitingParent || order.hasEnded) return;
    if (order.trail !== undefined && !order.hasComeTo) {
      const { offset, unit } = order.trail;
      const px = trailPx(markPx, offset, unit === "bps", !order.rises);
      order.px = order.rises ? Math.min(order.px, px) : Math.max(order.px, px);
    }
    if (order.rises ? markPx >= order.px : markPx <= order.px) order.hasComeTo = true;
  };
  if (event.kind === "oracleMoved") {
    marks.set(event.market, event.markPx);
    for (const order of waiting.values()) if (order.market === event.market) note(order);
  } else if (event.kind === "orderWaiting") {
    const { px, takeProfit, parent, trail } = event.trigger;
    waiting.set(event.oid, {
      market: event.market,
      px,
      rises: (event.side === BUY) !== takeProfit,
      ...(trail !== undefined && { trail }),
      isAwaitingParent: parent?.awaited === true,
      hasComeTo: false,
      hasEnded: false,
    });
  } else if (event.kind === "orderArmed") {
    const order = waiting.get(event.oid) as WaitingOrder;
    expect(order).toMatchObject({ isAwaitingParent: true, hasEnded: false });
    order.isAwaitingParent = false;
    note(order);
  } else if (event.kind === "orderTriggered") {
    const order = waiting.get(event.oid) as WaitingOrder;
    expect(order).toMatchObject({ isAwaitingParent: false, hasComeTo: true, hasEnded: false });
    order.hasEnded = true;
  } else if (event.kind === "orderCanceled") {
    const order = waiting.get(event.oid);
    if (order !== undefined) order.hasEnded = true;
  }
}

/** Keeps what is left of each order; throws where an event does not fit. */
function followOrder(left: Map<number, number>, event: ExchangeEvent): void {
  if (event.kind === "orderAccepted" || event.kind === "orderWaiting") {
    expect(left.has(event.oid)).toBe(false);
    // Size zero follows the position.
    left.set(event.oid, event.sz || Number.POSITIVE_INFINITY);
  } else if (event.kind === "orderTriggered" || event.kind === "orderArmed") {
    expect(event.sz).toBeLessThanOrEqual(left.get(event.oid) as number);
    left.set(event.oid, event.sz);
  } else if (event.kind === "fill" && event.way === "book") {
    const before = left.get(event.oid) as number;
    expect(event.sz).toBeGreaterThan(0);
    expect(event.origSz).toBe(before - event.sz);
    left.set(event.oid, event.origSz);
  } else if (event.kind === "orderRested") {
    expect(left.get(event.oid)).toBe(event.sz);
  } else if (event.kind === "orderReduced") {
    expect(event.sz).toBeLessThan(left.get(event.oid) as number);
    left.set(event.oid, event.sz);
  } else if (event.kind === "orderCanceled") {
    const isWhole = event.sz === 0;
    expect(left.get(event.oid)).toBe(isWhole ? Number.POSITIVE_INFINITY : event.sz);
    left.set(event.oid, 0);
  }
}

/** Who signs for an account: itself, or its master in a sub-account's name. */
function whoActsFor(state: TestExchange["state"], account: number): { signer: Hex; vault?: Hex } {
  const address = addressOfAccount(state, account);
  const led = vaultViews(state).find((vault) => vault.account === account);
  if (led !== undefined) return { signer: addressOfAccount(state, led.owner), vault: address };
  const role = roleOfAddress(state, address, 0);
  if (role.role !== "subAccount") return { signer: address };
  return { signer: addressOfAccount(state, role.master), vault: address };
}

function openOrders({ state }: TestExchange, account: number): { market: number; oid: number }[] {
  const { orders } = state;
  const found: { market: number; oid: number }[] = [];
  for (let slot = 0; slot < orders.table.count; slot++) {
    const oid = readLane(orders.oid, slot);
    if (oid === 0 || readLane(orders.account, slot) !== account) continue;
    found.push({ market: readLane(orders.market, slot), oid });
  }
  return found;
}

describe("malformed records", () => {
  test("apply takes any lane values: no throw, no broken rule, and the same again in a replay", () => {
    fc.assert(
      fc.property(streamSeed, (seed) => {
        const exchange = createTestExchange({ invariantsEvery: 8 });
        const replay = createTestExchange({ invariantsEvery: 1_000 });
        const stream = createCommandStream({ seed, nonsense: 0.1 });
        const prng = createPrng(seed + 1);
        const record = createCommandRecord();
        const again = createCommandRecord();
        for (let i = 0; i < 500; i++) {
          const { command, timeMs } = stream.next();
          exchange.timeMs = timeMs;
          replay.timeMs = timeMs;
          writeCommand(command, record);
          if (i >= 10 && i % 2 === 0) scrambleRecord(prng, record);
          const view = recordBytes(record);
          expect(decodeCommandRecord(view, 0, again)).toBe(view.byteLength);
          const events = exchange.runRecord(record);
          expect(replay.runRecord(again)).toEqual(events);
          stream.observe(events);
        }
        expect(stateHash(replay.state)).toBe(stateHash(exchange.state));
      }),
      { numRuns: 40 * RUNS },
    );
  });

  test("a command without its items does nothing with bytes that are not its own", () => {
    const exchange = runStream(1, 30);
    const record = createCommandRecord();
    for (const kind of [COMMAND.approveAgent, COMMAND.modifyOrder, COMMAND.cancelByCloid]) {
      record.bytes.fill(65);
      writeCommand({ kind: "noop", signer: addressOfAccount(exchange.state, 2), nonce: 0 }, record);
      record.bytes.fill(65, 20);
      record.lanes[HEADER.kind] = kind;
      record.lanes[HEADER.nonce] = exchange.timeMs + 40_000_000 + kind;
      expect(exchange.runRecord(record)).toMatchObject([{ kind: "commandRejected" }]);
    }
  });
});

describe("copies of the state", () => {
  test("fork and snapshot give the same hash and the same future, and leave the parent as it was", () => {
    fc.assert(
      fc.property(
        streamSeed,
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 1, max: 150 }),
        (seed, before, after) => {
          const live = createTestExchange();
          const stream = createCommandStream({ seed });
          const step = (exchanges: readonly TestExchange[]): void => {
            const { command, timeMs } = stream.next();
            const [events, ...others] = exchanges.map((exchange) => {
              exchange.timeMs = timeMs;
              return exchange.run(command);
            });
            for (const other of others) expect(other).toEqual(events);
            stream.observe(events as ExchangeEvent[]);
          };
          for (let i = 0; i < before; i++) step([live]);
          const hash = stateHash(live.state);
          const bytes = writeSnapshot(live.state);
          const fork = createTestExchange({ state: forkExchange(live.state) });
          const restored = createTestExchange({ state: restoreSnapshot(bytes) });
          expect([stateHash(fork.state), stateHash(restored.state)]).toEqual([hash, hash]);
          expect(writeSnapshot(restored.state)).toEqual(bytes);
          const untouched = forkExchange(live.state);
          for (let i = 0; i < after; i++) step([live, fork, restored]);
          const end = stateHash(live.state);
          expect([stateHash(fork.state), stateHash(restored.state)]).toEqual([end, end]);
          expect(stateHash(untouched)).toBe(hash);
          expect(end).not.toBe(hash);
        },
      ),
      { numRuns: 40 * RUNS },
    );
  });

  test("two exchanges in one process do not see each other", () => {
    const alone = stateHash(runStream(7, 300).state);
    const first = createTestExchange();
    const second = createTestExchange();
    const streams = [createCommandStream({ seed: 7 }), createCommandStream({ seed: 8 })] as const;
    for (let i = 0; i < 300; i++) {
      for (const [n, exchange] of [first, second].entries()) {
        const stream = streams[n as 0 | 1];
        const { command, timeMs } = stream.next();
        exchange.timeMs = timeMs;
        stream.observe(exchange.run(command));
      }
    }
    expect(stateHash(first.state)).toBe(alone);
  });

  test("the ring's size has no say in what happens", () => {
    const records: { record: ReturnType<typeof createCommandRecord> }[] = [];
    const live = createTestExchange();
    const stream = createCommandStream({ seed: 11 });
    for (let i = 0; i < 200; i++) {
      const { command, timeMs } = stream.next();
      live.timeMs = timeMs;
      const record = createCommandRecord(16);
      writeCommand("signer" in command ? { ...command } : command, record);
      stream.observe(live.runRecord(record));
      records.push({ record });
    }
    const state = createExchange();
    const ring = createEventRing(1, 1_048_576);
    for (const { record } of records) applyCommand(state, record, ring);
    expect(stateHash(state)).toBe(stateHash(live.state));
    expect(readEvents(ring, 0, ring.written)).toEqual(live.log);
  });
});

describe("the checks find planted bugs", () => {
  const filled = (events: readonly ExchangeEvent[]): boolean =>
    events.some(({ kind }) => kind === "fill");

  test.each([
    {
      bug: "a fee is taken and not credited",
      plant: (state: TestExchange["state"], events: readonly ExchangeEvent[]) => {
        for (const event of events) {
          if (event.kind !== "fill") continue;
          addCash(state.accounts, 0, -event.fee);
        }
      },
    },
    {
      bug: "a fill moves the taker's position only",
      plant: (state: TestExchange["state"], events: readonly ExchangeEvent[]) => {
        if (!filled(events)) return;
        writeLane(state.positions.size, 0, readLane(state.positions.size, 0) + 1);
      },
    },
    {
      bug: "a cost basis loses a micro",
      plant: (state: TestExchange["state"], events: readonly ExchangeEvent[]) => {
        if (!filled(events) || readLane(state.positions.size, 0) === 0) return;
        writeLane(state.positions.cost, 0, readLane(state.positions.cost, 0) - 1);
      },
    },
    {
      bug: "a withdrawal leaves the money",
      plant: (state: TestExchange["state"], events: readonly ExchangeEvent[]) => {
        for (const event of events) {
          if (event.kind !== "withdrawn") continue;
          addCash(state.accounts, event.account, event.amount);
        }
      },
    },
    {
      bug: "a deficit is forgiven",
      plant: (state: TestExchange["state"], events: readonly ExchangeEvent[]) => {
        for (const event of events) {
          if (event.kind !== "deficitBooked") continue;
          addCash(state.accounts, 1, event.amount);
        }
      },
    },
  ])("$bug", ({ plant }) => {
    const runPlanted = () => {
      for (const seed of STREAMS) {
        runStream(seed, 1_500, undefined, { afterApply: plant, invariantsEvery: 10_000 });
      }
    };
    expect(runPlanted).toThrow(/broken rule: (money held|positions of market)/);
  });
});
