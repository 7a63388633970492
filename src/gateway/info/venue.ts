/** What the venue is beside its perpetuals: no spot pairs, no outcomes, no further dexes. */
import {
  ExchangeStatusRequest,
  type ExchangeStatusResponse,
  OutcomeMetaRequest,
  type OutcomeMetaResponse,
  PerpDexsRequest,
  type PerpDexsResponse,
  SpotMetaAndAssetCtxsRequest,
  type SpotMetaAndAssetCtxsResponse,
  SpotMetaRequest,
  type SpotMetaResponse,
} from "@nktkas/hyperliquid/api/info";
import { infoMethod } from "./info-method.ts";
import { specialStatuses } from "./protection.ts";

/** Clients index the tokens, so the collateral is there although no pair trades it. */
const SPOT_META: SpotMetaResponse = {
  universe: [],
  tokens: [
    {
      name: "USDC",
      szDecimals: 8,
      weiDecimals: 8,
      index: 0,
      tokenId: "0x00000000000000000000000000000000",
      isCanonical: true,
      evmContract: null,
      fullName: null,
      deployerTradingFeeShare: "0.0",
    },
  ],
};

/** `spotMeta`. */
export const spotMeta = infoMethod(SpotMetaRequest, (): SpotMetaResponse => SPOT_META);

/** `spotMetaAndAssetCtxs`. */
export const spotMetaAndAssetCtxs = infoMethod(
  SpotMetaAndAssetCtxsRequest,
  (): SpotMetaAndAssetCtxsResponse => [SPOT_META, []],
);

/** `outcomeMeta`. */
export const outcomeMeta = infoMethod(
  OutcomeMetaRequest,
  (): OutcomeMetaResponse => ({ outcomes: [], questions: [] }),
);

/** `perpDexs`: null stands for the main dex. */
export const perpDexs = infoMethod(PerpDexsRequest, (): PerpDexsResponse => [null]);

/** `exchangeStatus`. */
export const exchangeStatus = infoMethod(
  ExchangeStatusRequest,
  (context): ExchangeStatusResponse => ({
    time: context.nowMs(),
    specialStatuses: specialStatuses(context),
  }),
);
