import { ActiveAssetDataRequest, type ActiveAssetDataResponse } from "@nktkas/hyperliquid/api/info";
import {
  accountIsIsolated,
  accountLeverage,
  accountOfAddress,
  accountSummary,
  markPx,
} from "../../exchange/query.ts";
import { formatPx, formatSz, formatUsdc } from "../../wire/decimal.ts";
import { infoMethod } from "./info-method.ts";

/** Leverage of whoever is no user, or the market's own where that is lower. */
const LEVERAGE_DEFAULT = 20;

/** `activeAssetData`: what an account can still trade on one market, buying and selling. */
export const activeAssetData = infoMethod(
  ActiveAssetDataRequest,
  ({ models, sequencer }, { user, coin }): ActiveAssetDataResponse | null => {
    const view = models.directory.byName.get(coin);
    if (view === undefined) return null;
    const account = accountOfAddress(sequencer.state, user);
    const summary = account < 0 ? null : accountSummary(sequencer.state, account);
    const position = summary?.positions.find(({ market }) => market === view.market);
    const leverage =
      account < 0
        ? Math.min(LEVERAGE_DEFAULT, view.maxLeverage)
        : accountLeverage(sequencer.state, account, view.market);
    const mark = markPx(sequencer.state, view.market);
    const free = Math.max(0, (summary?.equity ?? 0) - (summary?.initial ?? 0));
    const size = position?.size ?? 0;
    const isIsolated = accountIsIsolated(sequencer.state, account, view.market);
    const initial = (Math.abs(size) * mark) / leverage;
    // The opposite side closes the position first. On cross margin that frees as much as goes into
    // the position behind it; what an isolated position gives back is not counted on.
    const against = Math.floor(free + (isIsolated ? initial : 2 * initial));
    const [buy, sell] = [size < 0 ? against : free, size > 0 ? against : free];
    const lots = (available: number): string =>
      formatSz(mark === 0 ? 0 : Math.floor((available * leverage) / mark), view.szDecimals);
    return {
      user,
      coin,
      leverage: isIsolated
        ? {
            type: "isolated",
            value: leverage,
            rawUsd: formatUsdc((position?.margin ?? 0) - (position?.cost ?? 0)),
          }
        : { type: "cross", value: leverage },
      maxTradeSzs: [lots(buy), lots(sell)],
      availableToTrade: [formatUsdc(buy), formatUsdc(sell)],
      markPx: formatPx(mark, view.szDecimals),
    };
  },
);
