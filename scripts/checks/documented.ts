/** Every export has a sentence: a documentation comment ends on the line before it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { codeText } from "../code-text.ts";
import { listFiles } from "../files.ts";
import { TEST_FILE } from "../rooms.ts";

const EXPORT =
  /^export\s+(?:declare\s+|abstract\s+|async\s+)*(?:function\*?|const|let|class|interface|type)\s+(\w+)/;

/** Exports below `root` without a documentation comment. */
export function checkDocumented(root: string): string[] {
  const isTest = new RegExp(TEST_FILE);
  return ["src", "web/src", "scripts"]
    .flatMap((folder) => listFiles(root, folder))
    .filter((file) => /\.tsx?$/.test(file) && !isTest.test(file))
    .flatMap((file) => {
      const source = readFileSync(join(root, file), "utf8");
      const lines = source.split("\n");
      return codeText(source)
        .split("\n")
        .flatMap((line, index) => {
          const name = EXPORT.exec(line)?.[1];
          let above = index - 1;
          while (lines[above]?.startsWith("// biome-ignore")) above -= 1;
          const isDocumented = lines[above]?.trimEnd().endsWith("*/") ?? false;
          return name === undefined || isDocumented
            ? []
            : [`${file}:${index + 1}: ${name} has no documentation comment`];
        });
    });
}
