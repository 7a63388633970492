/** Finds a market by its coin's name, on the main dex or, as `dex:COIN`, on another. */
import type { InfoClient } from "@nktkas/hyperliquid";
import { dexOfName } from "../base/asset-ids.ts";
import { marketOfMeta, type WireMarket } from "./wire-shape.ts";

/** The market that a venue knows by a coin's name; throws where there is none or nobody answers. */
export async function searchMarket(info: InfoClient, coin: string): Promise<WireMarket> {
  const dex = dexOfName(coin);
  if (dex === "") return marketOfMeta((await info.meta()).universe, coin);
  const dexes = await info.perpDexs();
  const dexIndex = dexes.findIndex((one) => one?.name === dex);
  if (dexIndex < 0) return marketOfMeta([], coin, dexIndex);
  return marketOfMeta((await info.meta({ dex })).universe, coin, dexIndex);
}

/** The `dex` of a request: left out for the main one, as clients do. */
export const dexField = (dex: string): { dex?: string } => (dex === "" ? {} : { dex });
