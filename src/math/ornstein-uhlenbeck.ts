/**
 * The Ornstein-Uhlenbeck process (Uhlenbeck and Ornstein, Phys. Rev. 36, 1930), stepped exactly over any
 * time:
 *
 *   dX = kappa (theta - X) dt + sigma dW
 *   X(t + dt) ~ N( theta + (X(t) - theta) e^{-kappa dt},  sigma^2/(2 kappa) (1 - e^{-2 kappa dt}) )
 */

/** Parameters; X has the unit of `theta`, kappa is [1/s], sigma that unit per sqrt(s). */
export interface OuParams {
  readonly kappa: number;
  readonly theta: number;
  readonly sigma: number;
}

/** Mean and variance of the process a time after it was at a value [s]. */
export function ouAfter(
  { kappa, theta, sigma }: OuParams,
  { value, seconds }: { readonly value: number; readonly seconds: number },
): { mean: number; variance: number } {
  const keep = Math.exp(-kappa * seconds);
  return {
    mean: theta + (value - theta) * keep,
    variance: (-Math.expm1(-2 * kappa * seconds) * sigma * sigma) / (2 * kappa),
  };
}

/** Parameters of a process of mean 0 and stationary variance 1 that forgets within a time [s]. */
export const standardOu = (memorySec: number): OuParams => ({
  kappa: 1 / memorySec,
  theta: 0,
  sigma: Math.sqrt(2 / memorySec),
});
