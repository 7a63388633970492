/**
 * What happens to accounts under maintenance, and who pays.
 *
 * An account is queued when an oracle price, a match or a payment leaves its equity E below its
 * maintenance M. Its turn cancels its orders and then goes as far down this list as it must. E and M
 * are of one margin scope: cross margin, or an isolated position, which takes its turn with its account
 * but by itself, with the orders on its market:
 *
 *   1. the book     while E >= 2/3 M, or where no backstop can carry the account: position after
 *                   position until E >= M, of one above the policy's bound a fifth first, and all of
 *                   it for 30 s after that; never worse than 10 % from mark, nor than bankruptcy
 *   2. the backstop once 0 <= E < 2/3 M: takes all positions and money (`backstop.ts`)
 *   3. insurance    once E < 0: pays -E as far as its money goes; if all is paid, 2 once more
 *   4. deleveraging what is left of the deficit falls to holders of the other side (`adl.ts`)
 *
 * What none of them can take waits for the next oracle price or tick. A deficit without a position
 * behind it, or that nobody could bear, is the insurance account's, whose balance then goes below
 * zero: money is never created. Source: Hyperliquid's documentation, "Liquidations"; the venue has no
 * insurance account apart from its backstop.
 */
import { readLane, writeLane } from "../../base/column.ts";
import { CANCEL_REASON } from "../../base/reject-code.ts";
import { divCeil, mulRateTrunc } from "../../base/rounding.ts";
import { STP } from "../../base/self-trade.ts";
import { TIF } from "../../base/time-in-force.ts";
import { addCash, INSURANCE_ACCOUNT } from "../account/account.ts";
import { markChanged } from "../account/changed-accounts.ts";
import { PARTIAL_ABOVE } from "../account/default-policy.ts";
import { hasFreeSeq, takeOrderId } from "../book/order-table.ts";
import type { CommandRecord } from "../command.ts";
import { CONSEQUENCE, pushConsequence } from "../consequence.ts";
import { beginEvent, type Core, commandTimeMs } from "../core.ts";
import { ACCOUNT_EVENT, EVENT } from "../event.ts";
import { takerFeeBound } from "../fee/fee.ts";
import { hasIsolatedUnder, isIsolatedUnder, releaseFlat } from "../margin/isolated.ts";
import {
  accountMargin,
  createMarginFigures,
  isUnderMaintenance,
  type MarginFigures,
} from "../margin/margin.ts";
import { isLiquidationHeld } from "../market/protection.ts";
import { matchOrder, type TouchedAccounts } from "../matching/match.ts";
import { createIncomingOrder } from "../matching/order-event.ts";
import { wouldCross } from "../matching/place.ts";
import { cancelScopeResting } from "../matching/resting.ts";
import { addToNumber, NUMBER, numberOf } from "../numbers.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { deleverage } from "./adl.ts";
import { backstopOf, hasLostItsCap, takeOver } from "./backstop.ts";
import {
  accountOfScope,
  addScopeCash,
  firstOpenRow,
  isolatedScope,
  marketOfScope,
  nextOpenRow,
  scopeCash,
  scopeMargin,
} from "./scope.ts";
import { findSuspects, suspectRow } from "./threshold.ts";

