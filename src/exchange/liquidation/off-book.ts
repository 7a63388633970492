/**
 * Moves a position from one account to another at a price, outside the book: what a backstop takes
 * over, and what deleveraging closes. No fee is due and no volume is counted. Both sides see a fill.
 */

import { BUY, SELL, type Side } from "../../base/side.ts";
import { TIF } from "../../base/time-in-force.ts";
import { addCash } from "../account/account.ts";
import { noteRowChange } from "../account/margin-sums.ts";
import { changePosition, openPosition, POSITION, realisedPnl } from "../account/position.ts";
import { hasFreeSeq, takeOrderId } from "../book/order-table.ts";
import { type Core, reserveHead } from "../core.ts";
import { EVENT, EVENT_FLAG, FILL_EVENT, ORDER_EVENT } from "../event.ts";
import { createSideFill, isIsolatedRow, settleIsolated } from "../margin/isolated.ts";
import { type TouchedAccounts, touch } from "../matching/match.ts";
import { fitReduceOnly } from "../matching/reduce-only.ts";
import { NUMBER } from "../numbers.ts";
import { markPxOf } from "../oracle/oracle.ts";

/** A deal outside the book; reused by callers, who write every field. */
export interface Deal {
  /** Whose position is closed, and who takes the other side. */
  from: number;
  to: number;
  market: number;
  /** What the closed account does. */
  side: Side;
  lots: number;
  /** [ticks] */
  px: number;
  /** `EVENT_FLAG.backstop` or `EVENT_FLAG.adl`. */
  flag: number;
  /** Order id of the closed side; 0 = none yet. */
  oid: number;
}

/** A deal of nothing. */
export const createDeal = (): Deal => ({
  from: 0,
  to: 0,
  market: 0,
  side: BUY,
  lots: 0,
  px: 0,
  flag: 0,
  oid: 0,
});

/** Gives the closed side an order id; 0 where all are used up. */
export function takeDealId(core: Core, deal: Deal): void {
  deal.oid = 0;
  if (hasFreeSeq(core.orders)) takeOrderId(core.orders, deal);
}

const counter = { oid: 0 };
const moved = { startPosition: 0, closedPnl: 0 };
/** Deals have no fee. */
const fill = createSideFill();

/** Books a deal; the other side's event comes directly before the closed one's. */
export function settleDeal(core: Core, deal: Deal, touched: TouchedAccounts): void {
  const { from, to, side, oid } = deal;
  const numbers = core.numbers.data;
  numbers[NUMBER.tid] = (numbers[NUMBER.tid] as number) + 1;
  counter.oid = 0;
  if (hasFreeSeq(core.orders)) takeOrderId(core.orders, counter);
  const otherSide = side === BUY ? SELL : BUY;
  moveSide(core, deal, to, otherSide);
  emitSide(core, deal, { account: to, counterparty: from, side: otherSide, oid: counter.oid });
  moveSide(core, deal, from, side);
  emitSide(core, deal, { account: from, counterparty: to, side, oid });
  fitReduceOnly(core, to, deal.market);
  touch(touched, to);
}

function moveSide(core: Core, { from, market, lots, px }: Deal, account: number, side: Side): void {
  const { accounts, positions } = core;
  const row = openPosition(positions, accounts, account, market);
  noteRowChange(core.margins, account, row);
  moved.startPosition = positions.rows.f64[row * 8 + POSITION.size] as number;
  const signedSz = side === BUY ? lots : -lots;
  changePosition(positions, row, signedSz, px);
  moved.closedPnl = realisedPnl[0] as number;
  if (!isIsolatedRow(core, row)) {
    addCash(accounts, account, moved.closedPnl);
    return;
  }
  fill.row = row;
  fill.signedSz = signedSz;
  fill.px = px;
  settleIsolated(core, fill, moved, account === from);
}

/** Says what a side saw, from what moving it found out. */
function emitSide(
  core: Core,
  { from, market, lots, px, flag, oid }: Deal,
  own: { account: number; counterparty: number; side: Side; oid: number },
): void {
  const isClosed = own.account === from;
  const lane = reserveHead(core, EVENT.fill, own.account, market, -1);
  const { lanes } = core.events;
  lanes[lane + ORDER_EVENT.oid] = own.oid;
  lanes[lane + ORDER_EVENT.side] = own.side;
  lanes[lane + ORDER_EVENT.px] = px;
  lanes[lane + ORDER_EVENT.sz] = lots;
  lanes[lane + ORDER_EVENT.origSz] = 0;
  lanes[lane + ORDER_EVENT.tif] = isClosed ? TIF.liquidationMarket : TIF.gtc;
  lanes[lane + ORDER_EVENT.flags] =
    EVENT_FLAG.liquidation | flag | (isClosed ? EVENT_FLAG.crossed : 0);
  lanes[lane + FILL_EVENT.tid] = core.numbers.data[NUMBER.tid] as number;
  lanes[lane + FILL_EVENT.fee] = 0;
  lanes[lane + FILL_EVENT.closedPnl] = moved.closedPnl;
  lanes[lane + FILL_EVENT.startPosition] = moved.startPosition;
  lanes[lane + FILL_EVENT.counterparty] = own.counterparty;
  lanes[lane + FILL_EVENT.counterOid] = isClosed ? counter.oid : oid;
  lanes[lane + FILL_EVENT.markPx] = markPxOf(core.oracle, market);
}
