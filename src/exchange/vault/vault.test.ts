/** Vaults: life cycle, shares of profit, isolation, withdrawals that must free margin, closing. */
import { describe, expect, test } from "vitest";
import {
  addressOf,
  createTestExchange,
  type TestExchange,
  testSpec,
} from "../../../test/support/test-exchange.ts";
import { readLane, writeLane } from "../../base/column.ts";
import type { Hex } from "../../base/hex.ts";
import { BUY, SELL, type Side } from "../../base/side.ts";
import { TIF } from "../../base/time-in-force.ts";
import type { VaultCommand } from "../command-vault.ts";
import type { ExchangeEvent } from "../event-codec.ts";
import { addToNumber, NUMBER } from "../numbers.ts";
import { accountSummary, addressOfAccount, vaultViews } from "../query.ts";
import type { VaultView } from "./vault-view.ts";

const USDC = 1_000_000;
const DAY_MS = 86_400_000;
const ON = {
  vaults: 1,
  pools: 0,
  profitShareCapBps: 3_000,
  noticeMs: 7 * DAY_MS,
  lockupMs: DAY_MS,
  creationFee: 0,
};

function openExchange(): TestExchange {
  const exchange = createTestExchange({ markets: [testSpec()], invariantsEvery: 1 });
  exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: 100_000 }] });
  for (const name of ["owner", "ann", "bob", "maker"]) exchange.fund(name, 1_000_000);
  exchange.run({ kind: "setFeatures", ...ON });
  return exchange;
}

const create = (exchange: TestExchange, more: object = {}): ExchangeEvent[] =>
  exchange.run({
    kind: "createVault",
    signer: addressOf("owner"),
    name: "One",
    description: "A vault of tests.",
    amount: 1_000 * USDC,
    profitShareBps: 1_000,
    ...more,
  });

const only = (exchange: TestExchange): VaultView => vaultViews(exchange.state)[0] as VaultView;
const vaultAddress = (exchange: TestExchange): Hex =>
  addressOfAccount(exchange.state, only(exchange).account);

/** Sends a command about the vault in a user's name. */
function ask(
  exchange: TestExchange,
  name: string,
  command: Record<string, unknown> & { kind: VaultCommand["kind"] },
): ExchangeEvent[] {
  const about = { signer: addressOf(name), address: vaultAddress(exchange) };
  return exchange.run({ ...about, ...command } as Parameters<TestExchange["run"]>[0]);
}
const deposit = (exchange: TestExchange, name: string, usdc: number, more: object = {}) =>
  ask(exchange, name, { kind: "vaultTransfer", isDeposit: true, amount: usdc * USDC, ...more });
const withdraw = (exchange: TestExchange, name: string, usdc: number) =>
  ask(exchange, name, { kind: "vaultTransfer", isDeposit: false, amount: usdc * USDC });

/** Has the vault gain or lose by nobody's doing, as if its money had been paid in or out [USDC]. */
function shift(exchange: TestExchange, usdc: number): void {
  const { accounts, numbers } = exchange.state;
  const { account } = only(exchange);
  writeLane(accounts.cash, account, readLane(accounts.cash, account) + usdc * USDC);
  addToNumber(numbers, NUMBER.deposits, usdc * USDC);
  exchange.run({ kind: "tick" });
}

const codeOf = (events: ExchangeEvent[]): number | undefined =>
  events.flatMap((event) => (event.kind === "commandRejected" ? [event.code] : []))[0];

const order = (side: Side, px: number, sz: number, tif: 0 | 1 = TIF.gtc) =>
  ({ market: 0, side, px, sz, tif }) as const;

function trade(exchange: TestExchange, side: Side, px: number, sz: number): void {
  const resting = [order(side === BUY ? SELL : BUY, px, sz)];
  exchange.run({ kind: "placeOrders", signer: addressOf("maker"), orders: resting });
  exchange.run({
    kind: "placeOrders",
    signer: addressOf("owner"),
    vault: vaultAddress(exchange),
    orders: [order(side, px, sz, TIF.ioc)],
  });
}

