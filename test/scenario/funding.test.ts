/** Funding: rates from samples of the book, payments at full hours, residue, liquidation by a payment. */
import { describe, expect, test } from "vitest";
import { REJECT } from "../../src/base/reject-code.ts";
import { BUY, SELL } from "../../src/base/side.ts";
import { TIF } from "../../src/base/time-in-force.ts";
import { nextDueMs } from "../../src/exchange/apply.ts";
import { VENUE_FUNDING } from "../../src/exchange/funding/funding-terms.ts";
import { marketFunding, systemBalances } from "../../src/exchange/query.ts";
import {
  addressOf,
  createTestExchange,
  START_MS,
  type TestExchange,
  testSpec,
} from "../support/test-exchange.ts";

const HOUR_MS = 3_600_000;
/** 100 USDC [ticks of 0.001]. */
const ORACLE = 100_000;

function create(lots = 10_000): TestExchange {
  const exchange = createTestExchange({ markets: [testSpec()], invariantsEvery: 1 });
  exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: ORACLE }] });
  for (const name of ["long", "short", "other"]) exchange.fund(name, 100_000);
  order(exchange, "short", SELL, ORACLE, lots);
  order(exchange, "long", BUY, ORACLE, lots);
  fund(exchange);
  return exchange;
}

const fund = (exchange: TestExchange, part: Partial<typeof VENUE_FUNDING> = {}) =>
  exchange.run({
    kind: "setFunding",
    ...VENUE_FUNDING,
    ...part,
    markets: [{ market: 0, impactNotional: 1_000_000_000 }],
  });

const order = (
  exchange: TestExchange,
  name: string,
  side: typeof BUY | typeof SELL,
  px: number,
  sz: number,
) =>
  exchange.run({
    kind: "placeOrders",
    signer: addressOf(name),
    orders: [{ market: 0, side, px, sz, tif: TIF.gtc }],
  });

/** Moves to a time after the start and ticks [ms]. */
function tickAt(exchange: TestExchange, ms: number) {
  exchange.timeMs = START_MS + ms;
  return exchange.run({ kind: "tick" });
}

describe("payments", () => {
  test("with an empty book the rate is interest / 8, and longs pay shorts on oracle notional", () => {
    const exchange = create();
    const cash = (name: string) => exchange.summary(name).cash;
    const before = { long: cash("long"), short: cash("short") };
    const events = tickAt(exchange, HOUR_MS);
    // 10 coins at 100 USDC, 0.0000125 an hour: 0.0125 USDC.
    expect(events).toMatchObject([
      { kind: "fundingPaid", account: exchange.account("short"), amount: 12_500, size: -10_000 },
      { kind: "fundingPaid", account: exchange.account("long"), amount: -12_500, size: 10_000 },
      { kind: "fundingSettled", rate: 12_500_000, premium: 0, samples: 1, amount: 0 },
    ]);
    expect(cash("long") - before.long).toBe(-12_500);
    expect(cash("short") - before.short).toBe(12_500);
  });

  test("nothing is paid before the hour, once in it, and once after a pause of many", () => {
    const exchange = create();
    const paid = (ms: number) => tickAt(exchange, ms).filter(({ kind }) => kind === "fundingPaid");
    expect(paid(HOUR_MS - 1)).toEqual([]);
    expect(paid(HOUR_MS)).toHaveLength(2);
    expect(paid(HOUR_MS + 1)).toEqual([]);
    expect(paid(9 * HOUR_MS + 7)).toHaveLength(2);
    expect(paid(10 * HOUR_MS)).toHaveLength(2);
  });

  test("payers are rounded up, receivers down, and the residue keeps the difference", () => {
    const exchange = create(1_001);
    const events = tickAt(exchange, HOUR_MS);
    // 100.1 USDC x 0.0000125 = 1,251.25 units.
    expect(events).toMatchObject([
      { kind: "fundingPaid", amount: 1_251 },
      { kind: "fundingPaid", amount: -1_252 },
      { kind: "fundingSettled", amount: 1 },
    ]);
    expect(systemBalances(exchange.state).residue).toBe(1);
  });

  test("a tick is due at the next sample, and at none without funding", () => {
    const exchange = create();
    tickAt(exchange, 0);
    expect(nextDueMs(exchange.state)).toBe(START_MS + 5_000);
    fund(exchange, { intervalMs: 0 });
    expect(nextDueMs(exchange.state)).toBe(Number.POSITIVE_INFINITY);
    expect(marketFunding(exchange.state, 0)).toBeNull();
  });
});

