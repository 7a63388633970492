/** Windows of days against a plain list of trades, and rebates against the money of fees. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mulRateTrunc } from "../../base/rounding.ts";
import { FEE_ACCOUNT } from "../account/account.ts";
import type { Core } from "../core.ts";
import { NUMBER, setNumber } from "../numbers.ts";
import { createExchange } from "../state.ts";
import { countFeeVolume, feeOf, feeRateOf, feeView, refreshFees, setFeeSchedule } from "./fee.ts";
import { FEE_SCHEDULES, FEE_WINDOW_DAYS_MAX, type FeeSchedule } from "./fee-schedule.ts";

const DAY_MS = 86_400_000;

const trades = fc.array(
  fc.record({
    /** Days since the trade before. */
    days: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(70)),
    maker: fc.integer({ min: 2, max: 5 }),
    taker: fc.integer({ min: 6, max: 7 }),
    notional: fc.integer({ min: 1, max: 2e13 }),
  }),
  { maxLength: 60 },
);

describe("windows of days", () => {
  test("a row's volume is that of the trades of the whole days before today, whenever it was looked at last", () => {
    fc.assert(
      fc.property(trades, fc.constantFrom(0, 1), (list, number) => {
        const core: Core = createExchange();
        setFeeSchedule(core, number);
        const { windowDays, tiers } = FEE_SCHEDULES[number] as FeeSchedule;
        const log: { day: number; account: number; notional: number }[] = [];
        let day = 20_000;
        for (const { days, maker, taker, notional } of list) {
          day += days;
          setNumber(core.numbers, NUMBER.timeMs, day * DAY_MS + 5);
          for (const account of [maker, taker]) {
            const past = log.filter(
              (entry) =>
                entry.account === account && entry.day < day && entry.day >= day - windowDays,
            );
            const volume = past.reduce((sum, entry) => sum + entry.notional, 0);
            const view = feeView(core, account, day * DAY_MS);
            expect(view.volume).toBe(volume);
            refreshFees(core, account);
            expect(feeView(core, account, day * DAY_MS)).toEqual(view);
            expect(feeRateOf(core, account, true)).toBe(
              tiers.findLast(({ volumeMin }) => volume >= volumeMin)?.takerRate,
            );
            expect(feeRateOf(core, account, true)).toBe(view.takerRate);
            expect(feeRateOf(core, account, false)).toBe(view.makerRate);
          }
          countFeeVolume(core, maker, taker, notional);
          log.push({ day, account: maker, notional }, { day, account: taker, notional });
        }
        const made = log.filter((entry) => entry.account < 6 && entry.day === day);
        expect(core.fees.rows.f64[FEE_ACCOUNT * 8] ?? 0).toBe(
          made.reduce((sum, entry) => sum + entry.notional, 0),
        );
      }),
    );
  });
});

describe("schedules", () => {
  test("every rebate is below every taker rate with the largest discount, so clamping is the exception", () => {
    for (const { tiers, makerShares, stakes, windowDays } of FEE_SCHEDULES) {
      const discount = Math.max(0, ...stakes.map((tier) => tier.discount));
      const takerMin = Math.min(
        ...tiers.map(({ takerRate }) => mulRateTrunc(takerRate, 1e9 - discount)),
      );
      const rates = [...tiers, ...makerShares].map(({ makerRate }) => makerRate);
      expect(takerMin + Math.min(...rates)).toBeGreaterThan(0);
      expect(windowDays).toBeLessThanOrEqual(FEE_WINDOW_DAYS_MAX);
      expect(tiers[0]?.volumeMin).toBe(0);
    }
  });

  test("a fee of a notional [10^-6 USDC] is truncated towards zero", () => {
    const core: Core = createExchange();
    setNumber(core.numbers, NUMBER.timeMs, DAY_MS * 20_000);
    refreshFees(core, 2);
    expect([1, 2_222, 2_223, 6_667].map((n) => feeOf(core, 2, n, true))).toEqual([0, 0, 1, 3]);
    expect([6_666, 6_667].map((n) => feeOf(core, 2, n, false))).toEqual([0, 1]);
  });
});
