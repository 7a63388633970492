import { type AssetIds, addAsset, createAssetIds, marketOfAsset } from "../base/asset-ids.ts";
import { marketCount, marketSpec } from "../exchange/query.ts";
import type { ExchangeState } from "../exchange/state.ts";

/** What actions name markets by, and their size decimals. */
export interface MarketTable {
  /** Market of an asset id; -1 where there is none. */
  marketOf(assetId: number): number;
  szDecimals(market: number): number;
}

/** The markets of an exchange, as they are created. */
export function marketTable(state: () => ExchangeState): MarketTable {
  const ids: AssetIds = createAssetIds();
  return {
    marketOf(assetId) {
      const count = marketCount(state());
      for (let market = ids.assetIds.length; market < count; market++)
        addAsset(ids, marketSpec(state(), market).name);
      return marketOfAsset(ids, assetId);
    },
    szDecimals: (market) => marketSpec(state(), market).szDecimals,
  };
}
