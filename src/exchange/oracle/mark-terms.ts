/** How a market's mark price follows from its oracle, its book and other venues. */

/** Policies; numbers never change. */
export const MARK_POLICY = {
  /** The oracle price. */
  oracle: 0,
  /** Hyperliquid's: a median of what oracle and book say. */
  venue: 1,
} as const;

/** A policy's name. */
export type MarkPolicyName = keyof typeof MARK_POLICY;

/** Names of the policies. */
export const MARK_POLICIES = Object.keys(MARK_POLICY) as MarkPolicyName[];

/** A market's terms; all whole numbers. */
export interface MarkTerms {
  /** A {@link MARK_POLICY} number. */
  readonly policy: number;
  /** Time constant of how far the book's mid stands from the oracle [ms]. */
  readonly basisTauMs: number;
  /** Time constant of the book's price [ms]. */
  readonly bookTauMs: number;
}

/** Time constants of the venue: 150 s and 30 s. */
export const VENUE_MARK: MarkTerms = {
  policy: MARK_POLICY.venue,
  basisTauMs: 150_000,
  bookTauMs: 30_000,
};

const TAU_MS_MAX = 86_400_000;

const isTau = (value: number): boolean =>
  Number.isSafeInteger(value) && value >= 1 && value <= TAU_MS_MAX;

/** Whether terms keep every average exact. */
export const isSoundMark = ({ policy, basisTauMs, bookTauMs }: MarkTerms): boolean =>
  (policy === MARK_POLICY.oracle || policy === MARK_POLICY.venue) &&
  isTau(basisTauMs) &&
  isTau(bookTauMs);
