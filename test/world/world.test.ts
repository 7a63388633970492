import { describe, expect, test } from "vitest";
import { MUTATIONS } from "./mutations.ts";
import { runWorld, type WorldResult } from "./world.ts";

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);
/** Seeds a mutation is given to be found; far fewer than a full run has. */
const SEEDS_MAX = 150;

const results = new Map<number, WorldResult>();

/** The world of a seed, run once for all tests. */
function worldOf(seed: number): WorldResult {
  const result = results.get(seed) ?? runWorld(seed);
  results.set(seed, result);
  return result;
}

describe("the whole system from one seed", () => {
  test.each(SEEDS)("seed %i breaks no rule", (seed) => {
    expect(worldOf(seed).failure, `npm run world -- --seed ${seed} --trace`).toBeNull();
  });

  test("the same seed gives the same hash, another seed another", () => {
    expect(runWorld(3).hash).toBe(worldOf(3).hash);
    expect(runWorld(4).hash).toBe(worldOf(4).hash);
    expect(worldOf(3).hash).not.toBe(worldOf(4).hash);
  });

  test("worlds are not idle: everything that they are to survive happens", () => {
    const worlds = SEEDS.map((seed) => worldOf(seed).counts);
    const total = (of: keyof (typeof worlds)[number]): number =>
      worlds.reduce((sum, counts) => sum + counts[of], 0);
    for (const kind of Object.keys(worlds[0] ?? {}) as (keyof (typeof worlds)[number])[]) {
      expect(total(kind), kind).toBeGreaterThan(0);
    }
  });
});

describe("a fault put in on purpose is found", () => {
  test.each(MUTATIONS)("$name in $room", { timeout: 300_000 }, (mutation) => {
    let seed = 1;
    while (seed <= SEEDS_MAX && runWorld(seed, { mutation }).failure === null) seed += 1;
    expect(seed, `found within ${SEEDS_MAX} seeds`).toBeLessThanOrEqual(SEEDS_MAX);
  });

  test("they stand in at least five rooms", () => {
    const rooms = new Set(MUTATIONS.map(({ room }) => room.split("/")[0]));
    expect(rooms.size).toBeGreaterThanOrEqual(5);
  });
});
