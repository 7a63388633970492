/** Builds the page from its sources, so that no test looks at an old build. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const PROJECT = join(import.meta.dirname, "..", "..");

/** Writes the built page into a folder. */
export function buildPage(folder: string): void {
  const vite = join(PROJECT, "node_modules", "vite", "bin", "vite.js");
  const args = [vite, "build", "--outDir", folder, "--emptyOutDir", "--logLevel", "warn"];
  // A test run's own NODE_ENV would make it another build.
  const env = { ...process.env, NODE_ENV: "production" };
  execFileSync(process.execPath, args, { cwd: join(PROJECT, "web"), env, stdio: "pipe" });
}
