/**
 * A Hawkes process with exponential kernels over several kinds of events that excite themselves and
 * each other (Hawkes, Biometrika 1971), here buys and sells.
 *
 *   lambda_i(t) = mu_i + sum_j sum_{t_k^j < t} n_ij beta e^{-beta (t - t_k^j)}            [1/s]
 *
 * mu = `baseRates` [1/s], n = `branching` [1], beta = `decay` [1/s]. One decay for all pairs makes the
 * excitation of each kind a single number that fades: the past is O(1), whatever its length.
 */
import { nextUnit, type Prng } from "../base/prng.ts";

/** Parameters of a process; see the file's head. */
export interface HawkesParams {
  /** Rate of each kind without excitation [1/s]. */
  readonly baseRates: readonly number[];
  /** `branching[to][from]`: events of kind `to` that one of kind `from` causes directly, on average [1]. */
  readonly branching: readonly (readonly number[])[];
  /** How fast excitation fades [1/s]. */
  readonly decay: number;
}

/** What of the past still matters. */
export interface HawkesState {
  /** When the excitation was computed [s]. */
  atSec: number;
  /** Rate of each kind above its base at that time [1/s]. */
  readonly excitation: number[];
}

/** An event of a process. */
export interface HawkesEvent {
  /** [s] */
  readonly atSec: number;
  readonly kind: number;
}

/** A process without a past. */
export const createHawkesState = (params: HawkesParams, atSec: number): HawkesState => ({
  atSec,
  excitation: params.baseRates.map(() => 0),
});

/** Intensity of a kind at a time not before the state's, with all that happened before it [1/s]. */
function hawkesIntensity(
  { baseRates, decay }: HawkesParams,
  { atSec, excitation }: HawkesState,
  { atSec: toSec, kind }: HawkesEvent,
): number {
  const faded = (excitation[kind] as number) * Math.exp(-decay * (toSec - atSec));
  return (baseRates[kind] as number) + faded;
}

/** Takes an event into the state; events come in order of time. */
export function exciteHawkes(params: HawkesParams, state: HawkesState, event: HawkesEvent): void {
  const { branching, decay } = params;
  const fade = Math.exp(-decay * (event.atSec - state.atSec));
  for (let kind = 0; kind < state.excitation.length; kind++) {
    const jump = decay * ((branching[kind] as readonly number[])[event.kind] as number);
    state.excitation[kind] = (state.excitation[kind] as number) * fade + jump;
  }
  state.atSec = event.atSec;
}

/**
 * The next event after the state's time, drawn exactly (Dassios and Zhao, Electron. Commun. Probab.
 * 18, 2013): base and excitation are two independent sources. The base fires after Exp(mu). The
 * excitation E e^{-beta t} has the compensator E/beta (1 - e^{-beta t}), which an Exp(1) number U
 * inverts to t = -ln(1 - U beta/E)/beta, or to never. The state is left as it is.
 */
export function nextHawkesEvent(
  params: HawkesParams,
  state: HawkesState,
  prng: Prng,
): HawkesEvent | null {
  const base = sumOf(params.baseRates);
  const excited = sumOf(state.excitation);
  const fromBase = -Math.log(1 - nextUnit(prng)) / base;
  const left = 1 + (params.decay * Math.log(1 - nextUnit(prng))) / excited;
  const fromPast = left > 0 ? -Math.log(left) / params.decay : Number.POSITIVE_INFINITY;
  const atSec = state.atSec + Math.min(fromBase, fromPast);
  const pick = nextUnit(prng);
  if (!Number.isFinite(atSec)) return null;
  return { atSec, kind: kindAt(params, state, atSec, pick) };
}

/** The kind that a number in [0, 1) picks in proportion to the intensities at a time. */
function kindAt(params: HawkesParams, state: HawkesState, atSec: number, pick: number): number {
  const rates = params.baseRates.map((_, kind) => hawkesIntensity(params, state, { atSec, kind }));
  let left = pick * sumOf(rates);
  for (let kind = 0; kind < rates.length - 1; kind++) {
    left -= rates[kind] as number;
    if (left < 0) return kind;
  }
  return rates.length - 1;
}

/**
 * Events that one event causes in the end through all generations, as the growth rate of a generation:
 * the spectral radius of the branching matrix, by power iteration. Below 1 the process is stationary [1].
 */
export function branchingRatio({ branching }: Pick<HawkesParams, "branching">): number {
  let vector = branching.map(() => 1);
  let radius = 0;
  for (let round = 0; round < 200; round++) {
    const next = branching.map((row) =>
      row.reduce((sum, n, from) => sum + n * (vector[from] as number), 0),
    );
    radius = Math.max(...next);
    if (radius === 0) return 0;
    vector = next.map((value) => value / radius);
  }
  return radius;
}

function sumOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
