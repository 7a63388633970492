/**
 * What to change so that the orders out are the orders wanted. An order close enough to its target
 * stays and keeps its place in the queue. Orders in doubt hold their level: a second order there
 * could mean twice the size.
 */
import type { Hex } from "../../base/hex.ts";
import type { OwnOrder } from "./own-orders.ts";
import type { TargetOrder } from "./target.ts";

/** How far an order may be from its target and stay. */
export interface KeepTolerance {
  readonly keepPxBps: number;
  /** [ratio] */
  readonly keepSzRatio: number;
}

/** What of a target counts in the comparison. */
type Target = Pick<TargetOrder, "side" | "px" | "sz">;

/** Changes, cancels to be sent before places. */
export interface OrderDiff<T extends Target> {
  readonly cancels: readonly Hex[];
  readonly places: readonly T[];
}

/** Compares the orders that may rest with the targets; both best first. */
export function diffOrders<T extends Target>(
  active: readonly OwnOrder[],
  targets: readonly T[],
  tolerance: KeepTolerance,
): OrderDiff<T> {
  const open = new Set(targets);
  const cancels: Hex[] = [];
  // Certain orders choose first: they are the ones worth keeping.
  const held = active.filter((order) => order.state === "live" || order.state === "pendingPlace");
  for (const order of held) {
    const match = closestTarget(order, open, tolerance);
    if (match !== null) open.delete(match);
    else if (order.state === "live") cancels.push(order.cloid);
  }
  for (const order of active) {
    if (order.state !== "unknown") continue;
    const match = closestTarget(order, open, { ...tolerance, keepSzRatio: Infinity });
    if (match !== null) open.delete(match);
  }
  return { cancels, places: targets.filter((target) => open.has(target)) };
}

function closestTarget<T extends Target>(
  order: OwnOrder,
  targets: ReadonlySet<T>,
  { keepPxBps, keepSzRatio }: KeepTolerance,
): T | null {
  const remaining = order.sz - order.filledSz;
  let best: T | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const target of targets) {
    if (target.side !== order.side) continue;
    const distance = Math.abs(target.px - order.px);
    if (distance * 10_000 > keepPxBps * target.px || distance >= bestDistance) continue;
    if (Math.abs(remaining - target.sz) > keepSzRatio * target.sz) continue;
    best = target;
    bestDistance = distance;
  }
  return best;
}
