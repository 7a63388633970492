import { describe, expect, test } from "vitest";
import { BUY, SELL } from "../../base/side.ts";
import { fairPrice, microprice } from "./fair-price.ts";
import { fixedReservation } from "./fixed-spread.ts";
import { quoteLadder } from "./ladder.ts";

const SHAPE = {
  fairPx: 1_000_000,
  reservationPx: 1_000_000,
  halfSpread: 500,
  levelSpacingBps: 3,
  levels: 2,
  shares: [1, 1],
  buyNotional: 1,
  sellNotional: 2,
};
const HELD = { fairPx: 1_000_000, position: 0, positionLimit: 100, inventorySkewBps: 10 };

describe("ladder", () => {
  test("levels stand at fixed distances around the fair price [ticks]", () => {
    const levels = quoteLadder(SHAPE);
    expect(levels.map(({ side }) => side)).toEqual([BUY, SELL, BUY, SELL]);
    expect(levels.map(({ px }) => Math.round(px))).toEqual([
      999_500, 1_000_500, 999_200, 1_000_800,
    ]);
  });

  test.each([
    [100, 999_000],
    [50, 999_500],
    [0, 1_000_000],
    [-50, 1_000_500],
    [-100, 1_001_000],
    [-1_000, 1_001_000],
  ])("position of %i lots: reservation price %f [ticks]", (position, px) => {
    expect(fixedReservation({ ...HELD, position })).toBeCloseTo(px, 6);
  });

  test("without room for a position there is no skew", () => {
    expect(fixedReservation({ ...HELD, position: 5, positionLimit: 0 })).toBe(1_000_000);
  });

  test("no quote goes through the fair price, however far the reservation price has moved [ticks]", () => {
    const levels = quoteLadder({ ...SHAPE, reservationPx: 999_000 });
    expect(levels.map(({ px }) => Math.round(px))).toEqual([
      998_500, 1_000_000, 998_200, 1_000_300,
    ]);
  });
});

describe("fair price", () => {
  const bid = { px: 100, sz: 30 };
  const ask = { px: 110, sz: 10 };
  const input = { bid, ask, referencePx: 500, bookSpreadBpsMax: 2_000 } as const;

  test("the microprice leans to the thin side [ticks]", () => {
    expect(microprice(bid, ask)).toBe(107.5);
    expect(fairPrice({ ...input, rule: "microprice" })).toEqual({ px: 107.5, source: "book" });
    expect(fairPrice({ ...input, rule: "mid" })).toEqual({ px: 105, source: "book" });
  });

  test.each([
    ["a side is missing", { ...input, bid: null }],
    ["the book is too wide", { ...input, bookSpreadBpsMax: 900 }],
  ])("the reference price stands in where %s", (_, changed) => {
    expect(fairPrice({ ...changed, rule: "mid" })).toEqual({ px: 500, source: "reference" });
    expect(fairPrice({ ...changed, rule: "mid", referencePx: 0 })).toBeNull();
  });
});
