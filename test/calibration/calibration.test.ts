/**
 * The simulated BTC market beside 344 recorded seconds of Binance's BTCUSDT: the table is printed, and a
 * figure outside its bounds fails. Both sides go through the same estimators.
 */
import { expect, test } from "vitest";
import { compareMarkets, comparisonLines } from "../../src/analysis/market-comparison.ts";
import { marketStatistics } from "../../src/analysis/market-statistics.ts";
import { measureSimulation } from "../../src/sim/calibration.ts";
import { DEFAULT_MARKETS, type DefaultMarket } from "../../src/sim/default-markets.ts";
import { sampleOfTape } from "../../src/sim/tape-sample.ts";
import { openTape } from "../../src/tape/open-tape.ts";
import { describeWithData } from "../data.ts";

const SECONDS = 1_800;
const SEED = 1;

describeWithData("Calibration", ["binance/usdm_btcusdt_20240808.gz"], (path) => {
  test("the simulated market is like the recorded one", { timeout: 120_000 }, async () => {
    const recorded = marketStatistics(await sampleOfTape(await openTape(path)));
    const market = DEFAULT_MARKETS[0] as DefaultMarket;
    const simulated = measureSimulation({ market, seed: SEED, seconds: SECONDS });
    if (recorded === null || simulated === null) throw new Error("both markets trade");
    const rows = compareMarkets(recorded, simulated);
    console.log(
      [
        `recorded ${recorded.seconds.toFixed(0)} s: ${recorded.trades} trades of ${recorded.orders} orders; ` +
          `simulated ${simulated.seconds.toFixed(0)} s (seed ${SEED}): ${simulated.trades} of ${simulated.orders}`,
        ...comparisonLines(rows),
      ].join("\n"),
    );
    expect(rows.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual([]);
    expect(rows.length).toBe(18);
  });
});
