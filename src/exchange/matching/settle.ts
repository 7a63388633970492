/** Settles one match: positions, money, fees, volume and the two fill events. */
import { sideSign } from "../../base/side.ts";
import { addCash, addVolume, FEE_ACCOUNT } from "../account/account.ts";
import { noteRowChange } from "../account/margin-sums.ts";
import { changePosition, openPosition, POSITION, realisedPnl } from "../account/position.ts";
import { builderOf, ORDER } from "../book/order-table.ts";
import { type Core, lastEventByte, reserveHead } from "../core.ts";
import { EVENT, EVENT_FLAG, FILL_BUILDER_FEE_AT, FILL_EVENT, ORDER_EVENT } from "../event.ts";
import { countFeeVolume, refreshFees } from "../fee/fee.ts";
import { chargeMatch, type MatchFees } from "../fee/reward.ts";
import { createSideFill, isIsolatedRow, settleIsolated } from "../margin/isolated.ts";
import { NUMBER } from "../numbers.ts";
import { markPxOf, noteTrade } from "../oracle/oracle.ts";
import { copyCloid, fillRestingLanes, type IncomingOrder } from "./order-event.ts";

/**
 * Books a match of `lots` between a resting order and the taker at the resting order's price. The
 * resting row still stands; the caller takes the lots off it afterwards, and off the taker.
 */
export function settleMatch(core: Core, slot: number, taker: IncomingOrder, lots: number): void {
  const { f64, i32 } = core.orders.rows;
  const { market } = taker;
  const px = i32[slot * 16 + ORDER.px] as number;
  const maker = i32[slot * 16 + ORDER.account] as number;
  const makerSide = i32[slot * 16 + ORDER.side] as 0 | 1;
  const notional = px * lots;
  const numbers = core.numbers.data;
  numbers[NUMBER.tid] = (numbers[NUMBER.tid] as number) + 1;
  noteTrade(core.oracle, market, px);

  refreshFees(core, maker);
  refreshFees(core, taker.account);
  resting.account = maker;
  resting.builder = builderOf(core.orders, slot);
  chargeMatch(core, resting, taker, notional, charged);
  countFeeVolume(core, maker, taker.account, notional);

  settleSide(core, maker, market, sideSign(makerSide) * lots, px, charged.maker, false);
  let lane = reserveHead(core, EVENT.fill, maker, market, -1);
  fillRestingLanes(core, lane, slot);
  let { lanes } = core.events;
  if (taker.isLiquidation) addFlags(lanes, lane, EVENT_FLAG.liquidation);
  lanes[lane + ORDER_EVENT.origSz] = (f64[slot * 8 + ORDER.sz] as number) - lots;
  lanes[lane + FILL_EVENT.counterparty] = taker.account;
  lanes[lane + FILL_EVENT.counterOid] = taker.oid;
  finishFill(core, lane, px, lots, market);
  if (resting.builder !== 0) noteBuilderFee(core, lane, charged.makerBuilder);

  const { isLiquidation } = taker;
  const signedSz = sideSign(taker.side) * lots;
  settleSide(core, taker.account, market, signedSz, px, charged.taker, isLiquidation);
  lane = reserveHead(core, EVENT.fill, taker.account, market, taker.item);
  lanes = core.events.lanes;
  lanes[lane + ORDER_EVENT.oid] = taker.oid;
  lanes[lane + ORDER_EVENT.side] = taker.side;
  lanes[lane + ORDER_EVENT.tif] = taker.tif;
  lanes[lane + ORDER_EVENT.flags] =
    EVENT_FLAG.crossed |
    (taker.reduceOnly ? EVENT_FLAG.reduceOnly : 0) |
    (taker.hasCloid ? EVENT_FLAG.hasCloid : 0) |
    (taker.isLiquidation ? EVENT_FLAG.liquidation : 0);
  if (taker.hasCloid) {
    copyCloid(taker.cloidWords, taker.cloidAt, core.events, lastEventByte(core));
  }
  lanes[lane + ORDER_EVENT.origSz] = taker.sz - lots;
  lanes[lane + FILL_EVENT.counterparty] = maker;
  lanes[lane + FILL_EVENT.counterOid] = f64[slot * 8 + ORDER.oid] as number;
  finishFill(core, lane, px, lots, market);
  if (taker.builder !== 0) noteBuilderFee(core, lane, charged.takerBuilder);
}

/** Fees of the running match, and whose order rests; reused. */
const charged: MatchFees = { maker: 0, taker: 0, makerBuilder: 0, takerBuilder: 0 };
const resting = { account: 0, builder: 0 };

/** Behind the cloid in the bytes of the fill just reserved: every lane is in use. */
function noteBuilderFee(core: Core, lane: number, fee: number): void {
  addFlags(core.events.lanes, lane, EVENT_FLAG.builder);
  const word = (lastEventByte(core) + FILL_BUILDER_FEE_AT) >>> 2;
  core.events.words[word] = fee | 0;
  core.events.words[word + 1] = Math.floor(fee / 4_294_967_296);
}

/** What settling a side found out; reused. */
const settled = { startPosition: 0, closedPnl: 0, fee: 0 };
const side = createSideFill();

function settleSide(
  core: Core,
  account: number,
  market: number,
  signedSz: number,
  px: number,
  fee: number,
  isLiquidation: boolean,
): void {
  const { accounts, positions } = core;
  const row = openPosition(positions, accounts, account, market);
  noteRowChange(core.margins, account, row);
  settled.startPosition = positions.rows.f64[row * 8 + POSITION.size] as number;
  changePosition(positions, row, signedSz, px);
  settled.closedPnl = realisedPnl[0] as number;
  settled.fee = fee;
  if (isIsolatedRow(core, row)) {
    side.row = row;
    side.signedSz = signedSz;
    side.px = px;
    side.fee = fee;
    settleIsolated(core, side, settled, isLiquidation);
  } else {
    addCash(accounts, account, settled.closedPnl - fee);
  }
  addCash(accounts, FEE_ACCOUNT, fee);
  addVolume(accounts, account, Math.abs(signedSz) * px);
}

/** The lanes that both sides of a match fill alike, from what settling found out. */
function finishFill(core: Core, lane: number, px: number, lots: number, market: number): void {
  const { lanes } = core.events;
  lanes[lane + ORDER_EVENT.px] = px;
  lanes[lane + ORDER_EVENT.sz] = lots;
  lanes[lane + FILL_EVENT.tid] = core.numbers.data[NUMBER.tid] as number;
  lanes[lane + FILL_EVENT.fee] = settled.fee;
  lanes[lane + FILL_EVENT.closedPnl] = settled.closedPnl;
  lanes[lane + FILL_EVENT.startPosition] = settled.startPosition;
  lanes[lane + FILL_EVENT.markPx] = markPxOf(core.oracle, market);
}

function addFlags(lanes: Float64Array, lane: number, flags: number): void {
  lanes[lane + ORDER_EVENT.flags] = (lanes[lane + ORDER_EVENT.flags] as number) | flags;
}
