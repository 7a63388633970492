import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accountRulesFrom } from "../base/account-rules.ts";
import type { Hex } from "../base/hex.ts";
import { writeHex } from "../base/hex.ts";
import { PROTECTION } from "../base/market-protection.ts";
import { CANCEL_REASON, REJECT } from "../base/reject-code.ts";
import { ORDER_FLAG } from "./book/order-table.ts";
import { COMMAND, ITEM_FLAG } from "./command.ts";
import { CONSEQUENCE } from "./consequence.ts";
import {
  createEventRing,
  EVENT,
  EVENT_BYTES,
  EVENT_FLAG,
  EVENT_HEAD,
  EVENT_LANES,
  type EventRing,
  eventByte,
  eventLane,
  type MoveCause,
  type OfferEnd,
  ORDER_EVENT,
  releaseEvents,
  reserveEvent,
  type TransferCause,
} from "./event.ts";
import { readEvent, readEvents } from "./event-codec.ts";

/** Writes an event whose lanes count up from 1 and whose bytes count up from 1; returns its number. */
function writeCounting(ring: EventRing, kind: number, flags: number): number {
  const index = reserveEvent(ring);
  const lane = eventLane(ring, index);
  for (let i = 0; i < EVENT_LANES; i++) ring.lanes[lane + i] = i + 1;
  for (let i = 0; i < EVENT_BYTES; i++) ring.bytes[eventByte(ring, index) + i] = i + 65;
  ring.lanes[lane + EVENT_HEAD.kind] = kind;
  ring.lanes[lane + ORDER_EVENT.flags] = flags;
  return index;
}

test.each([
  ["events", EVENT],
  ["commands", COMMAND],
  ["consequences", CONSEQUENCE],
  ["refusals", REJECT],
  ["reasons of cancels", CANCEL_REASON],
  ["flags of ordered items", ITEM_FLAG],
  ["flags of orders", ORDER_FLAG],
] as const)("no two kinds of %s share a number", (_, kinds) => {
  const numbers: number[] = Object.values(kinds);
  expect(new Set(numbers).size).toBe(numbers.length);
});

