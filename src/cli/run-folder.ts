/**
 * Folders of runs under the user's data directory: where they are, how a run gets its own, and how
 * one is found and read again. A run that was killed leaves a readable folder: tables are appended
 * to line by line, the summary is replaced as a whole.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, isAbsolute, join, resolve } from "node:path";
import type { RunEvent, RunManifest, RunRecord, RunSummary } from "../sim/report/run-record.ts";
import {
  FILL_COLUMNS,
  MARKOUT_COLUMNS,
  readRows,
  SERIES_COLUMNS,
} from "../sim/report/run-table.ts";
import { EXIT, ExitError } from "./exit-code.ts";

/** Names of the files in a run folder. */
export const RUN_FILES = {
  manifest: "run.json",
  summary: "summary.json",
  fills: "fills.csv",
  markouts: "markouts.csv",
  series: "series.csv",
  events: "events.ndjson",
  report: "report.html",
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where runs are kept: `$BOURSE_HOME/runs`, else `$XDG_DATA_HOME/bourse/runs`, else
 * `~/.local/share/bourse/runs`. An `XDG_DATA_HOME` that is not absolute does not count.
 */
export function runsFolder(env: Environment = process.env): string {
  const { BOURSE_HOME: home = "", XDG_DATA_HOME: data = "" } = env;
  if (home !== "") return join(resolve(home), "runs");
  const base = isAbsolute(data) ? data : join(homedir(), ".local/share");
  return join(base, "bourse/runs");
}

/** Makes the folder of a new run; its name is date, time and a word that tells runs apart. */
export function createRunFolder(startedMs: number, word: string): { id: string; path: string } {
  const at = new Date(startedMs).toISOString();
  const stamp = `${at.slice(0, 10)}-${at.slice(11, 19).replaceAll(":", "")}`;
  const runs = runsFolder();
  mkdirSync(runs, { recursive: true });
  for (let copy = 1; ; copy += 1) {
    const id = `${stamp}-${word}${copy === 1 ? "" : `-${copy}`}`;
    const path = join(runs, id);
    if (existsSync(path)) continue;
    mkdirSync(path);
    return { id, path };
  }
}

/** Names of all runs, oldest first. */
export function listRuns(): string[] {
  const runs = runsFolder();
  if (!existsSync(runs)) return [];
  return readdirSync(runs, { withFileTypes: true })
    .filter(
      (entry) => entry.isDirectory() && existsSync(join(runs, entry.name, RUN_FILES.manifest)),
    )
    .map((entry) => entry.name)
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The folder that a word means: `last`, a path, a name, or a part of one name only. */
export function findRun(word: string): string {
  if (word.includes("/") || existsSync(join(word, RUN_FILES.manifest))) {
    if (existsSync(join(word, RUN_FILES.manifest))) return resolve(word);
    throw new ExitError(
      EXIT.notFound,
      `no run is kept in ${word}: ${RUN_FILES.manifest} is missing`,
    );
  }
  const names = listRuns();
  const last = names.at(-1);
  if (last === undefined) {
    throw new ExitError(
      EXIT.notFound,
      `no runs in ${runsFolder()}: \`bourse up --for 60\` makes one`,
    );
  }
  if (word === "last") return join(runsFolder(), last);
  const found = names.includes(word) ? [word] : names.filter((name) => name.includes(word));
  const [first, second] = found;
  if (first === undefined) {
    throw new ExitError(EXIT.notFound, `no run is called "${word}": \`bourse runs\` lists them`);
  }
  if (second !== undefined) {
    throw new ExitError(EXIT.usage, `"${word}" fits ${found.length} runs, ${first} among them`);
  }
  return join(runsFolder(), first);
}

/** Everything that a run folder holds. */
export function readRun(path: string): RunRecord {
  const { manifest, summary } = readRunHead(path);
  return {
    manifest,
    summary,
    fills: readRows(FILL_COLUMNS, textOf(path, RUN_FILES.fills)),
    markouts: readRows(MARKOUT_COLUMNS, textOf(path, RUN_FILES.markouts)),
    series: readRows(SERIES_COLUMNS, textOf(path, RUN_FILES.series)),
    events: textOf(path, RUN_FILES.events).split("\n").flatMap(parseEvent),
  };
}

/** What was started and how it stands, without the tables. */
export function readRunHead(path: string): {
  readonly manifest: RunManifest;
  readonly summary: RunSummary | null;
} {
  const manifest = JSON.parse(textOf(path, RUN_FILES.manifest)) as RunManifest;
  const summary = textOf(path, RUN_FILES.summary);
  return {
    // A folder that was copied elsewhere goes by its own name.
    manifest: { ...manifest, id: basename(path) },
    summary: summary === "" ? null : (JSON.parse(summary) as RunSummary),
  };
}

const textOf = (path: string, name: string): string =>
  existsSync(join(path, name)) ? readFileSync(join(path, name), "utf8") : "";

function parseEvent(line: string): RunEvent[] {
  if (line === "") return [];
  try {
    return [JSON.parse(line) as RunEvent];
  } catch {
    // The last line of a run that was killed may be cut off.
    return [];
  }
}
