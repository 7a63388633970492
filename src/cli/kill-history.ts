/**
 * What became of the kill switch over runs: a line of JSON for each trip and each re-arming, beside
 * the latch itself. The latch decides; this is for people, so a line that cannot be read is skipped.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { KillLatch, KillReason } from "../maker/risk/kill-latch.ts";

/** One change of the switch. */
export interface KillChange {
  /** [ms] */
  readonly timeMs: number;
  readonly kind: "killed" | "rearmed";
  /** What tripped it; null = it was re-armed. */
  readonly reason: KillReason | null;
  readonly text: string;
}

/** The changes so far, and a way to add to them. */
export interface KillHistory {
  /** Newest first. */
  readonly changes: () => readonly KillChange[];
  /** Notes what differs between the switch before and now; `nowMs` is when [ms]. */
  note(latch: KillLatch, nowMs: number): void;
}

/** Changes shown; older ones stay in the file. */
const CHANGES_SHOWN = 50;

/** Opens the history kept in a file; `latch` is how the switch stands now. */
export function openKillHistory(path: string, latch: KillLatch): KillHistory {
  let before = latch;
  let changes = readChanges(path);
  return {
    changes: () => changes,
    note(now, nowMs) {
      const known = new Set(before.reasons.map(({ reason }) => reason));
      const fresh = now.reasons
        .filter(({ reason }) => !known.has(reason))
        .map((entry): KillChange => ({ kind: "killed", ...entry }));
      const isRearmed = before.killed && !now.killed;
      before = now;
      const rearmed: KillChange = {
        timeMs: nowMs,
        kind: "rearmed",
        reason: null,
        text: "re-armed",
      };
      const added = isRearmed ? [rearmed] : fresh;
      if (added.length === 0) return;
      changes = [...added.toReversed(), ...changes].slice(0, CHANGES_SHOWN);
      mkdirSync(dirname(path), { recursive: true });
      appendFileSync(path, added.map((change) => `${JSON.stringify(change)}\n`).join(""));
    },
  };
}

function readChanges(path: string): readonly KillChange[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").trimEnd().split("\n").slice(-CHANGES_SHOWN);
  return lines.flatMap(parseChange).toReversed();
}

function parseChange(line: string): KillChange[] {
  try {
    const change = JSON.parse(line) as KillChange;
    return typeof change.timeMs === "number" && typeof change.text === "string" ? [change] : [];
  } catch {
    // Cut short by a crash: the other lines still count.
    return [];
  }
}
