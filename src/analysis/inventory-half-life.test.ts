import fc from "fast-check";
import { expect, test } from "vitest";
import { createInventoryTrack, inventoryHalfLife, sampleInventory } from "./inventory-half-life.ts";

test("what halves each ten seconds has a half-life of about ten", () => {
  const track = createInventoryTrack(0);
  for (let second = 1; second <= 200; second++)
    sampleInventory(track, second * 1_000, 1e9 * 0.5 ** (second / 10));
  expect(inventoryHalfLife(track)).toBeCloseTo(10, 6);
});

test("what stays has none, and so has what was hardly there", () => {
  const stays = createInventoryTrack(0);
  sampleInventory(stays, 3_600_000, 5);
  expect(inventoryHalfLife(stays)).toBeNull();
  const short = createInventoryTrack(0);
  sampleInventory(short, 2_000, 5);
  sampleInventory(short, 4_000, 0);
  expect(inventoryHalfLife(short)).toBeNull();
});

test("a stretch in one step is the same as second by second", () => {
  const change = fc.record({
    lots: fc.integer({ min: -9, max: 9 }),
    ms: fc.integer({ min: 0, max: 9_000 }),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
      const whole = createInventoryTrack(0);
      const fine = createInventoryTrack(0);
      let now = 0;
      for (const { lots, ms } of changes) {
        for (let at = now + 1; at <= now + ms; at += 1) sampleInventory(fine, at, lots);
        now += ms;
        sampleInventory(whole, now, lots);
      }
      expect(whole).toEqual(fine);
    }),
    { numRuns: 50 },
  );
});
