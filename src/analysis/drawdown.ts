/**
 * The fall of a value from its highest point so far, and how long it stayed below. Fed with equity
 * at moments; what happens between them is not seen. O(1).
 */

/** Peak and deepest fall so far. */
export interface Drawdown {
  /** Highest value; -Infinity before the first [10^-6 USDC]. */
  peak: number;
  peakMs: number;
  /** Present fall from the peak, not negative [10^-6 USDC]. */
  fall: number;
  /** Deepest fall, the peak it fell from, and when it was deepest [10^-6 USDC, ms]. */
  deepest: number;
  deepestPeak: number;
  deepestMs: number;
  /** Longest time below a peak, the present one included [ms]. */
  longestMs: number;
}

/** Nothing fed yet. */
export const createDrawdown = (): Drawdown => ({
  peak: Number.NEGATIVE_INFINITY,
  peakMs: 0,
  fall: 0,
  deepest: 0,
  deepestPeak: 0,
  deepestMs: 0,
  longestMs: 0,
});

/** Feeds the value of a moment [ms, 10^-6 USDC]; returns the present fall [10^-6 USDC]. */
export function noteDrawdown(drawdown: Drawdown, timeMs: number, value: number): number {
  if (value >= drawdown.peak) {
    drawdown.peak = value;
    drawdown.peakMs = timeMs;
  } else {
    drawdown.longestMs = Math.max(drawdown.longestMs, timeMs - drawdown.peakMs);
  }
  drawdown.fall = drawdown.peak - value;
  if (drawdown.fall > drawdown.deepest) {
    drawdown.deepest = drawdown.fall;
    drawdown.deepestPeak = drawdown.peak;
    drawdown.deepestMs = timeMs;
  }
  return drawdown.fall;
}

/** Deepest fall as a share of the peak it fell from; null where that peak was not positive. */
export const drawdownRatio = ({ deepest, deepestPeak }: Drawdown): number | null =>
  deepest === 0 ? 0 : deepestPeak > 0 ? deepest / deepestPeak : null;
