import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { describeWithData } from "../../test/data.ts";
import {
  deflatedSharpe,
  luckyRatio,
  minimumTrackRecord,
  probabilisticSharpe,
  returnShape,
  sharpeEstimate,
  sharpeRatio,
  sharpeScale,
  sortinoRatio,
} from "./sharpe.ts";

const DAY_MS = 86_400_000;
const FOUR = [0.01, -0.005, 0.007, 0.002];
/** The four returns, often enough to be judged. */
const LONG = Array.from({ length: 40 }, (_, i) => FOUR[i % 4] as number);

describe("Sharpe ratio of a series of returns", () => {
  test("plain contract: over the population, of one period, 0 for nothing", () => {
    expect(sharpeRatio(FOUR)).toBeCloseTo(0.6163, 4);
    expect(sharpeRatio([])).toBe(0);
    expect(sharpeRatio([0.01])).toBe(0);
    expect(sharpeRatio([0.1, 0.1, 0.1])).toBe(0);
  });

  test("corrected: over n - 1, so the plain one flatters short series", () => {
    const { mean, deviation, n } = returnShape(FOUR);
    expect(mean).toBeCloseTo(0.0035, 12);
    expect(deviation).toBeCloseTo(0.00655744, 8);
    expect(mean / deviation).toBeCloseTo(0.5337, 4);
    expect(sharpeRatio(FOUR) / (mean / deviation)).toBeCloseTo(Math.sqrt(n / (n - 1)), 12);
  });

  test("corrected: with n, error and period; null under 30 returns or without variation", () => {
    expect(sharpeEstimate(FOUR, DAY_MS)).toBeNull();
    expect(sharpeEstimate(Array(40).fill(0.01), DAY_MS)).toBeNull();
    const estimate = sharpeEstimate(LONG, DAY_MS);
    expect(estimate).toMatchObject({ n: 40, periodMs: DAY_MS });
    const { ratio = 0, standardError } = estimate ?? {};
    expect(standardError).toBeCloseTo(Math.sqrt((1 + ratio ** 2 / 2) / 40), 12);
  });

  test("Sortino counts what fell short, of all returns", () => {
    expect(sortinoRatio(LONG)).toBeCloseTo(0.0035 / Math.sqrt(0.005 ** 2 / 4), 9);
    expect(sortinoRatio(FOUR)).toBeNull();
    expect(sortinoRatio(Array(40).fill(0.01))).toBeNull();
  });
});

describe("what may be said of a ratio", () => {
  test("the published example of a deflated ratio: 2.5 a year, 1,250 days, 100 trials", () => {
    const shape = { ratio: 2.5 / Math.sqrt(250), n: 1_250, skewness: -3, kurtosis: 10 };
    expect(luckyRatio(100, 1 / 2 / 250)).toBeCloseTo(0.1132, 4);
    expect(deflatedSharpe(shape, 100, 1 / 2 / 250)).toBeCloseTo(0.9004, 4);
    expect(deflatedSharpe(shape, 1, 1)).toBe(probabilisticSharpe(shape));
  });

  test("a ratio below its benchmark has no track record that is long enough", () => {
    expect(minimumTrackRecord({ ratio: 0, skewness: 0, kurtosis: 3 })).toBeNull();
  });

  test("a year is not the root of its periods once neighbours resemble each other", () => {
    expect(sharpeScale(12, 0)).toBeCloseTo(Math.sqrt(12), 12);
    expect(sharpeScale(12, 0.2)).toBeLessThan(Math.sqrt(12));
    expect(sharpeScale(2, -1)).toBeNull();
  });
});

interface Golden {
  PSR_BaileyLdP2012: { rows: [number, number, number, number, number, number][] };
  minTRL_years_p95: { rows: [number, number, number, number][] };
  Lo2002_eta12_AR1: Record<string, number>;
}

describeWithData("golden values of the papers", ["golden-values.json"], (path) => {
  const golden = (): Golden => JSON.parse(readFileSync(path as string, "utf8"));

  test("probabilistic Sharpe ratio", () => {
    for (const [ratio, n, skewness, kurtosis, benchmark, p] of golden().PSR_BaileyLdP2012.rows) {
      const found = probabilisticSharpe({ ratio, n, skewness, kurtosis }, benchmark);
      expect(Math.abs(found - p)).toBeLessThan(5e-4);
    }
  });

  test("minimum track record in years of monthly returns", () => {
    for (const [ratio, skewness, kurtosis, years] of golden().minTRL_years_p95.rows) {
      const periods = minimumTrackRecord({ ratio, skewness, kurtosis }) ?? 0;
      expect(Math.abs(periods / 12 - years)).toBeLessThan(5e-4);
    }
  });

  test("Lo's factor of twelve months by autocorrelation", () => {
    for (const [rho, eta] of Object.entries(golden().Lo2002_eta12_AR1))
      expect(sharpeScale(12, Number(rho))).toBeCloseTo(eta, 3);
  });
});
