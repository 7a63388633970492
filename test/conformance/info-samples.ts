import type { Hex } from "../../src/base/hex.ts";
import { KNOWN_CLOID, NAMED_AGENT, STRANGER, UNNAMED_AGENT, USERS } from "./busy-exchange.ts";

/** Requests for every method of `/info`, under the name of the SDK's reply type. */
export interface InfoSamples {
  readonly reply: string;
  readonly requests: readonly object[];
}

const EVERYBODY: readonly Hex[] = [...USERS, NAMED_AGENT, UNNAMED_AGENT, STRANGER];
const COINS = ["BTC", "SOL", "kPEPE"];

const byUser = (type: string, more: object = {}): object[] =>
  EVERYBODY.map((user) => ({ type, user, ...more }));

const GROUPINGS = [
  {},
  { nSigFigs: null, mantissa: null },
  { nSigFigs: 2 },
  { nSigFigs: 3 },
  { nSigFigs: 4 },
  { nSigFigs: 5 },
  { nSigFigs: 5, mantissa: 2 },
  { nSigFigs: 5, mantissa: 5 },
];

/** Samples by method; `oids` are orders of the first user. */
export const infoSamples = (oids: readonly number[]): Readonly<Record<string, InfoSamples>> => ({
  meta: { reply: "MetaResponse", requests: [{ type: "meta" }, { type: "meta", dex: "" }] },
  metaAndAssetCtxs: {
    reply: "MetaAndAssetCtxsResponse",
    requests: [{ type: "metaAndAssetCtxs" }],
  },
  spotMeta: { reply: "SpotMetaResponse", requests: [{ type: "spotMeta" }] },
  spotMetaAndAssetCtxs: {
    reply: "SpotMetaAndAssetCtxsResponse",
    requests: [{ type: "spotMetaAndAssetCtxs" }],
  },
  outcomeMeta: { reply: "OutcomeMetaResponse", requests: [{ type: "outcomeMeta" }] },
  perpDexs: { reply: "PerpDexsResponse", requests: [{ type: "perpDexs" }] },
  maxMarketOrderNtls: {
    reply: "MaxMarketOrderNtlsResponse",
    requests: [{ type: "maxMarketOrderNtls" }],
  },
  perpsAtOpenInterestCap: {
    reply: "PerpsAtOpenInterestCapResponse",
    requests: [{ type: "perpsAtOpenInterestCap" }],
  },
  exchangeStatus: { reply: "ExchangeStatusResponse", requests: [{ type: "exchangeStatus" }] },
  allMids: { reply: "AllMidsResponse", requests: [{ type: "allMids" }] },
  l2Book: {
    reply: "L2BookResponse",
    requests: [...COINS, "NONE"].flatMap((coin) =>
      GROUPINGS.map((grouping) => ({ type: "l2Book", coin, ...grouping })),
    ),
  },
  recentTrades: {
    reply: "RecentTradesResponse",
    requests: COINS.map((coin) => ({ type: "recentTrades", coin })),
  },
  openOrders: { reply: "OpenOrdersResponse", requests: byUser("openOrders") },
  frontendOpenOrders: {
    reply: "FrontendOpenOrdersResponse",
    requests: byUser("frontendOpenOrders"),
  },
  orderStatus: {
    reply: "OrderStatusResponse",
    requests: [...oids, KNOWN_CLOID, 1].map((oid) => ({
      type: "orderStatus",
      user: USERS[0],
      oid,
    })),
  },
  historicalOrders: { reply: "HistoricalOrdersResponse", requests: byUser("historicalOrders") },
  userFills: {
    reply: "UserFillsResponse",
    requests: [...byUser("userFills"), ...byUser("userFills", { aggregateByTime: true })],
  },
  userFillsByTime: {
    reply: "UserFillsByTimeResponse",
    requests: [
      ...byUser("userFillsByTime", { startTime: 0 }),
      ...byUser("userFillsByTime", { startTime: 0, endTime: null, reversed: true }),
    ],
  },
  twapHistory: { reply: "TwapHistoryResponse", requests: byUser("twapHistory") },
  userTwapSliceFills: {
    reply: "UserTwapSliceFillsResponse",
    requests: byUser("userTwapSliceFills"),
  },
  userTwapSliceFillsByTime: {
    reply: "UserTwapSliceFillsByTimeResponse",
    requests: byUser("userTwapSliceFillsByTime", { startTime: 0 }),
  },
  clearinghouseState: {
    reply: "ClearinghouseStateResponse",
    requests: byUser("clearinghouseState"),
  },
  userRateLimit: { reply: "UserRateLimitResponse", requests: byUser("userRateLimit") },
  userFees: { reply: "UserFeesResponse", requests: byUser("userFees") },
  userFunding: {
    reply: "UserFundingResponse",
    requests: byUser("userFunding", { startTime: 0 }),
  },
  fundingHistory: {
    reply: "FundingHistoryResponse",
    requests: COINS.map((coin) => ({ type: "fundingHistory", coin, startTime: 0 })),
  },
  userNonFundingLedgerUpdates: {
    reply: "UserNonFundingLedgerUpdatesResponse",
    requests: byUser("userNonFundingLedgerUpdates", { startTime: 0 }),
  },
  candleSnapshot: {
    reply: "CandleSnapshotResponse",
    requests: COINS.flatMap((coin) =>
      ["1m", "1h", "3d", "1w", "1M"].map((interval) => ({
        type: "candleSnapshot",
        req: { coin, interval, startTime: 0 },
      })),
    ),
  },
  predictedFundings: {
    reply: "PredictedFundingsResponse",
    requests: [{ type: "predictedFundings" }],
  },
  userRole: { reply: "UserRoleResponse", requests: byUser("userRole") },
  extraAgents: { reply: "ExtraAgentsResponse", requests: byUser("extraAgents") },
  maxBuilderFee: {
    reply: "MaxBuilderFeeResponse",
    requests: byUser("maxBuilderFee", { builder: STRANGER }),
  },
  userAbstraction: { reply: "UserAbstractionResponse", requests: byUser("userAbstraction") },
  subAccounts: { reply: "SubAccountsResponse", requests: byUser("subAccounts") },
  subAccounts2: { reply: "SubAccounts2Response", requests: byUser("subAccounts2") },
  activeAssetData: {
    reply: "ActiveAssetDataResponse",
    requests: COINS.flatMap((coin) => byUser("activeAssetData", { coin })),
  },
});
