import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MODEL_SPEC } from "../../../test/model/model-venue.ts";
import { isLegalPx } from "../../base/instrument-spec.ts";
import { BUY, SELL } from "../../base/side.ts";
import { quoteLadder } from "../quote/ladder.ts";
import { equalShares } from "../quote/level-shares.ts";
import { targetOrders } from "./target.ts";

const spec = MODEL_SPEC;
const input = fc.record({
  fairPx: fc.double({ min: 2_000, max: 15_000_000, noNaN: true }),
  skewBps: fc.double({ min: -30, max: 30, noNaN: true }),
  levels: fc.integer({ min: 1, max: 10 }),
  levelNotional: fc.integer({ min: 1, max: 10 ** 10 }),
  halfSpreadBps: fc.double({ min: 0.1, max: 50, noNaN: true }),
  levelSpacingBps: fc.double({ min: 0, max: 20, noNaN: true }),
  capacity: fc.integer({ min: 0, max: 100_000 }),
  halfBook: fc.integer({ min: 1, max: 2_000 }),
});

describe("target orders", () => {
  it("are legal, outside the wanted prices, behind the touch, distinct, and within capacity", () => {
    fc.assert(
      fc.property(input, ({ capacity, halfBook, ...shape }) => {
        const ladder = quoteLadder({
          ...shape,
          reservationPx: shape.fairPx * (1 - shape.skewBps / 10_000),
          halfSpread: (shape.fairPx * shape.halfSpreadBps) / 10_000,
          shares: equalShares(shape.levels),
          buyNotional: shape.levelNotional,
          sellNotional: shape.levelNotional,
        });
        const bestBid = Math.floor(shape.fairPx) - halfBook;
        const bestAsk = Math.ceil(shape.fairPx) + halfBook;
        const targets = targetOrders(ladder, {
          spec,
          bestBid: Math.max(0, bestBid),
          bestAsk,
          buyCapacity: capacity,
          sellCapacity: capacity,
        });
        for (const { side, px, sz } of targets) {
          expect(isLegalPx(spec, px)).toBe(true);
          expect(px * sz).toBeGreaterThanOrEqual(spec.notionalMin);
          if (side === BUY) expect(px).toBeLessThan(bestAsk);
          else expect(px).toBeGreaterThan(bestBid);
        }
        for (const side of [BUY, SELL]) {
          const own = targets.filter((target) => target.side === side);
          const wanted = ladder.filter((level) => level.side === side).map(({ px }) => px);
          const best = side === BUY ? Math.max(...wanted) : Math.min(...wanted);
          expect(new Set(own.map(({ px }) => px)).size).toBe(own.length);
          expect(own.reduce((sum, { sz }) => sum + sz, 0)).toBeLessThanOrEqual(capacity);
          for (const { px } of own) {
            expect(side === BUY ? px <= best : px >= best).toBe(true);
          }
        }
      }),
    );
  });

  it("raises a size under the smallest notional to it, and leaves it out where it does not fit", () => {
    const level = { side: BUY, level: 0, px: 1_000_000, notional: 1 };
    const room = { spec, bestBid: 0, bestAsk: 0, sellCapacity: 0 };
    expect(targetOrders([level], { ...room, buyCapacity: 50 })).toEqual([
      { side: BUY, px: 1_000_000, sz: 10, level },
    ]);
    expect(targetOrders([level], { ...room, buyCapacity: 9 })).toEqual([]);
  });

  it("steps levels that fall on one price outwards by a legal step [ticks]", () => {
    const levels = [0, 1, 2].map((level) => ({
      side: SELL,
      level,
      px: 1_000_001 + level,
      notional: 10 ** 9,
    }));
    const room = { spec, bestBid: 0, bestAsk: 0, buyCapacity: 0, sellCapacity: 10 ** 6 };
    expect(targetOrders(levels, room).map(({ px }) => px)).toEqual([
      1_000_010, 1_000_020, 1_000_030,
    ]);
  });
});
