import { createPrng, type Prng } from "../base/prng.ts";

/** A generator for one part of a simulation: parts do not disturb each other's numbers. */
export function partPrng(seed: number, part: string): Prng {
  let mixed = seed;
  for (let i = 0; i < part.length; i++) mixed = (mixed * 131 + part.charCodeAt(i)) % 2 ** 45;
  return createPrng(mixed);
}
