import { expect, test } from "vitest";
import { closePeriod, createUnitValue, noteFlow } from "./unit-value.ts";

test("a deposit is no gain and a withdrawal no loss", () => {
  const unit = createUnitValue();
  noteFlow(unit, 0, 1_000);
  noteFlow(unit, 1_100, 9_000);
  noteFlow(unit, 10_100, -100);
  expect(closePeriod(unit, 10_000)).toBeCloseTo(0.1, 12);
  expect(closePeriod(unit, 5_000)).toBe(-0.5);
});

test("without equity there is no return, and who owes has lost all", () => {
  const unit = createUnitValue();
  expect(closePeriod(unit, 0)).toBeNull();
  noteFlow(unit, 0, 100);
  expect(closePeriod(unit, -20)).toBe(-1);
  expect(closePeriod(unit, -20)).toBeNull();
});
