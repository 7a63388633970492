/**
 * How fast orders are filled at which distance: lambda(delta) = A exp(-k delta), from our own orders.
 *
 * Each order that rests is a Poisson experiment whose distance delta(t) from the fair price moves
 * with the market. With T(delta) the time that orders spent at a distance and delta_i the distances
 * at which fills came, the likelihood is
 *
 *   ln L = sum_i (ln A - k delta_i) - A sum_delta T(delta) exp(-k delta)
 *
 * An order that was cancelled without a fill is a censored observation: it adds its time to T and
 * nothing to the fills, and nothing more has to be known about it. Leaving such orders out would
 * count only the time of orders that were filled, and A would come out too high, k too low.
 *
 * Gamma priors with modes A0 and k0 keep the answer where it belongs until fills say otherwise: as
 * if n_A more fills had come in n_A / A0 seconds at distance 0, and k^n_k exp(-n_k k / k0) for k. Setting the derivatives to zero gives A = (N + n_A) / (S(k) + n_A / A0) with S(k) = sum T
 * exp(-k delta), and for k the root of
 *
 *   n_k / k - n_k / k0 - sum_i delta_i + A(k) sum T delta exp(-k delta)
 *
 * which falls in k (Cauchy-Schwarz), so the root is unique and found by bisection within bounds.
 *
 * Fills count as shares of their order, so that A exp(-k delta) is the flow in orders a second,
 * which is what the quoting formula needs. Observations halve every half-life of exposed time.
 * Distances are in bps of the fair price; time is exact, distances are kept in bins of 0.25 bps, each with
 * the exact time-weighted mean of the distances in it.
 */
import { decreasingRoot } from "../../math/decreasing-root.ts";

/** Width of a bin [bps] and number of bins: what rests farther out is counted in the last one. */
const BIN_BPS = 0.25;
const BINS = 400;
/** Bounds of the answers: distances decay over 1 to 200 bps, fills come each 0.1 to 1000 s. */
const K_MIN = 0.005;
const K_MAX = 1;
const A_MIN = 0.001;
const A_MAX = 10;
/** Fills before anything but the priors is believed: time without fills alone cannot tell A from k. */
const FILLS_MIN = 5;

/** Time and fills by distance. */
export interface IntensityEstimate {
  /** Weighted time in each bin, and weighted time times distance [s] and [s bps]. */
  readonly seconds: Float64Array;
  readonly secondsBps: Float64Array;
  /** Weighted fills, and their weighted distances [orders] and [orders bps]. */
  fills: number;
  fillsBps: number;
  /** Fills seen, unweighted; each counts 1 whatever its share. */
  count: number;
  /** Weight of an observation made now; grows instead of all sums shrinking. */
  weight: number;
}

/** What the estimate starts from and how it forgets. */
export interface IntensityOptions {
  /** Mode of the prior of A [1/s], and its strength [fills]. */
  readonly lambda0PriorMean: number;
  readonly lambda0PriorStrength: number;
  /** Mode of the prior of k, for distances as shares of the price [1], and its strength [fills]. */
  readonly kappaPrior: number;
  readonly kappaPriorStrength: number;
  /** [ms] */
  readonly intensityHalfLifeMs: number;
}

/** Intensity and how it is known. */
export interface Intensity {
  /** [1/s] */
  readonly intensityA: number;
  /** [1/bps] */
  readonly intensityK: number;
  readonly source: "estimated" | "prior";
  /** Fills behind it. */
  readonly count: number;
}

/** Nothing seen yet. */
export const createIntensity = (): IntensityEstimate => ({
  seconds: new Float64Array(BINS),
  secondsBps: new Float64Array(BINS),
  fills: 0,
  fillsBps: 0,
  count: 0,
  weight: 1,
});

/** An order rested at a distance [bps] for a time [s]. */
export function noteExposure(
  estimate: IntensityEstimate,
  distanceBps: number,
  elapsedSeconds: number,
): void {
  if (!(elapsedSeconds > 0) || !Number.isFinite(distanceBps)) return;
  // An order on the far side of the fair price is as exposed as one at it.
  const distance = Math.max(0, distanceBps);
  const bin = Math.min(BINS - 1, Math.floor(distance / BIN_BPS));
  const seconds = estimate.weight * elapsedSeconds;
  estimate.seconds[bin] = (estimate.seconds[bin] as number) + seconds;
  estimate.secondsBps[bin] = (estimate.secondsBps[bin] as number) + seconds * distance;
}

/** A share of an order was filled at a distance [bps]. */
export function noteIntensityFill(
  estimate: IntensityEstimate,
  distanceBps: number,
  share: number,
): void {
  if (!(share > 0) || !Number.isFinite(distanceBps)) return;
  const weighted = estimate.weight * Math.min(1, share);
  estimate.fills += weighted;
  estimate.fillsBps += weighted * Math.max(0, distanceBps);
  estimate.count += 1;
}

/** Lets what was seen so far weigh less, as after `elapsedMs` with orders out. */
export function ageIntensity(
  estimate: IntensityEstimate,
  elapsedMs: number,
  { intensityHalfLifeMs }: Pick<IntensityOptions, "intensityHalfLifeMs">,
): void {
  estimate.weight *= 2 ** (elapsedMs / intensityHalfLifeMs);
  if (estimate.weight > 1e6) rescale(estimate);
}

/** The most likely intensity given prior and observations, within bounds. */
export function intensityOf(estimate: IntensityEstimate, options: IntensityOptions): Intensity {
  const { weight, count } = estimate;
  const priorK = options.kappaPrior / 10_000;
  if (count < FILLS_MIN) {
    const intensityA = options.lambda0PriorMean;
    return { intensityA, intensityK: priorK, source: "prior", count };
  }
  const shape = options.kappaPriorStrength;
  const shapeA = options.lambda0PriorStrength;
  const secondsA = shapeA / options.lambda0PriorMean;
  const fills = estimate.fills / weight;
  const fillsBps = estimate.fillsBps / weight;
  const slope = (k: number): number => {
    const { seconds, secondsBps } = weightedSums(estimate, k);
    const a = (fills + shapeA) / (seconds + secondsA);
    return shape / k - shape / priorK - fillsBps + a * secondsBps;
  };
  const k = decreasingRoot(slope, K_MIN, K_MAX);
  const a = (fills + shapeA) / (weightedSums(estimate, k).seconds + secondsA);
  const intensityA = Math.min(Math.max(a, A_MIN), A_MAX);
  return { intensityA, intensityK: k, source: "estimated", count };
}

/** Sums of time and of time x distance, each times exp(-k distance) [s] and [s bps]. */
function weightedSums(
  { seconds, secondsBps, weight }: IntensityEstimate,
  k: number,
): { seconds: number; secondsBps: number } {
  let sum = 0;
  let sumBps = 0;
  for (let bin = 0; bin < BINS; bin++) {
    const time = seconds[bin] as number;
    if (time === 0) continue;
    const timeBps = secondsBps[bin] as number;
    const decay = Math.exp((-k * timeBps) / time);
    sum += time * decay;
    sumBps += timeBps * decay;
  }
  return { seconds: sum / weight, secondsBps: sumBps / weight };
}

function rescale(estimate: IntensityEstimate): void {
  const { seconds, secondsBps, weight } = estimate;
  for (let bin = 0; bin < BINS; bin++) {
    seconds[bin] = (seconds[bin] as number) / weight;
    secondsBps[bin] = (secondsBps[bin] as number) / weight;
  }
  estimate.fills /= weight;
  estimate.fillsBps /= weight;
  estimate.weight = 1;
}
