/**
 * What each account's fills were worth some seconds later, at the mark price in force then:
 *
 *   markout(h) = d (mark(t + h) - p) / p,    d = +1 for a buy, -1 for a sell    [bps]
 *
 * Each fill counts once whatever its size, standard errors group fills by time, and beside the mean
 * stands the sum in money, d (mark - p) x lots [10^-6 USDC]. Fills wait in one row for all horizons, of
 * {@link PENDING_MAX} at most; what comes while it is full is counted as left out. O(1) a fill.
 */
import {
  type ClusteredMean,
  createClusteredMean,
  noteClustered,
} from "../analysis/clustered-mean.ts";
import { type Side, sideSign } from "../base/side.ts";

/** Times after a fill [ms], shortest first. */
export const HORIZONS_MS: readonly number[] = [1_000, 5_000, 30_000, 60_000];
/** Fills that may wait for their last horizon: more than a thousand a second for a minute. */
const PENDING_MAX = 65_536;
/** Shortest group of fills that counts as one observation [ms]. */
const GROUP_MS_MIN = 10_000;

/** Sums at one horizon. */
export interface HorizonSums {
  readonly mean: ClusteredMean;
  /** [10^-6 USDC] */
  value: number;
}

/** An account's sums by horizon, of resting fills and of crossing ones. */
export interface MarkoutSums {
  readonly maker: readonly HorizonSums[];
  readonly taker: readonly HorizonSums[];
  /** Fills that found no room. */
  leftOut: number;
}

/** A fill whose last horizon is still to come. */
export interface PendingMarkout {
  readonly account: number;
  readonly market: number;
  readonly side: Side;
  readonly crossed: boolean;
  readonly px: number;
  readonly sz: number;
  readonly timeMs: number;
}

interface Waiting extends PendingMarkout {
  readonly sums: MarkoutSums;
}

/** The row, oldest first; places count from the beginning of time. */
export interface PendingMarkouts {
  /** Ring of {@link PENDING_MAX}, grown with use. */
  readonly ring: (Waiting | undefined)[];
  /** Place behind the newest. */
  end: number;
  /** Place of the next fill that is due at each horizon; those of long ones lie before. */
  readonly next: number[];
}

/** No fills. */
export const createMarkoutSums = (): MarkoutSums => {
  const sums = (): HorizonSums[] =>
    HORIZONS_MS.map((horizonMs) => ({
      mean: createClusteredMean(Math.max(GROUP_MS_MIN, 2 * horizonMs)),
      value: 0,
    }));
  return { maker: sums(), taker: sums(), leftOut: 0 };
};

/** Nothing waits. */
export const createPendingMarkouts = (): PendingMarkouts => ({
  ring: [],
  end: 0,
  next: HORIZONS_MS.map(() => 0),
});

/** Lets a fill wait for its horizons. */
export function noteMarkout(
  pending: PendingMarkouts,
  sums: MarkoutSums,
  fill: PendingMarkout,
): void {
  if (pending.end - oldestOf(pending) >= PENDING_MAX) {
    sums.leftOut += 1;
    return;
  }
  const { account, market, side, crossed, px, sz, timeMs } = fill;
  pending.ring[pending.end % PENDING_MAX] = {
    account,
    market,
    side,
    crossed,
    px,
    sz,
    timeMs,
    sums,
  };
  pending.end += 1;
}

/** Counts what fell due before `timeMs`, at the marks that were in force until then. */
export function settleMarkouts(
  pending: PendingMarkouts,
  marks: readonly number[],
  timeMs: number,
): void {
  const last = HORIZONS_MS.length - 1;
  for (let horizon = 0; horizon <= last; horizon++) {
    let place = pending.next[horizon] as number;
    while (place < pending.end) {
      const fill = pending.ring[place % PENDING_MAX] as Waiting;
      if (fill.timeMs + (HORIZONS_MS[horizon] as number) >= timeMs) break;
      count(fill, horizon, marks[fill.market] as number);
      if (horizon === last) pending.ring[place % PENDING_MAX] = undefined;
      place += 1;
    }
    pending.next[horizon] = place;
  }
}

function count(
  { sums, crossed, side, px, sz, timeMs }: Waiting,
  horizon: number,
  mark: number,
): void {
  const into = (crossed ? sums.taker : sums.maker)[horizon] as HorizonSums;
  const gain = sideSign(side) * (mark - px);
  noteClustered(into.mean, timeMs, (gain / px) * 10_000);
  into.value += gain * sz;
}

const oldestOf = ({ next }: PendingMarkouts): number => next[HORIZONS_MS.length - 1] as number;

/** Fills that wait, oldest first, and how many of them each horizon has behind it: for a snapshot. */
export function pendingInOrder(pending: PendingMarkouts): {
  fills: PendingMarkout[];
  passed: number[];
} {
  const oldest = oldestOf(pending);
  const fills: PendingMarkout[] = [];
  for (let place = oldest; place < pending.end; place++) {
    const { sums: _, ...fill } = pending.ring[place % PENDING_MAX] as Waiting;
    fills.push(fill);
  }
  return { fills, passed: pending.next.map((place) => place - oldest) };
}

/** Takes over what {@link pendingInOrder} gave. */
export function restorePending(
  pending: PendingMarkouts,
  { fills, passed }: { fills: readonly PendingMarkout[]; passed: readonly number[] },
  sumsOf: (account: number) => MarkoutSums,
): void {
  for (const fill of fills) noteMarkout(pending, sumsOf(fill.account), fill);
  passed.forEach((place, horizon) => {
    pending.next[horizon] = place;
  });
}
