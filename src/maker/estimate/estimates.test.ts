import { expect, test } from "vitest";
import { createWorld, strides, type World } from "../../../test/model/maker-world.ts";
import { hitOrder } from "../../../test/model/model-venue.ts";
import { nextUnit } from "../../base/prng.ts";
import { sideSign } from "../../base/side.ts";
import { intensityOf } from "./intensity.ts";

const TRUTH = { a: 0.6, k: 0.3 };
const STRIDE_SECONDS = 0.05;

/** Strangers take each order at the rate A exp(-k delta), with delta its distance from the middle. */
function trade(world: World, seconds: number): void {
  const { venue, maker } = world;
  const count = Math.round(seconds / STRIDE_SECONDS);
  for (let i = 0; i < count; i++) {
    for (const { oid, side, px } of [...venue.live.values()]) {
      const deltaBps = (sideSign(side) * (venue.midPx - px) * 10_000) / venue.midPx;
      const rate = TRUTH.a * Math.exp(-TRUTH.k * deltaBps);
      if (nextUnit(venue.prng) < rate * STRIDE_SECONDS) hitOrder(venue, oid);
    }
    if (nextUnit(venue.prng) < 0.04) venue.midPx += nextUnit(venue.prng) < 0.5 ? -100 : 100;
    strides(world, 1, { wild: false });
  }
  expect(maker.latch.killed).toBe(false);
}

test("the maker finds A and k of strangers who trade with its orders, through all its requoting", () => {
  const world = createWorld(5, {
    model: "glft",
    // Indifferent to inventory, so that both sides are quoted all the time.
    gammaBase: 0.001,
    levels: 4,
    levelSpacingBps: 2,
    minSpreadFloorBps: 3,
    maxPositionContracts: 100_000,
    levelNotional: 100_000_000,
    lambda0PriorStrength: 0.1,
    kappaPriorStrength: 0.1,
    intensityHalfLifeMs: 86_400_000,
    keepPxBps: 0.2,
  });
  strides(world, 40, { wild: false });
  trade(world, 3_000);
  const { estimates, config, counters } = world.maker;
  expect(counters.cancels).toBeGreaterThan(300);
  expect(estimates.intensity.count).toBeGreaterThan(500);
  const { intensityA, intensityK } = intensityOf(estimates.intensity, config);
  // About three standard errors of some 1,600 fills at distances of 3 to 10 bps.
  expect(Math.abs(intensityA / TRUTH.a - 1)).toBeLessThan(0.2);
  expect(Math.abs(intensityK / TRUTH.k - 1)).toBeLessThan(0.12);
});
