/**
 * Cancels an account's orders together, all of them or those on one market, oldest first. One command
 * cancels a bounded number; the rest takes turns in the queue of consequences, and may fill until its
 * turn comes. Orders placed meanwhile stay: only those with lower ids than any to come were meant.
 */

import { packOrderId } from "../../base/order-id.ts";
import { CANCEL_REASON } from "../../base/reject-code.ts";
import { ALLOCATOR, ORDER, oldestOrder } from "../book/order-table.ts";
import { CONSEQUENCE, pushConsequence } from "../consequence.ts";
import type { Core } from "../core.ts";
import { cancelResting } from "./resting.ts";

/** Orders that a command cancels at once at most, and those of one turn in the queue. */
const CANCELS_AT_ONCE = 200;
const CANCELS_PER_TURN = 50;

/** Cancels an account's orders on a market (-1 = all), up to the bound; the rest is queued. */
export function cancelAll(
  core: Core,
  account: number,
  market: number,
  reason: typeof CANCEL_REASON.requested | typeof CANCEL_REASON.scheduled,
  item: number,
): void {
  const next = (core.orders.allocator.f64[ALLOCATOR.seq] as number) + 1;
  cancelSome(core, account, market, reason, item, packOrderId(next, 0));
}

/** A queued rest's turn. */
export function cancelMore(
  core: Core,
  entry: { readonly kind: number; readonly account: number; readonly market: number },
  oidBound: number,
): void {
  const isScheduled = entry.kind === CONSEQUENCE.scheduledRest;
  const reason = isScheduled ? CANCEL_REASON.scheduled : CANCEL_REASON.requested;
  cancelSome(core, entry.account, entry.market - 1, reason, -1, oidBound);
}

function cancelSome(
  core: Core,
  account: number,
  market: number,
  reason: typeof CANCEL_REASON.requested | typeof CANCEL_REASON.scheduled,
  item: number,
  oidBound: number,
): void {
  let link = oldestOrder(core.orders, account);
  for (let left = item < 0 ? CANCELS_PER_TURN : CANCELS_AT_ONCE; link !== 0; ) {
    const slot = link - 1;
    const { f64, i32 } = core.orders.rows;
    const next = i32[slot * 16 + ORDER.next] as number;
    const isMeant = market < 0 || i32[slot * 16 + ORDER.market] === market;
    if (!isMeant || (f64[slot * 8 + ORDER.oid] as number) >= oidBound) {
      link = next;
      continue;
    }
    if (left === 0) {
      const kind =
        reason === CANCEL_REASON.scheduled ? CONSEQUENCE.scheduledRest : CONSEQUENCE.cancelRest;
      const row = pushConsequence(core.queue, kind, account);
      core.queue.market.data[row] = market + 1;
      core.queue.oidBound.data[row] = oidBound;
      return;
    }
    left -= 1;
    const nextOid = next === 0 ? 0 : (f64[(next - 1) * 8 + ORDER.oid] as number);
    cancelResting(core, slot, reason, item);
    // The next may have ended with this one, where the two are tied: then from the beginning.
    const stands = next !== 0 && core.orders.rows.f64[(next - 1) * 8 + ORDER.oid] === nextOid;
    link = next === 0 || stands ? next : oldestOrder(core.orders, account);
  }
}
