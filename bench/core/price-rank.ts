/**
 * Legal prices by rank: the n-th legal price of a market has rank n. Between powers of ten legal
 * prices lie evenly, so a rank is a division and a price a multiplication, once the piece is known:
 *
 *   rank = rankFrom + (px - pxFrom) / step        ranks = ranks + ticks / (ticks / rank)
 *   px   = pxFrom + (rank - rankFrom) * step      ticks = ticks + ranks * (ticks / rank)
 *
 * Rank 0 is price 0, which is none. Whole USDC are always legal, so steps stop growing there and
 * neighbouring pieces of one step are one piece.
 */
import { type InstrumentSpec, legalPxStep } from "../../src/base/instrument-spec.ts";

/** What decides which prices are legal. */
export type PriceGrid = Pick<InstrumentSpec, "szDecimals" | "priceRule">;

/** Pieces of even steps, lowest first. */
export interface PriceRanks {
  /** Last piece. */
  readonly last: number;
  /** Where a piece begins [ticks]. */
  readonly pxFrom: Int32Array;
  /** Rank of that price. */
  readonly rankFrom: Int32Array;
  /** Distance of neighbouring legal prices [ticks]. */
  readonly step: Int32Array;
}

/** Prices at which the step may change, up to the bound of any price [ticks]. */
const DECADES = [0, 100_000, 1_000_000, 10_000_000];

/** The pieces of a market. */
export function createPriceRanks(grid: PriceGrid): PriceRanks {
  const starts = DECADES.filter(
    (px, i) => i === 0 || legalPxStep(grid, px) !== legalPxStep(grid, DECADES[i - 1] as number),
  );
  const step = Int32Array.from(starts, (px) => legalPxStep(grid, px));
  const rankFrom = new Int32Array(starts.length);
  for (let i = 1; i < starts.length; i++) {
    const ticks = (starts[i] as number) - (starts[i - 1] as number);
    rankFrom[i] = (rankFrom[i - 1] as number) + ticks / (step[i - 1] as number);
  }
  return { last: starts.length - 1, pxFrom: Int32Array.from(starts), rankFrom, step };
}

/** Rank of a legal price, or of the next legal one below [ticks]. */
export function rankOfPx({ last, pxFrom, rankFrom, step }: PriceRanks, px: number): number {
  let i = last;
  while (px < (pxFrom[i] as number)) i -= 1;
  const ticks = (px - (pxFrom[i] as number)) | 0;
  return (rankFrom[i] as number) + ((ticks / (step[i] as number)) | 0);
}

/** The legal price of a rank [ticks]. */
export function pxOfRank({ last, pxFrom, rankFrom, step }: PriceRanks, rank: number): number {
  let i = last;
  while (rank < (rankFrom[i] as number)) i -= 1;
  return (pxFrom[i] as number) + Math.imul(rank - (rankFrom[i] as number), step[i] as number);
}
