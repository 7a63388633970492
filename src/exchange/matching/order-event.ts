/** Writes events about orders; lanes as `event.ts` describes them. */
import { STP, type Stp } from "../../base/self-trade.ts";
import type { Tif } from "../../base/time-in-force.ts";
import { cloidByte, ORDER, ORDER_FLAG } from "../book/order-table.ts";
import { type Core, lastEventByte, reserveHead } from "../core.ts";
import { type EVENT, EVENT_FLAG, type EventRing, FILL_EVENT, ORDER_EVENT } from "../event.ts";

/** An order on its way in: what a command's item asks for, checked step by step. Reused. */
export interface IncomingOrder {
  account: number;
  market: number;
  side: 0 | 1;
  /** Limit [ticks]. */
  px: number;
  /** As asked [lots]. */
  origSz: number;
  /** What remains [lots]. */
  sz: number;
  tif: Tif;
  /** Good until then; 0 = for ever [ms]. */
  expiresAtMs: number;
  /** Rest at the best price that does not cross. */
  slide: boolean;
  /** Farthest from the mark price of its entry that it may fill; -1 = any [10^-6]. */
  slippage: number;
  /** What gives way where it meets an order of its own account. */
  stp: Stp;
  /** Orders of its group count as its own account's. */
  isGroupScope: boolean;
  reduceOnly: boolean;
  hasCloid: boolean;
  /** Where the 16 cloid bytes are, as words, and the byte at which they begin. */
  cloidWords: Int32Array;
  cloidAt: number;
  /** Item of the command; -1 = the exchange's own order. */
  item: number;
  oid: number;
  /** Slot it rests in, or -1 for an order that never rests. */
  slot: number;
  isLiquidation: boolean;
  /** Of a slice: the time-weighted order that it is of; 0 = none. */
  twapId: number;
  /** The exchange places it for a strategy. */
  isManaged: boolean;
  /** It is to wait for the mark price. */
  isTrigger: boolean;
  /** Of a trigger order: the mark price that fires it [ticks]. */
  triggerPx: number;
  takeProfit: boolean;
  /** Tied to its account's position. */
  isPosition: boolean;
  /** Its trigger price follows mark. */
  isTrailing: boolean;
  /** The offset counts in bps, not in ticks. */
  inBps: boolean;
  /** [ticks or bps] */
  offset: number;
  /** The items behind it wait for its fill. */
  isParent: boolean;
  /** It was placed with a parent. */
  isChild: boolean;
  /** Of a child: the item of its parent; -1 = it has none. */
  parentItem: number;
  /** Of a child: the sequence number of its parent's id as an int32; 0 = none. */
  family: number;
  /** Of a child: its parent's id. */
  parentOid: number;
  /** Of a child: its parent has not filled. */
  isDormant: boolean;
  /** What it has matched so far; written where matching ends [lots]. */
  filled: number;
  /** It waited and its price has come: its slot and id are from then. */
  isTriggered: boolean;
  /** Who takes a fee of its fills: account x 128 + fee [10^-5]; 0 = nobody. */
  builder: number;
}

/** An empty incoming order. */
export const createIncomingOrder = (): IncomingOrder => ({
  account: 0,
  market: 0,
  side: 0,
  px: 0,
  origSz: 0,
  sz: 0,
  tif: 0,
  expiresAtMs: 0,
  slide: false,
  slippage: -1,
  stp: STP.maker,
  isGroupScope: false,
  reduceOnly: false,
  hasCloid: false,
  cloidWords: new Int32Array(4),
  cloidAt: 0,
  item: -1,
  oid: 0,
  slot: -1,
  isLiquidation: false,
  twapId: 0,
  isManaged: false,
  isTrigger: false,
  triggerPx: 0,
  takeProfit: false,
  isPosition: false,
  isTrailing: false,
  inBps: false,
  offset: 0,
  isParent: false,
  isChild: false,
  parentItem: -1,
  family: 0,
  parentOid: 0,
  isDormant: false,
  filled: 0,
  isTriggered: false,
  builder: 0,
});

