import { describe, expect, test } from "vitest";
import {
  addressOf,
  createTestExchange,
  START_MS,
  testSpec,
} from "../../../test/support/test-exchange.ts";
import { BUY, SELL, type Side } from "../../base/side.ts";
import { TIF } from "../../base/time-in-force.ts";
import { applyCommand } from "../apply.ts";
import { createCommandRecord, HEADER } from "../command.ts";
import { type Command, writeCommand } from "../command-codec.ts";
import type { AccountVisits } from "../core.ts";
import { createEventRing, releaseEvents } from "../event.ts";
import { checkInvariants } from "../invariant.ts";
import { lastSeq, openInterest, visitsOfLastPrices } from "../query.ts";
import { createExchange, forkExchange } from "../state.ts";

/** 100 USDC, in ticks of 0.001 USDC. */
const PX = 100_000;

/** Markets at 100 USDC with 10x, so maintenance is 5 %. */
function createFloor(markets: number) {
  const specs = Array.from({ length: markets }, (_, i) => testSpec({ name: `M${i}` }));
  const exchange = createTestExchange({ markets: specs, invariantsEvery: 50 });
  const price = (
    ...prices: { market: number; px: number }[]
  ): { passed: number; changed: number } => {
    exchange.run({ kind: "setOraclePrices", prices });
    return visitsOfLastPrices(exchange.state);
  };
  const order = (name: string, market: number, side: Side, sz: number): void => {
    const orders = [{ market, side, px: PX, sz, tif: TIF.gtc }];
    exchange.run({ kind: "placeOrders", signer: addressOf(name), orders });
  };
  price(...specs.map((_, market) => ({ market, px: PX })));
  exchange.fund("rich", 100_000_000);
  return { exchange, price, order };
}

