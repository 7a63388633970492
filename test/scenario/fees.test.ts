/** Fees by volume of past days: tiers, expiry by day, rebates from the other side's fee, stakes, schedules. */
import { describe, expect, test } from "vitest";
import { REJECT } from "../../src/base/reject-code.ts";
import { BUY, SELL } from "../../src/base/side.ts";
import { TIF } from "../../src/base/time-in-force.ts";
import type { FillEvent } from "../../src/exchange/event-codec.ts";
import { FEE_SCHEDULE_NAMES } from "../../src/exchange/fee/fee-schedule.ts";
import { accountFees, feeScheduleName, systemBalances } from "../../src/exchange/query.ts";
import {
  addressOf,
  createTestExchange,
  START_MS,
  type TestExchange,
  testSpec,
} from "../support/test-exchange.ts";

const DAY_MS = 86_400_000;
/** 100 USDC [ticks of 0.001]. */
const PX = 100_000;

function create(): TestExchange {
  const exchange = createTestExchange({
    markets: [testSpec({ maxLeverage: 50, positionMax: 2_000_000_000, pxMax: 200_000 })],
    invariantsEvery: 1,
  });
  exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: PX }] });
  for (const name of ["maker", "taker", "third"]) exchange.fund(name, 50_000_000);
  return exchange;
}

let isBuy = false;

/** `maker` rests, `taker` takes, by turns on each side; returns both fills, the maker's first [USDC]. */
function trade(
  exchange: TestExchange,
  usdc: number,
  maker = "maker",
  taker = "taker",
): FillEvent[] {
  isBuy = !isBuy;
  const order = { market: 0, px: PX, sz: (usdc / 100) * 1000 };
  exchange.run({
    kind: "placeOrders",
    signer: addressOf(maker),
    orders: [{ ...order, side: isBuy ? BUY : SELL, tif: TIF.gtc }],
  });
  const events = exchange.run({
    kind: "placeOrders",
    signer: addressOf(taker),
    orders: [{ ...order, side: isBuy ? SELL : BUY, tif: TIF.ioc }],
  });
  return events.filter((event) => event.kind === "fill");
}

/** Fees in basis points of the notional, maker's and taker's. */
const bps = (fills: FillEvent[]): number[] =>
  fills.map(({ fee, px, sz }) => (fee * 10_000) / (px * sz));

const toDay = (exchange: TestExchange, day: number): void => {
  exchange.timeMs = START_MS + day * DAY_MS;
};

describe("volume tiers", () => {
  test("a tier begins on the day after its volume and ends when the volume's day leaves the window", () => {
    const exchange = create();
    const seen: Record<number, number[]> = {};
    expect(bps(trade(exchange, 5_000_000))).toEqual([1.5, 4.5]);
    // The bound is "more than": 5M exactly is not enough, and the rates of a day stand all day.
    expect(bps(trade(exchange, 100))).toEqual([1.5, 4.5]);
    for (const day of [1, 13, 14, 15]) {
      toDay(exchange, day);
      seen[day] = bps(trade(exchange, 100));
    }
    expect(seen).toEqual({ 1: [-0.3, 4], 13: [-0.3, 4], 14: [-0.3, 4], 15: [-0.3, 4.5] });
  });

  test("exactly the bound of the venue's tier is below it", () => {
    const exchange = create();
    trade(exchange, 5_000_000);
    toDay(exchange, 1);
    expect(bps(trade(exchange, 100))[1]).toBe(4.5);
  });

  test.each([
    [0, [5, 10]],
    [999_999, [5, 10]],
    [1_000_000, [4, 9]],
    [10_000_000, [3, 8]],
    [100_000_000, [2, 7]],
  ])("four tiers: %i USDC of the last 30 days", (usdc, rates) => {
    const exchange = create();
    exchange.run({ kind: "setFeeSchedule", schedule: 1 });
    for (let left = usdc; left > 0; left -= 20_000_000) trade(exchange, Math.min(left, 20_000_000));
    toDay(exchange, 30);
    expect(bps(trade(exchange, 100))).toEqual(rates);
    toDay(exchange, 62);
    expect(bps(trade(exchange, 100))).toEqual([5, 10]);
  });

  test("a day without trades, or a hundred, empties the window all the same", () => {
    const exchange = create();
    trade(exchange, 20_000_000);
    toDay(exchange, 100);
    expect(bps(trade(exchange, 100))).toEqual([1.5, 4.5]);
    toDay(exchange, 101);
    const fees = accountFees(exchange.state, exchange.account("taker"), exchange.timeMs);
    expect(fees.volume).toBe(100_000_000);
  });
});

describe("maker share", () => {
  test("a share of all maker volume earns a rebate, paid from the taker's fee", () => {
    const exchange = create();
    trade(exchange, 2_000_000, "third");
    trade(exchange, 20_000);
    toDay(exchange, 1);
    const before = systemBalances(exchange.state).fees;
    const [made, taken] = trade(exchange, 1_000) as [FillEvent, FillEvent];
    // 20,000 of 2,020,000 is 0.99 %: -0.1 basis points of 1,000 USDC.
    expect(made.fee).toBe(-10_000);
    expect(systemBalances(exchange.state).fees - before).toBe(made.fee + taken.fee);
    expect(systemBalances(exchange.state).fees).toBeGreaterThan(before);
  });
});

describe("stake", () => {
  test.each([
    [10, 4.5],
    [10.000001, 4.275],
    [101, 4.05],
    [1_001, 3.825],
    [10_001, 3.6],
    [100_001, 3.15],
    [500_001, 2.7],
  ])("%d tokens: the taker pays %d basis points", (tokens, rate) => {
    const exchange = create();
    const amount = Math.round(tokens * 1e6);
    expect(exchange.run({ kind: "setStake", address: addressOf("taker"), amount })).toMatchObject([
      { kind: "stakeSet", stake: amount },
    ]);
    expect(bps(trade(exchange, 10_000))).toEqual([1.5, rate]);
  });

  test("an unknown address or a negative stake is refused", () => {
    const exchange = create();
    expect(
      exchange.run({ kind: "setStake", address: addressOf("nobody"), amount: 1 }),
    ).toMatchObject([{ kind: "commandRejected", code: REJECT.accountUnknown }]);
    expect(
      exchange.run({ kind: "setStake", address: addressOf("taker"), amount: -1 }),
    ).toMatchObject([{ kind: "commandRejected", code: REJECT.amountInvalid }]);
  });
});

describe("schedules", () => {
  test("another schedule is in force at once, for rows that stand already too", () => {
    const exchange = create();
    expect(bps(trade(exchange, 100))).toEqual([1.5, 4.5]);
    expect(feeScheduleName(exchange.state)).toBe(FEE_SCHEDULE_NAMES[0]);
    expect(exchange.run({ kind: "setFeeSchedule", schedule: 1 })).toMatchObject([
      { kind: "feeScheduleSet", schedule: 1 },
    ]);
    expect(bps(trade(exchange, 100))).toEqual([5, 10]);
    expect(bps(trade(exchange, 100, "third"))).toEqual([5, 10]);
    expect(feeScheduleName(exchange.state)).toBe(FEE_SCHEDULE_NAMES[1]);
  });

  test.each([-1, 2, 0.5, Number.NaN])("schedule %d is refused", (schedule) => {
    const exchange = create();
    expect(exchange.run({ kind: "setFeeSchedule", schedule })).toMatchObject([
      { kind: "commandRejected", code: REJECT.feeScheduleUnknown },
    ]);
  });
});
