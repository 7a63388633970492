/** `bourse report`: what a run earned and why, in the terminal and as one HTML file. */
import { spawn } from "node:child_process";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { reportPage } from "../sim/report/report-page.ts";
import { reportLines } from "../sim/report/report-text.ts";
import type { RunRecord } from "../sim/report/run-record.ts";
import { EXIT, ExitError } from "./exit-code.ts";
import { findRun, RUN_FILES, readRun } from "./run-folder.ts";
import { type CommonFlags, openSession } from "./session.ts";

/** Flags of the command. */
export interface ReportFlags extends CommonFlags {
  readonly open?: boolean;
  readonly html?: boolean;
}

/** Writes the report of a run folder anew; answers its path. */
export function writeReport(folder: string, record: RunRecord = readRun(folder)): string {
  const path = join(folder, RUN_FILES.report);
  writeFileSync(`${path}.unfinished`, reportPage(record));
  renameSync(`${path}.unfinished`, path);
  return path;
}

/** Tells of a run, writes its report, and opens it where asked to. */
export async function runReport(run: string, flags: ReportFlags): Promise<void> {
  const { output } = openSession(flags);
  const folder = findRun(run);
  const record = readRecord(folder);
  if (flags.html === true) {
    process.stdout.write(reportPage(record));
    return;
  }
  const path = writeReport(folder, record);
  for (const line of reportLines(record)) output.say(line);
  output.say(`  report: ${path}`);
  output.emit({ kind: "report", ...record.manifest, summary: record.summary, report: path });
  if (flags.open === true) openFile(path, output.warn);
}

function readRecord(folder: string): RunRecord {
  try {
    return readRun(folder);
  } catch (error) {
    // Files that someone edited or a disk damaged: said in words, with the folder to look into.
    throw new ExitError(EXIT.error, `the run in ${folder} cannot be read: ${String(error)}`, error);
  }
}

/** Hands a file to the desktop; where there is none the path has been printed already. */
function openFile(path: string, warn: (text: string) => void): void {
  const { platform, env } = process;
  const hasDisplay = platform !== "linux" || (env.DISPLAY ?? env.WAYLAND_DISPLAY ?? "") !== "";
  if (!hasDisplay) {
    warn("no display here: open the file above in a browser");
    return;
  }
  const url = pathToFileURL(path).href;
  const [command, ...args] =
    platform === "darwin"
      ? ["open", url]
      : platform === "win32"
        ? ["cmd", "/c", "start", "", url]
        : ["xdg-open", url];
  const child = spawn(command as string, args, { detached: true, stdio: "ignore" });
  child.on("error", () => warn(`${command} is missing: open the file above in a browser`));
  child.unref();
}
