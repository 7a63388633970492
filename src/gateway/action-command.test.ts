import { describe, expect, test } from "vitest";
import type { Hex } from "../base/hex.ts";
import { TIF } from "../base/time-in-force.ts";
import {
  createCommandRecord,
  PX_INVALID as LANE_PX_INVALID,
  PX_OFF_TICK as LANE_PX_OFF_TICK,
  SZ_INVALID as LANE_SZ_INVALID,
} from "../exchange/command.ts";
import { readCommand, writeCommand } from "../exchange/command-codec.ts";
import { readRequest } from "../wire/canonical.ts";
import { PX_INVALID, PX_OFF_TICK, SZ_INVALID } from "../wire/decimal.ts";
import { commandOf } from "./action-command.ts";
import type { MarketTable } from "./market-table.ts";

const signer: Hex = `0x${"14".repeat(20)}`;
const cloidOwner: Hex = `0x${"15".repeat(20)}`;
const cloid: Hex = `0x${"c1".repeat(16)}`;
const markets: MarketTable = {
  marketOf: (assetId) => (assetId === 0 || assetId === 1 ? assetId : -1),
  szDecimals: (market) => (market === 0 ? 5 : 2),
};
const signature = { r: "0x1", s: "0x2", v: 27 };
const order = (fields: object = {}): object => ({
  a: 1,
  b: false,
  p: "12.5",
  s: "0.25",
  r: true,
  t: { limit: { tif: "Alo" } },
  ...fields,
});
const outcomeOf = (action: object, body: object = {}) => {
  const request = readRequest({ action, nonce: 7, signature, ...body });
  if (request === null) throw new Error("the action is well-formed");
  return commandOf(request, signer, markets, (address) => (address === signer ? 9 : -1));
};
const item = { market: 1, side: 1, px: 125_000, sz: 25, tif: TIF.alo, reduceOnly: true };
const parent = { market: 1, side: 0, px: 125_000, sz: 25, tif: TIF.alo };
const gone = { market: -1, side: 1, px: -1, sz: -1, tif: TIF.alo, reduceOnly: true };
const signed = { signer, nonce: 7 };

describe("actions as commands", () => {
  test.each<[string, object, object]>([
    [
      "order",
      { type: "order", orders: [order({ c: cloid })], grouping: "na" },
      { kind: "placeOrders", ...signed, orders: [{ ...item, cloid }] },
    ],
    [
      "order of no market",
      { type: "order", orders: [order({ a: 2 })], grouping: "na" },
      { kind: "placeOrders", ...signed, orders: [gone] },
    ],
    [
      "trigger order",
      {
        type: "order",
        orders: [order({ t: { trigger: { isMarket: true, triggerPx: "1", tpsl: "tp" } } })],
        grouping: "na",
      },
      {
        kind: "placeOrders",
        ...signed,
        orders: [{ ...item, tif: TIF.ioc, trigger: { px: 10_000, takeProfit: true } }],
      },
    ],
    [
      "parent and child",
      {
        type: "order",
        orders: [
          order({ b: true, r: false }),
          order({ t: { trigger: { isMarket: true, triggerPx: "1", tpsl: "sl" } } }),
        ],
        grouping: "normalTpsl",
      },
      {
        kind: "placeOrders",
        ...signed,
        orders: [
          { ...parent, parent: true },
          { ...item, tif: TIF.ioc, trigger: { px: 10_000, takeProfit: false, child: true } },
        ],
      },
    ],
    [
      "builder",
      { type: "order", orders: [order()], grouping: "na", builder: { b: signer, f: 10 } },
      { kind: "placeOrders", ...signed, orders: [item], builder: { account: 9, fee: 10 } },
    ],
    [
      "builder that is no user",
      { type: "order", orders: [order()], grouping: "na", builder: { b: cloidOwner, f: 10 } },
      { kind: "placeOrders", ...signed, orders: [item], builder: { account: -1, fee: 10 } },
    ],
    [
      "referral code",
      { type: "setReferrer", code: "FRIENDS" },
      { kind: "setReferrer", ...signed, code: "FRIENDS" },
    ],
    [
      "prices and sizes that are off",
      { type: "order", orders: [order({ p: "0", s: "x" }), order({ p: "1.23456", s: "0.001" })] },
      {
        kind: "placeOrders",
        ...signed,
        orders: [
          { ...item, px: -1, sz: -1 },
          { ...item, px: -2, sz: -1 },
        ],
      },
    ],
    [
      "cancel",
      {
        type: "cancel",
        cancels: [
          { a: 0, o: 5 },
          { a: 9, o: 2 ** 52 },
        ],
      },
      {
        kind: "cancelOrders",
        ...signed,
        cancels: [
          { market: 0, oid: 5 },
          { market: -1, oid: 2 ** 52 },
        ],
      },
    ],
    [
      "cancelByCloid",
      { type: "cancelByCloid", cancels: [{ asset: 1, cloid }] },
      { kind: "cancelByCloid", ...signed, cancels: [{ market: 1, cloid }] },
    ],
    [
      "modify by cloid that may cross",
      { type: "modify", oid: cloid, order: order(), a: true },
      {
        kind: "modifyOrder",
        ...signed,
        modify: { target: { cloid }, order: item, alwaysPlace: true },
      },
    ],
    [
      "batchModify",
      { type: "batchModify", modifies: [{ oid: 5, order: order() }] },
      { kind: "modifyOrders", ...signed, modifies: [{ target: { oid: 5 }, order: item }] },
    ],
    [
      "scheduleCancel",
      { type: "scheduleCancel", time: 99 },
      { kind: "scheduleCancel", ...signed, timeMs: 99 },
    ],
    [
      "scheduleCancel at 0, which is no disarming",
      { type: "scheduleCancel", time: 0 },
      { kind: "scheduleCancel", ...signed, timeMs: 1 },
    ],
    [
      "scheduleCancel without time",
      { type: "scheduleCancel" },
      { kind: "scheduleCancel", ...signed, timeMs: 0 },
    ],
    ["noop", { type: "noop" }, { kind: "noop", ...signed }],
  ])("%s", (_, action, expected) => {
    const outcome = outcomeOf(action);
    expect(outcome).toEqual({ command: expected });
    const record = createCommandRecord();
    if ("command" in outcome) writeCommand(outcome.command, record);
    expect(readCommand(record)).toEqual(expected);
  });

  test("vault and expiry; an expiry of 0 is long past, not none", () => {
    const vaultAddress = `0x${"77".repeat(20)}`;
    expect(outcomeOf({ type: "cancel", cancels: [] }, { vaultAddress, expiresAfter: 0 })).toEqual({
      command: {
        kind: "cancelOrders",
        ...signed,
        vault: vaultAddress,
        expiresAfter: 1,
        cancels: [],
      },
    });
  });
});

