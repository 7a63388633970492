import { nextUnit, type Prng } from "../base/prng.ts";

/** Next standard normal number, by the polar-free Box-Muller transform (Box and Muller, 1958). */
export function nextGaussian(prng: Prng): number {
  const radius = Math.sqrt(-2 * Math.log(1 - nextUnit(prng)));
  return radius * Math.cos(2 * Math.PI * nextUnit(prng));
}

/** Next exponential number with a mean of 1. */
export const nextExponential = (prng: Prng): number => -Math.log(1 - nextUnit(prng));
