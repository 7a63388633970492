/** A tape among others' orders: nobody's place in the queue gets worse, and the recorded market stays as recorded. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createTapeExchange, type TapeExchange } from "../../test/support/tape-exchange.ts";
import { addressOf } from "../../test/support/test-exchange.ts";
import { readLane } from "../base/column.ts";
import { BUY, SELL, type Side } from "../base/side.ts";
import { TIF, type Tif } from "../base/time-in-force.ts";
import { MICROS_PER_USDC } from "../base/units.ts";
import { checkInvariants } from "../exchange/invariant.ts";
import { accountOfAddress, openOrderIds } from "../exchange/query.ts";
import type { TapeEvent, TapeHeader, TapeLevel } from "../tape/tape-event.ts";

const HEADER: TapeHeader = {
  source: "hyperliquid",
  symbol: "TST",
  coin: "TST",
  szDecimals: 3,
  szStep: 1,
};
const OTHER = addressOf("other");
const MID = 1_000;

type Step =
  | { readonly do: "play"; readonly event: TapeEvent }
  | {
      readonly do: "place";
      readonly side: Side;
      readonly px: number;
      readonly sz: number;
      readonly tif: Tif;
    }
  | { readonly do: "cancel"; readonly which: number };

const at = { localNs: 1n, venueMs: 0 };
const side = fc.constantFrom<Side>(BUY, SELL);
const px = fc.integer({ min: MID - 6, max: MID + 6 });
const sz = fc.integer({ min: 1, max: 60 });

/** Levels on both sides of a middle that moves: the recorded book is never crossed. */
const book = fc
  .record({
    mid: px,
    bids: fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 60 }))),
    asks: fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 60 }))),
  })
  .map(({ mid, bids, asks }) => {
    const levels = (pairs: [number, number][], sign: 1 | -1): TapeLevel[] =>
      [...new Map(pairs.map(([away, size]) => [mid + sign * away, size]))].map(([price, size]) => ({
        px: price,
        sz: size,
      }));
    return { bids: levels(bids, -1), asks: levels(asks, 1) };
  });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: book.map(
      (levels): Step => ({ do: "play", event: { kind: "snapshot", ...at, ...levels } }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(side, sz, fc.nat(5)).map(
      ([one, size, away]): Step => ({
        do: "play",
        event: {
          kind: "bbo",
          ...at,
          bid: { px: MID - 1 - (one === BUY ? away : 0), sz: size },
          ask: { px: MID + 1 + (one === SELL ? away : 0), sz: size },
        },
      }),
    ),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({ side, px, sz })
      .map((trade): Step => ({ do: "play", event: { kind: "trade", ...at, ...trade } })),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({ side, px, sz, tif: fc.constantFrom<Tif>(TIF.gtc, TIF.gtc, TIF.ioc) })
      .map((order): Step => ({ do: "place", ...order })),
  },
  { weight: 1, arbitrary: fc.nat(9).map((which): Step => ({ do: "cancel", which })) },
);

/** A disk that is behind now and then: which of the commands, over and over, are not taken at once. */
const busy = fc.array(fc.boolean(), { maxLength: 12 }).map((refusals) => [...refusals, false]);

interface Run {
  readonly exchange: TapeExchange;
  readonly other: number;
  nonce: number;
}

function start(refusals: readonly boolean[]): Run {
  const exchange = createTapeExchange(HEADER, MID);
  exchange.door.submit({ kind: "deposit", address: OTHER, amount: 10_000_000 * MICROS_PER_USDC });
  let asked = 0;
  exchange.refuses = () => refusals[asked++ % Math.max(1, refusals.length)] ?? false;
  return { exchange, other: accountOfAddress(exchange.door.state, OTHER), nonce: exchange.nowMs };
}

function take(run: Run, one: Step): void {
  const { exchange, other } = run;
  const { door } = exchange;
  if (one.do === "play") {
    exchange.play(one.event);
    return;
  }
  run.nonce += 1;
  const signed = { signer: OTHER, nonce: run.nonce };
  if (one.do === "place") {
    const { side: orderSide, px: orderPx, sz: orderSz, tif } = one;
    const orders = [{ market: 0, side: orderSide, px: orderPx, sz: orderSz, tif }];
    door.submit({ kind: "placeOrders", ...signed, orders });
    return;
  }
  const oid = openOrderIds(door.state, other)[one.which];
  if (oid !== undefined)
    door.submit({ kind: "cancelOrders", ...signed, cancels: [{ market: 0, oid }] });
}

/** Of each of the other's orders: the tape's size that stands before it at its price [lots]. */
function queueAhead({ exchange, other }: Run): Map<number, number> {
  const { orders, books } = exchange.door.state;
  const ahead = new Map<number, number>();
  for (const one of [BUY, SELL]) {
    let level = 0;
    let before = 0;
    books[0]?.forEach(one, (slot) => {
      if (readLane(orders.px, slot) !== level) before = 0;
      level = readLane(orders.px, slot);
      if (readLane(orders.account, slot) === other) ahead.set(readLane(orders.oid, slot), before);
      else before += readLane(orders.sz, slot);
    });
  }
  return ahead;
}

/** The tape's size by price, and whether somebody else stands there too. */
function levelsOf(
  { exchange, other }: Run,
  one: Side,
): Map<number, { sz: number; shared: boolean }> {
  const { orders, books } = exchange.door.state;
  const levels = new Map<number, { sz: number; shared: boolean }>();
  books[0]?.forEach(one, (slot) => {
    const price = readLane(orders.px, slot);
    const level = levels.get(price) ?? { sz: 0, shared: false };
    if (readLane(orders.account, slot) === other) level.shared = true;
    else level.sz += readLane(orders.sz, slot);
    levels.set(price, level);
  });
  return levels;
}

function expectRecorded(run: Run): void {
  for (const one of [BUY, SELL]) {
    const recorded = run.exchange.market.depth.recorded[one];
    const levels = levelsOf(run, one);
    for (const [price, { sz: size, shared }] of levels) {
      const target = recorded.get(price) ?? 0;
      if (shared) expect(size).toBeGreaterThanOrEqual(target);
      else expect([price, size]).toEqual([price, target]);
    }
    for (const price of recorded.keys()) expect(levels.has(price)).toBe(true);
  }
}

test("a recorded trade fills its size, no place in a queue gets worse, and the book is the recorded one [lots]", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), busy, (steps, refusals) => {
      const run = start(refusals);
      const { exchange } = run;
      let ahead = queueAhead(run);
      for (const one of steps) {
        const refused = exchange.refused;
        take(run, one);
        if (one.do !== "play") {
          ahead = queueAhead(run);
          continue;
        }
        expect([exchange.refused, exchange.crossed]).toEqual([refused, 0]);
        if (one.event.kind === "trade") {
          const taken = exchange.prints.filter(
            (print) => print.side === (one.event as typeof one.event & { side: Side }).side,
          );
          expect(taken.reduce((sum, print) => sum + print.sz, 0)).toBe(one.event.sz);
        }
        const now = queueAhead(run);
        for (const [oid, lots] of now) expect(lots).toBeLessThanOrEqual(ahead.get(oid) ?? 0);
        ahead = now;
      }
      // Where others were in the way of the book, the next looks bring it to what was recorded.
      for (let i = 0; i < 3; i++) exchange.play({ kind: "depth", ...at, bids: [], asks: [] });
      expectRecorded(run);
      checkInvariants(exchange.door.state);
    }),
    { numRuns: 300 },
  );
});
