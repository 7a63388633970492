/** Random numbers of distributions, for simulated truths in tests of rooms that do not know `sim`. */
import type { Prng } from "../../src/base/prng.ts";
import { nextExponential, nextGaussian } from "../../src/sim/gaussian.ts";

/** A standard normal number. */
export const sampleGaussian = (prng: Prng): number => nextGaussian(prng);

/** An exponential number with a mean of 1. */
export const sampleExponential = (prng: Prng): number => nextExponential(prng);
