import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { plantTree, removePlantedTrees } from "./fixture.ts";

removePlantedTrees();

const OLD_NODE = `data:text/javascript,${encodeURIComponent(
  'Object.defineProperty(process.versions, "node", { value: "20.0.0" });',
)}`;
const WITHOUT_EXECVE = `data:text/javascript,${encodeURIComponent("process.execve = undefined;")}`;

const plant = (): string =>
  plantTree(
    {
      "package.json": '{ "type": "module" }',
      "src/cli/main.ts":
        "const version: string = process.versions.node;\n" +
        'console.log(version.split(".")[0], ...process.argv.slice(2));\nprocess.exitCode = 3;\n',
      "bin/.keep": "",
    },
    ["bin/bourse.mjs"],
  );

const start = (root: string, preloads: readonly string[]) =>
  spawnSync(
    process.execPath,
    [...preloads.flatMap((url) => ["--import", url]), join(root, "bin/bourse.mjs"), "up", "--json"],
    { encoding: "utf8" },
  );

test.each([
  ["on Node 24 it runs as it is", []],
  ["on an older Node it hands over", [OLD_NODE]],
  ["on an older Node without execve it hands over too", [OLD_NODE, WITHOUT_EXECVE]],
])("bourse: %s, with arguments and exit code", (_, preloads) => {
  const { status, stdout, stderr } = start(plant(), preloads);
  expect({ status, stdout, stderr }).toEqual({ status: 3, stdout: "24 up --json\n", stderr: "" });
});

test("bourse: without a Node 24 it says what to do and exits 1", () => {
  const root = plant();
  rmSync(join(root, "node_modules"));
  const { status, stderr } = start(root, [OLD_NODE]);
  expect(status).toBe(1);
  expect(stderr).toContain("needs Node 24 and runs on 20.0.0");
  expect(stderr).toContain("npm ci --include=optional");
});
