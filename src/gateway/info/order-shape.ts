import type { FrontendOpenOrdersResponse, OpenOrdersResponse } from "@nktkas/hyperliquid/api/info";
import type { CancelReason, RejectCode } from "../../base/reject-code.ts";
import { BUY } from "../../base/side.ts";
import { TIF } from "../../base/time-in-force.ts";
import { marketOf } from "../../projection/market-directory.ts";
import { childrenOf, type OrderView } from "../../projection/orders.ts";
import type { ReadModels } from "../../projection/read-models.ts";
import { canonicalDecimal, formatPx, formatSz } from "../../wire/decimal.ts";
import { orderTypeWord, sideLetter, tifWord, triggerTypeWord } from "../../wire/order-words.ts";
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

/** What `bourse.order` may say beyond the wire, told back; orders of the wire do not have it. */
export interface OwnOrderShape {
  /** Good until then [ms]. */
  readonly expiresAt?: number;
  /** How far behind mark a trailing stop follows: bps, or a difference of prices. */
  readonly trailing?: { readonly bps: number } | { readonly px: string };
}

/** An order as `frontendOpenOrders`, `orderStatus` and histories show it: every key of the wire is there. */
export function frontendOrderShape(
  models: ReadModels,
  order: OrderView,
): FrontendOpenOrdersResponse[number] & OwnOrderShape {
  const { name, szDecimals } = marketOf(models.directory, order.market);
  return {
    coin: name,
    side: sideLetter(order.side),
    limitPx: formatPx(order.px, szDecimals),
    sz: formatSz(order.sz, szDecimals),
    oid: order.oid,
    timestamp: order.placedMs,
    ...triggerShape(order, szDecimals),
    children: childrenOf(models.orders, order).map((child) => frontendOrderShape(models, child)),
    isPositionTpsl: order.trigger?.position ?? false,
    reduceOnly: order.reduceOnly,
    orderType:
      order.trigger === null
        ? order.twapId === undefined
          ? orderTypeWord(order.tif)
          : "Twap Slice"
        : triggerTypeWord(order.tif === TIF.ioc, order.trigger.takeProfit),
    origSz: formatSz(order.origSz, szDecimals),
    tif: order.trigger === null ? tifWord(order.tif) : null,
    cloid: order.cloid,
    ...(order.expiresAtMs !== null && { expiresAt: order.expiresAtMs }),
    ...(order.trigger?.trail !== undefined && {
      trailing: trailShape(order.trigger.trail, szDecimals),
    }),
  };
}

/** What fires an order, in the words of the venue; of other orders that nothing does. */
function triggerShape(
  { side, trigger }: OrderView,
  szDecimals: number,
): Pick<FrontendOpenOrdersResponse[number], "triggerCondition" | "isTrigger" | "triggerPx"> {
  if (trigger === null) return { triggerCondition: "N/A", isTrigger: false, triggerPx: "0.0" };
  const triggerPx = formatPx(trigger.px, szDecimals);
  const isRise = (side === BUY) !== trigger.takeProfit;
  const bound = canonicalDecimal(triggerPx) ?? triggerPx;
  return {
    triggerCondition: `Price ${isRise ? "above" : "below"} ${bound}`,
    isTrigger: true,
    triggerPx,
  };
}

const trailShape = (
  { offset, unit }: { readonly offset: number; readonly unit: "ticks" | "bps" },
  szDecimals: number,
): NonNullable<OwnOrderShape["trailing"]> =>
  unit === "bps" ? { bps: offset } : { px: formatPx(offset, szDecimals) };

/** The status word of an order. */
export function orderStatusWord(order: OrderView): OrderStatusWord {
  if (order.state === "canceled") return statusOfCancel(order.code as CancelReason);
  if (order.state === "rejected") return statusOfReject(order.code as RejectCode);
  return order.state;
}
