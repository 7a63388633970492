import {
  AllPerpMetasRequest,
  type AllPerpMetasResponse,
  MetaAndAssetCtxsRequest,
  type MetaAndAssetCtxsResponse,
  MetaRequest,
  type MetaResponse,
} from "@nktkas/hyperliquid/api/info";
import type { MarginMode } from "../../base/instrument-spec.ts";
import type { MarginTier } from "../../base/margin-tiers.ts";
import { marginTiers, marketSpec } from "../../exchange/query.ts";
import { type MarketView, marketsOfDex } from "../../projection/market-directory.ts";
import { formatUsdc } from "../../wire/decimal.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { assetContext } from "./asset-context.ts";
import { infoMethod } from "./info-method.ts";

/** `meta`: a dex's markets in order of asset id. */
export const meta = infoMethod(MetaRequest, (context, { dex }) => metaShape(context, dex));

/** `allPerpMetas`: the same of every dex, the main one first. */
export const allPerpMetas = infoMethod(
  AllPerpMetasRequest,
  (context): AllPerpMetasResponse =>
    context.models.directory.ids.dexes.map((dex) => metaShape(context, dex)),
);

/** `metaAndAssetCtxs`: the same, and each market's figures under the same index. */
export const metaAndAssetCtxs = infoMethod(
  MetaAndAssetCtxsRequest,
  (context, { dex = "" }): MetaAndAssetCtxsResponse => [
    metaShape(context, dex),
    marketsOfDex(context.models.directory, dex).map((market) => assetContext(context, market)),
  ],
);

function metaShape({ models, sequencer }: GatewayContext, dex = ""): MetaResponse {
  const markets = marketsOfDex(models.directory, dex);
  const tiers = markets.map(({ market }) => marginTiers(sequencer.state, market));
  return {
    universe: markets.map(({ name, szDecimals, maxLeverage, market }, index) => ({
      szDecimals,
      name,
      maxLeverage,
      marginTableId: tableId(tiers, index),
      ...isolationOf(marketSpec(sequencer.state, market).marginMode),
    })),
    marginTables: marginTables(markets, tiers),
    collateralToken: 0,
  };
}

/** Keys of a market that allows isolated margin alone. */
const isolationOf = (
  mode: MarginMode | undefined,
): Pick<MetaResponse["universe"][number], "onlyIsolated" | "marginMode"> =>
  mode === undefined || mode === "cross" ? {} : { onlyIsolated: true, marginMode: mode };

type Tiers = readonly (readonly MarginTier[])[];

/** Ids of tables with several tiers lie above any leverage. */
const TIERED_FROM = 1_000;

/** A table of one tier has its leverage as id, as the venue numbers those; others one a market. */
const tableId = (tiers: Tiers, market: number): number => {
  const own = tiers[market] as readonly MarginTier[];
  return own.length === 1 ? (own[0] as MarginTier).maxLeverage : TIERED_FROM + market;
};

function marginTables(markets: readonly MarketView[], tiers: Tiers): MetaResponse["marginTables"] {
  const byId = new Map(
    markets.map(({ name }, index) => [tableId(tiers, index), { name, market: index }]),
  );
  return [...byId]
    .sort(([a], [b]) => a - b)
    .map(([id, { name, market }]) => [
      id,
      {
        description: id < TIERED_FROM ? "" : `tiered ${name}`,
        marginTiers: (tiers[market] as readonly MarginTier[]).map((tier) => ({
          lowerBound: formatUsdc(tier.lowerBound),
          maxLeverage: tier.maxLeverage,
        })),
      },
    ]);
}
