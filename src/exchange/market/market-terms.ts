/**
 * What an order is checked against on its market, as plain fields beside the columns: one load each
 * on the way of every order. Derived from the market's row when its book is opened; the last five
 * change with prices and with what protects the market (`oracle/price-bounds.ts`).
 */
import { ticksPerUsdc } from "../../base/instrument-spec.ts";
import { type TierTable, tierTable } from "../../base/margin-tiers.ts";
import { type MarginTiers, tiersOf } from "./margin-tiers.ts";
import { defaultLeverage, isIsolatedOnly, type Markets, specOf } from "./market.ts";

/** See the file's head. */
export interface MarketTerms {
  /** [ticks] */
  readonly pxMax: number;
  /** Ticks of a whole USDC; 1 where every tick is legal. */
  readonly wholeTicks: number;
  /** [lots] */
  readonly positionMax: number;
  /** [10^-6 USDC] */
  readonly notionalMin: number;
  /** Divisor of initial margin of an account that chose none; negative = its margin is isolated. */
  readonly leverage: number;
  readonly tiers: TierTable;
  /** Divisor of maintenance margin in the first tier. */
  readonly divisor: number;
  /** Where the second tier begins; Infinity = there is none [10^-6 USDC]. */
  readonly tierFrom: number;
  /** What the index price leaves to limits of new orders [ticks]. */
  pxLow: number;
  pxHigh: number;
  /** Largest order with a limit; Infinity = any [10^-6 USDC]. */
  notionalMax: number;
  /** Largest order at market; Infinity = any [10^-6 USDC]. */
  marketNotionalMax: number;
  /** Some rule of protection may stand against any order. */
  isGuarded: boolean;
}

/** The terms of a market whose row stands. */
export function termsOf(markets: Markets, tiers: MarginTiers, market: number): MarketTerms {
  const spec = specOf(markets, market);
  const table = tierTable(tiersOf(markets, tiers, market));
  return {
    pxMax: spec.pxMax,
    wholeTicks: spec.priceRule === "everyTick" ? 1 : ticksPerUsdc(spec.szDecimals),
    positionMax: spec.positionMax,
    notionalMin: spec.notionalMin,
    leverage: defaultLeverage(markets, market) * (isIsolatedOnly(markets, market) ? -1 : 1),
    tiers: table,
    divisor: table.divisor[0] as number,
    tierFrom: table.from[1] ?? Number.POSITIVE_INFINITY,
    pxLow: 1,
    pxHigh: spec.pxMax,
    notionalMax: Number.POSITIVE_INFINITY,
    marketNotionalMax: Number.POSITIVE_INFINITY,
    isGuarded: false,
  };
}
