/** Grids against a live exchange: levels, the moving gap, partial fills, cycles, range and stops. */
import { describe, expect, test } from "vitest";
import {
  addressOf,
  createTestExchange,
  type TestExchange,
  testSpec,
} from "../../../test/support/test-exchange.ts";
import { createPrng, nextBelow } from "../../base/prng.ts";
import { BUY, SELL, type Side } from "../../base/side.ts";
import { TIF } from "../../base/time-in-force.ts";
import { ORDER } from "../book/order-table.ts";
import type { GridTerms } from "../command-strategy.ts";
import type { ExchangeEvent } from "../event-codec.ts";
import { strategyView } from "../query.ts";

const GRID: GridTerms = { market: 0, lowPx: 90_000, highPx: 110_000, levels: 5, size: 1_000 };

function openExchange(): TestExchange {
  const exchange = createTestExchange({ markets: [testSpec()], invariantsEvery: 1 });
  exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: 100_000 }] });
  exchange.fund("owner", 100_000);
  exchange.fund("taker", 1_000_000);
  return exchange;
}

function startGrid(exchange: TestExchange, more: Partial<GridTerms> = {}): number {
  const events = exchange.run({
    kind: "startGrid",
    signer: addressOf("owner"),
    grid: { ...GRID, ...more },
  });
  const started = events.find(({ kind }) => kind === "strategyStarted");
  if (started?.kind !== "strategyStarted") throw new Error(JSON.stringify(events.at(-1)));
  return started.id;
}

const takeAt = (exchange: TestExchange, side: Side, px: number, sz: number): ExchangeEvent[] => [
  ...exchange.run({
    kind: "placeOrders",
    signer: addressOf("taker"),
    orders: [{ market: 0, side, px, sz, tif: TIF.ioc }],
  }),
  ...exchange.drain(),
];

/** Live orders of the owner as side, price and size, by price. */
function ordersOf(exchange: TestExchange): string[] {
  const lines: [number, string][] = [];
  for (const side of [BUY, SELL]) {
    exchange.state.books[0]?.forEach(side as Side, (slot) => {
      const { i32, f64 } = exchange.state.orders.rows;
      const px = i32[slot * 16 + ORDER.px] as number;
      lines.push([px, `${side === BUY ? "buy" : "sell"} ${f64[slot * 8 + ORDER.sz]}@${px}`]);
    });
  }
  return lines.sort(([a], [b]) => a - b).map(([, line]) => line);
}

const pricesOf = (exchange: TestExchange): number[] =>
  ordersOf(exchange).map((line) => Number(line.split("@")[1]));

const view = (exchange: TestExchange, id: number) => {
  const found = strategyView(exchange.state, id);
  if (found?.kind !== "grid") throw new Error("the grid lives");
  return found;
};

