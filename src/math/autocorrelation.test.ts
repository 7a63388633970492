import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeWithData } from "../../test/data.ts";
import { autocorrelation } from "./autocorrelation.ts";

const SETS = ["Michelso", "NumAcc1", "NumAcc2", "NumAcc3", "NumAcc4"];

describeWithData(
  "Autocorrelation, certified",
  SETS.map((name) => `nist-strd/${name}.txt`),
  (...paths) => {
    test.each(SETS.map((name, i) => [name, paths[i] as string]))("%s at lag 1", (_, path) => {
      const lines = readFileSync(path, "utf8").split(/\r?\n/);
      const certified = Number(
        /([-\d.]+)/.exec(
          lines.find((line) => /^Sample Autocorrelation/.test(line))?.split(":")[1] ?? "",
        )?.[1],
      );
      const values = lines
        .slice(60)
        .filter((line) => line.trim() !== "")
        .map(Number);
      expect(Number.isFinite(certified)).toBe(true);
      // NumAcc4's values differ from their mean in the last of 17 digits that the file has.
      expect(Math.abs(autocorrelation(values, 1) - certified)).toBeLessThan(1e-8);
    });
  },
);

test.each<[string, number[], number, number]>([
  ["alternating", [1, -1, 1, -1], 1, -0.75],
  ["lag 0", [3, 1, 2], 0, 1],
  ["constant", [5, 5, 5], 1, 0],
  ["shorter than the lag", [1, 2], 2, 0],
  ["empty", [], 1, 0],
])("%s", (_, values, lag, wanted) => {
  expect(autocorrelation(values, lag)).toBeCloseTo(wanted, 12);
});
