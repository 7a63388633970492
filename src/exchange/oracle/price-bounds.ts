/**
 * Renews what price protection leaves to orders, from a market's settings, how it stands and its
 * index price p. With the distance d a limit L is near enough where |L - p| <= trunc(d p), so both
 * bounds are ticks; before the first price every price of the market is.
 */
import { MARKET_STATE, PROTECTION } from "../../base/market-protection.ts";
import { mulRateTrunc } from "../../base/rounding.ts";
import type { Markets } from "../market/market.ts";
import type { MarketTerms } from "../market/market-terms.ts";
import { type Protection, STANDING, settingOf, standingOf } from "../market/protection.ts";
import type { Oracle } from "./oracle.ts";

/** An order with a limit may be so many times as large as one at market: the venue's rule. */
const LIMIT_TIMES = 10;

interface Guarded {
  readonly markets: Markets;
  readonly protection: Protection;
  readonly oracle: Oracle;
  readonly terms: readonly MarketTerms[];
}

/** Renews what hangs on a market's index price. */
export function renewPxBounds(
  { markets, protection, oracle, terms }: Guarded,
  market: number,
): void {
  const bounds = terms[market] as MarketTerms;
  const px = oracle.px.data[market] as number;
  const distance = settingOf(protection, markets, market, PROTECTION.distance);
  const away = mulRateTrunc(px, distance);
  const isBound = px > 0 && distance > 0;
  bounds.pxLow = isBound ? Math.max(1, px - away) : 1;
  bounds.pxHigh = isBound ? Math.min(bounds.pxMax, px + away) : bounds.pxMax;
}

/** Renews all of it, after a setting or how the market stands has changed. */
export function renewBounds(core: Guarded, market: number): void {
  const { markets, protection } = core;
  const terms = core.terms[market] as MarketTerms;
  const setting = (lane: number): number => settingOf(protection, markets, market, lane);
  renewPxBounds(core, market);
  const marketNotionalMax = setting(PROTECTION.marketNotionalMax) || Number.POSITIVE_INFINITY;
  terms.marketNotionalMax = marketNotionalMax;
  terms.notionalMax = marketNotionalMax * LIMIT_TIMES;
  terms.isGuarded =
    standingOf(protection, market, STANDING.state) !== MARKET_STATE.open ||
    setting(PROTECTION.band) > 0 ||
    setting(PROTECTION.openInterestMax) > 0;
}
