import type { TimeMs } from "./units.ts";

/** Where time comes from: a real clock at the edges, a counter in tests and simulation. */
export interface Clock {
  /** Current time [ms]. May repeat; callers that need strict order keep their own maximum. */
  nowMs(): TimeMs;
}

/** What durations are measured with: it only goes forward, from a beginning that means nothing. */
export interface Stopwatch {
  /** Time since that beginning, with fractions [ms]. */
  elapsedMs(): number;
}
