import { expect, test } from "vitest";
import { asTimeMs } from "../base/units.ts";
import { createQuietWarning } from "./quiet-warning.ts";

test("a warning is told at once, and its repetitions every ten seconds with their number", () => {
  let nowMs = 0;
  const told: string[] = [];
  const warn = createQuietWarning({ nowMs: () => asTimeMs(nowMs) }, (text) => told.push(text));
  warn("gone");
  for (nowMs = 1_000; nowMs <= 10_000; nowMs += 1_000) warn("gone");
  warn("else");
  expect(told).toEqual(["gone", "gone (and 9 times before)", "else"]);
});
