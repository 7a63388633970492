import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BUY, SELL } from "../../base/side.ts";
import { sidePlan } from "./side-plan.ts";

const INPUT = {
  position: 0,
  positionLimit: 1_000,
  inventoryThreshold: 0.5,
  levelNotional: 200,
  isResting: false,
  isTooFar: false,
};

describe("what a side may show", () => {
  test.each([
    ["in full without a position", BUY, 0, 1_000, 200, ""],
    ["in full up to the threshold", BUY, 500, 500, 200, ""],
    ["half a level half way from threshold to limit", BUY, 750, 250, 100, "75 %"],
    ["nothing at the limit", BUY, 1_000, 0, 200, "no more buying"],
    ["nothing past the limit", BUY, 1_200, 0, 200, "no more buying"],
    ["the way back in full", SELL, 1_000, 2_000, 200, ""],
    ["past the limit, the way back to zero only", SELL, 1_200, 1_200, 200, "back to zero"],
    ["short, the selling side shrinks", SELL, -750, 250, 100, "75 %"],
    ["at the short limit, no selling", SELL, -1_000, 0, 200, "no more selling"],
  ])("%s", (_, side, position, capacity, levelNotional, text) => {
    const plan = sidePlan(side as 0 | 1, { ...INPUT, position });
    expect(plan).toMatchObject({ capacity, levelNotional });
    if (text === "") expect(plan.text).toBe("");
    else expect(plan.text).toContain(text);
  });

  test("nothing while the side rests after refusals", () => {
    const plan = sidePlan(BUY, { ...INPUT, isResting: true });
    expect(plan).toMatchObject({ capacity: 0, text: "resting after refused orders" });
  });

  test("nothing where the model wants to stand farther out than allowed", () => {
    const plan = sidePlan(BUY, { ...INPUT, isTooFar: true });
    expect(plan.capacity).toBe(0);
    expect(plan.text).toContain("more distance");
  });

  test("never takes the position past its limit, on either side, nor through zero from beyond it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -5_000, max: 5_000 }),
        fc.integer({ min: 0, max: 2_000 }),
        (position, positionLimit) => {
          const input = { ...INPUT, position, positionLimit };
          const long = position + sidePlan(BUY, input).capacity;
          const short = position - sidePlan(SELL, input).capacity;
          expect(long).toBeLessThanOrEqual(Math.max(positionLimit, position));
          expect(short).toBeGreaterThanOrEqual(Math.min(-positionLimit, position));
          if (position > positionLimit) expect(short).toBe(0);
          if (position < -positionLimit) expect(long).toBe(0);
        },
      ),
    );
  });
});