describe("a grid", () => {
  test("n prices have n - 1 orders around one gap", () => {
    const exchange = openExchange();
    startGrid(exchange);
    expect(ordersOf(exchange)).toEqual([
      "buy 1000@90000",
      "buy 1000@95000",
      "sell 1000@105000",
      "sell 1000@110000",
    ]);
  });

  test("buy at i sells at i + 1, sell at i + 1 buys at i: a cycle earns the step less two fees", () => {
    const exchange = openExchange();
    const id = startGrid(exchange);
    takeAt(exchange, SELL, 95_000, 1_000);
    expect(ordersOf(exchange)).toEqual([
      "buy 1000@90000",
      "sell 1000@100000",
      "sell 1000@105000",
      "sell 1000@110000",
    ]);
    expect(view(exchange, id)).toMatchObject({ grossProfit: 0, netLots: 1_000 });
    const events = takeAt(exchange, BUY, 100_000, 1_000);
    expect(ordersOf(exchange)).toEqual([
      "buy 1000@90000",
      "buy 1000@95000",
      "sell 1000@105000",
      "sell 1000@110000",
    ]);
    const { grossProfit, cycleFees, cycleLots, netLots, fees } = view(exchange, id);
    expect({ grossProfit, cycleLots, netLots }).toEqual({
      grossProfit: 5_000_000,
      cycleLots: 1_000,
      netLots: 0,
    });
    expect(cycleFees).toBe(fees);
    expect(events.filter(({ kind }) => kind === "gridCycled")).toHaveLength(1);
    const cash = exchange.summary("owner").equity;
    expect(cash).toBe(100_000_000_000 + grossProfit - fees);
  });

  test("a sweep through two levels turns both; sells first make cycles too", () => {
    const exchange = openExchange();
    const id = startGrid(exchange);
    takeAt(exchange, BUY, 110_000, 2_000);
    expect(ordersOf(exchange)).toEqual([
      "buy 1000@90000",
      "buy 1000@95000",
      "buy 1000@100000",
      "buy 1000@105000",
    ]);
    takeAt(exchange, SELL, 105_000, 1_000);
    expect(view(exchange, id)).toMatchObject({ grossProfit: 5_000_000, netLots: -1_000 });
  });

  test("part of an order turns with the part that filled; what is below the least order waits", () => {
    const exchange = openExchange();
    const id = startGrid(exchange);
    takeAt(exchange, SELL, 90_000, 1_050);
    expect(ordersOf(exchange).slice(0, 2)).toEqual(["buy 950@90000", "sell 1000@100000"]);
    takeAt(exchange, SELL, 90_000, 120);
    expect(ordersOf(exchange).slice(0, 2)).toEqual(["buy 830@90000", "sell 170@95000"]);
    takeAt(exchange, BUY, 95_000, 170);
    expect(ordersOf(exchange).slice(0, 2)).toEqual(["buy 1000@90000", "sell 1000@100000"]);
    expect(view(exchange, id)).toMatchObject({ cycleLots: 170, netLots: 1_000 });
  });

  test("levels of an equal factor", () => {
    const exchange = openExchange();
    startGrid(exchange, { geometric: true });
    expect(pricesOf(exchange)).toEqual([90_000, 94_630, 104_617, 110_000]);
  });

  test("a range that floored steps would not reach is reached", () => {
    const exchange = openExchange();
    startGrid(exchange, { lowPx: 99_001, highPx: 101_000, levels: 5 });
    expect(pricesOf(exchange)).toEqual([99_001, 99_500, 100_500, 101_000]);
  });

  test.each([
    ["one level", { levels: 1 }, 401],
    ["no range", { highPx: 90_000 }, 401],
    ["more levels than ticks", { lowPx: 99_995, highPx: 100_005, levels: 50 }, 402],
    ["steps below two fees", { lowPx: 99_900, highPx: 100_100, levels: 9 }, 402],
    ["a size that no order has", { size: 0 }, 401],
    ["more than the account has", { size: 5_000_000 }, 404],
  ] as const)("refused: %s", (_, more, code) => {
    const exchange = openExchange();
    const before = exchange.log.length;
    const grid = { ...GRID, ...more };
    exchange.run({ kind: "startGrid", signer: addressOf("owner"), grid });
    expect(exchange.log.slice(before)).toMatchObject([{ kind: "commandRejected", code }]);
    expect(ordersOf(exchange)).toEqual([]);
  });

  test("a long grid begins with the position of its sells, and its first cycles count from there", () => {
    const exchange = openExchange();
    exchange.run({
      kind: "placeOrders",
      signer: addressOf("taker"),
      orders: [{ market: 0, side: SELL, px: 100_100, sz: 5_000, tif: TIF.gtc }],
    });
    const id = startGrid(exchange, { direction: "long" });
    expect(view(exchange, id)).toMatchObject({ netLots: 2_000 });
    takeAt(exchange, BUY, 105_000, 4_000);
    const found = view(exchange, id);
    expect(found.grossProfit).toBe(1_000 * 4_900);
    expect(found.netLots).toBe(1_000);
  });

  test("beyond its range it pauses, and comes back with the price", () => {
    const exchange = openExchange();
    const id = startGrid(exchange);
    const move = (px: number) => {
      exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px }] });
      exchange.drain();
    };
    move(110_001);
    expect(ordersOf(exchange)).toEqual([]);
    expect(view(exchange, id).status).toBe("paused");
    move(101_000);
    expect(ordersOf(exchange)).toHaveLength(4);
    expect(view(exchange, id).status).toBe("running");
  });

  test("a shifting grid moves along", () => {
    const exchange = openExchange();
    startGrid(exchange, { shift: true });
    exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: 120_000 }] });
    exchange.drain();
    expect(ordersOf(exchange)).toEqual([
      "buy 1000@110000",
      "buy 1000@115000",
      "sell 1000@125000",
      "sell 1000@130000",
    ]);
  });

  test("a stop price ends it and closes what it made", () => {
    const exchange = openExchange();
    const id = startGrid(exchange, { stopLowPx: 85_000 });
    takeAt(exchange, SELL, 90_000, 2_000);
    exchange.run({
      kind: "placeOrders",
      signer: addressOf("taker"),
      orders: [{ market: 0, side: BUY, px: 84_900, sz: 5_000, tif: TIF.gtc }],
    });
    exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: 85_000 }] });
    exchange.drain();
    expect(strategyView(exchange.state, id)).toBeNull();
    expect(exchange.summary("owner").positions).toEqual([]);
    expect(exchange.log.at(-1)).toMatchObject({ kind: "strategyEnded", a: 2, b: 0 });
  });

  test("a cancel by the account pauses it; resumed, it has all its orders again; ended, none", () => {
    const exchange = openExchange();
    const id = startGrid(exchange);
    const signer = addressOf("owner");
    exchange.run({ kind: "cancelAll", signer });
    exchange.drain();
    expect(view(exchange, id).status).toBe("paused");
    exchange.run({ kind: "controlStrategy", signer, id, control: "resume" });
    exchange.drain();
    expect(ordersOf(exchange)).toHaveLength(4);
    exchange.run({ kind: "controlStrategy", signer: addressOf("taker"), id, control: "end" });
    expect(exchange.log.at(-1)).toMatchObject({ kind: "commandRejected", code: 405 });
    exchange.run({ kind: "controlStrategy", signer, id, control: "end" });
    expect(ordersOf(exchange)).toEqual([]);
    expect(strategyView(exchange.state, id)).toBeNull();
    expect(startGrid(exchange)).not.toBe(id);
  });

  test("whatever trades with it, its lots add up and whole cells leave one gap", () => {
    const exchange = openExchange();
    const id = startGrid(exchange, { levels: 11 });
    const prng = createPrng(7);
    for (let i = 0; i < 400; i++) {
      const side = nextBelow(prng, 2) as Side;
      takeAt(exchange, side, side === BUY ? 110_000 : 90_000, 120 + nextBelow(prng, 900));
      const { cells, netLots, size } = view(exchange, id);
      for (const { lots } of cells) expect(lots[0] + lots[1]).toBe(size);
      const bought = cells.reduce((sum, { lots }) => sum + lots[SELL], 0);
      const began = cells.reduce((sum, { lead }) => sum + (lead === SELL ? size : 0), 0);
      expect(netLots).toBe(bought - began);
      const whole = cells.filter(({ lots }) => lots[0] === 0 || lots[1] === 0);
      const isSell = whole.map(({ lots }) => lots[SELL] > 0);
      expect(isSell).toEqual([...isSell].sort((x, y) => Number(x) - Number(y)));
    }
    expect(view(exchange, id).cycleLots).toBeGreaterThan(1_000);
  });
});
