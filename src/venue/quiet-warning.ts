/** Warnings without their repetitions: an unreachable venue would otherwise say one thing for hours. */
import type { Clock } from "../base/clock.ts";

/** How long a warning is not repeated [ms]. */
const QUIET_MS = 10_000;
/** Different warnings remembered. */
const TEXTS_MAX = 200;

/** A warning function that passes each text on at most every ten seconds, with what it left out. */
export function createQuietWarning(
  clock: Clock,
  warn: (text: string) => void,
): (text: string) => void {
  const told = new Map<string, { timeMs: number; held: number }>();
  return (text) => {
    const nowMs = clock.nowMs();
    const last = told.get(text);
    if (last !== undefined && nowMs - last.timeMs < QUIET_MS) {
      last.held += 1;
      return;
    }
    if (told.size >= TEXTS_MAX) told.clear();
    told.set(text, { timeMs: nowMs, held: 0 });
    warn(last === undefined || last.held === 0 ? text : `${text} (and ${last.held} times before)`);
  };
}
