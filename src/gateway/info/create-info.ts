import type { CreateInfo } from "../info-port.ts";
import {
  extraAgents,
  subAccounts,
  subAccounts2,
  userAbstraction,
  userRateLimit,
  userRole,
} from "./accounts.ts";
import { activeAssetData } from "./active-asset-data.ts";
import { bourseAnalytics } from "./analytics.ts";
import { candleSnapshot } from "./candles.ts";
import { clearinghouseState } from "./clearinghouse-state.ts";
import { userFills, userFillsByTime } from "./fills.ts";
import { fundingHistory, predictedFundings, userFunding } from "./funding.ts";
import { type InfoMethod, MALFORMED, normaliseRequest } from "./info-method.ts";
import {
  boursePositionMoves,
  boursePositionOffers,
  userNonFundingLedgerUpdates,
} from "./ledger.ts";
import { allMids, l2Book, recentTrades } from "./market-data.ts";
import { allPerpMetas, meta, metaAndAssetCtxs } from "./meta.ts";
import { frontendOpenOrders, historicalOrders, openOrders, orderStatus } from "./orders.ts";
import { boursePools } from "./pools.ts";
import { bourseMarkets, maxMarketOrderNtls, perpsAtOpenInterestCap } from "./protection.ts";
import { approvedBuilders, maxBuilderFee, referral } from "./rewards.ts";
import { bourseRiskLimits } from "./risk-limits.ts";
import { bourseStrategies } from "./strategies.ts";
import { twapHistory, userTwapSliceFills, userTwapSliceFillsByTime } from "./twaps.ts";
import { userFees } from "./user-fees.ts";
import { leadingVaults, userVaultEquities, vaultDetails, vaultSummaries } from "./vaults.ts";
import { exchangeStatus, outcomeMeta, perpDexs, spotMeta, spotMetaAndAssetCtxs } from "./venue.ts";

const METHODS: ReadonlyMap<unknown, InfoMethod> = new Map(
  Object.entries({
    activeAssetData,
    allMids,
    bourseAnalytics,
    bourseMarkets,
    allPerpMetas,
    approvedBuilders,
    boursePools,
    candleSnapshot,
    bourseStrategies,
    clearinghouseState,
    boursePositionMoves,
    bourseRiskLimits,
    boursePositionOffers,
    exchangeStatus,
    extraAgents,
    frontendOpenOrders,
    fundingHistory,
    historicalOrders,
    l2Book,
    maxBuilderFee,
    maxMarketOrderNtls,
    leadingVaults,
    meta,
    userVaultEquities,
    vaultDetails,
    vaultSummaries,
    metaAndAssetCtxs,
    openOrders,
    orderStatus,
    outcomeMeta,
    perpDexs,
    perpsAtOpenInterestCap,
    predictedFundings,
    recentTrades,
    referral,
    spotMeta,
    spotMetaAndAssetCtxs,
    subAccounts,
    subAccounts2,
    userAbstraction,
    userFees,
    userFills,
    userFillsByTime,
    twapHistory,
    userTwapSliceFills,
    userTwapSliceFillsByTime,
    userFunding,
    userNonFundingLedgerUpdates,
    userRateLimit,
    userRole,
  }),
);

/** Answers `/info` from state and read models; unknown types and malformed requests get 422. */
export const createInfo: CreateInfo = (context) => (body) => {
  if (typeof body !== "object" || body === null || !("type" in body)) return MALFORMED;
  const method = METHODS.get(body.type);
  return method === undefined ? MALFORMED : method(context, normaliseRequest(body));
};
