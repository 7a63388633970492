/**
 * The standard normal distribution.
 *
 *   P(x) = 1/2 + p(x) (x + x^3/3 + x^5/(3 5) + x^7/(3 5 7) + ...),   p(x) = exp(-x^2/2) / sqrt(2 pi)
 *
 * (Marsaglia 2004, Evaluating the normal distribution, section 2). The series keeps an absolute error
 * near 10^-16 for |x| below {@link SERIES_MAX}; beyond, what is left is smaller than that error.
 */
import { assert } from "../base/assert.ts";

const SERIES_MAX = 8.3;

/** Density at `x`. */
const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** Probability of a value up to `x`. */
export function normalCdf(x: number): number {
  if (x > SERIES_MAX) return 1;
  if (x < -SERIES_MAX) return 0;
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > Math.abs(sum) * 1e-17; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return Math.min(1, Math.max(0, 0.5 + normalDensity(x) * sum));
}

/** The value up to which a probability lies, found by halving; `p` within (0, 1). */
export function normalQuantile(p: number): number {
  assert(p > 0 && p < 1, "a quantile is asked for inside (0, 1)");
  let low = -SERIES_MAX;
  let high = SERIES_MAX;
  for (let middle = 0; middle > low && middle < high; middle = (low + high) / 2) {
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
