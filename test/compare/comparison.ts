/** Figures of many played hours with intervals over seeds, as a table for people. */
import { bootstrapMean, type MeanInterval, type ValueGroup } from "../../src/analysis/bootstrap.ts";
import type { PlayedHour } from "./played-hour.ts";

/** One figure of both makers, and by how much they differ. */
export interface ComparedFigure {
  readonly name: string;
  readonly unit: string;
  readonly decimals: number;
  /** Of each maker, in the order of the models; null with too few seeds. */
  readonly makers: readonly (MeanInterval | null)[];
  /** First maker less second one, seed by seed. */
  readonly difference: MeanInterval | null;
}

const USDC = 1_000_000;

/** A figure of one played hour: one value, or a sum over so many fills. */
interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly decimals: number;
  readonly of: (hour: PlayedHour) => ValueGroup;
}

const once = (value: number): ValueGroup => ({ sum: value, count: 1 });

const money = (name: string, micros: (hour: PlayedHour) => number): Figure => ({
  name,
  unit: "USDC",
  decimals: 2,
  of: (hour) => once(micros(hour) / USDC),
});

/** Mean over all fills: a seed weighs by how many it had. */
const perFill = (horizonMs: number, what: "markout" | "move"): Figure => ({
  name:
    what === "markout" ? `markout, ${horizonMs / 1_000} s` : `price move, ${horizonMs / 1_000} s`,
  unit: "bps",
  decimals: 2,
  of({ markouts }) {
    const row = markouts.find((markout) => markout.horizonMs === horizonMs);
    const mean = what === "markout" ? row : row?.move;
    return { sum: (mean?.meanBps ?? 0) * (mean?.n ?? 0), count: mean?.n ?? 0 };
  },
});

const FIGURES: readonly Figure[] = [
  money("net PnL", ({ total }) => total),
  money("spread captured", ({ split }) => split.spread),
  money("adverse selection", ({ split }) => split.adverseSelection),
  money("inventory", ({ split }) => split.inventory),
  money("fees", ({ split }) => split.fees),
  money("deepest drawdown", ({ drawdown }) => drawdown),
  // Ratios of sums: a run weighs by what it is divided by.
  {
    name: "net PnL by deepest drawdown",
    unit: "",
    decimals: 1,
    of: ({ total, drawdown }) => ({ sum: total, count: drawdown }),
  },
  {
    name: "net PnL by volume",
    unit: "bps",
    decimals: 2,
    of: ({ total, volume }) => ({ sum: total * 10_000, count: volume }),
  },
  { name: "fills", unit: "", decimals: 1, of: ({ fills }) => once(fills) },
  money("volume", ({ volume }) => volume),
  {
    name: "mean position, long or short",
    unit: "lots",
    decimals: 0,
    of: ({ heldMean }) => once(heldMean),
  },
  { name: "largest position", unit: "lots", decimals: 0, of: ({ heldMax }) => once(heldMax) },
  ...[1_000, 5_000, 30_000].map((horizonMs) => perFill(horizonMs, "markout")),
  ...[1_000, 5_000, 30_000].map((horizonMs) => perFill(horizonMs, "move")),
];

/** All figures of two makers over the same seeds; `hours` holds one array a maker, seed by seed. */
export function compareHours(
  hours: readonly [first: readonly PlayedHour[], second: readonly PlayedHour[]],
): ComparedFigure[] {
  return FIGURES.map(({ name, unit, decimals, of }) => ({
    name,
    unit,
    decimals,
    makers: hours.map((played) => bootstrapMean(played.map(of))),
    difference: differenceOf(hours, of),
  }));
}

/** Seeds are paired: what both met in the same market is not part of the difference. */
function differenceOf(
  [first, second]: readonly [readonly PlayedHour[], readonly PlayedHour[]],
  of: Figure["of"],
): MeanInterval | null {
  const pairs = first.flatMap((hour, i) => {
    const other = second[i];
    if (other === undefined) return [];
    const [a, b] = [of(hour), of(other)];
    if (a.count === 0 || b.count === 0) return [];
    return [once(a.sum / a.count - b.sum / b.count)];
  });
  return bootstrapMean(pairs);
}

/** The figures as rows of a Markdown table. */
export const tableRows = (figures: readonly ComparedFigure[]): string[] =>
  figures.map(({ name, unit, decimals, makers, difference }) => {
    const cells = [...makers, difference].map((interval) => intervalText(interval, decimals));
    return `| ${name}${unit === "" ? "" : ` [${unit}]`} | ${cells.join(" | ")} |`;
  });

/** A mean and its interval, as 1.23 (0.98 to 1.51). */
export const intervalText = (interval: MeanInterval | null, decimals: number): string =>
  interval === null
    ? "–"
    : `${interval.mean.toFixed(decimals)} (${interval.low.toFixed(decimals)} to ${interval.high.toFixed(decimals)})`;

/** Whether a difference is apart from 0 by more than chance, in words. */
export function readingOf({ name, decimals, unit, difference }: ComparedFigure): string {
  if (difference === null) return `${name}: too few seeds to tell`;
  const { mean, low, high } = difference;
  if (low <= 0 && high >= 0) return `${name}: no difference beyond chance`;
  return `${name}: ${mean > 0 ? "+" : "−"}${Math.abs(mean).toFixed(decimals)} ${unit}`.trimEnd();
}
