/** A watch finds exactly the rows that a walk over all triggers finds, whatever was set and taken out before. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addWatchedMarket,
  collectPassed,
  createPriceWatch,
  triggerPxOf,
  unwatch,
  watchFall,
  watchRise,
} from "./price-watch.ts";

const MARKETS = 2;
const ROWS = 150;

interface Trigger {
  readonly market: number;
  readonly px: number;
  readonly isFall: boolean;
}

test("falls are found below their price, rises above, each once; others are not", () => {
  const px = fc.oneof(fc.nat(40), fc.constantFrom(0, 2 ** 25 - 1));
  const row = fc.nat(ROWS - 1);
  const set = fc.record({ row, px, isFall: fc.boolean() });
  const step = fc.oneof(
    { weight: 5, arbitrary: set },
    { weight: 2, arbitrary: fc.record({ row }) },
    { weight: 2, arbitrary: fc.record({ market: fc.nat(MARKETS - 1), px }) },
  );
  let foundTotal = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 50, maxLength: 600 }), (steps) => {
      const watch = createPriceWatch();
      for (let market = 0; market < MARKETS; market++) addWatchedMarket(watch);
      const plain = new Map<number, Trigger>();
      for (const step of steps) {
        if ("isFall" in step) {
          // A position row belongs to one market for good.
          const market = step.row % MARKETS;
          plain.set(step.row, { market, px: step.px, isFall: step.isFall });
          (step.isFall ? watchFall : watchRise)(watch, market, step.row, step.px);
        } else if ("row" in step) {
          plain.delete(step.row);
          unwatch(watch, step.row);
        } else {
          collectPassed(watch, step.market, step.px);
          const found = [...watch.found.subarray(0, watch.foundCount)].sort((a, b) => a - b);
          const expected = [...plain]
            .filter(([, { market }]) => market === step.market)
            .filter(([, { px, isFall }]) => (isFall ? step.px < px : step.px > px))
            .map(([row]) => row)
            .sort((a, b) => a - b);
          expect(found).toEqual(expected);
          foundTotal += found.length;
        }
        for (const [row, { px }] of plain) expect(triggerPxOf(watch, row)).toBe(px);
      }
    }),
    { numRuns: 60 },
  );
  expect(foundTotal).toBeGreaterThan(1_000);
});
