/**
 * Quotes of Avellaneda and Stoikov, "High-frequency trading in a limit order book", Quantitative
 * Finance 8 (2008), section 3.2: exponential utility with risk aversion gamma, a price that moves as
 * sigma dW until a horizon, fills at the rate A exp(-k delta):
 *
 *   reservation = s - q gamma sigma^2 (T - t)
 *   spread      = gamma sigma^2 (T - t) + (2 / gamma) ln(1 + gamma / k)
 *
 * Units, with P the unit of price and one order the unit of inventory: s [P], q [1], sigma
 * [P/sqrt(s)], T - t [s], k [1/P], and so gamma [1/P]: gamma sigma^2 (T - t) [1/P x P^2/s x s = P].
 *
 * The paper ends at a horizon; a market that never closes has none. As a model to quote by, the
 * horizon rolls: T - t is the time for which the maker expects to hold (docs/formulas/glft.md).
 */

/** What both formulas take. */
export interface AvellanedaStoikovInput {
  /** Risk aversion [1/P]. */
  readonly gamma: number;
  /** Volatility of the price [P/sqrt(s)]. */
  readonly sigma: number;
  /** Time to the horizon, T - t [s]. */
  readonly horizonSeconds: number;
  /** Decay of fills with distance [1/P]. */
  readonly intensityK: number;
}

/** How far the reservation price goes down for one order of inventory [P]. */
export const reservationShift = ({
  gamma,
  sigma,
  horizonSeconds,
}: Omit<AvellanedaStoikovInput, "intensityK">): number => gamma * sigma * sigma * horizonSeconds;

/** Price at which a maker with `position` orders of inventory would be indifferent [P]. */
export const avellanedaStoikovReservation = (
  fairPx: number,
  position: number,
  input: Omit<AvellanedaStoikovInput, "intensityK">,
): number => fairPx - position * reservationShift(input);

/** The half-spread around the reservation price, in its two terms [P]. */
export function avellanedaStoikovHalfSpread(input: AvellanedaStoikovInput): {
  /** (1 / gamma) ln(1 + gamma / k) [P]. */
  readonly liquidityTerm: number;
  /** gamma sigma^2 (T - t) / 2 [P]. */
  readonly riskTerm: number;
  readonly halfSpread: number;
} {
  const { gamma, intensityK } = input;
  const liquidityTerm = Math.log1p(gamma / intensityK) / gamma;
  const riskTerm = reservationShift(input) / 2;
  return { liquidityTerm, riskTerm, halfSpread: liquidityTerm + riskTerm };
}
