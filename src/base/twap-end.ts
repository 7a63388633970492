/** How a time-weighted order ended; numbers never change. */
export const TWAP_END = {
  /** Its time has passed, or all has filled. */
  finished: 1,
  /** Its account ended it. */
  terminated: 2,
  /** The mark price reached its stop price. */
  stopped: 3,
  /** A slice was refused. */
  error: 4,
} as const;

/** An end's fixed number. */
export type TwapEnd = (typeof TWAP_END)[keyof typeof TWAP_END];
