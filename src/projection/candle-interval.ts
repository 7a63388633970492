/**
 * Spans of time that candles cover. Most are multiples of their length since the epoch; weeks begin
 * on Monday and months on the first, all by UTC.
 */
import { assert } from "../base/assert.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** The epoch was a Thursday: the first Monday came four days later. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

interface FixedInterval {
  readonly name: string;
  readonly lengthMs: number;
  readonly originMs: number;
}

const fixed = (name: string, lengthMs: number, originMs = 0): FixedInterval => ({
  name,
  lengthMs,
  originMs,
});

const FIXED: readonly FixedInterval[] = [
  fixed("1m", MINUTE_MS),
  fixed("3m", 3 * MINUTE_MS),
  fixed("5m", 5 * MINUTE_MS),
  fixed("15m", 15 * MINUTE_MS),
  fixed("30m", 30 * MINUTE_MS),
  fixed("1h", HOUR_MS),
  fixed("2h", 2 * HOUR_MS),
  fixed("4h", 4 * HOUR_MS),
  fixed("8h", 8 * HOUR_MS),
  fixed("12h", 12 * HOUR_MS),
  fixed("1d", DAY_MS),
  fixed("3d", 3 * DAY_MS),
  fixed("1w", 7 * DAY_MS, FIRST_MONDAY_MS),
];

/** Names of all intervals; an interval's number is its place here. */
export const CANDLE_INTERVALS: readonly string[] = [...FIXED.map(({ name }) => name), "1M"];
const MONTH = FIXED.length;

/** When the interval that holds a time began [ms]. */
export function intervalOpenMs(interval: number, timeMs: number): number {
  if (interval === MONTH) return monthMs(monthOf(timeMs));
  const { lengthMs, originMs } = fixedInterval(interval);
  return Math.floor((timeMs - originMs) / lengthMs) * lengthMs + originMs;
}

/** When the interval that begins at `openMs` is over: the first moment of the next [ms]. */
export const intervalEndMs = (interval: number, openMs: number): number =>
  interval === MONTH ? monthMs(monthOf(openMs) + 1) : openMs + fixedInterval(interval).lengthMs;

/** Beginning of the interval that lies `count` intervals before the one that begins at `openMs` [ms]. */
export const intervalsBackMs = (interval: number, openMs: number, count: number): number =>
  interval === MONTH
    ? monthMs(monthOf(openMs) - count)
    : openMs - count * fixedInterval(interval).lengthMs;

function fixedInterval(interval: number): FixedInterval {
  const found = FIXED[interval];
  assert(found !== undefined, "an interval is one of the list");
  return found;
}

/** Months since January of year 0. Years begin in March here, so that the leap day comes last. */
function monthOf(timeMs: number): number {
  const days = Math.floor(timeMs / DAY_MS) + DAYS_TO_EPOCH;
  const era = Math.floor(days / ERA_DAYS);
  const dayOfEra = days - era * ERA_DAYS;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  return 12 * (era * 400 + yearOfEra) + Math.floor((5 * dayOfYear + 2) / 153) + 2;
}

/** First moment of a month [ms]. */
function monthMs(month: number): number {
  const fromMarch = month - 2;
  const year = Math.floor(fromMarch / 12);
  const monthOfYear = fromMarch - 12 * year;
  const leapDays = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
  const days = 365 * year + leapDays + Math.floor((153 * monthOfYear + 2) / 5);
  return (days - DAYS_TO_EPOCH) * DAY_MS;
}

/** Days from 1 March of year 0 to the epoch, and of 400 years. */
const DAYS_TO_EPOCH = 719_468;
const ERA_DAYS = 146_097;
