/** Liquidity pools: tokens, quoting, streamed fees, exits, and the attacks that must lose. */
import { describe, expect, test } from "vitest";
import {
  addressOf,
  createTestExchange,
  type TestExchange,
  testSpec,
} from "../../../test/support/test-exchange.ts";
import { readLane, writeLane } from "../../base/column.ts";
import { DEFAULT_FEATURES } from "../../base/features.ts";
import { BUY, SELL, type Side } from "../../base/side.ts";
import { TIF } from "../../base/time-in-force.ts";
import type { ExchangeEvent } from "../event-codec.ts";
import { addToNumber, NUMBER } from "../numbers.ts";
import { accountSummary, openOrderIds, poolViews, strategyViews } from "../query.ts";
import type { PoolView } from "./pool-view.ts";

const USDC = 1_000_000;
const HOUR_MS = 3_600_000;
const TERMS = {
  market: 0,
  lowPx: 90_000,
  highPx: 110_000,
  levels: 5,
  size: 1_000,
  gridFlags: 0,
  feeShareBps: 5_000,
  streamMs: HOUR_MS,
};

function openExchange(terms: Partial<typeof TERMS> = {}): TestExchange {
  const exchange = createTestExchange({ markets: [testSpec()], invariantsEvery: 1 });
  exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: 100_000 }] });
  for (const name of ["ann", "bob", "eve", "taker"]) exchange.fund(name, 1_000_000);
  exchange.run({ kind: "setFeatures", ...DEFAULT_FEATURES, pools: 1 });
  exchange.run({ kind: "createPool", ...TERMS, ...terms });
  return exchange;
}

const only = (exchange: TestExchange): PoolView => poolViews(exchange.state)[0] as PoolView;
const add = (exchange: TestExchange, name: string, usdc: number, least = 0): ExchangeEvent[] => [
  ...exchange.run({
    kind: "changeLiquidity",
    signer: addressOf(name),
    pool: 1,
    isDeposit: true,
    amount: Math.round(usdc * USDC),
    least,
  }),
  ...exchange.drain(),
];
const remove = (exchange: TestExchange, name: string, amount: number, least = 0) => [
  ...exchange.run({
    kind: "changeLiquidity",
    signer: addressOf(name),
    pool: 1,
    isDeposit: false,
    amount,
    least,
  }),
  ...exchange.drain(),
];
const tokensOf = (exchange: TestExchange, name: string): number =>
  only(exchange).tokens.find(({ account }) => account === exchange.account(name))?.amount ?? 0;
const codeOf = (events: ExchangeEvent[]): number | undefined =>
  events.flatMap((event) => (event.kind === "commandRejected" ? [event.code] : []))[0];

function take(exchange: TestExchange, side: Side, px: number, sz: number): void {
  const orders = [{ market: 0, side, px, sz, tif: TIF.ioc }];
  exchange.run({ kind: "placeOrders", signer: addressOf("taker"), orders });
  exchange.drain();
}

/** Gives the pool money as if it had been paid in by nobody [USDC]. */
function give(exchange: TestExchange, usdc: number): void {
  const { accounts, numbers } = exchange.state;
  const { account } = only(exchange);
  writeLane(accounts.cash, account, readLane(accounts.cash, account) + usdc * USDC);
  addToNumber(numbers, NUMBER.deposits, usdc * USDC);
}

