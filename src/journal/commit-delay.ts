/**
 * How long commands wait from submit to durable, and how many share a commit: figures for people,
 * and the bound in time beyond which the sequencer takes no more.
 *
 * A look at the clock costs as much as a tenth of a command, so of a large group only the first
 * {@link TIMED_ALL} commands are timed one by one and of the others every {@link TIMED_EVERY}th, which
 * then counts for all up to the next. The first of a group waits longest, so the maximum is exact.
 */
import type { Stopwatch } from "../base/clock.ts";
import { addToHistogram, createHistogram, histogramQuantile } from "../base/histogram.ts";

const TIMED_ALL = 64;
const TIMED_EVERY = 16;

/** When the commands of one group were submitted. */
export interface SubmitTimes {
  /** Times of those that were timed [ms]. */
  times: Float64Array;
  timed: number;
  /** Commands of the group, timed or not. */
  count: number;
}

/** What a sequencer's commits have been like since it was made. */
export interface CommitReport {
  /** Groups that became durable. */
  readonly groups: number;
  /** Bytes of those groups [bytes]. */
  readonly bytes: number;
  /** Commands refused because too much waited, or because it waited too long. */
  readonly shed: number;
  /** Groups whose first command waited longer than the bound. */
  readonly slowGroups: number;
  /** Commands that are applied and not yet durable, and how long the first of them has waited [ms]. */
  readonly waiting: number;
  readonly waitedMs: number;
  /** From submit to durable; null = nothing was timed [ms]. */
  readonly delayMs: { readonly p50: number; readonly p99: number; readonly max: number } | null;
  /** Commands a group; null = no group yet. */
  readonly groupSize: { readonly p50: number; readonly max: number } | null;
}

/** See the file's head. */
export interface CommitDelay {
  /** Looks at the clock where the next command of a group is one that is timed. */
  submitted(group: SubmitTimes): void;
  /** Whether the first command of a group waits longer than the bound, as of the last look. */
  isOverdue(group: SubmitTimes | null): boolean;
  /** Takes in the figures of a group that is durable now, and empties it. */
  durable(group: SubmitTimes): void;
  /** How long the first command of a group has waited; 0 = it is empty or was not timed [ms]. */
  waitedMs(group: SubmitTimes | null): number;
  /** What was measured so far. */
  report(): Pick<CommitReport, "slowGroups" | "delayMs" | "groupSize">;
}

/** Times of no commands. */
export const createSubmitTimes = (): SubmitTimes => ({
  times: new Float64Array(TIMED_ALL * 2),
  timed: 0,
  count: 0,
});

/** Measures with a stopwatch; without one nothing is timed and nothing is overdue. */
export function createCommitDelay(stopwatch: Stopwatch | null, delayMsMax: number): CommitDelay {
  const delayUs = createHistogram();
  const groupSize = createHistogram();
  let lookedMs = 0;
  let slowGroups = 0;
  const waited = (group: SubmitTimes, nowMs: number): number =>
    group.timed === 0 ? 0 : nowMs - (group.times[0] as number);
  return {
    submitted(group) {
      const { count } = group;
      group.count = count + 1;
      if (stopwatch === null || (count >= TIMED_ALL && count % TIMED_EVERY !== 0)) return;
      lookedMs = stopwatch.elapsedMs();
      if (group.timed === group.times.length) growTimes(group);
      group.times[group.timed++] = lookedMs;
    },
    isOverdue: (group) => group !== null && waited(group, lookedMs) > delayMsMax,
    durable(group) {
      addToHistogram(groupSize, group.count);
      if (stopwatch !== null) {
        const nowMs = stopwatch.elapsedMs();
        lookedMs = nowMs;
        for (let i = 0; i < group.timed; i++) {
          const us = Math.max(0, nowMs - (group.times[i] as number)) * 1_000;
          addToHistogram(delayUs, us, commandsOf(group, i));
        }
        if (waited(group, nowMs) > delayMsMax) slowGroups += 1;
      }
      group.timed = 0;
      group.count = 0;
    },
    waitedMs: (group) =>
      group === null || stopwatch === null ? 0 : waited(group, stopwatch.elapsedMs()),
    report: () => ({
      slowGroups,
      delayMs:
        delayUs.total === 0
          ? null
          : {
              p50: histogramQuantile(delayUs, 0.5) / 1_000,
              p99: histogramQuantile(delayUs, 0.99) / 1_000,
              max: delayUs.max / 1_000,
            },
      groupSize:
        groupSize.total === 0
          ? null
          : { p50: histogramQuantile(groupSize, 0.5), max: groupSize.max },
    }),
  };
}

/** Number of commands that timed command `index` of a group stands for. */
function commandsOf({ count }: SubmitTimes, index: number): number {
  if (index < TIMED_ALL) return 1;
  return Math.min(TIMED_EVERY, count - TIMED_ALL - (index - TIMED_ALL) * TIMED_EVERY);
}

function growTimes(group: SubmitTimes): void {
  const times = new Float64Array(group.times.length * 2);
  times.set(group.times);
  group.times = times;
}
