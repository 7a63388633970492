/** Referral and builder fees: who earns what of a match, to the unit, until when, and who may. */
import { describe, expect, test } from "vitest";
import { REJECT } from "../../src/base/reject-code.ts";
import { BUY, SELL } from "../../src/base/side.ts";
import { TIF, type Tif } from "../../src/base/time-in-force.ts";
import type { ExchangeEvent, FillEvent } from "../../src/exchange/event-codec.ts";
import { accountReferral, approvedBuildersOf, systemBalances } from "../../src/exchange/query.ts";
import {
  addressOf,
  createTestExchange,
  START_MS,
  type TestExchange,
  testSpec,
} from "../support/test-exchange.ts";

/** 100 USDC [ticks of 0.001]. */
const PX = 100_000;
const DAY_MS = 86_400_000;

function create(): TestExchange {
  const exchange = createTestExchange({
    markets: [testSpec({ maxLeverage: 50, positionMax: 2_000_000_000, pxMax: 200_000 })],
    invariantsEvery: 1,
  });
  exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: PX }] });
  for (const name of ["maker", "taker", "friend", "builder"]) exchange.fund(name, 50_000_000);
  return exchange;
}

let isBuy = false;

interface Trade {
  readonly maker?: string;
  readonly taker?: string;
  /** Fee of the builder "builder" on the maker's and the taker's order [10^-5]. */
  readonly makerBuilder?: number;
  readonly takerBuilder?: number;
  readonly tif?: Tif;
}

/** One rests, another takes, by turns on each side; all events of the taker's command. */
function trade(exchange: TestExchange, usdc: number, how: Trade = {}): ExchangeEvent[] {
  isBuy = !isBuy;
  const order = { market: 0, px: PX, sz: Math.round(usdc * 10) };
  const builder = (fee: number | undefined) =>
    fee === undefined ? {} : { builder: { account: exchange.account("builder"), fee } };
  const rested = exchange.run({
    kind: "placeOrders",
    signer: addressOf(how.maker ?? "maker"),
    orders: [{ ...order, side: isBuy ? BUY : SELL, tif: TIF.gtc }],
    ...builder(how.makerBuilder),
  });
  const taken = exchange.run({
    kind: "placeOrders",
    signer: addressOf(how.taker ?? "taker"),
    orders: [{ ...order, side: isBuy ? SELL : BUY, tif: how.tif ?? TIF.ioc }],
    ...builder(how.takerBuilder),
  });
  return [...rested.filter(({ kind }) => kind === "commandRejected"), ...taken];
}

const fillsOf = (events: readonly ExchangeEvent[]): [FillEvent, FillEvent] =>
  events.filter((event) => event.kind === "fill") as [FillEvent, FillEvent];

/** "friend" has the code FRIEND and "taker" has named it. */
function refer(exchange: TestExchange): void {
  exchange.run({ kind: "registerReferrer", signer: addressOf("friend"), code: "FRIEND" });
  exchange.run({ kind: "setReferrer", signer: addressOf("taker"), code: "FRIEND" });
}

const approve = (exchange: TestExchange, user: string, feeMax: number, builder = "builder") =>
  exchange.run({
    kind: "approveBuilderFee",
    signer: addressOf(user),
    builder: addressOf(builder),
    feeMax,
  });

