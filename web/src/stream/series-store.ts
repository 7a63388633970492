/**
 * The course of things for the charts: rows as the server keeps them, fetched once and then extended
 * by the stream. All charts look at the same window, so their time axes and cursors agree.
 */
import { computed, signal } from "@preact/signals";
import { SERIES_COLUMNS, type SeriesColumn, type SeriesRow } from "./stream-message.ts";

/** How far back the charts look. */
export type Span = "2 min" | "10 min" | "30 min" | "4 h" | "24 h";

interface SpanRule {
  /** [ms] */
  readonly ms: number;
  readonly step: "fine" | "coarse";
}

/** Spans with their length and the rows they are made of. */
export const SPANS: Readonly<Record<Span, SpanRule>> = {
  "2 min": { ms: 120_000, step: "fine" },
  "10 min": { ms: 600_000, step: "fine" },
  "30 min": { ms: 1_800_000, step: "fine" },
  "4 h": { ms: 14_400_000, step: "coarse" },
  "24 h": { ms: 86_400_000, step: "coarse" },
};

/** Rows kept of either step; a little more than a span needs. */
const ROWS_MAX = { fine: 3_800, coarse: 6_000 } as const;
const COARSE_MS = 15_000;
/** Least time that a chart spans [ms]. */
const YOUNG_MS = 60_000;

const rows: Record<"fine" | "coarse", SeriesRow[]> = { fine: [], coarse: [] };

/** Changes whenever rows were added. */
const tick = signal(0);

/** The span on screen. */
export const chartSpan = signal<Span>("2 min");

/** A stretch of time that was dragged out, in place of the latest one [s]; null = none. */
export const chartZoom = signal<{ readonly from: number; readonly to: number } | null>(null);

/** Place of the cursor in the window's rows, shared by all charts; null = no chart is pointed at. */
export const hoverIndex = signal<number | null>(null);

/** The rows that the charts show. */
export interface SeriesWindow {
  /** Times [s since epoch]. */
  readonly x: readonly number[];
  /** Bounds of the time axis [s]. */
  readonly from: number;
  readonly to: number;
  column(name: SeriesColumn): readonly (number | null)[];
}

/** The window as of the last row. */
export const seriesWindow = computed<SeriesWindow>(() => {
  tick.value;
  const { ms, step } = SPANS[chartSpan.value];
  const zoom = chartZoom.value;
  const all = rows[step];
  const last = timeOf(all.at(-1));
  // Before the first row there is nothing to see: a young run fills the chart.
  const since = Math.max(last - ms, Math.min(timeOf(all[0]), last - YOUNG_MS));
  const from = zoom === null ? since / 1_000 : zoom.from;
  const to = zoom === null ? last / 1_000 : zoom.to;
  // One row more at either end, so that lines reach the edges.
  const first = Math.max(0, firstSince(all, from * 1_000) - 1);
  const shown = all.slice(first, firstSince(all, to * 1_000) + 1);
  const cache = new Map<SeriesColumn, (number | null)[]>();
  return {
    x: shown.map((row) => timeOf(row) / 1_000),
    from,
    to,
    column(name) {
      const known = cache.get(name);
      if (known !== undefined) return known;
      const index = SERIES_COLUMNS.indexOf(name);
      const values = shown.map((row) => row[index] ?? null);
      cache.set(name, values);
      return values;
    },
  };
});

const timeOf = (row: SeriesRow | undefined): number => row?.[0] ?? 0;

/** Index of the first row at or after a time [ms]. */
function firstSince(all: readonly SeriesRow[], timeMs: number): number {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeOf(all[middle]) < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Appends a row of the stream. */
export function appendRow(row: SeriesRow): void {
  add("fine", row);
  if (timeOf(row) - timeOf(rows.coarse.at(-1)) >= COARSE_MS) add("coarse", row);
  if (!document.hidden) tick.value += 1;
}

function add(step: "fine" | "coarse", row: SeriesRow): void {
  const kept = rows[step];
  if (timeOf(row) <= timeOf(kept.at(-1))) return;
  kept.push(row);
  if (kept.length > ROWS_MAX[step]) kept.splice(0, ROWS_MAX[step] / 10);
}

/** Fetches what the server has kept; rows that came meanwhile stay. */
export async function loadSeries(): Promise<void> {
  await Promise.all([loadStep("fine"), loadStep("coarse")]);
  tick.value += 1;
}

async function loadStep(step: "fine" | "coarse"): Promise<void> {
  try {
    const answer = await fetch(`/series?step=${step}`, { signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) return;
    const kept = ((await answer.json()) as { rows: SeriesRow[] }).rows;
    const newest = timeOf(kept.at(-1));
    rows[step] = [...kept, ...rows[step].filter((row) => timeOf(row) > newest)];
  } catch {
    // The server went away: the stream says so, and the next snapshot asks again.
  }
}
