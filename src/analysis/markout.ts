/**
 * What fills were worth some time later. For a fill at price p with fair price f_0 just before it,
 * d = +1 for a buy and -1 for a sell:
 *
 *   markout(h) = d (f(h) - p) / p       the fill against the fair price h later      [bps]
 *   move(h)    = d (f(h) - f_0) / p     what the price did to it since               [bps]
 *
 * so that markout = spread captured + move, and minus the move is adverse selection. Fair prices
 * are a path in half-ticks; each fill counts once, whatever its size. Standard errors group fills
 * by time, see `clustered-mean.ts`; groups are as long as two horizons and 10 s at least.
 *
 * O(1) a fill and horizon; pending fills are bounded by what fills within the longest horizon.
 */
import { type Side, sideSign } from "../base/side.ts";
import {
  type ClusteredMean,
  clusteredMean,
  createClusteredMean,
  noteClustered,
} from "./clustered-mean.ts";
import { type PricePath, pathPriceAt } from "./price-path.ts";

/** Horizons after a fill [ms]. */
const MARKOUT_HORIZONS_MS: readonly number[] = [1_000, 5_000, 30_000];
/** Shortest group of fills that counts as one observation [ms]. */
const GROUP_MS_MIN = 10_000;

/** A fill whose markouts are wanted. */
export interface MarkoutFill {
  readonly tid: number;
  /** Venue time [ms]. */
  readonly timeMs: number;
  readonly side: Side;
  /** [ticks] */
  readonly px: number;
  /** Fair price just before it [half-ticks]. */
  readonly fairHalfTicks: number;
}

/** One fill's outcome at one horizon. */
export interface Markout {
  readonly tid: number;
  readonly timeMs: number;
  readonly side: Side;
  readonly horizonMs: number;
  /** Fair price at the horizon [half-ticks]. */
  readonly fairHalfTicks: number;
  readonly markoutBps: number;
  readonly moveBps: number;
}

/** Mean markout of a set of fills [bps]; null where there is too little. */
export interface MarkoutMean {
  readonly n: number;
  readonly meanBps: number | null;
  readonly standardErrorBps: number | null;
}

/** Mean markouts at one horizon, of all fills and by side. */
export interface MarkoutSummary extends MarkoutMean {
  readonly horizonMs: number;
  /** What the price did to the fills since; its negative is adverse selection. */
  readonly move: MarkoutMean;
  readonly buy: MarkoutMean;
  readonly sell: MarkoutMean;
}

interface HorizonSums {
  readonly horizonMs: number;
  /** Fills whose horizon is still to come. */
  pending: MarkoutFill[];
  readonly all: ClusteredMean;
  readonly move: ClusteredMean;
  readonly bySide: readonly [buy: ClusteredMean, sell: ClusteredMean];
}

/** Markouts so far, by horizon. */
export interface Markouts {
  readonly horizons: readonly HorizonSums[];
}

/** No fills yet. */
export const createMarkouts = (horizonsMs = MARKOUT_HORIZONS_MS): Markouts => ({
  horizons: horizonsMs.map((horizonMs) => {
    const mean = (): ClusteredMean => createClusteredMean(Math.max(GROUP_MS_MIN, 2 * horizonMs));
    return { horizonMs, pending: [], all: mean(), move: mean(), bySide: [mean(), mean()] };
  }),
});

/** Takes in a fill; its markouts follow from {@link takeMarkouts} when the path has got there. */
export function noteMarkoutFill(markouts: Markouts, fill: MarkoutFill): void {
  for (const { pending } of markouts.horizons) pending.push(fill);
}

/** Counts and returns the markouts whose horizon the path has passed. */
export function takeMarkouts(markouts: Markouts, path: PricePath): Markout[] {
  const taken: Markout[] = [];
  for (const sums of markouts.horizons) {
    // At the very end of the path another price of the same time may still come.
    const isDue = ({ timeMs }: MarkoutFill): boolean => timeMs + sums.horizonMs < path.lastMs;
    const first = sums.pending[0];
    if (first === undefined || !isDue(first)) continue;
    for (const fill of sums.pending.filter(isDue)) taken.push(count(sums, fill, path));
    sums.pending = sums.pending.filter((fill) => !isDue(fill));
  }
  return taken;
}

/** Mean markouts so far, one row a horizon. */
export const markoutSummaries = (markouts: Markouts): MarkoutSummary[] =>
  markouts.horizons.map(({ horizonMs, all, move, bySide }) => ({
    horizonMs,
    ...markoutMean(all),
    move: markoutMean(move),
    buy: markoutMean(bySide[0]),
    sell: markoutMean(bySide[1]),
  }));

function count(sums: HorizonSums, fill: MarkoutFill, path: PricePath): Markout {
  const { horizonMs } = sums;
  const { tid, timeMs, side, px } = fill;
  const fairHalfTicks = pathPriceAt(path, timeMs + horizonMs) ?? fill.fairHalfTicks;
  const perHalfTick = (sideSign(side) * 10_000) / (2 * px);
  const markoutBps = (fairHalfTicks - 2 * px) * perHalfTick;
  const moveBps = (fairHalfTicks - fill.fairHalfTicks) * perHalfTick;
  noteClustered(sums.all, timeMs, markoutBps);
  noteClustered(sums.move, timeMs, moveBps);
  noteClustered(sums.bySide[side], timeMs, markoutBps);
  return { tid, timeMs, side, horizonMs, fairHalfTicks, markoutBps, moveBps };
}

function markoutMean(mean: ClusteredMean): MarkoutMean {
  const { n, mean: meanBps, standardError } = clusteredMean(mean);
  return { n, meanBps, standardErrorBps: standardError };
}
