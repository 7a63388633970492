import type { MetaAndAssetCtxsResponse } from "@nktkas/hyperliquid/api/info";
import { PERP_DECIMALS } from "../../base/instrument-spec.ts";
import { BUY, SELL, type Side } from "../../base/side.ts";
import { venueImpactNotional } from "../../exchange/funding/funding-terms.ts";
import { marketFunding, markPx, openInterest } from "../../exchange/query.ts";
import { dayFigures } from "../../projection/day-stats.ts";
import { type L2, type L2Level, levelsOf } from "../../projection/l2.ts";
import type { MarketView } from "../../projection/market-directory.ts";
import { bookMidDoubled } from "../../projection/mid.ts";
import { formatPx, formatQuotient, formatSz, formatUsdc } from "../../wire/decimal.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { formatFundingRate } from "./funding.ts";
import { formatHalfTicks } from "./mids-shape.ts";

/** A market's figures on the wire. */
export type AssetContext = MetaAndAssetCtxsResponse[1][number];

const PREMIUM_DECIMALS = 10;

/** What filling the impact notional would take [10^-6 USDC, lots]. */
interface Impact {
  readonly notional: number;
  readonly sz: number;
}

/** A market's figures: prices, the last day, open interest, what a sizeable order would pay. */
export function assetContext(context: GatewayContext, market: MarketView): AssetContext {
  const { models, sequencer, nowMs } = context;
  const { szDecimals, oraclePx } = market;
  const day = dayFigures(models.dayStats, market.market, nowMs());
  const mid = bookMidDoubled(models.l2, market.market);
  const funding = marketFunding(sequencer.state, market.market);
  const notional = funding?.impactNotional ?? venueImpactNotional(market.name);
  const bid = impactOf(models.l2, market, BUY, notional);
  const ask = impactOf(models.l2, market, SELL, notional);
  return {
    prevDayPx: formatPx(day.prevDayPx, szDecimals),
    dayNtlVlm: formatUsdc(day.notional),
    markPx: formatPx(markPx(sequencer.state, market.market), szDecimals),
    midPx: mid === null ? null : formatHalfTicks(mid, szDecimals),
    funding: formatFundingRate(funding?.predictedRate ?? 0),
    openInterest: formatSz(openInterest(sequencer.state, market.market), szDecimals),
    premium: bid === null || ask === null ? null : premiumText(bid, ask, oraclePx),
    oraclePx: formatPx(oraclePx, szDecimals),
    impactPxs:
      bid === null || ask === null
        ? null
        : [averagePxText(bid, szDecimals), averagePxText(ask, szDecimals)],
    dayBaseVlm: formatSz(day.base, szDecimals),
  };
}

/** What an impact notional [10^-6 USDC] would take from a side, in whole lots; null where the side is too thin. */
function impactOf(
  l2: L2,
  { market }: MarketView,
  side: Side,
  impactNotional: number,
): Impact | null {
  const levels = levelsOf(l2, market, side);
  let left = impactNotional;
  let notional = 0;
  let sz = 0;
  for (let i = levels.length - 1; i >= 0 && left > 0; i--) {
    const level = levels[i] as L2Level;
    const whole = level.px * level.sz;
    const taken = whole <= left ? level.sz : Math.floor(left / level.px);
    notional += taken * level.px;
    sz += taken;
    left = whole < left ? left - whole : 0;
  }
  return left > 0 || sz === 0 ? null : { notional, sz };
}

const averagePxText = ({ notional, sz }: Impact, szDecimals: number): string => {
  const pxDecimals = PERP_DECIMALS - szDecimals;
  return formatQuotient(notional, sz * 10 ** pxDecimals, pxDecimals);
};

/** How far the impact bid stands above the oracle, or the impact ask below it, as a fraction. */
function premiumText(bid: Impact, ask: Impact, oraclePx: number): string {
  const above = bid.notional - bid.sz * oraclePx;
  if (above > 0) return formatQuotient(above, bid.sz * oraclePx, PREMIUM_DECIMALS);
  const below = ask.notional - ask.sz * oraclePx;
  return below < 0 ? formatQuotient(below, ask.sz * oraclePx, PREMIUM_DECIMALS) : "0.0";
}
