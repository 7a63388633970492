import { describe, expect, test } from "vitest";
import { createPrng, nextUnit } from "../base/prng.ts";
import { type MarketSample, marketStatistics, type SampleTrade } from "./market-statistics.ts";

const START_MS = 1_700_000_000_000;

/** A touch that changes every 100 ms by a price path of its own; a trade a second. */
function sampleOf(mids: readonly number[], trades: readonly SampleTrade[]): MarketSample {
  const touches = mids.map((mid, i) => ({
    timeMs: START_MS + 100 * i,
    bid: mid - 5,
    ask: mid + 5,
  }));
  return { trades, touches, pxStep: 10 };
}

const everySecond = (count: number, isBuy: (i: number) => boolean): SampleTrade[] =>
  Array.from({ length: count }, (_, i) => ({
    timeMs: START_MS + 1_000 * i + 500,
    isBuy: isBuy(i),
    sz: 1,
  }));

describe("market statistics", () => {
  test("nothing traded, or no touch: nothing to say", () => {
    expect(marketStatistics(sampleOf([100_000], []))).toBeNull();
    expect(
      marketStatistics({ trades: everySecond(3, () => true), touches: [], pxStep: 1 }),
    ).toBeNull();
  });

  test("the spread is the one that stood for half the time [legal steps]", () => {
    const touches = [
      { timeMs: START_MS, bid: 100, ask: 110 },
      { timeMs: START_MS + 600, bid: 100, ask: 130 },
      { timeMs: START_MS + 1_000, bid: 100, ask: 110 },
    ];
    const trades = everySecond(2, () => true);
    expect(marketStatistics({ trades, touches, pxStep: 10 })?.spreadSteps).toBe(1);
  });

  test("trades of one side at one millisecond are one order", () => {
    const at = (ms: number, isBuy: boolean, sz: number): SampleTrade => ({
      timeMs: START_MS + ms,
      isBuy,
      sz,
    });
    const trades = [at(1, true, 1), at(1, true, 2), at(1, false, 3), at(2, false, 4)];
    const found = marketStatistics(sampleOf([100_000, 100_000], trades));
    expect(found).toMatchObject({ trades: 4, orders: 3 });
    expect(found?.tradeSz(0.5)).toBe(2.5);
  });

  test("volatility of a second is that of the steps between [bps]", () => {
    const prng = createPrng(5);
    let mid = 1_000_000;
    const mids = Array.from({ length: 36_000 }, () => {
      mid *= 1 + (nextUnit(prng) < 0.5 ? 2e-5 : -2e-5);
      return mid;
    });
    const found = marketStatistics(
      sampleOf(
        mids,
        everySecond(3_600, () => true),
      ),
    );
    // Ten steps of 0.2 bps to a second.
    const wanted = 0.2 * Math.sqrt(10);
    expect(found?.sigmaBps).toBeGreaterThan(0.96 * wanted);
    expect(found?.sigmaBps).toBeLessThan(1.04 * wanted);
    expect(Math.abs(found?.returns(1) ?? 1)).toBeLessThan(0.04);
  });

  test("a price that jumps there and back has returns of opposite signs in a row", () => {
    const mids = Array.from(
      { length: 6_000 },
      (_, i) => 1_000_000 + 100 * (Math.floor(i / 10) % 2),
    );
    const found = marketStatistics(
      sampleOf(
        mids,
        everySecond(600, (i) => i % 2 === 0),
      ),
    );
    expect(found?.returns(1)).toBeLessThan(-0.9);
    expect(found?.signs(1)).toBeLessThan(-0.9);
    expect(found?.signs(2)).toBeGreaterThan(0.9);
  });
});
