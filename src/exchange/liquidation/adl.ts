/**
 * Auto-deleveraging: closes the positions of a scope that owes more than it has against holders of
 * the other side, at its bankruptcy price, so that its deficit is borne to the last unit.
 *
 * The deficit D is shared out among its positions by their losses (by notional where they lost less
 * than D). A position of L lots with share H closes k = ceil(H / L) ticks beyond mark, in the closed
 * account's favour, for the first H - (k - 1) L lots, and k - 1 ticks for the others: a tick of a lot
 * is a unit of money, so what the other side bears is H exactly and nothing is rounded.
 *
 * Who the other side is, the policy says (`account/default-policy.ts`); both go through the venue's
 * ranking. Nobody bears more than its equity: what is left is closed at mark, and stays owed.
 */
import { readLane } from "../../base/column.ts";
import { divCeil, mulDivTrunc } from "../../base/rounding.ts";
import { BUY, SELL } from "../../base/side.ts";
import { ADL } from "../account/default-policy.ts";
import { beginEvent, type Core } from "../core.ts";
import { ACCOUNT_EVENT, EVENT, EVENT_FLAG } from "../event.ts";
import { createMarginFigures } from "../margin/margin.ts";
import type { TouchedAccounts } from "../matching/match.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { type RankedHolder, rankHolders } from "./adl-rank.ts";
import { createDeal, settleDeal, takeDealId } from "./off-book.ts";
import { firstOpenRow, marginBehind, nextOpenRow } from "./scope.ts";

const figures = createMarginFigures();
const deal = createDeal();

/** Closes all positions of a scope; returns what of its deficit nobody bore [10^-6 USDC]. */
export function deleverage(
  core: Core,
  scope: number,
  deficit: number,
  touched: TouchedAccounts,
): number {
  const rows: number[] = [];
  for (let row = firstOpenRow(core, scope); row >= 0; row = nextOpenRow(core, row)) rows.push(row);
  const losses = rows.map((row) => Math.max(0, -unrealisedOf(core, row)));
  const isCovered = sumOf(losses) >= deficit;
  const weights = isCovered ? losses : rows.map((row) => notionalOf(core, row));
  const total = Math.max(1, sumOf(weights));
  let owed = deficit;
  rows.forEach((row, i) => {
    const isLast = i === rows.length - 1;
    const share = isLast ? owed : mulDivTrunc(deficit, weights[i] as number, total);
    owed -= closeAgainst(core, row, Math.min(share, owed), touched);
  });
  return owed;
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

const notionalOf = ({ positions, oracle }: Core, row: number): number =>
  Math.abs(readLane(positions.size, row)) * markPxOf(oracle, readLane(positions.market, row));

const unrealisedOf = ({ positions, oracle }: Core, row: number): number =>
  readLane(positions.size, row) * markPxOf(oracle, readLane(positions.market, row)) -
  readLane(positions.cost, row);

/** How far beyond mark the next lots close: `high` lots at `ticks`, the others a tick nearer. */
const beyond = { ticks: 0, high: 0, paid: 0 };

/** Closes one position with its share of the deficit; returns what of that the other side bore. */
function closeAgainst(core: Core, row: number, share: number, touched: TouchedAccounts): number {
  const size = readLane(core.positions.size, row);
  const market = readLane(core.positions.market, row);
  const lots = Math.abs(size);
  const markPx = markPxOf(core.oracle, market);
  deal.from = core.positions.account.data[row] as number;
  deal.market = market;
  deal.side = size > 0 ? SELL : BUY;
  deal.flag = EVENT_FLAG.adl;
  takeDealId(core, deal);
  const room = size > 0 ? (core.markets.pxMax.data[market] as number) - markPx : markPx - 1;
  beyond.ticks = Math.min(room, divCeil(share, lots));
  beyond.high = Math.min(lots, share - (beyond.ticks - 1) * lots);
  beyond.paid = 0;
  const bankruptcyPx = markPx + (size > 0 ? beyond.ticks : -beyond.ticks);
  const holders = rankHolders(core, market, size < 0);
  const parts = partsOf(core, holders, lots);
  let left = lots;
  holders.forEach((holder, i) => {
    left -= dealWith(core, holder, Math.min(left, parts[i] as number), touched);
  });
  // What nobody could bear: at mark, from the first on.
  beyond.ticks = 0;
  beyond.high = 0;
  holders.forEach((holder) => {
    left -= dealWith(core, holder, left, touched);
  });
  const lane = beginEvent(core, EVENT.deleveraged, deal.from, market, -1);
  core.events.lanes[lane + ACCOUNT_EVENT.amount] = beyond.paid;
  core.events.lanes[lane + ACCOUNT_EVENT.a] = lots - left;
  core.events.lanes[lane + ACCOUNT_EVENT.b] = bankruptcyPx;
  return beyond.paid;
}

/** Lots that each holder is asked for; at least as many in all as are to be closed. */
function partsOf(core: Core, holders: readonly RankedHolder[], lots: number): number[] {
  const { defaults } = core;
  const isProRata = defaults.table.count > 0 && readLane(defaults.adl, 0) === ADL.proRata;
  if (!isProRata) return holders.map(({ size }) => size);
  let asked = holders.map(({ row, size }) => (unrealisedOf(core, row) > 0 ? size : 0));
  if (sumOf(asked) < lots) asked = holders.map(({ size }) => size);
  const total = sumOf(asked);
  const parts = asked.map((size) => mulDivTrunc(size, lots, total));
  let left = lots - sumOf(parts);
  for (let i = 0; i < parts.length && left > 0; i++) {
    if ((parts[i] as number) >= (asked[i] as number)) continue;
    parts[i] = (parts[i] as number) + 1;
    left -= 1;
  }
  return parts;
}

/** Deals with a holder for some lots at most, no more than its position and equity bear; returns the lots. */
function dealWith(
  core: Core,
  { row, account }: RankedHolder,
  asked: number,
  touched: TouchedAccounts,
): number {
  if (asked === 0 || account === deal.from) return 0;
  let lots = Math.min(asked, Math.abs(readLane(core.positions.size, row)));
  if (beyond.ticks > 0) {
    const { equity } = marginBehind(core, row, figures);
    lots = Math.min(lots, Math.floor(Math.max(0, equity) / beyond.ticks));
  }
  const high = Math.min(lots, beyond.high);
  beyond.high -= high;
  dealAt(core, account, high, beyond.ticks, touched);
  dealAt(core, account, lots - high, Math.max(0, beyond.ticks - 1), touched);
  return lots;
}

function dealAt(
  core: Core,
  account: number,
  lots: number,
  ticks: number,
  touched: TouchedAccounts,
): void {
  if (lots === 0) return;
  const markPx = markPxOf(core.oracle, deal.market);
  deal.to = account;
  deal.lots = lots;
  deal.px = deal.side === SELL ? markPx + ticks : markPx - ticks;
  settleDeal(core, deal, touched);
  beyond.paid += ticks * lots;
}
