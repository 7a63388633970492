/**
 * Says in the log when commands wait too long for the disk, once at its beginning and once at its
 * end. While it lasts the sequencer refuses what comes in.
 */
import type { CommitReport } from "../journal/commit-delay.ts";
import type { ModuleLog } from "../telemetry/log.ts";

/** Longest that a command may wait for the disk before others are refused [ms]. */
export const JOURNAL_DELAY_MS_MAX = 1_000;
const LOOK_EVERY_MS = 250;

/** Looks at the journal's figures now and then; `look` is one such look. */
export interface JournalWatch {
  look(): void;
  stop(): void;
}

/** Begins to watch. */
export function watchJournal(report: () => CommitReport, log: ModuleLog): JournalWatch {
  let isLate = false;
  let slowBefore = 0;
  let shedBefore = 0;
  const look = (): void => {
    const { waiting, waitedMs, shed, slowGroups, delayMs } = report();
    if (waitedMs > JOURNAL_DELAY_MS_MAX) {
      if (!isLate)
        log.warn("the disk keeps commands waiting; new ones are refused until it answers", {
          waitedMs: Math.round(waitedMs),
          waiting,
          refused: shed - shedBefore,
        });
      isLate = true;
      return;
    }
    if (isLate || slowGroups > slowBefore) {
      log.warn("the disk answers again after commits that took too long", {
        slowCommits: slowGroups - slowBefore,
        refused: shed - shedBefore,
        longestMs: Math.round(delayMs?.max ?? 0),
      });
    }
    isLate = false;
    slowBefore = slowGroups;
    shedBefore = shed;
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return { look, stop: () => clearInterval(timer) };
}
