/**
 * Line charts as SVG inside HTML. The drawing stretches with the page while its labels stay text of
 * one size, so a chart reads as well on a phone as on a wide screen. Lines are thinned, never
 * smoothed. Everything is in the file: nothing is fetched.
 */
import { type Point, thinLine } from "./lttb.ts";
import { decimal, escaped } from "./report-format.ts";

/** Inner size of the drawing; it is stretched to its place [units]. */
const WIDTH = 1_000;
const HEIGHT = 300;
/** Dots beyond which they are drawn small. */
const DOTS_MANY = 150;
/** Points of a line after thinning. */
const POINTS_MAX = 600;

/** How a line or its marks look: a class of the style sheet. */
export type Ink =
  | "net"
  | "gross"
  | "buy"
  | "sell"
  | "fair"
  | "spread"
  | "adverse"
  | "held"
  | "soft";

/** One line; a point whose y is null interrupts it. */
export interface Line {
  readonly name: string;
  readonly ink: Ink;
  readonly points: readonly (readonly [x: number, y: number | null])[];
  /** Steps instead of slopes: a position stays until it changes. */
  readonly isStep?: boolean;
  /** Fills the area between the line and 0. */
  readonly isArea?: boolean;
  readonly isDashed?: boolean;
  /** Dots instead of a line; sells are square. */
  readonly isDots?: boolean;
  /** Not named in the legend: its twin is. */
  readonly isUnnamed?: boolean;
}

/** A chart over time. */
export interface TimeChart {
  readonly id: string;
  readonly title: string;
  /** What a reader may see in it, in a sentence. */
  readonly caption?: string;
  readonly lines: readonly Line[];
  /** How a value is written: what stands before it, decimals under the pointer, what stands after. */
  readonly unit: { readonly before: string; readonly decimals: number; readonly after: string };
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether 0 has to be in sight. */
  readonly hasZero?: boolean;
  readonly isLow?: boolean;
}

/** Lowest and highest value, with room, and round steps between. */
interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  /** Decimals that tell the ticks apart. */
  readonly decimals: number;
}

/** The chart as HTML; "" where no line has two points. */
export function timeChart(chart: TimeChart): string {
  const lines = chart.lines.filter(({ points }) => points.some(([, y]) => y !== null));
  const values = lines.flatMap(({ points }) => points.flatMap(([, y]) => (y === null ? [] : [y])));
  if (values.length < 2) return "";
  const scale = scaleOf(chart.hasZero === true ? [...values, 0] : values);
  const place = placement(chart, scale);
  const legend = lines.flatMap(({ name, ink, isDashed, isDots, isUnnamed }) => {
    if (isUnnamed === true || lines.length === 1) return [];
    const kind = isDots === true ? "dots" : isDashed === true ? "dashed" : "line";
    return [`<span class="key ${kind} ink-${ink}"><i></i>${escaped(name)}</span>`];
  });
  const grid = scale.ticks.map((tick) => {
    const y = place.y(tick);
    return `<path class="grid${tick === 0 ? " zero" : ""}" d="M0 ${y}H${WIDTH}"/>`;
  });
  const labels = scale.ticks.map(
    (tick) =>
      `<span style="top:${percentOf(place.y(tick), HEIGHT)}">${labelText(tick, scale, chart.unit)}</span>`,
  );
  const { before, decimals, after } = chart.unit;
  const data =
    `data-from="${chart.fromMs}" data-to="${chart.toMs}" data-low="${scale.low}" ` +
    `data-high="${scale.high}" data-before="${before}" data-after="${after}" data-decimals="${decimals}"`;
  const says = `${chart.title}: ${lines.map(({ name }) => name).join(", ")}`;
  return (
    `<figure class="chart${chart.isLow === true ? " low" : ""}" id="${chart.id}">` +
    `<figcaption><b>${escaped(chart.title)}</b><span class="legend">${legend.join("")}</span></figcaption>` +
    `<div class="plot" ${data}><div class="y-axis" aria-hidden="true">${labels.join("")}</div>` +
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${escaped(says)}">` +
    `${grid.join("")}${lines.map((line) => lineShape(line, place)).join("")}</svg>` +
    `<div class="x-axis" aria-hidden="true">${timeLabels(chart)}</div></div>` +
    `${chart.caption === undefined ? "" : `<p class="caption">${escaped(chart.caption)}</p>`}</figure>`
  );
}

interface Placement {
  readonly x: (timeMs: number) => number;
  readonly y: (value: number) => number;
}

