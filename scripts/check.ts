/**
 * `npm run check`: every static check, two at a time, one line each with its time.
 * `--only name,name` runs some; `--list` names them all.
 */
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkDeterminism } from "./checks/determinism.ts";
import { checkDocumented } from "./checks/documented.ts";
import { checkEnvironment } from "./checks/environment.ts";
import { checkImports } from "./checks/imports.ts";
import { checkPackages } from "./checks/packages.ts";
import { checkSelf } from "./checks/self.ts";
import { checkStructure } from "./checks/structure.ts";
import { checkPurity, checkStyle, checkTypes, checkUnused, checkWebTypes } from "./checks/tools.ts";

type Check = (root: string) => string[] | Promise<string[]>;

/** All checks by name, the slow ones first. */
const CHECKS: Readonly<Record<string, Check>> = {
  unused: checkUnused,
  types: checkTypes,
  imports: checkImports,
  style: checkStyle,
  purity: checkPurity,
  "web-types": checkWebTypes,
  structure: checkStructure,
  determinism: checkDeterminism,
  documented: checkDocumented,
  environment: checkEnvironment,
  packages: checkPackages,
  self: checkSelf,
};

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

async function run(name: string): Promise<boolean> {
  const check = CHECKS[name];
  if (check === undefined) {
    console.error(`no check is called "${name}"; there are ${Object.keys(CHECKS).join(", ")}`);
    return false;
  }
  const startMs = performance.now();
  const problems = await check(ROOT);
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1).padStart(5);
  const verdict = problems.length === 0 ? "ok  " : "FAIL";
  console.log(`${verdict} ${name.padEnd(12)}${seconds} s`);
  for (const problem of problems) console.log(problem.replace(/^/gm, "     "));
  return problems.length === 0;
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--list")) {
    console.log(Object.keys(CHECKS).join("\n"));
    return 0;
  }
  const only = args.includes("--only") ? (args[args.indexOf("--only") + 1] ?? "") : undefined;
  const queue = only === undefined ? Object.keys(CHECKS) : only.split(",");
  const total = queue.length;
  const startMs = performance.now();
  let failed = 0;
  const worker = async (): Promise<void> => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      if (!(await run(name))) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker));
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  console.log(`${total - failed} of ${total} checks passed in ${seconds} s`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
