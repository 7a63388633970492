import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BUY, SELL, type Side, sideSign } from "../base/side.ts";
import {
  type AttributedFill,
  createPnlAttribution,
  noteAttributedFill,
  noteFairPrice,
  type PnlAttribution,
  pnlSplit,
  takeOverPosition,
} from "./pnl-attribution.ts";

const HORIZON_MS = 5_000;

const fill = (timeMs: number, side: Side, px: number, sz = 10, fee = 0): AttributedFill => ({
  timeMs,
  side,
  px,
  sz,
  fee,
});

/** Parts of an attribution whose cash and position a plain sum over its fills gives. */
function splitAt(attribution: PnlAttribution, fills: readonly AttributedFill[], markPx: number) {
  let cash = 0;
  let position = 0;
  for (const { side, px, sz, fee } of fills) {
    cash -= sideSign(side) * px * sz + fee;
    position += sideSign(side) * sz;
  }
  const positionValue = position * markPx;
  return pnlSplit(attribution, { positionValue, equityChange: cash + positionValue, funding: 0 });
}

describe("pnl attribution by hand [10^-6 USDC]", () => {
  it("counts a move up after our sell as adverse selection", () => {
    const attribution = createPnlAttribution(HORIZON_MS);
    const fills = [fill(1_000, SELL, 101)];
    noteFairPrice(attribution, 0, 200);
    for (const one of fills) noteAttributedFill(attribution, one);
    noteFairPrice(attribution, 2_000, 206);
    expect(splitAt(attribution, fills, 103)).toMatchObject({
      spread: 10,
      adverseSelection: -30,
      inventory: 0,
      residual: 0,
    });
  });

  it("knows no adverse selection while the price stands still: all is spread", () => {
    const attribution = createPnlAttribution(HORIZON_MS);
    const fills = [fill(1_000, BUY, 98, 10, 4), fill(2_000, SELL, 103, 10, -1)];
    noteFairPrice(attribution, 0, 200);
    for (const one of fills) noteAttributedFill(attribution, one);
    expect(splitAt(attribution, fills, 100)).toEqual({
      spread: 50,
      adverseSelection: 0,
      inventory: 0,
      fees: -3,
      funding: 0,
      residual: 0,
    });
  });

  it("gives moves after the horizon to inventory, and the horizon's own end still to the fill", () => {
    const attribution = createPnlAttribution(HORIZON_MS);
    const fills = [fill(1_000, BUY, 100)];
    noteFairPrice(attribution, 0, 200);
    for (const one of fills) noteAttributedFill(attribution, one);
    noteFairPrice(attribution, 6_000, 204);
    noteFairPrice(attribution, 6_001, 210);
    expect(splitAt(attribution, fills, 105)).toMatchObject({
      spread: 0,
      adverseSelection: 20,
      inventory: 30,
      residual: 0,
    });
  });

  it("shows what the mark says beyond the fair price as inventory, and 0 of it when flat", () => {
    const attribution = createPnlAttribution(HORIZON_MS);
    const fills = [fill(1_000, BUY, 100)];
    noteFairPrice(attribution, 0, 200);
    for (const one of fills) noteAttributedFill(attribution, one);
    expect(splitAt(attribution, fills, 107)).toMatchObject({ inventory: 70, residual: 0 });
    const all = [...fills, fill(2_000, SELL, 100)];
    noteAttributedFill(attribution, all[1] as AttributedFill);
    expect(splitAt(attribution, all, 107)).toMatchObject({ inventory: 0, residual: 0 });
  });

  it("takes what was received for holding as it is", () => {
    const attribution = createPnlAttribution(HORIZON_MS);
    const split = pnlSplit(attribution, { positionValue: 0, equityChange: -3, funding: -3 });
    expect(split).toMatchObject({ funding: -3, residual: 0 });
  });

  it("names what the books do not explain", () => {
    const attribution = createPnlAttribution(HORIZON_MS);
    const split = pnlSplit(attribution, { positionValue: 0, equityChange: 7, funding: 0 });
    expect(split).toEqual({
      spread: 0,
      adverseSelection: 0,
      inventory: 0,
      fees: 0,
      funding: 0,
      residual: 7,
    });
  });
});

