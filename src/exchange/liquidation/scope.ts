/**
 * A margin scope: positions and the money that answers for them, and for nothing else. An account's
 * cross positions and its cash are one, and each isolated position and its margin is one. What
 * liquidates, takes over or deleverages asks here what belongs together and never reads an account's
 * rows or cash by itself.
 *
 * A scope is a number: the account for its cross margin, -1 - row for an isolated position.
 */
import { readLane } from "../../base/column.ts";
import { addCash } from "../account/account.ts";
import type { Core } from "../core.ts";
import {
  addMargin,
  isIsolatedRow,
  isolatedEquity,
  isolatedExcess,
  rowNotional,
} from "../margin/isolated.ts";
import { computeMargin, createMarginFigures, type MarginFigures } from "../margin/margin.ts";

/** Scope of an isolated position. */
export const isolatedScope = (row: number): number => -1 - row;

const NOTHING = createMarginFigures();

/** Account that a scope is of. */
export const accountOfScope = (core: Core, scope: number): number =>
  scope >= 0 ? scope : (core.positions.account.data[-1 - scope] as number);

/** Market of an isolated position's scope; -1 = cross margin, which has no one market. */
export const marketOfScope = (core: Core, scope: number): number =>
  scope >= 0 ? -1 : readLane(core.positions.market, -1 - scope);

/** Margin figures of a scope, into `out`. */
export function scopeMargin(core: Core, scope: number, out: MarginFigures): MarginFigures {
  if (scope >= 0) return computeMargin(core, scope, out);
  const row = -1 - scope;
  Object.assign(out, NOTHING);
  out.equity = isolatedEquity(core, row);
  out.notional = rowNotional(core, row);
  out.maintenance = out.equity - isolatedExcess(core, row);
  return out;
}

/** Margin figures of the scope that a position belongs to, into `out`. */
export const marginBehind = (core: Core, row: number, out: MarginFigures): MarginFigures =>
  scopeMargin(
    core,
    isIsolatedRow(core, row) ? isolatedScope(row) : (core.positions.account.data[row] as number),
    out,
  );

/** First open position of a scope; -1 = none. */
export function firstOpenRow(core: Core, scope: number): number {
  if (scope >= 0) return crossRowFrom(core, readLane(core.accounts.firstPosition, scope));
  const row = -1 - scope;
  return readLane(core.positions.size, row) === 0 ? -1 : row;
}

/** Open position of a scope behind another; -1 = none. */
export const nextOpenRow = (core: Core, row: number): number =>
  isIsolatedRow(core, row) ? -1 : crossRowFrom(core, readLane(core.positions.next, row));

function crossRowFrom(core: Core, first: number): number {
  let link = first;
  while (link !== 0) {
    const isOpen = readLane(core.positions.size, link - 1) !== 0;
    if (isOpen && !isIsolatedRow(core, link - 1)) break;
    link = readLane(core.positions.next, link - 1);
  }
  return link - 1;
}

/** Money of a scope beside its positions [10^-6 USDC]. */
export const scopeCash = (core: Core, scope: number): number =>
  scope >= 0
    ? readLane(core.accounts.cash, scope)
    : (core.positions.margin.data[-1 - scope] as number);

/** Adds to the money of a scope [10^-6 USDC]. */
export function addScopeCash(core: Core, scope: number, amount: number): void {
  if (scope >= 0) addCash(core.accounts, scope, amount);
  else addMargin(core, -1 - scope, amount);
}
