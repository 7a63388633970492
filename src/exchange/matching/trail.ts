/**
 * Trailing stops: stops at market whose trigger price follows the mark price at an offset, the way
 * it is better for the position, and stays where it turns. With the best mark price B since the
 * order was placed (a sell's highest, a buy's lowest) and its offset D in ticks or d in bps:
 *
 *   sell: trigger = B - max(1, D or trunc(B d / 10,000))         fires at and below it [ticks]
 *   buy:  trigger = B + max(1, D or trunc(B d / 10,000))         fires at and above it [ticks]
 *
 * When its price comes it becomes a stop at that price, queued among all that the same move fires.
 * See `trail-table.ts` for how a move finds them.
 */

import { seqOfOrderId } from "../../base/order-id.ts";
import { mulDivTrunc } from "../../base/rounding.ts";
import { SELL } from "../../base/side.ts";
import { logStep } from "../../base/undo-log.ts";
import { ORDER, ORDER_FLAG } from "../book/order-table.ts";
import type { Core } from "../core.ts";
import { markPxOf } from "../oracle/oracle.ts";
import { collectPassed, unwatch, watchFall, watchRise } from "../oracle/price-watch.ts";
import {
  freeTrail,
  growTrailLinks,
  joinTrailHeaps,
  leaveTrailHeap,
  openTrail,
  TRAIL,
  trailPlace,
  trailStack,
} from "../oracle/trail-table.ts";

const BPS = 10_000;
/** Above any price [ticks]. */
const PX_BOUND = 33_554_432;
/** Kinds of offset, one heap each in a group. */
const TICKS_UNIT = 0;
const BPS_UNIT = 1;

/** Whether an offset is one: a whole number of ticks, or of bps below 10,000. */
export const isTrailOffset = (offset: number, inBps: boolean): boolean =>
  Number.isSafeInteger(offset) && offset > 0 && offset < (inBps ? BPS : PX_BOUND);

/** Trigger price at an offset from a best price [ticks]. */
export function trailPx(bestPx: number, offset: number, inBps: boolean, isSell: boolean): number {
  const away = Math.max(1, inBps ? mulDivTrunc(bestPx, offset, BPS) : offset);
  return isSell ? bestPx - away : bestPx + away;
}

/** Trigger price of a trailing stop as the mark price stands [ticks]. */
export function trailPxOf(core: Core, slot: number): number {
  const { i32 } = core.orders.rows;
  const bestPx = core.trails.rows.i32[groupOf(core, slot) * 6 + TRAIL.bestPx] as number;
  const inBps = unitOf(core, slot) === BPS_UNIT;
  const isSell = i32[slot * 16 + ORDER.side] === SELL;
  return trailPx(bestPx, i32[slot * 16 + ORDER.triggerPx] as number, inBps, isSell);
}

/** Has a trailing stop follow the mark price from where it stands; its row is written. */
export function followMark(core: Core, slot: number): void {
  const { trails, orders } = core;
  const market = orders.rows.i32[slot * 16 + ORDER.market] as number;
  const direction = directionOf(core, slot);
  const stack = trailStack(trails, market, direction);
  const newest = stack.at(-1);
  const markPx = markPxOf(core.oracle, market);
  if (newest === undefined || trails.rows.i32[newest * 6 + TRAIL.bestPx] !== markPx) {
    const fromSeq = seqOfOrderId(orders.rows.f64[slot * 8 + ORDER.oid] as number);
    openTrail(trails, { fromSeq, market, direction, bestPx: markPx });
  }
  join(core, slot);
}

/** Ends the following; where that may be taken back, so is this. */
export function stopFollowing(core: Core, slot: number): void {
  const { trails } = core;
  const row = groupOf(core, slot);
  const { undo } = core.register;
  if (undo.isOn) logReturn(core, row, slot);
  const unit = unitOf(core, slot);
  const tops = trails.tops[unit] as number[];
  tops[row] = leaveTrailHeap(trails, tops[row] as number, slot, isNearer(core));
  renew(core, row);
}

