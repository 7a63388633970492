/**
 * Runs after what is not certain: asks about orders in doubt by their cloid, and reads fills again
 * where an order ended with fills outstanding.
 */
import type { Maker } from "../maker-state.ts";
import { VENUE_LAG_MS } from "./order-report.ts";
import { noteChased, openExposure } from "./own-orders.ts";
import { isWaiting, sendRequest } from "./requests.ts";

/** Questions about orders on their way at once. */
const QUESTIONS_MAX = 20;
/** Least time between two reads of fills [ms]. */
const BACKFILL_MS = 2_000;

/** Sends the questions that are due. */
export function chaseOrders(maker: Maker): void {
  const { nowMs } = maker;
  const asked = askedCloids(maker);
  for (const order of maker.orders.active.values()) {
    const uncertain =
      order.state === "unknown" || (order.state === "settling" && order.finalFilledSz === null);
    if (!uncertain || nowMs < order.nextChaseMs || asked.has(order.cloid)) continue;
    if (asked.size >= QUESTIONS_MAX) break;
    sendRequest(maker, { kind: "queryOrder", cloid: order.cloid });
    asked.add(order.cloid);
    noteChased(order, nowMs);
  }
  backfillOutstanding(maker);
}

/** Reads fills since a time that covers everything outstanding; returns the request's id. */
export function requestBackfill(maker: Maker): number {
  const { clockSkewMs } = maker.config;
  const baselineMs = maker.ledger.baseline?.timeMs ?? maker.nowMs;
  let sinceMs = maker.ledger.lastFillMs > 0 ? maker.ledger.lastFillMs : baselineMs;
  // The last fill known may be later than one that was missed, such as one of an order by hand.
  if (maker.sync.agreedMs > 0) sinceMs = Math.min(sinceMs, maker.sync.agreedMs);
  for (const order of maker.orders.active.values()) {
    if (order.placedMs > 0) sinceMs = Math.min(sinceMs, order.placedMs);
  }
  maker.nextBackfillMs = maker.nowMs + BACKFILL_MS;
  const margin = 2 * clockSkewMs + VENUE_LAG_MS;
  return sendRequest(maker, { kind: "queryFills", sinceMs: Math.max(0, sinceMs - margin) });
}

function backfillOutstanding(maker: Maker): void {
  const { nowMs } = maker;
  if (nowMs < maker.nextBackfillMs) return;
  for (const order of maker.orders.active.values()) {
    if (order.state !== "settling" || openExposure(order) === 0) continue;
    if (nowMs - order.endedMs < VENUE_LAG_MS) continue;
    requestBackfill(maker);
    return;
  }
}

function askedCloids(maker: Maker): Set<string> {
  const asked = new Set<string>();
  for (const [requestId, { request }] of maker.pending) {
    if (request.kind === "queryOrder" && isWaiting(maker, requestId)) asked.add(request.cloid);
  }
  return asked;
}
