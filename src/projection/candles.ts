/**
 * Candles of every market and interval, folded from trades: the one that is under way, and the last
 * ones before it. Intervals without a trade have none here; who shows them draws them flat. A trade
 * costs a look at each interval.
 */
import type { FillEvent } from "../exchange/event-codec.ts";
import { CANDLE_INTERVALS, intervalEndMs, intervalOpenMs } from "./candle-interval.ts";
import { createHistory, type History, keepItem, newestItems } from "./history.ts";

/** Trades of a market in one interval [px: ticks, volume: lots]. */
export interface Candle {
  readonly market: number;
  /** Place in `CANDLE_INTERVALS`. */
  readonly interval: number;
  /** First moment [ms]. */
  readonly openMs: number;
  /** First moment of the next interval [ms]. */
  readonly endMs: number;
  readonly open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  /** Number of trades. */
  trades: number;
}

interface CandleSeries {
  current: Candle | null;
  readonly closed: History<Candle>;
}

/** Series by market, and in it by interval. */
export interface Candles {
  readonly bound: number;
  /** Shown each candle that is over. */
  readonly onClosed: (candle: Candle) => void;
  readonly markets: CandleSeries[][];
}

/** A model that keeps `bound` candles a series. */
export const createCandles = (bound: number, onClosed: Candles["onClosed"]): Candles => ({
  bound,
  onClosed,
  markets: [],
});

/** Counts a trade, told by its taker's side. */
export function foldCandles(
  candles: Candles,
  { market, timeMs, px, sz }: Pick<FillEvent, "market" | "timeMs" | "px" | "sz">,
): void {
  const all = seriesOf(candles, market);
  for (let interval = 0; interval < all.length; interval++) {
    const series = all[interval] as CandleSeries;
    let { current } = series;
    if (current === null || timeMs >= current.endMs) {
      if (current !== null) {
        keepItem(series.closed, current);
        candles.onClosed(current);
      }
      const openMs = intervalOpenMs(interval, timeMs);
      const endMs = intervalEndMs(interval, openMs);
      const at = { market, interval, openMs, endMs };
      current = { ...at, open: px, high: px, low: px, close: px, volume: 0, trades: 0 };
      series.current = current;
    }
    if (px > current.high) current.high = px;
    if (px < current.low) current.low = px;
    current.close = px;
    current.volume += sz;
    current.trades += 1;
  }
}

/** Takes a candle over from a snapshot; oldest first, so that the last of a series is under way. */
export function restoreCandle(candles: Candles, candle: Candle): void {
  const series = seriesOf(candles, candle.market)[candle.interval] as CandleSeries;
  if (series.current !== null) keepItem(series.closed, series.current);
  series.current = candle;
}

/** The candle under way, or the last one; null before the first trade. */
export const currentCandle = (
  { markets }: Candles,
  market: number,
  interval: number,
): Candle | null => markets[market]?.[interval]?.current ?? null;

/** Candles that are over and kept, newest first. */
export function closedCandles({ markets }: Candles, market: number, interval: number): Candle[] {
  const series = markets[market]?.[interval];
  return series === undefined ? [] : newestItems(series.closed);
}

/** All candles that are under way. */
export const currentCandles = ({ markets }: Candles): Candle[] =>
  markets.flatMap((all) => all.flatMap(({ current }) => (current === null ? [] : [current])));

/** All candles in an order that {@link restoreCandle} takes. */
export const candlesInOrder = ({ markets }: Candles): Candle[] =>
  markets.flatMap((all) =>
    all.flatMap(({ current, closed }) => [
      ...newestItems(closed).reverse(),
      ...(current === null ? [] : [current]),
    ]),
  );

function seriesOf({ markets, bound }: Candles, market: number): CandleSeries[] {
  for (let id = markets.length; id <= market; id++) {
    markets.push(CANDLE_INTERVALS.map(() => ({ current: null, closed: createHistory(bound) })));
  }
  return markets[market] as CandleSeries[];
}
