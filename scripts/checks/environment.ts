/** Environment variables and arguments are read in `cli` alone; other rooms get values. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { codeText, lineAt } from "../code-text.ts";
import { listFiles } from "../files.ts";
import { TEST_FILE } from "../rooms.ts";

/** Reads of the environment or of arguments outside `src/cli`. */
export function checkEnvironment(root: string): string[] {
  const isTest = new RegExp(TEST_FILE);
  return listFiles(root, "src")
    .filter((file) => file.endsWith(".ts") && !isTest.test(file) && !file.startsWith("src/cli/"))
    .flatMap((file) => {
      const code = codeText(readFileSync(join(root, file), "utf8"));
      return [...code.matchAll(/\bprocess\s*\.\s*(?:env|argv)\b/g)].map(
        (match) => `${file}:${lineAt(code, match.index)}: ${match[0]} is read only in src/cli`,
      );
    });
}
