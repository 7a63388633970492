/** Money that came and went, by account: deposits, withdrawals, transfers between accounts. */
import { TRANSFER_CAUSE } from "../exchange/event.ts";
import type { ExchangeEvent } from "../exchange/event-codec.ts";
import { createHistory, type History, keepItem, newestItems } from "./history.ts";

/** One change of an account's money that neither a trade nor funding made. */
export interface LedgerEntry {
  readonly account: number;
  readonly seq: number;
  readonly timeMs: number;
  readonly kind: "deposit" | "withdrawal" | "subAccountTransfer" | "sent";
  /** Positive; between accounts negative where it was given [10^-6 USDC]. */
  readonly amount: number;
  /** Account on the other side; -1 = none. */
  readonly other: number;
  /** What the giver paid beside it [10^-6 USDC]. */
  readonly fee: number;
}

/** Histories by account. */
export interface Ledger {
  readonly bound: number;
  readonly accounts: Map<number, History<LedgerEntry>>;
}

/** A ledger that keeps `bound` entries an account. */
export const createLedger = (bound: number): Ledger => ({ bound, accounts: new Map() });

/** Folds a change of money; returns what was kept. */
export function foldMoney(
  ledger: Ledger,
  event: ExchangeEvent & { kind: "deposited" | "withdrawn" | "transferred" },
): LedgerEntry {
  const { account, seq, timeMs, amount } = event;
  const facts = { account, seq, timeMs, amount };
  const entry: LedgerEntry =
    event.kind === "transferred"
      ? {
          ...facts,
          kind: event.cause === TRANSFER_CAUSE.sent ? "sent" : "subAccountTransfer",
          other: event.other,
          fee: event.fee,
        }
      : {
          ...facts,
          kind: event.kind === "deposited" ? "deposit" : "withdrawal",
          other: -1,
          fee: 0,
        };
  restoreEntry(ledger, entry);
  return entry;
}

/** Takes an entry over from a snapshot; oldest first. */
export function restoreEntry(ledger: Ledger, entry: LedgerEntry): void {
  let history = ledger.accounts.get(entry.account);
  if (history === undefined) {
    history = createHistory(ledger.bound);
    ledger.accounts.set(entry.account, history);
  }
  keepItem(history, entry);
}

/** An account's entries, newest first. */
export function entriesOf(ledger: Ledger, account: number): LedgerEntry[] {
  const history = ledger.accounts.get(account);
  return history === undefined ? [] : newestItems(history);
}
