import { describe, expect, test } from "vitest";
import { REJECT } from "../../src/base/reject-code.ts";
import { marketCount, marketSpec, oraclePx, systemBalances } from "../../src/exchange/query.ts";
import { playScenario } from "../support/scenario.ts";
import { addressOf, createTestExchange, testSpec } from "../support/test-exchange.ts";

const E = 2 ** 49;

describe("createMarket", () => {
  test.each([
    { name: "" },
    { name: "ABCDEFGHIJKLM" },
    { name: "B-TC" },
    { name: "B TC" },
    { szDecimals: -1 },
    { szDecimals: 7 },
    { szDecimals: 1.5 },
    { maxLeverage: 0 },
    { maxLeverage: 101 },
    { maxLeverage: 2.5 },
    { pxMax: 0 },
    { pxMax: 2 ** 25, positionMax: 1 },
    { pxMax: 1.5 },
    { positionMax: 0 },
    { positionMax: 0.5 },
    { pxMax: 2 ** 24, positionMax: 2 ** 25 + 1 },
    { pxMax: 1, positionMax: 2 ** 53 },
    { pxMax: Number.NaN },
    { notionalMin: -1 },
    { notionalMin: 10 ** 12 + 1 },
    { notionalMin: Number.NaN },
  ])("refuses %j", (part) => {
    const exchange = createTestExchange();
    expect(exchange.run({ kind: "createMarket", spec: testSpec(part) })).toMatchObject([
      { kind: "commandRejected", code: REJECT.marketSpecInvalid },
    ]);
    expect(marketCount(exchange.state)).toBe(0);
  });

  test.each([
    { name: "kPEPE", szDecimals: 0 },
    { name: "ABCDEFGHIJKL", szDecimals: 6 },
    { pxMax: 2 ** 25 - 1, positionMax: Math.floor(E / (2 ** 25 - 1)) },
    { pxMax: 1, positionMax: E },
    { maxLeverage: 1 },
    { maxLeverage: 100, notionalMin: 0, priceRule: "fiveSignificantFigures" as const },
  ])("takes %j and gives it back", (part) => {
    const exchange = createTestExchange();
    const spec = testSpec(part);
    const { name, priceRule, ...numbers } = spec;
    expect(exchange.run({ kind: "createMarket", spec })).toMatchObject([
      {
        kind: "marketCreated",
        market: 0,
        name,
        ...numbers,
        priceRule: priceRule === "everyTick" ? 1 : 0,
      },
    ]);
    expect(marketSpec(exchange.state, 0)).toEqual(spec);
    expect(oraclePx(exchange.state, 0)).toBe(0);
  });

  test("refuses a name twice, also where the rest differs; ids count up", () => {
    const exchange = createTestExchange({ markets: [testSpec()] });
    expect(exchange.run({ kind: "createMarket", spec: testSpec({ szDecimals: 1 }) })).toMatchObject(
      [{ code: REJECT.marketNameTaken }],
    );
    expect(exchange.run({ kind: "createMarket", spec: testSpec({ name: "ETH" }) })).toMatchObject([
      { kind: "marketCreated", market: 1 },
    ]);
  });

  test("refuses the 1025th", () => {
    const exchange = createTestExchange();
    for (let i = 0; i < 1024; i++) {
      exchange.run({ kind: "createMarket", spec: testSpec({ name: `M${i}` }) });
    }
    expect(marketCount(exchange.state)).toBe(1024);
    expect(exchange.run({ kind: "createMarket", spec: testSpec({ name: "LAST" }) })).toMatchObject([
      { code: REJECT.capacityExhausted },
    ]);
  });
});

