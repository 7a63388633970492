/** What protects markets, and how they stand. */
import {
  MaxMarketOrderNtlsRequest,
  type MaxMarketOrderNtlsResponse,
  PerpsAtOpenInterestCapRequest,
  type PerpsAtOpenInterestCapResponse,
} from "@nktkas/hyperliquid/api/info";
import * as v from "valibot";
import { MARKET_STATE, venueMarketNotional } from "../../base/market-protection.ts";
import { type MarketStanding, marketStanding } from "../../exchange/query.ts";
import { isOfDex } from "../../projection/market-directory.ts";
import { formatRate, formatUsdc } from "../../wire/decimal.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { infoMethod } from "./info-method.ts";

const STATE_WORDS = Object.keys(MARKET_STATE);

/** `maxMarketOrderNtls`: the venue's largest orders at market, by the highest leverage of a market from which they hold. */
export const maxMarketOrderNtls = infoMethod(
  MaxMarketOrderNtlsRequest,
  (): MaxMarketOrderNtlsResponse =>
    [25, 20, 10, 1].map((leverage) => [leverage, formatUsdc(venueMarketNotional(leverage))]),
);

/** `perpsAtOpenInterestCap`: markets whose open interest has reached its cap, of one dex. */
export const perpsAtOpenInterestCap = infoMethod(
  PerpsAtOpenInterestCapRequest,
  ({ models, sequencer }, { dex = "" }): PerpsAtOpenInterestCapResponse =>
    models.directory.markets
      .filter(
        ({ market }) =>
          isOfDex(models.directory, market, dex) && marketStanding(sequencer.state, market).isAtCap,
      )
      .map(({ name }) => name),
);

/** `bourseMarkets`: how each market stands, and its settings; shares and USDC as text. */
export const bourseMarkets = infoMethod(
  v.object({ type: v.literal("bourseMarkets") }),
  (context): object[] =>
    context.models.directory.markets.map(({ name, market }) => ({
      coin: name,
      ...standingShape(marketStanding(context.sequencer.state, market)),
    })),
);

function standingShape({ state, untilMs, isStale, isAtCap, settings }: MarketStanding): object {
  return {
    state: STATE_WORDS[state],
    untilMs: untilMs === 0 ? null : untilMs,
    liquidationsPaused: isStale || state !== MARKET_STATE.open,
    atOpenInterestCap: isAtCap,
    distance: formatRate(settings.distance),
    band: formatRate(settings.band),
    moveMax: formatRate(settings.moveMax),
    marketNotionalMax: formatUsdc(settings.marketNotionalMax),
    openInterestMax: formatUsdc(settings.openInterestMax),
    moveWindowMs: settings.moveWindowMs,
    cancelOnlyMs: settings.cancelOnlyMs,
    postOnlyMs: settings.postOnlyMs,
    staleMs: settings.staleMs,
  };
}

/** What is out of the ordinary, in words; null where nothing is. */
export function specialStatuses({ models, sequencer }: GatewayContext): string | null {
  const said = models.directory.markets.flatMap(({ name, market }) => {
    const { state, isStale } = marketStanding(sequencer.state, market);
    const words = [
      ...(state === MARKET_STATE.cancelOnly ? ["takes cancels alone"] : []),
      ...(state === MARKET_STATE.postOnly ? ["takes post-only orders alone"] : []),
      ...(isStale ? ["pauses liquidations: its oracle price is old"] : []),
    ];
    return words.map((word) => `${name} ${word}`);
  });
  return said.length === 0 ? null : `${said.join("; ")}.`;
}
