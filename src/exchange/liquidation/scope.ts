/**
 * A margin scope: positions and the money that answers for them, and for nothing else. An account's
 * cross positions and its cash are one. What liquidates, takes over or deleverages asks here what
 * belongs together and never reads an account's rows or cash by itself.
 */
import { readLane } from "../../base/column.ts";
import { addCash } from "../account/account.ts";
import type { Core } from "../core.ts";
import { computeMargin, type MarginFigures } from "../margin/margin.ts";

/** Margin figures of a scope, into `out`. */
export const scopeMargin = (core: Core, account: number, out: MarginFigures): MarginFigures =>
  computeMargin(core, account, out);

/** Margin figures of the scope that a position belongs to, into `out`. */
export const marginBehind = (core: Core, row: number, out: MarginFigures): MarginFigures =>
  scopeMargin(core, core.positions.account.data[row] as number, out);

/** First open position of a scope; -1 = none. */
export const firstOpenRow = (core: Core, account: number): number =>
  openRowFrom(core, readLane(core.accounts.firstPosition, account));

/** Open position of a scope behind another; -1 = none. */
export const nextOpenRow = (core: Core, row: number): number =>
  openRowFrom(core, readLane(core.positions.next, row));

function openRowFrom(core: Core, first: number): number {
  let link = first;
  while (link !== 0 && readLane(core.positions.size, link - 1) === 0)
    link = readLane(core.positions.next, link - 1);
  return link - 1;
}

/** Money of a scope beside its positions [10^-6 USDC]. */
export const scopeCash = (core: Core, account: number): number =>
  readLane(core.accounts.cash, account);

/** Adds to the money of a scope [10^-6 USDC]. */
export const addScopeCash = (core: Core, account: number, amount: number): void =>
  addCash(core.accounts, account, amount);
