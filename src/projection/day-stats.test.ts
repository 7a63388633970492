import { expect, test } from "vitest";
import { countTrade, createDayStats, dayFigures, noteMark, openDayMarket } from "./day-stats.ts";

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const T0 = 20_000 * DAY;

function opened() {
  const stats = createDayStats();
  openDayMarket(stats, 0);
  return stats;
}

test("a market without events has no figures", () => {
  expect(dayFigures(opened(), 0, T0)).toEqual({ notional: 0, base: 0, prevDayPx: 0 });
});

test("the first price stands for the day before it, and figures leave after 24 h", () => {
  const stats = opened();
  noteMark(stats, { market: 0, timeMs: T0, px: 100 });
  countTrade(stats, { market: 0, timeMs: T0 + MINUTE, px: 100, sz: 3 });
  noteMark(stats, { market: 0, timeMs: T0 + 2 * MINUTE, px: 110 });
  countTrade(stats, { market: 0, timeMs: T0 + 2 * MINUTE, px: 110, sz: 1 });
  expect(dayFigures(stats, 0, T0 + 3 * MINUTE)).toEqual({ notional: 410, base: 4, prevDayPx: 100 });
  expect(dayFigures(stats, 0, T0 + MINUTE + DAY)).toEqual({
    notional: 110,
    base: 1,
    prevDayPx: 100,
  });
  expect(dayFigures(stats, 0, T0 + 2 * MINUTE + DAY)).toEqual({
    notional: 0,
    base: 0,
    prevDayPx: 110,
  });
  expect(dayFigures(stats, 0, T0 + 90 * DAY)).toEqual({ notional: 0, base: 0, prevDayPx: 110 });
});

test("an event after a long silence finds the old figures gone", () => {
  const stats = opened();
  noteMark(stats, { market: 0, timeMs: T0, px: 100 });
  countTrade(stats, { market: 0, timeMs: T0, px: 100, sz: 3 });
  countTrade(stats, { market: 0, timeMs: T0 + 5 * DAY, px: 120, sz: 2 });
  expect(dayFigures(stats, 0, T0 + 5 * DAY)).toEqual({ notional: 240, base: 2, prevDayPx: 100 });
});