/** Says something about an order on its way in; returns the event's first lane. `code` 0 = none. */
export function emitIncoming(
  core: Core,
  kind:
    | typeof EVENT.orderAccepted
    | typeof EVENT.orderRested
    | typeof EVENT.orderReduced
    | typeof EVENT.orderRejected
    | typeof EVENT.orderCanceled
    | typeof EVENT.orderWaiting
    | typeof EVENT.orderTriggered,
  order: IncomingOrder,
  code: number,
): number {
  const lane = reserveHead(core, kind, order.account, order.market, order.item);
  const { lanes } = core.events;
  lanes[lane + ORDER_EVENT.oid] = order.oid;
  lanes[lane + ORDER_EVENT.side] = order.side;
  lanes[lane + ORDER_EVENT.px] = order.px;
  lanes[lane + ORDER_EVENT.sz] = order.sz;
  lanes[lane + ORDER_EVENT.origSz] = order.origSz;
  lanes[lane + ORDER_EVENT.tif] = order.tif;
  lanes[lane + ORDER_EVENT.flags] =
    (order.reduceOnly ? EVENT_FLAG.reduceOnly : 0) | (order.hasCloid ? EVENT_FLAG.hasCloid : 0);
  lanes[lane + ORDER_EVENT.code] = code;
  clearBehindCode(lanes, lane);
  if (order.isTrigger) {
    lanes[lane + ORDER_EVENT.flags] =
      (lanes[lane + ORDER_EVENT.flags] as number) |
      EVENT_FLAG.trigger |
      (order.takeProfit ? EVENT_FLAG.takeProfit : 0) |
      (order.isPosition ? EVENT_FLAG.position : 0) |
      (order.isChild ? EVENT_FLAG.child : 0) |
      (order.isDormant ? EVENT_FLAG.dormant : 0);
    lanes[lane + ORDER_EVENT.triggerPx] = order.triggerPx;
    if (order.isChild) lanes[lane + ORDER_EVENT.parentOid] = order.parentOid;
    if (order.isTrailing) tellTrail(lanes, lane, order);
  }
  if (order.twapId !== 0) lanes[lane + ORDER_EVENT.twapId] = order.twapId;
  if (order.hasCloid) {
    copyCloid(order.cloidWords, order.cloidAt, core.events, lastEventByte(core));
  }
  return lane;
}

function tellTrail(lanes: Float64Array, lane: number, order: IncomingOrder): void {
  lanes[lane + ORDER_EVENT.offset] = order.offset;
  lanes[lane + ORDER_EVENT.flags] =
    (lanes[lane + ORDER_EVENT.flags] as number) |
    EVENT_FLAG.trailing |
    (order.inBps ? EVENT_FLAG.trailingBps : 0);
}

/** Says something about a resting order while its row still stands. */
export function emitResting(
  core: Core,
  kind: typeof EVENT.orderCanceled | typeof EVENT.orderReduced | typeof EVENT.orderArmed,
  slot: number,
  code: number,
  item: number,
): void {
  const { i32 } = core.orders.rows;
  const account = i32[slot * 16 + ORDER.account] as number;
  const lane = reserveHead(core, kind, account, i32[slot * 16 + ORDER.market] as number, item);
  fillRestingLanes(core, lane, slot);
  const { lanes } = core.events;
  lanes[lane + ORDER_EVENT.code] = code;
  clearBehindCode(lanes, lane);
}

/** Zeroes the lanes of an order's event that only fills and rejects use. */
function clearBehindCode(lanes: Float64Array, lane: number): void {
  lanes[lane + ORDER_EVENT.a] = 0;
  lanes[lane + ORDER_EVENT.b] = 0;
  lanes[lane + ORDER_EVENT.c] = 0;
  lanes[lane + FILL_EVENT.counterparty] = 0;
  lanes[lane + FILL_EVENT.counterOid] = 0;
  lanes[lane + FILL_EVENT.markPx] = 0;
}

/** Copies a resting order's row into the lanes of an event just begun: oid, side, px, sz, origSz, tif, flags. */
export function fillRestingLanes(core: Core, lane: number, slot: number): void {
  const { f64, i32 } = core.orders.rows;
  const { lanes } = core.events;
  const at = slot * 16;
  const flags = i32[at + ORDER.flags] as number;
  lanes[lane + ORDER_EVENT.oid] = f64[slot * 8 + ORDER.oid] as number;
  lanes[lane + ORDER_EVENT.side] = i32[at + ORDER.side] as number;
  lanes[lane + ORDER_EVENT.px] = i32[at + ORDER.px] as number;
  lanes[lane + ORDER_EVENT.sz] = f64[slot * 8 + ORDER.sz] as number;
  lanes[lane + ORDER_EVENT.origSz] = f64[slot * 8 + ORDER.origSz] as number;
  lanes[lane + ORDER_EVENT.tif] = i32[at + ORDER.tif] as number;
  lanes[lane + ORDER_EVENT.flags] =
    (flags & ORDER_FLAG.reduceOnly ? EVENT_FLAG.reduceOnly : 0) |
    (flags & ORDER_FLAG.hasCloid ? EVENT_FLAG.hasCloid : 0);
  if (flags & ORDER_FLAG.hasCloid) {
    copyCloid(core.orders.cloids.i32, cloidByte(slot), core.events, lastEventByte(core));
  }
}

/** Copies the four words of a cloid; both places are bytes and multiples of four. */
export function copyCloid(
  from: Int32Array,
  fromByte: number,
  ring: EventRing,
  toByte: number,
): void {
  const { words } = ring;
  const at = fromByte >>> 2;
  const to = toByte >>> 2;
  words[to] = from[at] as number;
  words[to + 1] = from[at + 1] as number;
  words[to + 2] = from[at + 2] as number;
  words[to + 3] = from[at + 3] as number;
}
