/**
 * Owns positions: one row for each account and market that ever met, hung on a list from the
 * account's row, newest first. Rows stay when a position closes.
 *
 * A position keeps its exact cost basis (signed sum of notionals), never an average price:
 * unrealised PnL = size x mark - cost. A reduction releases cost x closed / size, truncated; what
 * truncation keeps in the basis comes out with the rest of the position, so nothing is lost.
 */
import {
  addF64,
  addI32,
  addRow,
  addTable,
  type F64Column,
  type I32Column,
  type Register,
  type Table,
} from "../../base/column.ts";
import { mulDivTrunc } from "../../base/rounding.ts";
import type { Accounts } from "./account.ts";

/** Most position rows of one exchange. */
const POSITIONS_MAX = 4_194_304;

/** Columns of the positions. */
export interface Positions {
  readonly table: Table;
  readonly account: I32Column;
  readonly market: I32Column;
  /** Positive = long [lots]. */
  readonly size: F64Column;
  /** Signed sum of notionals of what is open [10^-6 USDC]. */
  readonly cost: F64Column;
  /** Notional of resting buys and sells at their limits, reduce-only ones left out [10^-6 USDC]. */
  readonly buyNotional: F64Column;
  readonly sellNotional: F64Column;
  /** Remaining size of the same orders [lots]. */
  readonly buyLots: F64Column;
  readonly sellLots: F64Column;
  /** Number of resting reduce-only orders. */
  readonly reduceOnlyCount: I32Column;
  /** Next row of the account; index + 1, 0 = none. */
  readonly next: I32Column;
}

/** No positions. */
export function createPositions(register: Register): Positions {
  const table = addTable(register, "position", POSITIONS_MAX);
  return {
    table,
    account: addI32(table, "account"),
    market: addI32(table, "market"),
    size: addF64(table, "size"),
    cost: addF64(table, "cost"),
    buyNotional: addF64(table, "buyNotional"),
    sellNotional: addF64(table, "sellNotional"),
    buyLots: addF64(table, "buyLots"),
    sellLots: addF64(table, "sellLots"),
    reduceOnlyCount: addI32(table, "reduceOnlyCount"),
    next: addI32(table, "next"),
  };
}

/** Row of an account's position in a market, or -1 where the two never met. */
export function findPosition(
  positions: Positions,
  accounts: Accounts,
  account: number,
  market: number,
): number {
  let link = accounts.firstPosition.data[account] as number;
  while (link !== 0) {
    if (positions.market.data[link - 1] === market) return link - 1;
    link = positions.next.data[link - 1] as number;
  }
  return -1;
}

/** Row of an account's position in a market, added where missing. */
export function openPosition(
  positions: Positions,
  accounts: Accounts,
  account: number,
  market: number,
): number {
  const found = findPosition(positions, accounts, account, market);
  if (found >= 0) return found;
  const row = addRow(positions.table);
  positions.account.data[row] = account;
  positions.market.data[row] = market;
  positions.next.data[row] = accounts.firstPosition.data[account] as number;
  accounts.firstPosition.data[account] = row + 1;
  return row;
}

/**
 * Changes a position by a signed size at a price and returns the PnL that this realises, gross of
 * fees [lots, ticks -> 10^-6 USDC]. Sum over both sides of a match of (PnL - change of cost) is 0.
 */
export function changePosition(
  positions: Positions,
  row: number,
  signedSz: number,
  px: number,
): number {
  const size = positions.size.data[row] as number;
  const cost = positions.cost.data[row] as number;
  if (size === 0 || size > 0 === signedSz > 0) {
    positions.size.data[row] = size + signedSz;
    positions.cost.data[row] = cost + signedSz * px;
    return 0;
  }
  const direction = size > 0 ? 1 : -1;
  const closed = Math.min(Math.abs(signedSz), Math.abs(size));
  const released = mulDivTrunc(cost, closed, Math.abs(size));
  const opened = Math.abs(signedSz) - closed;
  positions.size.data[row] = opened > 0 ? -direction * opened : size - direction * closed || 0;
  positions.cost.data[row] = opened > 0 ? -direction * opened * px : cost - released || 0;
  return direction * closed * px - released || 0;
}

/**
 * Adds lots at a limit (negative: takes them off) to what an account has open on a side; orders that
 * only reduce do not count [ticks, lots].
 */
export function addOpenOrder(
  positions: Positions,
  row: number,
  isBuy: boolean,
  px: number,
  signedLots: number,
): void {
  const notional = (isBuy ? positions.buyNotional : positions.sellNotional).data;
  const lots = (isBuy ? positions.buyLots : positions.sellLots).data;
  notional[row] = (notional[row] as number) + px * signedLots;
  lots[row] = (lots[row] as number) + signedLots;
}