/** A price after a pause, or a fill told of some time after it happened. */
const stepArbitrary = fc.record({
  afterMs: fc.integer({ min: 0, max: 4_000 }),
  fairHalfTicks: fc.integer({ min: 1, max: 2 ** 26 - 2 }),
  fill: fc.option(
    fc.record({
      side: fc.constantFrom(BUY, SELL),
      px: fc.integer({ min: 1, max: 2 ** 25 - 1 }),
      sz: fc.integer({ min: 1, max: 50_000 }),
      fee: fc.integer({ min: -5_000, max: 50_000 }),
      toldMs: fc.integer({ min: 0, max: 9_000 }),
    }),
  ),
  paid: fc.oneof(fc.constant(0), fc.integer({ min: -(10 ** 9), max: 10 ** 9 })),
});

describe("pnl attribution", () => {
  it("sums to the change of equity at every fill and every mark, whatever the path and however late a fill is told", () => {
    fc.assert(
      fc.property(
        fc.array(stepArbitrary, { maxLength: 60 }),
        fc.integer({ min: -1_000, max: 1_000 }),
        fc.integer({ min: 1, max: 2 ** 25 - 1 }),
        (steps, startLots, startPx) => {
          const attribution = createPnlAttribution(HORIZON_MS);
          const startValue = startLots * startPx;
          takeOverPosition(attribution, { timeMs: 0, lots: startLots, value: startValue });
          let nowMs = 0;
          let cash = 0;
          let funding = 0;
          for (const { afterMs, fairHalfTicks, fill: filled, paid } of steps) {
            nowMs += afterMs;
            funding += paid;
            noteFairPrice(attribution, nowMs, fairHalfTicks);
            if (filled !== null) {
              const { side, px, sz, fee, toldMs } = filled;
              noteAttributedFill(attribution, { timeMs: nowMs - toldMs, side, px, sz, fee });
              cash -= sideSign(side) * px * sz + fee;
            }
            for (const markPx of [1, startPx, fairHalfTicks]) {
              const positionValue = attribution.position * markPx;
              const equityChange = cash + funding + positionValue - startValue;
              const split = pnlSplit(attribution, { positionValue, equityChange, funding });
              const sum = Object.values(split).reduce((total, part) => total + part, 0);
              expect(sum).toBe(equityChange);
              expect(split.residual).toBe(0);
              expect(Object.values(split).every(Number.isSafeInteger)).toBe(true);
            }
          }
        },
      ),
    );
  });

  it("is what a plain reading of the whole path gives for each cause", () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { minLength: 1, maxLength: 40 }), (steps) => {
        const attribution = createPnlAttribution(HORIZON_MS);
        // A price older than any fill: for older fills the path has no better answer than its oldest.
        const path = [{ timeMs: -20_000, fair: 7 }];
        noteFairPrice(attribution, -20_000, 7);
        const fills: AttributedFill[] = [];
        let nowMs = 0;
        for (const { afterMs, fairHalfTicks, fill: filled } of steps) {
          nowMs += afterMs;
          noteFairPrice(attribution, nowMs, fairHalfTicks);
          path.push({ timeMs: nowMs, fair: fairHalfTicks });
          if (filled === null) continue;
          const one = { timeMs: nowMs, ...filled };
          noteAttributedFill(attribution, one);
          fills.push(one);
        }
        const at = (timeMs: number): number =>
          path.findLast((entry) => entry.timeMs <= timeMs)?.fair as number;
        const justBefore = (timeMs: number): number =>
          path.findLast((entry) => entry.timeMs < timeMs)?.fair as number;
        let spread = 0;
        let adverse = 0;
        let held = 0;
        for (const { timeMs, side, px, sz } of fills) {
          const lots = sideSign(side) * sz;
          const after = at(Math.min(nowMs, timeMs + HORIZON_MS));
          spread += lots * (justBefore(timeMs) - 2 * px);
          adverse += lots * (after - justBefore(timeMs));
          held += lots * (at(nowMs) - after);
        }
        expect([attribution.spread, attribution.adverse, attribution.held]).toEqual([
          spread,
          adverse,
          held,
        ]);
      }),
    );
  });
});
