/**
 * The maker's orders and what is known of each. Owns the life cycle; knows no transport.
 *
 *   pendingPlace -> live -> pendingCancel -> settling -> done
 *        \--------- unknown (any outcome in doubt) ----/
 *
 * Invariants:
 * - an order counts as live until the venue said otherwise by its cloid: refused, ended, or
 *   unknown to the venue after its placement had expired;
 * - ending is final: a late "open" does not bring an order back, except where only its absence had
 *   been concluded and the venue shows it after all;
 * - `settling` means ended with fills perhaps still on their way: what may yet fill stays in the
 *   worst case until the fills are in or a complete list of fills has been read.
 *
 * Lookups are O(1) by cloid and by oid. Finished orders are kept for a while, bounded.
 */
import { assert } from "../../base/assert.ts";
import type { Hex } from "../../base/hex.ts";
import { BUY, type Side } from "../../base/side.ts";
import type { QuoteReason } from "../quote/quote-reason.ts";

/** What is known of an order. */
export type OwnOrderState =
  | "pendingPlace"
  | "live"
  | "pendingCancel"
  | "unknown"
  | "settling"
  | "done";

/** One order of ours. */
export interface OwnOrder {
  readonly cloid: Hex;
  readonly side: Side;
  /** [ticks] */
  readonly px: number;
  /** As placed [lots]. */
  readonly sz: number;
  readonly reduceOnly: boolean;
  /** When it was sent; 0 for an order found on the venue [ms]. */
  readonly placedMs: number;
  /** After this the venue refuses the placement [ms]. */
  readonly expiresAtMs: number;
  /** What the quote was made of; null for an order that was found on the venue. */
  readonly reason: QuoteReason | null;
  /** Null until the venue named it. */
  oid: number | null;
  state: OwnOrderState;
  /** Filled so far by counted trades [lots]. */
  filledSz: number;
  /** What the venue says was filled in all, once it ended; null = not said [lots]. */
  finalFilledSz: number | null;
  /** Ended because the venue refused it or does not know it. */
  neverPlaced: boolean;
  /** When the present state began [ms]. */
  changedMs: number;
  /** When it ended; Infinity while it may be live [ms]. */
  endedMs: number;
  /** When to ask the venue about it next [ms]. */
  nextChaseMs: number;
  /** Times asked since it became uncertain. */
  chases: number;
}

/** Orders that ended long ago are forgotten beyond this many. */
const ENDED_BOUND = 5_000;
const ECHOES_BOUND = 500;
/** How long after its end an order may still stand in a book that was sent before [ms]. */
const ECHO_MS = 1_000;
/** First and longest pause between two questions about one order [ms]. */
const CHASE_FIRST_MS = 250;
const CHASE_MAX_MS = 5_000;

/** All orders of ours that matter, by cloid and by oid. */
export interface OwnOrders {
  /** Not done, oldest first. */
  readonly active: Map<Hex, OwnOrder>;
  /** Done, oldest first. */
  readonly ended: Map<Hex, OwnOrder>;
  readonly byOid: Map<number, OwnOrder>;
  /** Orders that ended a moment ago and may still stand in the last book, oldest first. */
  readonly echoes: OwnOrder[];
}

/** No orders. */
export const createOwnOrders = (): OwnOrders => ({
  active: new Map(),
  ended: new Map(),
  byOid: new Map(),
  echoes: [],
});

/** The order with this cloid or else this oid. */
export const findOrder = (
  orders: OwnOrders,
  cloid: Hex | null,
  oid: number | null,
): OwnOrder | undefined =>
  (cloid === null ? undefined : (orders.active.get(cloid) ?? orders.ended.get(cloid))) ??
  (oid === null ? undefined : orders.byOid.get(oid));

/** What a new order is made of. */
export type NewOrder = Pick<
  OwnOrder,
  "cloid" | "side" | "px" | "sz" | "reduceOnly" | "placedMs" | "expiresAtMs" | "reason"
>;

/** Registers an order before it is sent, or one that was found on the venue (`live`). */
export function addOrder(
  orders: OwnOrders,
  order: NewOrder,
  state: "pendingPlace" | "live",
  nowMs: number,
): OwnOrder {
  assert(findOrder(orders, order.cloid, null) === undefined, "a cloid is used once");
  const added: OwnOrder = {
    ...order,
    oid: null,
    state,
    filledSz: 0,
    finalFilledSz: null,
    neverPlaced: false,
    changedMs: nowMs,
    endedMs: Number.POSITIVE_INFINITY,
    nextChaseMs: 0,
    chases: 0,
  };
  orders.active.set(added.cloid, added);
  return added;
}

/** Largest size that may still fill beyond what was counted [lots]. */
export function openExposure(order: OwnOrder): number {
  if (order.state === "done") return 0;
  const most = order.finalFilledSz ?? order.sz;
  return Math.max(0, most - order.filledSz);
}

/** Whether the venue may still hold it. */
export const mayRest = (order: OwnOrder): boolean =>
  order.state !== "done" && order.state !== "settling";

/** The venue shows the order open: it is named, and no longer in doubt. */
export function noteOpen(orders: OwnOrders, order: OwnOrder, oid: number, nowMs: number): void {
  nameOrder(orders, order, oid);
  if (order.state === "done" && order.neverPlaced) return reviveOrder(orders, order, nowMs);
  if (order.state !== "pendingPlace" && order.state !== "unknown") return;
  setState(order, "live", nowMs);
  order.chases = 0;
}

