/**
 * Cancel-all by the venue's own truth: cancel what is known, list what the venue holds, cancel what
 * it lists, and again, until a listing shows nothing and no order of ours is in doubt. What the
 * maker remembers is never enough to call the book empty.
 */
import type { Maker } from "../maker-state.ts";
import type { VenueOrder } from "../venue.ts";
import { isOwnCloid } from "./cloid.ts";
import { findOrder, mayRest } from "./own-orders.ts";
import { isWaiting, sendCancels, sendCancelsByOid, sendRequest } from "./requests.ts";

/** Longest pause between two rounds [ms]. */
const ROUND_DELAY_MAX_MS = 3_000;

/** Starts over: a new listing has to show that nothing is left. */
export function restartPull(maker: Maker): void {
  const { pull } = maker;
  pull.active = true;
  pull.clean = false;
  pull.rounds = 0;
  pull.nextMs = maker.nowMs;
  pull.requestId = null;
}

/** Sends the next round when it is due. */
export function stepPull(maker: Maker): void {
  const { pull, nowMs } = maker;
  // Before the market is known nothing of this run can rest on it, and no listing can be read.
  if (maker.spec === null) return;
  if (!pull.active) restartPull(maker);
  if (pull.clean && !hasRestingOrders(maker)) return;
  pull.clean = false;
  if (isWaiting(maker, pull.requestId) || nowMs < pull.nextMs) return;
  const cloids = [...maker.orders.active.values()]
    .filter((order) => mayRest(order) && order.state !== "pendingCancel")
    .map((order) => order.cloid);
  sendCancels(maker, cloids);
  pull.requestId = sendRequest(maker, { kind: "queryOpenOrders" });
  pull.rounds += 1;
  pull.nextMs = nowMs + roundDelayMs(maker);
}

/** Rounds slow down once the retries of a start are used up: the venue may be gone for long [ms]. */
function roundDelayMs({ pull, config }: Maker): number {
  const extra = Math.min(10, Math.max(0, pull.rounds - config.cancelRetryMax));
  const slowest = Math.max(config.cancelRetryDelayMs, ROUND_DELAY_MAX_MS);
  return Math.min(slowest, config.cancelRetryDelayMs * 2 ** extra);
}

/** The answer to a round's listing: cancels what is on it, or declares the book clean. */
export function noteCleanListing(maker: Maker, listing: readonly VenueOrder[]): void {
  const { config, pull, orders } = maker;
  if (!pull.active) return;
  const own = listing.filter((report) => isOwnCloid(config, report.cloid));
  const strangers = config.cancelScope === "all" ? maker.foreign : [];
  // Orders with a cancel on its way are left to it.
  const again = own.flatMap((report) => {
    const order = findOrder(orders, report.cloid, report.oid);
    const underWay = order === undefined || order.state === "pendingCancel" || !mayRest(order);
    return underWay ? [] : [order.cloid];
  });
  sendCancels(maker, again);
  sendCancelsByOid(
    maker,
    strangers.map((report) => report.oid),
  );
  pull.clean = own.length + strangers.length === 0 && !hasRestingOrders(maker);
}

/** Quotes may go out again. */
export function endPull(maker: Maker): void {
  maker.pull.active = false;
  maker.pull.clean = false;
}

/** Whether any order of ours may still rest on the venue. */
export function hasRestingOrders(maker: Maker): boolean {
  for (const order of maker.orders.active.values()) if (mayRest(order)) return true;
  return false;
}
