/**
 * Likelihood, compensator and fit of a Hawkes process of one kind with an exponential kernel
 *
 *   lambda(t) = mu + n beta sum_{t_k < t} e^{-beta (t - t_k)}                              [1/s]
 *
 * observed on [0, T]. mu = `baseRate` [1/s], n = `branching` [1], beta = `decay` [1/s].
 */
import { assert } from "../base/assert.ts";
import { decreasingRoot } from "./decreasing-root.ts";

/** Parameters of one kind of events; see the file's head. */
export interface HawkesKernel {
  /** Rate without excitation [1/s]. */
  readonly baseRate: number;
  /** Events that one causes directly, on average [1]. */
  readonly branching: number;
  /** How fast excitation fades [1/s]. */
  readonly decay: number;
}

/** Times of events, rising, and the end of the observation that began at 0; no event is later [s]. */
export interface HawkesTimes {
  readonly timesSec: ArrayLike<number>;
  readonly endSec: number;
}

/** A kernel that fits. */
export interface HawkesFit extends HawkesKernel {
  readonly logLikelihood: number;
  readonly events: number;
}

/**
 * Events expected by the end, given their times, exactly:
 *   Lambda(T) = mu T + n sum_k (1 - e^{-beta (T - t_k)})                                    [1]
 */
export function hawkesCompensator(
  { baseRate, branching, decay }: HawkesKernel,
  { timesSec, endSec }: HawkesTimes,
): number {
  return baseRate * endSec + branching * spentExcitation(decay, { timesSec, endSec });
}

/**
 * Log-likelihood of the times: sum_i ln lambda(t_i) - Lambda(T). O(n) by the recursion
 * A_i = e^{-beta (t_i - t_{i-1})} (1 + A_{i-1}), A_1 = 0 (Ogata, IEEE Trans. Inf. Theory 27, 1981).
 */
export function hawkesLogLikelihood(kernel: HawkesKernel, times: HawkesTimes): number {
  const pasts = pastExcitation(kernel.decay, times.timesSec);
  let sum = -hawkesCompensator(kernel, times);
  for (const past of pasts) {
    sum += Math.log(kernel.baseRate + kernel.branching * kernel.decay * past);
  }
  return sum;
}

/** Fewer say nothing of three parameters. */
const EVENTS_MIN = 10;
/** Decays looked at: half a minute to two milliseconds [1/s]. */
const DECAY_MIN = 0.02;
const DECAY_MAX = 500;
const GRID = 28;
/** Narrowing of the decay around the best of the grid. */
const NARROWINGS = 24;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The kernel of greatest likelihood, or null with too few events to say. Times that are equal excite
 * each other and drive the decay to its bound: merge them first.
 *
 * For a given beta the best mu and n satisfy mu T + n G = N, with G = sum_k (1 - e^{-beta (T - t_k)}),
 * because scaling both is one direction of the likelihood; what is left is concave in n and solved by
 * its derivative. Over ln beta a grid finds the hill and golden sections its top.
 */
export function fitHawkes(times: HawkesTimes): HawkesFit | null {
  const events = times.timesSec.length;
  if (events < EVENTS_MIN) return null;
  const isWithin = (times.timesSec[0] as number) >= 0;
  assert(
    isWithin && (times.timesSec[events - 1] as number) <= times.endSec,
    "events are within the observation",
  );
  const low = Math.log(DECAY_MIN);
  const high = Math.log(DECAY_MAX);
  const at = (i: number): number => low + ((high - low) * i) / (GRID - 1);
  let best = 0;
  let bestLikelihood = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < GRID; i++) {
    const { logLikelihood } = fitAtDecay(times, Math.exp(at(i)));
    if (logLikelihood <= bestLikelihood) continue;
    best = i;
    bestLikelihood = logLikelihood;
  }
  let left = at(Math.max(0, best - 1));
  let right = at(Math.min(GRID - 1, best + 1));
  for (let i = 0; i < NARROWINGS; i++) {
    const inner = right - GOLDEN * (right - left);
    const outer = left + GOLDEN * (right - left);
    const isLeft =
      fitAtDecay(times, Math.exp(inner)).logLikelihood >
      fitAtDecay(times, Math.exp(outer)).logLikelihood;
    if (isLeft) right = outer;
    else left = inner;
  }
  return fitAtDecay(times, Math.exp((left + right) / 2));
}

/** Best base rate and branching for a decay [1/s]. */
function fitAtDecay(times: HawkesTimes, decay: number): HawkesFit {
  const { timesSec, endSec } = times;
  const events = timesSec.length;
  const pasts = pastExcitation(decay, timesSec);
  const spent = spentExcitation(decay, times);
  const baseOf = (branching: number): number => (events - branching * spent) / endSec;
  const slope = (branching: number): number => {
    const base = baseOf(branching);
    let sum = 0;
    for (const past of pasts) {
      sum += (decay * past - spent / endSec) / (base + branching * decay * past);
    }
    return sum;
  };
  const branching = decreasingRoot(slope, 0, (events / spent) * (1 - 1e-9));
  const baseRate = baseOf(branching);
  let logLikelihood = -events;
  for (const past of pasts) logLikelihood += Math.log(baseRate + branching * decay * past);
  return { baseRate, branching, decay, logLikelihood, events };
}

/** sum_{k < i} e^{-beta (t_i - t_k)} before each event [1]. */
function pastExcitation(decay: number, timesSec: ArrayLike<number>): Float64Array {
  const pasts = new Float64Array(timesSec.length);
  for (let i = 1; i < timesSec.length; i++) {
    const gap = (timesSec[i] as number) - (timesSec[i - 1] as number);
    pasts[i] = Math.exp(-decay * gap) * (1 + (pasts[i - 1] as number));
  }
  return pasts;
}

/** G = sum_k (1 - e^{-beta (T - t_k)}) [1]. */
function spentExcitation(decay: number, { timesSec, endSec }: HawkesTimes): number {
  let sum = 0;
  for (let i = 0; i < timesSec.length; i++) {
    sum -= Math.expm1(-decay * (endSec - (timesSec[i] as number)));
  }
  return sum;
}
