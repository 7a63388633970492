/** The charts of a market: what each of them shows, in which unit. */
import { effect } from "@preact/signals";
import type uPlot from "uplot";
import { faded, type Ink } from "../canvas/canvas-ink.ts";
import { fillMarks, readView } from "../stream/market-store.ts";
import type { SeriesWindow } from "../stream/series-store.ts";
import type { SeriesColumn } from "../stream/stream-message.ts";
import { pxText, szText } from "../text/decimal-text.ts";
import {
  bpsOf,
  digitsText,
  NONE,
  numberText,
  perBp,
  stepText,
  yearlyVol,
} from "../text/figure-text.ts";
import type { ChartLine, ChartRule, Values } from "./time-chart.tsx";

let decimals = 0;
let coinName = "";
effect(() => {
  decimals = readView.value?.szDecimals ?? 0;
  coinName = readView.value?.coin ?? "";
});

const column =
  (name: SeriesColumn) =>
  (window: SeriesWindow): Values =>
    window.column(name);

/** A column with the mid beside it. */
const withMid =
  (name: SeriesColumn, of: (value: number | null, mid: number | null) => number | null) =>
  (window: SeriesWindow): Values => {
    const mid = window.column("mid");
    return window.column(name).map((value, i) => of(value, mid[i] ?? null));
  };

const tenthOfTick = (px: number | null): string =>
  px === null ? NONE : pxText(Math.round(px * 10) / 10, decimals);
const bps = (value: number | null): string => numberText(value, 2);

const pxLine = (
  name: SeriesColumn,
  label: string,
  ink: ChartLine["ink"],
  more: Partial<ChartLine> = {},
): ChartLine => ({ label, ink, values: column(name), text: tenthOfTick, ...more });

/** Mid, fair and reservation price, the band between our best quotes, and our fills. */
export const PRICE_CHART: ChartRule = {
  testId: "chart",
  label: "Mid, fair and reservation price, own best quotes and fills",
  lines: [
    pxLine("ownAsk", "own ask", "sell", { step: true }),
    pxLine("ownBid", "own bid", "buy", { step: true }),
    pxLine("reservation", "reservation", "reservation", { dash: [2, 3] }),
    pxLine("fair", "fair", "fair", { dash: [6, 3] }),
    pxLine("mid", "mid", "text", { width: 1.5 }),
  ],
  band: [0, 1],
  axisText: (px) => pxText(Math.round(px), decimals),
  axisWidth: 74,
  paint: (chart, ink) => {
    paintFills(chart, ink);
    paintTag(chart, ink);
  },
  depends: () => void fillMarks.value,
};

