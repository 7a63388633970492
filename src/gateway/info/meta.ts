import {
  MetaAndAssetCtxsRequest,
  type MetaAndAssetCtxsResponse,
  MetaRequest,
  type MetaResponse,
} from "@nktkas/hyperliquid/api/info";
import type { MarginMode } from "../../base/instrument-spec.ts";
import type { MarginTier } from "../../base/margin-tiers.ts";
import { marginTiers, marketSpec } from "../../exchange/query.ts";
import type { MarketView } from "../../projection/market-directory.ts";
import { formatUsdc } from "../../wire/decimal.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { assetContext } from "./asset-context.ts";
import { infoMethod } from "./info-method.ts";

/** `meta`: the markets in order of asset id. */
export const meta = infoMethod(MetaRequest, metaShape);

/** `metaAndAssetCtxs`: the same, and each market's figures under the same index. */
export const metaAndAssetCtxs = infoMethod(
  MetaAndAssetCtxsRequest,
  (context): MetaAndAssetCtxsResponse => [
    metaShape(context),
    context.models.directory.markets.map((market) => assetContext(context, market)),
  ],
);

function metaShape({ models, sequencer }: GatewayContext): MetaResponse {
  const { markets } = models.directory;
  const tiers = markets.map(({ market }) => marginTiers(sequencer.state, market));
  return {
    universe: markets.map(({ name, szDecimals, maxLeverage }, market) => ({
      szDecimals,
      name,
      maxLeverage,
      marginTableId: tableId(tiers, market),
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
    markets.map(({ name, market }) => [tableId(tiers, market), { name, market }]),
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
