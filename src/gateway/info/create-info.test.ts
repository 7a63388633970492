import { describe, expect, test } from "vitest";
import { createLocalExchange, START_MS } from "../../../test/conformance/local-exchange.ts";
import { createPromptInfo } from "../../../test/support/prompt-info.ts";
import type { Hex } from "../../base/hex.ts";
import type { Side } from "../../base/side.ts";
import { TIF, type Tif } from "../../base/time-in-force.ts";
import type { Command } from "../../exchange/command-codec.ts";
import { VENUE_FUNDING, venueImpactNotional } from "../../exchange/funding/funding-terms.ts";
import { MALFORMED_TEXT } from "../info-port.ts";

const ANNA: Hex = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const BERT: Hex = "0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const AGENT: Hex = "0xcccccccccccccccccccccccccccccccccccccccc";
const SMALL_CLOID: Hex = "0x00000000000000000000000000000001";

/** One market at 60,000.0 USDC, two accounts with 10,000 USDC each. */
function createScene() {
  const exchange = createLocalExchange();
  let nonce = START_MS;
  const order = (
    signer: Hex,
    side: Side,
    { px, sz, tif = TIF.gtc, ...more }: { px: number; sz: number; tif?: Tif; cloid?: Hex },
  ): Command => {
    nonce += 1;
    const item = { market: 0, side, px, sz, tif, ...more };
    return { kind: "placeOrders", orders: [item], signer, nonce };
  };
  exchange.run(
    {
      kind: "createMarket",
      spec: {
        name: "BTC",
        szDecimals: 5,
        maxLeverage: 40,
        pxMax: 10_000_000,
        positionMax: 10_000_000,
        notionalMin: 10_000_000,
        priceRule: "fiveSignificantFigures",
      },
    },
    { kind: "setOraclePrices", prices: [{ market: 0, px: 600_000 }] },
    { kind: "deposit", address: ANNA, amount: 10_000_000_000 },
    { kind: "deposit", address: BERT, amount: 10_000_000_000 },
  );
  const setOracle = (px: number) =>
    exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px }] });
  const answer = createPromptInfo(exchange.context);
  const ask = (request: object) => answer(request).body;
  return { exchange, order, setOracle, answer, ask };
}

describe("requests", () => {
  const { answer } = createScene();
  test.each([
    null,
    "meta",
    [],
    {},
    { type: "nothing" },
    { type: "constructor" },
    { type: "openOrders" },
    { type: "openOrders", user: "0x12" },
    { type: "openOrders", user: 7 },
    { type: "meta", dex: "other" },
    { type: "orderStatus", user: ANNA, oid: "x" },
    { type: "orderStatus", user: "0x12", oid: SMALL_CLOID },
    { type: "l2Book" },
    { type: "userFillsByTime", user: ANNA },
  ])("%j is malformed", (request) => {
    expect(answer(request)).toEqual({ status: 422, body: MALFORMED_TEXT });
  });

  test("addresses come in any case and with or without 0x, keys may be null", () => {
    for (const user of [ANNA, ANNA.toUpperCase().replace("X", "x"), ANNA.slice(2)]) {
      expect(answer({ type: "userRole", user }).body).toEqual({ role: "user" });
    }
    expect(answer({ type: "meta", dex: null }).status).toBe(200);
  });

  test("grouping that is not offered answers 500, an unknown coin null", () => {
    expect(answer({ type: "l2Book", coin: "BTC", nSigFigs: 5, mantissa: 3 }).status).toBe(500);
    expect(answer({ type: "l2Book", coin: "NONE" })).toEqual({ status: 200, body: null });
  });
});

