import type { AllMidsResponse } from "@nktkas/hyperliquid/api/info";
import { PERP_DECIMALS } from "../../base/instrument-spec.ts";
import { marketsOfDex } from "../../projection/market-directory.ts";
import { midDoubled } from "../../projection/mid.ts";
import type { ReadModels } from "../../projection/read-models.ts";
import { formatScaled } from "../../wire/decimal.ts";

/** Twice a price as decimal text of the price itself, which may end on half a tick [1/2 ticks -> USDC]. */
export const formatHalfTicks = (doubled: number, szDecimals: number): string =>
  formatScaled(doubled * 5, PERP_DECIMALS - szDecimals + 1);

/** Mid of every market of a dex that has had a price. */
export function midsShape(models: ReadModels, dex: string): AllMidsResponse {
  const mids: AllMidsResponse = {};
  for (const { market, name, szDecimals } of marketsOfDex(models.directory, dex)) {
    const doubled = midDoubled(models, market);
    if (doubled > 0) mids[name] = formatHalfTicks(doubled, szDecimals);
  }
  return mids;
}
