/** The process simulated and measured: its rate, its independence of paths, its compensator. */
import { describe, expect, test } from "vitest";
import { createPrng } from "../base/prng.ts";
import {
  branchingRatio,
  createHawkesState,
  exciteHawkes,
  type HawkesEvent,
  type HawkesParams,
  nextHawkesEvent,
} from "./hawkes.ts";

const PARAMS: HawkesParams = {
  baseRates: [0.5, 0.3],
  branching: [
    [0.4, 0.1],
    [0.2, 0.3],
  ],
  decay: 2,
};

function simulate(params: HawkesParams, seed: number, endSec: number): HawkesEvent[] {
  const prng = createPrng(seed);
  const state = createHawkesState(params, 0);
  const events: HawkesEvent[] = [];
  for (;;) {
    const next = nextHawkesEvent(params, state, prng);
    if (next === null || next.atSec > endSec) return events;
    exciteHawkes(params, state, next);
    events.push(next);
  }
}

describe("exact simulation", () => {
  test("rates are those of theory: (I - n)^-1 mu [1/s]", () => {
    const endSec = 40_000;
    const events = simulate(PARAMS, 1, endSec);
    // Of [[0.6, -0.1], [-0.2, 0.7]], determinant 0.4.
    const wanted = [(0.7 * 0.5 + 0.1 * 0.3) / 0.4, (0.2 * 0.5 + 0.6 * 0.3) / 0.4];
    for (const kind of [0, 1]) {
      const rate = events.filter((event) => event.kind === kind).length / endSec;
      expect(rate / (wanted[kind] as number)).toBeGreaterThan(0.97);
      expect(rate / (wanted[kind] as number)).toBeLessThan(1.03);
    }
  });

  test("time stretched by the intensity is a Poisson process of rate 1, for each kind", () => {
    const events = simulate(PARAMS, 2, 8_000);
    for (const kind of [0, 1]) {
      const gaps = stretchedGaps(PARAMS, events, kind);
      // Kolmogorov and Smirnov's distance from the exponential; 1.63 / sqrt(n) is the bound at 1 %.
      const sorted = gaps.map((gap) => 1 - Math.exp(-gap)).sort((a, b) => a - b);
      const distance = Math.max(...sorted.map((p, i) => Math.abs(p - (i + 0.5) / sorted.length)));
      expect(distance).toBeLessThan(1.63 / Math.sqrt(sorted.length));
    }
  });

  test("the recursive intensity is the sum over the whole past [1/s]", () => {
    const events = simulate(PARAMS, 3, 60);
    const state = createHawkesState(PARAMS, 0);
    for (const event of events) exciteHawkes(PARAMS, state, event);
    for (const kind of [0, 1]) {
      const sum = events.reduce(
        (total, past) =>
          total +
          branchingOf(PARAMS, kind, past.kind) *
            PARAMS.decay *
            Math.exp(-PARAMS.decay * (state.atSec - past.atSec)),
        0,
      );
      expect(state.excitation[kind]).toBeCloseTo(sum, 10);
    }
  });

  test("without base rates and past nothing happens; with a past at most its children", () => {
    const still: HawkesParams = { ...PARAMS, baseRates: [0, 0] };
    expect(simulate(still, 4, 1_000)).toEqual([]);
    const state = createHawkesState(still, 0);
    exciteHawkes(still, state, { atSec: 0, kind: 0 });
    const drawn = Array.from({ length: 4_000 }, (_, seed) =>
      nextHawkesEvent(still, state, createPrng(seed)),
    );
    // The first event excites 0.6 in all, so it has a child with 1 - e^-0.6.
    const share = drawn.filter((event) => event !== null).length / drawn.length;
    expect(Math.abs(share - (1 - Math.exp(-0.6)))).toBeLessThan(0.03);
  });
});

const branchingOf = ({ branching }: HawkesParams, to: number, from: number): number =>
  (branching[to] as readonly number[])[from] as number;

/** Compensator of a kind between its neighbouring events, in closed form from the recursion [1]. */
function stretchedGaps(params: HawkesParams, events: HawkesEvent[], kind: number): number[] {
  const state = createHawkesState(params, 0);
  const gaps: number[] = [];
  let sum = 0;
  for (const event of events) {
    const seconds = event.atSec - state.atSec;
    const excited = state.excitation[kind] as number;
    sum += (params.baseRates[kind] as number) * seconds;
    sum += (excited / params.decay) * (1 - Math.exp(-params.decay * seconds));
    exciteHawkes(params, state, event);
    if (event.kind !== kind) continue;
    gaps.push(sum);
    sum = 0;
  }
  return gaps;
}

test.each<[string, number[][], number]>([
  ["one kind", [[0.7]], 0.7],
  [
    "no excitation",
    [
      [0, 0],
      [0, 0],
    ],
    0,
  ],
  [
    "symmetric",
    [
      [0.42, 0.06],
      [0.06, 0.42],
    ],
    0.48,
  ],
  [
    "one way",
    [
      [0.3, 0.9],
      [0, 0.5],
    ],
    0.5,
  ],
  [
    "mixed",
    [
      [0.4, 0.1],
      [0.2, 0.3],
    ],
    0.5,
  ],
])("branching ratio, %s", (_, branching, ratio) => {
  expect(branchingRatio({ branching })).toBeCloseTo(ratio, 6);
});
