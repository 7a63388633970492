/**
 * What an order is checked against on its market, as plain fields beside the columns: one load each
 * on the way of every order. Derived from the market's row when its book is opened.
 */
import { ticksPerUsdc } from "../../base/instrument-spec.ts";
import { defaultLeverage, type Markets, specOf } from "./market.ts";

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
  /** Divisor of initial margin. */
  readonly leverage: number;
}

/** The terms of a market whose row stands. */
export function termsOf(markets: Markets, market: number): MarketTerms {
  const spec = specOf(markets, market);
  return {
    pxMax: spec.pxMax,
    wholeTicks: spec.priceRule === "everyTick" ? 1 : ticksPerUsdc(spec.szDecimals),
    positionMax: spec.positionMax,
    notionalMin: spec.notionalMin,
    leverage: defaultLeverage(markets, market),
  };
}
