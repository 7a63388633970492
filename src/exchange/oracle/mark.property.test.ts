/** A mark is the documented formula in floating point, to the tick; its averages within 10^-9 of the price. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRegister } from "../../base/column.ts";
import { BUY } from "../../base/side.ts";
import type { Book } from "../book/book.ts";
import { createMarkRows, markInputs, nextMarkPx, setMarkTerms } from "./mark.ts";
import { VENUE_MARK } from "./mark-terms.ts";

interface Step {
  readonly passedMs: number;
  readonly oracle: number;
  /** Best bid, 0 = an empty side; and how far above it the ask stands. */
  readonly bid: number;
  readonly spread: number;
  readonly last: number;
  readonly elsewhere: number;
}

const PX = 600_000;
const near = fc.integer({ min: PX - 5_000, max: PX + 5_000 });
const orNone = fc.oneof({ weight: 4, arbitrary: near }, fc.constant(0));
const step: fc.Arbitrary<Step> = fc.record({
  passedMs: fc.oneof(fc.nat(6_000), fc.nat(400_000), fc.constant(0)),
  oracle: near,
  bid: orNone,
  spread: fc.integer({ min: 1, max: 900 }),
  last: orNone,
  elsewhere: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, near),
});

/** num = num x exp(-dt / tau) + sample x dt, den likewise: as documented. */
interface FloatAverage {
  num: number;
  den: number;
  value: number;
}

function takeFloat(average: FloatAverage, sample: number, dt: number, tau: number): void {
  const left = Math.exp(-dt / tau);
  average.num = average.num * left + sample * dt;
  average.den = average.den * left + dt;
  average.value = average.den === 0 ? sample : average.num / average.den;
}

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

test("each mark is the median of the formula's inputs, rounded to the tick", () => {
  let withBook = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
      const marks = createMarkRows(createRegister(), 4);
      setMarkTerms(marks, 0, VENUE_MARK);
      const basis: FloatAverage = { num: 0, den: 0, value: 0 };
      const steady: FloatAverage = { num: 0, den: 0, value: 0 };
      let nowMs = 1_000_000;
      let sampledMs = 0;
      for (const { passedMs, oracle, bid, spread, last, elsewhere } of steps) {
        nowMs += passedMs;
        const bestPx = (side: 0 | 1): number => (bid === 0 || side === BUY ? bid : bid + spread);
        Object.assign(markInputs, {
          nowMs,
          oraclePx: oracle,
          lastPx: last,
          elsewherePx: elsewhere,
          pxMax: 2 ** 25 - 1,
        });
        const markPx = nextMarkPx(marks, 0, { bestPx } as Book);
        const book = last === 0 ? bid + spread / 2 : middle([bid, bid + spread, last]);
        if (bid > 0) {
          const dt = sampledMs === 0 ? 0 : nowMs - sampledMs;
          takeFloat(basis, bid + spread / 2 - oracle, dt, 150_000);
          takeFloat(steady, book, dt, 30_000);
          sampledMs = nowMs;
          withBook += 1;
        }
        const own = oracle + basis.value;
        const inputs = [own];
        if (bid > 0) inputs.push(book);
        if (elsewhere > 0) inputs.push(elsewhere);
        if (inputs.length === 2 && sampledMs > 0) inputs.push(steady.value);
        const exact = inputs.length === 2 ? (own + elsewhere) / 2 : middle(inputs);
        // Half a tick of rounding, and what the averages lose.
        expect(Math.abs(markPx - exact)).toBeLessThan(0.5 + PX * 1e-9);
      }
    }),
    { numRuns: 300 },
  );
  expect(withBook).toBeGreaterThan(1_000);
});

test("averages that were fed for long stay within 10^-9 of the price", () => {
  const marks = createMarkRows(createRegister(), 1);
  setMarkTerms(marks, 0, VENUE_MARK);
  const steady: FloatAverage = { num: 0, den: 0, value: 0 };
  const basis: FloatAverage = { num: 0, den: 0, value: 0 };
  for (let i = 0; i < 20_000; i++) {
    const bid = PX + Math.round(3_000 * Math.sin(i / 50));
    Object.assign(markInputs, { nowMs: 1 + 3_000 * i, oraclePx: PX, lastPx: 0, elsewherePx: 0 });
    nextMarkPx(marks, 0, { bestPx: (side: 0 | 1) => (side === BUY ? bid : bid + 7) } as Book);
    takeFloat(steady, bid + 3.5, i === 0 ? 0 : 3_000, 30_000);
    takeFloat(basis, bid + 3.5 - PX, i === 0 ? 0 : 3_000, 150_000);
  }
  const [, , , , ownBasis, , ownSteady] = marks.rows.f64;
  expect(Math.abs((ownSteady as number) / 2 ** 20 - steady.value)).toBeLessThan(PX * 1e-9);
  expect(Math.abs((ownBasis as number) / 2 ** 20 - basis.value)).toBeLessThan(PX * 1e-9);
});
