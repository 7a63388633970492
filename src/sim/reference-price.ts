/**
 * The price that the wider market agrees on: stochastic volatility and jumps, drawn ahead on a fixed
 * grid of time, so that it depends on its seed and on {@link scaleReference} alone, and some may know
 * where it goes.
 *
 *   d ln S = sigma dW + J dN              sigma = e^h, positive by construction         [1/sqrt(s)]
 *   d h    = kappa (m - h) dt + xi dZ     corr(dW, dZ) = rho
 *   J      ~ +-Exp(mean jump), N Poisson
 *
 * h is stepped by its exact transition. m = ln sigma_d - xi^2/(2 kappa) makes E[sigma^2] equal to
 * sigma_d^2; sigma_d^2 = sigma_bar^2 - lambda E[J^2], so that a second's return has the standard
 * deviation that is asked for. Log-volatility as an Ornstein-Uhlenbeck process: Scott, JFQA 22 (1987);
 * two-sided exponential jumps: Kou, Management Science 48 (2002).
 */
import { nextUnit, type Prng } from "../base/prng.ts";
import { type OuParams, ouAfter } from "../math/ornstein-uhlenbeck.ts";
import { nextExponential, nextGaussian } from "./gaussian.ts";

/** What the price is made of. */
export interface ReferenceParams {
  /** Standard deviation of a second's return, jumps included [1]. */
  readonly sigmaPerSqrtSec: number;
  /** Speed at which log-volatility returns to its mean [1/s]. */
  readonly kappa: number;
  /** Stationary standard deviation of log-volatility [1]. */
  readonly logVolSd: number;
  /** Correlation of returns and log-volatility [1]. */
  readonly rho: number;
  /** Share of the variance that comes from jumps [ratio]. */
  readonly jumpShare: number;
  /** Jumps a second [1/s]. */
  readonly jumpRate: number;
}

/** Volatility that clusters over minutes; a jump every five. */
export const REFERENCE_DEFAULTS: Omit<ReferenceParams, "sigmaPerSqrtSec"> = {
  kappa: 1 / 120,
  logVolSd: 0.4,
  rho: -0.3,
  jumpShare: 0.1,
  jumpRate: 1 / 300,
};

/** Steps of the grid [ms], and how far ahead of the present the path is known at most. */
const REFERENCE_STEP_MS = 100;
const AHEAD_STEPS = 128;

/** A path; its latest {@link AHEAD_STEPS} prices are kept. */
export interface ReferencePrice {
  readonly params: ReferenceParams;
  readonly prng: Prng;
  /** Bounds that the price is kept within [ticks]. */
  readonly low: number;
  readonly high: number;
  readonly startMs: number;
  /** Steps drawn so far; the newest price is that of the last one. */
  steps: number;
  readonly prices: Float64Array;
  /** Log-volatility of the next step, and the process that it follows [ln(1/sqrt(s))]. */
  logVol: number;
  readonly logVolParams: OuParams;
}

/** A path that begins at a price [ticks] and a time [ms], with volatility at its mean. */
export function createReferencePrice(options: {
  readonly params: ReferenceParams;
  readonly prng: Prng;
  readonly startPx: number;
  readonly startMs: number;
  readonly pxMax: number;
}): ReferencePrice {
  const { params, prng, startPx, startMs, pxMax } = options;
  const prices = new Float64Array(AHEAD_STEPS);
  prices[0] = startPx;
  return {
    params,
    prng,
    low: Math.max(startPx / 4, 2),
    high: Math.min(startPx * 4, pxMax),
    startMs,
    steps: 0,
    prices,
    logVol: meanLogVol(params),
    logVolParams: {
      kappa: params.kappa,
      theta: meanLogVol(params),
      sigma: params.logVolSd * Math.sqrt(2 * params.kappa),
    },
  };
}

/** The price at a time [ms], unrounded [ticks]; draws the path so far ahead as is needed. */
export function referencePx(reference: ReferencePrice, timeMs: number): number {
  const step = Math.max(0, Math.floor((timeMs - reference.startMs) / REFERENCE_STEP_MS));
  while (reference.steps < step) drawStep(reference);
  const oldest = Math.max(0, reference.steps - AHEAD_STEPS + 1);
  return reference.prices[Math.max(step, oldest) % AHEAD_STEPS] as number;
}

/** Multiplies the path from now on by a factor [1]: what happens here, or out there, that none foresaw. */
export function scaleReference(reference: ReferencePrice, factor: number): void {
  const { prices, low, high } = reference;
  for (let i = 0; i < prices.length; i++) {
    prices[i] = Math.min(Math.max((prices[i] as number) * factor, low), high);
  }
}

function drawStep(reference: ReferencePrice): void {
  const { params, prng, prices, low, high } = reference;
  const seconds = REFERENCE_STEP_MS / 1_000;
  const before = prices[reference.steps % AHEAD_STEPS] as number;
  const shock = nextGaussian(prng);
  const other = nextGaussian(prng);
  let logReturn = Math.exp(reference.logVol) * Math.sqrt(seconds) * shock;
  if (nextUnit(prng) < params.jumpRate * seconds) {
    const size = meanJump(params) * nextExponential(prng);
    logReturn += nextUnit(prng) < 0.5 ? size : -size;
  }
  const noise = params.rho * shock + Math.sqrt(1 - params.rho ** 2) * other;
  const { mean, variance } = ouAfter(reference.logVolParams, { value: reference.logVol, seconds });
  reference.logVol = mean + Math.sqrt(variance) * noise;
  reference.steps += 1;
  const px = Math.min(Math.max(before * Math.exp(logReturn), low), high);
  prices[reference.steps % AHEAD_STEPS] = px;
}

/** m of the file's head: xi^2/(2 kappa) is the stationary variance of h. */
const meanLogVol = ({ sigmaPerSqrtSec, jumpShare, logVolSd }: ReferenceParams): number =>
  Math.log(sigmaPerSqrtSec * Math.sqrt(1 - jumpShare)) - logVolSd ** 2;

/** lambda E[J^2] = 2 lambda m_J^2 is the jumps' share of the variance [1]. */
const meanJump = ({ sigmaPerSqrtSec, jumpShare, jumpRate }: ReferenceParams): number =>
  jumpRate === 0 ? 0 : sigmaPerSqrtSec * Math.sqrt(jumpShare / (2 * jumpRate));
