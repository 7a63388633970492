/** Markets by id and by name, with their last oracle price. */

import { assert } from "../base/assert.ts";
import { type AssetIds, addAsset, createAssetIds, dexOfName } from "../base/asset-ids.ts";
import type { ExchangeEvent } from "../exchange/event-codec.ts";

/** What readers need to know of a market. */
export interface MarketView {
  readonly market: number;
  readonly name: string;
  readonly szDecimals: number;
  readonly maxLeverage: number;
  /** 0 before the first [ticks]. */
  oraclePx: number;
}

/** The model: ids are dense from 0. */
export interface MarketDirectory {
  readonly markets: MarketView[];
  readonly byName: Map<string, MarketView>;
  /** Dexes and the numbers that the wire has for markets. */
  readonly ids: AssetIds;
}

/** A directory without markets. */
export const createMarketDirectory = (): MarketDirectory => ({
  markets: [],
  byName: new Map(),
  ids: createAssetIds(),
});

/** Folds the opening of a market. */
export function foldMarketCreated(
  directory: MarketDirectory,
  event: ExchangeEvent & { kind: "marketCreated" },
): void {
  restoreMarket(directory, {
    market: event.market,
    name: event.name,
    szDecimals: event.szDecimals,
    maxLeverage: event.maxLeverage,
    oraclePx: 0,
  });
}

/** Takes a market over from a snapshot; in order of id. */
export function restoreMarket(directory: MarketDirectory, view: MarketView): void {
  assert(view.market === directory.markets.length, "market ids are dense");
  directory.markets.push(view);
  directory.byName.set(view.name, view);
  addAsset(directory.ids, view.name);
}

/** Whether there is a dex of a name; the main one's is empty. */
export const isDex = ({ ids }: MarketDirectory, dex: string): boolean => ids.dexes.includes(dex);

/** Markets of a dex, in order of their asset ids. */
export function marketsOfDex({ ids, markets }: MarketDirectory, dex: string): MarketView[] {
  const own = ids.marketsOfDex[ids.dexes.indexOf(dex)] ?? [];
  return own.map((market) => markets[market] as MarketView);
}

/** Whether a market is of a dex. */
export const isOfDex = ({ markets }: MarketDirectory, market: number, dex: string): boolean =>
  dexOfName(markets[market]?.name ?? "") === dex;

/** A market by id. */
export function marketOf(directory: MarketDirectory, market: number): MarketView {
  const view = directory.markets[market];
  assert(view !== undefined, "a market is created before it is used");
  return view;
}
