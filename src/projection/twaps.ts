/**
 * Time-weighted orders of every account: how those that live stand, and the last
 * {@link TWAP_HISTORY_MAX} times that one of an account began, waited or ended.
 */
import type { RejectCode } from "../base/reject-code.ts";
import { TWAP_END, type TwapEnd } from "../base/twap-end.ts";
import type { TwapEvent, TwapFacts } from "../exchange/event-codec.ts";
import { createHistory, type History, keepItem, newestItems } from "./history.ts";

/** Records kept for each account. */
const TWAP_HISTORY_MAX = 2000;

/** How one stands. */
export type TwapStatus =
  | "activated"
  | "waitingForTrigger"
  | "finished"
  | "terminated"
  | "stopped"
  | "error";

/** One, as its owner may see it; a record is as it stood then. */
export interface TwapView extends Readonly<TwapFacts> {
  readonly account: number;
  readonly market: number;
  /** Of this change [ms]. */
  readonly timeMs: number;
  readonly status: TwapStatus;
  /** Why the slice that ended it was refused; 0 = none was. */
  readonly code: RejectCode | 0;
}

interface AccountTwaps {
  /** By id, and so in the order in which they were sent. */
  readonly live: Map<number, TwapView>;
  readonly history: History<TwapView>;
}

/** The model: see the head of this file. */
export interface Twaps {
  readonly accounts: Map<number, AccountTwaps>;
}

/** A model without any. */
export const createTwaps = (): Twaps => ({ accounts: new Map() });

const STATUS_OF_END: Readonly<Record<TwapEnd, TwapStatus>> = {
  [TWAP_END.finished]: "finished",
  [TWAP_END.terminated]: "terminated",
  [TWAP_END.stopped]: "stopped",
  [TWAP_END.error]: "error",
};

/** Folds an event; returns the record that it adds to the history, or null for a slice. */
export function foldTwap(twaps: Twaps, event: TwapEvent): TwapView | null {
  const own = accountTwaps(twaps, event.account);
  const view = viewOf(event);
  if (event.kind === "twapEnded") own.live.delete(event.twapId);
  else own.live.set(event.twapId, view);
  if (event.kind === "twapSliced") return null;
  keepItem(own.history, view);
  return view;
}

/** An account's that run or wait, oldest first. */
export const liveTwapsOf = (twaps: Twaps, account: number): TwapView[] => [
  ...(twaps.accounts.get(account)?.live.values() ?? []),
];

/** An account's records, newest first. */
export function twapHistoryOf(twaps: Twaps, account: number): TwapView[] {
  const own = twaps.accounts.get(account);
  return own === undefined ? [] : newestItems(own.history);
}

/** Takes one that lives, or a record, over from a snapshot; records come oldest first. */
export function restoreTwap(twaps: Twaps, view: TwapView, isLive: boolean): void {
  const own = accountTwaps(twaps, view.account);
  if (isLive) own.live.set(view.twapId, view);
  else keepItem(own.history, view);
}

function viewOf({ kind, seq: _seq, item: _item, ...event }: TwapEvent): TwapView {
  if (kind === "twapEnded" && "end" in event) {
    const { end, code, ...facts } = event;
    return { ...facts, status: STATUS_OF_END[end], code };
  }
  const facts = event as Omit<TwapView, "status" | "code">;
  return { ...facts, status: facts.waiting ? "waitingForTrigger" : "activated", code: 0 };
}

function accountTwaps(twaps: Twaps, account: number): AccountTwaps {
  let own = twaps.accounts.get(account);
  if (own === undefined) {
    own = { live: new Map(), history: createHistory(TWAP_HISTORY_MAX) };
    twaps.accounts.set(account, own);
  }
  return own;
}
