import { expect, test } from "vitest";
import type { CommitReport } from "../journal/commit-delay.ts";
import type { LogLine } from "../telemetry/log.ts";
import { journalText, journalValue } from "./journal-text.ts";
import { JOURNAL_DELAY_MS_MAX, watchJournal } from "./journal-watch.ts";

const QUIET: CommitReport = {
  groups: 3,
  bytes: 2_400_000,
  shed: 0,
  slowGroups: 0,
  waiting: 0,
  waitedMs: 0,
  delayMs: { p50: 0.251, p99: 1.5, max: 9 },
  groupSize: { p50: 1, max: 40 },
};

test("a disk that does not answer is in the log once, and once more when it answers", () => {
  let now = QUIET;
  const lines: [string, Readonly<Record<string, unknown>> | undefined][] = [];
  const keep: LogLine = (message, fields) => lines.push([message, fields]);
  const watch = watchJournal(() => now, { error: keep, warn: keep, info: keep, debug: keep });
  watch.look();
  now = { ...QUIET, waiting: 5, waitedMs: JOURNAL_DELAY_MS_MAX };
  watch.look();
  expect(lines).toEqual([]);
  now = { ...QUIET, waiting: 70, waitedMs: JOURNAL_DELAY_MS_MAX + 200.4, shed: 6 };
  watch.look();
  watch.look();
  expect(lines).toEqual([
    [expect.stringContaining("new ones are refused"), { waitedMs: 1_200, waiting: 70, refused: 6 }],
  ]);
  const delayMs = { p50: 0.25, p99: 2, max: 1_390.2 };
  now = { ...QUIET, slowGroups: 1, shed: 8, delayMs };
  watch.look();
  watch.look();
  expect(lines.slice(1)).toEqual([
    [expect.stringContaining("answers again"), { slowCommits: 1, refused: 8, longestMs: 1_390 }],
  ]);
  // One that came and went between two looks.
  now = { ...now, slowGroups: 2, shed: 9 };
  watch.look();
  expect(lines.at(-1)?.[1]).toMatchObject({ slowCommits: 1, refused: 1 });
  watch.stop();
});

test("figures as a line [ms] and as a value", () => {
  expect(journalText(QUIET)).toBe(
    "3 commits · 2.4 MB · commands a commit p50 1, max 40 · to disk p50 0.25, p99 1.50, max 9.00 ms",
  );
  expect(journalText({ ...QUIET, delayMs: null, groupSize: null, shed: 2 })).toBe(
    "3 commits · 2.4 MB · 2 commands refused",
  );
  expect(journalValue(QUIET)).toEqual({
    kind: "journal",
    commits: 3,
    bytes: 2_400_000,
    commandsPerCommit: { p50: 1, max: 40 },
    delayMs: { p50: 0.251, p99: 1.5, max: 9 },
    slowCommits: 0,
    refused: 0,
  });
});
