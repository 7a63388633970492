/** Money and positions that came to accounts or left them otherwise than by trades and funding. */
import type { ExchangeEvent, PositionMovedEvent, TransferEvent } from "../exchange/event-codec.ts";
import { createHistory, type History, keepItem, newestItems } from "./history.ts";

/** Items kept for each account, of either kind. */
const ITEMS_MAX = 2_000;

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
  readonly money: Map<number, History<LedgerItem>>;
  readonly moves: Map<number, History<MoveItem>>;
}

/** Nothing yet. */
export const createLedger = (): Ledger => ({ money: new Map(), moves: new Map() });

/** Takes in an event; oldest first. */
export function foldLedger({ money, moves }: Ledger, item: LedgerItem | MoveItem): void {
  if (item.kind === "positionMoved") keepItem(historyOf(moves, item.account), item);
  else keepItem(historyOf(money, item.account), item);
}

function historyOf<T>(histories: Map<number, History<T>>, account: number): History<T> {
  let history = histories.get(account);
  if (history === undefined) {
    history = createHistory(ITEMS_MAX);
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
