/** Settles one match: positions, money, fees, volume and the two fill events. */
import { sideSign } from "../../base/side.ts";
import { addCash, addVolume, FEE_ACCOUNT } from "../account/account.ts";
import { changePosition, openPosition } from "../account/position.ts";
import { beginEvent, type Core, lastEventByte } from "../core.ts";
import { EVENT, EVENT_FLAG, EVENT_HEAD, FILL_EVENT, ORDER_EVENT } from "../event.ts";
import { feeOf } from "../fee/fee.ts";
import { addToNumber, NUMBER } from "../numbers.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { copyCloid, fillRestingLanes, type IncomingOrder } from "./order-event.ts";

/**
 * Books a match of `lots` between a resting order and the taker at the resting order's price. The
 * resting row still stands; the caller takes the lots off it afterwards, and off the taker.
 */
export function settleMatch(core: Core, slot: number, taker: IncomingOrder, lots: number): void {
  const { orders } = core;
  const px = orders.px.data[slot] as number;
  const maker = orders.account.data[slot] as number;
  const notional = px * lots;
  const tid = addToNumber(core.numbers, NUMBER.tid, 1);
  const makerSide = orders.side.data[slot] as 0 | 1;

  settleSide(core, maker, taker.market, sideSign(makerSide) * lots, px, feeOf(notional, false));
  let lane = beginEvent(core, EVENT.fill, maker, taker.market, -1);
  fillRestingLanes(core, lane, slot);
  finishFill(core, lane, px, lots, tid);
  const { lanes } = core.events;
  lanes[lane + ORDER_EVENT.origSz] = (orders.sz.data[slot] as number) - lots;
  lanes[lane + FILL_EVENT.counterparty] = taker.account;
  lanes[lane + FILL_EVENT.counterOid] = taker.oid;
  if (taker.isLiquidation) addFlags(lanes, lane, EVENT_FLAG.liquidation);

  settleSide(
    core,
    taker.account,
    taker.market,
    sideSign(taker.side) * lots,
    px,
    feeOf(notional, true),
  );
  lane = beginEvent(core, EVENT.fill, taker.account, taker.market, taker.item);
  const after = core.events.lanes;
  after[lane + ORDER_EVENT.oid] = taker.oid;
  after[lane + ORDER_EVENT.side] = taker.side;
  after[lane + ORDER_EVENT.tif] = taker.tif;
  after[lane + ORDER_EVENT.flags] =
    EVENT_FLAG.crossed |
    (taker.reduceOnly ? EVENT_FLAG.reduceOnly : 0) |
    (taker.hasCloid ? EVENT_FLAG.hasCloid : 0) |
    (taker.isLiquidation ? EVENT_FLAG.liquidation : 0);
  if (taker.hasCloid) {
    copyCloid(taker.cloidBytes, taker.cloidAt, core.events.bytes, lastEventByte(core));
  }
  finishFill(core, lane, px, lots, tid);
  after[lane + ORDER_EVENT.origSz] = taker.sz - lots;
  after[lane + FILL_EVENT.counterparty] = maker;
  after[lane + FILL_EVENT.counterOid] = orders.oid.data[slot] as number;
}

/** What settling a side found out; reused. */
const settled = { startPosition: 0, closedPnl: 0, fee: 0 };

function settleSide(
  core: Core,
  account: number,
  market: number,
  signedSz: number,
  px: number,
  fee: number,
): void {
  const { accounts, positions } = core;
  const row = openPosition(positions, accounts, account, market);
  settled.startPosition = positions.size.data[row] as number;
  settled.closedPnl = changePosition(positions, row, signedSz, px);
  settled.fee = fee;
  addCash(accounts, account, settled.closedPnl - fee);
  addCash(accounts, FEE_ACCOUNT, fee);
  addVolume(accounts, account, Math.abs(signedSz) * px);
}

/** The lanes that both sides of a match fill alike, from what settling found out. */
function finishFill(core: Core, lane: number, px: number, lots: number, tid: number): void {
  const { lanes } = core.events;
  lanes[lane + ORDER_EVENT.px] = px;
  lanes[lane + ORDER_EVENT.sz] = lots;
  lanes[lane + FILL_EVENT.tid] = tid;
  lanes[lane + FILL_EVENT.fee] = settled.fee;
  lanes[lane + FILL_EVENT.closedPnl] = settled.closedPnl;
  lanes[lane + FILL_EVENT.startPosition] = settled.startPosition;
  lanes[lane + FILL_EVENT.markPx] = markPxOf(
    core.oracle,
    lanes[lane + EVENT_HEAD.market] as number,
  );
}

function addFlags(lanes: Float64Array, lane: number, flags: number): void {
  lanes[lane + ORDER_EVENT.flags] = (lanes[lane + ORDER_EVENT.flags] as number) | flags;
}
