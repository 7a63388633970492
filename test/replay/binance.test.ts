/** 344 seconds of Binance's BTCUSDT depth and trades through both forms of book. */
import { expect, test } from "vitest";
import { createReferenceBook } from "../../src/exchange/book/reference.ts";
import { describeWithData } from "../data.ts";
import { createWideFastBook } from "../support/book-engine.ts";
import { replayBinance } from "./binance.ts";

describeWithData("Binance depth replay", ["binance/usdm_btcusdt_20240808.gz"], (path) => {
  test.each([
    ["fast", createWideFastBook],
    ["plain", createReferenceBook],
  ] as const)("%s book: the recording ends where it is known to end", (name, create) => {
    const replay = replayBinance(path, create);
    const { differences, early, gaps, crossed, bestBid, bestAsk, bidLevels, askLevels } = replay;
    console.log(
      `Binance depth, ${name} book: ends at ${bestBid / 10}/${bestAsk / 10}, ` +
        `${bidLevels}/${askLevels} levels, ${replay.trades} trades of ${replay.tradedLots / 1_000} BTC; ` +
        `${differences} differences (${early} from before the snapshot), ${gaps} gaps, crossed ${crossed} times`,
    );
    expect([bestBid, bestAsk]).toEqual([616_597, 616_598]);
    expect([bidLevels, askLevels]).toEqual([5_018, 4_578]);
    expect([replay.trades, replay.tradedLots]).toEqual([21_313, 2_429_366]);
    expect([replay.snapshots, differences + early]).toEqual([1, 6_551]);
    expect([gaps, crossed]).toEqual([0, 0]);
  });
});
