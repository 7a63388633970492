/**
 * Read models as bytes: JSON with a format number. Books and indices are not written; they are
 * rebuilt from the orders. Bytes of another format read as null: the models are then rebuilt by
 * replaying the journal.
 */
import { assert } from "../base/assert.ts";
import type { Hex } from "../base/hex.ts";
import { type AgentView, noteAccount } from "./account-directory.ts";
import { type EncodedAnalytics, encodeAnalytics, restoreAnalytics } from "./analytics-codec.ts";
import { type Candle, candlesInOrder, currentCandles, restoreCandle } from "./candles.ts";
import type { DayVolume } from "./daily-volume.ts";
import { openDayMarket } from "./day-stats.ts";
import { type FillView, restoreFill } from "./fills.ts";
import { type FundingItem, type FundingSums, restoreFunding } from "./fundings.ts";
import { itemsInOrder } from "./history.ts";
import { type HistoryWindows, WHOLE_WINDOWS } from "./history-windows.ts";
import { addToL2, openL2Market } from "./l2.ts";
import { foldLedger, type LedgerItem, type MoveItem } from "./ledger.ts";
import { type MarketView, restoreMarket } from "./market-directory.ts";
import { type OrderView, restoreOrder } from "./orders.ts";
import { createReadModels, type ReadModels } from "./read-models.ts";
import { restoreTrade, type TradeView } from "./trades.ts";
import { restoreTwap, type TwapView } from "./twaps.ts";

const FORMAT = 7;

interface EncodedDay {
  minute: number;
  notional: number[];
  base: number[];
  px: number[];
}

interface Encoded {
  format: number;
  seq: number;
  timeMs: number;
  markets: MarketView[];
  days: EncodedDay[];
  addresses: [number, Hex][];
  agents: [number, AgentView[]][];
  liveOrders: OrderView[];
  finishedOrders: OrderView[];
  fills: FillView[];
  trades: TradeView[];
  liveTwaps: TwapView[];
  twapHistory: TwapView[];
  volume: [number, DayVolume[]][];
  exchangeVolume: DayVolume[];
  fundings: FundingItem[];
  fundingSums: [string, FundingSums][];
  candles: Candle[];
  historySeq: number;
  ledger: (LedgerItem | MoveItem)[];
  analytics: EncodedAnalytics;
}

/**
 * The models as bytes; equal models give equal bytes. `coveredSeq` is the last command whose events
 * they hold, which may lie behind the last event: not every command has one.
 */
export function encodeReadModels(models: ReadModels, coveredSeq: number = models.seq): Uint8Array {
  return asciiBytes(JSON.stringify(encoded(models, coveredSeq)));
}

/** The models but for their histories, which somebody else has: what has to go on from here. */
export function encodeLiveModels(models: ReadModels, coveredSeq: number): Uint8Array {
  const live: Encoded = {
    ...encoded(models, coveredSeq),
    finishedOrders: [],
    fills: [],
    fundings: [],
    candles: currentCandles(models.candles),
    ledger: [],
    historySeq: coveredSeq,
  };
  return asciiBytes(JSON.stringify(live));
}

