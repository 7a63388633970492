/** Candles and ledgers over the wire, from an exchange in process. */
import { expect, test } from "vitest";
import { createLocalExchange, START_MS } from "../../../test/conformance/local-exchange.ts";
import { createPromptInfo } from "../../../test/support/prompt-info.ts";
import type { Hex } from "../../base/hex.ts";
import { BUY, SELL } from "../../base/side.ts";
import { TIF } from "../../base/time-in-force.ts";

const ANNA: Hex = `0x${"a1".repeat(20)}`;
const BERT: Hex = `0x${"b2".repeat(20)}`;
const MINUTE_MS = 60_000;

function createScene() {
  const exchange = createLocalExchange();
  let nonce = START_MS;
  exchange.run(
    {
      kind: "createMarket",
      spec: {
        name: "BTC",
        szDecimals: 5,
        maxLeverage: 40,
        pxMax: 10_000_000,
        positionMax: 10_000_000,
        notionalMin: 0,
        priceRule: "everyTick",
      },
    },
    { kind: "setOraclePrices", prices: [{ market: 0, px: 600_000 }] },
    { kind: "deposit", address: ANNA, amount: 10_000_000_000 },
    { kind: "deposit", address: BERT, amount: 10_000_000_000 },
  );
  const answer = createPromptInfo(exchange.context);
  const trade = (px: number, sz: number): void => {
    const order = { market: 0, px, sz, tif: TIF.gtc };
    for (const [signer, side] of [
      [ANNA, SELL],
      [BERT, BUY],
    ] as const) {
      exchange.run({ kind: "placeOrders", signer, nonce: nonce++, orders: [{ ...order, side }] });
    }
  };
  return { exchange, trade, ask: (request: object) => answer(request).body };
}

test("candles hold what was traded, and stand still where nothing was", () => {
  const { exchange, trade, ask } = createScene();
  const candles = (interval: string, startTime: number, endTime?: number) =>
    ask({ type: "candleSnapshot", req: { coin: "BTC", interval, startTime, endTime } });
  expect(candles("1m", 0)).toEqual([]);
  trade(600_000, 100);
  trade(600_100, 200);
  exchange.nowMs += MINUTE_MS / 2;
  trade(599_900, 300);
  exchange.nowMs += 2.5 * MINUTE_MS;
  trade(601_000, 50);
  const head = { s: "BTC", i: "1m" };
  const at = (minute: number) => ({
    t: START_MS + minute * MINUTE_MS,
    T: START_MS + (minute + 1) * MINUTE_MS - 1,
    ...head,
  });
  const flat = { o: "59990.0", h: "59990.0", l: "59990.0", c: "59990.0", v: "0.0", n: 0 };
  const first = { o: "60000.0", h: "60010.0", l: "59990.0", c: "59990.0", v: "0.006", n: 3 };
  const last = { o: "60100.0", h: "60100.0", l: "60100.0", c: "60100.0", v: "0.0005", n: 1 };
  const all = [
    { ...at(0), ...first },
    { ...at(1), ...flat },
    { ...at(2), ...flat },
    { ...at(3), ...last },
  ];
  expect(candles("1m", START_MS)).toEqual(all);
  expect(candles("1m", START_MS + MINUTE_MS + 5, START_MS + 2 * MINUTE_MS)).toEqual(
    all.slice(1, 3),
  );
  expect(candles("1d", START_MS)).toMatchObject([
    { i: "1d", t: START_MS - 12 * 60 * MINUTE_MS, o: "60000.0", c: "60100.0", n: 4 },
  ]);
  expect(
    ask({ type: "candleSnapshot", req: { coin: "NONE", interval: "1m", startTime: 0 } }),
  ).toEqual([]);
});

test("a ledger holds deposits, withdrawals and both sides of a transfer, in a range of time", () => {
  const { exchange, ask } = createScene();
  exchange.nowMs += 10;
  exchange.run({ kind: "withdraw", address: ANNA, amount: 1_500_000 });
  const updates = (user: Hex, more: object = {}) =>
    ask({ type: "userNonFundingLedgerUpdates", user, ...more });
  expect(updates(ANNA)).toMatchObject([
    { time: START_MS, delta: { type: "deposit", usdc: "10000.0" } },
    {
      time: START_MS + 10,
      delta: { type: "withdraw", usdc: "1.5", nonce: START_MS + 10, fee: "0.0" },
    },
  ]);
  expect(updates(ANNA, { startTime: START_MS + 1 })).toHaveLength(1);
  expect(updates(ANNA, { startTime: 0, endTime: START_MS })).toHaveLength(1);
  exchange.run({ kind: "createSubAccount", signer: ANNA, nonce: START_MS + 10, name: "one" });
  const [{ subAccountUser }] = ask({ type: "subAccounts", user: ANNA }) as [
    { subAccountUser: Hex },
  ];
  exchange.run({
    kind: "subAccountTransfer",
    signer: ANNA,
    nonce: START_MS + 11,
    subAccount: subAccountUser,
    isDeposit: true,
    amount: 2_000_000,
  });
  const delta = {
    type: "subAccountTransfer",
    usdc: "2.0",
    user: ANNA,
    destination: subAccountUser,
  };
  expect(updates(ANNA, { startTime: START_MS + 10 })).toMatchObject([{}, { delta }]);
  expect(updates(subAccountUser)).toMatchObject([{ delta }]);
});
