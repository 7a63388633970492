/** The structured log: one JSON object a line by pino, a level a module, to a file or nowhere. */
import pino from "pino";

/** Levels from quiet to loud. */
export const LOG_LEVELS = ["silent", "error", "warn", "info", "debug", "trace"] as const;
/** How much a module says. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** How much to log, and where. */
export interface LogSettings {
  /** File that lines are appended to; null = standard error. */
  readonly file: string | null;
  /** Level of modules that have none of their own. */
  readonly level: LogLevel;
  readonly moduleLevels: ReadonlyMap<string, LogLevel>;
}

/** Says a thing with its figures; units belong in the names of the fields. */
export type LogLine = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** One module's log. */
export interface ModuleLog {
  readonly error: LogLine;
  readonly warn: LogLine;
  readonly info: LogLine;
  readonly debug: LogLine;
}

/** The log of a process. */
export interface Log {
  /** The log of a module: gateway, journal, maker, … */
  module(name: string): ModuleLog;
}

/** Opens the log. Writes are synchronous, so the last lines before a crash are there. */
export function createLog(settings: LogSettings): Log {
  const destination = pino.destination({ dest: settings.file ?? 2, sync: true, mkdir: true });
  const root = pino({ base: null, level: "trace" }, destination);
  return {
    module(name) {
      const level = settings.moduleLevels.get(name) ?? settings.level;
      const child = root.child({ comp: name }, { level });
      const line =
        (method: "error" | "warn" | "info" | "debug"): LogLine =>
        (message, fields = {}) =>
          child[method](fields, message);
      return { error: line("error"), warn: line("warn"), info: line("info"), debug: line("debug") };
    },
  };
}

/**
 * Reads `--log-level` values: `info` for all modules, `journal=debug` for one. Answers settings, or
 * a problem in words.
 */
export function parseLogLevels(
  values: readonly string[],
): { level: LogLevel; moduleLevels: Map<string, LogLevel> } | { problem: string } {
  const moduleLevels = new Map<string, LogLevel>();
  let level: LogLevel = "warn";
  for (const value of values) {
    const [first, second] = value.split("=", 2) as [string, string | undefined];
    const word = second ?? first;
    if (!isLevel(word)) {
      return { problem: `unknown log level "${word}": use one of ${LOG_LEVELS.join(", ")}` };
    }
    if (second === undefined) level = word;
    else moduleLevels.set(first, word);
  }
  return { level, moduleLevels };
}

const isLevel = (word: string): word is LogLevel =>
  (LOG_LEVELS as readonly string[]).includes(word);
