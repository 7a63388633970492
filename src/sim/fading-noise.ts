/** A standard normal number that fades into another: an Ornstein-Uhlenbeck process at chosen times. */
import type { Prng } from "../base/prng.ts";
import { type OuParams, ouAfter, standardOu } from "../math/ornstein-uhlenbeck.ts";
import { nextGaussian } from "./gaussian.ts";

/** Its value [1] and the time of that [s]. */
export interface FadingNoise {
  readonly params: OuParams;
  readonly prng: Prng;
  value: number;
  atSec: number;
}

/** Noise in its stationary state; `memorySec` is how long a value lasts [s]. */
export const createFadingNoise = (
  prng: Prng,
  { memorySec, atSec }: { readonly memorySec: number; readonly atSec: number },
): FadingNoise => ({ params: standardOu(memorySec), prng, value: nextGaussian(prng), atSec });

/** The value at a time [s]; an earlier time than the last gets the last value. */
export function fadingNoiseAt(noise: FadingNoise, atSec: number): number {
  const seconds = atSec - noise.atSec;
  if (seconds <= 0) return noise.value;
  const { mean, variance } = ouAfter(noise.params, { value: noise.value, seconds });
  noise.value = mean + Math.sqrt(variance) * nextGaussian(noise.prng);
  noise.atSec = atSec;
  return noise.value;
}
