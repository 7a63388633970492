/**
 * The backstop: a plain account that takes over what the book could not close in time. It gets all
 * positions of a margin scope at mark and the money beside them, nothing returned: what is left of
 * the margin is its pay for the risk. It takes a scope whole or not at all, and only one that it can
 * carry: its free margin stays at zero or above, its positions within the markets' caps, and its
 * equity at or above the floor that caps its loss. Below the floor all that it holds is closed against
 * the other side, at mark: its loss passes the cap by the gap of one price at most, and nobody pays it.
 * It carries on cross margin: what it would hold isolated, on markets that allow nothing else too,
 * goes on to deleveraging.
 */
import { isFull, readLane } from "../../base/column.ts";
import { maintenanceOf } from "../../base/margin-tiers.ts";
import { divCeil } from "../../base/rounding.ts";
import { BUY, SELL } from "../../base/side.ts";
import { markChanged } from "../account/changed-accounts.ts";
import { findPosition, POSITION } from "../account/position.ts";
import { beginEvent, type Core } from "../core.ts";
import { ACCOUNT_EVENT, EVENT, EVENT_FLAG } from "../event.ts";
import { createMarginFigures, WORST_NOTIONAL_MAX } from "../margin/margin.ts";
import type { MarketTerms } from "../market/market-terms.ts";
import type { TouchedAccounts } from "../matching/match.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { createDeal, settleDeal, takeDealId } from "./off-book.ts";
import {
  accountOfScope,
  addScopeCash,
  firstOpenRow,
  marketOfScope,
  nextOpenRow,
  scopeCash,
  scopeMargin,
} from "./scope.ts";

const figures = createMarginFigures();
const after = createMarginFigures();
const deal = createDeal();

/** Account of the backstop; 0 = none. */
export const backstopOf = ({ defaults }: Core): number =>
  defaults.table.count === 0 ? 0 : readLane(defaults.backstop, 0);

/** Whether an account is the backstop, holds something and has lost what it may. */
export const hasLostItsCap = (core: Core, account: number): boolean =>
  account !== 0 &&
  account === backstopOf(core) &&
  firstOpenRow(core, account) >= 0 &&
  scopeMargin(core, account, figures).equity < readLane(core.defaults.floor, 0);

/** Hands a scope over to the backstop; false, and nothing done, where there is none that can carry it. */
export function takeOver(core: Core, scope: number, touched: TouchedAccounts): boolean {
  const backstop = backstopOf(core);
  const account = accountOfScope(core, scope);
  if (backstop === 0 || backstop === account || !canCarry(core, scope, backstop)) return false;
  for (let row = firstOpenRow(core, scope); row >= 0; row = nextOpenRow(core, row)) {
    const size = readLane(core.positions.size, row);
    deal.from = account;
    deal.to = backstop;
    deal.market = readLane(core.positions.market, row);
    deal.side = size > 0 ? SELL : BUY;
    deal.lots = Math.abs(size);
    deal.px = markPxOf(core.oracle, deal.market);
    deal.flag = EVENT_FLAG.backstop;
    takeDealId(core, deal);
    settleDeal(core, deal, touched);
  }
  const amount = scopeCash(core, scope);
  addScopeCash(core, scope, -amount);
  addScopeCash(core, backstop, amount);
  markChanged(core.changed, backstop);
  const lane = beginEvent(core, EVENT.backstopTookOver, account, marketOfScope(core, scope), -1);
  core.events.lanes[lane + ACCOUNT_EVENT.amount] = amount;
  core.events.lanes[lane + ACCOUNT_EVENT.a] = backstop;
  return true;
}

/** Whether a backstop with a scope's positions and money would keep every rule. */
function canCarry(core: Core, scope: number, backstop: number): boolean {
  const equity = scopeMargin(core, scope, figures).equity;
  scopeMargin(core, backstop, after);
  after.equity += equity;
  let rows = 0;
  for (let row = firstOpenRow(core, scope); row >= 0; row = nextOpenRow(core, row)) {
    if (!addRow(core, row, backstop)) return false;
    rows += 1;
  }
  const { table } = core.positions;
  if (isFull(table) || table.count + rows > table.countMax) return false;
  return (
    after.equity >= readLane(core.defaults.floor, 0) &&
    after.equity >= Math.max(after.initial, after.maintenance) &&
    after.worstNotional <= WORST_NOTIONAL_MAX
  );
}

/** Adds to {@link after} what a position would change for the backstop; false where it passes a cap. */
function addRow(core: Core, row: number, backstop: number): boolean {
  const { positions } = core;
  const { f64 } = positions.rows;
  const market = readLane(positions.market, row);
  const own = findPosition(positions, core.accounts, backstop, market);
  const lane = (at: number): number => (own < 0 ? 0 : (f64[own * 8 + at] as number));
  const { tiers, leverage, pxMax } = core.terms[market] as MarketTerms;
  const markPx = markPxOf(core.oracle, market);
  const before = lane(POSITION.size);
  const size = before + readLane(positions.size, row);
  const divisor = own < 0 ? leverage : readLane(positions.leverage, own) || leverage;
  if (divisor < 0) return false;
  const exposure = (lots: number): number =>
    Math.max(
      Math.abs(lots * markPx),
      Math.abs(lots * markPx + lane(POSITION.buyNotional)),
      Math.abs(lots * markPx - lane(POSITION.sellNotional)),
    );
  after.initial += divCeil(exposure(size), divisor) - divCeil(exposure(before), divisor);
  after.maintenance +=
    maintenanceOf(tiers, Math.abs(size * markPx)) - maintenanceOf(tiers, Math.abs(before * markPx));
  after.worstNotional += (Math.abs(size) - Math.abs(before)) * pxMax;
  const open = Math.max(lane(POSITION.buyLots), lane(POSITION.sellLots));
  return Math.abs(size) + open <= (core.markets.positionMax.data[market] as number);
}
