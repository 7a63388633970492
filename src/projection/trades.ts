/** Public trades: the last {@link TRADES_MAX} of every market. One trade a match, told by its taker. */
import { BUY, type Side } from "../base/side.ts";
import type { FillEvent } from "../exchange/event-codec.ts";
import { createHistory, type History, itemOfAge, keepItem, newestItems } from "./history.ts";

/** Trades kept for each market. */
const TRADES_MAX = 30;

/** A match as everybody may see it [px: ticks, sz: lots]. */
export interface TradeView {
  readonly market: number;
  readonly seq: number;
  readonly timeMs: number;
  readonly tid: number;
  /** Side of the taker. */
  readonly side: Side;
  readonly px: number;
  readonly sz: number;
  /** Accounts. */
  readonly buyer: number;
  readonly seller: number;
  readonly liquidation: boolean;
}

/** Histories by market id. */
export interface Trades {
  readonly markets: History<TradeView>[];
}

/** A model without trades. */
export const createTrades = (): Trades => ({ markets: [] });

/** Folds the taker's side of a match; returns what was kept. */
export function foldTrade(trades: Trades, event: FillEvent): TradeView {
  const isBuy = event.side === BUY;
  const view: TradeView = {
    market: event.market,
    seq: event.seq,
    timeMs: event.timeMs,
    tid: event.tid,
    side: event.side,
    px: event.px,
    sz: event.sz,
    buyer: isBuy ? event.account : event.counterparty,
    seller: isBuy ? event.counterparty : event.account,
    liquidation: event.liquidation,
  };
  restoreTrade(trades, view);
  return view;
}

/** Takes a trade over from a snapshot; oldest first. */
export function restoreTrade(trades: Trades, view: TradeView): void {
  for (let id = trades.markets.length; id <= view.market; id++) {
    trades.markets.push(createHistory(TRADES_MAX));
  }
  keepItem(trades.markets[view.market] as History<TradeView>, view);
}

/** A market's trades, newest first. */
export function tradesOf(trades: Trades, market: number): TradeView[] {
  const history = trades.markets[market];
  return history === undefined ? [] : newestItems(history);
}

/** Price of a market's last trade, 0 before the first [ticks]. */
export function lastTradePx(trades: Trades, market: number): number {
  const history = trades.markets[market];
  return history === undefined ? 0 : (itemOfAge(history, 0)?.px ?? 0);
}
