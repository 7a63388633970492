/**
 * Orders of every account: all live ones, and the last finished ones an account, found by id or by client order id.
 *
 * Invariants: an order is live or finished, never both; both indices hold exactly the orders kept
 * here; a cloid points at the newest order that bears it, except that a refused order never hides an
 * accepted one.
 */
import { assert } from "../base/assert.ts";
import type { Hex } from "../base/hex.ts";
import type { Side } from "../base/side.ts";
import type { Tif } from "../base/time-in-force.ts";
import type { FillEvent, OrderEvent, TriggerFacts } from "../exchange/event-codec.ts";
import { createHistory, type History, keepItem, newestItems } from "./history.ts";

/** How an order stands. */
export type OrderState = "open" | "triggered" | "filled" | "canceled" | "rejected";

/** An order as its owner may see it [px: ticks, sz: lots]. */
export interface OrderView {
  readonly oid: number;
  readonly account: number;
  readonly market: number;
  readonly side: Side;
  readonly px: number;
  /** As asked; of one that follows the position: that when it fired. */
  origSz: number;
  readonly tif: Tif;
  readonly reduceOnly: boolean;
  readonly cloid: Hex | null;
  /** When it was accepted or refused [ms]. */
  readonly placedMs: number;
  /** What remains; what was asked, of a refused order. */
  sz: number;
  state: OrderState;
  /** A `CANCEL_REASON` of a canceled order, a `REJECT` of a rejected one, else 0. */
  code: number;
  /** Last change [ms]. */
  statusMs: number;
  /** It is on the book. */
  resting: boolean;
  /** It waits for the mark price. */
  waiting: boolean;
  /** Good until then; null = until canceled [ms]. */
  expiresAtMs: number | null;
  /** What fires it, or fired it; null of an order that never waits. */
  readonly trigger: TriggerFacts | null;
  /** The time-weighted order that it is a slice of. */
  readonly twapId?: number;
  /** Ids of orders that were placed to wait for its fill. */
  children?: number[];
}

interface AccountOrders {
  /** By id, and so in order of acceptance. */
  readonly live: Map<number, OrderView>;
  readonly finished: History<OrderView>;
  readonly byCloid: Map<Hex, OrderView>;
}

/** The model: see the head of this file. */
export interface Orders {
  /** Finished orders kept for each account. */
  readonly bound: number;
  /** Shown each order that is finished or refused. */
  readonly onFinished: (order: OrderView) => void;
  readonly byOid: Map<number, OrderView>;
  readonly accounts: Map<number, AccountOrders>;
}

/** A model that keeps `bound` finished orders an account. */
export const createOrders = (bound: number, onFinished: Orders["onFinished"]): Orders => ({
  bound,
  onFinished,
  byOid: new Map(),
  accounts: new Map(),
});

/**
 * Folds an event about an order. Returns the order when its owner sees a change: it came to rest,
 * traded, shrank, ended or was refused; null for an acceptance, after which one of these follows.
 */
export function foldOrder(orders: Orders, event: OrderEvent | FillEvent): OrderView | null {
  switch (event.kind) {
    case "orderAccepted": {
      const order = viewOf(event);
      keepLive(orders, event.twapId === null ? order : { ...order, twapId: event.twapId });
      return null;
    }
    case "orderRejected":
      return foldReject(orders, event);
    case "orderWaiting": {
      const order = viewOf(event, event.trigger);
      order.waiting = true;
      keepLive(orders, order);
      if (isAwaitingParent(order)) noteChild(orders, order);
      return order;
    }
    case "orderTriggered": {
      const order = liveOrder(orders, event);
      order.waiting = false;
      // Of one that followed mark: where it came to stand.
      if (order.trigger !== null) order.trigger.px = event.trigger.px;
      order.state = "triggered";
      order.sz = event.sz;
      if (order.origSz === 0) order.origSz = event.sz;
      order.statusMs = event.timeMs;
      return order;
    }
    case "orderArmed": {
      const order = liveOrder(orders, event);
      order.sz = event.sz;
      order.origSz = event.origSz;
      if (order.trigger?.parent !== undefined) order.trigger.parent.awaited = false;
      order.statusMs = event.timeMs;
      return order;
    }
    case "orderRested":
    case "orderReduced": {
      const order = liveOrder(orders, event);
      order.sz = event.sz;
      // One that shrank on its way in is told by what follows.
      if (event.kind === "orderReduced" && !order.resting) return null;
      order.resting = true;
      if (event.kind === "orderRested") order.expiresAtMs = event.expiresAtMs;
      order.statusMs = event.timeMs;
      return order;
    }
    case "orderCanceled": {
      const order = liveOrder(orders, event);
      order.sz = event.sz;
      finish(orders, order, { state: "canceled", code: event.reason, timeMs: event.timeMs });
      return order;
    }
    case "fill": {
      const order = liveOrder(orders, event);
      order.sz = event.origSz;
      order.statusMs = event.timeMs;
      if (order.sz === 0) {
        finish(orders, order, { state: "filled", code: 0, timeMs: event.timeMs });
        return order;
      }
      // What is left of a taker rests or is canceled at once, and that is what its owner sees.
      return event.crossed ? null : order;
    }
  }
}