// Apart from the one above: a function that makes a closure allocates for it before it asks whether.
function logReturn(core: Core, row: number, slot: number): void {
  const step = (returned: number): void => {
    const { rows } = core.trails;
    const [market, direction] = [TRAIL.market, TRAIL.direction].map(
      (lane) => rows.i32[row * 6 + lane] as number,
    ) as [number, number];
    const stack = trailStack(core.trails, market, direction);
    if (!stack.includes(row)) {
      const place = trailPlace(core.trails, stack, rows.f64[row * 3 + TRAIL.fromSeq] as number);
      stack.splice(place + 1, 0, row);
    }
    join(core, returned);
  };
  logStep(core.register.undo, step, slot);
}

/** Follows a market's mark price; slots of those that it fires, as stops at their price, are appended. */
export function moveTrails(core: Core, market: number, isOpen: boolean, fired: number[]): void {
  const { trails } = core;
  if (trails.table.count === 0) return;
  const markPx = markPxOf(core.oracle, market);
  overtake(core, market, 0, markPx);
  overtake(core, market, 1, markPx);
  if (!isOpen) return;
  collectPassed(trails.watch, market, markPx);
  const { found, foundCount } = trails.watch;
  if (foundCount === 0) return;
  // By row: the watch finds them in an order that a fork of the state need not have.
  for (const row of found.slice(0, foundCount).sort((a, b) => a - b)) {
    for (const unit of [TICKS_UNIT, BPS_UNIT]) fireOfGroup(core, row, unit, markPx, fired);
    renew(core, row);
  }
}

/** The groups of a direction whose best price is no longer the best become one with the new one. */
function overtake(core: Core, market: number, direction: number, markPx: number): void {
  const { trails } = core;
  const { i32 } = trails.rows;
  const stack = trailStack(trails, market, direction);
  let into = -1;
  while (stack.length > 0) {
    const row = stack.at(-1) as number;
    const bestPx = i32[row * 6 + TRAIL.bestPx] as number;
    if (direction === 0 ? bestPx >= markPx : bestPx <= markPx) break;
    stack.pop();
    if (into >= 0) absorb(core, row, into);
    into = row;
  }
  if (into < 0) return;
  const newest = stack.at(-1);
  if (newest !== undefined && i32[newest * 6 + TRAIL.bestPx] === markPx) {
    absorb(core, newest, into);
    renew(core, newest);
    return;
  }
  i32[into * 6 + TRAIL.bestPx] = markPx;
  stack.push(into);
  renew(core, into);
}

/** A group takes over the orders of a newer one, whose row goes. */
function absorb(core: Core, row: number, newer: number): void {
  const { trails } = core;
  for (const tops of trails.tops) {
    const [one, other] = [tops[row] as number, tops[newer] as number];
    tops[row] = joinTrailHeaps(trails, one, other, isNearer(core));
    tops[newer] = 0;
  }
  unwatch(trails.watch, newer);
  freeTrail(trails, newer);
}

function fireOfGroup(core: Core, row: number, unit: number, markPx: number, fired: number[]): void {
  const { trails } = core;
  const { i32 } = core.orders.rows;
  const tops = trails.tops[unit] as number[];
  const bestPx = trails.rows.i32[row * 6 + TRAIL.bestPx] as number;
  const isSell = trails.rows.i32[row * 6 + TRAIL.direction] === 0;
  for (let top = tops[row] as number; top !== 0; top = tops[row] as number) {
    const slot = top - 1;
    const offset = i32[slot * 16 + ORDER.triggerPx] as number;
    const px = trailPx(bestPx, offset, unit === BPS_UNIT, isSell);
    if (isSell ? markPx > px : markPx < px) return;
    tops[row] = leaveTrailHeap(trails, top, slot, isNearer(core));
    const at = slot * 16;
    i32[at + ORDER.triggerPx] = px;
    i32[at + ORDER.flags] = (i32[at + ORDER.flags] as number) & ~ANY_TRAIL;
    fired.push(slot);
  }
}

