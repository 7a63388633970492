/**
 * Owns a market's prices: index, mark and last trade, one row a market. All are 0 until the first
 * index price arrives, and orders are refused until then. Index and mark move together, by one command.
 */
import {
  addF64,
  addI32,
  addRow,
  addTable,
  type F64Column,
  type I32Column,
  keepRow,
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
  /** Price that margin, liquidation, triggers and unrealised PnL use; 0 = none yet [ticks]. */
  readonly mark: I32Column;
  /** Price of the last trade; 0 = none yet [ticks]. */
  readonly last: I32Column;
  /** Grows with every price set; derived: what was computed at another epoch is out of date. */
  epoch: number;
}

/** No prices yet. */
export function createOracle(register: Register, marketsMax: number): Oracle {
  const table = addTable(register, "oracle", marketsMax);
  return {
    table,
    px: addI32(table, "px"),
    atMs: addF64(table, "atMs"),
    mark: addI32(table, "mark"),
    last: addI32(table, "last"),
    epoch: 1,
  };
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

/** Sets a market's mark price, which comes with an index price [ticks]. */
export function setMarkPx(oracle: Oracle, market: number, px: number): void {
  oracle.epoch += 1;
  oracle.mark.data[market] = px;
}

/** Notes the price of a trade [ticks]. */
export function noteTrade(oracle: Oracle, market: number, px: number): void {
  keepRow(oracle.table, market);
  oracle.last.data[market] = px;
}

/** Price that margin, liquidation and unrealised PnL use; 0 = none yet [ticks]. */
export const markPxOf = (oracle: Oracle, market: number): number =>
  oracle.mark.data[market] as number;
