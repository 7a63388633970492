import { describe, expect, test } from "vitest";
import { type AgentWorld, createAgentWorld } from "../../../test/support/agent-world.ts";
import { START_MS } from "../../../test/support/test-exchange.ts";
import { BUY, SELL } from "../../base/side.ts";
import type { HawkesParams } from "../../math/hawkes.ts";
import { referencePx } from "../reference-price.ts";
import type { Agent } from "./agent.ts";
import { createNoiseTrader, type NoiseTraderOptions } from "./noise-trader.ts";

const ARRIVALS: HawkesParams = {
  baseRates: [1, 1],
  branching: [
    [0.4, 0.05],
    [0.05, 0.4],
  ],
  decay: 4,
};

const usd = (value: number): number => value * 1_000_000;

function traderIn(world: AgentWorld, change: Partial<NoiseTraderOptions> = {}): Agent {
  return createNoiseTrader({
    arrivals: ARRIVALS,
    medianNotional: usd(1_000),
    logSizeSd: 1,
    moodShare: 0.3,
    moodSec: 4,
    notionalMax: usd(100_000),
    inventoryMax: usd(1_000_000),
    reach: 0.001,
    impact: 0,
    accounts: [world.account("noise", 1_000_000, 0), world.account("noise", 1_000_000, 1)],
    prng: world.prng(9),
    startMs: START_MS,
    ...change,
  });
}

const takers = (events: readonly { kind: string }[]) =>
  events.filter((event) => event.kind === "orderAccepted") as unknown as {
    side: number;
    sz: number;
    px: number;
  }[];

describe("noise trader", () => {
  test("sends orders at the rate of its process, to both sides [1/s]", () => {
    const world = createAgentWorld();
    world.fillBook(640_000, 500_000);
    const orders = takers(world.play([traderIn(world)], 120));
    // 2 / (1 - 0.45) a second.
    expect(orders.length / 120).toBeGreaterThan(2.8);
    expect(orders.length / 120).toBeLessThan(4.5);
    const buys = orders.filter(({ side }) => side === BUY).length;
    expect(buys / orders.length).toBeGreaterThan(0.35);
    expect(buys / orders.length).toBeLessThan(0.65);
  });

  test("keeps to the market's least order, to its largest, and to its reach", () => {
    const world = createAgentWorld();
    world.fillBook(640_000, 500_000);
    const wild = traderIn(world, { logSizeSd: 6, medianNotional: usd(100) });
    const orders = takers(world.play([wild], 60));
    for (const { sz, px, side } of orders) {
      expect(sz * px).toBeGreaterThanOrEqual(usd(10));
      expect(sz * 640_000).toBeLessThanOrEqual(usd(100_000) + 640_000);
      expect(Math.abs(px / 640_000 - 1)).toBeLessThan(0.0011 + (side === SELL ? 1e-4 : 1e-4));
    }
    expect(orders.some(({ sz }) => sz * 640_000 > usd(99_000))).toBe(true);
  });

  test("holds no more than its inventory allows: what would add to it shrinks", () => {
    const world = createAgentWorld();
    world.fillBook(640_000, 1_000_000);
    const accounts = [world.account("noise", 1_000_000, 0), world.account("noise", 1_000_000, 1)];
    const oneWay = traderIn(world, {
      arrivals: {
        ...ARRIVALS,
        baseRates: [5, 0],
        branching: [
          [0, 0],
          [0, 0],
        ],
      },
      inventoryMax: usd(50_000),
      accounts,
    });
    world.play([oneWay], 120);
    const held = accounts.reduce((sum, account) => sum + world.position(account), 0) * 640_000;
    expect(held).toBeGreaterThan(usd(40_000));
    expect(held).toBeLessThan(usd(60_000));
  });

  test("gives way without a book, and leaves out what a long pause would have brought", () => {
    const world = createAgentWorld();
    const trader = traderIn(world);
    expect(world.play([trader], 30)).toEqual([]);
    world.fillBook(640_000, 500_000);
    world.exchange.timeMs += 3_600_000;
    const view = {
      state: world.exchange.state,
      market: 0,
      spec: world.market.spec,
      reference: world.reference,
      nowMs: world.exchange.timeMs,
    };
    expect(trader.step(view).length).toBeLessThan(10);
    expect(trader.nextMs()).toBeGreaterThan(view.nowMs);
  });

  test("an order moves the wider market's price its way, by the square root of its size [1]", () => {
    const world = createAgentWorld();
    world.fillBook(640_000, 500_000);
    const before = referencePx(world.reference, world.exchange.timeMs);
    const trader = traderIn(world, { impact: 1e-4 });
    const orders = takers(world.play([trader], 20));
    const wanted = orders.reduce((sum, { side, sz }) => {
      const move = 1e-4 * Math.sqrt((sz * 640_000) / usd(100_000));
      return sum + (side === BUY ? move : -move);
    }, 0);
    const moved = Math.log(referencePx(world.reference, world.exchange.timeMs) / before);
    expect(Math.abs(wanted)).toBeGreaterThan(1e-5);
    expect(Math.abs(moved / wanted - 1)).toBeLessThan(0.02);
  });

  test("a flow that would feed itself for ever is refused", () => {
    const world = createAgentWorld();
    const arrivals = {
      ...ARRIVALS,
      branching: [
        [0.9, 0.2],
        [0.2, 0.9],
      ],
    };
    expect(() => traderIn(world, { arrivals })).toThrow("dies out by itself");
  });
});