/** How far from mark a liquidation may trade: 10 % [10^-9]. */
const LIQUIDATION_SLIPPAGE_E9 = 100_000_000;
/** A large position is closed to a part of one in this many first. */
const PARTS = 5;
/** After that its account's positions are closed whole for 30 s [ms]. */
const COOLDOWN_MS = 30_000;

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
  if (
    !isUnderMaintenance(accountMargin(core, account, figures)) &&
    !owesWhileFlat(core, account) &&
    !hasIsolatedUnder(core, account)
  ) {
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

/** Queues the backstop where a price has brought it below its floor. */
export function queueBackstop(core: Core): void {
  const account = backstopOf(core);
  if (!hasLostItsCap(core, account) || readLane(core.accounts.distress, account) === QUEUED) return;
  setDistress(core, account, QUEUED);
  pushConsequence(core.queue, CONSEQUENCE.liquidate, account);
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
  liquidateScope(core, account, touched);
  if (hasIsolatedUnder(core, account)) {
    let link = readLane(core.accounts.firstPosition, account);
    while (link !== 0) {
      const row = link - 1;
      link = readLane(core.positions.next, row);
      if (!isIsolatedUnder(core, row)) continue;
      liquidateScope(core, isolatedScope(row), touched);
      releaseFlat(core, row);
    }
  }
  const isUnder =
    isUnderMaintenance(scopeMargin(core, account, figures)) || hasIsolatedUnder(core, account);
  setDistress(core, account, isUnder ? UNFINISHED : 0);
}

function liquidateScope(core: Core, scope: number, touched: TouchedAccounts): void {
  const held = heldPart(core, scope);
  const isCapped = scope >= 0 && hasLostItsCap(core, scope);
  const isDue = isUnderMaintenance(scopeMargin(core, scope, figures)) || isCapped;
  if (isDue && held !== "all") {
    const market = marketOfScope(core, scope);
    const account = accountOfScope(core, scope);
    const lane = beginEvent(core, EVENT.liquidationStarted, account, market, -1);
    core.events.lanes[lane + ACCOUNT_EVENT.a] = figures.equity;
    core.events.lanes[lane + ACCOUNT_EVENT.b] = figures.maintenance;
    cancelScopeResting(core, account, market, CANCEL_REASON.liquidated);
    // Whose margin hangs on a market that is held is closed elsewhere, and owes nothing yet.
    const isWhole = held === "none";
    if (isCapped && isWhole && figures.equity >= 0) deleverage(core, scope, 0, touched);
    const isGone =
      isWhole && isDeep(figures) && figures.equity >= 0 && takeOver(core, scope, touched);
    if (!isGone) closeOnBook(core, scope, touched);
    if (!isGone && isWhole && isUnderMaintenance(scopeMargin(core, scope, figures)))
      resolveDefault(core, scope, touched);
  }
  if (owesWhileFlat(core, scope)) bookDeficit(core, scope, -scopeCash(core, scope));
}

/** How much of what a scope holds is in markets where liquidations wait. */
function heldPart(core: Core, scope: number): "none" | "some" | "all" {
  let open = 0;
  let held = 0;
  for (let row = firstOpenRow(core, scope); row >= 0; row = nextOpenRow(core, row)) {
    open += 1;
    held += isLiquidationHeld(core.protection, readLane(core.positions.market, row)) ? 1 : 0;
  }
  if (held === 0) return "none";
  return held === open ? "all" : "some";
}

/** Whether equity is below two thirds of maintenance: too late for the book. */
const isDeep = ({ equity, maintenance }: MarginFigures): boolean => 3 * equity < 2 * maintenance;

/** What the book could not close: the backstop's, or insured and deleveraged; by {@link figures}. */
function resolveDefault(core: Core, scope: number, touched: TouchedAccounts): void {
  if (!isDeep(figures)) return;
  const deficit = -figures.equity;
  if (deficit > 0) {
    const fund = Math.max(0, readLane(core.accounts.cash, INSURANCE_ACCOUNT));
    const insured = Math.min(deficit, fund);
    if (insured > 0) bookDeficit(core, scope, insured);
    if (insured < deficit) {
      deleverage(core, scope, deficit - insured, touched);
      return;
    }
  }
  if (!takeOver(core, scope, touched) && deficit > 0) deleverage(core, scope, 0, touched);
}

/** Closes position after position through the book until the account is healthy. */
function closeOnBook(core: Core, scope: number, touched: TouchedAccounts): void {
  const account = accountOfScope(core, scope);
  const isCooling = readLane(core.accounts.cooldownUntilMs, account) > commandTimeMs(core);
  let row = firstOpenRow(core, scope);
  while (row >= 0) {
    const isHeld = isLiquidationHeld(core.protection, readLane(core.positions.market, row));
    if (figures.equity > 0 && !isHeld) closePosition(core, account, row, isCooling, touched);
    row = nextOpenRow(core, row);
    if (!isUnderMaintenance(scopeMargin(core, scope, figures))) return;
  }
}

/** Sends the order that closes a position, or a part of it; {@link figures} are its account's. */
function closePosition(
  core: Core,
  account: number,
  row: number,
  isCooling: boolean,
  touched: TouchedAccounts,
): void {
  const size = readLane(core.positions.size, row);
  const market = readLane(core.positions.market, row);
  const markPx = markPxOf(core.oracle, market);
  const isPart = !isCooling && Math.abs(size) * markPx > partialAbove(core);
  order.sz = isPart ? divCeil(Math.abs(size), PARTS) : Math.abs(size);
  const reach = reachOf(core, account, order.sz, markPx);
  if (reach < 0) return;
  order.account = account;
  order.market = market;
  order.side = size > 0 ? 1 : 0;
  order.px = size > 0 ? Math.max(1, markPx - reach) : markPx + reach;
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
  const filled = matchOrder(core, order, touched);
  if (isPart && filled > 0) startCooldown(core, account, market);
}

/**
 * How far from mark lots may close so that the account still owes nothing: its equity less the fee,
 * by the lot, and 10 % of mark at most; negative where not even the fee is there [ticks].
 */
function reachOf(core: Core, account: number, lots: number, markPx: number): number {
  const slippage = mulRateTrunc(markPx, LIQUIDATION_SLIPPAGE_E9);
  const left = figures.equity - takerFeeBound(core, account, (markPx + slippage) * lots);
  return Math.min(slippage, Math.floor(left / lots));
}

const partialAbove = ({ defaults }: Core): number =>
  defaults.table.count === 0 ? PARTIAL_ABOVE : readLane(defaults.partialAbove, 0);

function startCooldown(core: Core, account: number, market: number): void {
  const untilMs = commandTimeMs(core) + COOLDOWN_MS;
  writeLane(core.accounts.cooldownUntilMs, account, untilMs);
  const lane = beginEvent(core, EVENT.cooldownStarted, account, market, -1);
  core.events.lanes[lane + ACCOUNT_EVENT.amount] = untilMs;
}

/** Whether a scope holds nothing and owes money. */
const owesWhileFlat = (core: Core, scope: number): boolean =>
  scopeCash(core, scope) < 0 && firstOpenRow(core, scope) < 0;

/** Moves a part of what a scope owes to the insurance account. */
function bookDeficit(core: Core, scope: number, amount: number): void {
  const account = accountOfScope(core, scope);
  const market = marketOfScope(core, scope);
  cancelScopeResting(core, account, market, CANCEL_REASON.liquidated);
  addScopeCash(core, scope, amount);
  addCash(core.accounts, INSURANCE_ACCOUNT, -amount);
  markChanged(core.changed, INSURANCE_ACCOUNT);
  const lane = beginEvent(core, EVENT.deficitBooked, account, market, -1);
  core.events.lanes[lane + ACCOUNT_EVENT.amount] = amount;
}

function setDistress(core: Core, account: number, value: number): void {
  const before = readLane(core.accounts.distress, account);
  writeLane(core.accounts.distress, account, value);
  const change = (value === UNFINISHED ? 1 : 0) - (before === UNFINISHED ? 1 : 0);
  if (change !== 0) addToNumber(core.numbers, NUMBER.distressed, change);
}
