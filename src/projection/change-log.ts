import type { FillView } from "./fills.ts";
import type { FundingItem } from "./fundings.ts";
import type { LedgerItem } from "./ledger.ts";
import type { OrderView } from "./orders.ts";
import type { TradeView } from "./trades.ts";
import type { TwapView } from "./twaps.ts";

/** What changed since it was last taken, in order of events; filled while models are watched. */
export interface ChangeLog {
  /** Copies, as the order stood right after the change. */
  orders: OrderView[];
  fills: FillView[];
  /** Payments, not rates. */
  fundings: FundingItem[];
  trades: TradeView[];
  /** Records added to the histories of time-weighted orders. */
  twaps: TwapView[];
  /** Accounts whose time-weighted orders changed. */
  twapAccounts: Set<number>;
  ledger: LedgerItem[];
  /** Markets whose book changed. */
  books: Set<number>;
  /** Markets whose oracle and mark price were set. */
  prices: Set<number>;
  /** A mid may have moved. */
  mids: boolean;
}

/** A log without changes. */
export const createChangeLog = (): ChangeLog => ({
  orders: [],
  fills: [],
  fundings: [],
  trades: [],
  twaps: [],
  twapAccounts: new Set(),
  ledger: [],
  books: new Set(),
  prices: new Set(),
  mids: false,
});

/** Hands the changes over and begins anew. */
export function takeChanges(log: ChangeLog): ChangeLog {
  const taken = { ...log };
  Object.assign(log, createChangeLog());
  return taken;
}