describe("market data", () => {
  test("mids may end on half a tick, and fall back to the last trade and the oracle", () => {
    const { exchange, order, ask } = createScene();
    expect(ask({ type: "allMids" })).toEqual({ BTC: "60000.0" });
    exchange.run(
      order(ANNA, 0, { px: 599_990, sz: 100 }),
      order(ANNA, 1, { px: 600_010, sz: 100 }),
    );
    expect(ask({ type: "allMids" })).toEqual({ BTC: "60000.0" });
    exchange.run(order(ANNA, 1, { px: 600_000, sz: 100 }));
    expect(ask({ type: "allMids" })).toEqual({ BTC: "59999.5" });
    expect(ask({ type: "l2Book", coin: "BTC" })).toEqual({
      coin: "BTC",
      time: START_MS,
      levels: [
        [{ px: "59999.0", sz: "0.001", n: 1 }],
        [
          { px: "60000.0", sz: "0.001", n: 1 },
          { px: "60001.0", sz: "0.001", n: 1 },
        ],
      ],
    });
    expect(ask({ type: "l2Book", coin: "BTC", nSigFigs: 3 })).toMatchObject({ spread: "1.0" });
  });

  test("a market's figures: volume, open interest, impact prices, premium", () => {
    const { exchange, order, ask } = createScene();
    const empty = { midPx: null, premium: null, impactPxs: null, dayNtlVlm: "0.0" };
    expect((ask({ type: "metaAndAssetCtxs" }) as [unknown, object[]])[1][0]).toMatchObject({
      ...empty,
      prevDayPx: "60000.0",
      openInterest: "0.0",
    });
    exchange.run(
      order(ANNA, 0, { px: 606_000, sz: 50_000 }),
      order(BERT, 1, { px: 606_000, sz: 1000 }),
      order(BERT, 1, { px: 612_000, sz: 10_000 }),
      order(BERT, 1, { px: 618_000, sz: 40_000 }),
    );
    const [, [figures]] = ask({ type: "metaAndAssetCtxs" }) as [unknown, [object]];
    expect(figures).toMatchObject({
      markPx: "60000.0",
      oraclePx: "60000.0",
      midPx: "60900.0",
      openInterest: "0.01",
      dayBaseVlm: "0.01",
      dayNtlVlm: "606.0",
      funding: "0.0",
      // 20,000 USDC: all at 60,600; 6,120 at 61,200 and the rest at 61,800.
      impactPxs: ["60600.0", "61615.1"],
      premium: "0.01",
    });
  });
});

describe("orders", () => {
  test("a cloid of a small value is not taken for an order id", () => {
    const { exchange, order, ask } = createScene();
    exchange.run(order(ANNA, 0, { px: 599_990, sz: 100, cloid: SMALL_CLOID }));
    expect(ask({ type: "orderStatus", user: ANNA, oid: SMALL_CLOID })).toMatchObject({
      status: "order",
      order: { status: "open", order: { cloid: SMALL_CLOID, tif: "Gtc", sz: "0.001" } },
    });
    expect(ask({ type: "orderStatus", user: ANNA, oid: 1 })).toEqual({ status: "unknownOid" });
    expect(ask({ type: "orderStatus", user: BERT, oid: SMALL_CLOID })).toEqual({
      status: "unknownOid",
    });
  });

  test("filled, partly filled and refused orders say so", () => {
    const { exchange, order, ask } = createScene();
    exchange.run(
      order(ANNA, 0, { px: 599_990, sz: 100 }),
      order(BERT, 1, { px: 599_990, sz: 40 }),
      order(BERT, 1, { px: 600_010, sz: 40, tif: TIF.ioc }),
      order(BERT, 1, { px: 600_010, sz: 5_000_000 }),
      order(ANNA, 0, { px: 600_000, sz: 1 }),
    );
    expect(ask({ type: "openOrders", user: ANNA })).toMatchObject([
      { coin: "BTC", side: "B", limitPx: "59999.0", sz: "0.0006", origSz: "0.001" },
    ]);
    const statuses = (user: Hex) =>
      (ask({ type: "historicalOrders", user }) as { status: string }[]).map(({ status }) => status);
    expect(statuses(BERT)).toEqual(["perpMarginRejected", "iocCancelRejected", "filled"]);
    expect(statuses(ANNA)).toEqual(["minTradeNtlRejected", "open"]);
  });
});

