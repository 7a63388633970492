/**
 * Volatility of the fair price from samples that come at irregular times and carry noise of their
 * own (the price jumps between levels without news). With log returns r_i over dt_i seconds:
 *
 *   sigma^2 = sum w_i (r_i^2 + 2 r_i r_(i-1)) / sum w_i dt_i              [1/s]
 *
 * The second product is the first-order correction of Zhou, "High-frequency data and volatility in
 * foreign-exchange rates", J. Business & Economic Statistics 14 (1996): where each price is the true
 * one plus noise of variance n that is independent from sample to sample, E r_i^2 = sigma^2 dt_i + 2 n
 * and E r_i r_(i-1) = -n, so that the noise cancels whatever the times between. Weights w halve every
 * half-life. Samples are at least `SAMPLE_MS` apart: noise that lasts longer would not cancel.
 *
 * Two half-lives: a slow one, and a fast one that may raise the answer, never lower it, and by at
 * most `maxVolatilityMultiplier`. Before `SAMPLES_MIN` returns the prior speaks; sums that are no
 * numbers count as the wildest market.
 */

/** Least time between two samples [ms]. */
const SAMPLE_MS = 1_000;
/** A gap this long says nothing about the present: sampling starts anew after it [ms]. */
const GAP_MS = 60_000;
/** Returns before the estimate replaces the prior. */
const SAMPLES_MIN = 30;
/** Bounds of the answer: a tenth of a basis point to 5 % in a second [1/sqrt(s)]. */
const SIGMA_MIN = 1e-5;
const SIGMA_MAX = 0.05;
/** Share of the plain sum that the noise correction leaves at least [ratio]. */
const CORRECTION_SHARE_MIN = 0.1;

/** One decaying pair of sums. */
interface Scale {
  /** Sum of weighted squares, plain and with the correction [1]. */
  plain: number;
  corrected: number;
  /** Sum of weighted times [s]. */
  seconds: number;
}

/** What was seen of the price. */
export interface VolatilityEstimate {
  readonly slow: Scale;
  readonly fast: Scale;
  /** Last sample; 0 = none [ticks]. */
  lastPx: number;
  lastMs: number;
  /** Last return; 0 after a gap [1]. */
  lastReturn: number;
  /** Returns seen. */
  count: number;
}

/** How the estimate forgets and what it starts from. */
export interface VolatilityOptions {
  /** [ms] */
  readonly volatilityHalfLifeMs: number;
  readonly volatilityFastHalfLifeMs: number;
  /** [1/sqrt(s)] */
  readonly sigmaPrior: number;
  /** Most by which the fast scale may raise the slow one [ratio]. */
  readonly maxVolatilityMultiplier: number;
}

/** Volatility and how it is known. */
export interface Volatility {
  /** [1/sqrt(s)] */
  readonly sigma: number;
  readonly source: "estimated" | "prior";
  /** Returns behind it. */
  readonly count: number;
}

const createScale = (): Scale => ({ plain: 0, corrected: 0, seconds: 0 });

/** Nothing seen yet. */
export const createVolatility = (): VolatilityEstimate => ({
  slow: createScale(),
  fast: createScale(),
  lastPx: 0,
  lastMs: Number.NEGATIVE_INFINITY,
  lastReturn: 0,
  count: 0,
});

/** Takes in the fair price [ticks] of a moment [ms]; prices too close in time are left out. */
export function noteVolatilityPx(
  estimate: VolatilityEstimate,
  px: number,
  nowMs: number,
  options: VolatilityOptions,
): void {
  const elapsedMs = nowMs - estimate.lastMs;
  if (!(px > 0 && px < Number.POSITIVE_INFINITY) || elapsedMs < SAMPLE_MS) return;
  if (estimate.lastPx > 0 && elapsedMs <= GAP_MS) {
    const logReturn = Math.log(px / estimate.lastPx);
    addReturn(estimate.slow, estimate.lastReturn, logReturn, {
      elapsedMs,
      halfLifeMs: options.volatilityHalfLifeMs,
    });
    addReturn(estimate.fast, estimate.lastReturn, logReturn, {
      elapsedMs,
      halfLifeMs: options.volatilityFastHalfLifeMs,
    });
    estimate.lastReturn = logReturn;
    estimate.count += 1;
  } else estimate.lastReturn = 0;
  estimate.lastPx = px;
  estimate.lastMs = nowMs;
}

/** Another price than before is followed from now on: the step between them is no return. */
export function restartVolatility(estimate: VolatilityEstimate): void {
  estimate.lastPx = 0;
  estimate.lastReturn = 0;
}

/** The present answer, within bounds. */
export function volatilityOf(estimate: VolatilityEstimate, options: VolatilityOptions): Volatility {
  const { count } = estimate;
  const slow = scaleVariance(estimate.slow);
  // A price that has not moved at all is a feed that stands still, not a market without risk.
  if (count < SAMPLES_MIN || slow === 0) {
    return { sigma: options.sigmaPrior, source: "prior", count };
  }
  if (!Number.isFinite(slow)) return { sigma: SIGMA_MAX, source: "prior", count };
  const fast = scaleVariance(estimate.fast);
  const sigma = Math.sqrt(slow);
  const ceiling = sigma * options.maxVolatilityMultiplier;
  const raised = fast > slow ? Math.min(Math.sqrt(fast), ceiling) : sigma;
  return { sigma: Math.min(Math.max(raised, SIGMA_MIN), SIGMA_MAX), source: "estimated", count };
}

function addReturn(
  scale: Scale,
  before: number,
  logReturn: number,
  { elapsedMs, halfLifeMs }: { elapsedMs: number; halfLifeMs: number },
): void {
  const keep = 2 ** (-elapsedMs / halfLifeMs);
  const square = logReturn * logReturn;
  scale.plain = keep * scale.plain + square;
  scale.corrected = keep * scale.corrected + square + 2 * before * logReturn;
  scale.seconds = keep * scale.seconds + elapsedMs / 1_000;
}

/** Variance a second; the correction can leave nothing by chance, so a share of the plain sum stays. */
function scaleVariance({ plain, corrected, seconds }: Scale): number {
  return Math.max(corrected, CORRECTION_SHARE_MIN * plain) / seconds;
}
