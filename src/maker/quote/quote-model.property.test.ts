import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAKER_CONFIG_DEFAULTS, type MakerConfig } from "../config.ts";
import { createEstimates, type Estimates } from "../estimate/estimates.ts";
import { noteExposure, noteIntensityFill } from "../estimate/intensity.ts";
import { noteVolatilityPx } from "../estimate/volatility.ts";
import { type ModelInput, type ModelQuote, modelQuote } from "./quote-model.ts";

const MODELS = ["glft", "avellanedaStoikov", "fixedSpread"] as const;

const config = (model: MakerConfig["model"], changes: Partial<MakerConfig> = {}): MakerConfig => ({
  ...MAKER_CONFIG_DEFAULTS,
  asset: "BTC",
  sessionId: 1,
  ...changes,
  model,
});

/** Estimates that have seen a price of a volatility, and fills at a distance. */
function estimatesOf({ moveBps, fills, distance }: Seen): Estimates {
  const estimates = createEstimates();
  for (let i = 0; i < 100; i++) {
    const px = 1e6 * (1 + (i % 2) * (moveBps / 10_000) + (i % 3) * (moveBps / 20_000));
    noteVolatilityPx(estimates.volatility, px, 1_000 * i, config("glft"));
  }
  noteExposure(estimates.intensity, distance, 600);
  for (let i = 0; i < fills; i++) noteIntensityFill(estimates.intensity, distance, 1);
  return estimates;
}

interface Seen {
  readonly moveBps: number;
  readonly fills: number;
  readonly distance: number;
}
const seen: fc.Arbitrary<Seen> = fc.record({
  moveBps: fc.double({ min: 0, max: 100, noNaN: true }),
  fills: fc.nat({ max: 200 }),
  distance: fc.double({ min: 0, max: 60, noNaN: true }),
});
const inputs = fc
  .record({
    model: fc.constantFrom(...MODELS),
    fairPx: fc.double({ min: 1_000, max: 1e7, noNaN: true }),
    position: fc.integer({ min: -3_000, max: 3_000 }),
    gammaBase: fc.double({ min: 0.001, max: 2, noNaN: true }),
    seen,
  })
  .map(
    ({ model, gammaBase, seen: observed, ...rest }): ModelInput => ({
      ...rest,
      positionLimit: 3_000,
      estimates: estimatesOf(observed),
      config: config(model, { gammaBase }),
    }),
  );

function quoteOf(input: ModelInput): ModelQuote {
  const quote = modelQuote(input);
  if (quote === null) throw new Error("there is a quote");
  return quote;
}

/** The same market without inventory. */
const flat = (input: ModelInput): ModelInput => ({ ...input, position: 0 });

describe("quotes of every model", () => {
  test("have a positive half-spread that is the sum of its named terms, none of them below zero", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { halfSpread, terms } = quoteOf(flat(input));
        const sum = terms.reduce((total, { ticks }) => total + ticks, 0);
        expect(halfSpread).toBeGreaterThan(0);
        expect(sum).toBeCloseTo(halfSpread, 6);
        expect(terms.every(({ ticks }) => ticks >= 0)).toBe(true);
      }),
    );
  });

  test("are symmetric around the fair price without inventory", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { reservationPx, fairPx, skew } = quoteOf(flat(input));
        expect([reservationPx, skew]).toEqual([fairPx, 0]);
      }),
    );
  });

  test("are lower the longer the position, both of them, and by at most what a quote may stand away", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { skew, fairPx, reservationPx, halfSpread } = quoteOf(input);
        expect(Math.sign(skew)).toBe(Math.sign(input.position));
        expect(reservationPx).toBeCloseTo(fairPx - skew, 4);
        expect(Math.abs(skew)).toBeLessThanOrEqual(0.0500001 * fairPx);
        const more = quoteOf({ ...input, position: input.position + 100 });
        const isBounded = Math.abs(skew) >= 0.0499999 * fairPx;
        if (isBounded) expect(more.reservationPx).toBeLessThanOrEqual(reservationPx);
        else if (input.position < 2_900) expect(more.reservationPx).toBeLessThan(reservationPx);
        if (input.config.model !== "fixedSpread") {
          expect(more.halfSpread).toBeCloseTo(halfSpread, 6);
        }
      }),
    );
  });

  test("are the same shares of the price in another tick and lot size", () => {
    fc.assert(
      fc.property(inputs, fc.constantFrom(0.01, 0.1, 10, 1_000), (input, perTick) => {
        const one = quoteOf(input);
        const other = quoteOf({
          ...input,
          fairPx: input.fairPx * perTick,
          position: input.position / perTick,
          positionLimit: input.positionLimit / perTick,
        });
        expect(other.halfSpread / other.fairPx).toBeCloseTo(one.halfSpread / one.fairPx, 10);
        expect(other.skew / other.fairPx).toBeCloseTo(one.skew / one.fairPx, 8);
        expect(other.intensityA).toBe(one.intensityA);
      }),
    );
  });
});

