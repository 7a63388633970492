import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { faded, type Ink, type InkName, readInk } from "../canvas/canvas-ink.ts";
import { isLive } from "../stream/market-store.ts";
import { chartZoom, hoverIndex, type SeriesWindow, seriesWindow } from "../stream/series-store.ts";
import { timeAxisText } from "./time-axis.ts";

/** Values in the window's order; null = a break. */
export type Values = readonly (number | null)[];

/** One line of a chart. */
export interface ChartLine {
  readonly label: string;
  readonly ink: InkName;
  readonly values: (window: SeriesWindow) => Values;
  /** A value in words, for the legend and the table that is read aloud. */
  readonly text: (value: number | null) => string;
  /** Holds each value until the next, as a quote does. */
  readonly step?: boolean;
  readonly dash?: readonly number[];
  readonly width?: number;
  /** Shades what lies between the line and zero. */
  readonly fill?: boolean;
}

/** What a chart shows; fixed while it lives. */
export interface ChartRule {
  readonly testId: string;
  /** Read aloud. */
  readonly label: string;
  readonly lines: readonly ChartLine[];
  /** Shades between two lines, by their places. */
  readonly band?: readonly [upper: number, lower: number];
  /** A value on the upright axis whose marks stand `step` apart. */
  readonly axisText: (value: number, step: number) => string;
  /** Bounds of the upright axis for the least and greatest value shown. */
  readonly range?: (low: number, high: number) => [number, number];
  /** Width of the upright axis [px]. */
  readonly axisWidth?: number;
  /** Without the row of times, where the chart below has one. */
  readonly bareTimes?: boolean;
  /** Paints over the lines; reads signals to be painted again when they change. */
  readonly paint?: (chart: uPlot, ink: Ink) => void;
  /** Signals besides the series on which the drawing depends. */
  readonly depends?: () => void;
}

/** A chart over the window that all charts share: same times, same cursor, same zoom. */
export function TimeChart({ rule }: { readonly rule: ChartRule }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = ref.current;
    return box === null ? undefined : runChart(box, rule);
  }, [rule]);
  return (
    <div ref={ref} class="plot" role="img" aria-label={rule.label} data-testid={rule.testId} />
  );
}

/** Keeps a chart in a box current; the result ends it. */
function runChart(box: HTMLElement, rule: ChartRule): () => void {
  let ink = readInk(isLive.peek());
  const chart = new uPlot(
    optionsOf(rule, box, () => ink),
    [[], ...rule.lines.map(() => [])],
    box,
  );
  const stop = effect(() => {
    const window = seriesWindow.value;
    rule.depends?.();
    ink = readInk(isLive.value);
    if (document.hidden) return;
    const columns = rule.lines.map((line) => line.values(window) as (number | null)[]);
    chart.setData([window.x as number[], ...columns], false);
    chart.setScale("x", { min: window.from, max: window.to });
  });
  const observer = new ResizeObserver(() => {
    if (box.clientWidth > 0 && box.clientHeight > 0)
      chart.setSize({ width: box.clientWidth, height: box.clientHeight });
  });
  observer.observe(box);
  return () => {
    stop();
    observer.disconnect();
    chart.destroy();
  };
}

function optionsOf(rule: ChartRule, box: HTMLElement, ink: () => Ink): uPlot.Options {
  const axis = axesOf(rule, ink);
  return {
    width: Math.max(1, box.clientWidth),
    height: Math.max(1, box.clientHeight),
    padding: [6, 2, rule.bareTimes === true ? 6 : 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: "time", setSeries: false },
      points: { show: false },
      drag: { x: true, y: false, setScale: false },
      bind: { dblclick: () => () => unzoom() },
    },
    scales: {
      x: { time: false, auto: false },
      y: { range: (_, low, high) => rangeOf(rule, low, high) },
    },
    axes: [axis.times, axis.values],
    series: [{}, ...rule.lines.map((line) => seriesOf(line, ink))],
    ...(rule.band === undefined ? {} : { bands: bandsOf(rule.band, ink) }),
    hooks: {
      setCursor: [({ cursor }) => pointAt(cursor.idx ?? null)],
      setSelect: [zoomTo],
      draw: rule.paint === undefined ? [] : [(chart) => rule.paint?.(chart, ink())],
    },
  };
}

const unzoom = (): null => {
  chartZoom.value = null;
  return null;
};

function pointAt(index: number | null): void {
  if (hoverIndex.peek() !== index) hoverIndex.value = index;
}

function zoomTo(chart: uPlot): void {
  const { left, width } = chart.select;
  // A press without a drag is no choice of a stretch.
  if (width < 8) return;
  const from = chart.posToVal(left, "x");
  const to = chart.posToVal(left + width, "x");
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  chartZoom.value = { from, to };
}

function rangeOf(rule: ChartRule, low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return rule.range?.(0, 0) ?? [0, 1];
  if (rule.range !== undefined) return rule.range(low, high);
  const pad = Math.max((high - low) * 0.12, Math.abs(high) * 1e-6, 1e-9);
  return [low - pad, high + pad];
}

/** Distances of times that people count in [s]. */
const TIME_STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600,
];

function axesOf(rule: ChartRule, ink: () => Ink): { times: uPlot.Axis; values: uPlot.Axis } {
  const font = `11px ${ink().font}`;
  const grid = { stroke: () => faded(ink().line, 0.7), width: 1 };
  const common = { stroke: () => ink().soft, font, grid, ticks: { show: false } };
  return {
    times: {
      ...common,
      size: rule.bareTimes === true ? 0 : 22,
      gap: 4,
      space: 74,
      incrs: TIME_STEPS,
      values: (chart, splits) =>
        rule.bareTimes === true ? splits.map(() => "") : timeAxisText(chart, splits),
    },
    values: {
      ...common,
      side: 1,
      size: rule.axisWidth ?? 56,
      gap: 6,
      space: 26,
      values: (_, splits) =>
        splits.map((value) => rule.axisText(value, (splits[1] ?? 0) - (splits[0] ?? 0))),
    },
  };
}

function seriesOf(line: ChartLine, ink: () => Ink): uPlot.Series {
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  return {
    label: line.label,
    stroke: () => ink()[line.ink],
    width: line.width ?? 1.25,
    points: { show: false },
    ...(line.fill === true ? { fill: () => faded(ink()[line.ink], 0.16) } : {}),
    ...(line.dash === undefined ? {} : { dash: [...line.dash] }),
    ...(line.step === true && stepped !== undefined ? { paths: stepped } : {}),
  };
}

/** Lines are numbered from 1 in a chart, times being 0. */
const bandsOf = ([upper, lower]: readonly [number, number], ink: () => Ink): uPlot.Band[] => [
  { series: [upper + 1, lower + 1], fill: () => faded(ink().soft, 0.14) },
];
