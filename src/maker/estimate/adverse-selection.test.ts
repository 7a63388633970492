import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BUY, SELL } from "../../base/side.ts";
import {
  type AdverseSelection,
  adverseSelectionBps,
  createAdverseSelection,
  noteAdverseFill,
  settleAdverseFills,
} from "./adverse-selection.ts";

const OPTIONS = { measurementHorizonMs: 500, adverseSelectionAlpha: 0.12 };
const PX = 100_000;

/** Fills of one side with the fair price `moveBps` away when the horizon has come. */
function measured(side: 0 | 1, moveBps: number, count = 200): AdverseSelection {
  const selection = createAdverseSelection();
  for (let i = 0; i < count; i++) {
    noteAdverseFill(selection, { side, fairPx: PX }, 1_000 * i, OPTIONS);
    settleAdverseFills(selection, PX * (1 + moveBps / 10_000), 1_000 * i + 500, OPTIONS);
  }
  return selection;
}

describe("adverse selection", () => {
  test.each([
    ["up after our sell costs", SELL, 3, 3],
    ["down after our buy costs", BUY, -3, 3],
    ["down after our sell gains", SELL, -3, -3],
    ["not at all costs nothing, whatever the spread earned", BUY, 0, 0],
  ])("a price that moves %s [bps]", (_, side, moveBps, cost) => {
    expect(measured(side as 0 | 1, moveBps).meanBps).toBeCloseTo(cost, 9);
  });

  test("is measured at the horizon, not before", () => {
    const selection = createAdverseSelection();
    noteAdverseFill(selection, { side: BUY, fairPx: PX }, 1_000, OPTIONS);
    settleAdverseFills(selection, PX * 0.99, 1_499, OPTIONS);
    expect(selection.count).toBe(0);
    settleAdverseFills(selection, PX * 0.9999, 1_500, OPTIONS);
    expect([selection.count, selection.meanBps]).toEqual([1, expect.closeTo(1, 9)]);
  });

  test("what is added to the half-spread begins at the prior and moves with the fills [bps]", () => {
    expect(adverseSelectionBps(createAdverseSelection())).toBe(0.5);
    expect(adverseSelectionBps(measured(BUY, -3, 20))).toBeCloseTo(1.75, 9);
    expect(adverseSelectionBps(measured(BUY, -3, 2_000))).toBeCloseTo(3, 1);
    expect(adverseSelectionBps(measured(BUY, 3, 2_000))).toBe(0);
  });

  test("what is added stays between 0 and 50 bps; what cannot be measured counts as the worst", () => {
    fc.assert(
      fc.property(fc.double(), fc.nat({ max: 1e6 }), (meanBps, count) => {
        const cost = adverseSelectionBps({ pending: [], meanBps, count });
        expect(cost >= 0 && cost <= 50).toBe(true);
        if (Number.isNaN(meanBps)) expect(cost).toBe(50);
      }),
    );
  });
});
