/** Requests on their way: ids, the table of what is open, and what counts as unanswered. */
import type { Hex } from "../../base/hex.ts";
import type { Maker, PendingRequest } from "../maker-state.ts";
import type { ClearedOrders } from "../risk/safety-gate.ts";
import type { VenueRequestBody } from "../venue.ts";
import { findOrder, noteCancelSent } from "./own-orders.ts";

/** How long after it became overdue an outcome is still recognised [ms]. */
const LATE_MS = 60_000;

/** Requests that anyone may make; placing goes through {@link sendPlaces}. */
type FreeRequest = Exclude<VenueRequestBody, { kind: "placeBatch" }>;

/** Puts a request that places nothing into the outbox; returns its id. */
export const sendRequest = (maker: Maker, body: FreeRequest): number => enqueue(maker, body);

/** Puts orders that passed the safety gate into the outbox. */
export function sendPlaces(maker: Maker, orders: ClearedOrders): void {
  const { batchMax, placeLifetimeMs } = maker.config;
  const expiresAtMs = maker.nowMs + placeLifetimeMs;
  for (let i = 0; i < orders.length; i += batchMax) {
    enqueue(maker, { kind: "placeBatch", orders: orders.slice(i, i + batchMax), expiresAtMs });
  }
  maker.counters.places += orders.length;
  spendBudget(maker, orders.length);
}

/** Puts cancels by cloid into the outbox and marks the orders. */
export function sendCancels(maker: Maker, cloids: readonly Hex[]): void {
  const { batchMax } = maker.config;
  for (let i = 0; i < cloids.length; i += batchMax) {
    enqueue(maker, { kind: "cancelByCloid", cloids: cloids.slice(i, i + batchMax) });
  }
  for (const cloid of cloids) {
    const order = findOrder(maker.orders, cloid, null);
    if (order !== undefined) noteCancelSent(order, maker.nowMs);
  }
  maker.counters.cancels += cloids.length;
  spendBudget(maker, cloids.length);
}

/** Puts cancels by order id into the outbox. */
export function sendCancelsByOid(maker: Maker, oids: readonly number[]): void {
  const { batchMax } = maker.config;
  for (let i = 0; i < oids.length; i += batchMax) {
    enqueue(maker, { kind: "cancelByOid", oids: oids.slice(i, i + batchMax) });
  }
  maker.counters.cancels += oids.length;
  spendBudget(maker, oids.length);
}

/** The open request with this id, taken off the table; undefined when it was answered before. */
export function takePending(maker: Maker, requestId: number): PendingRequest | undefined {
  const pending = maker.pending.get(requestId);
  maker.pending.delete(requestId);
  return pending;
}

/** Whether a request with this id still waits for its outcome in time. */
export const isWaiting = (maker: Maker, requestId: number | null): boolean =>
  requestId !== null && maker.pending.get(requestId)?.overdue === false;

/** Requests that just became overdue; those overdue for long are forgotten. */
export function takeOverdue(maker: Maker): PendingRequest[] {
  const overdue: PendingRequest[] = [];
  for (const [requestId, pending] of maker.pending) {
    const age = maker.nowMs - pending.sentMs;
    if (age < maker.config.requestTimeoutMs) break;
    if (!pending.overdue) {
      pending.overdue = true;
      overdue.push(pending);
    } else if (age > LATE_MS) maker.pending.delete(requestId);
  }
  return overdue;
}

/** Whether a request that changes orders still waits for its outcome. */
export function hasChangesInFlight(maker: Maker): boolean {
  for (const { request, overdue } of maker.pending.values()) {
    if (overdue) continue;
    if (request.kind === "placeBatch" || request.kind === "cancelByCloid") return true;
  }
  return false;
}

function enqueue(maker: Maker, body: VenueRequestBody): number {
  const requestId = maker.nextRequestId;
  maker.nextRequestId += 1;
  const request = { ...body, requestId };
  maker.pending.set(requestId, { request, sentMs: maker.nowMs, overdue: false });
  maker.outbox.push(request);
  maker.counters.requests += 1;
  return requestId;
}

function spendBudget(maker: Maker, items: number): void {
  if (maker.budgetLeft !== null) maker.budgetLeft -= items;
}
