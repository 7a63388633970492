import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPrng } from "../base/prng.ts";
import {
  createReferencePrice,
  REFERENCE_DEFAULTS,
  type ReferenceParams,
  type ReferencePrice,
  referencePx,
  scaleReference,
} from "./reference-price.ts";

const START_MS = 1_700_000_000_000;

const pathOf = (seed: number, change: Partial<ReferenceParams> = {}): ReferencePrice =>
  createReferencePrice({
    params: { ...REFERENCE_DEFAULTS, sigmaPerSqrtSec: 1e-4, ...change },
    prng: createPrng(seed),
    startPx: 640_000,
    startMs: START_MS,
    pxMax: 10_000_000,
  });

const pxAt = (path: ReferencePrice, seconds: number): number =>
  referencePx(path, START_MS + 1_000 * seconds);

describe("reference price [ticks]", () => {
  test("the path depends on its seed, not on when it is asked for", () => {
    const times = fc.array(fc.integer({ min: 0, max: 9_000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.nat(), times, (seed, asked) => {
        const often = pathOf(seed);
        // Within what is kept of the past: 12.8 s.
        for (const ms of asked.toSorted((a, b) => a - b)) referencePx(often, START_MS + ms);
        const once = pathOf(seed);
        const last = START_MS + Math.max(...asked);
        expect(referencePx(often, last)).toBe(referencePx(once, last));
        for (const ms of asked)
          expect(referencePx(often, START_MS + ms)).toBe(referencePx(once, START_MS + ms));
      }),
      { numRuns: 100 },
    );
  });

  test("it stays positive and within a quarter and four times its start, however wild", () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 1e-5, max: 0.3, noNaN: true }), (seed, sigma) => {
        const path = pathOf(seed, { sigmaPerSqrtSec: sigma, logVolSd: 1.5 });
        for (let second = 0; second < 600; second += 7) {
          const px = pxAt(path, second);
          expect(px).toBeGreaterThanOrEqual(160_000);
          expect(px).toBeLessThanOrEqual(2_560_000);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("who looks ahead sees what will come", () => {
    const path = pathOf(3);
    const ahead = Array.from({ length: 60 }, (_, second) => pxAt(path, second + 5));
    const again = pathOf(3);
    expect(Array.from({ length: 60 }, (_, second) => pxAt(again, second + 5))).toEqual(ahead);
    const later = pathOf(3);
    const seen = Array.from({ length: 60 }, (_, second) => {
      const coming = pxAt(later, second + 5);
      pxAt(later, second);
      return coming;
    });
    expect(seen).toEqual(ahead);
  });

  test("what is unforeseen moves present and future alike", () => {
    const [path, still] = [pathOf(4), pathOf(4)];
    pxAt(path, 3);
    pxAt(still, 3);
    scaleReference(path, 0.9);
    for (const second of [3, 5, 30])
      expect(pxAt(path, second) / pxAt(still, second)).toBeCloseTo(0.9, 12);
  });
});

/** Log returns of seconds over many paths, without the first minutes: volatility starts at its mean. */
function returnsOf(change: Partial<ReferenceParams>, paths = 40): number[] {
  const returns: number[] = [];
  for (let seed = 0; seed < paths; seed++) {
    const path = pathOf(seed, change);
    let before = pxAt(path, 300);
    for (let second = 301; second < 2_000; second++) {
      const px = pxAt(path, second);
      returns.push(Math.log(px / before));
      before = px;
    }
  }
  return returns;
}

const moment = (values: readonly number[], power: number): number =>
  values.reduce((sum, value) => sum + value ** power, 0) / values.length;

describe("returns of a second", () => {
  test("have the standard deviation that was asked for, jumps included [1]", () => {
    const sigma = Math.sqrt(moment(returnsOf({}), 2));
    expect(sigma / 1e-4).toBeGreaterThan(0.93);
    expect(sigma / 1e-4).toBeLessThan(1.07);
  });

  test("have heavier tails than a normal; none without jumps and volatility of volatility", () => {
    const kurtosis = (values: number[]): number => moment(values, 4) / moment(values, 2) ** 2;
    expect(kurtosis(returnsOf({}))).toBeGreaterThan(6);
    const plain = returnsOf({ logVolSd: 0, jumpShare: 0, jumpRate: 0 });
    expect(kurtosis(plain)).toBeGreaterThan(2.9);
    expect(kurtosis(plain)).toBeLessThan(3.1);
  });

  test("fall when volatility rises: the correlation has its sign", () => {
    const falls = returnsOf({ rho: -0.9, jumpShare: 0, jumpRate: 0, kappa: 1 / 5 }, 10);
    let product = 0;
    for (let i = 0; i + 3 < falls.length; i++) {
      product += (falls[i] as number) * ((falls[i + 3] as number) ** 2 - 1e-8);
    }
    expect(product).toBeLessThan(0);
  });
});
