/**
 * What a command says. With `--json` standard output carries JSON, one value a line, and nothing
 * else; otherwise it carries text for people. A status line is redrawn in place on a terminal and
 * printed line by line in a pipe.
 */
import { styleText } from "node:util";

/** Where a command says things. */
export interface Output {
  readonly isJson: boolean;
  /** A line for people; not printed with `--json`. */
  say(text: string): void;
  /** A finished step of a start: what, and a word about it. */
  step(name: string, text: string): void;
  /** A value for programs; not printed without `--json`. */
  emit(value: unknown): void;
  /** The line that is always current. */
  status(text: string): void;
  /** A line about something wrong, on standard error. */
  warn(text: string): void;
}

/** An output on this process's streams. */
export function createOutput(isJson: boolean): Output {
  const { stdout, stderr } = process;
  let hasStatus = false;
  const endStatus = (): void => {
    if (hasStatus) stdout.write("\n");
    hasStatus = false;
  };
  return {
    isJson,
    say(text) {
      if (isJson) return;
      endStatus();
      stdout.write(`${text}\n`);
    },
    step(name, text) {
      if (isJson) return;
      endStatus();
      const tick = styleText("green", "✔", { stream: stdout });
      stdout.write(`  ${tick} ${name.padEnd(10)} ${text}\n`);
    },
    emit(value) {
      if (isJson) stdout.write(`${JSON.stringify(value)}\n`);
    },
    status(text) {
      if (isJson) return;
      if (!stdout.isTTY) {
        stdout.write(`${text}\n`);
        return;
      }
      // A terminal that does not know its width says 0.
      const room = stdout.columns > 20 ? stdout.columns - 1 : 160;
      stdout.write(`\r\u001b[2K${text.slice(0, room)}`);
      hasStatus = true;
    },
    warn(text) {
      if (!isJson) endStatus();
      stderr.write(`${styleText("yellow", text, { stream: stderr })}\n`);
    },
  };
}
