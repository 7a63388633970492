/**
 * Whom a price queues is what a walk over all position rows queues, in the same order, over streams
 * of trades, money and prices with gaps; and an index built anew changes nothing.
 */

import fc from "fast-check";
import { expect, test } from "vitest";
import { createCommandStream, STREAM_MARKETS } from "../../../test/support/random-commands.ts";
import { createTestExchange, type TestExchange } from "../../../test/support/test-exchange.ts";
import { readLane, writeLane } from "../../base/column.ts";
import type { InstrumentSpec } from "../../base/instrument-spec.ts";
import { createPrng, nextBelow, nextUnit, type Prng } from "../../base/prng.ts";
import { createCommandRecord, HEADER } from "../command.ts";
import { type Command, writeCommand } from "../command-codec.ts";
import { CONSEQUENCE, pushConsequence } from "../consequence.ts";
import { hasIsolatedUnder } from "../margin/isolated.ts";
import { computeMargin, createMarginFigures, isUnderMaintenance } from "../margin/margin.ts";
import { queueTriggers } from "../matching/trigger.ts";
import { NUMBER, setNumber } from "../numbers.ts";
import { setMarkPx, setOraclePx } from "../oracle/oracle.ts";
import { markPx, visitsOfLastPrices } from "../query.ts";
import { restoreSnapshot, writeSnapshot } from "../snapshot.ts";
import { type ExchangeState, forkExchange } from "../state.ts";
import { stateHash } from "../state-hash.ts";
import { queueHoldersUnder } from "./liquidation.ts";

type Prices = Extract<Command, { kind: "setOraclePrices" }>["prices"];

const QUEUED = 1;
const UNFINISHED = 2;
const figures = createMarginFigures();

/** The rule without an index: every holder of a market, in order of items and rows. */
function queueByWalk(state: ExchangeState, prices: Prices): void {
  const { accounts, positions } = state;
  for (const { market } of prices) {
    for (let row = 0; row < positions.table.count; row++) {
      if (readLane(positions.market, row) !== market || readLane(positions.size, row) === 0)
        continue;
      const account = positions.account.data[row] as number;
      if (readLane(accounts.distress, account) === QUEUED) continue;
      const isUnder =
        isUnderMaintenance(computeMargin(state, account, figures)) ||
        hasIsolatedUnder(state, account);
      if (isUnder) pushConsequence(state.queue, CONSEQUENCE.liquidate, account);
      writeLane(accounts.distress, account, isUnder ? QUEUED : 0);
    }
  }
  let unfinished = 0;
  for (let account = 0; account < accounts.table.count; account++)
    if (readLane(accounts.distress, account) === UNFINISHED) unfinished += 1;
  setNumber(state.numbers, NUMBER.distressed, unfinished);
}

function setPrices(state: ExchangeState, prices: Prices, timeMs: number): void {
  for (const { market, px } of prices) {
    setOraclePx(state.oracle, market, px, timeMs);
    setMarkPx(state.oracle, market, px);
  }
}

/** Several markets in one command, some twice, some by leaps; the stream's own prices come singly. */
function widen(prng: Prng, state: ExchangeState, prices: Prices): Prices {
  const wide = [...prices];
  for (let more = nextBelow(prng, 4); more > 0; more--) {
    const market = nextBelow(prng, STREAM_MARKETS.length);
    const { pxMax } = STREAM_MARKETS[market] as InstrumentSpec;
    const px = markPx(state, market);
    const leap = nextUnit(prng);
    const factor =
      leap < 0.05 ? 0 : leap < 0.1 ? 1e9 : leap < 0.3 ? 0.5 + leap * 5 : 0.95 + leap / 10;
    wide.push({ market, px: Math.min(pxMax, Math.max(1, Math.floor(px * factor))) });
  }
  // Back to where the stream trades, most often, so that it goes on trading.
  return nextUnit(prng) < 0.5 ? [...wide, ...prices] : wide;
}

/** A copy by way of fork or snapshot, or the state itself. */
function perhapsRebuilt(prng: Prng, state: ExchangeState): ExchangeState {
  const roll = nextUnit(prng);
  if (roll < 0.01) return forkExchange(state);
  return roll < 0.02 ? restoreSnapshot(writeSnapshot(state)) : state;
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

test("what a price queues and heals equals a walk over all rows: same accounts, same order, same hash", {
  timeout: 300_000,
}, () => {
  let queued = 0;
  let asked = 0;
  let passedOver = 0;
  fc.assert(
    fc.property(seeds, (seed) => {
      const prng = createPrng(seed);
      const stream = createCommandStream({ seed, users: 24 });
      const record = createCommandRecord();
      let exchange: TestExchange = createTestExchange({ invariantsEvery: 4 });
      for (let i = 0; i < 500; i++) {
        const { command, timeMs } = stream.next();
        const copy = perhapsRebuilt(prng, exchange.state);
        if (copy !== exchange.state)
          exchange = createTestExchange({ invariantsEvery: 4, state: copy });
        exchange.timeMs = timeMs;
        const { state } = exchange;
        if (command.kind !== "setOraclePrices" || i < 40) {
          stream.observe(exchange.run(command));
          continue;
        }
        const prices = widen(prng, state, command.prices);
        const plain = forkExchange(state);
        setPrices(plain, prices, timeMs);
        queueByWalk(plain, prices);
        const before = state.queue.table.count;
        setPrices(state, prices, timeMs);
        writeCommand({ kind: "setOraclePrices", prices }, record);
        record.lanes[HEADER.seq] = 0;
        queueHoldersUnder(state, record);
        expect(stateHash(state)).toBe(stateHash(plain));
        queued += state.queue.table.count - before;
        const { passed, changed } = visitsOfLastPrices(state);
        asked += passed + changed;
        const held = new Set<number>();
        for (let row = 0; row < state.positions.table.count; row++)
          if (readLane(state.positions.size, row) !== 0)
            held.add(state.positions.account.data[row] as number);
        passedOver += Math.max(0, held.size - passed - changed);
        for (const { market } of prices) queueTriggers(state, market);
        stream.observe(exchange.run({ kind: "tick" }));
      }
    }),
    { numRuns: 60 },
  );
  expect(queued).toBeGreaterThan(100);
  expect(asked).toBeGreaterThan(1_000);
  expect(passedOver).toBeGreaterThan(5_000);
});

test("an exchange whose index is built anew before every price gives the same events and hash", {
  timeout: 300_000,
}, () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const stream = createCommandStream({ seed, users: 12 });
      const prng = createPrng(seed);
      const kept = createTestExchange();
      let renewed = createTestExchange();
      for (let i = 0; i < 400; i++) {
        const { command: next, timeMs } = stream.next();
        const isPrice = next.kind === "setOraclePrices" && i >= 40;
        const command = isPrice ? { ...next, prices: widen(prng, kept.state, next.prices) } : next;
        if (isPrice) renewed = createTestExchange({ state: forkExchange(renewed.state) });
        kept.timeMs = timeMs;
        renewed.timeMs = timeMs;
        const events = kept.run(command);
        expect(renewed.run(command)).toEqual(events);
        stream.observe(events);
      }
      expect(stateHash(renewed.state)).toBe(stateHash(kept.state));
    }),
    // The seed of a stream whose trailing stops once left rows free in an order of their own.
    { numRuns: 25, examples: [[2_014_645_474]] },
  );
});
