/** The checks that a tool makes: each runs it and turns a failing exit into a problem. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { listFiles } from "../files.ts";
import { PURE_ROOMS, TEST_FILE } from "../rooms.ts";
import { runTool } from "../run-tool.ts";

const HOME = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const require = createRequire(import.meta.url);
const COMPILER = join(dirname(require.resolve("typescript-7/package.json")), "bin", "tsc");

async function problemsOf(file: string, args: readonly string[], cwd: string): Promise<string[]> {
  const { code, output } = await runTool(file, args, { cwd });
  if (code === 0) return [];
  const text = output.trimEnd();
  return [text === "" ? `${args.join(" ")} ended with code ${code}` : text];
}

const BIOME = join(HOME, "node_modules", "@biomejs", "biome", "bin", "biome");

/** Lint and format problems below `root`, warnings included. */
export const checkStyle = (root: string): Promise<string[]> =>
  problemsOf(
    process.execPath,
    [BIOME, "check", "--error-on-warnings", "--diagnostic-level=warn", "--colors=off", "."],
    root,
  );

const compile = (root: string, project: string): Promise<string[]> =>
  problemsOf(process.execPath, [COMPILER, "-p", project, "--noEmit", "--pretty", "false"], root);

/** Type errors of everything that runs on Node. */
export const checkTypes = (root: string): Promise<string[]> => compile(root, "tsconfig.json");

/** Type errors of the pure rooms, where neither Node nor the DOM exists. */
export async function checkPurity(root: string): Promise<string[]> {
  const isTest = new RegExp(TEST_FILE);
  const hasInput = PURE_ROOMS.some((room) =>
    listFiles(root, `src/${room}`).some((file) => file.endsWith(".ts") && !isTest.test(file)),
  );
  return hasInput ? compile(root, "tsconfig.pure.json") : [];
}

/** Type errors of the page; none while it has no program. */
export async function checkWebTypes(root: string): Promise<string[]> {
  return existsSync(join(root, "web", "tsconfig.json")) ? compile(root, "web/tsconfig.json") : [];
}

/** Files, exports and dependencies below `root` that nothing uses. */
export const checkUnused = (root: string): Promise<string[]> =>
  problemsOf(
    process.execPath,
    [join(HOME, "node_modules", "knip", "bin", "knip.js"), "--no-progress", "--no-config-hints"],
    root,
  );
