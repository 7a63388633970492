/** Terms of funding: how often, by which formula, within which bounds. */

/** A market's terms; all whole numbers. */
export interface FundingTerms {
  /** Time between payments; 0 = no funding [ms]. */
  readonly intervalMs: number;
  /** Time between samples of the premium [ms]. */
  readonly sampleMs: number;
  /** Interest of the period that rates are stated for [10^-12]. */
  readonly interest: number;
  /** How far interest may pull the premium, either way [10^-12]. */
  readonly clamp: number;
  /** Payments in that period. */
  readonly divisor: number;
  /** Largest rate of a payment, either way [10^-12]. */
  readonly cap: number;
}

/** One unit of a rate [10^-12]. */
export const E12 = 1_000_000_000_000;
/** Samples that one interval has at most: their sum stays below 2^53. */
const SAMPLES_MAX = 8_640;
const INTERVAL_MS_MAX = 86_400_000;
/** [10^-6 USDC] */
const IMPACT_NOTIONAL_MAX = 1_000_000_000_000;

/**
 * The venue's: hourly payments of an eighth of the eight-hour rate, samples every 5 s, interest of
 * 0.01 % and a clamp of 0.05 % in eight hours, at most 4 % a payment.
 */
export const VENUE_FUNDING: FundingTerms = {
  intervalMs: 3_600_000,
  sampleMs: 5_000,
  interest: 100_000_000,
  clamp: 500_000_000,
  divisor: 8,
  cap: 40_000_000_000,
};

/** Funding of a market: by the venue's terms, or none. */
export const FUNDING_MODES = ["venue", "off"] as const;
/** One of {@link FUNDING_MODES}. */
export type FundingMode = (typeof FUNDING_MODES)[number];

/** Impact notional of the venue: 20,000 USDC for BTC and ETH, 6,000 for others [10^-6 USDC]. */
export const venueImpactNotional = (name: string): number =>
  name === "BTC" || name === "ETH" ? 20_000_000_000 : 6_000_000_000;

const isWhole = (value: number, low: number, high: number): boolean =>
  Number.isSafeInteger(value) && value >= low && value <= high;

/** Whether terms keep every figure of funding exact. */
export const isSoundTerms = (terms: FundingTerms): boolean =>
  isWhole(terms.intervalMs, 0, INTERVAL_MS_MAX) &&
  isWhole(terms.sampleMs, 1, INTERVAL_MS_MAX) &&
  terms.intervalMs <= terms.sampleMs * SAMPLES_MAX &&
  isWhole(terms.interest, -E12, E12) &&
  isWhole(terms.clamp, 0, E12) &&
  isWhole(terms.divisor, 1, 1_000) &&
  isWhole(terms.cap, 0, E12);

/** Whether an impact notional is one [10^-6 USDC]. */
export const isSoundImpactNotional = (notional: number): boolean =>
  isWhole(notional, 1, IMPACT_NOTIONAL_MAX);
