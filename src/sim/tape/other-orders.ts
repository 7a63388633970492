/** Orders on a tape's market that are not the tape's: where others stand, and since when. */
import { readLane } from "../../base/column.ts";
import { crosses, oppositeSide, type Side } from "../../base/side.ts";
import type { ExchangeState } from "../../exchange/state.ts";

/** Others' orders at one price. */
interface OtherLevel {
  /** [lots] */
  sz: number;
  /** Id of the newest of them. */
  newest: number;
}

/** Others' orders by price [ticks]; one map a side. */
export type OtherOrders = readonly [Map<number, OtherLevel>, Map<number, OtherLevel>];

/** Reads them from the exchange's state. O(accounts + their orders). */
export function readOtherOrders(
  { orders, accounts }: ExchangeState,
  market: number,
  isOwn: (account: number) => boolean,
): OtherOrders {
  const others: OtherOrders = [new Map(), new Map()];
  for (let account = 0; account < accounts.table.count; account++) {
    let link = readLane(orders.newest, account);
    if (link === 0 || isOwn(account)) continue;
    while (link !== 0) {
      const slot = link - 1;
      link = readLane(orders.prev, slot);
      if (readLane(orders.market, slot) !== market) continue;
      const side = readLane(orders.side, slot) as Side;
      const px = readLane(orders.px, slot);
      const level = others[side].get(px) ?? { sz: 0, newest: 0 };
      level.sz += readLane(orders.sz, slot);
      level.newest = Math.max(level.newest, readLane(orders.oid, slot));
      others[side].set(px, level);
    }
  }
  return others;
}

/** Id of the newest order at a price; 0 = there is none. */
export const newestAt = (others: OtherOrders, side: Side, px: number): number =>
  others[side].get(px)?.newest ?? 0;

/** Size of a side's orders that an order of the other side with limit `px` meets [lots]. */
export function metSz(others: OtherOrders, side: Side, px: number): number {
  let sum = 0;
  for (const [otherPx, { sz }] of others[side]) {
    if (crosses(oppositeSide(side), otherPx, px)) sum += sz;
  }
  return sum;
}