/** An account's live orders that rest or wait, oldest first. */
export function openOrdersOf(orders: Orders, account: number): OrderView[] {
  const own = orders.accounts.get(account);
  return own === undefined
    ? []
    : [...own.live.values()].filter((order) => order.resting || order.waiting);
}

/** Whether an order waits for its parent's fill. */
export const isAwaitingParent = ({ waiting, trigger }: OrderView): boolean =>
  waiting && trigger?.parent?.awaited === true;

/** Orders that wait for another one's fill. */
export const childrenOf = (orders: Orders, { children = [] }: OrderView): OrderView[] =>
  children.flatMap((oid) => {
    const child = orders.byOid.get(oid);
    return child !== undefined && isAwaitingParent(child) ? [child] : [];
  });

/** An account's order by id, live or among its last finished. */
export function orderByOid(orders: Orders, account: number, oid: number): OrderView | undefined {
  const order = orders.byOid.get(oid);
  return order?.account === account ? order : undefined;
}

/** An account's newest order with a cloid, live or among its last finished. */
export const orderByCloid = (orders: Orders, account: number, cloid: Hex): OrderView | undefined =>
  orders.accounts.get(account)?.byCloid.get(cloid);

/** An account's finished orders, newest first. */
export function finishedOrdersOf(orders: Orders, account: number): OrderView[] {
  const own = orders.accounts.get(account);
  return own === undefined ? [] : newestItems(own.finished);
}

/** Takes an order over from a snapshot; finished ones come oldest first. */
export function restoreOrder(orders: Orders, order: OrderView): void {
  if (order.state === "open" || order.state === "triggered") keepLive(orders, order);
  else keepFinished(orders, order);
}

function noteChild(orders: Orders, child: OrderView): void {
  const parent = orders.byOid.get(child.trigger?.parent?.oid ?? 0);
  // A finished one does not change any more: its children fire or end with the same command.
  if (parent === undefined || (parent.state !== "open" && parent.state !== "triggered")) return;
  parent.children ??= [];
  parent.children.push(child.oid);
}

function viewOf(event: OrderEvent, trigger: TriggerFacts | null = null): OrderView {
  return {
    oid: event.oid,
    account: event.account,
    market: event.market,
    side: event.side,
    px: event.px,
    // "The whole position" is asked for with size zero.
    origSz: Math.max(event.origSz, event.sz),
    tif: event.tif,
    reduceOnly: event.reduceOnly,
    cloid: event.cloid,
    placedMs: event.timeMs,
    sz: event.sz,
    state: "open",
    code: 0,
    statusMs: event.timeMs,
    resting: false,
    waiting: false,
    expiresAtMs: null,
    trigger,
  };
}

/** A refused order is kept where it has an id and figures that can be shown. */
function foldReject(
  orders: Orders,
  event: OrderEvent & { kind: "orderRejected" },
): OrderView | null {
  const isShown = event.oid > 0 && event.market >= 0 && event.px > 0 && event.sz > 0;
  if (!isShown) return null;
  const order = viewOf(event, event.trigger ?? null);
  order.state = "rejected";
  order.code = event.code;
  keepFinished(orders, order);
  orders.onFinished(order);
  return order;
}

function accountOrders(orders: Orders, account: number): AccountOrders {
  let own = orders.accounts.get(account);
  if (own === undefined) {
    own = { live: new Map(), finished: createHistory(orders.bound), byCloid: new Map() };
    orders.accounts.set(account, own);
  }
  return own;
}

function liveOrder(orders: Orders, event: { oid: number; account: number }): OrderView {
  const order = orders.accounts.get(event.account)?.live.get(event.oid);
  assert(order !== undefined, "an order that changes is live");
  return order;
}

function keepLive(orders: Orders, order: OrderView): void {
  const own = accountOrders(orders, order.account);
  own.live.set(order.oid, order);
  orders.byOid.set(order.oid, order);
  if (order.cloid !== null) own.byCloid.set(order.cloid, order);
}

function finish(
  orders: Orders,
  order: OrderView,
  { state, code, timeMs }: { state: OrderState; code: number; timeMs: number },
): void {
  accountOrders(orders, order.account).live.delete(order.oid);
  order.state = state;
  order.code = code;
  order.statusMs = timeMs;
  order.resting = false;
  order.waiting = false;
  keepFinished(orders, order);
  orders.onFinished(order);
}

/** Whether a cloid keeps pointing at `bearer` when `order` bears it too. */
function hides(bearer: OrderView, order: OrderView): boolean {
  const isRefused = order.state === "rejected";
  if (isRefused !== (bearer.state === "rejected")) return isRefused;
  return bearer.oid > order.oid;
}

function keepFinished(orders: Orders, order: OrderView): void {
  const own = accountOrders(orders, order.account);
  orders.byOid.set(order.oid, order);
  if (order.cloid !== null) {
    const bearer = own.byCloid.get(order.cloid);
    if (bearer === undefined || !hides(bearer, order)) own.byCloid.set(order.cloid, order);
  }
  const dropped = keepItem(own.finished, order);
  if (dropped === undefined) return;
  if (orders.byOid.get(dropped.oid) === dropped) orders.byOid.delete(dropped.oid);
  if (dropped.cloid !== null && own.byCloid.get(dropped.cloid) === dropped) {
    own.byCloid.delete(dropped.cloid);
  }
}
