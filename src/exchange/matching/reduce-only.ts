/**
 * Resting reduce-only orders follow their position: together they never pass it. Where they would,
 * the oldest are canceled until the rest fits; a newest order larger than the position shrinks to
 * it; every one on the wrong side is canceled (the venue's behaviour).
 */
import { CANCEL_REASON } from "../../base/reject-code.ts";
import { BUY } from "../../base/side.ts";
import { findPosition } from "../account/position.ts";
import { isReduceOnly } from "../book/order-table.ts";
import type { Core } from "../core.ts";
import { EVENT } from "../event.ts";
import { emitResting } from "./order-event.ts";
import { cancelResting, reduceResting } from "./resting.ts";

/** Fits an account's resting reduce-only orders in a market to its position. */
export function fitReduceOnly(core: Core, account: number, market: number): void {
  const row = findPosition(core.positions, core.accounts, account, market);
  if (row < 0 || core.positions.reduceOnlyCount.data[row] === 0) return;
  const size = core.positions.size.data[row] as number;
  const { orders } = core;
  let room = Math.abs(size);
  let link = orders.newest.data[account] as number;
  while (link !== 0) {
    const slot = link - 1;
    link = orders.prev.data[slot] as number;
    if (orders.market.data[slot] !== market || !isReduceOnly(orders, slot)) continue;
    const closes = orders.side.data[slot] === BUY ? size < 0 : size > 0;
    const sz = orders.sz.data[slot] as number;
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