/** Triangles at our fills: up from below for a buy, down from above for a sale. */
function paintFills(chart: uPlot, ink: Ink): void {
  const { ctx, scales } = chart;
  const from = (scales.x?.min ?? 0) * 1_000;
  const to = (scales.x?.max ?? 0) * 1_000;
  const unit = devicePixelRatio;
  ctx.save();
  ctx.lineWidth = unit;
  ctx.strokeStyle = ink.ground;
  for (const { timeMs, px, side } of fillMarks.peek()) {
    if (timeMs < from || timeMs > to) continue;
    const x = chart.valToPos(timeMs / 1_000, "x", true);
    const y = chart.valToPos(px, "y", true);
    const up = side === "buy" ? unit : -unit;
    ctx.fillStyle = side === "buy" ? ink.buy : ink.sell;
    ctx.beginPath();
    ctx.moveTo(x, y + up);
    ctx.lineTo(x - 5.5 * unit, y + 11 * up);
    ctx.lineTo(x + 5.5 * unit, y + 11 * up);
    ctx.closePath();
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}

/** The mid on the price axis. */
function paintTag(chart: uPlot, ink: Ink): void {
  const values = chart.data[5];
  const mid = values?.at(-1);
  if (mid === null || mid === undefined) return;
  const { ctx, bbox } = chart;
  const unit = devicePixelRatio;
  const y = chart.valToPos(mid, "y", true);
  if (y < bbox.top || y > bbox.top + bbox.height) return;
  const left = bbox.left + bbox.width + 2 * unit;
  ctx.save();
  ctx.fillStyle = ink.text;
  ctx.beginPath();
  ctx.roundRect(left, y - 9 * unit, 72 * unit, 18 * unit, 3 * unit);
  ctx.fill();
  ctx.fillStyle = ink.ground;
  ctx.font = `700 ${11 * unit}px ${ink.font}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillText(tenthOfTick(mid), left + 4 * unit, y + 0.5 * unit);
  ctx.restore();
}

/** Position with the band that its limit makes. */
export const INVENTORY_CHART: ChartRule = {
  testId: "inventory-chart",
  label: "Position and its limit",
  lines: [
    {
      label: "position",
      ink: "text",
      values: column("position"),
      text: (lots) => (lots === null ? NONE : `${szText(lots, decimals, "always")} ${coinName}`),
      step: true,
      fill: true,
      width: 1.5,
    },
  ],
  axisText: (lots, step) => stepText(lots / 10 ** decimals, step / 10 ** decimals),
  range: (low, high) => {
    const limit = readView.peek()?.limits.positionMax ?? 0;
    const far = Math.max(Math.abs(low), Math.abs(high), limit * 0.25, 1) * 1.15;
    return [-far, far];
  },
  bareTimes: false,
  paint: (chart, ink) => {
    const limit = readView.peek()?.limits.positionMax ?? 0;
    if (limit > 0) for (const px of [limit, -limit]) paintBound(chart, ink, px);
  },
};

/** A dashed line at a bound, and shade beyond it. */
function paintBound(chart: uPlot, ink: Ink, value: number): void {
  const { ctx, bbox } = chart;
  const y = chart.valToPos(value, "y", true);
  const bottom = bbox.top + bbox.height;
  if (y <= bbox.top || y >= bottom) return;
  ctx.save();
  ctx.fillStyle = faded(ink.bad, 0.12);
  if (value > 0) ctx.fillRect(bbox.left, bbox.top, bbox.width, y - bbox.top);
  else ctx.fillRect(bbox.left, y, bbox.width, bottom - y);
  ctx.strokeStyle = ink.bad;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

/** How far from the mid the market's touch stands, and ours. */
export const SPREAD_CHART: ChartRule = {
  testId: "spread-chart",
  label: "Distance from the mid of the market's touch and of our own best quotes",
  lines: [
    {
      label: "mkt",
      ink: "text",
      values: (window) => {
        const mid = window.column("mid");
        const bid = window.column("bid");
        return window.column("ask").map((ask, i) => {
          const low = bid[i] ?? null;
          return ask === null || low === null ? null : bpsOf((ask - low) / 2, mid[i] ?? null);
        });
      },
      text: bps,
    },
    {
      label: "bid",
      ink: "buy",
      values: withMid("ownBid", (px, mid) =>
        px === null || mid === null ? null : bpsOf(mid - px, mid),
      ),
      text: bps,
      step: true,
    },
    {
      label: "ask",
      ink: "sell",
      values: withMid("ownAsk", (px, mid) =>
        px === null || mid === null ? null : bpsOf(px - mid, mid),
      ),
      text: bps,
      step: true,
    },
  ],
  axisText: stepText,
  range: (low, high) => [Math.min(0, low * 1.15), Math.max(1, high * 1.15)],
};

const small = (rule: {
  readonly testId: string;
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly line: Pick<ChartLine, "values" | "ink">;
  readonly digits: (value: number | null) => string;
}): ChartRule => ({
  testId: rule.testId,
  label: rule.label,
  lines: [
    {
      label: rule.name,
      ...rule.line,
      text: (value) =>
        value === null ? NONE : `${rule.digits(value)}${rule.unit === "" ? "" : ` ${rule.unit}`}`,
    },
  ],
  axisText: stepText,
  // A figure that stands still fills no axis with its noise.
  range: (low, high) => {
    const pad = Math.max((high - low) * 0.15, Math.max(Math.abs(low), Math.abs(high)) * 0.1, 1e-6);
    return [low - pad, high + pad];
  },
  axisWidth: 48,
});

/** What the model estimates and sets: volatility, decay of fills, risk aversion, skew. */
export const MODEL_CHARTS: readonly ChartRule[] = [
  small({
    testId: "sigma-chart",
    name: "σ",
    label: "Volatility, a year",
    unit: "%",
    line: {
      ink: "fair",
      values: withMid("sigma", (sigma, mid) => {
        const share = yearlyVol(sigma, mid);
        return share === null ? null : share * 100;
      }),
    },
    digits: (value) => digitsText(value, 3),
  }),
  small({
    testId: "k-chart",
    name: "k",
    label: "Decay of fills with distance",
    unit: "/bp",
    line: { ink: "fair", values: withMid("intensityK", perBp) },
    digits: (value) => digitsText(value, 3),
  }),
  small({
    testId: "gamma-chart",
    name: "γ",
    label: "Risk aversion",
    unit: "",
    line: { ink: "fair", values: column("gamma") },
    digits: (value) => digitsText(value, 3),
  }),
  small({
    testId: "skew-chart",
    name: "shift",
    label: "Shift of both quotes against the inventory",
    unit: "bps",
    line: {
      ink: "reservation",
      values: withMid("skew", (skew, mid) => bpsOf(skew === null ? null : -skew, mid)),
    },
    digits: (value) => numberText(value, 2, "+"),
  }),
];
