/**
 * Closes accounts under maintenance through the book and books what they cannot pay.
 *
 * An account is queued when an oracle price or a match leaves its equity below maintenance. Its turn
 * cancels its orders, then closes position after position at no worse than 10 % from mark until
 * equity suffices. What the book cannot take waits for the next oracle price or tick. An account
 * that is flat and still negative hands its deficit to the insurance account, whose own balance may
 * go below zero: money is never created. (Backstop and deleveraging are rules of their own.)
 */
import { readLane, writeLane } from "../../base/column.ts";
import { CANCEL_REASON } from "../../base/reject-code.ts";
import { mulRateTrunc } from "../../base/rounding.ts";
import { STP } from "../../base/self-trade.ts";
import { TIF } from "../../base/time-in-force.ts";
import { addCash, INSURANCE_ACCOUNT } from "../account/account.ts";
import { markChanged } from "../account/changed-accounts.ts";
import { hasFreeSeq, takeOrderId } from "../book/order-table.ts";
import type { CommandRecord } from "../command.ts";
import { CONSEQUENCE, pushConsequence } from "../consequence.ts";
import { beginEvent, type Core } from "../core.ts";
import { ACCOUNT_EVENT, EVENT } from "../event.ts";
import {
  accountMargin,
  computeMargin,
  createMarginFigures,
  isUnderMaintenance,
} from "../margin/margin.ts";
import { matchOrder, type TouchedAccounts } from "../matching/match.ts";
import { createIncomingOrder } from "../matching/order-event.ts";
import { wouldCross } from "../matching/place.ts";
import { cancelAllResting } from "../matching/resting.ts";
import { addToNumber, NUMBER, numberOf } from "../numbers.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { findSuspects, suspectRow } from "./threshold.ts";

/** How far from mark a liquidation may trade: 10 % [10^-9]. */
const LIQUIDATION_SLIPPAGE_E9 = 100_000_000;

const QUEUED = 1;
const UNFINISHED = 2;
const figures = createMarginFigures();
const order = createIncomingOrder();

/** Queues the liquidation of an account that changed, if it is under maintenance and not queued yet. */
export function queueIfUnder(core: Core, account: number): void {
  markChanged(core.changed, account);
  queueUnder(core, account);
}

function queueUnder(core: Core, account: number): void {
  const distress = readLane(core.accounts.distress, account);
  if (distress === QUEUED) return;
  if (!isUnderMaintenance(accountMargin(core, account, figures)) && !owesWhileFlat(core, account)) {
    if (distress === UNFINISHED) setDistress(core, account, 0);
    return;
  }
  setDistress(core, account, QUEUED);
  pushConsequence(core.queue, CONSEQUENCE.liquidate, account);
}

/**
 * Queues every account that holds a market of a price command and is under maintenance, in order of
 * the command's items and then of position rows.
 */
export function queueHoldersUnder(core: Core, record: CommandRecord): void {
  const suspects = findSuspects(core, record);
  for (let i = 0; i < suspects.count; i++)
    queueUnder(core, core.positions.account.data[suspectRow(suspects, i)] as number);
}

/** Queues every holder of a market whom a payment has brought under maintenance, in order of rows. */
export function queuePayersUnder(core: Core, market: number): void {
  const { positions } = core;
  for (let row = 0; row < positions.table.count; row++) {
    const isHolder =
      readLane(positions.market, row) === market && readLane(positions.size, row) !== 0;
    if (isHolder) queueIfUnder(core, positions.account.data[row] as number);
  }
}

/** Queues every account whose liquidation is unfinished; called on ticks. */
export function queueUnfinished(core: Core): void {
  if (numberOf(core.numbers, NUMBER.distressed) === 0) return;
  const { distress, table } = core.accounts;
  for (let account = 0; account < table.count; account++) {
    if (readLane(distress, account) === UNFINISHED) queueUnder(core, account);
  }
}

/** An account's turn in the queue: close what must be closed. */
export function liquidateAccount(core: Core, account: number, touched: TouchedAccounts): void {
  markChanged(core.changed, account);
  computeMargin(core, account, figures);
  if (isUnderMaintenance(figures)) {
    const lane = beginEvent(core, EVENT.liquidationStarted, account, -1, -1);
    core.events.lanes[lane + ACCOUNT_EVENT.a] = figures.equity;
    core.events.lanes[lane + ACCOUNT_EVENT.b] = figures.maintenance;
    cancelAllResting(core, account, CANCEL_REASON.liquidated);
    closePositions(core, account, touched);
  }
  if (owesWhileFlat(core, account)) bookDeficit(core, account);
  const isUnder = isUnderMaintenance(computeMargin(core, account, figures));
  setDistress(core, account, isUnder ? UNFINISHED : 0);
}

function closePositions(core: Core, account: number, touched: TouchedAccounts): void {
  const { positions } = core;
  let link = readLane(core.accounts.firstPosition, account);
  while (link !== 0) {
    const row = link - 1;
    link = readLane(positions.next, row);
    const size = readLane(positions.size, row);
    if (size === 0) continue;
    closePosition(core, account, readLane(positions.market, row), size, touched);
    if (!isUnderMaintenance(computeMargin(core, account, figures))) return;
  }
}

function closePosition(
  core: Core,
  account: number,
  market: number,
  size: number,
  touched: TouchedAccounts,
): void {
  const markPx = markPxOf(core.oracle, market);
  const slippage = mulRateTrunc(markPx, LIQUIDATION_SLIPPAGE_E9);
  order.account = account;
  order.market = market;
  order.side = size > 0 ? 1 : 0;
  order.px = size > 0 ? Math.max(1, markPx - slippage) : markPx + slippage;
  order.sz = Math.abs(size);
  order.origSz = order.sz;
  order.tif = TIF.liquidationMarket;
  order.expiresAtMs = 0;
  order.slide = false;
  order.stp = STP.maker;
  order.reduceOnly = true;
  order.hasCloid = false;
  order.item = -1;
  order.slot = -1;
  order.isLiquidation = true;
  if (!wouldCross(core, order) || !hasFreeSeq(core.orders)) return;
  takeOrderId(core.orders, order);
  matchOrder(core, order, touched);
}

/** Whether an account holds nothing and owes money. */
function owesWhileFlat(core: Core, account: number): boolean {
  return readLane(core.accounts.cash, account) < 0 && isFlat(core, account);
}

function isFlat(core: Core, account: number): boolean {
  let link = readLane(core.accounts.firstPosition, account);
  while (link !== 0) {
    if (readLane(core.positions.size, link - 1) !== 0) return false;
    link = readLane(core.positions.next, link - 1);
  }
  return true;
}

function bookDeficit(core: Core, account: number): void {
  const deficit = -readLane(core.accounts.cash, account);
  cancelAllResting(core, account, CANCEL_REASON.liquidated);
  addCash(core.accounts, account, deficit);
  addCash(core.accounts, INSURANCE_ACCOUNT, -deficit);
  markChanged(core.changed, INSURANCE_ACCOUNT);
  const lane = beginEvent(core, EVENT.deficitBooked, account, -1, -1);
  core.events.lanes[lane + ACCOUNT_EVENT.amount] = deficit;
}

function setDistress(core: Core, account: number, value: number): void {
  const before = readLane(core.accounts.distress, account);
  writeLane(core.accounts.distress, account, value);
  const change = (value === UNFINISHED ? 1 : 0) - (before === UNFINISHED ? 1 : 0);
  if (change !== 0) addToNumber(core.numbers, NUMBER.distressed, change);
}