describe("referral", () => {
  test("4 % of a fee fall away, a tenth of what is left is the referrer's, and it claims that", () => {
    const exchange = create();
    refer(exchange);
    const [made, taken] = fillsOf(trade(exchange, 10_000));
    // 10,000 USDC at 4.5 basis points less 4 %.
    expect([made.fee, taken.fee]).toEqual([1_500_000, 4_320_000]);
    const view = accountReferral(exchange.state, exchange.account("friend"));
    expect(view).toMatchObject({ code: "FRIEND", refereeCount: 1, unclaimed: 432_000, claimed: 0 });
    expect(view.referees).toEqual([
      {
        account: exchange.account("taker"),
        volume: 10_000_000_000,
        feesPaid: 4_320_000,
        feesShared: 432_000,
        joinedMs: START_MS,
      },
    ]);
    expect(systemBalances(exchange.state).fees).toBe(5_820_000);
    const before = exchange.summary("friend").cash;
    const claim = { kind: "claimRewards", signer: addressOf("friend") } as const;
    expect(exchange.run(claim)).toMatchObject([{ kind: "rewardsClaimed", amount: 432_000 }]);
    expect(exchange.summary("friend").cash - before).toBe(432_000);
    expect(systemBalances(exchange.state).fees).toBe(5_388_000);
    expect(exchange.run(claim)).toMatchObject([{ code: REJECT.rewardsNone }]);
  });

  test("a unit that does not divide stays with the exchange", () => {
    const exchange = create();
    refer(exchange);
    // 10.1 USDC: 10,100,000 x 0.000432 = 4,363.2 units, a tenth of 4,363 is 436.3.
    const [, taken] = fillsOf(trade(exchange, 10.1));
    expect(taken.fee).toBe(4_363);
    expect(accountReferral(exchange.state, exchange.account("friend")).unclaimed).toBe(436);
  });

  test("the discount ends with a volume of 25M USDC, the share with 1,000M", () => {
    const exchange = create();
    refer(exchange);
    const friend = exchange.account("friend");
    const feeBps = () => (fillsOf(trade(exchange, 100))[1].fee * 10_000) / 100_000_000;
    const left = (usdc: number) => {
      for (let rest = usdc; rest > 0; rest -= 20_000_000)
        trade(exchange, Math.min(rest, 20_000_000));
    };
    left(24_999_900);
    expect(feeBps()).toBe(4.32);
    expect(feeBps()).toBe(4.5);
    left(974_999_800);
    const before = accountReferral(exchange.state, friend).unclaimed;
    expect(feeBps()).toBe(4.5);
    const at = accountReferral(exchange.state, friend).unclaimed;
    expect(at - before).toBe(4_500);
    expect(feeBps()).toBe(4.5);
    expect(accountReferral(exchange.state, friend).unclaimed).toBe(at);
  });

  test("a rebate comes out of what the referrer leaves of the fee across from it", () => {
    const exchange = create();
    refer(exchange);
    trade(exchange, 1_000_000, { taker: "builder" });
    exchange.timeMs = START_MS + DAY_MS;
    const before = systemBalances(exchange.state).fees;
    const [made, taken] = fillsOf(trade(exchange, 10_000));
    expect(made.fee).toBe(-300_000);
    expect(systemBalances(exchange.state).fees - before).toBe(made.fee + taken.fee);
  });

  test.each<[string, (exchange: TestExchange) => ExchangeEvent[], number]>([
    [
      "a second code",
      (exchange) =>
        exchange.run({ kind: "registerReferrer", signer: addressOf("friend"), code: "OTHER" }),
      REJECT.referralCodeSet,
    ],
    [
      "a code that is taken",
      (exchange) =>
        exchange.run({ kind: "registerReferrer", signer: addressOf("maker"), code: "FRIEND" }),
      REJECT.referralCodeTaken,
    ],
    [
      "an empty code",
      (exchange) =>
        exchange.run({ kind: "registerReferrer", signer: addressOf("maker"), code: "" }),
      REJECT.referralCodeInvalid,
    ],
    [
      "a code with a space",
      (exchange) =>
        exchange.run({ kind: "registerReferrer", signer: addressOf("maker"), code: "A B" }),
      REJECT.referralCodeInvalid,
    ],
    [
      "a code that nobody has",
      (exchange) =>
        exchange.run({ kind: "setReferrer", signer: addressOf("maker"), code: "friend" }),
      REJECT.referralCodeUnknown,
    ],
    [
      "oneself",
      (exchange) =>
        exchange.run({ kind: "setReferrer", signer: addressOf("friend"), code: "FRIEND" }),
      REJECT.referrerIsSelf,
    ],
    [
      "a second referrer",
      (exchange) =>
        exchange.run({ kind: "setReferrer", signer: addressOf("taker"), code: "FRIEND" }),
      REJECT.referrerSet,
    ],
    [
      "a code without the volume for it, where limits are on",
      (exchange) => {
        exchange.run({ kind: "setLimits", on: true });
        return exchange.run({ kind: "registerReferrer", signer: addressOf("maker"), code: "M" });
      },
      REJECT.referralVolumeTooLow,
    ],
  ])("%s is refused", (_, act, code) => {
    const exchange = create();
    refer(exchange);
    expect(act(exchange)).toMatchObject([{ kind: "commandRejected", code }]);
  });
});

