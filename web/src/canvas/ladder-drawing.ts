/**
 * The ladder: asks above, bids below. From the left: our own size with what stands before it in the
 * queue, the price, and everybody's size with its bar and the depth up to there.
 */
import type { Level, OwnOrder, View } from "../stream/stream-message.ts";
import { pxText, szText } from "../text/decimal-text.ts";
import { faded, type Surface, setFont } from "./canvas-ink.ts";

const HEAD = 24;
const MIDDLE = 40;
const ROW_MIN = 18;
const ROW_MAX = 26;

/** Widths of own | price | size, as parts of the whole. */
const EDGES = [0, 0.41, 0.66, 1] as const;

interface Grid {
  readonly rows: number;
  readonly rowHeight: number;
  /** Left edges of the columns and the right edge of the last [px]. */
  readonly x: readonly [number, number, number, number];
  /** Top of the middle band [px]. */
  readonly middle: number;
}

function layOut(size: { readonly width: number; readonly height: number }, view: View): Grid {
  const half = (size.height - HEAD - MIDDLE) / 2;
  const most = Math.max(view.book.bids.length, view.book.asks.length, 1);
  const rows = Math.max(1, Math.min(most, Math.floor(half / ROW_MIN)));
  const rowHeight = Math.min(ROW_MAX, half / rows);
  const [a, b, c, d] = EDGES;
  const x = (edge: number): number => Math.round(edge * size.width);
  return { rows, rowHeight, x: [x(a), x(b), x(c), x(d)], middle: HEAD + Math.max(0, half) };
}

/** A row of the ladder. */
interface Row {
  readonly level: Level;
  /** Size up to here, what is left out included [lots]. */
  readonly depth: number;
  /** Something lies between it and the row before: levels without room, or not shown by the venue. */
  readonly gap: boolean;
}

/** Levels that fit: the best ones, and in any case those that hold orders of ours. */
function rowsOf(levels: readonly Level[], count: number): Row[] {
  const beyond = levels.slice(count).filter((level) => level.own > 0).length;
  const best = Math.max(Math.ceil(count / 2), count - beyond);
  const rows: Row[] = [];
  let depth = 0;
  let last = -1;
  levels.forEach((level, i) => {
    depth += level.sz ?? 0;
    if (rows.length >= count || (i >= best && level.own === 0)) return;
    const isUnknown = level.sz === null && levels[i - 1]?.sz !== null;
    rows.push({ level, depth, gap: i > 0 && (i - 1 !== last || isUnknown) });
    last = i;
  });
  return rows;
}

/** The side and price of the level at a height, or null [CSS px]. */
export function levelAt(
  size: { readonly width: number; readonly height: number },
  view: View,
  y: number,
): { readonly side: "buy" | "sell"; readonly px: number } | null {
  const { middle, rowHeight, rows } = layOut(size, view);
  const isAsk = y < middle;
  const place = isAsk ? (middle - y) / rowHeight : (y - middle - MIDDLE) / rowHeight;
  const row = rowsOf(isAsk ? view.book.asks : view.book.bids, rows)[Math.floor(place)];
  if (place < 0 || row === undefined) return null;
  return { side: isAsk ? "sell" : "buy", px: row.level.px };
}

/** What stands before our first order at a price; null = not known [lots]. */
export function aheadAt(orders: readonly OwnOrder[], side: string, px: number): number | null {
  let ahead: number | null = null;
  for (const order of orders) {
    if (order.side !== side || order.px !== px || order.queueAhead === null) continue;
    ahead = ahead === null ? order.queueAhead : Math.min(ahead, order.queueAhead);
  }
  return ahead;
}

/** Paints the ladder of a view. */
export function drawLadder(surface: Surface, view: View): void {
  const grid = layOut(surface, view);
  drawHead(surface, grid);
  const asks = rowsOf(view.book.asks, grid.rows);
  const bids = rowsOf(view.book.bids, grid.rows);
  const szMax = Math.max(1, ...[...asks, ...bids].map(({ level }) => level.sz ?? 0));
  const total = Math.max(asks.at(-1)?.depth ?? 0, bids.at(-1)?.depth ?? 0, 1);
  drawSide(surface, { grid, view, rows: asks, szMax, total, side: "sell" });
  drawSide(surface, { grid, view, rows: bids, szMax, total, side: "buy" });
  drawMiddle(surface, grid, view);
}

function drawHead(surface: Surface, { x }: Grid): void {
  const { context, ink, width } = surface;
  setFont(surface, 11, 500);
  context.fillStyle = ink.soft;
  context.textBaseline = "middle";
  const middle = HEAD / 2;
  context.textAlign = "left";
  context.fillText("own · queue ahead", 10, middle, x[1] - 14);
  context.textAlign = "center";
  context.fillText("price", (x[1] + x[2]) / 2, middle);
  context.textAlign = "right";
  context.fillText("size", x[3] - 10, middle);
  context.fillStyle = ink.line;
  context.fillRect(0, HEAD - 1, width, 1);
}

interface SideDrawing {
  readonly grid: Grid;
  readonly view: View;
  readonly rows: readonly Row[];
  readonly szMax: number;
  readonly total: number;
  readonly side: "buy" | "sell";
}