test("without an index price times pass, nothing is paid, and no tick is due at once", () => {
  const exchange = createTestExchange({ markets: [testSpec()], invariantsEvery: 1 });
  fund(exchange);
  expect(tickAt(exchange, 3 * HOUR_MS + 1)).toEqual([]);
  expect(nextDueMs(exchange.state)).toBeGreaterThan(exchange.timeMs);
  exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: ORACLE }] });
  tickAt(exchange, 4 * HOUR_MS - 1);
  expect(marketFunding(exchange.state, 0)?.lastRate).toBe(0);
});

describe("rates", () => {
  /** Best bid and ask, each deep enough for the impact notional [ticks]; the rate after an hour [10^-12]. */
  function rateWith(bid: number, ask: number, part: Partial<typeof VENUE_FUNDING> = {}): number {
    const exchange = create();
    fund(exchange, part);
    order(exchange, "other", BUY, bid, 20_000);
    order(exchange, "other", SELL, ask, 20_000);
    tickAt(exchange, HOUR_MS);
    return marketFunding(exchange.state, 0)?.lastRate ?? Number.NaN;
  }

  test.each([
    ["around the oracle", 99_990, 100_010, 12_500_000],
    ["0.05 % above: interest pulls by its 0.05 % less premium", 100_050, 100_060, 12_500_000],
    ["1 % above: the clamp takes 0.05 % off", 101_000, 101_010, 1_187_500_000],
    ["1 % below: the clamp adds 0.05 %", 98_990, 99_000, -1_187_500_000],
  ])("a book %s", (_, bid, ask, rate) => {
    expect(rateWith(bid, ask)).toBe(rate);
  });

  test("the cap bounds a payment either way", () => {
    expect(rateWith(101_000, 101_010, { cap: 1_000_000 })).toBe(1_000_000);
    expect(rateWith(98_990, 99_000, { cap: 1_000_000 })).toBe(-1_000_000);
  });

  test("a side too thin for the impact notional says nothing", () => {
    const exchange = create();
    order(exchange, "other", BUY, 101_000, 20_000);
    order(exchange, "other", SELL, 101_010, 100);
    tickAt(exchange, HOUR_MS);
    expect(marketFunding(exchange.state, 0)?.lastRate).toBe(12_500_000);
  });

  test("the mean counts every sample alike", () => {
    const exchange = create();
    tickAt(exchange, 5_000);
    order(exchange, "other", BUY, 101_000, 20_000);
    order(exchange, "other", SELL, 101_010, 20_000);
    const settled = tickAt(exchange, HOUR_MS).at(-1);
    expect(settled).toMatchObject({ kind: "fundingSettled", samples: 2, premium: 5_000_000_000 });
  });
});

test("an account that a payment brings under maintenance is liquidated by the same tick", () => {
  const exchange = createTestExchange({ markets: [testSpec()], invariantsEvery: 1 });
  exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: ORACLE }] });
  exchange.fund("short", 100_000);
  exchange.fund("long", 101);
  order(exchange, "short", SELL, ORACLE, 10_000);
  order(exchange, "long", BUY, ORACLE, 10_000);
  fund(exchange, { interest: 1_000_000_000_000, clamp: 1_000_000_000_000, cap: 90_000_000_000 });
  order(exchange, "short", BUY, 99_990, 10_000);
  const kinds = tickAt(exchange, HOUR_MS).map(({ kind }) => kind);
  expect(kinds).toContain("liquidationStarted");
  expect(exchange.summary("long").positions).toEqual([]);
});

test.each([
  { intervalMs: -1 },
  { intervalMs: 86_400_001 },
  { sampleMs: 0 },
  { sampleMs: 400 },
  { divisor: 0 },
  { cap: 0.5 },
  { clamp: -1 },
  { interest: Number.NaN },
])("terms with %j are refused", (part) => {
  expect(fund(create(), part)).toMatchObject([
    { kind: "commandRejected", code: REJECT.fundingTermsInvalid },
  ]);
});
