/**
 * Processes under a test's control. What a process prints is awaited, never slept for: `prints` and
 * `tells` read on from where the wait before them ended, and fail with all that was printed where
 * the process ends first. Each process leads a group of its own, so that nothing outlives the test.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";

/** The project's folder. */
export const PROJECT = join(import.meta.dirname, "..", "..");
/** The program's entry. */
export const MAIN = join(PROJECT, "src", "cli", "main.ts");

/** One line of JSON that a process printed. */
export type Told = Readonly<Record<string, unknown>>;

/** How a process ended: its exit code, or the signal that ended it. */
export type Ending = number | NodeJS.Signals;

/** A process that was started. */
export interface StartedProcess {
  readonly pid: number;
  /** All that it printed so far, on both streams. */
  output(): string;
  /** The next text that matches. */
  prints(pattern: RegExp): Promise<RegExpExecArray>;
  /** The next JSON line of standard output that is as wished. */
  tells(isWished: (value: Told) => boolean): Promise<Told>;
  /** Types into its standard input. */
  type(text: string): void;
  /** Sends a signal to it alone. */
  signal(name: NodeJS.Signals): void;
  /** Sends a signal to it and all that it started, as a terminal does. */
  signalGroup(name: NodeJS.Signals): void;
  readonly ended: Promise<Ending>;
}

/** How to start a process. */
export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** A wait that takes longer fails with all that was printed, which a test's own time limit does not tell. */
const WAIT_MS_MAX = 60_000;

/** Most of it that a failure tells [characters]. */
const PRINTED_MAX = 4_000;

const running = new Set<StartedProcess>();

process.once("exit", () => {
  for (const { signalGroup } of running) signalGroup("SIGKILL");
});

/** Starts the program with this Node. */
export const startBourse = (...args: readonly string[]): StartedProcess =>
  startProcess(process.execPath, [MAIN, ...args]);

/** Starts a command in a process group of its own. */
export function startProcess(
  command: string,
  args: readonly string[],
  options: StartOptions = {},
): StartedProcess {
  const child = spawn(command, args, { ...options, detached: true, stdio: "pipe" });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} could not be started`);
  const printed = createPrinted();
  let lines = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    lines += text;
    const end = lines.lastIndexOf("\n") + 1;
    printed.add(text, lines.slice(0, end).split("\n").flatMap(jsonOf));
    lines = lines.slice(end);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => printed.add(text, []));
  child.stdin.on("error", () => undefined);
  const signalGroup = (name: NodeJS.Signals): void => {
    try {
      process.kill(-pid, name);
    } catch {
      // The whole group has ended already.
    }
  };
  const started: StartedProcess = {
    pid,
    output: () => printed.text(),
    prints: (pattern) => printed.awaitText(pattern),
    tells: (isWished) => printed.awaitValue(isWished),
    type: (text) => void child.stdin.write(text),
    signal: (name) => void child.kill(name),
    signalGroup,
    ended: new Promise((resolve) => {
      child.once("close", (code, signal) => {
        running.delete(started);
        printed.end(`${command} ${args.join(" ")} ended with ${code ?? signal}`);
        resolve(code ?? signal ?? 0);
      });
    }),
  };
  running.add(started);
  return started;
}

/** Ends every process that still runs, and what it started; for `afterAll` and `afterEach`. */
export async function endStartedProcesses(): Promise<void> {
  const last = [...running];
  for (const { signalGroup } of last) signalGroup("SIGKILL");
  await Promise.all(last.map(({ ended }) => ended));
}

/** The value of a line of JSON; nothing for other lines. */
function jsonOf(line: string): Told[] {
  if (!line.startsWith("{")) return [];
  try {
    return [JSON.parse(line) as Told];
  } catch {
    // A line for people that starts like JSON.
    return [];
  }
}

/** What a process printed, and those who wait for more. */
function createPrinted() {
  const values: Told[] = [];
  const waits = new Set<() => void>();
  let text = "";
  let textFrom = 0;
  let valuesFrom = 0;
  let ending: string | null = null;
  const wake = (): void => {
    for (const wait of [...waits]) wait();
  };
  const awaitIt = <T>(wished: string, find: () => T | null): Promise<T> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find();
        if (found === null && ending === null) return;
        waits.delete(look);
        clearTimeout(patience);
        if (found !== null) resolve(found);
        else reject(new Error(`${ending}, having printed:\n${text.slice(-PRINTED_MAX)}`));
      };
      const patience = setTimeout(() => {
        waits.delete(look);
        reject(
          new Error(`waited in vain for ${wished}; what was printed:\n${text.slice(-PRINTED_MAX)}`),
        );
      }, WAIT_MS_MAX);
      waits.add(look);
      look();
    });
  return {
    text: () => text,
    add(more: string, moreValues: readonly Told[]): void {
      text += more;
      values.push(...moreValues);
      wake();
    },
    end(how: string): void {
      ending = how;
      wake();
    },
    awaitText: (pattern: RegExp): Promise<RegExpExecArray> =>
      awaitIt(String(pattern), () => {
        const match = pattern.exec(text.slice(textFrom));
        if (match !== null) textFrom += match.index + match[0].length;
        return match;
      }),
    awaitValue: (isWished: (value: Told) => boolean): Promise<Told> =>
      awaitIt(String(isWished), () => {
        while (valuesFrom < values.length) {
          const value = values[valuesFrom++] as Told;
          if (isWished(value)) return value;
        }
        return null;
      }),
  };
}
