/** Mark by the venue's formula: what book, oracle and other venues make of it, and who looks at it. */
import { beforeEach, describe, expect, test } from "vitest";
import { REJECT } from "../../src/base/reject-code.ts";
import { BUY, SELL } from "../../src/base/side.ts";
import { TIF } from "../../src/base/time-in-force.ts";
import { MARK_POLICY, VENUE_MARK } from "../../src/exchange/oracle/mark-terms.ts";
import { markPx, markTerms, oraclePx } from "../../src/exchange/query.ts";
import {
  addressOf,
  createTestExchange,
  type TestExchange,
  testSpec,
} from "../support/test-exchange.ts";

/** 100 USDC [ticks of 0.001]. */
const PX = 100_000;
let exchange: TestExchange;

beforeEach(() => {
  rested = [];
  exchange = createTestExchange({ markets: [testSpec()], invariantsEvery: 1 });
  for (const name of ["maker", "other"]) exchange.fund(name, 1_000_000);
  exchange.run({ kind: "setMark", ...VENUE_MARK, markets: [0] });
});

/** An oracle price after a while [ticks, ms]. */
function oracle(px: number, afterMs = 3_000, elsewherePx = 0) {
  exchange.timeMs += afterMs;
  const prices = [{ market: 0, px, ...(elsewherePx === 0 ? {} : { elsewherePx }) }];
  return exchange.run({ kind: "setOraclePrices", prices });
}

/** Ids of what rested of the maker's. */
let rested: number[] = [];

function order(name: string, side: 0 | 1, px: number, sz = 1_000) {
  const events = exchange.run({
    kind: "placeOrders",
    signer: addressOf(name),
    orders: [{ market: 0, side, px, sz, tif: TIF.gtc }],
  });
  if (name === "maker")
    rested.push(...events.flatMap((event) => (event.kind === "orderRested" ? [event.oid] : [])));
}

function cancelAll() {
  const cancels = rested.map((oid) => ({ market: 0, oid }));
  rested = [];
  if (cancels.length > 0)
    exchange.run({ kind: "cancelOrders", signer: addressOf("maker"), cancels });
}

/** The book's mid, 10 ticks from either side, in place of what rested [ticks]. */
function book(mid: number) {
  cancelAll();
  order("maker", BUY, mid - 10);
  order("maker", SELL, mid + 10);
}

const mark = () => markPx(exchange.state, 0);

describe("the formula", () => {
  test("without a book, or with one side of it, the mark is the oracle price", () => {
    oracle(PX);
    expect(mark()).toBe(PX);
    order("maker", BUY, PX - 500);
    oracle(PX + 10);
    expect(mark()).toBe(PX + 10);
  });

  test("it moves with an oracle price and by nothing else", () => {
    oracle(PX);
    book(PX + 300);
    expect(mark()).toBe(PX);
    expect(oracle(PX)).toMatchObject([{ kind: "oracleMoved", px: PX, markPx: PX + 300 }]);
    book(PX + 200);
    exchange.timeMs += 60_000;
    exchange.run({ kind: "tick" });
    expect(mark()).toBe(PX + 300);
  });

  test("the last trade counts within the spread", () => {
    oracle(PX);
    order("maker", SELL, PX + 40);
    order("other", BUY, PX + 40);
    order("maker", BUY, PX - 10);
    order("maker", SELL, PX + 20);
    // Basis 5 (the mid), the last trade held to the ask, and the same for the steady price.
    oracle(PX);
    expect(mark()).toBe(PX + 20);
  });

  test("an oracle that jumps away from a book that stays does not take the mark along", () => {
    oracle(PX);
    book(PX);
    for (let i = 0; i < 200; i++) oracle(PX);
    oracle(PX + 1_000);
    // Own: 101,000 - 1,000 x 3 / 148.8, the weight after ten minutes; book and steady: 100,000.
    expect(mark()).toBe(PX);
    book(PX + 1_000);
    oracle(PX + 1_000);
    // Own: basis -20.2 x 0.9798; book 101,000; steady 100,000 + 1,000 x 0.0952.
    expect(mark()).toBe(PX + 980);
  });

  test("with a mid from elsewhere it is the median of three", () => {
    oracle(PX);
    book(PX + 100);
    oracle(PX, 3_000, PX + 40);
    // Own and book say 100,100.
    expect(mark()).toBe(PX + 100);
    book(PX + 500);
    oracle(PX, 3_000, PX + 200);
    // Own: the second sample has all the weight so far, 500; elsewhere 200.
    expect(mark()).toBe(PX + 500);
    oracle(PX + 900, 3_000, PX + 700);
    // Own: 900 + (500 + -400) / 2; book 500.
    expect(mark()).toBe(PX + 700);
  });

  test("without a book a mid from elsewhere is met halfway until a steady price is known", () => {
    oracle(PX, 3_000, PX + 101);
    expect(mark()).toBe(PX + 51);
  });
});

