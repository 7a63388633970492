/**
 * Owns what protects a market from prices and sizes that nobody meant: its settings, and how it
 * stands. One row a market, in order of their ids, up to the last that differs from what a market has
 * from the start; a table without rows costs nothing and means the venue's rules for all.
 */
import {
  addF64,
  addRow,
  addTable,
  type F64Column,
  type Register,
  type Table,
} from "../../base/column.ts";
import {
  MARKET_STATE,
  PROTECTION,
  PROTECTION_SETTINGS,
  type ProtectionSetting,
  venueMarketNotional,
} from "../../base/market-protection.ts";
import { MARKETS_MAX, type Markets } from "./market.ts";

/** Lanes of how a market stands. */
export const STANDING = {
  /** A {@link MARKET_STATE} number. */
  state: 0,
  /** When it changes by itself; 0 = never [ms]. */
  untilMs: 1,
  /** 1 = liquidations wait for an index price. */
  isStale: 2,
  /** When the running window of moves began; 0 = no price yet [ms]. */
  windowMs: 3,
  /** Last mark price, and the lowest and highest of the running window and of the one before [ticks]. */
  lastPx: 4,
  low: 5,
  high: 6,
  lowBefore: 7,
  highBefore: 8,
} as const;
const STANDINGS = 9;

/** Tables of protection. */
export interface Protection {
  readonly table: Table;
  readonly settings: F64Column;
  readonly standing: F64Column;
  /** When some market changes by itself, or sooner; derived; Infinity = none [ms]. */
  readonly nextMs: Float64Array;
}

/** Every market as the venue has it. */
export function createProtection(register: Register): Protection {
  const table = addTable(register, "protection", MARKETS_MAX);
  return {
    table,
    settings: addF64(table, "settings", PROTECTION_SETTINGS),
    standing: addF64(table, "standing", STANDINGS),
    nextMs: Float64Array.of(Number.POSITIVE_INFINITY),
  };
}

/** What a market has of a setting before anybody changes it: the venue's. */
function settingFromStart(markets: Markets, market: number, setting: number): number {
  if (setting === PROTECTION.distance) return 800_000_000;
  if (setting !== PROTECTION.marketNotionalMax) return 0;
  const maxLeverage = markets.maxLeverage.data[market] as number;
  return venueMarketNotional(maxLeverage);
}

/** A setting of a market. */
export function settingOf(
  protection: Protection,
  markets: Markets,
  market: number,
  setting: number,
): number {
  if (market >= protection.table.count) return settingFromStart(markets, market, setting);
  return protection.settings.data[market * PROTECTION_SETTINGS + setting] as number;
}

/** Changes a setting of a market, whose row there is. */
export function setSetting(
  protection: Protection,
  market: number,
  setting: number,
  value: number,
): void {
  protection.settings.data[market * PROTECTION_SETTINGS + setting] = value;
}

/** All settings of a market by name; allocates. */
export function settingsOf(
  protection: Protection,
  markets: Markets,
  market: number,
): Record<ProtectionSetting, number> {
  const names = Object.keys(PROTECTION) as ProtectionSetting[];
  const pairs = names.map((name) => [
    name,
    settingOf(protection, markets, market, PROTECTION[name]),
  ]);
  return Object.fromEntries(pairs) as Record<ProtectionSetting, number>;
}

/** Makes sure that a market has its row, and those before it. */
export function openProtectionRow(protection: Protection, markets: Markets, market: number): void {
  while (protection.table.count <= market) {
    const row = addRow(protection.table);
    for (let setting = 0; setting < PROTECTION_SETTINGS; setting++) {
      protection.settings.data[row * PROTECTION_SETTINGS + setting] = settingFromStart(
        markets,
        row,
        setting,
      );
    }
  }
}

/** A lane of how a market stands; 0 where it has no row. */
export const standingOf = (protection: Protection, market: number, lane: number): number =>
  market >= protection.table.count
    ? 0
    : (protection.standing.data[market * STANDINGS + lane] as number);

/** Sets a lane of how a market stands, whose row there is. */
export function setStanding(
  protection: Protection,
  market: number,
  lane: number,
  value: number,
): void {
  protection.standing.data[market * STANDINGS + lane] = value;
}

/** Whether orders of a market may match. */
export const isOpen = (protection: Protection, market: number): boolean =>
  standingOf(protection, market, STANDING.state) === MARKET_STATE.open;

/** Whether nothing of a market is liquidated for now: it is halted, or its index price is too old. */
export const isLiquidationHeld = (protection: Protection, market: number): boolean =>
  !isOpen(protection, market) || standingOf(protection, market, STANDING.isStale) === 1;
