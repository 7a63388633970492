import { expect, test } from "vitest";
import { createPrng } from "../base/prng.ts";
import { autocorrelation } from "../math/autocorrelation.ts";
import { createFadingNoise, fadingNoiseAt } from "./fading-noise.ts";

test("is standard normal at every time and forgets within its memory", () => {
  const noise = createFadingNoise(createPrng(3), { memorySec: 4, atSec: 10 });
  const values = Array.from({ length: 40_000 }, (_, i) => fadingNoiseAt(noise, 10 + i));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  expect(Math.abs(mean)).toBeLessThan(0.05);
  expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  expect(Math.abs(autocorrelation(values, 4) - Math.exp(-1))).toBeLessThan(0.04);
});

test("asked twice for one time, or for an earlier one, it says the same", () => {
  const noise = createFadingNoise(createPrng(3), { memorySec: 4, atSec: 0 });
  const value = fadingNoiseAt(noise, 2);
  expect(fadingNoiseAt(noise, 2)).toBe(value);
  expect(fadingNoiseAt(noise, 1)).toBe(value);
});
