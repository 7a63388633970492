/** How much of each history stays in memory: items an account, or a market, or a market's interval. */
export interface HistoryWindows {
  readonly fills: number;
  readonly finishedOrders: number;
  readonly payments: number;
  readonly rates: number;
  readonly ledger: number;
  readonly candles: number;
}

/** As much as the venue tells: where memory is all there is. Most of a year of hourly rates. */
export const WHOLE_WINDOWS: HistoryWindows = {
  fills: 10_000,
  finishedOrders: 2000,
  payments: 2000,
  rates: 8000,
  ledger: 2000,
  candles: 5000,
};

/** Where a store on disk has the rest. */
export const RECENT_WINDOWS: HistoryWindows = {
  fills: 200,
  finishedOrders: 200,
  payments: 100,
  rates: 200,
  ledger: 100,
  candles: 10,
};
