/** `bourse runs`: the runs that are kept, newest first. */
import { join } from "node:path";
import { runRow, runValue } from "../sim/report/report-text.ts";
import { listRuns, readRunHead, runsFolder } from "./run-folder.ts";
import { type CommonFlags, openSession } from "./session.ts";

/** Flags of the command. */
export interface RunsFlags extends CommonFlags {
  readonly last: number;
}

/** Lists runs. */
export async function runRuns(flags: RunsFlags): Promise<void> {
  const { output } = openSession(flags);
  const names = listRuns().toReversed();
  const shown = names.slice(0, flags.last).flatMap((name) => readHead(join(runsFolder(), name)));
  if (names.length === 0)
    output.say(`no runs in ${runsFolder()}: \`bourse up --for 60\` makes one`);
  const width = Math.max(0, ...shown.map(({ manifest }) => manifest.id.length));
  for (const head of shown) {
    output.say(`  ${head.manifest.id.padEnd(width)}  ${runRow(head)}`);
    output.emit({ kind: "run", ...runValue(head) });
  }
  if (names.length > shown.length) {
    output.say(`  ${names.length - shown.length} more; --last ${names.length} lists all`);
  }
}

function readHead(path: string): ReturnType<typeof readRunHead>[] {
  try {
    return [readRunHead(path)];
  } catch {
    // A run that is being made at this moment, or was damaged: the list is not the place to say so.
    return [];
  }
}