const placement = ({ fromMs, toMs }: TimeChart, { low, high }: Scale): Placement => ({
  x: (timeMs) => round1(((timeMs - fromMs) / Math.max(1, toMs - fromMs)) * WIDTH),
  y: (value) => round1((1 - (value - low) / (high - low)) * HEIGHT),
});

function lineShape(line: Line, place: Placement): string {
  const { name, ink, isArea = false, isDashed = false, isDots = false } = line;
  const pieces = unbroken(line.points);
  const known = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const share = (piece: readonly Point[]): number =>
    Math.max(3, Math.round((POINTS_MAX * piece.length) / known));
  const thin = pieces.map((piece) => thinLine(piece, share(piece)));
  const path = isDots
    ? thin.flatMap((piece) => piece.map(([x, y]) => `M${place.x(x)} ${place.y(y)}h0`)).join("")
    : thin.map((piece) => pathOf(piece, place, line.isStep === true)).join("");
  const kind = isDots ? `dots${known > DOTS_MANY ? " many" : ""}` : isDashed ? "dashed" : "line";
  const area =
    isArea && !isDots
      ? `<path class="area ink-${ink}" d="${thin.map((piece) => areaOf(piece, place, line)).join("")}"/>`
      : "";
  return `${area}<path class="${kind} ink-${ink}" data-name="${escaped(name)}" d="${path}"/>`;
}

/** Stretches of a line without a gap. */
function unbroken(points: Line["points"]): Point[][] {
  const pieces: Point[][] = [[]];
  for (const [x, y] of points) {
    if (y === null) {
      if ((pieces.at(-1) as Point[]).length > 0) pieces.push([]);
    } else (pieces.at(-1) as Point[]).push([x, y]);
  }
  return pieces.filter((piece) => piece.length > 0);
}

function pathOf(piece: readonly Point[], { x, y }: Placement, isStep: boolean): string {
  return piece
    .map((point, i) => {
      const [px, py] = [x(point[0]), y(point[1])];
      if (i === 0) return `M${px} ${py}`;
      return isStep ? `H${px}V${py}` : `L${px} ${py}`;
    })
    .join("");
}

function areaOf(piece: readonly Point[], place: Placement, { isStep }: Line): string {
  const first = piece[0] as Point;
  return `${pathOf(piece, place, isStep === true)}V${place.y(0)}H${place.x(first[0])}Z`;
}

/** Round values that span the data, at most six of them. */
export function scaleOf(values: readonly number[]): Scale {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (high === low) {
    high += Math.abs(high) * 0.01 || 1;
    low -= Math.abs(low) * 0.01 || 1;
  }
  const room = (high - low) * 0.06;
  const step = niceStep((high - low + 2 * room) / 6);
  const ticks: number[] = [];
  for (let i = Math.ceil((low - room) / step); i * step <= high + room; i++) ticks.push(i * step);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return { low: low - room, high: high + room, ticks, decimals };
}

/** An axis label, as −$2.50; money has two decimals or none. */
function labelText(value: number, { decimals }: Scale, { before }: TimeChart["unit"]): string {
  const digits = decimal(Math.abs(value), before === "$" && decimals === 1 ? 2 : decimals);
  return `${value < 0 ? "−" : ""}${before}${digits}`;
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5, 10].find((times) => times * power >= least) ?? 10) * power;
}

/** Steps that a time axis may have [ms]. */
const TIME_STEPS_MS = [
  1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_200_000, 3_600_000,
  7_200_000, 21_600_000, 43_200_000, 86_400_000,
];
/** Most labels along a time axis. */
const TIME_LABELS_MAX = 6;

/** Round times since the start along the axis. */
function timeLabels({ fromMs, toMs }: TimeChart): string {
  const spanMs = toMs - fromMs;
  const step = TIME_STEPS_MS.find((ms) => spanMs / ms <= TIME_LABELS_MAX) ?? 86_400_000;
  const labels: string[] = [];
  for (let sinceMs = 0; sinceMs <= spanMs; sinceMs += step) {
    const left = percentOf(sinceMs, spanMs);
    labels.push(`<span style="left:${left}">${roundTime(sinceMs)}</span>`);
  }
  return labels.join("");
}

/** A round time since the start, in the largest unit that leaves nothing over [ms]. */
function roundTime(sinceMs: number): string {
  if (sinceMs === 0) return "start";
  if (sinceMs % 3_600_000 === 0) return `${sinceMs / 3_600_000} h`;
  if (sinceMs % 60_000 === 0) return `${sinceMs / 60_000} min`;
  return `${sinceMs / 1_000} s`;
}

const round1 = (value: number): number => Math.round(value * 10) / 10;
const percentOf = (value: number, whole: number): string => `${round1((value / whole) * 100)}%`;