describe("event codec", () => {
  const head = { seq: 2, timeMs: 3, account: 4, market: 5, item: 6 };
  const address: Hex = `0x${Array.from({ length: 20 }, (_, i) => (i + 65).toString(16)).join("")}`;
  const cloid: Hex = `0x${Array.from({ length: 16 }, (_, i) => (i + 65).toString(16)).join("")}`;
  const facts = { oid: 7, side: 8, px: 9, sz: 10, origSz: 11, tif: 12, reduceOnly: true, cloid };
  const ascii = (from: number, length: number): string =>
    String.fromCharCode(...Array.from({ length }, (_, i) => from + i));
  const pool = { pool: 7, amount: 8, tokens: 9, assets: 10, supply: 11, closingCost: 12 };
  const vault = {
    vault: 7,
    amount: 8,
    shares: 9,
    assets: 10,
    supply: 11,
    basis: 12,
    commission: 14,
    commissionShares: 15,
    closingCost: 16,
    requested: 17,
    address: `0x${"0".repeat(40)}`,
  };
  const strategy = { id: 7, strategy: 8, a: 9, b: 10, c: 11, d: 12 };
  const trail = { offset: 18, unit: "bps" };
  const parent = { oid: 19, awaited: true };
  const trigger = { px: 20, takeProfit: true, position: true, parent, trail };
  const twap = {
    twapId: 7,
    side: 8,
    sz: 9,
    executedSz: 10,
    executedNtl: 11,
    minutes: 12,
    reduceOnly: true,
    randomize: false,
    startMs: 16,
    trigger: { px: 17, above: true },
    waiting: true,
    stopPx: 18,
  };
  const EXPECTED: Record<keyof typeof EVENT, object> = {
    orderAccepted: { ...facts, twapId: 19 },
    orderRested: { ...facts, expiresAtMs: 18 },
    orderArmed: facts,
    orderReduced: facts,
    orderWaiting: { ...facts, trigger },
    orderTriggered: { ...facts, trigger },
    orderCanceled: { ...facts, reason: 14 },
    orderRejected: {
      ...facts,
      code: 14,
      a: 15,
      b: 16,
      c: 17,
      trigger,
    },
    twapStarted: twap,
    twapSliced: twap,
    twapEnded: { ...twap, end: 14, code: 15 },
    fill: {
      ...facts,
      tid: 14,
      fee: 15,
      closedPnl: 16,
      startPosition: 17,
      counterparty: 18,
      counterOid: 19,
      markPx: 20,
      crossed: true,
      liquidation: true,
      // Bytes 16 to 23 count up from 81, the lower ones first.
      builderFee: 0x58_57_56_55 * 2 ** 32 + 0x54_53_52_51,
      way: "adl",
    },
    cancelRejected: { oid: 7, code: 14 },
    commandRejected: { code: 14, a: 15, b: 16, c: 17, address },
    accountOpened: { address },
    deposited: { amount: 7 },
    withdrawn: { amount: 7 },
    deficitBooked: { amount: 7 },
    marketCreated: {
      name: ascii(65, 20),
      szDecimals: 7,
      maxLeverage: 8,
      pxMax: 9,
      positionMax: 10,
      notionalMin: 11,
      priceRule: 12,
      marginMode: 13,
    },
    oracleMoved: { px: 9, markPx: 10 },
    agentApproved: { agent: address, name: ascii(85, 16), validUntilMs: 8 },
    agentRemoved: { agent: address, name: ascii(85, 16) },
    cancelScheduled: { scheduledMs: 7 },
    scheduledCancelFired: {},
    liquidationStarted: { equity: 8, maintenance: 9 },
    insuranceFunded: { amount: 7 },
    cooldownStarted: { untilMs: 7 },
    backstopTookOver: { amount: 7, backstop: 8 },
    deleveraged: { amount: 7, lots: 8, px: 9 },
    defaultPolicySet: { adl: 7, partialAbove: 8, lossMax: 9 },
    limitsSet: { on: false },
    marginTiersSet: {
      tiers: Array.from({ length: 7 }, (_, n) => ({
        lowerBound: 7 + 2 * n,
        maxLeverage: 8 + 2 * n,
      })),
    },
    marketStateSet: { state: 7, untilMs: 8, cause: 9, px: 10, fromPx: 11 },
    liquidationsPaused: { atMs: 8 },
    liquidationsResumed: { atMs: 8 },
    protectionSet: {
      settings: Object.fromEntries(Object.entries(PROTECTION).map(([name, at]) => [name, 7 + at])),
    },
    feeScheduleSet: { schedule: 7 },
    riskLimitsSet: { size: 7, exposure: 8, operators: false },
    stakeSet: { stake: 7 },
    subAccountCreated: { subAccount: 8, address, name: ascii(85, 16) },
    transferred: { amount: 7, other: 8, cause: 9 as TransferCause, fee: 10 },
    positionMoved: {
      size: 7,
      cost: 8,
      startPosition: 9,
      other: 10,
      cause: 11 as MoveCause,
      markPx: 12,
    },
    positionOffered: { id: 7, taker: 8, size: 10, cost: 11, usd: 12, expiresAtMs: 13 },
    offerEnded: { id: 7, taker: 8, end: 9 as OfferEnd },
    subAccountRenamed: { subAccount: 8, address, name: ascii(85, 16) },
    accountRulesSet: accountRulesFrom((index) => 7 + index),
    fundingSet: {
      intervalMs: 7,
      sampleMs: 8,
      interest: 9,
      clamp: 10,
      divisor: 11,
      cap: 12,
      impactNotional: 13,
    },
    fundingSettled: { amount: 7, size: 8, oraclePx: 9, rate: 10, premium: 11, samples: 12 },
    fundingPaid: { amount: 7, size: 8, oraclePx: 9, rate: 10, premium: 11, samples: 12 },
    isolatedMarginUpdated: { amount: 7 },
    markSet: { policy: 7, basisTauMs: 8, bookTauMs: 9 },
    vaultCreated: { ...vault, address },
    vaultDeposited: vault,
    vaultWithdrawn: vault,
    vaultChanged: vault,
    featuresSet: {},
    poolCreated: pool,
    liquidityAdded: pool,
    liquidityRemoved: pool,
    poolEarned: pool,
    strategyStarted: strategy,
    strategyPaused: strategy,
    strategyResumed: strategy,
    strategyEnded: strategy,
    gridCycled: strategy,
    leverageUpdated: { leverage: 8, isCross: false },
    referralCodeRegistered: { referralCode: ascii(65, 20) },
    referrerNamed: { referrer: 7 },
    builderApproved: { builder: 8, feeMax: 7 },
    rewardsClaimed: { amount: 7 },
  };

  test.each(Object.entries(EXPECTED))("%s has the lanes that the record says", (kind, content) => {
    const ring = createEventRing(4, 4);
    const flags = Object.values(EVENT_FLAG).reduce((sum, bit) => sum + bit, 0);
    const isPlain = [
      "marketCreated",
      "marginTiersSet",
      "fundingSet",
      "accountRulesSet",
      "protectionSet",
      "markSet",
      "positionOffered",
    ];
    const lane = isPlain.includes(kind) || kind.startsWith("twap") ? 13 : flags;
    const index = writeCounting(ring, EVENT[kind as keyof typeof EVENT], lane);
    expect(readEvent(ring, index)).toEqual({ kind, ...head, ...content });
  });

  test("flags are read one by one", () => {
    const ring = createEventRing(8, 8);
    const read = (flags: number) => readEvent(ring, writeCounting(ring, EVENT.fill, flags));
    const none = {
      reduceOnly: false,
      cloid: null,
      crossed: false,
      liquidation: false,
      way: "book",
    };
    expect(read(0)).toMatchObject(none);
    expect(read(EVENT_FLAG.reduceOnly)).toMatchObject({ ...none, reduceOnly: true });
    expect(read(EVENT_FLAG.hasCloid)).toMatchObject({ ...none, cloid });
    expect(read(EVENT_FLAG.crossed)).toMatchObject({ ...none, crossed: true });
    expect(read(EVENT_FLAG.liquidation)).toMatchObject({ ...none, liquidation: true });
    expect(read(EVENT_FLAG.backstop)).toMatchObject({ ...none, way: "backstop" });
    expect(read(EVENT_FLAG.adl)).toMatchObject({ ...none, way: "adl" });
  });

  test("a kind outside the set, and an event that is not in the ring, stop", () => {
    const ring = createEventRing(4, 4);
    expect(() => readEvent(ring, 0)).toThrow(/the event is in the ring/);
    const index = writeCounting(ring, 99, 0);
    expect(() => readEvent(ring, index)).toThrow(/closed set/);
    releaseEvents(ring, 1);
    expect(() => readEvent(ring, index)).toThrow(/the event is in the ring/);
  });
});