describe("setOraclePrices [ticks]", () => {
  test.each([
    { market: 2, px: 100, code: REJECT.marketUnknown },
    { market: -1, px: 100, code: REJECT.marketUnknown },
    { market: 0.5, px: 100, code: REJECT.marketUnknown },
    { market: Number.NaN, px: 100, code: REJECT.marketUnknown },
    { market: 1, px: 0, code: REJECT.oraclePxInvalid },
    { market: 1, px: -3, code: REJECT.oraclePxInvalid },
    { market: 1, px: 1.5, code: REJECT.oraclePxInvalid },
    { market: 1, px: Number.NaN, code: REJECT.oraclePxInvalid },
    { market: 1, px: 10_000_001, code: REJECT.oraclePxInvalid },
  ])(
    "market $market at $px is refused and the whole command changes nothing",
    ({ code, ...bad }) => {
      const exchange = createTestExchange({ markets: [testSpec(), testSpec({ name: "ETH" })] });
      const events = exchange.run({ kind: "setOraclePrices", prices: [{ market: 0, px: 7 }, bad] });
      expect(events).toMatchObject([{ kind: "commandRejected", code }]);
      expect(oraclePx(exchange.state, 0)).toBe(0);
    },
  );

  test("takes 1 and the market's cap, and says each", () => {
    const exchange = createTestExchange({ markets: [testSpec(), testSpec({ name: "ETH" })] });
    const prices = [
      { market: 1, px: 10_000_000 },
      { market: 0, px: 1 },
    ];
    expect(exchange.run({ kind: "setOraclePrices", prices })).toMatchObject([
      { kind: "oracleMoved", market: 1, px: 10_000_000, item: 0 },
      { kind: "oracleMoved", market: 0, px: 1, item: 1 },
    ]);
  });

  test("orders wait for the market's first price", () => {
    playScenario(`
      commands
      | who   | command             | events |
      | alice | deposit 100         | opened alice, deposited 100 |
      | alice | buy 1@100 gtc       | rejected oracleMissing |
      |       | oracle 100          | oracle 100 |
      | alice | buy 1@100 gtc as A  | accepted A, rested A 1@100 |
    `);
  });
});

describe("deposits and withdrawals [10^-6 USDC]", () => {
  test.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 2e15 + 1])(
    "a deposit of %d is refused and opens no account",
    (amount) => {
      const exchange = createTestExchange();
      expect(exchange.run({ kind: "deposit", address: addressOf("a"), amount })).toMatchObject([
        { kind: "commandRejected", code: REJECT.amountInvalid },
      ]);
      expect(exchange.account("a")).toBe(-1);
    },
  );

  test("the sum of what is inside is capped, so sums of money stay exact", () => {
    const exchange = createTestExchange();
    const deposit = (amount: number) =>
      exchange.run({ kind: "deposit", address: addressOf("a"), amount });
    expect(deposit(2e15)).toHaveLength(2);
    expect(deposit(1)).toMatchObject([{ code: REJECT.amountInvalid }]);
  });

  test("money that goes round and round is refused before the running sums lose a micro", () => {
    const exchange = createTestExchange();
    const address = addressOf("a");
    let refused = 0;
    for (let round = 0; round < 6; round++) {
      for (const kind of ["deposit", "withdraw"] as const) {
        const events = exchange.run({ kind, address, amount: 2e15 - 1 });
        refused += events.filter((event) => event.kind === "commandRejected").length;
      }
      const { deposits, withdrawals } = systemBalances(exchange.state);
      expect(Number.isSafeInteger(deposits) && Number.isSafeInteger(withdrawals)).toBe(true);
    }
    expect(refused).toBeGreaterThan(0);
  });

  test("a second deposit finds the account", () => {
    playScenario(`
      commands
      | who   | command     | events |
      | alice | deposit 1   | opened alice, deposited 1 |
      | alice | deposit 2.5 | deposited 2.5 |
      | alice | withdraw 3.5 | withdrawn 3.5 |
      balances
      | who   | cash |
      | alice | 0    |
      system
      | deposits | withdrawals |
      | 3.5      | 3.5         |
    `);
  });
});
