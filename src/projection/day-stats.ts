/**
 * The last 24 hours of every market in buckets of a minute: what was traded, and the mark price at
 * the end of each. Reading does not change the model: minutes that have passed since the last event
 * count as empty.
 */
import { assert } from "../base/assert.ts";

const MINUTE_MS = 60_000;
/** Minutes that a day's figures cover. */
const DAY_MINUTES = 1440;
/** One bucket more holds the price at the far end of the day. */
const BUCKETS = DAY_MINUTES + 1;

/** One market's ring of minutes; bucket = minute mod the number of buckets. */
export interface DayMarket {
  /** Newest minute since the epoch; -1 before the first event. */
  minute: number;
  /** [10^-6 USDC] */
  readonly notional: Float64Array;
  /** [lots] */
  readonly base: Float64Array;
  /** Mark price at the minute's end; 0 before the first [ticks]. */
  readonly px: Float64Array;
}

/** Rings by market id. */
export interface DayStats {
  readonly markets: DayMarket[];
}

/** What a day came to. */
export interface DayFigures {
  /** [10^-6 USDC] */
  readonly notional: number;
  /** [lots] */
  readonly base: number;
  /** Mark price a day ago, or the first one known [ticks]. */
  readonly prevDayPx: number;
}

/** A model without markets. */
export const createDayStats = (): DayStats => ({ markets: [] });

/** Makes room for a market. */
export function openDayMarket(stats: DayStats, market: number): void {
  for (let id = stats.markets.length; id <= market; id++) {
    stats.markets.push({
      minute: -1,
      notional: new Float64Array(BUCKETS),
      base: new Float64Array(BUCKETS),
      px: new Float64Array(BUCKETS),
    });
  }
}

/** Counts a trade. */
export function countTrade(
  stats: DayStats,
  { market, timeMs, px, sz }: { market: number; timeMs: number; px: number; sz: number },
): void {
  const day = dayOf(stats, market);
  const bucket = enterMinute(day, timeMs);
  day.notional[bucket] = (day.notional[bucket] as number) + px * sz;
  day.base[bucket] = (day.base[bucket] as number) + sz;
}

/** Notes the mark price. The first one is taken for the whole day before it. */
export function noteMark(
  stats: DayStats,
  { market, timeMs, px }: { market: number; timeMs: number; px: number },
): void {
  const day = dayOf(stats, market);
  const bucket = enterMinute(day, timeMs);
  if (day.px[bucket] === 0) day.px.fill(px);
  day.px[bucket] = px;
}

/** The 24 hours up to `nowMs`. */
export function dayFigures(stats: DayStats, market: number, nowMs: number): DayFigures {
  const day = dayOf(stats, market);
  if (day.minute < 0) return { notional: 0, base: 0, prevDayPx: 0 };
  const now = Math.max(Math.floor(nowMs / MINUTE_MS), day.minute);
  let notional = 0;
  let base = 0;
  for (let minute = now - DAY_MINUTES + 1; minute <= day.minute; minute++) {
    notional += day.notional[minute % BUCKETS] as number;
    base += day.base[minute % BUCKETS] as number;
  }
  const dayAgo = Math.min(now - DAY_MINUTES, day.minute);
  return { notional, base, prevDayPx: day.px[dayAgo % BUCKETS] as number };
}

function dayOf(stats: DayStats, market: number): DayMarket {
  const day = stats.markets[market];
  assert(day !== undefined, "a market is open before its events");
  return day;
}

/** Moves the ring on to a time's minute, carrying the price over; returns the bucket. */
function enterMinute(day: DayMarket, timeMs: number): number {
  const minute = Math.floor(timeMs / MINUTE_MS);
  if (day.minute < 0) day.minute = minute;
  const last = day.px[day.minute % BUCKETS] as number;
  for (let next = Math.max(day.minute + 1, minute - BUCKETS + 1); next <= minute; next++) {
    const bucket = next % BUCKETS;
    day.notional[bucket] = 0;
    day.base[bucket] = 0;
    day.px[bucket] = last;
  }
  day.minute = Math.max(day.minute, minute);
  return day.minute % BUCKETS;
}
