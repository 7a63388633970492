import { spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { exportedSpans, type UnwiredFile, unwiredFiles } from "../../scripts/coverage-wiring.ts";
import { plantTree, removePlantedTrees } from "./fixture.ts";

removePlantedTrees();

const SYSTEM = {
  "package.json": '{ "type": "module" }',
  "src/cli/main.ts":
    'import { apply } from "../exchange/apply.ts";\nimport { Worker } from "../maker/worker.ts";\n' +
    'import { idle } from "../exchange/idle.ts";\nimport { Parked } from "../maker/parked.ts";\n' +
    "apply({ px: 1 });\nnew Worker().step();\nif (process.argv.length > 9) console.log(idle(1), Parked);\n",
  "src/exchange/apply.ts":
    'import { LANES } from "./lanes.ts";\nimport type { Command } from "./command.ts";\nimport { add, sub } from "./sum.ts";\n\n' +
    "const unused = (): number => 1;\n\n/** Applies. */\nexport function apply(command: Command): { done: number } {\n" +
    "  return { done: add(command.px) + LANES };\n}\n\nexport { unused as other, sub };\n",
  "src/exchange/lanes.ts": "export const LANES: number = 3;\n",
  "src/exchange/command.ts":
    "export interface Command {\n  readonly px: number;\n}\nexport type Px = number;\n",
  "src/exchange/sum.ts":
    "const add = (n: number): number => n + 1;\nfunction sub(n: number): number {\n  return n - 1;\n}\nexport { add, sub };\n",
  "src/exchange/idle.ts":
    "const helper = (n: number): number => n;\nhelper(1);\nexport const idle = (n: number): number => helper(n);\n",
  "src/exchange/lost.ts": "export const lost = 1;\n",
  "src/exchange/lost.test.ts": "export const lost = 1;\n",
  "src/maker/worker.ts": "export class Worker {\n  step(): number {\n    return 1;\n  }\n}\n",
  "src/maker/parked.ts": "export class Parked {\n  step(): number {\n    return 1;\n  }\n}\n",
};

describe("a run of a small system", () => {
  let root = "";
  let unwired: UnwiredFile[] = [];
  beforeAll(() => {
    root = realpathSync(plantTree(SYSTEM));
    const coverageDir = join(root, "coverage");
    const { status, stderr } = spawnSync(process.execPath, [join(root, "src/cli/main.ts")], {
      env: { ...process.env, NODE_V8_COVERAGE: coverageDir },
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    unwired = unwiredFiles({ root, coverageDir });
  });

  test("a planted file that nothing loads is reported", () => {
    expect(unwired).toContainEqual({ file: "src/exchange/lost.ts", reason: "never loaded" });
  });

  test.each(["src/exchange/idle.ts", "src/maker/parked.ts"])(
    "%s, loaded but with no export entered, is reported",
    (file) => {
      expect(unwired).toContainEqual({ file, reason: "no exported function or class was entered" });
    },
  );

  test("types, constants, tests, and functions and classes that ran are not", () => {
    expect(unwired.map(({ file }) => file)).toEqual([
      "src/exchange/idle.ts",
      "src/exchange/lost.ts",
      "src/maker/parked.ts",
    ]);
  });

  test("an excused file is not reported", () => {
    const except = ["src/exchange/lost.ts", "src/exchange/idle.ts", "src/maker/parked.ts"];
    expect(unwiredFiles({ root, coverageDir: join(root, "coverage"), except })).toEqual([]);
  });
});

test.each([
  [
    "export type A = () => void;\nexport interface B {\n  run(): void;\n}\nexport type { C } from './c.ts';\n",
    0,
  ],
  [
    "export const a = 1;\nexport async function b(): Promise<void> {}\nexport abstract class C {}\n",
    3,
  ],
  ["function a(): void {}\ntype B = 1;\nexport { a, type B };\n", 1],
  ["// export const a = 1;\nconst b = `\nexport const c = 1;\n`;\n", 0],
])("exported values of %j: %i", (source, count) => {
  expect(exportedSpans(source)).toHaveLength(count);
});