function encoded(models: ReadModels, coveredSeq: number): Encoded {
  assert(coveredSeq >= models.seq, "models cover the events that were folded");
  const accounts = [...models.orders.accounts].sort(([a], [b]) => a - b).map(([, own]) => own);
  return {
    format: FORMAT,
    seq: coveredSeq,
    timeMs: models.timeMs,
    markets: models.directory.markets,
    days: models.dayStats.markets.map(({ minute, notional, base, px }) => ({
      minute,
      notional: [...notional],
      base: [...base],
      px: [...px],
    })),
    addresses: byKey(models.accounts.addresses),
    agents: byKey(models.accounts.agents),
    liveOrders: accounts.flatMap(({ live }) => [...live.values()]),
    finishedOrders: accounts.flatMap(({ finished }) => itemsInOrder(finished)),
    fills: byKey(models.fills.accounts).flatMap(([, history]) => itemsInOrder(history)),
    trades: models.trades.markets.flatMap(itemsInOrder),
    liveTwaps: byKey(models.twaps.accounts).flatMap(([, { live }]) => [...live.values()]),
    twapHistory: byKey(models.twaps.accounts).flatMap(([, own]) => itemsInOrder(own.history)),
    volume: byKey(models.volume.accounts),
    exchangeVolume: models.volume.exchange,
    fundings: [...byKey(models.fundings.rates), ...byKey(models.fundings.payments)].flatMap(
      ([, history]) => itemsInOrder(history),
    ),
    ledger: [...byKey(models.ledger.money), ...byKey(models.ledger.moves)].flatMap(
      ([, history]): (LedgerItem | MoveItem)[] => itemsInOrder<LedgerItem | MoveItem>(history),
    ),
    fundingSums: [...models.fundings.sums].sort(([a], [b]) => (a < b ? -1 : 1)),
    analytics: encodeAnalytics(models.analytics),
    candles: candlesInOrder(models.candles),
    historySeq: models.historySeq,
  };
}

/** Models from bytes of {@link encodeReadModels}; null where they are cut short or of another format. */
export function decodeReadModels(
  bytes: Uint8Array,
  windows: HistoryWindows = WHOLE_WINDOWS,
): ReadModels | null {
  const encoded = parseEncoded(asciiText(bytes));
  if (encoded?.format !== FORMAT) return null;
  const models = createReadModels(windows);
  models.historySeq = encoded.historySeq;
  models.seq = encoded.seq;
  models.sealedSeq = encoded.seq;
  models.timeMs = encoded.timeMs;
  for (const market of encoded.markets) {
    restoreMarket(models.directory, market);
    openL2Market(models.l2, market.market);
    openDayMarket(models.dayStats, market.market);
  }
  encoded.days.forEach((day, market) => {
    const into = models.dayStats.markets[market];
    assert(into !== undefined, "day figures belong to a market");
    into.minute = day.minute;
    into.notional.set(day.notional);
    into.base.set(day.base);
    into.px.set(day.px);
  });
  for (const [account, address] of encoded.addresses) {
    noteAccount(models.accounts, account, address);
  }
  for (const [account, agents] of encoded.agents) models.accounts.agents.set(account, agents);
  for (const order of encoded.finishedOrders) restoreOrder(models.orders, order);
  for (const order of encoded.liveOrders) {
    restoreOrder(models.orders, order);
    if (order.resting) addToL2(models.l2, order);
  }
  for (const fill of encoded.fills) restoreFill(models.fills, fill);
  for (const trade of encoded.trades) restoreTrade(models.trades, trade);
  for (const twap of encoded.liveTwaps) restoreTwap(models.twaps, twap, true);
  for (const twap of encoded.twapHistory) restoreTwap(models.twaps, twap, false);
  for (const [account, days] of encoded.volume) models.volume.accounts.set(account, days);
  models.volume.exchange.push(...encoded.exchangeVolume);
  for (const item of encoded.ledger) foldLedger(models.ledger, item);
  for (const item of encoded.fundings) restoreFunding(models.fundings, item);
  for (const [key, sums] of encoded.fundingSums) models.fundings.sums.set(key, sums);
  for (const candle of encoded.candles) restoreCandle(models.candles, candle);
  restoreAnalytics(models.analytics, encoded.analytics);
  return models;
}

function parseEncoded(text: string): Encoded | null {
  try {
    return JSON.parse(text) as Encoded | null;
  } catch {
    // Half a file: the journal has everything that it would have held.
    return null;
  }
}

function byKey<T>(map: ReadonlyMap<number, T>): [number, T][] {
  return [...map].sort(([a], [b]) => a - b);
}

/** Names and addresses are ASCII, so the text is too. */
function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    assert(code < 128, "an encoded model is ASCII");
    bytes[i] = code;
  }
  return bytes;
}

function asciiText(bytes: Uint8Array): string {
  const CHUNK = 4096;
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return text;
}