/** Watches the price at which the nearest of a group fires; a group without orders goes. */
function renew(core: Core, row: number): void {
  const { trails } = core;
  const { i32 } = trails.rows;
  const market = i32[row * 6 + TRAIL.market] as number;
  const direction = i32[row * 6 + TRAIL.direction] as number;
  const bestPx = i32[row * 6 + TRAIL.bestPx] as number;
  let nearest = 0;
  for (const unit of [TICKS_UNIT, BPS_UNIT]) {
    const top = trails.tops[unit as 0 | 1][row] as number;
    if (top === 0) continue;
    const offset = core.orders.rows.i32[(top - 1) * 16 + ORDER.triggerPx] as number;
    const px = trailPx(bestPx, offset, unit === BPS_UNIT, direction === 0);
    if (nearest === 0 || (direction === 0 ? px > nearest : px < nearest)) nearest = px;
  }
  unwatch(trails.watch, row);
  if (nearest === 0) {
    const stack = trailStack(trails, market, direction);
    const place = stack.lastIndexOf(row);
    if (place >= 0) stack.splice(place, 1);
    freeTrail(trails, row);
  } else if (direction === 0) watchFall(trails.watch, market, row, nearest + 1);
  else watchRise(trails.watch, market, row, nearest - 1);
}

/** Puts an order into its group's heap. */
function join(core: Core, slot: number): void {
  const { trails } = core;
  growTrailLinks(trails, slot);
  trails.left[slot] = 0;
  trails.right[slot] = 0;
  trails.up[slot] = 0;
  const row = groupOf(core, slot);
  const tops = trails.tops[unitOf(core, slot)] as number[];
  tops[row] = joinTrailHeaps(trails, tops[row] ?? 0, slot + 1, isNearer(core));
  renew(core, row);
}

/** Rebuilds stacks and heaps from the rows, after a restore or a fork. */
export function rebuildTrails(core: Core): void {
  const { trails, orders } = core;
  trails.stacks.length = 0;
  const { f64, i32 } = trails.rows;
  const rows = Array.from({ length: trails.table.count }, (_, row) => row).filter(
    (row) => f64[row * 3 + TRAIL.fromSeq] !== 0,
  );
  const seqOf = (row: number): number => f64[row * 3 + TRAIL.fromSeq] as number;
  for (const row of rows.sort((a, b) => seqOf(a) - seqOf(b))) {
    trails.tops[0][row] = 0;
    trails.tops[1][row] = 0;
    trailStack(
      trails,
      i32[row * 6 + TRAIL.market] as number,
      i32[row * 6 + TRAIL.direction] as number,
    ).push(row);
  }
  for (let slot = 0; slot < orders.table.count; slot++)
    if (((orders.rows.i32[slot * 16 + ORDER.flags] as number) & ANY_TRAIL) !== 0) join(core, slot);
}

const ANY_TRAIL = ORDER_FLAG.trailing | ORDER_FLAG.trailingBps;

/** The smaller offset stands first, of equal ones the older order. */
const isNearer =
  ({ orders }: Core) =>
  (slot: number, other: number): boolean => {
    const { f64, i32 } = orders.rows;
    const apart =
      (i32[slot * 16 + ORDER.triggerPx] as number) - (i32[other * 16 + ORDER.triggerPx] as number);
    if (apart !== 0) return apart < 0;
    return (f64[slot * 8 + ORDER.oid] as number) < (f64[other * 8 + ORDER.oid] as number);
  };

const directionOf = ({ orders }: Core, slot: number): 0 | 1 =>
  orders.rows.i32[slot * 16 + ORDER.side] === SELL ? 0 : 1;

const unitOf = ({ orders }: Core, slot: number): 0 | 1 =>
  ((orders.rows.i32[slot * 16 + ORDER.flags] as number) & ORDER_FLAG.trailingBps) !== 0
    ? BPS_UNIT
    : TICKS_UNIT;

function groupOf(core: Core, slot: number): number {
  const { orders, trails } = core;
  const market = orders.rows.i32[slot * 16 + ORDER.market] as number;
  const stack = trailStack(trails, market, directionOf(core, slot));
  const seq = seqOfOrderId(orders.rows.f64[slot * 8 + ORDER.oid] as number);
  return stack[trailPlace(trails, stack, seq)] as number;
}
