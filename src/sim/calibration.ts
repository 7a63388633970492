/** Measures the simulated market of a seed by the measures that a recording is measured by. */
import { type MarketStatistics, marketStatistics } from "../analysis/market-statistics.ts";
import type { Hex } from "../base/hex.ts";
import { MICROS_PER_USDC } from "../base/units.ts";
import { MAKER_CONFIG_DEFAULTS } from "../maker/config.ts";
import type { DefaultMarket } from "./default-markets.ts";
import { createMarketRecorder } from "./market-recorder.ts";
import { createSimulation } from "./simulation.ts";

/** The book fills before anything is measured [ms]. */
const WARM_UP_MS = 30_000;
const START_MS = 1_700_000_000_000;
/** A maker that is never started. */
const NOBODY: Hex = `0x${"ee".repeat(20)}`;

/** Runs one market without a maker for a while of market time [s]; null where nothing traded. */
export function measureSimulation(options: {
  readonly market: DefaultMarket;
  readonly seed: number;
  readonly seconds: number;
}): MarketStatistics | null {
  const { market, seed, seconds } = options;
  const recorder = createMarketRecorder(market.spec, { market: 0, px: market.startPx });
  let isWarm = false;
  const simulation = createSimulation({
    seed,
    startMs: START_MS,
    markets: [market],
    makerAddress: NOBODY,
    makerDeposit: MICROS_PER_USDC,
    makerConfigOf: (sessionId) => ({
      ...MAKER_CONFIG_DEFAULTS,
      asset: market.spec.name,
      sessionId,
    }),
    exchange: {
      onDurable(ring, from, to) {
        const { running } = simulation.exchange;
        if (isWarm && running !== null) recorder.note(running.models, ring, from, to);
      },
    },
  });
  simulation.runFor(WARM_UP_MS);
  isWarm = true;
  simulation.runFor(seconds * 1_000);
  return marketStatistics(recorder.sample);
}
