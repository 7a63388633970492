/** A short form of `npm run compare`: fewer seeds, minutes instead of hours. */
import { beforeAll, describe, expect, test } from "vitest";
import { compareHours, tableRows } from "./comparison.ts";
import { type PlayedHour, playHour } from "./played-hour.ts";

const SEEDS = [1, 2];
const MINUTES = 2;

describe("two makers in the same markets", () => {
  const hours: Record<"glft" | "fixedSpread", PlayedHour[]> = { glft: [], fixedSpread: [] };

  beforeAll(() => {
    for (const model of ["glft", "fixedSpread"] as const) {
      hours[model] = SEEDS.map((seed) => playHour({ seed, model, minutes: MINUTES }));
    }
  }, 240_000);

  test("the causes sum to the ledger at every fill and mark, and the ledger to the exchange", () => {
    for (const hour of [...hours.glft, ...hours.fixedSpread]) {
      const { split, total, fills, checkedFills, checkedMarks } = hour;
      expect(Object.values(split).reduce((sum, part) => sum + part, 0)).toBe(total);
      expect(split.residual).toBe(0);
      expect(checkedFills).toBeGreaterThanOrEqual(fills);
      expect(checkedMarks).toBeGreaterThan(500);
      console.log(
        `seed ${hour.seed} ${hour.model}: net ${(total / 1e6).toFixed(2)} USDC, ${fills} fills, ` +
          `drawdown ${(hour.drawdown / 1e6).toFixed(2)} USDC, ${checkedMarks} marks checked`,
      );
    }
    expect(hours.glft.concat(hours.fixedSpread).some(({ fills }) => fills > 0)).toBe(true);
  });

  test("one seed and model give the same figures again", () => {
    const plan = { seed: 1, model: "glft", minutes: 0.5 } as const;
    expect(playHour(plan)).toEqual(playHour(plan));
  }, 120_000);

  test("figures carry intervals once there are seeds enough", () => {
    const one = hours.glft[0] as PlayedHour;
    const many = (offset: number): PlayedHour[] =>
      Array.from({ length: 12 }, (_, i) => ({ ...one, total: (i + offset) * 1_000_000 }));
    const [net] = compareHours([many(10), many(0)]);
    expect(net?.makers[0]?.mean).toBeCloseTo(15.5, 9);
    expect(net?.difference).toEqual({ mean: 10, low: 10, high: 10 });
    expect(tableRows(compareHours([many(10), many(0)]))[0]).toMatch(
      /^\| net PnL \[USDC\] \| 15\.50 \(1\d\.\d\d to 1\d\.\d\d\) \| 5\.50 .* \| 10\.00 \(10\.00 to 10\.00\) \|$/,
    );
    expect(compareHours([[one], [one]])[0]?.difference).toBeNull();
  });
});
