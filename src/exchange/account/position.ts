/**
 * Owns positions: one row for each account and market that ever met, hung on a list from the
 * account's row, newest first. Rows stay when a position closes. A row is a record of 64 bytes,
 * which every order touches, and beside it columns of what few commands ask for.
 *
 * A position keeps its exact cost basis (signed sum of notionals), never an average price:
 * unrealised PnL = size x mark - cost. A reduction releases cost x closed / size, truncated; what
 * truncation keeps in the basis comes out with the rest of the position, so nothing is lost.
 *
 * A position of isolated margin has money of its own, which is its account's no longer until it comes
 * back: `margin`. A row whose leverage is negative is isolated; see `margin/isolated.ts`.
 */
import {
  addF64,
  addI32,
  addRecord,
  addRow,
  addTable,
  type F64Column,
  f64Lane,
  type I32Column,
  i32Lane,
  keepRow,
  type RecordColumn,
  type RecordLane,
  type Register,
  type Table,
} from "../../base/column.ts";
import { mulDivTrunc } from "../../base/rounding.ts";
import { ACCOUNT, type Accounts } from "./account.ts";

// Constants of other modules as this one's own: the engine folds these and loads those.
const { firstPosition: ACCOUNT_FIRST_POSITION } = ACCOUNT;

/** Most position rows of one exchange. */
const POSITIONS_MAX = 4_194_304;

/** Lanes of a record of 64 bytes: float64 lanes 0 to 5, int32 lanes 12 to 15. */
export const POSITION = {
  size: 0,
  cost: 1,
  buyNotional: 2,
  sellNotional: 3,
  buyLots: 4,
  sellLots: 5,
  /** Int32 lanes. */
  leverage: 12,
  market: 13,
  reduceOnlyCount: 14,
  next: 15,
} as const;
const POSITION_BYTES = 64;
/** One for each market that there may be. */
const OPEN_INTEREST_LANES = 1024;

/** Columns of the positions. */
export interface Positions {
  readonly table: Table;
  readonly rows: RecordColumn;
  readonly account: I32Column;
  /** Money of an isolated position; may be negative while its profit is not realised [10^-6 USDC]. */
  readonly margin: F64Column;
  /** Divisor of initial margin that the account chose, negative = isolated; 0 = the market's default. */
  readonly leverage: RecordLane;
  readonly market: RecordLane;
  /** Positive = long [lots]. */
  readonly size: RecordLane;
  /** Signed sum of notionals of what is open [10^-6 USDC]. */
  readonly cost: RecordLane;
  /** Notional of resting buys and sells at their limits, reduce-only ones left out [10^-6 USDC]. */
  readonly buyNotional: RecordLane;
  readonly sellNotional: RecordLane;
  /** Remaining size of the same orders [lots]. */
  readonly buyLots: RecordLane;
  readonly sellLots: RecordLane;
  /** Number of resting reduce-only orders. */
  readonly reduceOnlyCount: RecordLane;
  /** Next row of the account; index + 1, 0 = none. */
  readonly next: RecordLane;
  /** Sum of all long positions of each market; derived [lots]. */
  readonly openInterest: Float64Array;
}

/** No positions. */
export function createPositions(register: Register): Positions {
  const table = addTable(register, "position", POSITIONS_MAX);
  const rows = addRecord(table, "rows", POSITION_BYTES);
  return {
    table,
    rows,
    account: addI32(table, "account"),
    margin: addF64(table, "margin"),
    leverage: i32Lane(rows, POSITION.leverage),
    market: i32Lane(rows, POSITION.market),
    size: f64Lane(rows, POSITION.size),
    cost: f64Lane(rows, POSITION.cost),
    buyNotional: f64Lane(rows, POSITION.buyNotional),
    sellNotional: f64Lane(rows, POSITION.sellNotional),
    buyLots: f64Lane(rows, POSITION.buyLots),
    sellLots: f64Lane(rows, POSITION.sellLots),
    reduceOnlyCount: i32Lane(rows, POSITION.reduceOnlyCount),
    next: i32Lane(rows, POSITION.next),
    openInterest: new Float64Array(OPEN_INTEREST_LANES),
  };
}

