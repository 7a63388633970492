import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { PROJECT } from "./fixture.ts";
import { ORIGIN_NAMES } from "./origin-names.ts";

interface Row {
  readonly name: string;
  readonly target: string;
}

/** Rows of the table of names in a glossary text. */
function rowsOf(glossary: string): Row[] {
  const table = glossary.split("<!-- names:start -->")[1]?.split("<!-- names:end -->")[0] ?? "";
  return [...table.matchAll(/^\| `([^`]+)` \|[^|\n]*\| ([^|\n]+) \|$/gm)].map(
    ([, name = "", target = ""]) => ({ name, target: target.trim().replace(/^`|`$/g, "") }),
  );
}

/** What is wrong with a row's target in the tree at `root`, or undefined. */
function complaint({ name, target }: Row, root: string): string | undefined {
  if (target === "planned") return undefined;
  const [path = "", exported = ""] = target.split("#");
  if (!/^(src|web)\/[\w./-]+\.tsx?$/.test(path) || !/^\w+$/.test(exported)) {
    return `${name}: "${target}" is neither planned nor path#export`;
  }
  if (!existsSync(join(root, path))) return `${name}: ${path} does not exist`;
  const source = readFileSync(join(root, path), "utf8");
  const declared = new RegExp(
    `^export (declare )?(async )?(abstract )?(function\\*?|const|let|class|type|interface) ${exported}\\b`,
    "m",
  );
  const listed = new RegExp(`^export (type )?\\{[^}]*\\b${exported}\\b[^}]*\\}`, "m");
  return declared.test(source) || listed.test(source)
    ? undefined
    : `${name}: ${path} does not export ${exported}`;
}

const rows = rowsOf(readFileSync(join(PROJECT, "docs/glossary.md"), "utf8"));

describe("glossary", () => {
  test("every name of the earlier designs has one row", () => {
    expect(rows.map(({ name }) => name).sort()).toEqual([...ORIGIN_NAMES].sort());
  });

  test("every mapped export resolves", () => {
    expect(rows.flatMap((row) => complaint(row, PROJECT) ?? [])).toEqual([]);
  });

  test.each([
    "src/none.ts#nothing",
    "test/checks/fixture.ts#plantTree",
    "src/base/units.ts",
    "soon",
  ])("a row that points at %s is reported", (target) => {
    expect(complaint({ name: "X", target }, PROJECT)).toBeDefined();
  });

  test("an export that the file lacks is reported, one that it has is not", () => {
    const at = (exported: string): Row => ({ name: "X", target: `src/base/assert.ts#${exported}` });
    expect(complaint(at("nothing"), PROJECT)).toContain("does not export nothing");
    expect(complaint(at("assert"), PROJECT)).toBeUndefined();
  });
});
