/** Markets, prices, sizes and money at their caps: nothing passes 2^53 and every sum stays exact. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf, createTestExchange, testSpec } from "../../test/support/test-exchange.ts";
import { createRegister } from "../base/column.ts";
import { type InstrumentSpec, MARKET_NOTIONAL_BOUND } from "../base/instrument-spec.ts";
import { UNPROTECTED } from "../base/market-protection.ts";
import { REJECT } from "../base/reject-code.ts";
import { BUY, SELL, type Side } from "../base/side.ts";
import { TIF, type Tif } from "../base/time-in-force.ts";
import { TICKS_BOUND } from "../base/units.ts";
import {
  CONSEQUENCE,
  createConsequenceQueue,
  pushConsequence,
  takeConsequence,
} from "./consequence.ts";
import type { ExchangeState } from "./state.ts";

const PX_MAX = TICKS_BOUND - 1;

/** The finest and coarsest markets, each at the largest price and size that pass creation. */
const MARKETS: readonly InstrumentSpec[] = [
  { name: "kPEPE", szDecimals: 0, pxMax: PX_MAX },
  { name: "ETH", szDecimals: 4, pxMax: PX_MAX },
  { name: "BTC", szDecimals: 5, pxMax: PX_MAX },
  { name: "DUST", szDecimals: 6, pxMax: 1 },
  { name: "MID", szDecimals: 3, pxMax: 4_096 },
].map((part) => {
  const positionMax = Math.floor(MARKET_NOTIONAL_BOUND / part.pxMax);
  return testSpec({ ...part, positionMax, notionalMin: 0, maxLeverage: 100 });
});

/** Every float lane of the state is a safe integer, so no sum was rounded on the way. */
function expectSafe(state: ExchangeState): void {
  for (const table of state.register.tables) {
    for (const column of table.columns) {
      if (column.kind !== "f64") continue;
      const used = column.data.subarray(0, table.count * column.width);
      const bad = used.findIndex((lane) => !Number.isSafeInteger(lane));
      expect(bad, `${table.name}.${column.name} lane ${bad} = ${used[bad]}`).toBe(-1);
    }
  }
}

function create(markets: readonly InstrumentSpec[] = MARKETS) {
  const exchange = createTestExchange({ markets, invariantsEvery: 1 });
  const prices = markets.map(({ pxMax }, market) => ({ market, px: pxMax }));
  exchange.run({ kind: "setOraclePrices", prices });
  markets.forEach((_, market) => {
    exchange.run({ kind: "setProtection", market, settings: UNPROTECTED });
  });
  return exchange;
}

