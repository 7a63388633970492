import type { FrontendOpenOrdersResponse, OpenOrdersResponse } from "@nktkas/hyperliquid/api/info";
import type { CancelReason, RejectCode } from "../../base/reject-code.ts";
import { marketOf } from "../../projection/market-directory.ts";
import type { OrderView } from "../../projection/orders.ts";
import type { ReadModels } from "../../projection/read-models.ts";
import { formatPx, formatSz } from "../../wire/decimal.ts";
import { orderTypeWord, sideLetter, tifWord } from "../../wire/order-words.ts";
import { type OrderStatusWord, statusOfCancel, statusOfReject } from "../../wire/reject-text.ts";

/** An order as `openOrders` and `orderUpdates` show it: absent keys instead of null and false. */
export function openOrderShape(models: ReadModels, order: OrderView): OpenOrdersResponse[number] {
  const { name, szDecimals } = marketOf(models.directory, order.market);
  return {
    coin: name,
    side: sideLetter(order.side),
    limitPx: formatPx(order.px, szDecimals),
    sz: formatSz(order.sz, szDecimals),
    oid: order.oid,
    timestamp: order.placedMs,
    origSz: formatSz(order.origSz, szDecimals),
    ...(order.cloid !== null && { cloid: order.cloid }),
    ...(order.reduceOnly && { reduceOnly: true as const }),
  };
}

/** An order as `frontendOpenOrders`, `orderStatus` and histories show it: every key is there. */
export function frontendOrderShape(
  models: ReadModels,
  order: OrderView,
): FrontendOpenOrdersResponse[number] {
  const { name, szDecimals } = marketOf(models.directory, order.market);
  return {
    coin: name,
    side: sideLetter(order.side),
    limitPx: formatPx(order.px, szDecimals),
    sz: formatSz(order.sz, szDecimals),
    oid: order.oid,
    timestamp: order.placedMs,
    triggerCondition: "N/A",
    isTrigger: false,
    triggerPx: "0.0",
    children: [],
    isPositionTpsl: false,
    reduceOnly: order.reduceOnly,
    orderType: orderTypeWord(order.tif),
    origSz: formatSz(order.origSz, szDecimals),
    tif: tifWord(order.tif),
    cloid: order.cloid,
  };
}

/** The status word of an order. */
export function orderStatusWord(order: OrderView): OrderStatusWord {
  if (order.state === "canceled") return statusOfCancel(order.code as CancelReason);
  if (order.state === "rejected") return statusOfReject(order.code as RejectCode);
  return order.state;
}