/** Row of an account's position in a market, or -1 where the two never met. */
export function findPosition(
  positions: Positions,
  accounts: Accounts,
  account: number,
  market: number,
): number {
  const { i32 } = positions.rows;
  let link = accounts.rows.i32[account * 16 + ACCOUNT_FIRST_POSITION] as number;
  while (link !== 0) {
    const at = (link - 1) * 16;
    if (i32[at + POSITION.market] === market) return link - 1;
    link = i32[at + POSITION.next] as number;
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
  keepRow(accounts.table, account);
  const row = addRow(positions.table);
  const { i32 } = positions.rows;
  const first = account * 16 + ACCOUNT_FIRST_POSITION;
  positions.account.data[row] = account;
  i32[row * 16 + POSITION.market] = market;
  i32[row * 16 + POSITION.next] = accounts.rows.i32[first] as number;
  accounts.rows.i32[first] = row + 1;
  return row;
}

/**
 * PnL that the last {@link changePosition} realised, gross of fees [10^-6 USDC]. Not its answer: a
 * large number that a call answers may be allocated.
 */
export const realisedPnl = new Float64Array(1);

/**
 * Changes a position by a signed size at a price and leaves what this realises in
 * {@link realisedPnl} [lots, ticks]. Sum over both sides of a match of (PnL - change of cost) is 0.
 */
export function changePosition(
  positions: Positions,
  row: number,
  signedSz: number,
  px: number,
): void {
  keepRow(positions.table, row);
  const { f64, i32 } = positions.rows;
  const at = row * 8;
  const size = f64[at + POSITION.size] as number;
  const cost = f64[at + POSITION.cost] as number;
  const market = i32[row * 16 + POSITION.market] as number;
  const longer = Math.max(0, size + signedSz) - Math.max(0, size);
  const { openInterest } = positions;
  openInterest[market] = (openInterest[market] as number) + longer;
  if (size === 0 || size > 0 === signedSz > 0) {
    f64[at + POSITION.size] = size + signedSz;
    f64[at + POSITION.cost] = cost + signedSz * px;
    realisedPnl[0] = 0;
    return;
  }
  const direction = size > 0 ? 1 : -1;
  const closed = Math.min(Math.abs(signedSz), Math.abs(size));
  const released = mulDivTrunc(cost, closed, Math.abs(size));
  const opened = Math.abs(signedSz) - closed;
  f64[at + POSITION.size] = opened > 0 ? -direction * opened : size - direction * closed || 0;
  f64[at + POSITION.cost] = opened > 0 ? -direction * opened * px : cost - released || 0;
  realisedPnl[0] = direction * closed * px - released || 0;
}

/** To be called when a row's size has been changed from one to another otherwise [lots]. */
export function noteSize(positions: Positions, market: number, was: number, is: number): void {
  const { openInterest } = positions;
  openInterest[market] = (openInterest[market] as number) + Math.max(0, is) - Math.max(0, was);
}

/** Adds up all long positions anew. */
export function rebuildOpenInterest(positions: Positions): void {
  const { table, rows } = positions;
  positions.openInterest.fill(0);
  for (let row = 0; row < table.count; row++) {
    const market = rows.i32[row * 16 + POSITION.market] as number;
    noteSize(positions, market, 0, rows.f64[row * 8 + POSITION.size] as number);
  }
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
  keepRow(positions.table, row);
  const { f64 } = positions.rows;
  const notional = row * 8 + (isBuy ? POSITION.buyNotional : POSITION.sellNotional);
  const lots = row * 8 + (isBuy ? POSITION.buyLots : POSITION.sellLots);
  f64[notional] = (f64[notional] as number) + px * signedLots;
  f64[lots] = (f64[lots] as number) + signedLots;
}
