import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { findChromium } from "./chromium.ts";
import { countTasks, dataPath, describeWithData, needsAreRequired } from "./data.ts";
import { closingLine } from "./reporter.ts";

describeWithData(
  "recorded data",
  ["golden-values.json", "facts/signing-vectors.json"],
  (golden, signing) => {
    test("both roots resolve to readable files", () => {
      for (const path of [golden, signing]) {
        expect(JSON.parse(readFileSync(path, "utf8"))).toBeTypeOf("object");
      }
    });
  },
);

test("data stands beside the project, not in it", () => {
  expect(dataPath("a/b.json")).toMatch(/\/shared\/data\/a\/b\.json$/);
  expect(dataPath("facts/x.json")).toMatch(/\/shared\/facts\/x\.json$/);
});

test("only the word require turns a skip into a failure", () => {
  expect(needsAreRequired({ BOURSE_DATA: "require" })).toBe(true);
  expect(needsAreRequired({ BOURSE_DATA: "1" })).toBe(false);
  expect(needsAreRequired({})).toBe(false);
});

test("a Chromium that is named but absent is not found", () => {
  expect(findChromium({ CHROMIUM: "/nowhere/chromium" })).toBeUndefined();
});

test("counts ran and skipped tests through nested suites", () => {
  const leaf = (mode: string, state?: string) => ({
    type: "test",
    mode,
    ...(state !== undefined && { result: { state } }),
  });
  const inner = { type: "suite", mode: "run", tasks: [leaf("run", "fail"), leaf("skip")] };
  const outer = { type: "suite", mode: "run", tasks: [leaf("run", "pass"), inner] };
  expect(countTasks(outer)).toEqual({ ran: 2, skipped: 1 });
});

test("the closing line is plain", () => {
  expect(closingLine({ passed: 3, failed: 1, skipped: 0 })).toBe("3 passed, 1 failed, 0 skipped");
});
