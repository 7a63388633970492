/** What must hold of strategies after every command. */
import { assert } from "../../base/assert.ts";
import { readLane } from "../../base/column.ts";
import { BUY, SELL } from "../../base/side.ts";
import {
  CELL,
  CELL_LANES,
  STRATEGY,
  STRATEGY_KIND,
  STRATEGY_LANES,
} from "../account/strategy-table.ts";
import { liveSlot, ORDER_FLAG } from "../book/order-table.ts";
import type { Core } from "../core.ts";
import { GRID, GRID_CELL } from "./grid.ts";

/**
 * Every order that a strategy keeps is known to one of its cells, and the other way round; a cell's
 * lots are the grid's size, whatever of them has filled.
 */
export function checkStrategies(core: Core): void {
  const { strategies, orders } = core;
  let known = 0;
  for (let row = 0; row < strategies.table.count; row++) {
    const of = (lane: number): number => strategies.rows.f64[row * STRATEGY_LANES + lane] as number;
    if (of(STRATEGY.kind) === 0) continue;
    for (let cell = 0; cell < of(STRATEGY.cells); cell++) {
      const lane = (of(STRATEGY.firstCell) + cell) * CELL_LANES;
      const at = (offset: number): number => strategies.cellRows.f64[lane + offset] as number;
      const lots = at(GRID_CELL.lots + BUY) + at(GRID_CELL.lots + SELL);
      const isGrid = of(STRATEGY.kind) === STRATEGY_KIND.grid;
      assert(!isGrid || lots === of(GRID.size), "a cell keeps its lots");
      for (const side of [BUY, SELL] as const) {
        const oid = at(CELL.oid + side);
        assert(oid !== 0 || at(CELL.resting + side) === 0, "what rests has an order");
        if (oid === 0) continue;
        known += 1;
        const slot = liveSlot(orders, oid);
        assert(slot >= 0, "a strategy's order is live");
        assert(
          readLane(orders.sz, slot) === at(CELL.resting + side) &&
            readLane(orders.side, slot) === side &&
            readLane(orders.account, slot) === of(STRATEGY.account),
          "a strategy's order is as its cell has it",
        );
      }
    }
  }
  let kept = 0;
  for (let slot = 0; slot < orders.table.count; slot++) {
    if (readLane(orders.oid, slot) === 0) continue;
    if ((readLane(orders.flags, slot) & ORDER_FLAG.managed) !== 0) kept += 1;
  }
  assert(kept === known, "every order kept for a strategy has a cell");
}
