/**
 * Owns what tiers of margin markets have beyond their first, which is the market's own leverage from
 * notional 0 on: one row a market that has any, so a table without rows costs nothing.
 */
import {
  addF64,
  addI32,
  addRow,
  addTable,
  type F64Column,
  type I32Column,
  type Register,
  type Table,
} from "../../base/column.ts";
import { MARGIN_TIERS_MAX, type MarginTier } from "../../base/margin-tiers.ts";
import { MARKETS_MAX, type Markets } from "./market.ts";

const WIDTH = MARGIN_TIERS_MAX - 1;

/** See the file's head. */
export interface MarginTiers {
  readonly table: Table;
  readonly market: I32Column;
  /** Tiers beyond the first. */
  readonly count: I32Column;
  /** [10^-6 USDC] */
  readonly lowerBound: F64Column;
  readonly maxLeverage: I32Column;
}

/** No market has more than one tier. */
export function createMarginTiers(register: Register): MarginTiers {
  const table = addTable(register, "marginTier", MARKETS_MAX);
  return {
    table,
    market: addI32(table, "market"),
    count: addI32(table, "count"),
    lowerBound: addF64(table, "lowerBound", WIDTH),
    maxLeverage: addI32(table, "maxLeverage", WIDTH),
  };
}

/** All tiers of a market, the first included; allocates. */
export function tiersOf(markets: Markets, tiers: MarginTiers, market: number): MarginTier[] {
  const list = [{ lowerBound: 0, maxLeverage: markets.maxLeverage.data[market] as number }];
  const row = rowOf(tiers, market);
  for (let n = 0; row >= 0 && n < (tiers.count.data[row] as number); n++) {
    list.push({
      lowerBound: tiers.lowerBound.data[row * WIDTH + n] as number,
      maxLeverage: tiers.maxLeverage.data[row * WIDTH + n] as number,
    });
  }
  return list;
}

/** Sets what tiers a market has beyond its first; the caller has checked them. */
export function setTiers(tiers: MarginTiers, market: number, more: readonly MarginTier[]): void {
  let row = rowOf(tiers, market);
  if (row < 0) row = addRow(tiers.table);
  tiers.market.data[row] = market;
  tiers.count.data[row] = more.length;
  for (let n = 0; n < WIDTH; n++) {
    tiers.lowerBound.data[row * WIDTH + n] = more[n]?.lowerBound ?? 0;
    tiers.maxLeverage.data[row * WIDTH + n] = more[n]?.maxLeverage ?? 0;
  }
}

function rowOf(tiers: MarginTiers, market: number): number {
  for (let row = 0; row < tiers.table.count; row++)
    if (tiers.market.data[row] === market) return row;
  return -1;
}
