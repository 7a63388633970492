import * as v from "valibot";
import type { Hex } from "../../base/hex.ts";
import { accountOfAddress } from "../../exchange/query.ts";
import {
  type AnalyticsView,
  analyticsView,
  type MarkoutView,
} from "../../projection/analytics-view.ts";
import { marketOf } from "../../projection/market-directory.ts";
import type { ReadModels } from "../../projection/read-models.ts";
import { formatUsdc } from "../../wire/decimal.ts";
import { infoMethod } from "./info-method.ts";

const AnalyticsRequest = v.object({
  type: v.literal("bourseAnalytics"),
  user: v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{40}$/)),
  trials: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000_000))),
});

/**
 * `bourseAnalytics`: how an account, a vault or a sub-account trades. Money as text, ratios as numbers,
 * null where there is too little to tell.
 */
export const bourseAnalytics = infoMethod(
  AnalyticsRequest,
  ({ sequencer: { state }, models, nowMs }, { user, trials }): object => {
    const account = accountOfAddress(state, user.toLowerCase() as Hex);
    const figures = analyticsView(models.analytics, account, {
      nowMs: nowMs(),
      ...(trials !== undefined && { trials }),
    });
    return analyticsShape(figures, models);
  },
);

function analyticsShape(view: AnalyticsView, models: ReadModels): object {
  const { totals } = view;
  return {
    totalVolume: formatUsdc(totals.makerVolume + totals.takerVolume),
    makerVolume: formatUsdc(totals.makerVolume),
    takerVolume: formatUsdc(totals.takerVolume),
    makerFills: totals.makerFills,
    takerFills: totals.takerFills,
    feesPaid: formatUsdc(totals.feesPaid),
    rebatesEarned: formatUsdc(totals.rebatesEarned),
    funding: formatUsdc(totals.funding),
    takeover: formatUsdc(totals.takeover),
    realisedPnl: formatUsdc(totals.realised),
    unrealisedPnl: formatUsdc(view.unrealised),
    grossPnl: formatUsdc(view.grossPnl),
    netPnl: formatUsdc(view.netPnl),
    equity: formatUsdc(view.equity),
    netFlow: formatUsdc(totals.flow),
    roundTrips: view.trips,
    winRate: view.winRate,
    profitFactor: view.profitFactor,
    markouts: {
      maker: view.maker.map(markoutShape),
      taker: view.taker.map(markoutShape),
      leftOut: view.leftOut,
    },
    inventory: view.halfLives.map(({ market, seconds, n }) => ({
      coin: marketOf(models.directory, market).name,
      halfLifeSeconds: seconds,
      n,
    })),
    returns: { ...view.returns, runningDay: view.dayReturn },
    days: view.days.map(({ day, equity, flow, return: value }) => ({
      day,
      equity: formatUsdc(equity),
      netFlow: formatUsdc(flow),
      return: value,
    })),
  };
}

const markoutShape = ({ horizonMs, n, mean, standardError, value }: MarkoutView): object => ({
  horizonMs,
  n,
  meanBps: mean,
  standardErrorBps: standardError,
  value: formatUsdc(value),
});
