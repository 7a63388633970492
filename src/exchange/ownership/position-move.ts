/**
 * Part of a position handed from one account to another, by the owner of both or with the consent of
 * the other. It is no trade: no price, no fee, no volume, and nothing is realised.
 *
 * Of size s with cost basis C (the signed sum of notionals), q lots take with them
 *   c = trunc(C q / |s|)                                                      [10^-6 USDC]
 * and leave C - c behind; all of it takes all. What truncation keeps, less than a unit, stays with
 * the giver. So size and cost of both together are as before to the unit: entry prices and the
 * unrealised PnL come along, and PnL realised before stays where it was.
 *
 * The receiver is flat or holds the same side: against an opposite position the lots would close, at
 * a price that nobody traded. Afterwards both hold the initial margin of what they have. Whose equity
 * has fallen, by money or unrealised PnL that goes along, must besides hold what withdrawals leave, a
 * tenth of its notional, unless its equity is no smaller a part of its notional than it was. Both are
 * on cross margin: money of an isolated position has no part that belongs to some of its lots.
 */
import { isFull } from "../../base/column.ts";
import { REJECT, type RejectCode } from "../../base/reject-code.ts";
import { divCeil, mulDivTrunc } from "../../base/rounding.ts";
import { markChanged } from "../account/changed-accounts.ts";
import { noteRowChange } from "../account/margin-sums.ts";
import { findPosition, noteSize, openPosition, POSITION } from "../account/position.ts";
import { beginEvent, type Core } from "../core.ts";
import { EVENT, MOVE_EVENT, type MoveCause, TRANSFER_CAUSE } from "../event.ts";
import { isIsolatedRow } from "../margin/isolated.ts";
import { leverageOf, tierNotionalMax } from "../margin/leverage.ts";
import {
  createMarginFigures,
  createMarginTrial,
  type MarginFigures,
  tryMargin,
  WORST_NOTIONAL_MAX,
} from "../margin/margin.ts";
import { fitReduceOnly } from "../matching/reduce-only.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { moveMoney } from "./money-transfer.ts";

/** Part of a position that changes hands. */
export interface PositionMove {
  readonly giver: number;
  readonly taker: number;
  readonly market: number;
  /** [lots] */
  readonly sz: number;
  /** Money that the giver pays with it; negative = the taker pays [10^-6 USDC]. */
  readonly usd: number;
  readonly cause: MoveCause;
}

/** What goes along: signed lots and their part of the cost basis [10^-6 USDC]. */
export interface MovedPart {
  readonly size: number;
  readonly cost: number;
}

const before = createMarginFigures();
const after = createMarginFigures();
const trial = createMarginTrial();
const NOTHING = createMarginTrial();

/** Signed size of an account's position [lots]. */
function sizeOf(core: Core, account: number, market: number): number {
  const row = findPosition(core.positions, core.accounts, account, market);
  return row < 0 ? 0 : (core.positions.rows.f64[row * 8 + POSITION.size] as number);
}

/** What `sz` lots of an account's position would take along; null where it has not as many. */
export function partOf(
  core: Core,
  { giver, market, sz }: Pick<PositionMove, "giver" | "market" | "sz">,
): MovedPart | null {
  const row = findPosition(core.positions, core.accounts, giver, market);
  if (row < 0 || !(Number.isSafeInteger(sz) && sz > 0)) return null;
  const size = core.positions.rows.f64[row * 8 + POSITION.size] as number;
  const cost = core.positions.rows.f64[row * 8 + POSITION.cost] as number;
  if (sz > Math.abs(size)) return null;
  return { size: size > 0 ? sz : -sz, cost: mulDivTrunc(cost, sz, Math.abs(size)) };
}

