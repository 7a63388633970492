/**
 * Root of a decreasing function on an interval, by bisection: it needs no derivative and no start
 * value, cannot leave the interval, and takes the same number of steps every time.
 */

/** Halvings of the interval: past 52 a float64 has no bits left to gain. */
const HALVINGS = 52;

/**
 * Where `f` goes through zero between `low` and `high`; `low` where it is negative there already,
 * `high` where it is still positive there. `f` must not rise; NaN counts as negative.
 */
export function decreasingRoot(f: (x: number) => number, low: number, high: number): number {
  if (!(f(low) > 0)) return low;
  if (f(high) > 0) return high;
  let [above, below] = [low, high];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (above + below) / 2;
    if (f(middle) > 0) above = middle;
    else below = middle;
  }
  return (above + below) / 2;
}
