import { describe, expect, test } from "vitest";
import { isLegalPx, specProblem } from "../base/instrument-spec.ts";
import { BUY, SELL } from "../base/side.ts";
import {
  accountOf,
  fillOf,
  levelsOf,
  marketOfMeta,
  orderOf,
  pxOf,
  referenceOf,
  statusOf,
} from "./wire-shape.ts";

const universe = [
  { name: "ETH", szDecimals: 4, maxLeverage: 25 },
  { name: "BTC", szDecimals: 5, maxLeverage: 40 },
];
const { assetId, spec } = marketOfMeta(universe, "BTC");

describe("markets", () => {
  test("a market's id is its place in the universe and its spec is sound", () => {
    expect(assetId).toBe(1);
    expect(specProblem(spec)).toBeNull();
    expect(isLegalPx(spec, 837_670)).toBe(true);
  });

  test("a market that the venue does not have is an error", () => {
    expect(() => marketOfMeta(universe, "DOGE")).toThrow(/no market named DOGE/);
  });
});

describe("amounts", () => {
  test("levels in ticks and lots", () => {
    expect(levelsOf([{ px: "83767.0", sz: "0.335" }], spec)).toEqual([{ px: 837_670, sz: 33_500 }]);
  });

  test.each(["", "abc", "0", "-1", "1.23456"])("price %j is an error", (text) => {
    expect(() => pxOf(text, 5)).toThrow(/cannot be read/);
  });

  test("reference prices are cut to the tick; none is 0 [ticks]", () => {
    expect(referenceOf("83767.456", 5)).toBe(837_674);
    expect(referenceOf(null, 5)).toBe(0);
    expect(referenceOf("0.0", 5)).toBe(0);
    expect(referenceOf("0.1234567", 0)).toBe(123_456);
  });
});

describe("the account's records", () => {
  const cloid = "0xB0C5E001000000010000000000000001";

  test("a fill keeps its sign of fee and lower-case cloid [lots, ticks, 10^-6 USDC]", () => {
    const fill = {
      coin: "BTC",
      px: "60000.5",
      sz: "0.00123",
      side: "A" as const,
      time: 17,
      startPosition: "-0.5",
      closedPnl: "-1.25",
      oid: 9,
      crossed: true,
      fee: "-0.0123456789",
      tid: 33,
      cloid: cloid as `0x${string}`,
    };
    expect(fillOf(fill, spec)).toEqual({
      tid: 33,
      oid: 9,
      cloid: cloid.toLowerCase(),
      side: SELL,
      px: 600_005,
      sz: 123,
      fee: -12_345,
      closedPnl: -1_250_000,
      crossed: true,
      startPosition: -50_000,
      timeMs: 17,
    });
  });

  test("an order without cloid has null", () => {
    const order = {
      coin: "BTC",
      side: "B" as const,
      limitPx: "60000.0",
      sz: "0.0",
      origSz: "0.1",
      oid: 5,
    };
    expect(orderOf(order, { status: "selfTradeCanceled", timeMs: 3 }, spec)).toEqual({
      oid: 5,
      cloid: null,
      side: BUY,
      px: 600_000,
      sz: 0,
      origSz: 10_000,
      status: "canceled",
      timeMs: 3,
    });
  });

  test.each([
    ["open", "open"],
    ["triggered", "open"],
    ["filled", "filled"],
    ["canceled", "canceled"],
    ["marginCanceled", "canceled"],
    ["scheduledCancel", "canceled"],
    ["rejected", "rejected"],
    ["badAloPxRejected", "rejected"],
  ])("status word %s means %s", (word, status) => {
    expect(statusOf(word)).toBe(status);
  });

  test("a short position has a negative value [lots, 10^-6 USDC]", () => {
    const state = {
      time: 5,
      withdrawable: "90.0",
      marginSummary: { accountValue: "100.123456" },
      assetPositions: [{ position: { coin: "BTC", szi: "-0.001", positionValue: "60.0" } }],
    };
    expect(accountOf(state, spec)).toEqual({
      timeMs: 5,
      position: -100,
      positionValue: -60_000_000,
      equity: 100_123_456,
      withdrawable: 90_000_000,
    });
    expect(accountOf({ ...state, assetPositions: [] }, spec)).toMatchObject({
      position: 0,
      positionValue: 0,
    });
  });
});