describe("fills", () => {
  test("newest first; summed an order and time where asked; by time oldest first", () => {
    const { exchange, order, ask } = createScene();
    exchange.run(
      order(ANNA, 1, { px: 600_000, sz: 100 }),
      order(ANNA, 1, { px: 600_020, sz: 300 }),
      order(BERT, 0, { px: 600_020, sz: 400 }),
    );
    exchange.nowMs += 10;
    exchange.run(
      order(ANNA, 0, { px: 600_020, sz: 100 }),
      order(BERT, 1, { px: 600_020, sz: 100 }),
    );
    const plain = ask({ type: "userFills", user: BERT }) as { sz: string }[];
    expect(plain.map(({ sz }) => sz)).toEqual(["0.001", "0.003", "0.001"]);
    expect(ask({ type: "userFills", user: BERT, aggregateByTime: true })).toMatchObject([
      { dir: "Close Long", sz: "0.001", closedPnl: "0.0005" },
      // (1 x 60,000 + 3 x 60,002) / 4; the fee is 0.045 % of each, cut at 10^-6.
      { dir: "Open Long", sz: "0.004", px: "60001.5", fee: "0.108002", startPosition: "0.0" },
    ]);
    const later = ask({ type: "userFillsByTime", user: BERT, startTime: START_MS + 1 });
    expect(later).toMatchObject([{ dir: "Close Long" }]);
    const first = ask({ type: "userFillsByTime", user: BERT, startTime: 0, endTime: START_MS });
    expect(first).toMatchObject([{ px: "60000.0" }, { px: "60002.0" }]);
  });
});

describe("clearinghouseState", () => {
  test("is empty for unknown users", () => {
    const { ask } = createScene();
    const zero = {
      accountValue: "0.0",
      totalNtlPos: "0.0",
      totalRawUsd: "0.0",
      totalMarginUsed: "0.0",
    };
    expect(ask({ type: "clearinghouseState", user: AGENT })).toEqual({
      marginSummary: zero,
      crossMarginSummary: zero,
      crossMaintenanceMarginUsed: "0.0",
      withdrawable: "0.0",
      assetPositions: [],
      time: START_MS,
    });
  });

  test("follows the venue's algebra, long and short", () => {
    const { exchange, order, setOracle, ask } = createScene();
    exchange.run(
      order(ANNA, 0, { px: 600_000, sz: 100_000 }),
      order(BERT, 1, { px: 600_000, sz: 100_000 }),
    );
    setOracle(630_000);
    // Anna is long 1 BTC from 60,000; mark 63,000; 20x of at most 40x; maker fee 9, taker fee 27.
    expect(ask({ type: "clearinghouseState", user: ANNA })).toMatchObject({
      marginSummary: {
        accountValue: "12991.0",
        totalNtlPos: "63000.0",
        totalRawUsd: "-50009.0",
        totalMarginUsed: "3150.0",
      },
      crossMaintenanceMarginUsed: "787.5",
      withdrawable: "6691.0",
      assetPositions: [
        {
          type: "oneWay",
          position: {
            coin: "BTC",
            szi: "1.0",
            leverage: { type: "cross", value: 20 },
            entryPx: "60000.0",
            positionValue: "63000.0",
            unrealizedPnl: "3000.0",
            returnOnEquity: "1.0",
            // 63,000 - (12,991 - 787.5) / (1 - 1/80)
            liquidationPx: "50642.02531645",
            marginUsed: "3150.0",
            maxLeverage: 40,
          },
        },
      ],
    });
    expect(ask({ type: "clearinghouseState", user: BERT })).toMatchObject({
      marginSummary: { accountValue: "6973.0", totalRawUsd: "69973.0" },
      assetPositions: [
        {
          position: {
            szi: "-1.0",
            entryPx: "60000.0",
            unrealizedPnl: "-3000.0",
            returnOnEquity: "-1.0",
            // 63,000 + (6,973 - 787.5) / (1 + 1/80)
            liquidationPx: "69109.13580246",
          },
        },
      ],
    });
  });
});

