/** Markets of a fresh exchange: three names with the venue's precision and leverage. */
import type { InstrumentSpec } from "../base/instrument-spec.ts";
import { MICROS_PER_USDC } from "../base/units.ts";

/** A market and where its reference price starts. */
export interface DefaultMarket {
  readonly spec: InstrumentSpec;
  /** First oracle price [ticks]. */
  readonly startPx: number;
  /** Standard deviation of a second's return [1]. */
  readonly sigmaPerSqrtSec: number;
  /** How much is traded, in orders and in size, against BTC [ratio]. */
  readonly activity: number;
}

const market = (
  name: string,
  szDecimals: number,
  maxLeverage: number,
  startPx: number,
  sigmaPerSqrtSec: number,
  activity: number,
): DefaultMarket => ({
  spec: {
    name,
    szDecimals,
    maxLeverage,
    pxMax: 10_000_000,
    positionMax: 50_000_000,
    notionalMin: 10 * MICROS_PER_USDC,
    priceRule: "fiveSignificantFigures",
  },
  startPx,
  sigmaPerSqrtSec,
  activity,
});

/** Markets of a builder's dex of a name: two of the default ones, of its own. */
export const dexMarkets = (dex: string): readonly DefaultMarket[] =>
  DEFAULT_MARKETS.slice(0, 2).map((one) => ({
    ...one,
    spec: { ...one.spec, name: `${dex}:${one.spec.name}`, maxLeverage: 10 },
  }));

/** BTC at 64,000.0, ETH at 3,100.00 and HYPE at 38.2200 USDC; yearly volatilities near 60, 60 and 90 %. */
export const DEFAULT_MARKETS: readonly DefaultMarket[] = [
  market("BTC", 5, 40, 640_000, 1.1e-4, 1),
  market("ETH", 4, 25, 310_000, 1.07e-4, 0.6),
  market("HYPE", 2, 10, 382_200, 1.6e-4, 0.3),
];
