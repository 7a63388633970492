/**
 * What a report says in numbers, worked out from a run's record: nothing here draws. All of it comes
 * from the files of the run, so a report can be made again at any time, of a killed run too.
 */
import { bootstrapMean, groupByTime, type MeanInterval } from "../../analysis/bootstrap.ts";
import type { PnlSplit } from "../../analysis/pnl-attribution.ts";
import { roundedParts } from "../../analysis/rounded-parts.ts";
import { BUY, sideSign } from "../../base/side.ts";
import type { FillRow, RunRecord, RunSummary, SeriesRow } from "./run-record.ts";

/** A moment of the run with its equity change and causes in full [10^-6 USDC]. */
export interface EquityPoint {
  readonly timeMs: number;
  readonly net: number;
  /** Before fees. */
  readonly gross: number;
  /** Fall from the highest net so far, not positive. */
  readonly drawdown: number;
  readonly row: SeriesRow;
}

/** What one interval of the run made, and why [10^-6 USDC]. */
export interface IntervalPnl extends Omit<PnlSplit, "funding" | "residual"> {
  readonly fromMs: number;
  readonly net: number;
  readonly fills: number;
  /** Move of the fair price [bps]; null where it is not known. */
  readonly moveBps: number | null;
}

/** Mean markout at one horizon with its interval [bps]; horizon 0 is the spread captured. */
export interface MarkoutPoint {
  readonly horizonMs: number;
  readonly n: number;
  readonly meanBps: number | null;
  readonly interval: MeanInterval | null;
}

/** Markouts over the horizons, of all fills and of each side. */
export interface MarkoutCurve {
  readonly name: "all" | "buys" | "sells";
  readonly points: readonly MarkoutPoint[];
}

/** All derived numbers of a report. */
export interface ReportFigures {
  readonly equity: readonly EquityPoint[];
  readonly intervalMs: number;
  readonly intervals: readonly IntervalPnl[];
  /** PnL of an interval on average, and its interval of confidence; null with too few of them. */
  readonly perInterval: MeanInterval | null;
  readonly markouts: readonly MarkoutCurve[];
  /** Captured spread, adverse selection and fees as shares of what was traded [bps]. */
  readonly spreadBps: number | null;
  readonly adverseBps: number | null;
  readonly feeBps: number | null;
  readonly netBps: number | null;
  /** Causes in whole cents that add up, whichever of them are shown. */
  readonly cents: Readonly<Record<keyof PnlSplit, number>>;
  /** Market time that the run covers [ms]. */
  readonly spanMs: number;
  /** Mean absolute and mean signed position over the samples [lots]. */
  readonly heldMean: number;
  readonly positionMean: number;
}

/** Lengths that an interval may have [ms]. */
const INTERVALS_MS = [10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000, 14_400_000];
/** Most intervals that a run is cut into. */
const INTERVALS_MAX = 72;
/** Shortest block of fills that counts as one observation [ms]. */
const BLOCK_MS_MIN = 10_000;

/** Works all of it out. */
export function reportFigures(record: RunRecord): ReportFigures {
  const { summary, fills, series } = record;
  const equity = equityPoints(series);
  const intervalMs = intervalLength(equity);
  const intervals = intervalPnls(equity, fills, intervalMs);
  const full = intervals.slice(0, -1).map(({ net }) => ({ sum: net, count: 1 }));
  const held = series.map(({ position }) => position);
  const mean = (values: readonly number[]): number =>
    values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    equity,
    intervalMs,
    intervals,
    perInterval: bootstrapMean(full),
    markouts: markoutCurves(record),
    cents: splitCents(summary?.split ?? null),
    spanMs: summary === null ? 0 : summary.toMs - summary.fromMs,
    ...sharesOfVolume(summary),
    heldMean: mean(held.map(Math.abs)),
    positionMean: mean(held),
  };
}

/** Causes in reading order. */
const SPLIT_KEYS: readonly (keyof PnlSplit)[] = [
  "spread",
  "adverseSelection",
  "inventory",
  "fees",
  "funding",
  "residual",
];
const CENT = 10_000;

/** Every place that tells an amount tells these cents, so that a reader's sums come out. */
function splitCents(split: PnlSplit | null): ReportFigures["cents"] {
  const cents = roundedParts(
    SPLIT_KEYS.map((key) => split?.[key] ?? 0),
    CENT,
  );
  return Object.fromEntries(SPLIT_KEYS.map((key, i) => [key, cents[i]])) as ReportFigures["cents"];
}

function sharesOfVolume(
  summary: RunSummary | null,
): Pick<ReportFigures, "spreadBps" | "adverseBps" | "feeBps" | "netBps"> {
  const { split = null, volume = 0, total = null } = summary ?? {};
  const share = (micros: number | null): number | null =>
    micros === null || volume === 0 ? null : (micros / volume) * 10_000;
  return {
    spreadBps: share(split?.spread ?? null),
    adverseBps: share(split?.adverseSelection ?? null),
    feeBps: share(split?.fees ?? null),
    netBps: share(total),
  };
}

