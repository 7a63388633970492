/** Fills of every account: the last ones each. */
import type { Hex } from "../base/hex.ts";
import type { Side } from "../base/side.ts";
import { TIF } from "../base/time-in-force.ts";
import type { FillEvent, FillWay } from "../exchange/event-codec.ts";
import { createHistory, type History, keepItem, newestItems } from "./history.ts";

/** One side of a match, as its owner may see it [px: ticks, sz: lots]. */
export interface FillView {
  readonly account: number;
  readonly market: number;
  readonly seq: number;
  readonly timeMs: number;
  readonly oid: number;
  readonly tid: number;
  readonly side: Side;
  readonly px: number;
  readonly sz: number;
  /** Position before the fill [lots]. */
  readonly startPosition: number;
  /** Gross of fee [10^-6 USDC]. */
  readonly closedPnl: number;
  /** Paid; negative = received [10^-6 USDC]. */
  readonly fee: number;
  /** Part of the fee that a builder earned [10^-6 USDC]. */
  readonly builderFee: number;
  /** This side took. */
  readonly crossed: boolean;
  readonly cloid: Hex | null;
  /** The time-weighted order whose slice it filled. */
  readonly twapId: number | null;
  /** The account being liquidated on either side; -1 = none. */
  readonly liquidatedAccount: number;
  /** On the book, by the backstop or by deleveraging. */
  readonly way: FillWay;
  /** Mark price at the match [ticks]. */
  readonly markPx: number;
}

/** Histories by account. */
export interface Fills {
  /** Fills kept for each account. */
  readonly bound: number;
  readonly accounts: Map<number, History<FillView>>;
}

/** A model that keeps `bound` fills an account. */
export const createFills = (bound: number): Fills => ({ bound, accounts: new Map() });

/** Folds one side of a match; returns what was kept. */
export function foldFill(fills: Fills, event: FillEvent, twapId: number | null): FillView {
  const view: FillView = {
    account: event.account,
    market: event.market,
    seq: event.seq,
    timeMs: event.timeMs,
    oid: event.oid,
    tid: event.tid,
    side: event.side,
    px: event.px,
    sz: event.sz,
    startPosition: event.startPosition,
    closedPnl: event.closedPnl,
    fee: event.fee,
    builderFee: event.builderFee,
    crossed: event.crossed,
    cloid: event.cloid,
    twapId,
    liquidatedAccount: liquidatedAccount(event),
    way: event.way,
    markPx: event.markPx,
  };
  restoreFill(fills, view);
  return view;
}

/** Takes a fill over from a snapshot; oldest first. */
export function restoreFill(fills: Fills, view: FillView): void {
  let history = fills.accounts.get(view.account);
  if (history === undefined) {
    history = createHistory(fills.bound);
    fills.accounts.set(view.account, history);
  }
  keepItem(history, view);
}

/** An account's fills, newest first, at most `count`. */
export function fillsOf(fills: Fills, account: number, count: number = fills.bound): FillView[] {
  const history = fills.accounts.get(account);
  return history === undefined ? [] : newestItems(history, count);
}

/** Only the engine's own closing order makes a match a liquidation, so its side is the liquidated one. */
function liquidatedAccount(event: FillEvent): number {
  if (!event.liquidation) return -1;
  return event.tif === TIF.liquidationMarket ? event.account : event.counterparty;
}
