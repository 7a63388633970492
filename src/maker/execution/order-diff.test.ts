import { describe, expect, test } from "vitest";
import { BUY, SELL } from "../../base/side.ts";
import { diffOrders } from "./order-diff.ts";
import type { OwnOrder, OwnOrderState } from "./own-orders.ts";

const TOLERANCE = { keepPxBps: 1, keepSzRatio: 0.2 };

const order = (
  digit: number,
  px: number,
  { sz = 100, state = "live" as OwnOrderState, filledSz = 0, side = BUY } = {},
): OwnOrder => ({
  cloid: `0x${String(digit).repeat(32)}`,
  side,
  px,
  sz,
  reduceOnly: false,
  placedMs: 0,
  expiresAtMs: 0,
  reason: null,
  oid: digit,
  state,
  filledSz,
  finalFilledSz: null,
  neverPlaced: false,
  changedMs: 0,
  endedMs: Number.POSITIVE_INFINITY,
  nextChaseMs: 0,
  chases: 0,
});

describe("differences", () => {
  const target = { side: BUY, px: 100_000, sz: 100 };

  test.each<[string, OwnOrder, number, number]>([
    ["at its target stays", order(1, 100_000), 0, 0],
    ["within the price tolerance stays", order(1, 100_010), 0, 0],
    ["beyond the price tolerance is replaced", order(1, 100_011), 1, 1],
    ["filled a little stays", order(1, 100_000, { filledSz: 20 }), 0, 0],
    ["filled much is replaced", order(1, 100_000, { filledSz: 21 }), 1, 1],
    ["on the other side is replaced", order(1, 100_000, { side: SELL }), 1, 1],
    ["on its way is waited for", order(1, 100_000, { state: "pendingPlace" }), 0, 0],
    ["on its way elsewhere is left", order(1, 90_000, { state: "pendingPlace" }), 0, 1],
    ["in doubt holds its level", order(1, 100_000, { state: "unknown", sz: 300 }), 0, 0],
    ["in doubt elsewhere does not", order(1, 90_000, { state: "unknown" }), 0, 1],
    ["being canceled does not", order(1, 100_000, { state: "pendingCancel" }), 0, 1],
  ])("an order %s", (_, active, cancels, places) => {
    const diff = diffOrders([active], [target], TOLERANCE);
    expect([diff.cancels.length, diff.places.length]).toEqual([cancels, places]);
  });

  test("each order takes the target nearest to it, and each target one order", () => {
    const active = [order(1, 100_000), order(2, 100_000), order(3, 99_995)];
    const targets = [target, { side: BUY, px: 99_995, sz: 100 }];
    expect(diffOrders(active, targets, TOLERANCE)).toEqual({
      cancels: [active[2]?.cloid],
      places: [],
    });
  });
});