describe("a vault's life", () => {
  test("switched off there is none; on it opens with the owner's money, shares ten a unit", () => {
    const exchange = openExchange();
    exchange.run({ kind: "setFeatures", ...ON, vaults: 0 });
    expect(codeOf(create(exchange))).toBe(480);
    exchange.run({ kind: "setFeatures", ...ON });
    create(exchange);
    expect(only(exchange)).toMatchObject({
      id: 1,
      owner: exchange.account("owner"),
      manager: -1,
      name: "One",
      description: "A vault of tests.",
      equity: 1_000 * USDC,
      collateral: 1_000 * USDC,
      supply: 10_000 * USDC,
      profitShareBps: 1_000,
      pnl: 0,
    });
    expect(exchange.summary("owner").equity).toBe(999_000 * USDC);
  });

  test.each([
    ["less than 100 USDC", { amount: 99 * USDC }, 481],
    ["a share of profit above 100 %", { profitShareBps: 10_001 }, 482],
    ["a share above the venue's cap", { profitShareBps: 3_001 }, 482],
    ["more than the owner has", { amount: 2_000_000 * USDC }, 342],
  ])("is not opened with %s", (_, more, code) => {
    const exchange = openExchange();
    expect(codeOf(create(exchange, more))).toBe(code);
    expect(vaultViews(exchange.state)).toEqual([]);
  });

  test("100 -> 110 shares the profit once; 110 -> 105 -> 110 shares nothing more", () => {
    const exchange = openExchange();
    create(exchange);
    deposit(exchange, "ann", 100);
    exchange.timeMs += 2 * DAY_MS;
    shift(exchange, 110);
    const [event] = withdraw(exchange, "ann", 110).filter(({ kind }) => kind === "vaultWithdrawn");
    expect(event).toMatchObject({ basis: 100 * USDC, closingCost: 0 });
    const paid = event?.kind === "vaultWithdrawn" ? event : null;
    expect(paid?.commission).toBe(Math.floor(((paid?.requested ?? 0) - 100 * USDC) / 10));
    expect(paid?.requested).toBeGreaterThanOrEqual(110 * USDC - 1_000);
    deposit(exchange, "ann", 110);
    exchange.timeMs += 2 * DAY_MS;
    shift(exchange, -50);
    shift(exchange, 50);
    const again = withdraw(exchange, "ann", 200).find(({ kind }) => kind === "vaultWithdrawn");
    expect(again).toMatchObject({ commission: 0 });
  });

  test("who comes late pays for no gain before him, and who lost pays nothing", () => {
    const exchange = openExchange();
    create(exchange);
    deposit(exchange, "ann", 1_000);
    shift(exchange, 1_000);
    deposit(exchange, "bob", 1_500);
    exchange.timeMs += 2 * DAY_MS;
    const late = withdraw(exchange, "bob", 10_000).find(({ kind }) => kind === "vaultWithdrawn");
    expect(late).toMatchObject({ commission: 0 });
    const early = withdraw(exchange, "ann", 10_000).find(({ kind }) => kind === "vaultWithdrawn");
    const { requested = 0, commission = 0 } = early?.kind === "vaultWithdrawn" ? early : {};
    expect(commission).toBe(Math.floor((requested - 1_000 * USDC) / 10));
    expect(exchange.summary("ann").equity).toBe(999_000 * USDC + requested - commission);
    expect(only(exchange).depositors).toHaveLength(1);
    expect(only(exchange).profitShared).toBe(commission);
  });

  test("locked for a day after the last deposit", () => {
    const exchange = openExchange();
    create(exchange);
    deposit(exchange, "ann", 100);
    exchange.timeMs += DAY_MS - 1;
    expect(codeOf(withdraw(exchange, "ann", 10))).toBe(487);
    exchange.timeMs += 1;
    expect(codeOf(withdraw(exchange, "ann", 10))).toBeUndefined();
  });

  test("the owner keeps a twentieth", () => {
    const exchange = openExchange();
    create(exchange);
    expect(codeOf(deposit(exchange, "ann", 20_000))).toBe(485);
    expect(codeOf(deposit(exchange, "ann", 19_000))).toBeUndefined();
    exchange.timeMs += 2 * DAY_MS;
    expect(codeOf(withdraw(exchange, "owner", 1))).toBe(485);
  });

  test("a deposit that would buy too few shares is not taken", () => {
    const exchange = openExchange();
    create(exchange);
    shift(exchange, 1_000);
    expect(codeOf(deposit(exchange, "ann", 100, { sharesMin: 600 * USDC }))).toBe(484);
    expect(codeOf(deposit(exchange, "ann", 100, { sharesMin: 499 * USDC }))).toBeUndefined();
  });

  test("the owner and the manager trade for it; nobody else, and never to move its money", () => {
    const exchange = openExchange();
    create(exchange);
    const vault = vaultAddress(exchange);
    const orders = [order(BUY, 99_000, 1_000)];
    const place = (name: string) =>
      exchange.run({ kind: "placeOrders", signer: addressOf(name), vault, orders });
    expect(codeOf(place("owner"))).toBeUndefined();
    expect(codeOf(place("bob"))).toBe(102);
    const change = { setting: "manager", manager: addressOf("bob") } as const;
    ask(exchange, "owner", { kind: "setVault", change });
    expect(codeOf(place("bob"))).toBeUndefined();
    expect(codeOf(ask(exchange, "bob", { kind: "setVault", change }))).toBe(489);
    expect(codeOf(withdraw(exchange, "bob", 10))).toBe(486);
    const name = { kind: "createSubAccount", signer: addressOf("bob"), vault, name: "x" } as const;
    expect(codeOf(exchange.run(name))).toBe(102);
    ask(exchange, "owner", { kind: "setVault", change: { setting: "manager", manager: null } });
    expect(codeOf(place("bob"))).toBe(102);
  });

  test("a higher share of profit comes with notice, a lower one at once, none beyond the cap", () => {
    const exchange = openExchange();
    create(exchange);
    const share = (bps: number) =>
      ask(exchange, "owner", { kind: "setVault", change: { setting: "profitShare", bps } });
    expect(codeOf(share(10_001))).toBe(482);
    expect(codeOf(share(3_001))).toBe(482);
    share(2_000);
    expect(only(exchange)).toMatchObject({ profitShareBps: 1_000, nextProfitShareBps: 2_000 });
    exchange.timeMs += 7 * DAY_MS;
    exchange.run({ kind: "tick" });
    expect(only(exchange).profitShareBps).toBe(2_000);
    share(500);
    expect(only(exchange)).toMatchObject({ profitShareBps: 500, nextFromMs: 0 });
  });
});

