/**
 * Owns index prices: one row a market. In this form of the exchange the mark price is the oracle
 * price; both are 0 until the first price arrives, and orders are refused until then.
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

/** Columns of the oracle; rows match the markets'. */
export interface Oracle {
  readonly table: Table;
  /** Latest index price; 0 = none yet [ticks]. */
  readonly px: I32Column;
  /** Command time of the latest price [ms]. */
  readonly atMs: F64Column;
  /** Grows with every price set; derived: what was computed at another epoch is out of date. */
  epoch: number;
}

/** No prices yet. */
export function createOracle(register: Register, marketsMax: number): Oracle {
  const table = addTable(register, "oracle", marketsMax);
  return { table, px: addI32(table, "px"), atMs: addF64(table, "atMs"), epoch: 1 };
}

/** Adds the row of a new market. */
export function addOracleRow(oracle: Oracle): void {
  addRow(oracle.table);
}

/** Sets a market's index price [ticks] at a command's time [ms]. */
export function setOraclePx(oracle: Oracle, market: number, px: number, timeMs: number): void {
  oracle.epoch += 1;
  oracle.px.data[market] = px;
  oracle.atMs.data[market] = timeMs;
}

/** Price that margin, liquidation and unrealised PnL use; 0 = none yet [ticks]. */
export const markPxOf = (oracle: Oracle, market: number): number =>
  oracle.px.data[market] as number;
