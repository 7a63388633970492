/** What every command starts with: its output, its log, and a folder where one is needed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog, type Log, parseLogLevels } from "../telemetry/log.ts";
import { EXIT, ExitError } from "./exit-code.ts";
import { createOutput, type Output } from "./output.ts";

/** Flags that every command takes. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly logFile?: string;
  readonly logLevel?: string[];
}

/** Output and log of a command. */
export interface Session {
  readonly output: Output;
  readonly log: Log;
}

/** Opens output and log as the flags say. */
export function openSession(flags: CommonFlags): Session {
  const levels = parseLogLevels(flags.logLevel ?? []);
  if ("problem" in levels) throw new ExitError(EXIT.usage, levels.problem);
  return {
    output: createOutput(flags.json === true),
    log: createLog({ file: flags.logFile ?? null, ...levels }),
  };
}

/** A folder for data: the one asked for, or a fresh temporary one that `remove` deletes. */
export function dataFolder(asked: string | undefined): { path: string; remove: () => void } {
  if (asked !== undefined) return { path: asked, remove: () => undefined };
  const path = mkdtempSync(join(tmpdir(), "bourse-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A promise that ends the wait when something broke for good. */
export interface Failure {
  readonly promise: Promise<Error>;
  readonly fail: (error: Error) => void;
}

/** A failure that has not happened yet. */
export function createFailure(): Failure {
  let fail: (error: Error) => void = () => undefined;
  const promise = new Promise<Error>((resolve) => {
    fail = resolve;
  });
  return { promise, fail };
}

/** Resolves after the time asked for; never without one [s]. */
export const afterSeconds = (seconds: number | undefined): Promise<"time"> =>
  new Promise((resolve) => {
    if (seconds !== undefined) setTimeout(() => resolve("time"), seconds * 1_000);
  });