describe("accounts looked at when a price moves", () => {
  test("2,000 holders far from their threshold: none, up, down and across a fifth of the price", () => {
    const holders = 2_000;
    const state = createExchange();
    const ring = createEventRing();
    const record = createCommandRecord();
    // No checks of conservation in between: each would walk all accounts.
    const send = (command: Command): void => {
      writeCommand(command, record);
      record.lanes[HEADER.seq] = lastSeq(state) + 1;
      record.lanes[HEADER.timeMs] = START_MS;
      applyCommand(state, record, ring);
      releaseEvents(ring, ring.written);
    };
    const order = (name: string, side: Side, sz: number): void => {
      const orders = [{ market: 0, side, px: PX, sz, tif: TIF.gtc }];
      const nonce = START_MS + lastSeq(state);
      send({ kind: "placeOrders", signer: addressOf(name), nonce, orders });
    };
    const price = (market: number, px: number): AccountVisits => {
      send({ kind: "setOraclePrices", prices: [{ market, px }] });
      return visitsOfLastPrices(state);
    };
    for (const name of ["HELD", "IDLE"]) send({ kind: "createMarket", spec: testSpec({ name }) });
    for (const market of [0, 1]) price(market, PX);
    send({ kind: "deposit", address: addressOf("rich"), amount: 1e15 });
    for (let i = 0; i < holders; i++)
      send({ kind: "deposit", address: addressOf(`h${i}`), amount: 1e8 });
    for (const [half, side] of [BUY, SELL].entries()) {
      order("rich", side === BUY ? SELL : BUY, (holders / 2) * 1_000);
      for (let i = half; i < holders; i += 2) order(`h${i}`, side, 1_000);
    }
    expect(openInterest(state, 0)).toBe((holders / 2) * 1_000);
    expect(price(0, PX)).toEqual({ passed: 0, changed: holders + 1 });
    for (const px of [PX + 1, PX - 1, PX * 1.2, PX * 0.8, PX])
      expect(price(0, px)).toEqual({ passed: 0, changed: 0 });
    expect(price(1, 1)).toEqual({ passed: 0, changed: 0 });
    checkInvariants(state);
  });

  test("with one position exactly those under maintenance, one tick apart", () => {
    const { exchange, price, order } = createFloor(1);
    for (let i = 0; i < 8; i++) {
      exchange.fund(`h${i}`, 15 + i / 1_000);
      order(`h${i}`, 0, BUY, 1_000);
      order("rich", 0, SELL, 1_000);
    }
    expect(price({ market: 0, px: PX }).changed).toBe(9);
    // Equity 15 - 0.015 fee + i / 1000 + p - 100 against p / 20: under below 89.4895 - i / 950.
    const passed = Array.from(
      { length: 12 },
      (_, i) => price({ market: 0, px: 89_491 - i }).passed,
    );
    expect(passed).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
    const started = exchange.log.filter(({ kind }) => kind === "liquidationStarted");
    expect(new Set(started.map(({ account }) => account)).size).toBe(8);
  });

  test("a new deposit, withdrawal or fill is looked at with the next price, and then no more", () => {
    const { exchange, price, order } = createFloor(1);
    exchange.fund("holder", 100);
    order("rich", 0, SELL, 1_000);
    order("holder", 0, BUY, 1_000);
    expect(price({ market: 0, px: PX }).changed).toBe(2);
    exchange.fund("holder", 1);
    expect(price({ market: 0, px: PX - 1 })).toEqual({ passed: 0, changed: 1 });
    exchange.run({ kind: "withdraw", address: addressOf("holder"), amount: 1_000_000 });
    expect(price({ market: 0, px: PX })).toEqual({ passed: 0, changed: 1 });
    expect(price({ market: 0, px: PX - 1 })).toEqual({ passed: 0, changed: 0 });
    order("rich", 0, BUY, 1_000);
    order("holder", 0, SELL, 1_000);
    expect(price({ market: 0, px: PX })).toEqual({ passed: 0, changed: 2 });
    expect(price({ market: 0, px: 1 })).toEqual({ passed: 0, changed: 0 });
  });

  test("a long that cash covers down to nothing is never looked at, however far the price jumps", () => {
    const { exchange, price, order } = createFloor(1);
    exchange.fund("holder", 101);
    order("rich", 0, SELL, 1_000);
    order("holder", 0, BUY, 1_000);
    price({ market: 0, px: PX });
    for (const px of [1, 10_000_000, 1])
      expect(price({ market: 0, px })).toEqual({ passed: 0, changed: 0 });
  });

  test("with two positions a passed trigger is moved on, and a loss in one market counts in both", () => {
    const { exchange, price, order } = createFloor(2);
    exchange.fund("holder", 40);
    for (const market of [0, 1]) {
      order("rich", market, SELL, 1_000);
      order("holder", market, BUY, 1_000);
    }
    price({ market: 0, px: PX });
    // About 30 to lose, 15 a position: at 80 the first trigger is passed and the account healthy.
    expect(price({ market: 0, px: 80_000 })).toEqual({ passed: 1, changed: 0 });
    expect(price({ market: 0, px: 79_000 })).toEqual({ passed: 0, changed: 0 });
    expect(price({ market: 1, px: 90_000 })).toEqual({ passed: 1, changed: 0 });
    const events = exchange.run({ kind: "setOraclePrices", prices: [{ market: 1, px: 84_000 }] });
    expect(events.map(({ kind }) => kind)).toContain("liquidationStarted");
    expect(visitsOfLastPrices(exchange.state).passed).toBe(1);
  });

  test("a fork looks at every holder once and keeps its own triggers after that", () => {
    const { exchange, price, order } = createFloor(1);
    exchange.fund("holder", 100);
    exchange.fund("idle", 100);
    order("rich", 0, SELL, 1_000);
    order("holder", 0, BUY, 1_000);
    price({ market: 0, px: PX });
    const copy = createTestExchange({ state: forkExchange(exchange.state) });
    const moves = [PX - 1, PX].map((px) => {
      copy.run({ kind: "setOraclePrices", prices: [{ market: 0, px }] });
      return visitsOfLastPrices(copy.state);
    });
    expect(moves).toEqual([
      { passed: 0, changed: 2 },
      { passed: 0, changed: 0 },
    ]);
    expect(price({ market: 0, px: PX - 1 })).toEqual({ passed: 0, changed: 0 });
  });
});
