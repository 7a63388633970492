/** A tape's market: the recorded figures, and who is filled where somebody else stands in the queue. */
import { describe, expect, test } from "vitest";
import { describeWithData } from "../../test/data.ts";
import { createTapeExchange, type TapeExchange } from "../../test/support/tape-exchange.ts";
import { addressOf } from "../../test/support/test-exchange.ts";
import { BUY, SELL, type Side } from "../base/side.ts";
import { TIF } from "../base/time-in-force.ts";
import { MICROS_PER_USDC } from "../base/units.ts";
import { checkInvariants } from "../exchange/invariant.ts";
import { accountOfAddress, oraclePx } from "../exchange/query.ts";
import { openBinanceTape } from "../tape/binance-tape.ts";
import type { TapeEvent, TapeHeader, TapeLevel } from "../tape/tape-event.ts";
import { finishTape } from "./tape-market.ts";

const HEADER: TapeHeader = {
  source: "binance",
  symbol: "TSTUSDT",
  coin: "TST",
  szDecimals: 3,
  szStep: 10,
};
const START_PX = 1_000;

const levels = (...pairs: [px: number, sz: number][]): TapeLevel[] =>
  pairs.map(([px, sz]) => ({ px, sz }));
let timeNs = 0n;
const at = (): { localNs: bigint; venueMs: number } => {
  timeNs += 1_000_000n;
  return { localNs: timeNs, venueMs: 0 };
};
const snapshot = (bids: TapeLevel[], asks: TapeLevel[]): TapeEvent => ({
  kind: "snapshot",
  ...at(),
  bids,
  asks,
});
const depth = (bids: TapeLevel[], asks: TapeLevel[]): TapeEvent => ({
  kind: "depth",
  ...at(),
  bids,
  asks,
});
const trade = (side: Side, px: number, sz: number): TapeEvent => ({
  kind: "trade",
  ...at(),
  side,
  px,
  sz,
});

/** A book of 400 bid at 990 and 400 offered at 1010, and an account beside the tape's. */
function arrange(): { exchange: TapeExchange; other: number } {
  const exchange = createTapeExchange(HEADER, START_PX);
  const address = addressOf("other");
  exchange.door.submit({ kind: "deposit", address, amount: 1_000 * MICROS_PER_USDC });
  exchange.play(snapshot(levels([990, 400]), levels([1_010, 400])));
  return { exchange, other: accountOfAddress(exchange.door.state, address) };
}

let nonce = 1_767_571_200_000;
function rest(exchange: TapeExchange, side: Side, px: number, sz: number): void {
  nonce += 1;
  exchange.door.submit({
    kind: "placeOrders",
    signer: addressOf("other"),
    nonce,
    orders: [{ market: 0, side, px, sz, tif: TIF.alo }],
  });
}

describe("a tape's market with somebody else in it [ticks, lots]", () => {
  test("the queue ahead trades first, then the other, then what came behind", () => {
    const { exchange, other } = arrange();
    rest(exchange, SELL, 1_010, 50);
    exchange.play(depth([], levels([1_010, 600])));
    exchange.play(trade(BUY, 1_010, 380));
    expect(exchange.prints.some(({ maker }) => maker === other)).toBe(false);
    exchange.play(trade(BUY, 1_010, 100));
    const sizes = exchange.prints.map(({ maker, sz }) => [maker === other, sz]);
    expect(sizes).toEqual([
      [false, 20],
      [true, 50],
      [false, 30],
    ]);
    expect(exchange.prints.every(({ px }) => px === 1_010)).toBe(true);
  });

  test("a level that shrinks loses what stands behind the other first, and never its place ahead", () => {
    const { exchange, other } = arrange();
    rest(exchange, SELL, 1_010, 50);
    exchange.play(depth([], levels([1_010, 600])));
    exchange.play(depth([], levels([1_010, 400])));
    expect(exchange.levels(SELL)).toEqual(levels([1_010, 450]));
    exchange.play(depth([], levels([1_010, 280])));
    // Of the four orders of 100 that stand ahead one goes; 20 of the next would lose their place.
    expect(exchange.levels(SELL)).toEqual(levels([1_010, 350]));
    exchange.play(trade(BUY, 1_010, 310));
    expect(exchange.prints.filter(({ maker }) => maker === other)).toEqual([
      { side: BUY, px: 1_010, sz: 10, maker: other },
    ]);
  });

  test("a better price of the other is hit first, at its own price; the sum is the recorded size", () => {
    const { exchange, other } = arrange();
    rest(exchange, SELL, 1_005, 30);
    exchange.play(trade(BUY, 1_010, 100));
    expect(exchange.prints.map(({ px, sz, maker }) => [px, sz, maker === other])).toEqual([
      [1_005, 30, true],
      [1_010, 70, false],
    ]);
  });

  test("a recorded market that moves through the other's price trades with it", () => {
    const { exchange, other } = arrange();
    rest(exchange, SELL, 1_005, 30);
    exchange.play(depth(levels([990, 0], [1_006, 100]), levels([1_010, 0], [1_020, 400])));
    expect(exchange.prints).toEqual([{ side: BUY, px: 1_005, sz: 30, maker: other }]);
    exchange.play(depth([], []));
    expect(exchange.levels(BUY)).toEqual(levels([1_006, 100]));
    expect(exchange.levels(SELL)).toEqual(levels([1_020, 400]));
  });

  test("what somebody takes from the recorded book stands again with its next change", () => {
    const { exchange } = arrange();
    nonce += 1;
    exchange.door.submit({
      kind: "placeOrders",
      signer: addressOf("other"),
      nonce,
      orders: [{ market: 0, side: BUY, px: 1_010, sz: 150, tif: TIF.ioc }],
    });
    expect(exchange.levels(SELL)).toEqual(levels([1_010, 250]));
    exchange.play(depth([], []));
    expect(exchange.levels(SELL)).toEqual(levels([1_010, 400]));
  });
});

