/** What the journal's commits were like, for people and for programs. */
import type { CommitReport } from "../journal/commit-delay.ts";

/** Times to two digits behind the point [ms]. */
const msText = (ms: number): string => ms.toFixed(2);

/** Commits, their sizes and the way to the disk in one line. */
export function journalText({ groups, bytes, shed, delayMs, groupSize }: CommitReport): string {
  const parts = [`${groups} commits`, `${(bytes / 1e6).toFixed(1)} MB`];
  if (groupSize !== null)
    parts.push(`commands a commit p50 ${groupSize.p50}, max ${groupSize.max}`);
  if (delayMs !== null) {
    const { p50, p99, max } = delayMs;
    parts.push(`to disk p50 ${msText(p50)}, p99 ${msText(p99)}, max ${msText(max)} ms`);
  }
  if (shed > 0) parts.push(`${shed} commands refused`);
  return parts.join(" · ");
}

/** The same as a value; times in milliseconds. */
export const journalValue = (report: CommitReport): Record<string, unknown> => ({
  kind: "journal",
  commits: report.groups,
  bytes: report.bytes,
  commandsPerCommit: report.groupSize,
  delayMs: report.delayMs,
  slowCommits: report.slowGroups,
  refused: report.shed,
});
