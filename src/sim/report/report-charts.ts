/** The charts of a report over time: which columns of the series each draws, and in which unit. */
import { lotsPerCoin, ticksPerUsdc } from "../../base/instrument-spec.ts";
import { BUY } from "../../base/side.ts";
import { type Line, type TimeChart, timeChart } from "./chart.ts";
import type { EquityPoint, ReportFigures } from "./report-figures.ts";
import type { RunRecord, SeriesRow } from "./run-record.ts";

/** How the page's script writes money. */
const USDC = { before: "$", decimals: 2, after: "" };
const MICROS = 1_000_000;

/** What all charts of a run share. */
export interface ChartContext {
  readonly record: RunRecord;
  readonly figures: ReportFigures;
  readonly szDecimals: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The context of a run's charts. */
export function chartContext(record: RunRecord, figures: ReportFigures): ChartContext {
  const { series, summary } = record;
  const fromMs = series[0]?.timeMs ?? 0;
  const toMs = Math.max(fromMs + 1, series.at(-1)?.timeMs ?? 0);
  return { record, figures, szDecimals: summary?.spec?.szDecimals ?? 0, fromMs, toMs };
}

const times = ({ fromMs, toMs }: ChartContext): Pick<TimeChart, "fromMs" | "toMs"> => ({
  fromMs,
  toMs,
});

/** Money lines are drawn in USDC [10^-6 USDC -> USDC]. */
const money = (context: ChartContext, value: (point: EquityPoint) => number): Line["points"] =>
  context.figures.equity.map((point) => [point.timeMs, value(point) / MICROS] as const);

const rowLine = (
  { record }: ChartContext,
  value: (row: SeriesRow) => number | null,
): Line["points"] => record.series.map((row) => [row.timeMs, value(row)] as const);

/** Net and gross PnL, and the fall from the highest net below. */
export const equityCharts = (context: ChartContext): string =>
  timeChart({
    ...times(context),
    id: "chart-equity",
    title: "PnL since the start",
    unit: USDC,
    hasZero: true,
    lines: [
      { name: "net", ink: "net", points: money(context, ({ net }) => net) },
      {
        name: "before fees",
        ink: "gross",
        isDashed: true,
        points: money(context, ({ gross }) => gross),
      },
    ],
  }) +
  timeChart({
    ...times(context),
    id: "chart-drawdown",
    title: "Drawdown: net below its highest so far",
    unit: USDC,
    hasZero: true,
    isLow: true,
    lines: [
      {
        name: "drawdown",
        ink: "sell",
        isArea: true,
        points: money(context, ({ drawdown }) => drawdown),
      },
    ],
  });

/** The causes as they added up over time. */
export const causeChart = (context: ChartContext): string =>
  timeChart({
    ...times(context),
    id: "chart-causes",
    title: "How each cause added up",
    unit: USDC,
    hasZero: true,
    lines: [
      { name: "spread", ink: "spread", points: money(context, ({ row }) => row.spread ?? 0) },
      {
        name: "adverse selection",
        ink: "adverse",
        points: money(context, ({ row }) => row.adverseSelection ?? 0),
      },
      { name: "inventory", ink: "held", points: money(context, ({ row }) => row.inventory ?? 0) },
      {
        name: "fees",
        ink: "gross",
        isDashed: true,
        points: money(context, ({ row }) => row.fees ?? 0),
      },
      { name: "net", ink: "net", points: money(context, ({ net }) => net) },
    ],
  });

/** Position between its limits. */
export function inventoryChart(context: ChartContext): string {
  const { szDecimals, record } = context;
  const coins = (lots: number | null): number | null =>
    lots === null ? null : lots / lotsPerCoin(szDecimals);
  const limit = (sign: 1 | -1): Line["points"] =>
    rowLine(context, (row) => coins(row.limit === null ? null : sign * row.limit));
  return timeChart({
    ...times(context),
    id: "chart-inventory",
    title: `Position [${record.manifest.asset}], above 0 long, below short`,
    unit: { before: "", decimals: szDecimals, after: ` ${record.manifest.asset}` },
    hasZero: true,
    lines: [
      {
        name: "position",
        ink: "fair",
        isStep: true,
        isArea: true,
        points: rowLine(context, (row) => coins(row.position)),
      },
      { name: "limit", ink: "soft", isDashed: true, points: limit(1) },
      { name: "limit", ink: "soft", isDashed: true, isUnnamed: true, points: limit(-1) },
    ],
  });
}

/** Fair price, own quotes around it, and the fills. */
export function priceChart(context: ChartContext): string {
  const { szDecimals, record } = context;
  const perUsdc = ticksPerUsdc(szDecimals);
  const usdc = (ticks: number | null): number | null => (ticks === null ? null : ticks / perUsdc);
  const fills = (isBuy: boolean): Line["points"] =>
    record.fills
      .filter(({ side }) => (side === BUY) === isBuy)
      .map(({ timeMs, px }) => [timeMs, px / perUsdc] as const);
  return timeChart({
    ...times(context),
    id: "chart-price",
    title: `${record.manifest.asset} price, own quotes and fills`,
    unit: { before: "$", decimals: Math.min(4, 6 - szDecimals), after: "" },
    lines: [
      {
        name: "own bid",
        ink: "buy",
        isStep: true,
        points: rowLine(context, (row) => usdc(row.ownBid)),
      },
      {
        name: "own ask",
        ink: "sell",
        isStep: true,
        points: rowLine(context, (row) => usdc(row.ownAsk)),
      },
      {
        name: "fair",
        ink: "fair",
        points: rowLine(context, (row) =>
          usdc(row.fairHalfTicks === null ? null : row.fairHalfTicks / 2),
        ),
      },
      { name: "bought", ink: "buy", isDots: true, points: fills(true) },
      { name: "sold", ink: "sell", isDots: true, points: fills(false) },
    ],
  });
}

/** Distances from the fair price, and what the model made them of. */
export function quoteCharts(context: ChartContext): string {
  const bpsUnit = { before: "", decimals: 2, after: " bps" };
  const perFair = (row: SeriesRow, ticks: number | null): number | null =>
    ticks === null || row.fairHalfTicks === null ? null : (ticks * 20_000) / row.fairHalfTicks;
  const away = (row: SeriesRow, px: number | null, sign: 1 | -1): number | null =>
    px === null || row.fairHalfTicks === null
      ? null
      : perFair(row, sign * (px - row.fairHalfTicks / 2));
  const spread = timeChart({
    ...times(context),
    id: "chart-spread",
    title: "Distance from the fair price [bps]",
    unit: bpsUnit,
    hasZero: true,
    lines: [
      { name: "own bid", ink: "buy", points: rowLine(context, (row) => away(row, row.ownBid, -1)) },
      { name: "own ask", ink: "sell", points: rowLine(context, (row) => away(row, row.ownAsk, 1)) },
      {
        name: "half of the market's spread",
        ink: "soft",
        isDashed: true,
        points: rowLine(context, (row) =>
          row.bookAsk === null || row.bookBid === null
            ? null
            : perFair(row, (row.bookAsk - row.bookBid) / 2),
        ),
      },
    ],
  });
  return spread + modelCharts(context, perFair);
}

function modelCharts(
  context: ChartContext,
  perFair: (row: SeriesRow, ticks: number | null) => number | null,
): string {
  const small = (
    id: string,
    title: string,
    after: string,
    value: (row: SeriesRow) => number | null,
  ): string => {
    const points = rowLine(context, value);
    const known = points.flatMap(([, y]) => (y === null ? [] : [y]));
    const first = known[0];
    // A figure that never changed is said, not drawn.
    if (first !== undefined && known.every((y) => y === first)) {
      return `<p class="caption">${title}: ${Number(first.toPrecision(6))}${after} throughout.</p>`;
    }
    return timeChart({
      ...times(context),
      id: `chart-${id}`,
      title,
      unit: { before: "", decimals: 3, after },
      isLow: true,
      lines: [{ name: id, ink: "fair", points }],
    });
  };
  const perBps = (row: SeriesRow): number | null =>
    row.intensityK === null || row.fairHalfTicks === null
      ? null
      : (row.intensityK * row.fairHalfTicks) / 20_000;
  return [
    small("sigma", "Volatility the maker saw [bps per square root of a second]", " bps/√s", (row) =>
      perFair(row, row.sigma),
    ),
    small("k", "How fast fills thin out with distance, k [1/bps]", " /bps", perBps),
    small("gamma", "Aversion to inventory, γ", "", (row) => row.gamma),
    small(
      "skew",
      "Skew: how far both quotes were moved down against the position [bps]",
      " bps",
      (row) => perFair(row, row.skew),
    ),
  ].join("");
}
