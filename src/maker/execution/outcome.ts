/**
 * What the outcome of a request means for the orders in it. Certainty is taken only where the
 * outcome gives it: everything in doubt becomes `unknown` and is asked about by cloid.
 */
import type { Hex } from "../../base/hex.ts";
import { BUY, SELL } from "../../base/side.ts";
import type { Maker, PendingRequest } from "../maker-state.ts";
import {
  noteReject,
  noteSideBatch,
  noteThrottled,
  noteUnthrottled,
} from "../risk/reject-tracker.ts";
import type { ItemStatus, PlaceItem, RefusalCode, RequestOutcome } from "../venue.ts";
import { noteReport, VENUE_LAG_MS } from "./order-report.ts";
import {
  findOrder,
  mayRest,
  noteEnded,
  noteNeverPlaced,
  noteOpen,
  noteUnknown,
  type OwnOrder,
} from "./own-orders.ts";

/** Applies the outcome of a placement or of cancels by cloid. */
export function noteChangeOutcome(
  maker: Maker,
  { request }: PendingRequest,
  outcome: RequestOutcome,
): void {
  noteHealth(maker, outcome);
  if (request.kind === "placeBatch") notePlaced(maker, request.orders, outcome);
  if (request.kind === "cancelByCloid") noteCanceled(maker, request.cloids, outcome);
}

/** Applies the answer to a question about one order that was asked at `sentMs`. */
export function noteOrderAnswer(
  maker: Maker,
  { request, sentMs }: PendingRequest,
  outcome: RequestOutcome,
): void {
  noteHealth(maker, outcome);
  if (request.kind !== "queryOrder" || outcome.kind !== "order") return;
  if (outcome.order !== null) return noteReport(maker, outcome.order);
  const order = findOrder(maker.orders, request.cloid, null);
  if (order === undefined || !mayRest(order)) return;
  // Absence proves something only once the placement can no longer arrive, nor hide behind the lag.
  if (sentMs > order.expiresAtMs + maker.config.clockSkewMs + VENUE_LAG_MS) {
    noteNeverPlaced(maker.orders, order, maker.nowMs);
  }
}

/** What any outcome says about how the venue takes our requests. */
export function noteHealth(maker: Maker, outcome: RequestOutcome): void {
  if (outcome.kind === "refused" && outcome.code === "rateLimited") {
    noteThrottled(maker.rejects, maker.nowMs);
  } else if (outcome.kind === "unknown") maker.counters.unknown += 1;
  else noteUnthrottled(maker.rejects);
}

function notePlaced(maker: Maker, items: readonly PlaceItem[], outcome: RequestOutcome): void {
  const { orders, nowMs } = maker;
  const refused = { buy: 0, sell: 0 };
  const taken = { buy: 0, sell: 0 };
  for (const [i, item] of items.entries()) {
    const order = findOrder(orders, item.cloid, null);
    if (order === undefined) continue;
    const side = item.side === BUY ? "buy" : "sell";
    const refusal = refusalOf(outcome, i);
    if (refusal === null) {
      const status = outcome.kind === "statuses" ? outcome.statuses[i] : undefined;
      notePlacedItem(maker, order, status);
      if (status?.kind === "resting" || status?.kind === "filled") taken[side] += 1;
      continue;
    }
    // A copy of the request may have got through before this one was refused.
    if (refusal === "stale" || refusal === "cloidDuplicate") {
      noteUnknown(order, nowMs);
      continue;
    }
    noteNeverPlaced(orders, order, nowMs);
    noteReject(maker.rejects, refusal, nowMs);
    if (refusal !== "wouldMatch" && refusal !== "rateLimited") refused[side] += 1;
  }
  for (const side of [BUY, SELL]) {
    const name = side === BUY ? "buy" : "sell";
    if (taken[name] > 0) noteSideBatch(maker.rejects, side, "taken", nowMs);
    else if (refused[name] > 0) noteSideBatch(maker.rejects, side, "refused", nowMs);
  }
}

function notePlacedItem(maker: Maker, order: OwnOrder, status: ItemStatus | undefined): void {
  const { orders, nowMs } = maker;
  if (status?.kind === "resting") return noteOpen(orders, order, status.oid, nowMs);
  if (status?.kind === "filled") {
    noteOpen(orders, order, status.oid, nowMs);
    if (status.sz >= order.sz) return noteEnded(orders, order, order.sz, nowMs);
  }
  noteUnknown(order, nowMs);
}

function noteCanceled(maker: Maker, cloids: readonly Hex[], outcome: RequestOutcome): void {
  cloids.forEach((cloid, i) => {
    const order = findOrder(maker.orders, cloid, null);
    if (order === undefined) return;
    const status = outcome.kind === "statuses" ? outcome.statuses[i] : undefined;
    if (status?.kind === "canceled") noteEnded(maker.orders, order, null, maker.nowMs);
    else noteUnknown(order, maker.nowMs);
  });
}

/** The code by which an item was refused, alone or with the whole request; null = it was not. */
function refusalOf(outcome: RequestOutcome, item: number): RefusalCode | null {
  if (outcome.kind === "refused") return outcome.code;
  if (outcome.kind !== "statuses") return null;
  const status = outcome.statuses[item];
  return status?.kind === "error" ? status.code : null;
}
