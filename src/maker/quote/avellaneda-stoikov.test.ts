import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeWithData } from "../../../test/data.ts";
import { createPrng, nextUnit, type Prng } from "../../base/prng.ts";
import { avellanedaStoikovHalfSpread, avellanedaStoikovReservation } from "./avellaneda-stoikov.ts";

/** Parameters of the paper's section 3.3. */
const PAPER = { px: 100, horizon: 1, sigma: 2, dt: 0.005, k: 1.5, a: 140 };
const PATHS = 4_000;

type Figures = readonly [profit: number, profitSd: number, finalSd: number];
interface Golden {
  readonly AvellanedaStoikov2008: {
    readonly independent_simulation_20000_paths: Readonly<
      Record<string, { spread: number; inventory: Figures; symmetric: Figures }>
    >;
  };
}

/** Half-spread and shift of the reservation price at a time before the horizon and an inventory. */
type Strategy = (left: number, inventory: number, px: number) => { bid: number; ask: number };

function inventoryStrategy(gamma: number): Strategy {
  return (left, inventory, px) => {
    const input = { gamma, sigma: PAPER.sigma, horizonSeconds: left, intensityK: PAPER.k };
    const reservation = avellanedaStoikovReservation(px, inventory, input);
    const { halfSpread } = avellanedaStoikovHalfSpread(input);
    return { bid: px - (reservation - halfSpread), ask: reservation + halfSpread - px };
  };
}

/** One path: the price steps by +-sigma sqrt(dt), each quote is hit with chance A exp(-k delta) dt. */
function runPath(strategy: Strategy, prng: Prng): { profit: number; inventory: number } {
  const { horizon, sigma, dt, k, a } = PAPER;
  let [px, cash, inventory] = [PAPER.px, 0, 0];
  const steps = Math.round(horizon / dt);
  for (let i = 0; i < steps; i++) {
    const { bid, ask } = strategy(horizon - i * dt, inventory, px);
    const bought = nextUnit(prng) < a * Math.exp(-k * bid) * dt;
    const sold = nextUnit(prng) < a * Math.exp(-k * ask) * dt;
    if (bought) {
      inventory += 1;
      cash -= px - bid;
    }
    if (sold) {
      inventory -= 1;
      cash += px + ask;
    }
    px += (nextUnit(prng) < 0.5 ? -1 : 1) * sigma * Math.sqrt(dt);
  }
  return { profit: cash + inventory * px, inventory };
}

function meanSd(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
}

function runPaths(strategy: Strategy, seed: number): Figures {
  const prng = createPrng(seed);
  const ends = Array.from({ length: PATHS }, () => runPath(strategy, prng));
  const profit = meanSd(ends.map((end) => end.profit));
  const inventory = meanSd(ends.map((end) => end.inventory));
  return [profit.mean, profit.sd, inventory.sd];
}

/** Mean within 4 standard errors, deviation within 10 %, final inventory's within 8 %. */
function expectFigures(actual: Figures, expected: Figures): void {
  const [mean, sd, finalSd] = actual;
  expect(Math.abs(mean - expected[0])).toBeLessThan((4 * expected[1]) / Math.sqrt(PATHS));
  expect(Math.abs(sd / expected[1] - 1)).toBeLessThan(0.1);
  expect(Math.abs(finalSd / expected[2] - 1)).toBeLessThan(0.08);
}

describeWithData("the paper's simulation", ["golden-values.json"], (path) => {
  const golden = JSON.parse(readFileSync(path, "utf8")) as Golden;
  const cases = Object.entries(golden.AvellanedaStoikov2008.independent_simulation_20000_paths);

  test.each(cases)("gamma %s: inventory strategy and symmetric strategy, %o", (key, expected) => {
    const gamma = Number(key);
    expectFigures(runPaths(inventoryStrategy(gamma), 1), expected.inventory);
    const half = expected.spread / 2;
    expectFigures(
      runPaths(() => ({ bid: half, ask: half }), 2),
      expected.symmetric,
    );
  });
});

test("the spread that the symmetric strategy keeps is the mean of the inventory strategy's", () => {
  const steps = Math.round(PAPER.horizon / PAPER.dt);
  const spreads = Array.from({ length: steps }, (_, i) => {
    const horizonSeconds = PAPER.horizon - i * PAPER.dt;
    const input = { gamma: 0.1, sigma: PAPER.sigma, horizonSeconds, intensityK: PAPER.k };
    return 2 * avellanedaStoikovHalfSpread(input).halfSpread;
  });
  expect(spreads.reduce((sum, spread) => sum + spread, 0) / steps).toBeCloseTo(1.492, 3);
});
