/** The last two minutes: mid and fair, the band between our best quotes, and our fills. */
import { faded, type Surface, setFont } from "./canvas-ink.ts";
import { clockText, pxText } from "./decimal-text.ts";
import { type QuoteHistory, slotsSince } from "./quote-history.ts";
import type { View } from "./stream-message.ts";

/** Time that the chart spans [ms]. */
const CHART_MS = 120_000;
const RIGHT = 78;
const BOTTOM = 24;
const TOP = 10;

interface Scale {
  readonly x: (timeMs: number) => number;
  readonly y: (px: number) => number;
  readonly low: number;
  readonly high: number;
  readonly fromMs: number;
}

/** Paints the history up to a view. */
export function drawChart(surface: Surface, view: View, history: QuoteHistory): void {
  const fromMs = view.timeMs - CHART_MS;
  const slots = slotsSince(history, fromMs);
  const scale = scaleOf(surface, { view, history, slots, fromMs });
  if (scale === null) return;
  drawAxes(surface, scale, view);
  const { context, ink } = surface;
  context.save();
  context.beginPath();
  context.rect(0, 0, surface.width - RIGHT, surface.height - BOTTOM);
  context.clip();
  const drawing = { history, slots, scale };
  fillBand(surface, drawing);
  context.lineWidth = 1.25;
  strokeStep(surface, { ...drawing, column: history.ownBid, colour: ink.buy });
  strokeStep(surface, { ...drawing, column: history.ownAsk, colour: ink.sell });
  context.setLineDash([4, 3]);
  strokeStep(surface, { ...drawing, column: history.fair, colour: ink.fair });
  context.setLineDash([]);
  context.lineWidth = 1.25;
  strokeStep(surface, { ...drawing, column: history.mid, colour: ink.text });
  drawFills(surface, scale, view);
  context.restore();
  if (view.mid !== null)
    drawTag(surface, { y: scale.y(view.mid), text: pxText(view.mid, view.szDecimals) });
}

function scaleOf(
  { width, height }: Surface,
  from: { view: View; history: QuoteHistory; slots: readonly number[]; fromMs: number },
): Scale | null {
  const { view, history, slots, fromMs } = from;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const take = (px: number): void => {
    if (!(px > 0)) return;
    low = Math.min(low, px);
    high = Math.max(high, px);
  };
  for (const slot of slots) {
    for (const column of [history.mid, history.fair, history.ownBid, history.ownAsk]) {
      take(column[slot] as number);
    }
  }
  for (const fill of view.fills) if (fill.timeMs >= fromMs) take(fill.px);
  if (low > high) return null;
  const pad = Math.max((high - low) * 0.12, 2);
  low -= pad;
  high += pad;
  const w = width - RIGHT;
  const h = height - BOTTOM - TOP;
  return {
    x: (timeMs) => ((timeMs - fromMs) / CHART_MS) * w,
    y: (px) => TOP + ((high - px) / (high - low)) * h,
    low,
    high,
    fromMs,
  };
}

function drawAxes(surface: Surface, { x, y, low, high, fromMs }: Scale, view: View): void {
  const { context, ink, width, height } = surface;
  setFont(surface, 11);
  context.textBaseline = "middle";
  context.textAlign = "left";
  const step = roundStep((high - low) / 7);
  for (let px = Math.ceil(low / step) * step; px < high; px += step) {
    context.fillStyle = faded(ink.line, 0.7);
    context.fillRect(0, Math.round(y(px)), width - RIGHT, 1);
    context.fillStyle = ink.soft;
    context.fillText(pxText(px, view.szDecimals), width - RIGHT + 8, y(px));
  }
  context.textAlign = "center";
  const every = 30_000;
  for (let t = Math.ceil(fromMs / every) * every; t <= view.timeMs; t += every) {
    context.fillStyle = faded(ink.line, 0.5);
    context.fillRect(Math.round(x(t)), TOP, 1, height - BOTTOM - TOP);
    if (x(t) < 30 || x(t) > width - RIGHT - 20) continue;
    context.fillStyle = ink.soft;
    context.fillText(clockText(t, "seconds"), x(t), height - BOTTOM / 2);
  }
}

/** A step of 1, 2 or 5 times a power of ten, at least a tick [ticks]. */
function roundStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(raw, 1)));
  const digit = [1, 2, 5, 10].find((d) => d * power >= raw) ?? 10;
  return Math.max(1, digit * power);
}

interface Columns {
  readonly history: QuoteHistory;
  readonly slots: readonly number[];
  readonly scale: Scale;
}

function fillBand({ context, ink }: Surface, { history, slots, scale }: Columns): void {
  context.fillStyle = faded(ink.soft, 0.1);
  for (let i = 0; i + 1 < slots.length; i += 1) {
    const slot = slots[i] as number;
    const bid = history.ownBid[slot] as number;
    const ask = history.ownAsk[slot] as number;
    if (Number.isNaN(bid) || Number.isNaN(ask)) continue;
    const left = scale.x(history.timeMs[slot] as number);
    const right = scale.x(history.timeMs[slots[i + 1] as number] as number);
    context.fillRect(left, scale.y(ask), right - left, scale.y(bid) - scale.y(ask));
  }
}

/** A line that holds each value until the next and breaks where there is none. */
function strokeStep(
  { context }: Surface,
  { history, slots, scale, column, colour }: Columns & { column: Float64Array; colour: string },
): void {
  context.strokeStyle = colour;
  context.beginPath();
  let pen = Number.NaN;
  for (const slot of slots) {
    const value = column[slot] as number;
    const x = scale.x(history.timeMs[slot] as number);
    if (Number.isNaN(value)) {
      if (!Number.isNaN(pen)) context.lineTo(x, pen);
      pen = Number.NaN;
      continue;
    }
    const y = scale.y(value);
    if (Number.isNaN(pen)) context.moveTo(x, y);
    else context.lineTo(x, pen);
    context.lineTo(x, y);
    pen = y;
  }
  context.stroke();
}

function drawFills({ context, ink }: Surface, { x, y, fromMs }: Scale, view: View): void {
  for (const fill of view.fills) {
    if (fill.timeMs < fromMs) continue;
    const up = fill.side === "buy" ? 1 : -1;
    const cx = x(fill.timeMs);
    const tip = y(fill.px) + up * 3;
    context.beginPath();
    context.moveTo(cx, tip);
    context.lineTo(cx - 5.5, tip + up * 10);
    context.lineTo(cx + 5.5, tip + up * 10);
    context.closePath();
    context.fillStyle = fill.side === "buy" ? ink.buy : ink.sell;
    context.fill();
    context.strokeStyle = ink.ground;
    context.lineWidth = 1;
    context.stroke();
  }
}

function drawTag(surface: Surface, { y, text }: { y: number; text: string }): void {
  const { context, ink, width } = surface;
  context.fillStyle = ink.text;
  context.beginPath();
  context.roundRect(width - RIGHT + 2, y - 9, RIGHT - 4, 18, 3);
  context.fill();
  context.fillStyle = ink.ground;
  setFont(surface, 11, 700);
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(text, width - RIGHT + 8, y + 0.5, RIGHT - 14);
}
