/**
 * A simulated market beside a recorded one: figures that are to be within a factor of the recorded ones,
 * and correlations that are to have their sign. A lag stands here where the recording's own sign does
 * not depend on where its seconds begin.
 */
import type { MarketStatistics } from "./market-statistics.ts";

/** One figure of both markets. */
export interface ComparisonRow {
  readonly name: string;
  readonly unit: string;
  readonly recorded: number;
  readonly simulated: number;
  /** Simulated over recorded; null where only the sign counts [1]. */
  readonly ratio: number | null;
  readonly bound: string;
  readonly ok: boolean;
}

/** A figure is alike within this factor either way [1]. */
const FACTOR_MAX = 2;

const SIZE_QUANTILES = [0.25, 0.5, 0.75, 0.9, 0.95, 0.99];
const SIGN_LAGS = [1, 2, 5, 10];
const VOLUME_LAGS = [1, 2];

/** Compares all figures. */
export function compareMarkets(
  recorded: MarketStatistics,
  simulated: MarketStatistics,
): ComparisonRow[] {
  const within = (
    name: string,
    unit: string,
    figure: (market: MarketStatistics) => number,
  ): ComparisonRow => {
    const [theirs, ours] = [figure(recorded), figure(simulated)];
    const ratio = ours / theirs;
    const bound = `${1 / FACTOR_MAX} to ${FACTOR_MAX}`;
    const ok = ratio >= 1 / FACTOR_MAX && ratio <= FACTOR_MAX;
    return { name, unit, recorded: theirs, simulated: ours, ratio, bound, ok };
  };
  const sameSign = (name: string, figure: (market: MarketStatistics) => number): ComparisonRow => {
    const [theirs, ours] = [figure(recorded), figure(simulated)];
    const ok = Math.sign(theirs) === Math.sign(ours);
    return { name, unit: "1", recorded: theirs, simulated: ours, ratio: null, bound: "sign", ok };
  };
  return [
    within("spread, median over time", "legal steps", (market) => market.spreadSteps),
    ...SIZE_QUANTILES.map((p) =>
      within(`trade size, quantile ${p}`, "coins", (market) => market.tradeSz(p)),
    ),
    within("branching ratio of orders", "1", (market) => market.branching),
    within("volatility of a second", "bps", (market) => market.sigmaBps),
    within("returns with signed volume", "1", (market) => market.impact),
    ...SIGN_LAGS.map((lag) => sameSign(`order signs, lag ${lag}`, (market) => market.signs(lag))),
    sameSign("returns, lag 1 s", (market) => market.returns(1)),
    sameSign("absolute returns, lag 1 s", (market) => market.absoluteReturns(1)),
    ...VOLUME_LAGS.map((lag) => sameSign(`volume, lag ${lag} s`, (market) => market.volumes(lag))),
  ];
}

/** The rows as lines of text, the head first. */
export function comparisonLines(rows: readonly ComparisonRow[]): string[] {
  const figure = (value: number): string => value.toPrecision(3);
  const cells = rows.map(({ name, unit, recorded, simulated, ratio, bound, ok }) => [
    `${name} [${unit}]`,
    figure(recorded),
    figure(simulated),
    ratio === null ? "" : ratio.toFixed(2),
    bound,
    ok ? "ok" : "FAIL",
  ]);
  const table = [["figure", "recorded", "simulated", "ratio", "bound", ""], ...cells];
  const widths = table[0]?.map((_, column) =>
    Math.max(...table.map((row) => (row[column] as string).length)),
  ) as number[];
  return table.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] as number;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd(),
  );
}
