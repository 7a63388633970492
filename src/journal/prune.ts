import type { OperationalError } from "../base/operational-error.ts";
import { segmentsAmong } from "./file-name.ts";
import { readSnapshots } from "./snapshot-choice.ts";
import type { Storage } from "./storage.ts";

/**
 * Removes the segments that hold only commands up to the oldest sound snapshot; never the last one,
 * and none while there is no snapshot. Afterwards the journal replays from a snapshot only. Safe
 * beside a running sequencer: oldest first, so what is left always hangs together.
 */
export function pruneSegments(
  storage: Storage,
  done: (error: OperationalError | null, removed: readonly string[]) => void,
): void {
  const names = storage.list();
  const oldestSeq = readSnapshots(storage).sound.at(-1)?.seq ?? 0;
  const segments = segmentsAmong(names);
  const covered = segments.filter((_, index) => {
    const next = segments[index + 1];
    return next !== undefined && next.seq <= oldestSeq + 1;
  });
  const removed: string[] = [];
  const removeNext = (): void => {
    const file = covered[removed.length];
    if (file === undefined) {
      done(null, removed);
      return;
    }
    storage.remove(file.name, (error) => {
      if (error !== null) {
        done(error, removed);
        return;
      }
      removed.push(file.name);
      removeNext();
    });
  };
  removeNext();
}
