/** Money and positions that came to accounts or left them otherwise than by trades and funding. */
import type { ExchangeEvent, PositionMovedEvent, TransferEvent } from "../exchange/event-codec.ts";
import { createHistory, type History, keepItem, newestItems } from "./history.ts";

/** Money that came or went. */
export type LedgerItem = Readonly<
  | TransferEvent
  | Extract<
      ExchangeEvent,
      { kind: "deposited" | "withdrawn" | "deficitBooked" | "insuranceFunded" }
    >
>;
/** Part of a position that came or went. */
export type MoveItem = Readonly<PositionMovedEvent>;

/** Histories by account. */
export interface Ledger {
  /** Items kept for each account, of either kind. */
  readonly bound: number;
  readonly money: Map<number, History<LedgerItem>>;
  readonly moves: Map<number, History<MoveItem>>;
}

/** A ledger that keeps `bound` items an account, of either kind. */
export const createLedger = (bound: number): Ledger => ({
  bound,
  money: new Map(),
  moves: new Map(),
});

/** Takes in an event; oldest first. */
export function foldLedger({ bound, money, moves }: Ledger, item: LedgerItem | MoveItem): void {
  if (item.kind === "positionMoved") keepItem(historyOf(moves, item.account, bound), item);
  else keepItem(historyOf(money, item.account, bound), item);
}

function historyOf<T>(
  histories: Map<number, History<T>>,
  account: number,
  bound: number,
): History<T> {
  let history = histories.get(account);
  if (history === undefined) {
    history = createHistory(bound);
    histories.set(account, history);
  }
  return history;
}

/** An account's money, newest first. */
export function ledgerOf({ money }: Ledger, account: number): LedgerItem[] {
  const history = money.get(account);
  return history === undefined ? [] : newestItems(history);
}

/** An account's positions that changed hands, newest first. */
export function movesOf({ moves }: Ledger, account: number): MoveItem[] {
  const history = moves.get(account);
  return history === undefined ? [] : newestItems(history);
}
