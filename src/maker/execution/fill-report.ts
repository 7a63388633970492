/** Takes in fills from any source, each once, and closes orders whose fills are complete. */
import { noteOwnFill } from "../estimate/estimates.ts";
import type { Maker } from "../maker-state.ts";
import type { AccountSnapshot, VenueFill } from "../venue.ts";
import { noteFill, openLedger } from "../view/fill-ledger.ts";
import { noteSplitFill, noteSplitTakeOver } from "../view/pnl-split.ts";
import { isSessionCloid } from "./cloid.ts";
import { VENUE_LAG_MS } from "./order-report.ts";
import { findOrder, noteOrderFill, noteSettled } from "./own-orders.ts";

/** Counts fills that were not counted before. */
export function noteFills(maker: Maker, fills: readonly VenueFill[]): void {
  for (const fill of fills) {
    const order = findOrder(maker.orders, fill.cloid, fill.oid);
    const ours = isSessionCloid(maker.config, order?.cloid ?? fill.cloid);
    const recentMax = maker.config.recentFillsMax;
    if (!noteFill(maker.ledger, fill, { ours, recentMax })) continue;
    noteSplitFill(maker.split, fill, maker.ledger.position);
    noteOwnFill(maker.estimates, fill, { order, nowMs: maker.nowMs, config: maker.config });
    if (order !== undefined) noteOrderFill(maker.orders, order, fill, maker.nowMs);
  }
}

/** Opens the ledger at the position that the venue reports. */
export function openAt(maker: Maker, account: AccountSnapshot): void {
  const early = openLedger(maker.ledger, account);
  const { timeMs, position, positionValue } = account;
  noteSplitTakeOver(maker.split, { timeMs, lots: position, value: positionValue });
  noteFills(maker, early);
  maker.runawayFloor = Math.abs(position);
}

/**
 * Takes in a list of all fills since `sinceMs` that was asked for at `sentMs`: orders that had
 * ended well before cannot have more fills than these.
 */
export function noteBackfill(
  maker: Maker,
  fills: readonly VenueFill[],
  { sinceMs, sentMs, complete }: { sinceMs: number; sentMs: number; complete: boolean },
): void {
  noteFills(maker, fills);
  if (!complete) return;
  for (const order of maker.orders.active.values()) {
    const covered = order.placedMs === 0 || order.placedMs - maker.config.clockSkewMs >= sinceMs;
    if (covered && order.endedMs + VENUE_LAG_MS <= sentMs) {
      noteSettled(maker.orders, order, maker.nowMs);
    }
  }
}
