import { expect, test } from "vitest";
import { createPrng } from "../base/prng.ts";
import { createFaultyLink, type LinkFaults, SOUND_LINK } from "./faulty-link.ts";
import { createSchedule } from "./schedule.ts";

function carryMany(faults: Partial<LinkFaults>, seed = 1): { order: number[]; stats: object } {
  const schedule = createSchedule(0);
  const link = createFaultyLink({
    schedule,
    prng: createPrng(seed),
    faults: { ...SOUND_LINK, ...faults },
  });
  const order: number[] = [];
  for (let i = 0; i < 1_000; i++) {
    schedule.at(i, () => link.carry("market", () => order.push(i)));
  }
  schedule.runUntil(60_000);
  return { order, stats: link.stats };
}

test("a sound link carries a stream whole and in order", () => {
  const { order } = carryMany({});
  expect(order).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
});

test("loss, doubling and lateness come at their ratios, and equally for equal seeds", () => {
  const faults = { dropRatio: 0.1, duplicateRatio: 0.2, lateRatio: 0.1, lateMsMax: 500 };
  const { order, stats } = carryMany(faults);
  const distinct = new Set(order).size;
  expect(1_000 - distinct).toBeGreaterThan(60);
  expect(1_000 - distinct).toBeLessThan(140);
  expect(order.length - distinct).toBeGreaterThan(120);
  expect(order).not.toEqual([...order].sort((a, b) => a - b));
  expect(carryMany(faults)).toEqual({ order, stats });
  expect(carryMany(faults, 2).order).not.toEqual(order);
});

test("a cut loses what is under way, a muted stream falls silent alone", () => {
  const schedule = createSchedule(0);
  const link = createFaultyLink({ schedule, prng: createPrng(1), faults: SOUND_LINK });
  const came: string[] = [];
  link.carry("user", () => came.push("lost"));
  link.cut();
  link.carry("user", () => came.push("down"));
  link.mend();
  link.muted.add("market");
  link.carry("market", () => came.push("muted"));
  link.carry("user", () => came.push("user"));
  schedule.runUntil(1_000);
  expect(came).toEqual(["user"]);
});
