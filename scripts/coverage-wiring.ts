/**
 * Which files of a running system never ran. Reads the folder that `NODE_V8_COVERAGE` filled (any
 * number of processes) and names each file whose exports did nothing: a file with exported functions
 * or classes needs one of them entered, a file with exported constants alone needs to be loaded.
 * Files that export types alone are left out. Node strips types in place, so V8's positions hold in
 * the source. Exports are found by Biome's layout: a top-level statement starts in the first column.
 *
 * `node scripts/coverage-wiring.ts FOLDER` prints the files and ends with 1 if there are any.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { codeText } from "./code-text.ts";
import { listFiles } from "./files.ts";
import { TEST_FILE } from "./rooms.ts";

/** What to look at. */
export interface WiringQuery {
  /** Root of the source tree. */
  readonly root: string;
  /** Folder of V8 coverage files. */
  readonly coverageDir: string;
  /** Folders below the root that must have run; `src/exchange` and `src/maker` if not given. */
  readonly folders?: readonly string[];
  /** Files below the root that are excused. */
  readonly except?: readonly string[];
}

/** A file that did not take part in the run. */
export interface UnwiredFile {
  readonly file: string;
  readonly reason: "never loaded" | "no exported function or class was entered";
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface FunctionSpan extends Span {
  readonly count: number;
}

interface CoverageFile {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly ranges: readonly {
        readonly startOffset: number;
        readonly endOffset: number;
        readonly count: number;
      }[];
    }[];
  }[];
}

const STATEMENT =
  /^(?:export|async|function|const|let|var|class|abstract|interface|type|import|declare|enum)\b/gm;
const EXPORTED_VALUE =
  /^export\s+(?!type\b|interface\b|declare\b)(?:default\s+)?(?:async\s+)?(?:abstract\s+)?(?:function\b|class\b|const\b|let\b|var\b|enum\b)/;
const EXPORT_LIST = /^export\s*\{([^}]*)\}(?!\s*from)/;

/** Spans of the statements that export a value, in a source text. */
export function exportedSpans(source: string): Span[] {
  const code = codeText(source);
  const starts = [...code.matchAll(STATEMENT)].map((match) => match.index);
  const statements = starts.map((start, index) => ({
    start,
    end: starts[index + 1] ?? code.length,
    text: code.slice(start, starts[index + 1] ?? code.length),
  }));
  const listed = statements
    .flatMap(({ text }) => EXPORT_LIST.exec(text)?.[1]?.split(",") ?? [])
    .map((name) => name.trim().split(/\s+as\s+/)[0] ?? "")
    .filter((name) => name !== "" && !name.startsWith("type "));
  const declares = (text: string): boolean =>
    listed.some((name) =>
      new RegExp(`^(?:async\\s+)?(?:function\\*?|class|const|let|var)\\s+${name}\\b`).test(text),
    );
  return statements.filter(({ text }) => EXPORTED_VALUE.test(text) || declares(text));
}

/** Function spans of every source file that some process loaded, by URL; the module itself aside. */
function readCoverage(coverageDir: string): Map<string, FunctionSpan[]> {
  const byUrl = new Map<string, FunctionSpan[]>();
  for (const name of readdirSync(coverageDir).filter((file) => file.endsWith(".json"))) {
    const { result } = JSON.parse(readFileSync(join(coverageDir, name), "utf8")) as CoverageFile;
    for (const { url, functions } of result ?? []) {
      const spans = byUrl.get(url) ?? [];
      for (const { ranges } of functions) {
        const [whole] = ranges;
        if (whole === undefined || whole.startOffset === 0) continue;
        spans.push({ start: whole.startOffset, end: whole.endOffset, count: whole.count });
      }
      byUrl.set(url, spans);
    }
  }
  return byUrl;
}

/** Files that export values and did not take part in the run. */
export function unwiredFiles(query: WiringQuery): UnwiredFile[] {
  const { root, folders = ["src/exchange", "src/maker"], except = [] } = query;
  const isTest = new RegExp(TEST_FILE);
  const coverage = readCoverage(query.coverageDir);
  return folders
    .flatMap((folder) => listFiles(root, folder))
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
    .filter((file) => !isTest.test(file) && !except.includes(file))
    .flatMap((file): UnwiredFile[] => {
      const exported = exportedSpans(readFileSync(join(root, file), "utf8"));
      if (exported.length === 0) return [];
      const functions = coverage.get(pathToFileURL(join(root, file)).href);
      if (functions === undefined) return [{ file, reason: "never loaded" }];
      const own = functions.filter(({ start, end }) =>
        exported.some((span) => start >= span.start && end <= span.end),
      );
      const ran = own.length === 0 || own.some(({ count }) => count > 0);
      return ran ? [] : [{ file, reason: "no exported function or class was entered" }];
    });
}

function main(coverageDir: string | undefined): number {
  if (coverageDir === undefined) {
    console.error("usage: node scripts/coverage-wiring.ts FOLDER (as NODE_V8_COVERAGE filled it)");
    return 2;
  }
  const root = join(dirname(fileURLToPath(import.meta.url)), "..");
  const unwired = unwiredFiles({ root, coverageDir });
  for (const { file, reason } of unwired) console.log(`${file}: ${reason}`);
  console.log(`${unwired.length} files did not take part`);
  return unwired.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = main(process.argv[2]);