function drawSide(surface: Surface, drawing: SideDrawing): void {
  const { grid, rows, side } = drawing;
  rows.forEach((row, i) => {
    const top =
      side === "sell"
        ? grid.middle - (i + 1) * grid.rowHeight
        : grid.middle + MIDDLE + i * grid.rowHeight;
    drawLevel(surface, drawing, { ...row, top });
    if (row.gap) drawGap(surface, side === "sell" ? top + grid.rowHeight : top);
  });
}

/** A dashed line where something is left out [px]. */
function drawGap({ context, ink, width }: Surface, y: number): void {
  context.strokeStyle = ink.soft;
  context.lineWidth = 1;
  context.setLineDash([2, 4]);
  context.beginPath();
  context.moveTo(0, Math.round(y) - 0.5);
  context.lineTo(width, Math.round(y) - 0.5);
  context.stroke();
  context.setLineDash([]);
}

function drawLevel(
  surface: Surface,
  drawing: SideDrawing,
  { level, depth, top }: { level: Level; depth: number; top: number },
): void {
  const { grid, view, szMax, total, side } = drawing;
  const { context, ink, width } = surface;
  const { x, rowHeight } = grid;
  const colour = side === "buy" ? ink.buy : ink.sell;
  const baseline = top + rowHeight / 2 + 0.5;
  if (level.own > 0) {
    context.fillStyle = faded(colour, 0.13);
    context.fillRect(0, top, width, rowHeight - 1);
  }
  const bar = (part: number, alpha: number, inset: number): void => {
    const length = Math.max(1, part * (x[3] - x[2]));
    context.fillStyle = faded(colour, alpha);
    context.fillRect(x[3] - length, top + inset, length, rowHeight - 1 - 2 * inset);
  };
  if (level.sz !== null) {
    bar(depth / total, 0.13, 0);
    bar(level.sz / szMax, 0.36, 3);
  }
  context.textBaseline = "middle";
  setFont(surface, 12.5, 400);
  context.fillStyle = ink.text;
  context.textAlign = "right";
  const size = level.sz === null ? "not shown" : szText(level.sz, view.szDecimals);
  if (level.sz === null) context.fillStyle = ink.soft;
  context.fillText(size, x[3] - 10, baseline);
  setFont(surface, 12.5, level.own > 0 ? 700 : 500);
  context.textAlign = "center";
  context.fillStyle = colour;
  context.fillText(pxText(level.px, view.szDecimals), (x[1] + x[2]) / 2, baseline);
  if (level.own > 0) drawOwn(surface, drawing, { level, top });
}

/** Our size as a tag in full colour, and the queue before it in plain. */
function drawOwn(
  surface: Surface,
  { grid, view, side }: SideDrawing,
  { level, top }: { level: Level; top: number },
): void {
  const { context, ink } = surface;
  const { rowHeight, x } = grid;
  const half = x[1] / 2;
  const baseline = top + rowHeight / 2 + 0.5;
  context.fillStyle = side === "buy" ? ink.buy : ink.sell;
  context.beginPath();
  context.roundRect(5, top + 2, half + 4, rowHeight - 5, 4);
  context.fill();
  context.fillStyle = ink.ground;
  setFont(surface, 12, 700);
  context.textAlign = "left";
  const text = `${side === "buy" ? "▲" : "▼"} ${szText(level.own, view.szDecimals)}`;
  context.fillText(text, 10, baseline, half - 4);
  const ahead = aheadAt(view.orders, side, level.px);
  if (ahead === null) return;
  setFont(surface, 11.5);
  context.fillStyle = ink.text;
  context.fillText(`⌂ ${szText(ahead, view.szDecimals)}`, half + 14, baseline, half - 16);
}

function drawMiddle(surface: Surface, { middle }: Grid, view: View): void {
  const { context, ink, width } = surface;
  const centre = middle + MIDDLE / 2 + 0.5;
  context.fillStyle = ink.raised;
  context.fillRect(0, middle, width, MIDDLE - 1);
  context.fillStyle = ink.line;
  context.fillRect(0, middle, width, 1);
  context.fillRect(0, middle + MIDDLE - 2, width, 1);
  context.textBaseline = "middle";
  context.textAlign = "center";
  context.fillStyle = ink.text;
  setFont(surface, 17, 700);
  context.fillText(pxText(view.mid, view.szDecimals), width / 2, centre);
  setFont(surface, 12);
  context.fillStyle = ink.soft;
  context.textAlign = "left";
  context.fillText(`spread ${spreadText(view)}`, 10, centre, width * 0.32);
  if (view.fair === null) return;
  context.textAlign = "right";
  context.fillStyle = ink.fair;
  const fair = pxText(Math.round(view.fair * 10) / 10, view.szDecimals);
  context.fillText(`fair ${fair}`, width - 10, centre, width * 0.31);
}

/** Width of the market's spread in bps of the mid, or an em dash. */
function spreadText({ book, mid }: View): string {
  const bid = book.bids[0];
  const ask = book.asks[0];
  if (bid === undefined || ask === undefined || mid === null) return "\u2014";
  return `${(((ask.px - bid.px) / mid) * 10_000).toFixed(2)} bps`;
}
