/** The project speaks only of itself: no path of somebody's machine, no page kept elsewhere. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lineAt } from "../code-text.ts";
import { listFiles } from "../files.ts";

const TEXT =
  /\.(ts|tsx|mjs|cjs|js|json|md|css|html|toml|yml|yaml|sh|txt)$|(^|\/)(run|LICENSE|\.[\w-]+)$/;
const TEST_CODE = /^(test|examples|bench)\/|\.(test|bench)\.ts$|^\.ci\//;

const MACHINE_PATH =
  /(?<![\w.:/-])(?:\/(?:work|root|home\/\w+|Users\/\w+)\/|[A-Z]:\\Users\\)[\w./-]*/g;
const NEIGHBOUR = /\.\.\/shared\b[\w./-]*/g;
const NEIGHBOUR_DATA = /^\.\.\/shared(?:\/(?:data|facts)(?![\w-])[\w./-]*)?$/;

const locate = (file: string, text: string, match: RegExpMatchArray): string =>
  `${file}:${lineAt(text, match.index ?? 0)}: ${match[0]}`;

/** Texts below `root` that point outside the project. */
export function checkSelf(root: string): string[] {
  return listFiles(root)
    .filter((file) => TEXT.test(file) && file !== "package-lock.json")
    .flatMap((file) => {
      const text = readFileSync(join(root, file), "utf8");
      const isTestCode = TEST_CODE.test(file);
      const neighbours = [...text.matchAll(NEIGHBOUR)].filter(
        (match) => !isTestCode || !NEIGHBOUR_DATA.test(match[0]),
      );
      return [
        ...[...text.matchAll(MACHINE_PATH)].map(
          (match) => `${locate(file, text, match)} is a path of one machine`,
        ),
        ...neighbours.map((match) => `${locate(file, text, match)} lies outside the project`),
      ];
    });
}
