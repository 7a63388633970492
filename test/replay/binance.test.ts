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
  ] as const)(
    "%s book: the recording ends where it is known to end [ticks, lots]",
    async (name, create) => {
      const replay = await replayBinance(path, create);
      const { counts, crossed, bestBid, bestAsk, bidLevels, askLevels } = replay;
      const { differences, early, gaps } = counts;
      console.log(
        `Binance depth, ${name} book: ends at ${bestBid / 10}/${bestAsk / 10}, ` +
          `${bidLevels}/${askLevels} levels, ${counts.trades} trades of ${replay.tradedLots / 100_000} BTC; ` +
          `${differences} differences (and ${early} from before the snapshot), ${gaps} gaps, ` +
          `crossed ${crossed} times`,
      );
      expect([bestBid, bestAsk]).toEqual([616_597, 616_598]);
      expect([bidLevels, askLevels]).toEqual([5_018, 4_578]);
      expect([counts.trades, replay.tradedLots]).toEqual([21_313, 242_936_600]);
      expect([counts.snapshots, differences + early]).toEqual([1, 6_551]);
      expect([gaps, crossed]).toEqual([0, 0]);
    },
  );
});
