import type { Candle } from "./candles.ts";
import type { FillView } from "./fills.ts";
import type { FundingItem } from "./fundings.ts";
import type { LedgerItem, MoveItem } from "./ledger.ts";
import type { OrderView } from "./orders.ts";

/**
 * Takes what the models add to histories, in order of events and while they fold the event: a store
 * for what falls out of the windows. Rows are read, not kept: an order may change later.
 */
export interface HistoryRows {
  fill(fill: FillView): void;
  /** Finished, or refused. */
  order(order: OrderView): void;
  /** A payment, or a market's rate. */
  funding(item: FundingItem): void;
  /** Money, or a part of a position, that came or went. */
  ledger(item: LedgerItem | MoveItem): void;
  /** Over: the market has traded in a later interval. */
  candle(candle: Candle): void;
}
