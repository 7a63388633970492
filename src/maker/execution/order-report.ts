/** Takes in what the venue says about orders: updates, answers about one order, listings. */
import type { Maker } from "../maker-state.ts";
import type { VenueOrder } from "../venue.ts";
import { isOwnCloid } from "./cloid.ts";
import {
  addOrder,
  findOrder,
  noteEnded,
  noteNeverPlaced,
  noteOpen,
  noteUnknown,
  type OwnOrder,
  reviveOrder,
} from "./own-orders.ts";

/** How much older than its answer a venue's view may be [ms]. */
export const VENUE_LAG_MS = 2_000;

/** Takes in one order's state as the venue reported it. */
export function noteReport(maker: Maker, report: VenueOrder): void {
  const { orders, nowMs } = maker;
  const order = findOrder(orders, report.cloid, report.oid);
  if (order === undefined) {
    if (report.status === "open") adoptOrder(maker, report);
    return;
  }
  switch (report.status) {
    case "open":
      noteOpen(orders, order, report.oid, nowMs);
      break;
    case "filled":
      noteOpen(orders, order, report.oid, nowMs);
      noteEnded(orders, order, order.sz, nowMs);
      break;
    case "canceled":
      noteOpen(orders, order, report.oid, nowMs);
      noteEnded(orders, order, finalFilled(order, report), nowMs);
      break;
    case "rejected":
      noteNeverPlaced(orders, order, nowMs);
      break;
  }
}

/**
 * Takes in a listing of open orders that was asked for at `sentMs`. Presence proves an order live;
 * absence proves nothing, so an order that should be there is put in doubt and asked about.
 */
export function noteListing(maker: Maker, listing: readonly VenueOrder[], sentMs: number): void {
  const { orders, nowMs, config } = maker;
  const listed = new Set<number>();
  for (const report of listing) {
    listed.add(report.oid);
    const order = findOrder(orders, report.cloid, report.oid);
    const endedBefore = order !== undefined && order.endedMs + VENUE_LAG_MS < sentMs;
    if (endedBefore) reviveOrder(orders, order, nowMs);
    noteReport(maker, { ...report, status: "open" });
  }
  for (const order of orders.active.values()) {
    const settledIn = order.changedMs + VENUE_LAG_MS < sentMs;
    if (order.state === "live" && settledIn && !(order.oid !== null && listed.has(order.oid))) {
      noteUnknown(order, nowMs);
    }
  }
  maker.foreign = listing.filter((report) => !isOwnCloid(config, report.cloid));
}

/** An order of an earlier run, or one that had been given up: ours by its cloid, so ours to cancel. */
function adoptOrder(maker: Maker, report: VenueOrder): void {
  if (!isOwnCloid(maker.config, report.cloid)) return;
  const { cloid, side, px, sz } = report;
  const order = addOrder(
    maker.orders,
    { cloid, side, px, sz, reduceOnly: false, placedMs: 0, expiresAtMs: 0, reason: null },
    "live",
    maker.nowMs,
  );
  noteOpen(maker.orders, order, report.oid, maker.nowMs);
}

/** What filled in all; an order that may have been shrunk, or was found half done, does not say. */
function finalFilled(order: OwnOrder, report: VenueOrder): number | null {
  if (order.reduceOnly || report.origSz !== order.sz) return null;
  return report.origSz - report.sz;
}