describe("at the caps", () => {
  const place = fc.record({
    user: fc.nat(3),
    market: fc.nat(1),
    side: fc.constantFrom<Side>(BUY, SELL),
    px: fc.constantFrom(0, 0.5, 0.9, 0.95, 1, 1),
    sz: fc.constantFrom(0, 0.01, 0.02, 0.1, 0.5, 1),
    tif: fc.constantFrom<Tif>(TIF.gtc, TIF.gtc, TIF.ioc, TIF.alo),
    reduceOnly: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  });
  const move = fc.record({
    market: fc.nat(1),
    px: fc.constantFrom(0, 0.5, 0.9, 0.95, 0.99, 1),
  });
  const step = fc.oneof({ weight: 5, arbitrary: place }, { weight: 1, arbitrary: move });
  const stepsOf = fc.array(step, { minLength: 60, maxLength: 120 });

  test("any trades, moves and liquidations keep every lane a safe integer", () => {
    let fills = 0;
    let liquidations = 0;
    fc.assert(
      fc.property(fc.nat(MARKETS.length - 2), stepsOf, (firstMarket, steps) => {
        const exchange = create();
        for (const [user, usdc] of [9e8, 9e8, 6e6, 1e6].entries()) {
          exchange.fund(`user${user}`, usdc);
        }
        for (const step of steps) {
          const market = firstMarket + step.market;
          const { pxMax, positionMax } = MARKETS[market] as InstrumentSpec;
          const px = Math.max(1, Math.floor(pxMax * step.px));
          const events =
            "user" in step
              ? exchange.run({
                  kind: "placeOrders",
                  signer: addressOf(`user${step.user}`),
                  orders: [
                    {
                      market,
                      side: step.side,
                      px,
                      sz: Math.max(1, Math.floor(positionMax * step.sz)),
                      tif: step.tif,
                      ...(step.reduceOnly && { reduceOnly: true }),
                    },
                  ],
                })
              : exchange.run({ kind: "setOraclePrices", prices: [{ market, px }] });
          for (const event of events) {
            if (event.kind === "fill") fills += 1;
            if (event.kind === "liquidationStarted") liquidations += 1;
          }
          expectSafe(exchange.state);
        }
      }),
      { numRuns: 60 },
    );
    expect(Math.min(fills, liquidations)).toBeGreaterThan(5);
  });

  test("a full position from the highest to the lowest price pays exactly the difference", () => {
    const exchange = create();
    exchange.fund("long", 1e9);
    exchange.fund("short", 9e8);
    MARKETS.forEach(({ pxMax, positionMax }, market) => {
      const order = { market, px: pxMax, sz: positionMax, tif: TIF.gtc };
      for (const [name, side] of [
        ["short", SELL],
        ["long", BUY],
      ] as const) {
        exchange.run({
          kind: "placeOrders",
          signer: addressOf(name),
          orders: [{ ...order, side }],
        });
      }
    });
    const held = exchange.summary("long");
    expect(held.positions.map(({ size }) => size)).toEqual(MARKETS.map((m) => m.positionMax));
    const before = held.equity;
    const lowest = { market: 0, px: 1 };
    exchange.run({ kind: "setOraclePrices", prices: [lowest] });
    const { pxMax, positionMax } = MARKETS[0] as InstrumentSpec;
    expect(before - exchange.summary("long").equity).toBe((pxMax - 1) * positionMax);
    expectSafe(exchange.state);
  });

  test("the worst notional over all markets is held to 2^52 micros", () => {
    const markets = Array.from({ length: 12 }, (_, i) =>
      testSpec({
        name: `M${i}`,
        pxMax: PX_MAX,
        positionMax: Math.floor(MARKET_NOTIONAL_BOUND / PX_MAX),
        notionalMin: 0,
      }),
    );
    const exchange = create(markets);
    exchange.fund("whale", 2e9);
    const codes = markets.map(({ positionMax }, market) => {
      const orders = [{ market, side: BUY, px: PX_MAX, sz: positionMax, tif: TIF.gtc }];
      const [event] = exchange.run({ kind: "placeOrders", signer: addressOf("whale"), orders });
      return event?.kind === "orderRejected" ? event.code : 0;
    });
    expect(codes).toEqual([...new Array(8).fill(0), ...new Array(4).fill(REJECT.szTooLarge)]);
    expectSafe(exchange.state);
  });
});

test("a queue of consequences that never runs empty uses its rows again", () => {
  const queue = createConsequenceQueue(createRegister());
  (queue.table as { countMax: number }).countMax = 8;
  const entry = { kind: 0, account: 0, market: 0 };
  const taken: number[] = [];
  for (let account = 0; account < 100; account++) {
    pushConsequence(queue, CONSEQUENCE.liquidate, account);
    if (account < 4) continue;
    expect(takeConsequence(queue, entry)).toBe(true);
    taken.push(entry.account);
  }
  expect(taken).toEqual(Array.from({ length: 96 }, (_, i) => i));
  for (let i = 0; i < 4; i++) pushConsequence(queue, CONSEQUENCE.cancelAll, i);
  expect(() => pushConsequence(queue, CONSEQUENCE.cancelAll, 9)).toThrow(/has room/);
});
