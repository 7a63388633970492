/** What happens when an order meets one of the same account; numbers never change. */
export const STP = {
  /** The resting order is canceled and the incoming one goes on: the venue's rule. */
  maker: 0,
  /** What remains of the incoming order is canceled; the resting one stays. */
  taker: 1,
  /** Both are canceled. */
  both: 2,
  /** The smaller is canceled and the larger shrinks by it; equal ones are both canceled. */
  decrement: 3,
} as const;

/** A self-trade rule's fixed number. */
export type Stp = (typeof STP)[keyof typeof STP];