describe("accounts", () => {
  test("agents: role, and the named ones in the list", () => {
    const { exchange, ask } = createScene();
    exchange.run({
      kind: "approveAgent",
      agent: AGENT,
      name: "bot",
      validUntilMs: 0,
      signer: ANNA,
      nonce: START_MS,
    });
    expect(ask({ type: "userRole", user: AGENT })).toEqual({ role: "agent", data: { user: ANNA } });
    expect(ask({ type: "userRole", user: `0x${"1".repeat(40)}` })).toEqual({ role: "missing" });
    expect(ask({ type: "extraAgents", user: ANNA })).toEqual([
      { address: AGENT, name: "bot", validUntil: START_MS + 90 * 86_400_000 },
    ]);
  });

  test("budget and fees tell of volume", () => {
    const { exchange, order, ask } = createScene();
    exchange.run(
      order(ANNA, 0, { px: 600_000, sz: 1000 }),
      order(BERT, 1, { px: 600_000, sz: 1000 }),
    );
    expect(ask({ type: "userRateLimit", user: BERT })).toEqual({
      cumVlm: "600.0",
      nRequestsUsed: 1,
      nRequestsCap: 10_600,
      nRequestsSurplus: 0,
    });
    expect(ask({ type: "userRateLimit", user: AGENT })).toMatchObject({ nRequestsCap: 10_000 });
    const fees = ask({ type: "userFees", user: BERT }) as { dailyUserVlm: object[] };
    expect(fees).toMatchObject({ userCrossRate: "0.00045", userAddRate: "0.00015" });
    expect(fees.dailyUserVlm.at(-1)).toEqual({
      date: "2024-08-08",
      userCross: "600.0",
      userAdd: "0.0",
      exchange: "600.0",
    });
  });
});

describe("funding", () => {
  test("predicted, paid once an hour, summed by position, in the history of market and users", () => {
    const { exchange, order, ask } = createScene();
    expect(ask({ type: "predictedFundings" })).toEqual([["BTC", [["HlPerp", null]]]]);
    exchange.run(
      order(ANNA, 0, { px: 600_000, sz: 1000 }),
      order(BERT, 1, { px: 600_000, sz: 1000 }),
      {
        kind: "setFunding",
        ...VENUE_FUNDING,
        markets: [{ market: 0, impactNotional: venueImpactNotional("BTC") }],
      },
    );
    const nextFundingTime = (Math.floor(exchange.nowMs / 3_600_000) + 1) * 3_600_000;
    expect(ask({ type: "predictedFundings" })).toEqual([
      ["BTC", [["HlPerp", { fundingRate: "0.0000125", nextFundingTime, fundingIntervalHours: 1 }]]],
    ]);
    exchange.nowMs = nextFundingTime;
    exchange.run({ kind: "tick" });
    const [, contexts] = ask({ type: "metaAndAssetCtxs" }) as [object, object[]];
    expect(contexts).toMatchObject([{ funding: "0.0000125" }]);
    const history = ask({ type: "fundingHistory", coin: "BTC", startTime: 0 });
    expect(history).toMatchObject([{ coin: "BTC", fundingRate: "0.0000125", premium: "0.0" }]);
    expect(ask({ type: "fundingHistory", coin: "NONE", startTime: 0 })).toBeNull();
    // 600 USDC x 0.0000125.
    const delta = { type: "funding", coin: "BTC", fundingRate: "0.0000125", nSamples: 1 };
    expect(ask({ type: "userFunding", user: ANNA })).toMatchObject([
      { delta: { ...delta, usdc: "-0.0075", szi: "0.01" } },
    ]);
    expect(ask({ type: "userFunding", user: BERT, startTime: 0 })).toMatchObject([
      { delta: { ...delta, usdc: "0.0075", szi: "-0.01" } },
    ]);
    const cumOf = (user: Hex) =>
      (ask({ type: "clearinghouseState", user }) as { assetPositions: object[] }).assetPositions;
    const cum = { allTime: "0.0075", sinceOpen: "0.0075", sinceChange: "0.0075" };
    expect(cumOf(ANNA)).toMatchObject([{ position: { cumFunding: cum } }]);
    exchange.run(
      order(ANNA, 0, { px: 600_000, sz: 100 }),
      order(BERT, 1, { px: 600_000, sz: 100 }),
    );
    expect(cumOf(ANNA)).toMatchObject([
      { position: { cumFunding: { ...cum, sinceChange: "0.0" } } },
    ]);
  });
});
