/** What the venue is beside its perpetuals: no spot pairs, no outcomes. */
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

/** `perpDexs`: null stands for the main dex; nobody but the operator runs one, and none takes a fee of its own. */
export const perpDexs = infoMethod(
  PerpDexsRequest,
  ({ models }): PerpDexsResponse =>
    models.directory.ids.dexes.map((name) => (name === "" ? null : dexShape(name))),
);

const dexShape = (name: string): NonNullable<PerpDexsResponse[number]> => ({
  name,
  fullName: name,
  deployer: `0x${"0".repeat(40)}`,
  oracleUpdater: null,
  feeRecipient: null,
  assetToStreamingOiCap: [],
  subDeployers: [],
  deployerFeeScale: "0.0",
  lastDeployerFeeScaleChangeTime: "1970-01-01T00:00:00",
  assetToFundingMultiplier: [],
  assetToFundingInterestRate: [],
});

/** `exchangeStatus`. */
export const exchangeStatus = infoMethod(
  ExchangeStatusRequest,
  (context): ExchangeStatusResponse => ({
    time: context.nowMs(),
    specialStatuses: specialStatuses(context),
  }),
);
