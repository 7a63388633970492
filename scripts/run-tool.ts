/** Runs a command-line tool and keeps what it printed. */
import { spawn } from "node:child_process";

/** What a tool left behind. */
export interface ToolRun {
  /** Exit code, 1 where a signal ended the tool. */
  readonly code: number;
  /** Standard output and error, in order of arrival. */
  readonly output: string;
}

/** Runs `file` with `args` in `cwd` until it ends. */
export function runTool(
  file: string,
  args: readonly string[],
  { cwd }: { readonly cwd: string },
): Promise<ToolRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