describe("who looks at it", () => {
  test("a stop fires when the mark passes its price, whatever the oracle says", () => {
    oracle(PX);
    order("maker", SELL, PX);
    order("other", BUY, PX);
    book(PX);
    for (let i = 0; i < 100; i++) oracle(PX);
    const stop = {
      market: 0,
      side: SELL,
      px: PX - 5_000,
      sz: 1_000,
      tif: TIF.ioc,
      reduceOnly: true,
    };
    exchange.run({
      kind: "placeOrders",
      signer: addressOf("other"),
      orders: [{ ...stop, trigger: { px: PX - 500, takeProfit: false } }],
    });
    expect(oracle(PX - 600).map(({ kind }) => kind)).toEqual(["oracleMoved"]);
    book(PX - 600);
    expect(oracle(PX - 600).map(({ kind }) => kind)).toContain("orderTriggered");
    expect(exchange.summary("other").positions).toEqual([]);
  });

  test("an account is liquidated by the mark, at the oracle price that brought it", () => {
    exchange.fund("long", 11);
    oracle(PX);
    order("maker", SELL, PX, 1_000);
    order("long", BUY, PX, 1_000);
    book(PX);
    for (let i = 0; i < 100; i++) oracle(PX);
    // Under maintenance from 93.68 USDC down; the book stays at 100.
    expect(oracle(PX - 8_000).map(({ kind }) => kind)).toEqual(["oracleMoved"]);
    book(PX - 8_000);
    const kinds = oracle(PX - 8_000).map(({ kind }) => kind);
    expect(kinds).toContain("liquidationStarted");
    expect(exchange.summary("long").positions).toEqual([]);
  });
});

test("terms begin averages anew and take effect with the next oracle price", () => {
  oracle(PX);
  book(PX + 300);
  oracle(PX);
  exchange.run({ kind: "setMark", ...VENUE_MARK, policy: MARK_POLICY.oracle, markets: [0] });
  expect(mark()).toBe(PX + 300);
  expect(markTerms(exchange.state, 0)?.policy).toBe(MARK_POLICY.oracle);
  oracle(PX + 1);
  expect([mark(), oraclePx(exchange.state, 0)]).toEqual([PX + 1, PX + 1]);
});

test.each([{ policy: 2 }, { policy: -1 }, { basisTauMs: 0 }, { bookTauMs: 86_400_001 }])(
  "terms with %j are refused",
  (part) => {
    const events = exchange.run({ kind: "setMark", ...VENUE_MARK, ...part, markets: [0] });
    expect(events).toMatchObject([{ kind: "commandRejected", code: REJECT.markTermsInvalid }]);
  },
);

test.each([-1, 0.5, 2 ** 26])("a mid elsewhere of %d is refused with its oracle price", (px) => {
  expect(oracle(PX, 3_000, px)).toMatchObject([
    { kind: "commandRejected", code: REJECT.oraclePxInvalid },
  ]);
});
