import fc from "fast-check";
import { expect, test } from "vitest";
import {
  CANDLE_INTERVALS,
  intervalEndMs,
  intervalOpenMs,
  intervalsBackMs,
} from "./candle-interval.ts";

/** Times from 1970 to 2200 [ms]. */
const TIME = fc.integer({ min: 0, max: Date.UTC(2200, 0, 1) });
const MONTH = CANDLE_INTERVALS.indexOf("1M");
const WEEK = CANDLE_INTERVALS.indexOf("1w");

test("a time lies in its interval, and intervals follow one another without a gap", () => {
  fc.assert(
    fc.property(TIME, fc.nat(CANDLE_INTERVALS.length - 1), (timeMs, interval) => {
      const openMs = intervalOpenMs(interval, timeMs);
      const endMs = intervalEndMs(interval, openMs);
      expect(openMs).toBeLessThanOrEqual(timeMs);
      expect(timeMs).toBeLessThan(endMs);
      expect(intervalOpenMs(interval, openMs)).toBe(openMs);
      expect(intervalOpenMs(interval, endMs - 1)).toBe(openMs);
      expect(intervalOpenMs(interval, endMs)).toBe(endMs);
      expect(intervalsBackMs(interval, endMs, 1)).toBe(openMs);
    }),
  );
});

test("months are the calendar's, weeks begin on Monday", () => {
  fc.assert(
    fc.property(TIME, (timeMs) => {
      const date = new Date(timeMs);
      const monthMs = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
      expect(intervalOpenMs(MONTH, timeMs)).toBe(monthMs);
      expect(intervalEndMs(MONTH, monthMs)).toBe(
        Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1),
      );
      expect(new Date(intervalOpenMs(WEEK, timeMs)).getUTCDay()).toBe(1);
    }),
  );
});
