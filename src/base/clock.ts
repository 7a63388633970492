import type { TimeMs } from "./units.ts";

/** Where time comes from: a real clock at the edges, a counter in tests and simulation. */
export interface Clock {
  /** Current time [ms]. May repeat; callers that need strict order keep their own maximum. */
  nowMs(): TimeMs;
}