/** A cancel was sent. */
export function noteCancelSent(order: OwnOrder, nowMs: number): void {
  if (mayRest(order)) setState(order, "pendingCancel", nowMs);
}

/** The outcome of a request about the order is in doubt: it is to be asked about. */
export function noteUnknown(order: OwnOrder, nowMs: number): void {
  if (!mayRest(order) || order.state === "unknown") return;
  setState(order, "unknown", nowMs);
  // In doubt again after questions went unanswered: the pause that they earned stays.
  if (order.chases === 0) order.nextChaseMs = nowMs;
}

/** The venue refused the placement, or does not know it after it had expired. */
export function noteNeverPlaced(orders: OwnOrders, order: OwnOrder, nowMs: number): void {
  if (!mayRest(order)) return;
  // A fill or a name from the venue outweighs: then it did exist and has ended.
  if (order.filledSz > 0 || order.oid !== null) return noteEnded(orders, order, null, nowMs);
  order.neverPlaced = true;
  noteEnded(orders, order, 0, nowMs);
}

/** The order ended; `finalFilledSz` is what filled in all where the venue said so [lots]. */
export function noteEnded(
  orders: OwnOrders,
  order: OwnOrder,
  finalFilledSz: number | null,
  nowMs: number,
): void {
  if (order.state === "done") return;
  if (finalFilledSz !== null) order.finalFilledSz = Math.min(order.sz, finalFilledSz);
  if (order.state !== "settling") {
    setState(order, "settling", nowMs);
    order.endedMs = nowMs;
    order.chases = 0;
    order.nextChaseMs = nowMs + CHASE_FIRST_MS;
  }
  if (openExposure(order) === 0) finishOrder(orders, order, nowMs);
}

/** A counted fill of the order [lots]. */
export function noteOrderFill(
  orders: OwnOrders,
  order: OwnOrder,
  fill: { readonly oid: number; readonly sz: number },
  nowMs: number,
): void {
  nameOrder(orders, order, fill.oid);
  if (order.state === "done" && order.neverPlaced) reviveOrder(orders, order, nowMs);
  order.filledSz += fill.sz;
  if (order.state === "pendingPlace") setState(order, "live", nowMs);
  if (order.filledSz >= order.sz) noteEnded(orders, order, order.sz, nowMs);
  else if (order.state === "settling" && openExposure(order) === 0) {
    finishOrder(orders, order, nowMs);
  }
}

/** Nothing more can come: all fills of an ended order have been read. */
export function noteSettled(orders: OwnOrders, order: OwnOrder, nowMs: number): void {
  if (order.state === "settling") finishOrder(orders, order, nowMs);
}

/** The venue lists an order that had been taken for finished: it is in doubt again. */
export function reviveOrder(orders: OwnOrders, order: OwnOrder, nowMs: number): void {
  if (order.state === "done") {
    orders.ended.delete(order.cloid);
    orders.active.set(order.cloid, order);
  }
  order.neverPlaced = false;
  order.finalFilledSz = null;
  order.endedMs = Number.POSITIVE_INFINITY;
  setState(order, "unknown", nowMs);
  order.nextChaseMs = nowMs;
  order.chases = 0;
}

/** The venue was asked about the order: the next question waits twice as long. */
export function noteChased(order: OwnOrder, nowMs: number): void {
  order.nextChaseMs = nowMs + Math.min(CHASE_MAX_MS, CHASE_FIRST_MS * 2 ** order.chases);
  order.chases += 1;
}

/** Our sizes by price on one side, as the venue's book may contain them: [lots] by [ticks]. */
export function ownSizes(orders: OwnOrders, side: Side, nowMs: number): Map<number, number> {
  const sizes = new Map<number, number>();
  const add = (order: OwnOrder): void => {
    if (order.side !== side) return;
    const left = Math.max(0, order.sz - order.filledSz);
    sizes.set(order.px, (sizes.get(order.px) ?? 0) + left);
  };
  while (orders.echoes.length > 0 && nowMs - (orders.echoes[0] as OwnOrder).endedMs > ECHO_MS) {
    orders.echoes.shift();
  }
  for (const order of orders.active.values()) add(order);
  for (const order of orders.echoes) if (!order.neverPlaced) add(order);
  return sizes;
}

/** Where the position could end if only buys or only sells were filled [lots]. */
export function worstCase(
  orders: OwnOrders,
  position: number,
): { readonly long: number; readonly short: number } {
  let long = position;
  let short = position;
  for (const order of orders.active.values()) {
    if (order.side === BUY) long += openExposure(order);
    else short -= openExposure(order);
  }
  return { long, short };
}

function nameOrder(orders: OwnOrders, order: OwnOrder, oid: number): void {
  if (order.oid === oid) return;
  order.oid = oid;
  orders.byOid.set(oid, order);
}

function setState(order: OwnOrder, state: OwnOrderState, nowMs: number): void {
  order.state = state;
  order.changedMs = nowMs;
}

function finishOrder(orders: OwnOrders, order: OwnOrder, nowMs: number): void {
  setState(order, "done", nowMs);
  orders.active.delete(order.cloid);
  orders.ended.set(order.cloid, order);
  orders.echoes.push(order);
  if (orders.echoes.length > ECHOES_BOUND) orders.echoes.shift();
  if (orders.ended.size <= ENDED_BOUND) return;
  const oldest = orders.ended.values().next().value;
  if (oldest === undefined) return;
  orders.ended.delete(oldest.cloid);
  if (oldest.oid !== null) orders.byOid.delete(oldest.oid);
}
