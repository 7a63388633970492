/**
 * Optimal quotes of Gueant, Lehalle and Fernandez-Tapia, "Dealing with the inventory risk", Math.
 * Financial Economics 7 (2013): the closed form that their optimal distances tend to far from the
 * horizon (section 4), with utility exponential in wealth (risk aversion gamma), a price that moves
 * as sigma dW, and orders at distance delta from it filled at the rate A exp(-k delta).
 *
 * In general form, for orders of size D:
 *
 *   c1   = ln(1 + gamma D / k) / (gamma D)
 *   c2   = sqrt( gamma / (2 A D k) x (1 + gamma D / k)^(k / (gamma D) + 1) )
 *   half = c1 + (D / 2) sigma c2          skew for one unit of inventory = sigma c2
 *   bid  = fair - skew q - half           ask = fair - skew q + half
 *
 * With D = 1 this is the paper's delta_b(q) = c1 + (2q + 1)/2 sigma c2, delta_a(q) = c1 - (2q - 1)/2
 * sigma c2. Units, with P the unit of price and S the unit of size:
 *
 *   k [1/P]   A [1/s]   sigma [P/sqrt(s)]   D, q [S]   gamma [1/(P S)]
 *   gamma D / k [1]     c1 [P]     c2 [sqrt(s)/S]     sigma c2 [P/S]     half [P]
 *
 * Derivation, units and what earlier designs had wrong: docs/formulas/glft.md.
 */

/** What the model takes, in units P of price and S of size of the caller's choice. */
export interface GlftInput {
  /** Risk aversion [1/(P S)]. */
  readonly gamma: number;
  /** Volatility of the price [P/sqrt(s)]. */
  readonly sigma: number;
  /** Rate of fills at the fair price [1/s]. */
  readonly intensityA: number;
  /** Decay of that rate with distance [1/P]. */
  readonly intensityK: number;
  /** Size of an order [S]. */
  readonly orderSz: number;
}

/** What the model gives: two terms of the half-spread, and the skew. */
export interface GlftQuote {
  /** What the decay of fills with distance alone would ask for [P]. */
  readonly liquidityTerm: number;
  /** What the risk of one more order's inventory adds [P]. */
  readonly riskTerm: number;
  /** Sum of both [P]. */
  readonly halfSpread: number;
  /** How far both quotes go down for one unit of inventory [P/S]. */
  readonly skewPerUnit: number;
}

/** The asymptotic optimal quote; every input must be positive and finite. */
export function glftQuote(input: GlftInput): GlftQuote {
  const { gamma, sigma, intensityA, intensityK, orderSz } = input;
  const risk = gamma * orderSz;
  // log1p keeps the digits where gamma D is small beside k: the term tends to 1/k there.
  const logTerm = Math.log1p(risk / intensityK);
  const liquidityTerm = logTerm / risk;
  const growth = Math.exp((intensityK / risk + 1) * logTerm);
  const c2 = Math.sqrt((gamma / (2 * intensityA * orderSz * intensityK)) * growth);
  const skewPerUnit = sigma * c2;
  const riskTerm = (orderSz / 2) * skewPerUnit;
  return { liquidityTerm, riskTerm, halfSpread: liquidityTerm + riskTerm, skewPerUnit };
}

/** Distances of bid and ask from the fair price with an inventory of `position` [S] -> [P]. */
export function glftDistances(
  input: GlftInput,
  position: number,
): { readonly bid: number; readonly ask: number } {
  const { halfSpread, skewPerUnit } = glftQuote(input);
  return {
    bid: halfSpread + skewPerUnit * position,
    ask: halfSpread - skewPerUnit * position,
  };
}