describe("builders", () => {
  test("a builder earns its fee of both sides' fills, over the exchange's own, in every form of order", () => {
    const exchange = create();
    for (const user of ["maker", "taker"]) approve(exchange, user, 50);
    const fills = fillsOf(trade(exchange, 10_000, { makerBuilder: 10, takerBuilder: 50 }));
    // 10,000 USDC: 1.5 and 4.5 basis points, and 1 and 5 of the builder's.
    expect(fills.map(({ fee, builderFee }) => [fee, builderFee])).toEqual([
      [2_500_000, 1_000_000],
      [9_500_000, 5_000_000],
    ]);
    const view = accountReferral(exchange.state, exchange.account("builder"));
    expect(view).toMatchObject({ unclaimed: 6_000_000, builderEarned: 6_000_000 });
    const [, fok] = fillsOf(trade(exchange, 10_000, { takerBuilder: 50, tif: TIF.fok }));
    expect(fok.builderFee).toBe(5_000_000);
    exchange.run({ kind: "claimRewards", signer: addressOf("builder") });
    const { claimed, builderEarned } = accountReferral(exchange.state, exchange.account("builder"));
    expect([claimed, builderEarned]).toEqual([11_000_000, 11_000_000]);
  });

  test("a fill-or-kill order that falls short is taken back with what was owed for it", () => {
    const exchange = create();
    approve(exchange, "taker", 50);
    refer(exchange);
    const ask = { market: 0, px: PX, sz: 100_000, side: SELL, tif: TIF.gtc };
    exchange.run({ kind: "placeOrders", signer: addressOf("maker"), orders: [ask] });
    exchange.fund("poor", 30);
    exchange.run({
      kind: "placeOrders",
      signer: addressOf("poor"),
      orders: [{ ...ask, px: PX + 1, sz: 14_000 }],
    });
    exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: PX * 1.5 }] });
    const builder = { account: exchange.account("builder"), fee: 50 };
    const events = exchange.run({
      kind: "placeOrders",
      signer: addressOf("taker"),
      orders: [{ ...ask, side: BUY, px: PX + 1, sz: 114_000, tif: TIF.fok }],
      builder,
    });
    expect(events).toMatchObject([{ kind: "orderRejected", code: REJECT.fokUnfillable }]);
    for (const name of ["builder", "friend"])
      expect(accountReferral(exchange.state, exchange.account(name)).unclaimed).toBe(0);
  });

  test("a stop keeps its builder until it fires, and a modify takes the builder away", () => {
    const exchange = create();
    approve(exchange, "taker", 20);
    const builder = { account: exchange.account("builder"), fee: 20 };
    const stop = { px: PX * 1.01, takeProfit: false };
    const order = { market: 0, px: PX * 1.02, sz: 1_000, side: BUY, tif: TIF.ioc };
    exchange.run({
      kind: "placeOrders",
      signer: addressOf("taker"),
      orders: [{ ...order, trigger: stop }],
      builder,
    });
    exchange.run({
      kind: "placeOrders",
      signer: addressOf("maker"),
      orders: [{ ...order, side: SELL, px: PX * 1.01, tif: TIF.gtc }],
    });
    exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: PX * 1.01 }] });
    exchange.drain();
    const [, taken] = fillsOf(exchange.log.slice(-20));
    expect(taken.builderFee).toBe(20_200);
    const resting = { ...order, px: PX, tif: TIF.gtc };
    exchange.run({ kind: "placeOrders", signer: addressOf("taker"), orders: [resting], builder });
    const rested = exchange.log.findLast((event) => event.kind === "orderRested");
    exchange.run({
      kind: "modifyOrder",
      signer: addressOf("taker"),
      modify: { target: { oid: rested?.oid ?? 0 }, order: resting },
    });
    const [made] = fillsOf(
      exchange.run({
        kind: "placeOrders",
        signer: addressOf("maker"),
        orders: [{ ...resting, side: SELL, tif: TIF.ioc }],
      }),
    );
    expect([made.account, made.builderFee]).toEqual([exchange.account("taker"), 0]);
  });

  test("an order of a builder that is not approved, or for more, is refused with its whole batch", () => {
    const exchange = create();
    const refused = [{ kind: "commandRejected", code: REJECT.builderNotApproved }];
    expect(trade(exchange, 100, { takerBuilder: 0 })).toMatchObject(refused);
    approve(exchange, "taker", 30);
    expect(fillsOf(trade(exchange, 100, { takerBuilder: 30 }))[1].builderFee).toBe(30_000);
    expect(trade(exchange, 100, { takerBuilder: 31 })).toMatchObject(refused);
    approve(exchange, "taker", 0);
    expect(approvedBuildersOf(exchange.state, exchange.account("taker"))).toEqual([]);
    expect(trade(exchange, 100, { takerBuilder: 0 })).toMatchObject(refused);
  });

  test("0.1 % at most, of a builder with 100 USDC, ten at a time", () => {
    const exchange = create();
    expect(approve(exchange, "taker", 101)).toMatchObject([{ code: REJECT.builderFeeTooHigh }]);
    expect(approve(exchange, "taker", 10, "nobody")).toMatchObject([
      { code: REJECT.builderUnderfunded },
    ]);
    exchange.fund("small", 99.999_999);
    expect(approve(exchange, "taker", 10, "small")).toMatchObject([
      { code: REJECT.builderUnderfunded },
    ]);
    exchange.fund("small", 0.000_001);
    expect(approve(exchange, "taker", 10, "small")).toMatchObject([
      { kind: "builderApproved", builder: exchange.account("small"), feeMax: 10 },
    ]);
    for (let n = 1; n < 10; n++) {
      exchange.fund(`builder${n}`, 100);
      approve(exchange, "taker", 10, `builder${n}`);
    }
    expect(approve(exchange, "taker", 10)).toMatchObject([{ code: REJECT.tooManyBuilders }]);
    // Another figure for one of the ten, and the place of one that was taken back.
    expect(approve(exchange, "taker", 20, "small")).toMatchObject([{ kind: "builderApproved" }]);
    approve(exchange, "taker", 0, "builder3");
    expect(approve(exchange, "taker", 10)).toMatchObject([{ kind: "builderApproved" }]);
    expect(approvedBuildersOf(exchange.state, exchange.account("taker"))).toHaveLength(10);
  });

  test("an agent cannot approve a builder, and trades through those of its master", () => {
    const exchange = create();
    const agent = addressOf("agent");
    exchange.run({
      kind: "approveAgent",
      signer: addressOf("taker"),
      agent,
      name: "",
      validUntilMs: 0,
    });
    const [refused] = exchange.run({
      kind: "approveBuilderFee",
      signer: agent,
      builder: addressOf("builder"),
      feeMax: 10,
    });
    expect(refused).toMatchObject({ code: REJECT.masterKeyRequired });
    approve(exchange, "taker", 10);
    const [, taken] = fillsOf(trade(exchange, 100, { taker: "agent", takerBuilder: 10 }));
    expect(taken.builderFee).toBe(10_000);
  });
});
