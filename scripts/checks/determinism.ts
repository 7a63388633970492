/**
 * Words that would let two runs of the same commands differ: banned in rooms whose outcome must be a
 * function of their inputs. Tests beside the code are free to use them.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { codeText, lineAt } from "../code-text.ts";
import { listFiles } from "../files.ts";
import { CLOCKLESS_ROOMS, TEST_FILE } from "../rooms.ts";

interface Ban {
  readonly pattern: RegExp;
  readonly why: string;
}

const EXACT_MATH = "abs|min|max|floor|ceil|trunc|imul|clz32|sign";

const EXCHANGE_BANS: readonly Ban[] = [
  { pattern: /\bDate\b/g, why: "Date: time comes with the command" },
  { pattern: /\blocaleCompare\b|\btoLocale\w+|\bIntl\b/g, why: "depends on the machine's locale" },
  { pattern: /\.(?:sort|toSorted)\(\s*\)/g, why: "sort without a comparator orders by text" },
  { pattern: /\*\*/g, why: "** may round differently between engines" },
  {
    pattern: new RegExp(`\\bMath\\b(?!\\s*\\.\\s*(?:${EXACT_MATH})\\b)`, "g"),
    why: `of Math only ${EXACT_MATH.replaceAll("|", ", ")} are exact`,
  },
  { pattern: /\bcatch\b/g, why: "exchange has no catch: a bug stops the process" },
];

const CLOCK_BANS: readonly Ban[] = [
  { pattern: /\bMath\s*\.\s*random\b/g, why: "randomness is an input" },
  { pattern: /\bDate\s*\.\s*now\b|\bnew\s+Date\b|\bDate\s*\(/g, why: "time is an input" },
  { pattern: /\bperformance\s*\.\s*now\b/g, why: "time is an input" },
];

function violations(file: string, code: string, bans: readonly Ban[]): string[] {
  return bans.flatMap(({ pattern, why }) =>
    [...code.matchAll(pattern)].map(
      (match) => `${file}:${lineAt(code, match.index)}: ${match[0].trim()}: ${why}`,
    ),
  );
}

/** Uses of banned words below `root`, one line each. */
export function checkDeterminism(root: string): string[] {
  const isTest = new RegExp(TEST_FILE);
  return CLOCKLESS_ROOMS.flatMap((room) =>
    listFiles(root, `src/${room}`)
      .filter((file) => file.endsWith(".ts") && !isTest.test(file))
      .flatMap((file) => {
        const code = codeText(readFileSync(join(root, file), "utf8"));
        const bans = room === "exchange" ? [...EXCHANGE_BANS, ...CLOCK_BANS] : CLOCK_BANS;
        return violations(file, code, bans);
      }),
  );
}
