/**
 * The fair price. From the book where others quote both sides closely enough:
 *
 *   mid        = (bid + ask) / 2
 *   microprice = (bid x askSz + ask x bidSz) / (bidSz + askSz)      [ticks]
 *
 * The microprice (Gatheral and Oomen 2010, section 2) leans towards the side that is about to be
 * used up: with little offered it stands near the ask. Our own orders are taken off first. Where
 * others leave no such book, the venue's reference price stands in.
 */
import type { BookLevel } from "../venue.ts";

/** Where a fair price came from. */
export type FairSource = "book" | "reference";

/** Inputs of the fair price. */
export interface FairInput {
  /** Best levels of others; null = none. */
  readonly bid: BookLevel | null;
  readonly ask: BookLevel | null;
  /** Oracle or mark price; 0 = none [ticks]. */
  readonly referencePx: number;
  readonly rule: "mid" | "microprice";
  /** A wider book is no guide [bps]. */
  readonly bookSpreadBpsMax: number;
}

/** Fair price [ticks, fractional] and its source; null when nothing gives one. */
export function fairPrice(input: FairInput): { px: number; source: FairSource } | null {
  const { bid, ask, referencePx } = input;
  if (bid !== null && ask !== null) {
    const mid = (bid.px + ask.px) / 2;
    if ((ask.px - bid.px) * 10_000 <= mid * input.bookSpreadBpsMax) {
      return { px: input.rule === "mid" ? mid : microprice(bid, ask), source: "book" };
    }
  }
  return referencePx > 0 ? { px: referencePx, source: "reference" } : null;
}

/** Size-weighted price between the two touches [ticks, fractional]. */
export const microprice = (bid: BookLevel, ask: BookLevel): number =>
  (bid.px * ask.sz + ask.px * bid.sz) / (bid.sz + ask.sz);
