/**
 * How much each side may show, and in plain words why it shows less or nothing. A side is bounded by
 * the position limit; from `inventoryThreshold` of it on, the side that adds to the position shows
 * levels that shrink, down to nothing at the limit, so that a position is not stopped at a wall.
 */
import { BUY, SELL, type Side } from "../../base/side.ts";

/** What bounds a side. */
export interface SideInput {
  /** [lots] */
  readonly position: number;
  /** [lots] */
  readonly positionLimit: number;
  readonly inventoryThreshold: number;
  /** Notional of a full level [10^-6 USDC]. */
  readonly levelNotional: number;
  /** Whether the side rests after refusals. */
  readonly isResting: boolean;
  /** Whether its best level would stand farther out than a quote may. */
  readonly isTooFar: boolean;
}

/** What a side may show. */
export interface SidePlan {
  /** Most that it may show in all [lots]. */
  readonly capacity: number;
  /** Notional of a level [10^-6 USDC]. */
  readonly levelNotional: number;
  /** Why it shows less; "" = it does not. */
  readonly text: string;
}

const PERCENT = 100;

/** The plan of one side. */
export function sidePlan(side: Side, input: SideInput): SidePlan {
  const { position, positionLimit, inventoryThreshold, levelNotional } = input;
  const held = side === BUY ? position : -position;
  if (input.isResting) {
    return { capacity: 0, levelNotional, text: "resting after refused orders" };
  }
  if (input.isTooFar) {
    const text = "the model asks for more distance than an order may have";
    return { capacity: 0, levelNotional, text };
  }
  if (held < -positionLimit) {
    const text = "the position is past its limit: only back to zero";
    return { capacity: -held, levelNotional, text };
  }
  const capacity = Math.max(0, positionLimit - held);
  if (capacity === 0) {
    const text = `the position is at its limit: no more ${side === SELL ? "selling" : "buying"}`;
    return { capacity, levelNotional, text };
  }
  const share = held / positionLimit;
  if (share <= inventoryThreshold) return { capacity, levelNotional, text: "" };
  const left = (1 - share) / (1 - inventoryThreshold);
  const percent = Math.round(share * PERCENT);
  const text = `smaller: the position is at ${percent} % of its limit`;
  return { capacity, levelNotional: levelNotional * left, text };
}