describe("a liquidity pool", () => {
  test("is opened by the operator where pools are on, and has tokens for money, 1 for 1 at first", () => {
    const exchange = openExchange();
    expect(only(exchange)).toMatchObject({ id: 1, liquidity: 0, supply: 0, strategy: 0 });
    add(exchange, "ann", 1_000);
    expect(tokensOf(exchange, "ann")).toBe(10_000 * USDC);
    expect(only(exchange)).toMatchObject({ liquidity: 1_000 * USDC, paidIn: 1_000 * USDC });
    exchange.run({ kind: "setFeatures", ...DEFAULT_FEATURES });
    expect(codeOf(exchange.run({ kind: "createPool", ...TERMS }))).toBe(492);
  });

  test("quotes its grid as soon as its money covers it", () => {
    const exchange = openExchange();
    add(exchange, "ann", 10);
    expect(openOrderIds(exchange.state, only(exchange).account)).toHaveLength(0);
    add(exchange, "bob", 1_000);
    expect(openOrderIds(exchange.state, only(exchange).account)).toHaveLength(4);
    expect(strategyViews(exchange.state, only(exchange).account)).toHaveLength(1);
  });

  test("earns the cycle and a part of the takers' fees, which arrives evenly over an hour", () => {
    const exchange = openExchange();
    add(exchange, "ann", 1_000);
    take(exchange, SELL, 95_000, 1_000);
    take(exchange, BUY, 100_000, 1_000);
    const taken = exchange.log.flatMap((event) =>
      event.kind === "fill" && event.crossed ? [event.fee] : [],
    );
    const share = taken.reduce((sum, fee) => sum + Math.trunc(fee / 2), 0);
    expect(only(exchange)).toMatchObject({ accumulatedFees: share, pendingFees: share });
    const before = only(exchange).liquidity;
    exchange.timeMs += HOUR_MS / 2;
    add(exchange, "bob", 10);
    const half = only(exchange);
    expect(half.pendingFees).toBe(share - Math.floor(share / 2));
    expect(half.liquidity).toBe(before + Math.floor(share / 2) + 10 * USDC);
    exchange.timeMs += HOUR_MS;
    remove(exchange, "bob", tokensOf(exchange, "bob"));
    expect(only(exchange)).toMatchObject({ accumulatedFees: share, pendingFees: 0 });
    expect(only(exchange).impermanentLoss).toBeGreaterThan(4 * USDC);
  });

  test("who comes for a fee and leaves at once gains nothing", () => {
    const exchange = openExchange();
    add(exchange, "ann", 1_000);
    const before = exchange.summary("eve").equity;
    add(exchange, "eve", 100_000);
    take(exchange, SELL, 90_000, 2_000);
    take(exchange, BUY, 100_000, 2_000);
    // What the cycles brought is shared; the fees are still on their way.
    const pending = only(exchange).pendingFees;
    expect(pending).toBeGreaterThan(0);
    remove(exchange, "eve", tokensOf(exchange, "eve"));
    expect(only(exchange).pendingFees).toBe(pending);
    expect(exchange.summary("eve").equity - before).toBeLessThan(10 * USDC);
  });

  test("a first depositor who gives the pool money to make tokens dear loses by it", () => {
    const exchange = openExchange();
    add(exchange, "eve", 0.000001);
    give(exchange, 1);
    expect(codeOf(add(exchange, "ann", 1, 9 * USDC))).toBe(484);
    add(exchange, "ann", 1);
    const worth = (name: string): number =>
      only(exchange).tokens.find(({ account }) => account === exchange.account(name))?.equity ?? 0;
    expect(worth("eve")).toBeLessThan(600_000);
    expect(worth("ann")).toBeGreaterThan(950_000);
  });

  test("pays in cash within margin: orders go first, then positions, at the leaver's cost", () => {
    const exchange = openExchange({ size: 8_000 });
    add(exchange, "ann", 600);
    add(exchange, "bob", 600);
    take(exchange, SELL, 90_000, 16_000);
    const bid = { market: 0, side: BUY, px: 99_500, sz: 100_000, tif: TIF.gtc } as const;
    exchange.run({ kind: "placeOrders", signer: addressOf("taker"), orders: [bid] });
    const bob = only(exchange).tokens.find(({ account }) => account === exchange.account("bob"));
    const events = remove(exchange, "ann", tokensOf(exchange, "ann"));
    expect(events.find(({ kind }) => kind === "liquidityRemoved")).toBeDefined();
    const after = only(exchange).tokens.find(({ account }) => account === exchange.account("bob"));
    expect(after?.equity).toBeGreaterThanOrEqual((bob?.equity ?? 0) - 1);
    expect(only(exchange).tokens).toHaveLength(1);
  });

  test("tokens that are not held, a pool that is not there, a pool that rests", () => {
    const exchange = openExchange();
    add(exchange, "ann", 500);
    expect(codeOf(remove(exchange, "bob", 1))).toBe(496);
    expect(codeOf(remove(exchange, "ann", 10_000 * USDC))).toBe(496);
    exchange.run({ kind: "pausePool", pool: 1, paused: true });
    expect(codeOf(add(exchange, "ann", 500))).toBe(495);
    expect(openOrderIds(exchange.state, only(exchange).account)).toHaveLength(0);
    exchange.run({ kind: "pausePool", pool: 1, paused: false });
    exchange.drain();
    expect(openOrderIds(exchange.state, only(exchange).account)).toHaveLength(4);
    expect(codeOf(exchange.run({ kind: "pausePool", pool: 9, paused: true }))).toBe(493);
  });

  test("a pool that lost all starts anew: old tokens are void", () => {
    const exchange = openExchange();
    add(exchange, "ann", 100);
    const { account } = only(exchange);
    give(exchange, -100);
    expect(accountSummary(exchange.state, account).equity).toBe(0);
    add(exchange, "bob", 50);
    expect(only(exchange).tokens).toHaveLength(1);
    expect(tokensOf(exchange, "bob")).toBe(500 * USDC);
    expect(codeOf(remove(exchange, "ann", 1))).toBe(496);
  });
});
