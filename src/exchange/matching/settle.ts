/** Settles one match: positions, money, fees, volume and the two fill events. */
import { sideSign } from "../../base/side.ts";
import { addCash, addVolume, FEE_ACCOUNT } from "../account/account.ts";
import { changePosition, openPosition } from "../account/position.ts";
import { beginEvent, type Core, lastEventByte } from "../core.ts";
import { EVENT, EVENT_FLAG, EVENT_HEAD, FILL_EVENT, ORDER_EVENT } from "../event.ts";
import { feeOf } from "../fee/fee.ts";
import { addToNumber, NUMBER } from "../numbers.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { fillRestingLanes, type IncomingOrder } from "./order-event.ts";

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

  const makerSettled = settleSide(core, {
    account: maker,
    market: taker.market,
    signedSz: sideSign(makerSide) * lots,
    px,
    fee: feeOf(notional, false),
  });
  let lane = beginEvent(core, EVENT.fill, { account: maker, market: taker.market, item: -1 });
  fillRestingLanes(core, lane, slot);
  finishFill(core, lane, {
    px,
    sz: lots,
    remaining: (orders.sz.data[slot] as number) - lots,
    tid,
    settled: makerSettled,
    counterparty: taker.account,
    counterOid: taker.oid,
    flags: taker.isLiquidation ? EVENT_FLAG.liquidation : 0,
  });

  const takerSettled = settleSide(core, {
    account: taker.account,
    market: taker.market,
    signedSz: sideSign(taker.side) * lots,
    px,
    fee: feeOf(notional, true),
  });
  lane = beginEvent(core, EVENT.fill, taker);
  const { lanes, bytes } = core.events;
  lanes[lane + ORDER_EVENT.oid] = taker.oid;
  lanes[lane + ORDER_EVENT.side] = taker.side;
  lanes[lane + ORDER_EVENT.tif] = taker.tif;
  lanes[lane + ORDER_EVENT.flags] =
    (taker.reduceOnly ? EVENT_FLAG.reduceOnly : 0) | (taker.hasCloid ? EVENT_FLAG.hasCloid : 0);
  if (taker.hasCloid) {
    bytes.set(taker.cloidBytes.subarray(taker.cloidAt, taker.cloidAt + 16), lastEventByte(core));
  }
  finishFill(core, lane, {
    px,
    sz: lots,
    remaining: taker.sz - lots,
    tid,
    settled: takerSettled,
    counterparty: maker,
    counterOid: orders.oid.data[slot] as number,
    flags: EVENT_FLAG.crossed | (taker.isLiquidation ? EVENT_FLAG.liquidation : 0),
  });
}

interface Settled {
  startPosition: number;
  closedPnl: number;
  fee: number;
}

function settleSide(
  core: Core,
  side: { account: number; market: number; signedSz: number; px: number; fee: number },
): Settled {
  const { accounts, positions } = core;
  const row = openPosition(positions, accounts, side.account, side.market);
  const startPosition = positions.size.data[row] as number;
  const closedPnl = changePosition(positions, row, side.signedSz, side.px);
  addCash(accounts, side.account, closedPnl - side.fee);
  addCash(accounts, FEE_ACCOUNT, side.fee);
  addVolume(accounts, side.account, Math.abs(side.signedSz) * side.px);
  return { startPosition, closedPnl, fee: side.fee };
}

function finishFill(
  core: Core,
  lane: number,
  fill: {
    px: number;
    sz: number;
    remaining: number;
    tid: number;
    settled: Settled;
    counterparty: number;
    counterOid: number;
    flags: number;
  },
): void {
  const { lanes } = core.events;
  lanes[lane + ORDER_EVENT.px] = fill.px;
  lanes[lane + ORDER_EVENT.sz] = fill.sz;
  lanes[lane + ORDER_EVENT.origSz] = fill.remaining;
  lanes[lane + ORDER_EVENT.flags] = (lanes[lane + ORDER_EVENT.flags] as number) | fill.flags;
  lanes[lane + FILL_EVENT.tid] = fill.tid;
  lanes[lane + FILL_EVENT.fee] = fill.settled.fee;
  lanes[lane + FILL_EVENT.closedPnl] = fill.settled.closedPnl;
  lanes[lane + FILL_EVENT.startPosition] = fill.settled.startPosition;
  lanes[lane + FILL_EVENT.counterparty] = fill.counterparty;
  lanes[lane + FILL_EVENT.counterOid] = fill.counterOid;
  lanes[lane + FILL_EVENT.markPx] = markPxOf(
    core.oracle,
    lanes[lane + EVENT_HEAD.market] as number,
  );
}
