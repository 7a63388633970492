import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { describeWithData } from "../../test/data.ts";
import { createRunningMoments, deviationOf, meanOf, noteValue } from "./running-moments.ts";

/** Correct significant digits, at most 15 as the data sets have it. */
const correctDigits = (value: number, certified: number): number =>
  value === certified
    ? 15
    : Math.min(15, -Math.log10(Math.abs(value - certified) / Math.abs(certified)));

const ROWS = [
  ["Michelso", 12],
  ["NumAcc1", 14.5],
  ["NumAcc2", 14.5],
  ["NumAcc3", 9],
  ["NumAcc4", 8],
] as const;

describeWithData(
  "running moments on the certified sets of NIST StRD",
  ROWS.map(([name]) => `nist-strd/${name}.txt`),
  (...paths) => {
    it.each(ROWS.map((row, i) => [...row, paths[i] as string] as const))(
      "%s: mean to 14 digits, deviation to %d",
      (name, deviationDigits, path) => {
        const lines = readFileSync(path, "utf8").split("\n");
        const certified = (label: string): number =>
          Number(
            /([-\d.]+)\s*(?:\(exact\))?\s*$/.exec(
              lines.find((l) => l.startsWith(label)) ?? "",
            )?.[1],
          );
        const moments = createRunningMoments();
        for (const line of lines.slice(60)) {
          if (line.trim() !== "") noteValue(moments, Number(line));
        }
        const mean = correctDigits(meanOf(moments) ?? 0, certified("Sample Mean"));
        const deviation = correctDigits(
          deviationOf(moments) ?? 0,
          certified("Sample Standard Dev"),
        );
        console.log(
          `${name}: n ${moments.n}, digits of the mean ${mean.toFixed(1)}, of the deviation ${deviation.toFixed(1)}`,
        );
        expect(mean).toBeGreaterThanOrEqual(14);
        expect(deviation).toBeGreaterThanOrEqual(deviationDigits);
      },
    );
  },
);

it("has no mean of nothing and no deviation of one value", () => {
  const moments = createRunningMoments();
  expect([meanOf(moments), deviationOf(moments)]).toEqual([null, null]);
  noteValue(moments, 7);
  expect([meanOf(moments), deviationOf(moments)]).toEqual([7, null]);
});
