import {
  MetaAndAssetCtxsRequest,
  type MetaAndAssetCtxsResponse,
  MetaRequest,
  type MetaResponse,
} from "@nktkas/hyperliquid/api/info";
import type { MarketView } from "../../projection/market-directory.ts";
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

function metaShape({ models }: GatewayContext): MetaResponse {
  const { markets } = models.directory;
  return {
    universe: markets.map(({ name, szDecimals, maxLeverage }) => ({
      szDecimals,
      name,
      maxLeverage,
      marginTableId: maxLeverage,
    })),
    marginTables: marginTables(markets),
    collateralToken: 0,
  };
}

/** One tier each: a table's id is its leverage, as the venue numbers tables of a single tier. */
function marginTables(markets: readonly MarketView[]): MetaResponse["marginTables"] {
  const leverages = [...new Set(markets.map(({ maxLeverage }) => maxLeverage))];
  return leverages
    .sort((a, b) => a - b)
    .map((maxLeverage) => [
      maxLeverage,
      { description: "", marginTiers: [{ lowerBound: "0.0", maxLeverage }] },
    ]);
}
