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
import { type Answer, withAnswer } from "../../projection/history-queries.ts";
import { isOfDex } from "../../projection/market-directory.ts";
import { isAwaitingParent, type OrderView, openOrdersOf } from "../../projection/orders.ts";
import type { ReadModels } from "../../projection/read-models.ts";
import { historyOf } from "../gateway-context.ts";
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

/** `orderStatus`: by order id or by client order id, live or finished. */
export const orderStatus: InfoMethod = (context, body) => {
  const sent = "oid" in body ? body.oid : undefined;
  const cloid = typeof sent === "string" && /^0x[0-9a-f]{32}$/i.test(sent) ? sent : null;
  if (cloid === null) return orderStatusBy(null)(context, body);
  // The request's schema would read a cloid of a small value as an order id, so it is kept from it.
  return orderStatusBy(cloid.toLowerCase() as Hex)(context, { ...body, oid: 0 });
};

const orderStatusBy = (cloid: Hex | null): InfoMethod =>
  infoMethod(OrderStatusRequest, (context, { user, oid }): Answer<OrderStatusResponse> => {
    const { models } = context;
    const history = historyOf(context);
    const account = accountOf(models.accounts, user);
    const found =
      cloid === null
        ? history.orderByOid(account, Number(oid))
        : history.orderByCloid(account, cloid);
    return withAnswer(found, (order): OrderStatusResponse => {
      if (order === undefined) return { status: "unknownOid" };
      return { status: "order", order: statusShape(models, order) };
    });
  });

/** Most orders in one answer. */
const ORDERS_MAX = 2000;

/** `historicalOrders`: the last 2000, open ones among them, newest first. */
export const historicalOrders = infoMethod(
  HistoricalOrdersRequest,
  (context, { user }): Answer<HistoricalOrdersResponse> => {
    const { models } = context;
    const account = accountOf(models.accounts, user);
    // As they are now: they may change while a disk is read.
    const open = openOrdersOf(models.orders, account).map((order) => ({ ...order }));
    return withAnswer(historyOf(context).finishedOrders(account, ORDERS_MAX), (finished) =>
      [...open, ...finished]
        .sort((a, b) => b.statusMs - a.statusMs || b.oid - a.oid)
        .slice(0, ORDERS_MAX)
        .map((order) => statusShape(models, order)),
    );
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
