/**
 * Owns the markets: one row a market, in order of creation, never removed. The row index is the
 * market id and the wire's asset id.
 */
import {
  addF64,
  addI32,
  addRow,
  addTable,
  addU8,
  type F64Column,
  type I32Column,
  type Register,
  type Table,
  type U8Column,
} from "../../base/column.ts";
import { readAscii, writeAscii } from "../../base/hex.ts";
import type { InstrumentSpec, MarginMode, PriceRule } from "../../base/instrument-spec.ts";

/** Most markets of one exchange. */
export const MARKETS_MAX = 1024;
const NAME_BYTES = 12;
const PRICE_RULES: readonly PriceRule[] = ["fiveSignificantFigures", "everyTick"];
/** Margin modes by number. */
const MARGIN_MODES: readonly MarginMode[] = ["cross", "noCross", "strictIsolated"];

/** Columns of the markets. */
export interface Markets {
  readonly table: Table;
  readonly name: U8Column;
  readonly szDecimals: I32Column;
  readonly maxLeverage: I32Column;
  readonly pxMax: I32Column;
  readonly positionMax: F64Column;
  readonly notionalMin: F64Column;
  readonly priceRule: I32Column;
  /** Index in {@link MARGIN_MODES}. */
  readonly marginMode: I32Column;
}

/** No markets yet. */
export function createMarkets(register: Register): Markets {
  const table = addTable(register, "market", MARKETS_MAX);
  return {
    table,
    name: addU8(table, "name", NAME_BYTES),
    szDecimals: addI32(table, "szDecimals"),
    maxLeverage: addI32(table, "maxLeverage"),
    pxMax: addI32(table, "pxMax"),
    positionMax: addF64(table, "positionMax"),
    notionalMin: addF64(table, "notionalMin"),
    priceRule: addI32(table, "priceRule"),
    marginMode: addI32(table, "marginMode"),
  };
}

/** Adds a market whose spec the caller has checked; returns its id. */
export function addMarket(markets: Markets, spec: InstrumentSpec): number {
  const id = addRow(markets.table);
  writeAscii(spec.name, markets.name.data, id * NAME_BYTES, NAME_BYTES);
  markets.szDecimals.data[id] = spec.szDecimals;
  markets.maxLeverage.data[id] = spec.maxLeverage;
  markets.pxMax.data[id] = spec.pxMax;
  markets.positionMax.data[id] = spec.positionMax;
  markets.notionalMin.data[id] = spec.notionalMin;
  markets.priceRule.data[id] = PRICE_RULES.indexOf(spec.priceRule);
  markets.marginMode.data[id] = MARGIN_MODES.indexOf(spec.marginMode ?? "cross");
  return id;
}

/** Number of markets. */
export const marketTotal = (markets: Markets): number => markets.table.count;

/** Whether `id` is a market's. */
export const isMarket = (markets: Markets, id: number): boolean =>
  Number.isInteger(id) && id >= 0 && id < markets.table.count;

/** Name of a market. */
const marketName = (markets: Markets, id: number): string =>
  readAscii(markets.name.data, id * NAME_BYTES, NAME_BYTES);

/** Id of the market with a name, or -1. */
export function marketByName(markets: Markets, name: string): number {
  for (let id = 0; id < markets.table.count; id++) if (marketName(markets, id) === name) return id;
  return -1;
}

/** The spec of a market as an object; allocates. */
export const specOf = (markets: Markets, id: number): InstrumentSpec => ({
  name: marketName(markets, id),
  szDecimals: markets.szDecimals.data[id] as number,
  maxLeverage: markets.maxLeverage.data[id] as number,
  pxMax: markets.pxMax.data[id] as number,
  positionMax: markets.positionMax.data[id] as number,
  notionalMin: markets.notionalMin.data[id] as number,
  priceRule: PRICE_RULES[markets.priceRule.data[id] as number] as PriceRule,
  ...(isIsolatedOnly(markets, id) && { marginMode: marginModeOf(markets, id) }),
});

/** Which margin a market allows. */
export const marginModeOf = (markets: Markets, id: number): MarginMode =>
  MARGIN_MODES[markets.marginMode.data[id] as number] as MarginMode;

/** Whether a market allows isolated margin alone. */
export const isIsolatedOnly = (markets: Markets, id: number): boolean =>
  markets.marginMode.data[id] !== 0;

/** Leverage of an account that never chose one: the venue's default of 20, or the market's maximum. */
export const defaultLeverage = (markets: Markets, id: number): number =>
  Math.min(20, markets.maxLeverage.data[id] as number);