/** Equity at each sample whose split is known. */
function equityPoints(series: readonly SeriesRow[]): EquityPoint[] {
  let peak = 0;
  return series.flatMap((row) => {
    if (row.spread === null) return [];
    const fees = row.fees ?? 0;
    const gross =
      row.spread +
      (row.adverseSelection ?? 0) +
      (row.inventory ?? 0) +
      (row.funding ?? 0) +
      (row.residual ?? 0);
    const net = gross + fees;
    peak = Math.max(peak, net);
    return [{ timeMs: row.timeMs, net, gross, drawdown: net - peak, row }];
  });
}

/** The shortest length that cuts the run into few enough intervals [ms]. */
function intervalLength(equity: readonly EquityPoint[]): number {
  const spanMs = (equity.at(-1)?.timeMs ?? 0) - (equity[0]?.timeMs ?? 0);
  return INTERVALS_MS.find((ms) => spanMs / ms <= INTERVALS_MAX) ?? (INTERVALS_MS.at(-1) as number);
}

/** Change of equity and its causes from one interval to the next; the last one may be cut short. */
function intervalPnls(
  equity: readonly EquityPoint[],
  fills: readonly FillRow[],
  intervalMs: number,
): IntervalPnl[] {
  const first = equity[0];
  if (first === undefined) return [];
  const startMs = first.timeMs;
  const intervals: IntervalPnl[] = [];
  let from = first;
  let endMs = startMs + intervalMs;
  equity.forEach((point, i) => {
    const isLast = i === equity.length - 1;
    if (point.timeMs < endMs && !isLast) return;
    if (point.timeMs > from.timeMs) intervals.push(intervalBetween(from, point, fills));
    from = point;
    endMs = startMs + (Math.floor((point.timeMs - startMs) / intervalMs) + 1) * intervalMs;
  });
  return intervals;
}

function intervalBetween(
  from: EquityPoint,
  to: EquityPoint,
  fills: readonly FillRow[],
): IntervalPnl {
  const part = (key: "spread" | "adverseSelection" | "inventory" | "fees"): number =>
    (to.row[key] ?? 0) - (from.row[key] ?? 0);
  const [before, after] = [from.row.fairHalfTicks, to.row.fairHalfTicks];
  return {
    fromMs: from.timeMs,
    net: to.net - from.net,
    spread: part("spread"),
    adverseSelection: part("adverseSelection"),
    inventory: part("inventory"),
    fees: part("fees"),
    fills: fills.filter(({ timeMs }) => timeMs >= from.timeMs && timeMs < to.timeMs).length,
    moveBps: before === null || after === null ? null : (after / before - 1) * 10_000,
  };
}

/** Markouts of the fills whose fair price later is on record. */
function markoutCurves({ fills, markouts }: RunRecord): MarkoutCurve[] {
  const horizons = [...new Set(markouts.map(({ horizonMs }) => horizonMs))].sort((a, b) => a - b);
  const later = new Map(markouts.map((row) => [`${row.tid} ${row.horizonMs}`, row.fairHalfTicks]));
  const curve = (name: MarkoutCurve["name"], of: readonly FillRow[]): MarkoutCurve => ({
    name,
    points: [0, ...horizons].map((horizonMs) =>
      markoutPoint(
        horizonMs,
        of.flatMap((fill) => {
          const fair = horizonMs === 0 ? fill.fairHalfTicks : later.get(`${fill.tid} ${horizonMs}`);
          return fair === undefined ? [] : [{ timeMs: fill.timeMs, value: markoutBps(fill, fair) }];
        }),
      ),
    ),
  });
  return [
    curve("all", fills),
    curve(
      "buys",
      fills.filter(({ side }) => side === BUY),
    ),
    curve(
      "sells",
      fills.filter(({ side }) => side !== BUY),
    ),
  ];
}

/** d (f - p) / p [bps]. */
const markoutBps = ({ side, px }: FillRow, fairHalfTicks: number): number =>
  (sideSign(side === BUY ? 0 : 1) * (fairHalfTicks - 2 * px) * 5_000) / px;

function markoutPoint(
  horizonMs: number,
  values: readonly { readonly timeMs: number; readonly value: number }[],
): MarkoutPoint {
  const n = values.length;
  const meanBps = n === 0 ? null : values.reduce((sum, { value }) => sum + value, 0) / n;
  const groups = groupByTime(values, Math.max(BLOCK_MS_MIN, 2 * horizonMs));
  return { horizonMs, n, meanBps, interval: bootstrapMean(groups) };
}
