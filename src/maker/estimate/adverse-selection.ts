/**
 * What being filled costs: how far the fair price goes against a fill within a short time.
 *
 *   AS = -d (fair(t + h) - fair(t)) / fair(t) x 10^4        d = +1 for our buy, -1 for our sell  [bps]
 *
 * with fair(t) from just before the fill's own trade. Averaged over fills with weight alpha for a new
 * one, and pulled towards the prior while fills are few: (n AS + n0 prior) / (n + n0). What is added to
 * the half-spread is never below zero: a price that went our way is luck, not a reason to narrow.
 *
 * Earlier designs took the difference at the time of the fill, with no horizon and the other sign:
 * that measures the spread earned and calls it a cost.
 */
import { type Side, sideSign } from "../../base/side.ts";

/** Fills whose horizon has not come. */
const PENDING_MAX = 1_000;
/** Weight of the prior [fills]. */
const PRIOR_FILLS = 20;
/** Cost expected before anything was seen [bps]. */
const PRIOR_BPS = 0.5;
/** Most that is ever added to the half-spread [bps]. */
const COST_MAX_BPS = 50;

interface PendingFill {
  readonly side: Side;
  /** Fair price just before the fill [ticks]. */
  readonly fairPx: number;
  readonly dueMs: number;
}

/** Averages over fills, and fills on their way into them. */
export interface AdverseSelection {
  readonly pending: PendingFill[];
  /** Moving average [bps]; what counts is {@link adverseSelectionBps}. */
  meanBps: number;
  /** Fills in the average. */
  count: number;
}

/** How it is measured. */
export interface AdverseSelectionOptions {
  /** Horizon h [ms]. */
  readonly measurementHorizonMs: number;
  /** Weight of a new fill [1]. */
  readonly adverseSelectionAlpha: number;
}

/** No fills. */
export const createAdverseSelection = (): AdverseSelection => ({
  pending: [],
  meanBps: 0,
  count: 0,
});

/** A fill came; `fairPx` is the fair price just before it [ticks]. */
export function noteAdverseFill(
  selection: AdverseSelection,
  fill: { readonly side: Side; readonly fairPx: number },
  nowMs: number,
  { measurementHorizonMs }: AdverseSelectionOptions,
): void {
  if (selection.pending.length >= PENDING_MAX) selection.pending.shift();
  selection.pending.push({ ...fill, dueMs: nowMs + measurementHorizonMs });
}

/** Measures the fills whose horizon has come against the fair price of now [ticks]. */
export function settleAdverseFills(
  selection: AdverseSelection,
  fairPx: number,
  nowMs: number,
  { adverseSelectionAlpha }: AdverseSelectionOptions,
): void {
  const { pending } = selection;
  while (pending.length > 0 && (pending[0] as PendingFill).dueMs <= nowMs) {
    const fill = pending.shift() as PendingFill;
    const cost = (-sideSign(fill.side) * (fairPx - fill.fairPx) * 10_000) / fill.fairPx;
    selection.count += 1;
    // A plain mean until its weights are as small as alpha: the first fill must not count alone.
    const weight = Math.max(adverseSelectionAlpha, 1 / selection.count);
    selection.meanBps += weight * (cost - selection.meanBps);
  }
}

/** What to add to the half-spread for it [bps]. */
export function adverseSelectionBps({ meanBps, count }: AdverseSelection): number {
  const cost = (count * meanBps + PRIOR_FILLS * PRIOR_BPS) / (count + PRIOR_FILLS);
  // Not a number would pass through min and max: it counts as the worst.
  return cost < COST_MAX_BPS ? Math.max(0, cost) : COST_MAX_BPS;
}
