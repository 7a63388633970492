/**
 * All that the maker estimates, in one record: fed with fair prices, the time its orders rest and
 * its own fills; read by the quoting models. Time is an argument everywhere.
 */
import { sideSign } from "../../base/side.ts";
import type { MakerConfig } from "../config.ts";
import type { OwnOrder } from "../execution/own-orders.ts";
import type { VenueFill } from "../venue.ts";
import {
  type AdverseSelection,
  createAdverseSelection,
  noteAdverseFill,
  settleAdverseFills,
} from "./adverse-selection.ts";
import { createFairHistory, type FairHistory, fairPxBefore, noteFairPx } from "./fair-history.ts";
import {
  ageIntensity,
  createIntensity,
  type Intensity,
  type IntensityEstimate,
  intensityOf,
  noteExposure,
  noteIntensityFill,
} from "./intensity.ts";
import { createMakerFee, type MakerFee, noteMakerFee } from "./maker-fee.ts";
import {
  createVolatility,
  noteVolatilityPx,
  restartVolatility,
  type VolatilityEstimate,
} from "./volatility.ts";

/** Longest step that counts as exposure: a longer one means that nobody was looking [ms]. */
const STEP_MS_MAX = 2_000;

/** How long a fit is good for while no fill comes [ms]. */
const FIT_MS = 1_000;

interface IntensityFit {
  readonly intensity: Intensity;
  readonly madeMs: number;
  readonly config: MakerConfig;
}

/** The estimators of one market. */
export interface Estimates {
  readonly volatility: VolatilityEstimate;
  readonly intensity: IntensityEstimate;
  /** The last fit of it, when it was made and with which settings: a fit is not for every step. */
  fit: IntensityFit | null;
  readonly adverseSelection: AdverseSelection;
  readonly makerFee: MakerFee;
  readonly fairHistory: FairHistory;
  /** Where the last fair price came from; a change of source is no move of the price. */
  fairSource: string | null;
  /** When exposure was last counted [ms]. */
  exposedMs: number;
}

/** Estimators that have seen nothing. */
export const createEstimates = (): Estimates => ({
  volatility: createVolatility(),
  intensity: createIntensity(),
  fit: null,
  adverseSelection: createAdverseSelection(),
  makerFee: createMakerFee(),
  fairHistory: createFairHistory(),
  fairSource: null,
  exposedMs: Number.NEGATIVE_INFINITY,
});

/** The fair price of this step, and what rested until it. */
export interface MarketStep {
  /** [ticks] */
  readonly fairPx: number;
  readonly fairSource: string;
  /** Venue time of the book behind it [ms]. */
  readonly bookTimeMs: number;
  readonly nowMs: number;
  /** Orders that can be filled. */
  readonly resting: Iterable<Pick<OwnOrder, "side" | "px">>;
}

/** Takes in one step of the market. */
export function noteMarketStep(estimates: Estimates, step: MarketStep, config: MakerConfig): void {
  const { fairPx, fairSource, nowMs } = step;
  if (fairSource !== estimates.fairSource) restartVolatility(estimates.volatility);
  estimates.fairSource = fairSource;
  noteVolatilityPx(estimates.volatility, fairPx, nowMs, config);
  noteFairPx(estimates.fairHistory, step.bookTimeMs, fairPx);
  settleAdverseFills(estimates.adverseSelection, fairPx, nowMs, config);
  noteResting(estimates, step, config);
}

/** Intensity of fills as of the last second, or of the last fill where that came later. */
export function currentIntensity(estimates: Estimates, config: MakerConfig): Intensity {
  const { fit, exposedMs } = estimates;
  const isFresh =
    fit !== null &&
    fit.config === config &&
    exposedMs - fit.madeMs < FIT_MS &&
    fit.intensity.count === estimates.intensity.count;
  if (isFresh) return fit.intensity;
  const intensity = intensityOf(estimates.intensity, config);
  estimates.fit = { intensity, madeMs: exposedMs, config };
  return intensity;
}

/** Takes in a fill that was counted for the first time. */
export function noteOwnFill(
  estimates: Estimates,
  fill: VenueFill,
  { order, nowMs, config }: { order: OwnOrder | undefined; nowMs: number; config: MakerConfig },
): void {
  if (fill.crossed || order === undefined) return;
  noteMakerFee(estimates.makerFee, fill.fee, fill.px * fill.sz);
  const fairPx = fairPxBefore(estimates.fairHistory, fill.timeMs);
  if (fairPx === null) return;
  const distanceBps = (sideSign(fill.side) * (fairPx - fill.px) * 10_000) / fairPx;
  noteIntensityFill(estimates.intensity, distanceBps, fill.sz / order.sz);
  noteAdverseFill(estimates.adverseSelection, { side: fill.side, fairPx }, nowMs, config);
}

function noteResting(estimates: Estimates, step: MarketStep, config: MakerConfig): void {
  const { fairPx, nowMs } = step;
  const elapsedMs = nowMs - estimates.exposedMs;
  estimates.exposedMs = nowMs;
  if (!(elapsedMs > 0 && elapsedMs <= STEP_MS_MAX)) return;
  let hasResting = false;
  for (const { side, px } of step.resting) {
    hasResting = true;
    const distanceBps = (sideSign(side) * (fairPx - px) * 10_000) / fairPx;
    noteExposure(estimates.intensity, distanceBps, elapsedMs / 1_000);
  }
  if (hasResting) ageIntensity(estimates.intensity, elapsedMs, config);
}