describe("event ring", () => {
  test("keeps order and content through growth and wrap, whatever is released when", () => {
    const steps = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(-1)), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(steps, fc.constantFrom(1, 2, 8), (ops, capacity) => {
        const ring = createEventRing(capacity, 1_024);
        const model: { oid: number; address: Hex }[] = [];
        let released = 0;
        for (const op of ops) {
          if (op < 0) {
            released = Math.floor((released + model.length + 1) / 2);
            releaseEvents(ring, released);
          }
          for (let i = 0; i < op; i++) {
            const index = reserveEvent(ring);
            expect(index).toBe(model.length);
            const address: Hex = `0x${index.toString(16).padStart(40, "0")}`;
            ring.lanes[eventLane(ring, index)] = EVENT.commandRejected;
            ring.lanes[eventLane(ring, index) + ORDER_EVENT.a] = index;
            writeHex(address, ring.bytes, eventByte(ring, index), 20);
            model.push({ oid: index, address });
          }
          const events = readEvents(ring, released, ring.written);
          expect(events.map((event) => (event.kind === "commandRejected" ? event : null))).toEqual(
            model
              .slice(released)
              .map(({ oid, address }) => expect.objectContaining({ a: oid, address })),
          );
        }
      }),
    );
  });

  test("stops at its bound, refuses to release backwards and sizes that are no power of two", () => {
    const ring = createEventRing(2, 4);
    for (let i = 0; i < 4; i++) reserveEvent(ring);
    expect(() => reserveEvent(ring)).toThrow(/bound/);
    releaseEvents(ring, 2);
    expect(() => releaseEvents(ring, 1)).toThrow(/in order/);
    expect(() => releaseEvents(ring, 9)).toThrow(/in order/);
    expect(() => createEventRing(3)).toThrow(/power of two/);
  });
});
