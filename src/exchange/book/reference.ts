/**
 * The plain book: a sorted array of levels a side, each an array of slots in time order. It stays
 * as the twin that says what the fast book must do.
 *
 * Ordering: bids high to low, asks low to high, orders at a price by id. Finding a level is
 * O(log levels); inserting one or removing an order is linear in what stands behind it.
 */

import { assert } from "../../base/assert.ts";
import { readLane } from "../../base/column.ts";
import { BUY, type Side } from "../../base/side.ts";
import type { Book } from "./book.ts";
import type { OrderTable } from "./order-table.ts";

interface Level {
  readonly px: number;
  readonly slots: number[];
}

/** An empty plain book over an order table. */
export function createReferenceBook(orders: OrderTable): Book {
  const bids: Level[] = [];
  const asks: Level[] = [];
  const levelsOf = (side: Side): Level[] => (side === BUY ? bids : asks);
  const sideOf = (slot: number): Side => readLane(orders.side, slot) as Side;

  return {
    ladder: null,
    insert(slot) {
      const side = sideOf(slot);
      const levels = levelsOf(side);
      const px = readLane(orders.px, slot);
      const at = positionOf(levels, side, px);
      const level = levels[at];
      if (level?.px === px) level.slots.push(slot);
      else levels.splice(at, 0, { px, slots: [slot] });
    },
    remove(slot) {
      const side = sideOf(slot);
      const levels = levelsOf(side);
      const at = positionOf(levels, side, readLane(orders.px, slot));
      const level = levels[at];
      const place = level === undefined ? -1 : level.slots.indexOf(slot);
      assert(level !== undefined && place >= 0, "a removed order rests on its level");
      level.slots.splice(place, 1);
      if (level.slots.length === 0) levels.splice(at, 1);
    },
    bestSlot: (side) => levelsOf(side)[0]?.slots[0] ?? -1,
    bestPx: (side) => levelsOf(side)[0]?.px ?? 0,
    forEach(side, visit) {
      for (const level of levelsOf(side)) for (const slot of level.slots) visit(slot);
    },
    some: (side, ask) => levelsOf(side).some(({ slots }) => slots.some(ask)),
  };
}

/** Index of the level at a price, or where it would have to stand. */
function positionOf(levels: readonly Level[], side: Side, px: number): number {
  let low = 0;
  let high = levels.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = (levels[middle] as Level).px;
    const isBetter = side === BUY ? other > px : other < px;
    if (isBetter) low = middle + 1;
    else high = middle;
  }
  return low;
}