describe("money that is at work", () => {
  test("a withdrawal cancels orders, the smallest first, then closes fifths; the leaver pays for it", () => {
    const exchange = openExchange();
    create(exchange);
    deposit(exchange, "ann", 1_000);
    exchange.timeMs += 2 * DAY_MS;
    trade(exchange, BUY, 100_000, 150_000);
    const bids = [order(BUY, 99_900, 200_000)];
    exchange.run({ kind: "placeOrders", signer: addressOf("maker"), orders: bids });
    const before = only(exchange).equity;
    const events = withdraw(exchange, "ann", 900);
    const paid = events.find(({ kind }) => kind === "vaultWithdrawn");
    if (paid?.kind !== "vaultWithdrawn") throw new Error("ann is paid");
    expect(paid.closingCost).toBeGreaterThan(0);
    expect(paid.amount).toBe(paid.requested - paid.closingCost);
    const { depositors } = only(exchange);
    const owner = depositors.find(({ account }) => account === exchange.account("owner"));
    expect(owner?.equity).toBeGreaterThanOrEqual(Math.floor(before / 2) - 10);
    const [position] = accountSummary(exchange.state, only(exchange).account).positions;
    expect(position?.size).toBeLessThan(150_000);
    expect(position?.size).toBeGreaterThan(0);
  });

  test("where nothing takes the positions the withdrawal is refused, and nothing has happened", () => {
    const exchange = openExchange();
    create(exchange);
    deposit(exchange, "ann", 1_000);
    exchange.timeMs += 2 * DAY_MS;
    trade(exchange, BUY, 100_000, 150_000);
    const before = only(exchange);
    expect(codeOf(withdraw(exchange, "ann", 900))).toBe(488);
    expect(only(exchange)).toEqual(before);
  });

  test("a vault that loses all is liquidated alone; its shares are void for the next depositor", () => {
    const exchange = openExchange();
    create(exchange, { profitShareBps: 0 });
    create(exchange, { name: "Two" });
    trade(exchange, BUY, 100_000, 95_000);
    exchange.run({
      kind: "placeOrders",
      signer: addressOf("maker"),
      orders: [order(BUY, 80_000, 200_000)],
    });
    exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: 88_000 }] });
    exchange.drain();
    const [lost, other] = vaultViews(exchange.state);
    expect(lost?.equity).toBe(0);
    expect(other?.equity).toBe(1_000 * USDC);
    expect(exchange.summary("owner").equity).toBe(998_000 * USDC);
    deposit(exchange, "owner", 500);
    expect(only(exchange)).toMatchObject({ equity: 500 * USDC, supply: 5_000 * USDC });
  });

  test("closing needs it flat, pays everybody and leaves nothing", () => {
    const exchange = openExchange();
    create(exchange);
    deposit(exchange, "ann", 333);
    deposit(exchange, "bob", 77);
    trade(exchange, BUY, 100_000, 1_000);
    const close = () => ask(exchange, "owner", { kind: "vaultDistribute", amount: 0 });
    expect(codeOf(close())).toBe(490);
    trade(exchange, SELL, 101_000, 1_000);
    expect(codeOf(ask(exchange, "ann", { kind: "vaultDistribute", amount: 0 }))).toBe(489);
    close();
    expect(only(exchange)).toMatchObject({
      status: "closed",
      equity: 0,
      supply: 0,
      depositors: [],
    });
    expect(exchange.summary("ann").equity).toBeGreaterThan(1_000_000 * USDC);
    expect(exchange.summary("bob").equity).toBeGreaterThan(1_000_000 * USDC);
    expect(codeOf(deposit(exchange, "ann", 10))).toBe(483);
  });

  test("paying out a part takes it from everybody by shares", () => {
    const exchange = openExchange();
    create(exchange);
    deposit(exchange, "ann", 1_000);
    ask(exchange, "owner", { kind: "vaultDistribute", amount: 400 * USDC });
    expect(exchange.summary("ann").equity).toBe(999_200 * USDC);
    expect(only(exchange).equity).toBe(1_600 * USDC);
  });
});
