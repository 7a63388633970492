/**
 * What refusals teach: a side that is refused three times in a row rests for a while, doubling; too
 * many refusals within a window are a storm, which kills. A post-only order that would have matched
 * is a race that was lost, not a fault, and counts for neither.
 */
import { BUY, type Side } from "../../base/side.ts";
import type { RefusalCode } from "../venue.ts";

const STREAK_MAX = 3;
const REST_FIRST_MS = 5_000;
const REST_MAX_MS = 120_000;
const THROTTLE_FIRST_MS = 10_000;
const THROTTLE_MAX_MS = 60_000;

interface SideRejects {
  /** Refused batches in a row. */
  streak: number;
  restMs: number;
  /** No orders on the side before this [ms]. */
  untilMs: number;
}

/** Refusals of both sides and of the whole address. */
export interface RejectTracker {
  readonly buy: SideRejects;
  readonly sell: SideRejects;
  /** Times of refusals within the window, oldest first [ms]. */
  times: number[];
  /** Refusals since the start, of any kind. */
  total: number;
  /** The venue asked for fewer requests: none that can wait before this [ms]. */
  throttledUntilMs: number;
  throttleMs: number;
}

const createSide = (): SideRejects => ({ streak: 0, restMs: REST_FIRST_MS, untilMs: 0 });

/** No refusals yet. */
export const createRejectTracker = (): RejectTracker => ({
  buy: createSide(),
  sell: createSide(),
  times: [],
  total: 0,
  throttledUntilMs: 0,
  throttleMs: THROTTLE_FIRST_MS,
});

/** One refused order. */
export function noteReject(tracker: RejectTracker, code: RefusalCode, nowMs: number): void {
  tracker.total += 1;
  if (code !== "wouldMatch") tracker.times.push(nowMs);
}

/** How the orders of one side in one batch went: `refused` when one was and none was taken. */
export function noteSideBatch(
  tracker: RejectTracker,
  side: Side,
  outcome: "taken" | "refused",
  nowMs: number,
): void {
  const rejects = side === BUY ? tracker.buy : tracker.sell;
  if (outcome === "taken") {
    rejects.streak = 0;
    rejects.restMs = REST_FIRST_MS;
    return;
  }
  rejects.streak += 1;
  if (rejects.streak < STREAK_MAX) return;
  rejects.untilMs = nowMs + rejects.restMs;
  rejects.restMs = Math.min(REST_MAX_MS, rejects.restMs * 2);
}

/** The venue said that requests come too fast. */
export function noteThrottled(tracker: RejectTracker, nowMs: number): void {
  if (nowMs < tracker.throttledUntilMs) return;
  tracker.throttledUntilMs = nowMs + tracker.throttleMs;
  tracker.throttleMs = Math.min(THROTTLE_MAX_MS, tracker.throttleMs * 1.5);
}

/** A request got through: the next throttling starts from the shortest pause again. */
export function noteUnthrottled(tracker: RejectTracker): void {
  tracker.throttleMs = THROTTLE_FIRST_MS;
}

/** Whether a side rests after refusals. */
export const isSideResting = (tracker: RejectTracker, side: Side, nowMs: number): boolean =>
  nowMs < (side === BUY ? tracker.buy : tracker.sell).untilMs;

/** Refusals within the last `windowMs`. */
export function rejectsWithin(tracker: RejectTracker, windowMs: number, nowMs: number): number {
  tracker.times = tracker.times.filter((time) => nowMs - time <= windowMs);
  return tracker.times.length;
}
