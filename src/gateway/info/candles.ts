import { CandleSnapshotRequest, type CandleSnapshotResponse } from "@nktkas/hyperliquid/api/info";
import {
  CANDLE_INTERVALS,
  intervalEndMs,
  intervalOpenMs,
  intervalsBackMs,
} from "../../projection/candle-interval.ts";
import type { Candle } from "../../projection/candles.ts";
import { type Answer, withAnswer } from "../../projection/history-queries.ts";
import type { MarketView } from "../../projection/market-directory.ts";
import { formatPx, formatSz } from "../../wire/decimal.ts";
import { historyOf } from "../gateway-context.ts";
import { infoMethod } from "./info-method.ts";

/** Candles that can be asked for, from now back. */
const CANDLES_MAX = 5000;

/**
 * `candleSnapshot`: oldest first. Where nothing was traded a candle stands at the close before it;
 * there are none before the first trade, and none for a coin that is not traded.
 */
export const candleSnapshot = infoMethod(
  CandleSnapshotRequest,
  (context, { req }): Answer<CandleSnapshotResponse> => {
    const market = context.models.directory.byName.get(req.coin);
    if (market === undefined) return [];
    const interval = CANDLE_INTERVALS.indexOf(req.interval);
    const lastMs = Math.min(req.endTime ?? Number.MAX_SAFE_INTEGER, context.nowMs());
    const oldestMs = intervalsBackMs(
      interval,
      intervalOpenMs(interval, context.nowMs()),
      CANDLES_MAX - 1,
    );
    const firstMs = intervalOpenMs(interval, Math.max(req.startTime, oldestMs));
    const history = historyOf(context);
    const key = { market: market.market, interval };
    const before = { fromMs: 0, toMs: firstMs - 1, count: 1, newestFirst: true };
    const span = { fromMs: firstMs, toMs: lastMs, count: CANDLES_MAX, newestFirst: false };
    const asked = history.candles(key, span);
    return withAnswer(history.candles(key, before), ([previous]) =>
      withAnswer(asked, (found) =>
        flatCandles({ interval, firstMs, lastMs, previous }, found).map((candle) =>
          candleShape(market, candle),
        ),
      ),
    );
  },
);

/** All intervals of a span: those with trades, and flat ones between and behind them. */
function flatCandles(
  span: { interval: number; firstMs: number; lastMs: number; previous: Candle | undefined },
  found: readonly Candle[],
): Candle[] {
  const { interval, firstMs, lastMs } = span;
  const all: Candle[] = [];
  let previous = span.previous;
  let next = 0;
  for (let openMs = firstMs; openMs <= lastMs; openMs = intervalEndMs(interval, openMs)) {
    const traded = found[next];
    if (traded?.openMs === openMs) {
      next += 1;
      previous = traded;
      all.push(traded);
    } else if (previous !== undefined) {
      const { market, close } = previous;
      const endMs = intervalEndMs(interval, openMs);
      const flat = { open: close, high: close, low: close, close, volume: 0, trades: 0 };
      all.push({ market, interval, openMs, endMs, ...flat });
    }
  }
  return all;
}

const candleShape = (
  { name, szDecimals }: MarketView,
  candle: Candle,
): CandleSnapshotResponse[number] => ({
  t: candle.openMs,
  T: candle.endMs - 1,
  s: name,
  i: CANDLE_INTERVALS[candle.interval] as CandleSnapshotResponse[number]["i"],
  o: formatPx(candle.open, szDecimals),
  c: formatPx(candle.close, szDecimals),
  h: formatPx(candle.high, szDecimals),
  l: formatPx(candle.low, szDecimals),
  v: formatSz(candle.volume, szDecimals),
  n: candle.trades,
});
