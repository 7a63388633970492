/**
 * Numbers of markets on the wire. A name `dex:COIN` stands for a market of a builder's dex, any other
 * one for the main dex; dexes are numbered from 1 on in the order of their first markets.
 *
 *     asset id = index                                  on the main dex
 *     asset id = 100000 + 10000 dexIndex + index        on another
 *
 * where the index counts the markets of the same dex. Source: the venue's documentation, "Asset IDs".
 */

const DEX_BASE = 100_000;
const DEX_STEP = 10_000;

/** What was numbered so far; markets come in order of their ids and are never removed. */
export interface AssetIds {
  /** Names of dexes; the first is the main one's, which is empty. */
  readonly dexes: string[];
  /** Markets by dex, in order of their index. */
  readonly marketsOfDex: number[][];
  /** Asset ids by market. */
  readonly assetIds: number[];
}

/** No markets; the main dex. */
export const createAssetIds = (): AssetIds => ({
  dexes: [""],
  marketsOfDex: [[]],
  assetIds: [],
});

/** Dex of a market by its name; empty = the main dex. */
export const dexOfName = (name: string): string => name.slice(0, Math.max(0, name.indexOf(":")));

/** Numbers the next market; returns its asset id. */
export function addAsset(ids: AssetIds, name: string): number {
  const dex = dexOfName(name);
  let dexIndex = ids.dexes.indexOf(dex);
  if (dexIndex < 0) {
    dexIndex = ids.dexes.push(dex) - 1;
    ids.marketsOfDex.push([]);
  }
  const markets = ids.marketsOfDex[dexIndex] as number[];
  const assetId = assetIdOf(dexIndex, markets.length);
  markets.push(ids.assetIds.length);
  ids.assetIds.push(assetId);
  return assetId;
}

/** Asset id of a dex's market by their indexes. */
export const assetIdOf = (dexIndex: number, index: number): number =>
  dexIndex === 0 ? index : DEX_BASE + DEX_STEP * dexIndex + index;

/** Market of an asset id; -1 where there is none. */
export function marketOfAsset(ids: AssetIds, assetId: number): number {
  if (!Number.isSafeInteger(assetId) || assetId < 0) return -1;
  const dexIndex = assetId < DEX_BASE ? 0 : Math.floor((assetId - DEX_BASE) / DEX_STEP);
  if (dexIndex === 0 && assetId >= DEX_BASE) return -1;
  const index = dexIndex === 0 ? assetId : (assetId - DEX_BASE) % DEX_STEP;
  return ids.marketsOfDex[dexIndex]?.[index] ?? -1;
}
