import {
  createNoiseMarket,
  type NoiseMarketConfig,
  nextNoiseMs,
  noiseGenesis,
  resumeReference,
  stepNoise,
} from "./noise-market.ts";
import type { Traders } from "./traders.ts";

/** The plain noise market behind the port of traders; `startPx` overrides first prices [ticks]. */
export function createNoiseTraders(
  config: NoiseMarketConfig,
  nowMs: number,
  startPx: readonly number[] = [],
): Traders {
  const noise = createNoiseMarket(config, nowMs);
  resumeReference(noise, startPx);
  return {
    genesis: noiseGenesis(config),
    nextMs: () => nextNoiseMs(noise),
    step: (state, atMs) => stepNoise(noise, state, atMs),
    referencePx: (market) => noise.reference[market] as number,
    scaleReference(market, factor) {
      noise.reference[market] = (noise.reference[market] as number) * factor;
    },
  };
}
