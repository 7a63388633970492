/** Funding as it was paid: each market's rates, each account's payments, and their sums by position. */
import type { FillEvent, FundingEvent, PositionMovedEvent } from "../exchange/event-codec.ts";
import { createHistory, type History, keepItem, newestItems } from "./history.ts";
import type { HistoryWindows } from "./history-windows.ts";

/** One payment of a position, or the rate at which a market paid. */
export type FundingItem = Readonly<FundingEvent>;

/** What a position has received; paid = negative [10^-6 USDC]. */
export interface FundingSums {
  allTime: number;
  sinceOpen: number;
  /** Since the last fill. */
  sinceChange: number;
}

/** Histories and sums. */
export interface Fundings {
  /** Rates kept for each market, payments kept for each account. */
  readonly bounds: Pick<HistoryWindows, "rates" | "payments">;
  readonly rates: Map<number, History<FundingItem>>;
  readonly payments: Map<number, History<FundingItem>>;
  /** By "account market". */
  readonly sums: Map<string, FundingSums>;
}

/** Nothing paid yet. */
export const createFundings = (bounds: Fundings["bounds"]): Fundings => ({
  bounds,
  rates: new Map(),
  payments: new Map(),
  sums: new Map(),
});

const keyOf = (account: number, market: number): string => `${account} ${market}`;

/** Takes in a payment or a market's rate. */
export function foldFunding(fundings: Fundings, event: FundingItem): void {
  restoreFunding(fundings, event);
  if (event.kind === "fundingSettled") return;
  const key = keyOf(event.account, event.market);
  let sums = fundings.sums.get(key);
  if (sums === undefined) {
    sums = { allTime: 0, sinceOpen: 0, sinceChange: 0 };
    fundings.sums.set(key, sums);
  }
  sums.allTime += event.amount;
  sums.sinceOpen += event.amount;
  sums.sinceChange += event.amount;
}

/** Takes an item over from a snapshot, without the sums; oldest first. */
export function restoreFunding({ bounds, rates, payments }: Fundings, item: FundingItem): void {
  const isRate = item.kind === "fundingSettled";
  const histories = isRate ? rates : payments;
  const key = isRate ? item.market : item.account;
  let history = histories.get(key);
  if (history === undefined) {
    history = createHistory(isRate ? bounds.rates : bounds.payments);
    histories.set(key, history);
  }
  keepItem(history, item);
}

/** A fill changes a position: sums that begin with that begin anew. */
export function foldFundingFill({ sums }: Fundings, fill: FillEvent): void {
  if (sums.size === 0) return;
  const own = sums.get(keyOf(fill.account, fill.market));
  if (own === undefined) return;
  own.sinceChange = 0;
  const end = fill.startPosition + (fill.side === 0 ? fill.sz : -fill.sz);
  if (fill.startPosition === 0 || end === 0 || end > 0 !== fill.startPosition > 0)
    own.sinceOpen = 0;
}

/** So does what comes from another account or goes there. */
export function foldFundingMove({ sums }: Fundings, move: PositionMovedEvent): void {
  const own = sums.get(keyOf(move.account, move.market));
  if (own === undefined) return;
  own.sinceChange = 0;
  if (move.startPosition === 0 || move.startPosition + move.size === 0) own.sinceOpen = 0;
}

/** Sums of a position; zeros where nothing was paid. */
export const fundingSumsOf = ({ sums }: Fundings, account: number, market: number): FundingSums =>
  sums.get(keyOf(account, market)) ?? { allTime: 0, sinceOpen: 0, sinceChange: 0 };

/** A market's rates, newest first. */
export function ratesOf({ rates }: Fundings, market: number): FundingItem[] {
  const history = rates.get(market);
  return history === undefined ? [] : newestItems(history);
}

/** An account's payments, newest first. */
export function paymentsOf({ payments }: Fundings, account: number): FundingItem[] {
  const history = payments.get(account);
  return history === undefined ? [] : newestItems(history);
}
