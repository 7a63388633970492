/** Two hours of Bitstamp's order-by-order log through both forms of book. */
import { expect, test } from "vitest";
import { createReferenceBook } from "../../src/exchange/book/reference.ts";
import { describeWithData } from "../data.ts";
import { createWideFastBook } from "../support/book-engine.ts";
import { type BitstampReplay, replayBitstamp } from "./bitstamp.ts";

/** How many of our matches the recording has too, price and size, each counted once. */
function commonTrades({ trades, ownTrades }: BitstampReplay): number {
  const left = new Map<string, number>();
  for (const trade of trades) left.set(trade, (left.get(trade) ?? 0) + 1);
  return ownTrades.filter((trade) => {
    const count = left.get(trade) ?? 0;
    left.set(trade, count - 1);
    return count > 0;
  }).length;
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)} %`;

describeWithData("Bitstamp L3 replay", ["bitstamp/btcusd-2015-05-01-first-2h.log.gz"], (path) => {
  test.each([
    ["fast", createWideFastBook],
    ["plain", createReferenceBook],
  ] as const)(
    "%s book: after an hour the best prices and sizes are those of the snapshots",
    (name, create) => {
      const replay = replayBitstamp(path, create);
      const { snapshots, topEqual, topSizeEqual, levels, levelsEqual, ownTrades } = replay;
      const common = commonTrades(replay);
      console.log(
        `Bitstamp L3, ${name} book: top of book ${topEqual} of ${snapshots} snapshots ` +
          `(${percent(topEqual, snapshots)}), with sizes ${percent(topSizeEqual, snapshots)}; ` +
          `levels ${percent(levelsEqual, levels)} (orders from before the log are unknown); ` +
          `${common} of our ${ownTrades.length} matches among its ${replay.trades.length} trades; ` +
          `${replay.foreign} messages about unknown orders, ${replay.disputed} ends disputed`,
      );
      expect([replay.created, replay.changed, replay.deleted]).toEqual([10_778, 314, 10_791]);
      expect(snapshots).toBe(1_103);
      expect(topEqual / snapshots).toBeGreaterThanOrEqual(0.999);
      expect(topSizeEqual / snapshots).toBeGreaterThanOrEqual(0.999);
      expect(replay.crossed).toBe(0);
      expect(common / ownTrades.length).toBeGreaterThan(0.95);
    },
  );
});
