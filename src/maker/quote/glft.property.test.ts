import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type GlftInput, glftDistances, glftQuote } from "./glft.ts";

const between = (min: number, max: number): fc.Arbitrary<number> =>
  fc.double({ min, max, noNaN: true });
const inputs: fc.Arbitrary<GlftInput> = fc.record({
  gamma: between(0.001, 5),
  sigma: between(0.05, 50),
  intensityA: between(0.001, 10),
  intensityK: between(0.005, 1),
  orderSz: between(0.1, 10),
});
const growth = between(1.01, 5);
const inventory = between(0.1, 30);

/** Equal up to rounding of floats. */
const expectClose = (actual: number, expected: number): void =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(
    1e-9 * Math.max(1e-6, Math.abs(expected)),
  );

describe("quotes of the closed form", () => {
  test("are positive, finite and the sum of their terms", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { liquidityTerm, riskTerm, halfSpread, skewPerUnit } = glftQuote(input);
        for (const value of [liquidityTerm, riskTerm, skewPerUnit]) {
          expect(value > 0 && Number.isFinite(value)).toBe(true);
        }
        expect(halfSpread).toBe(liquidityTerm + riskTerm);
      }),
    );
  });

  test("widen and lean more with volatility and with rarer fills", () => {
    fc.assert(
      fc.property(inputs, growth, (input, factor) => {
        const calm = glftQuote(input);
        const others = [
          glftQuote({ ...input, sigma: input.sigma * factor }),
          glftQuote({ ...input, intensityA: input.intensityA / factor }),
        ];
        for (const other of others) {
          expect(other.halfSpread).toBeGreaterThan(calm.halfSpread);
          expect(other.skewPerUnit).toBeGreaterThan(calm.skewPerUnit);
        }
      }),
    );
  });

  test("lean more with gamma, ask more for risk and less for liquidity", () => {
    fc.assert(
      fc.property(inputs, growth, (input, factor) => {
        const mild = glftQuote(input);
        const averse = glftQuote({ ...input, gamma: input.gamma * factor });
        expect(averse.skewPerUnit).toBeGreaterThan(mild.skewPerUnit);
        expect(averse.riskTerm).toBeGreaterThan(mild.riskTerm);
        expect(averse.liquidityTerm).toBeLessThan(mild.liquidityTerm);
      }),
    );
  });

  test("narrow where fills decay faster with distance", () => {
    fc.assert(
      fc.property(inputs, growth, (input, factor) => {
        const far = glftQuote(input);
        const near = glftQuote({ ...input, intensityK: input.intensityK * factor });
        expect(near.liquidityTerm).toBeLessThan(far.liquidityTerm);
      }),
    );
  });

  test("stand symmetric without inventory; long, both are lower; short, both higher", () => {
    fc.assert(
      fc.property(inputs, inventory, (input, position) => {
        const flat = glftDistances(input, 0);
        expect(flat.bid).toBe(flat.ask);
        const long = glftDistances(input, position);
        const short = glftDistances(input, -position);
        expect(long.bid).toBeGreaterThan(flat.bid);
        expect(long.ask).toBeLessThan(flat.ask);
        expectClose(short.bid, long.ask);
        expectClose(short.ask, long.bid);
      }),
    );
  });

  test("are the same quotes in another unit of price", () => {
    fc.assert(
      fc.property(inputs, between(1e-4, 1e4), (input, perUnit) => {
        const one = glftQuote(input);
        const other = glftQuote({
          ...input,
          gamma: input.gamma / perUnit,
          sigma: input.sigma * perUnit,
          intensityK: input.intensityK / perUnit,
        });
        expectClose(other.halfSpread, one.halfSpread * perUnit);
        expectClose(other.skewPerUnit, one.skewPerUnit * perUnit);
      }),
    );
  });

  test("are the same quotes in another unit of size", () => {
    fc.assert(
      fc.property(inputs, between(1e-3, 1e3), (input, perUnit) => {
        const one = glftQuote(input);
        const other = glftQuote({
          ...input,
          gamma: input.gamma / perUnit,
          orderSz: input.orderSz * perUnit,
        });
        expectClose(other.halfSpread, one.halfSpread);
        expectClose(other.skewPerUnit, one.skewPerUnit / perUnit);
      }),
    );
  });
});