describe("a tape's market alone [ticks, lots]", () => {
  test("a trade prints once at its price and size, whatever the book says, and leaves no trace", () => {
    const { exchange } = arrange();
    for (const [side, px, sz] of [
      [BUY, 1_010, 390],
      [BUY, 1_013, 5_000],
      [SELL, 1_000, 70],
      [BUY, 985, 10],
    ] as const) {
      exchange.play(trade(side, px, sz));
      expect(exchange.prints.map((print) => [print.side, print.px, print.sz])).toEqual([
        [side, px, sz],
      ]);
    }
    finishTape(exchange.market);
    expect(exchange.levels(BUY)).toEqual(levels([990, 400]));
    expect(exchange.levels(SELL)).toEqual(levels([1_010, 400]));
    expect(exchange.refused).toBe(0);
  });

  test("the oracle stands in the middle of the recorded book, moved once a second", () => {
    const { exchange } = arrange();
    timeNs += 2_000_000_000n;
    exchange.play(depth(levels([996, 10]), []));
    exchange.play(depth([], []));
    expect(oraclePx(exchange.door.state, 0)).toBe(1_000);
    timeNs += 2_000_000_000n;
    exchange.play(depth([], []));
    expect(oraclePx(exchange.door.state, 0)).toBe(1_003);
  });
});

/** A second or five alone; the machine may have more to do [ms]. */
const LONG_MS = 180_000;

describeWithData("Binance tape", ["binance/usdm_btcusdt_20240808.gz"], (path) => {
  test(
    "trades, volume and end of the recording come out exactly [ticks, lots]",
    async () => {
      const tape = await openBinanceTape(path);
      const exchange = createTapeExchange(tape.header, tape.startPx);
      const { market } = exchange;
      for await (const events of tape.read()) for (const event of events) exchange.play(event);
      finishTape(market);
      checkInvariants(exchange.door.state);
      const [bids, asks] = [exchange.levels(BUY), exchange.levels(SELL)];
      console.log(
        `Binance tape on the exchange: ${exchange.trades} trades of ${exchange.tradedLots / 100_000} BTC, ` +
          `ends at ${(bids[0]?.px ?? 0) / 10}/${(asks[0]?.px ?? 0) / 10}, ${bids.length}/${asks.length} levels, ` +
          `crossed ${exchange.crossed} times`,
      );
      expect([exchange.trades, exchange.tradedLots]).toEqual([21_313, 242_936_600]);
      expect([bids[0]?.px, asks[0]?.px]).toEqual([616_597, 616_598]);
      expect([bids.length, asks.length]).toEqual([5_018, 4_578]);
      expect([exchange.crossed, exchange.refused]).toEqual([0, 0]);
      for (const [side, ladder] of [bids, asks].entries()) {
        const recorded = market.depth.recorded[side as Side];
        expect(ladder.filter(({ px, sz }) => recorded.get(px) !== sz)).toEqual([]);
      }
      expect([market.depth.orders.unplaced, market.depth.beyond]).toEqual([0, 0]);
    },
    LONG_MS,
  );
});