/** Why a movement cannot be, or null where it can. */
export function moveProblem(core: Core, move: PositionMove, part: MovedPart): RejectCode | null {
  const { giver, taker, market, usd } = move;
  const { positions, accounts } = core;
  const held = sizeOf(core, taker, market);
  if (held !== 0 && held > 0 !== part.size > 0) return REJECT.moveOpposite;
  const isNew = findPosition(positions, accounts, taker, market) < 0;
  if (isNew && isFull(positions.table)) return REJECT.capacityExhausted;
  const row = openPosition(positions, accounts, taker, market);
  const isCovered = holdsMargin(core, taker, row, part.size, part.cost, usd);
  if (after.worstNotional > WORST_NOTIONAL_MAX || isTooLarge(core, taker, row, part.size))
    return REJECT.moveTooLarge;
  const own = findPosition(positions, accounts, giver, market);
  if (!holdsMargin(core, giver, own, -part.size, -part.cost, -usd)) return REJECT.giverUncovered;
  if (!isCovered) return REJECT.takerUncovered;
  return isIsolatedRow(core, row) || isIsolatedRow(core, own) ? REJECT.moveIsolated : null;
}

/** Whether a position and the open orders of its side would pass the market's cap or the account's tier. */
function isTooLarge(core: Core, account: number, row: number, change: number): boolean {
  const { f64, i32 } = core.positions.rows;
  const at = row * 8;
  const market = i32[row * 16 + POSITION.market] as number;
  const size = (f64[at + POSITION.size] as number) + change;
  const isLong = size > 0;
  const lots = f64[at + (isLong ? POSITION.buyLots : POSITION.sellLots)] as number;
  const open = f64[at + (isLong ? POSITION.buyNotional : POSITION.sellNotional)] as number;
  if (Math.abs(size) + lots > (core.markets.positionMax.data[market] as number)) return true;
  const exposure = Math.abs(size) * markPxOf(core.oracle, market) + open;
  return exposure > tierNotionalMax(core, market, leverageOf(core, account, market));
}

/** Whether an account holds what it must with a change of a row and of its money; leaves {@link after}. */
function holdsMargin(
  core: Core,
  account: number,
  row: number,
  size: number,
  cost: number,
  usd: number,
): boolean {
  tryMargin(core, account, row, NOTHING, before);
  trial.size = size;
  trial.cost = cost;
  tryMargin(core, account, row, trial, after);
  after.equity += usd;
  if (after.equity < after.initial) return false;
  if (after.equity >= before.equity) return true;
  return after.equity >= divCeil(after.notional, 10) || keepsRatio(before, after);
}

/** Whether equity is no smaller a part of notional than it was; products pass 2^53. */
const keepsRatio = (was: MarginFigures, is: MarginFigures): boolean =>
  BigInt(is.equity) * BigInt(was.notional) >= BigInt(was.equity) * BigInt(is.notional);

/** Hands a part over that {@link moveProblem} has nothing against. */
export function movePosition(core: Core, move: PositionMove, part: MovedPart): void {
  const { giver, taker, market, usd } = move;
  changeRow(core, move, giver, { size: -part.size || 0, cost: -part.cost || 0 });
  changeRow(core, move, taker, part);
  if (usd > 0) {
    moveMoney(core, { giver, taker, amount: usd, fee: 0, cause: TRANSFER_CAUSE.position });
  } else if (usd < 0) {
    moveMoney(core, {
      giver: taker,
      taker: giver,
      amount: -usd,
      fee: 0,
      cause: TRANSFER_CAUSE.position,
    });
  }
  fitReduceOnly(core, giver, market);
}

function changeRow(core: Core, move: PositionMove, account: number, change: MovedPart): void {
  const { positions, accounts } = core;
  const { market } = move;
  const row = openPosition(positions, accounts, account, market);
  noteRowChange(core.margins, account, row);
  markChanged(core.changed, account);
  const { f64 } = positions.rows;
  const at = row * 8;
  const size = f64[at + POSITION.size] as number;
  f64[at + POSITION.size] = size + change.size || 0;
  noteSize(positions, market, size, size + change.size);
  f64[at + POSITION.cost] = (f64[at + POSITION.cost] as number) + change.cost || 0;
  const lane = beginEvent(core, EVENT.positionMoved, account, market, 0);
  const { lanes } = core.events;
  lanes[lane + MOVE_EVENT.size] = change.size;
  lanes[lane + MOVE_EVENT.cost] = change.cost;
  lanes[lane + MOVE_EVENT.startPosition] = size;
  lanes[lane + MOVE_EVENT.other] = account === move.giver ? move.taker : move.giver;
  lanes[lane + MOVE_EVENT.cause] = move.cause;
  lanes[lane + MOVE_EVENT.markPx] = markPxOf(core.oracle, market);
}
