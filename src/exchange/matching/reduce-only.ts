/**
 * Resting reduce-only orders follow their position: together they never pass it. Where they would,
 * the oldest are canceled until the rest fits; a newest order larger than the position shrinks to
 * it; every one on the wrong side is canceled (the venue's behaviour), and so are those that wait
 * for a trigger.
 */
import { readLane } from "../../base/column.ts";
import { CANCEL_REASON } from "../../base/reject-code.ts";
import { BUY } from "../../base/side.ts";
import { findPosition, POSITION } from "../account/position.ts";
import { isDormant, isReduceOnly, isWaiting, newestOrder } from "../book/order-table.ts";
import type { Core } from "../core.ts";
import { EVENT } from "../event.ts";
import { emitResting } from "./order-event.ts";
import { cancelResting, reduceResting } from "./resting.ts";

/** Fits an account's resting reduce-only orders in a market to its position. */
export function fitReduceOnly(core: Core, account: number, market: number): void {
  const row = findPosition(core.positions, core.accounts, account, market);
  if (row < 0 || core.positions.rows.i32[row * 16 + POSITION.reduceOnlyCount] === 0) return;
  const size = readLane(core.positions.size, row);
  const { orders } = core;
  let room = Math.abs(size);
  let link = newestOrder(orders, account);
  while (link !== 0) {
    const slot = link - 1;
    link = readLane(orders.prev, slot);
    if (readLane(orders.market, slot) !== market || !isReduceOnly(orders, slot)) continue;
    const closes = readLane(orders.side, slot) === BUY ? size < 0 : size > 0;
    const sz = readLane(orders.sz, slot);
    if (isDormant(orders, slot)) continue;
    if (isWaiting(orders, slot)) {
      // One that waits takes no room; when it fires it is cut down to the position.
      if (!closes) cancelResting(core, slot, CANCEL_REASON.reduceOnly, -1);
      continue;
    }
    const isNewest = room === Math.abs(size);
    if (closes && sz <= room) {
      room -= sz;
    } else if (closes && isNewest) {
      reduceResting(core, slot, sz - room);
      emitResting(core, EVENT.orderReduced, slot, 0, -1);
      room = 0;
    } else {
      cancelResting(core, slot, CANCEL_REASON.reduceOnly, -1);
      if (closes) room = 0;
    }
  }
}
