import {
  FrontendOpenOrdersRequest,
  type FrontendOpenOrdersResponse,
  HistoricalOrdersRequest,
  type HistoricalOrdersResponse,
  OpenOrdersRequest,
  type OpenOrdersResponse,
  OrderStatusRequest,
  type OrderStatusResponse,
} from "@nktkas/hyperliquid/api/info";
import type { Hex } from "../../base/hex.ts";
import { trailingPx } from "../../exchange/query.ts";
import type { ExchangeState } from "../../exchange/state.ts";
import { accountOf } from "../../projection/account-directory.ts";
import { isOfDex } from "../../projection/market-directory.ts";
import {
  FINISHED_ORDERS_MAX,
  finishedOrdersOf,
  isAwaitingParent,
  type OrderView,
  openOrdersOf,
  orderByCloid,
  orderByOid,
} from "../../projection/orders.ts";
import type { ReadModels } from "../../projection/read-models.ts";
import { type InfoMethod, infoMethod } from "./info-method.ts";
import { frontendOrderShape, openOrderShape, orderStatusWord } from "./order-shape.ts";

/** `openOrders`: newest first; children whose parent has not filled are told with the parent alone. */
export const openOrders = infoMethod(
  OpenOrdersRequest,
  ({ models }, { user, dex = "" }): OpenOrdersResponse =>
    openNewestFirst(models, user, dex).map((order) => openOrderShape(models, order)),
);

/** `frontendOpenOrders`: newest first. */
export const frontendOpenOrders = infoMethod(
  FrontendOpenOrdersRequest,
  ({ models, sequencer }, { user, dex = "" }): FrontendOpenOrdersResponse =>
    openNewestFirst(models, user, dex).map((order) =>
      frontendOrderShape(models, withTrail(sequencer.state, order)),
    ),
);

/** `orderStatus`: by order id or by client order id, live or among the last finished ones. */
export const orderStatus: InfoMethod = (context, body) => {
  const sent = "oid" in body ? body.oid : undefined;
  const cloid = typeof sent === "string" && /^0x[0-9a-f]{32}$/i.test(sent) ? sent : null;
  if (cloid === null) return orderStatusBy(null)(context, body);
  // The request's schema would read a cloid of a small value as an order id, so it is kept from it.
  return orderStatusBy(cloid.toLowerCase() as Hex)(context, { ...body, oid: 0 });
};

const orderStatusBy = (cloid: Hex | null): InfoMethod =>
  infoMethod(OrderStatusRequest, ({ models }, { user, oid }): OrderStatusResponse => {
    const account = accountOf(models.accounts, user);
    const order =
      cloid === null
        ? orderByOid(models.orders, account, Number(oid))
        : orderByCloid(models.orders, account, cloid);
    if (order === undefined) return { status: "unknownOid" };
    return { status: "order", order: statusShape(models, order) };
  });

/** `historicalOrders`: the last 2000, open ones among them, newest first. */
export const historicalOrders = infoMethod(
  HistoricalOrdersRequest,
  ({ models }, { user }): HistoricalOrdersResponse => {
    const account = accountOf(models.accounts, user);
    const orders = [
      ...openOrdersOf(models.orders, account),
      ...finishedOrdersOf(models.orders, account),
    ];
    return orders
      .sort((a, b) => b.statusMs - a.statusMs || b.oid - a.oid)
      .slice(0, FINISHED_ORDERS_MAX)
      .map((order) => statusShape(models, order));
  },
);

/** A trailing stop with the trigger price that it has as mark stands. */
function withTrail(state: ExchangeState, order: OrderView): OrderView {
  const { trigger } = order;
  if (trigger?.trail === undefined || !order.waiting) return order;
  const px = trailingPx(state, order.oid);
  return px === null ? order : { ...order, trigger: { ...trigger, px } };
}

const openNewestFirst = (models: ReadModels, user: Hex, dex: string): OrderView[] =>
  openOrdersOf(models.orders, accountOf(models.accounts, user))
    .filter(({ market }) => isOfDex(models.directory, market, dex))
    .filter((order) => !isAwaitingParent(order))
    .reverse();

const statusShape = (models: ReadModels, order: OrderView): HistoricalOrdersResponse[number] => ({
  order: frontendOrderShape(models, order),
  status: orderStatusWord(order),
  statusTimestamp: order.statusMs,
});
