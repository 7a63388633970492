import {
  AllMidsRequest,
  type AllMidsResponse,
  RecentTradesRequest,
  type RecentTradesResponse,
} from "@nktkas/hyperliquid/api/info";
import { tradesOf } from "../../projection/trades.ts";
import { BOOK_DEPTH, bookShape, readGrouping } from "./book-shape.ts";
import { type InfoMethod, infoMethod, MALFORMED } from "./info-method.ts";
import { midsShape } from "./mids-shape.ts";
import { tradeShape } from "./trade-shape.ts";

/** `allMids`. */
export const allMids = infoMethod(
  AllMidsRequest,
  ({ models }, { dex = "" }): AllMidsResponse => midsShape(models, dex),
);

/** `l2Book`: 20 levels a side, grouped where asked; null for an unknown coin. */
export const l2Book: InfoMethod = ({ models }, body) => {
  if (!("coin" in body) || typeof body.coin !== "string") return MALFORMED;
  const grouping = readGrouping(body);
  if (grouping === null) return { status: 500, body: "Internal server error" };
  const market = models.directory.byName.get(body.coin);
  if (market === undefined) return { status: 200, body: null };
  return { status: 200, body: bookShape(models, market, { grouping, depth: BOOK_DEPTH }) };
};

/** `recentTrades`: newest first; none for an unknown coin. */
export const recentTrades = infoMethod(
  RecentTradesRequest,
  ({ models }, { coin }): RecentTradesResponse => {
    const market = models.directory.byName.get(coin);
    if (market === undefined) return [];
    return tradesOf(models.trades, market.market).map((trade) => tradeShape(models, trade));
  },
);