describe("optimal models", () => {
  const glft = (changes: Partial<MakerConfig>, moveBps = 3): ModelQuote =>
    quoteOf({
      fairPx: 1e6,
      position: 500,
      positionLimit: 3_000,
      estimates: estimatesOf({ moveBps, fills: 50, distance: 6 }),
      config: config("glft", { minSpreadFloorBps: 0.1, ...changes }),
    });

  test("are never narrower than the floor, and say what it added", () => {
    const free = glft({});
    const floored = glft({ minSpreadFloorBps: 30 });
    expect(free.terms.find(({ name }) => name === "floor")?.ticks).toBe(0);
    expect(floored.halfSpread).toBeCloseTo(3_000, 9);
  });

  test("widen and lean more in a wilder market", () => {
    const [calm, wild] = [glft({}, 2), glft({}, 20)];
    expect(wild.halfSpread).toBeGreaterThan(calm.halfSpread);
    expect(wild.skew).toBeGreaterThan(calm.skew);
    expect(wild.sigma ?? 0).toBeGreaterThan(calm.sigma ?? 0);
  });

  test("lean more with gamma, which earlier designs could not show", () => {
    expect(glft({ gammaBase: 0.3 }).skew).toBeGreaterThan(1.5 * glft({ gammaBase: 0.1 }).skew);
  });

  test("ask more while nothing is known", () => {
    const input = { fairPx: 1e6, position: 0, positionLimit: 3_000 };
    const blind = quoteOf({
      ...input,
      estimates: createEstimates(),
      config: config("glft", { minSpreadFloorBps: 0.1 }),
    });
    const term = blind.terms.find(({ name }) => name === "uncertainty");
    expect(term?.ticks).toBeGreaterThan(0);
    expect(Object.values(blind.estimates).every(({ source }) => source === "prior")).toBe(true);
  });

  test.each<[string, (estimates: Estimates) => void]>([
    ["volatility", ({ volatility }) => Object.assign(volatility.slow, { corrected: Number.NaN })],
    ["fills", ({ intensity }) => Object.assign(intensity, { fills: Number.NaN })],
    ["exposure", ({ intensity }) => intensity.seconds.fill(Number.NaN)],
    [
      "adverse selection",
      ({ adverseSelection }) => Object.assign(adverseSelection, { meanBps: Number.NaN }),
    ],
    ["fees", ({ makerFee }) => Object.assign(makerFee, { notional: 1, fees: Number.NaN })],
  ])("with %s broken there is no quote, or a wider one", (_, breakIt) => {
    const input = {
      fairPx: 1e6,
      position: 0,
      positionLimit: 3_000,
      estimates: estimatesOf({ moveBps: 0.1, fills: 50, distance: 6 }),
      config: config("glft"),
    };
    const sound = quoteOf(input);
    breakIt(input.estimates);
    const broken = modelQuote(input);
    if (broken !== null) expect(broken.halfSpread).toBeGreaterThanOrEqual(sound.halfSpread);
  });
});
