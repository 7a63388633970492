/**
 * Seeded random numbers with a state that can be saved: sfc32 (Doty-Humphrey, PractRand; 128 bits
 * of state, passes PractRand and BigCrush). Integer arithmetic only, so equal on every machine.
 */

/** Generator state; four unsigned 32-bit words. */
export interface Prng {
  a: number;
  b: number;
  c: number;
  counter: number;
}

/** A generator whose stream is set by `seed` (any number; its integer part below 2^53 counts). */
export function createPrng(seed: number): Prng {
  const whole = Math.abs(Math.trunc(seed));
  const prng: Prng = {
    a: whole >>> 0,
    b: Math.floor(whole / 2 ** 32) >>> 0,
    c: 0x9e3779b9,
    counter: 1,
  };
  for (let i = 0; i < 15; i++) nextU32(prng);
  return prng;
}

/** Next 32 random bits, 0 to 2^32 - 1. */
export function nextU32(prng: Prng): number {
  const sum = (prng.a + prng.b + prng.counter) >>> 0;
  prng.counter = (prng.counter + 1) >>> 0;
  prng.a = (prng.b ^ (prng.b >>> 9)) >>> 0;
  prng.b = (prng.c + (prng.c << 3)) >>> 0;
  prng.c = ((prng.c << 21) | (prng.c >>> 11)) >>> 0;
  prng.c = (prng.c + sum) >>> 0;
  return sum;
}

/** Next float in [0, 1) with 32 bits of resolution. */
export const nextUnit = (prng: Prng): number => nextU32(prng) / 2 ** 32;

/** Next integer in [0, bound); `bound` at most 2^32. The bias is below bound / 2^32. */
export const nextBelow = (prng: Prng, bound: number): number => Math.floor(nextUnit(prng) * bound);
