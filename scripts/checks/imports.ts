/** Who imports whom: runs dependency-cruiser over the tree with the generated rules. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { listFiles } from "../files.ts";
import { importRules } from "../import-rules.ts";
import { ENTRY_FILES } from "../rooms.ts";

const ROOTS = ["src", "web/src", "test", "scripts", "bench", "examples"];

const internalOwners = (files: readonly string[]): string[] => [
  ...new Set(files.flatMap((file) => file.match(/^(.+?)\/internal\//)?.[1] ?? [])),
];

/** Problems with imports below `root`: rooms, tiers, internal folders, cycles, orphans, wiring. */
export async function checkImports(root: string): Promise<string[]> {
  const files = listFiles(root);
  const sources = ROOTS.filter((folder) =>
    files.some((file) => file.startsWith(`${folder}/`) && /\.tsx?$/.test(file)),
  );
  if (sources.length === 0) return [];
  const forbidden = importRules({
    internalOwners: internalOwners(files),
    entries: ENTRY_FILES.filter((entry) => existsSync(join(root, entry))),
  });
  const { output } = await cruise(
    sources,
    {
      baseDir: root,
      ruleSet: { forbidden },
      validate: true,
      tsPreCompilationDeps: true,
      doNotFollow: { path: "node_modules" },
      exclude: { path: "^(web/)?dist/" },
      cache: false,
    },
    {
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
      conditionNames: ["import", "node", "default"],
      exportsFields: ["exports"],
    },
  );
  const { summary } = output as ICruiseResult;
  const problems = summary.violations.map((violation) =>
    violation.type === "cycle"
      ? `${violation.rule.name}: ${violation.from} -> ${violation.cycle?.map((step) => step.name).join(" -> ")}`
      : violation.from === violation.to
        ? `${violation.rule.name}: ${violation.from}`
        : `${violation.rule.name}: ${violation.from} -> ${violation.to}`,
  );
  return [...new Set(problems)].sort();
}