describe("agents", () => {
  const agentAddress = `0x${"a9".repeat(20)}`;
  const approve = (agentName?: string | null) =>
    outcomeOf({
      type: "approveAgent",
      signatureChainId: "0x66eee",
      hyperliquidChain: "Mainnet",
      agentAddress,
      ...(agentName === undefined ? {} : { agentName }),
      nonce: 7,
    });

  test.each([
    [undefined, "", 0],
    [null, "", 0],
    ["desk", "desk", 0],
    ["a name of 16 let", "a name of 16 let", 0],
    ["desk valid_until 1800000000000", "desk", 1_800_000_000_000],
    [" valid_until 5", "", 5],
    ["valid_until 5", "valid_until 5", 0],
    ["desk valid_until 0", "desk", 1],
    [`desk valid_until ${"9".repeat(30)}`, "desk", Number.MAX_SAFE_INTEGER],
  ])("name %j is %j, valid until %i", (sent, name, validUntilMs) => {
    expect(approve(sent)).toEqual({
      command: { kind: "approveAgent", ...signed, agent: agentAddress, name, validUntilMs },
    });
  });

  test("a name that is not printable ASCII is refused whole", () => {
    expect(approve("größe")).toEqual({ refusal: "Agent name must be printable ASCII." });
  });
});

test("what the wire reads as a bad number is what a command's lanes call one", () => {
  expect([PX_INVALID, PX_OFF_TICK, SZ_INVALID]).toEqual([
    LANE_PX_INVALID,
    LANE_PX_OFF_TICK,
    LANE_SZ_INVALID,
  ]);
});

describe("families of orders that are none are refused whole", () => {
  const stop = order({ t: { trigger: { isMarket: true, triggerPx: "1", tpsl: "sl" } } });
  test.each<[string, object[], string]>([
    ["a main order that is a trigger order", [stop, stop], "Main order cannot be trigger order."],
    ["no children", [order()], "Unexpected number of trigger orders"],
    ["three children", [order(), stop, stop, stop], "Unexpected number of trigger orders"],
    ["a child that is no trigger order", [order(), order()], "Unexpected number of trigger orders"],
    [
      "a child that may add",
      [
        order(),
        order({ r: false, t: { trigger: { isMarket: true, triggerPx: "1", tpsl: "sl" } } }),
      ],
      "TP/SL orders must be reduce-only",
    ],
  ])("%s", (_, orders, refusal) => {
    expect(outcomeOf({ type: "order", orders, grouping: "normalTpsl" })).toEqual({ refusal });
  });
});
