import { describe, expect, test } from "vitest";
import {
  checkPurity,
  checkStyle,
  checkTypes,
  checkUnused,
  checkWebTypes,
} from "../../scripts/checks/tools.ts";
import { plantTree, removePlantedTrees } from "./fixture.ts";

removePlantedTrees();

const COMPILER_FILES = ["tsconfig.json", "tsconfig.pure.json"];
const STYLE_FILES = ["biome.json", ".gitignore"];

const report = async (problems: Promise<string[]>): Promise<string> => (await problems).join("\n");

const MODULE = { "package.json": '{ "type": "module" }' };

/** Files by path, each with its text and what the compiler must say about it. */
type Planted = readonly (readonly [file: string, text: string, complaint: string])[];

const filesOf = (planted: Planted): Record<string, string> => ({
  ...MODULE,
  ...Object.fromEntries(planted.map(([file, text]) => [file, text])),
});

const complaints = (text: string, file: string): string =>
  text
    .split("\n")
    .filter((line) => line.startsWith(`${file}(`))
    .join("\n");

describe("purity", () => {
  const impure: Planted = [
    ["src/base/timer.ts", "export const t = setTimeout(() => undefined, 1);\n", "'setTimeout'"],
    ["src/math/print.ts", 'console.log("x");\nexport const one = 1;\n', "'console'"],
    ["src/analysis/env.ts", "export const home = process.env;\n", "'process'"],
    [
      "src/exchange/command.ts",
      'import { readFileSync } from "node:fs";\nexport const read = readFileSync;\n',
      "'node:fs'",
    ],
    ["src/projection/net.ts", 'export const reply = fetch("x");\n', "'fetch'"],
    ["src/wire/bytes.ts", "export const bytes = Buffer.alloc(1);\n", "'Buffer'"],
    ["src/maker/clock.ts", "export const now = performance.now();\n", "'performance'"],
    [
      "src/wire/packages.ts",
      'import "@nktkas/hyperliquid";\nimport "valibot";\nimport "@msgpack/msgpack";\n' +
        'import "hash-wasm";\nexport const t = setInterval(() => undefined, 1);\n',
      "'setInterval'",
    ],
  ];

  test("every pure room is refused timers, console, files, process and network", async () => {
    const text = await report(checkPurity(plantTree(filesOf(impure), COMPILER_FILES)));
    for (const [file, , complaint] of impure) expect(complaints(text, file)).toContain(complaint);
  });

  test("the same code passes in rooms that may do I/O, and in tests beside pure code", async () => {
    const root = plantTree(
      {
        ...MODULE,
        "src/cli/main.ts": "export const t = setTimeout(() => undefined, 1);\n",
        "src/base/side.ts": "export const side = 1;\n",
        "src/base/side.test.ts": 'console.log("x");\nexport const one = 1;\n',
      },
      COMPILER_FILES,
    );
    expect(await checkPurity(root)).toEqual([]);
    expect(await checkTypes(root)).toEqual([]);
  });

  test("no pure source is no problem", async () => {
    expect(await checkPurity(plantTree(MODULE, COMPILER_FILES))).toEqual([]);
  });
});

describe("types", () => {
  const wrong: Planted = [
    [
      "src/cli/index.ts",
      "export const first = (list: number[]): number => list[0];\n",
      "undefined",
    ],
    [
      "src/cli/optional.ts",
      "export const o: { a?: number } = { a: undefined };\n",
      "exactOptionalPropertyTypes",
    ],
    ["src/cli/enum.ts", "export enum Side { Bid }\n", "erasableSyntaxOnly"],
    [
      "src/cli/import.ts",
      'import { PathLike } from "node:fs";\nexport type S = PathLike;\n',
      "verbatimModuleSyntax",
    ],
    ["test/any.ts", "export const f = (x) => x;\n", "implicitly"],
  ];

  test("strictness covers sources and tests", async () => {
    const text = await report(checkTypes(plantTree(filesOf(wrong), COMPILER_FILES)));
    for (const [file, , complaint] of wrong) expect(complaints(text, file)).toContain(complaint);
  });

  test("the page's program is checked once it exists", async () => {
    expect(await checkWebTypes(plantTree({}))).toEqual([]);
    const config = JSON.stringify({
      compilerOptions: { strict: true, noEmit: true },
      files: ["a.ts"],
    });
    const root = plantTree({
      "web/tsconfig.json": config,
      "web/a.ts": 'export const n: number = "x";\n',
    });
    expect(await report(checkWebTypes(root))).toContain("web/a.ts(");
  });
});

describe("style", () => {
  const bad: Readonly<Record<string, string>> = {
    "src/base/layout.ts": "export const a   = 'x'\n",
    "src/base/wild.ts": "export const a: any = 1;\n",
    "src/base/CamelCase.ts": "export const a = 1;\n",
    "src/base/whole.ts": "const a = 1;\nexport default a;\n",
    "src/base/barrel.ts": 'export * from "./wild.ts";\n',
    "src/base/hollow.ts":
      "export const f = (): void => {\n  try {\n    g();\n  } catch {}\n};\nconst g = (): void => undefined;\n",
    "src/base/long.ts": `export function f(): void {\n${"  f();\n".repeat(71)}}\n`,
  };

  test("layout, any, names, default exports, barrels, silent catches and long functions", async () => {
    const text = await report(checkStyle(plantTree(bad, STYLE_FILES)));
    for (const file of Object.keys(bad)) expect(text).toContain(file);
  });

  test("clean code passes", async () => {
    const root = plantTree({ "src/base/side.ts": 'export const side = "bid";\n' }, STYLE_FILES);
    expect(await checkStyle(root)).toEqual([]);
  });
});

describe("unused", () => {
  const manifest = (dependencies: object): string =>
    JSON.stringify({ name: "planted", type: "module", dependencies });
  const config = JSON.stringify({ entry: ["src/main.ts"], project: ["src/**/*.ts"] });

  test("a file, an export and a dependency that nothing uses", async () => {
    const root = plantTree({
      "package.json": manifest({ valibot: "1.5.0" }),
      "knip.json": config,
      "src/main.ts": 'import { used } from "./part.ts";\nused();\n',
      "src/part.ts": "export const used = (): void => undefined;\nexport const idle = 1;\n",
      "src/lost.ts": "export const lost = 1;\n",
    });
    const text = await report(checkUnused(root));
    for (const name of ["src/lost.ts", "idle", "valibot"]) expect(text).toContain(name);
  });

  test("a tree that uses what it has passes", async () => {
    const root = plantTree({
      "package.json": manifest({}),
      "knip.json": config,
      "src/main.ts": 'import { used } from "./part.ts";\nused();\n',
      "src/part.ts": "export const used = (): void => undefined;\n",
    });
    expect(await checkUnused(root)).toEqual([]);
  });
});
