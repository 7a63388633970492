/**
 * Exponential decay in whole numbers, the same on every machine: factors in units of 2^-52 that are
 * within 10^-9 of `exp`.
 *
 *   exp(-t / tau) = 2^-y        y = t / tau x log2(e)                      [1]
 *                 = 2^-whole x product over the set bits i of y's fraction of 2^-(2^-i)
 *
 * The powers come from square roots of one half, taken in whole numbers.
 */

/** One, as a factor [2^-52]. */
export const DECAY_ONE = 4_503_599_627_370_496;
/** Half of a factor's bits: products of halves are exact. */
const HALF = 67_108_864;
const FACTOR_BITS = 52;
const FRACTION_BITS = 36;
const FRACTION_ONE = 68_719_476_736;

/** 2^-(2^-i) for i from 1 [2^-52]. */
const POWERS: readonly number[] = createPowers();

function createPowers(): number[] {
  const powers: number[] = [];
  let power = 1n << 51n;
  for (let i = 0; i < FRACTION_BITS; i++) {
    power = wholeRoot(power << 52n);
    powers.push(Number(power));
  }
  return powers;
}

/** Largest whole number whose square is at most `square`, below 2^104. */
function wholeRoot(square: bigint): bigint {
  let root = 1n << 52n;
  for (;;) {
    const next = (root + square / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** value x factor [2^-52], rounded down; for values from 0 to 2^52 [unit of value]. */
export function decayed(value: number, factor: number): number {
  const valueHigh = Math.floor(value / HALF);
  const valueLow = value - valueHigh * HALF;
  const factorHigh = Math.floor(factor / HALF);
  const factorLow = factor - factorHigh * HALF;
  const middle = valueHigh * factorLow + Math.floor((valueLow * factorLow) / HALF);
  const rest = Math.floor(middle / HALF);
  const other = valueLow * factorHigh + (middle - rest * HALF);
  return valueHigh * factorHigh + rest + Math.floor(other / HALF);
}

/** What is left of one after a time `t` with a time constant `tau`, in one unit [2^-52]. */
export function decayFactor(t: number, tau: number): number {
  const y = (t / tau) * Math.LOG2E;
  const whole = Math.floor(y);
  if (whole >= FACTOR_BITS) return 0;
  let fraction = Math.floor((y - whole) * FRACTION_ONE);
  let factor = DECAY_ONE;
  for (let i = FRACTION_BITS - 1; fraction > 0; i--) {
    if (fraction % 2 === 1) factor = decayed(factor, POWERS[i] as number);
    fraction = Math.floor(fraction / 2);
  }
  for (let i = 0; i < whole; i++) factor = Math.floor(factor / 2);
  return factor;
}
