import type { RecentTradesResponse } from "@nktkas/hyperliquid/api/info";
import { addressOf } from "../../projection/account-directory.ts";
import { marketOf } from "../../projection/market-directory.ts";
import type { ReadModels } from "../../projection/read-models.ts";
import type { TradeView } from "../../projection/trades.ts";
import { formatPx, formatSz } from "../../wire/decimal.ts";
import { sideLetter } from "../../wire/order-words.ts";
import { commandHash } from "./fill-shape.ts";

/** A public trade as `recentTrades` and the channel show it. */
export function tradeShape(models: ReadModels, trade: TradeView): RecentTradesResponse[number] {
  const { name, szDecimals } = marketOf(models.directory, trade.market);
  return {
    coin: name,
    side: sideLetter(trade.side),
    px: formatPx(trade.px, szDecimals),
    sz: formatSz(trade.sz, szDecimals),
    time: trade.timeMs,
    hash: commandHash(trade.seq, trade.liquidation),
    tid: trade.tid,
    users: [addressOf(models.accounts, trade.buyer), addressOf(models.accounts, trade.seller)],
  };
}
