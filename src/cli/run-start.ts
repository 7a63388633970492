/** What is known of a run before it starts: what is run, by which versions, on which machine. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { MakerConfig } from "../maker/config.ts";
import type { RunManifest } from "../sim/report/run-record.ts";
import type { RunStart } from "./run-recorder.ts";

const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const GIT_TIMEOUT_MS = 2_000;

/** What the command knows of its run. */
export interface RunOrigin {
  readonly command: RunManifest["command"];
  readonly url: string;
  readonly venue: string;
  /** Who trades against the maker, in words. */
  readonly market: string;
  /** Seed of the simulated traders; null where there are none. */
  readonly seed: number | null;
}

/** Why a run ended, in words, from what ended its wait. */
export function endReason(ended: unknown): string {
  if (ended instanceof Error) return `failed: ${ended.message}`;
  if (ended === "time") return "the time asked for was over";
  if (ended === "tape") return "the tape had ended";
  return "stopped by the operator";
}

/** The start of a run with these settings. */
export const runStart = (origin: RunOrigin, config: MakerConfig, startedMs: number): RunStart => ({
  ...origin,
  again: commandLine(origin),
  startedMs,
  asset: config.asset,
  config: { ...config },
  versions: { bourse: packageVersion(), node: process.versions.node, v8: process.versions.v8 },
  git: gitState(),
  machine: `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}, ${process.platform} ${process.arch}`,
});

/** The command line that repeats the run; the seed is named even where it was the default. */
function commandLine({ command, seed }: RunOrigin): string {
  const args = process.argv.slice(2).map(quoted);
  const line = args[0] === command ? args : [command, ...args];
  if (seed !== null && !line.includes("--seed")) line.push("--seed", String(seed));
  return ["bourse", ...line].join(" ");
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8"));
  return String(version);
}

/** The commit that runs, where the program runs from its own repository. */
function gitState(): RunManifest["git"] {
  if (!existsSync(join(PROJECT, ".git"))) return null;
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", PROJECT, ...args], {
      encoding: "utf8",
      timeout: GIT_TIMEOUT_MS,
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  try {
    const isDirty = git("status", "--porcelain", "--untracked-files=no") !== "";
    return { commit: git("rev-parse", "HEAD"), isDirty };
  } catch {
    // No git on this machine, or a folder that it does not trust: the versions must do.
    return null;
  }
}
