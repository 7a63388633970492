/** The ladder: asks above, bids below, our own orders in full colour at the outer edges. */
import { faded, type Surface, setFont } from "./canvas-ink.ts";
import { pxText, szText } from "./decimal-text.ts";
import type { Level, View } from "./stream-message.ts";

const HEAD = 26;
const MIDDLE = 40;
const ROW_MIN = 19;
const ROW_MAX = 26;

/** Widths of own | bid | price | ask | own, as parts of the whole. */
const EDGES = [0, 0.17, 0.405, 0.595, 0.83, 1] as const;

interface Grid {
  readonly rows: number;
  readonly rowHeight: number;
  /** Left edges of the columns and the right edge of the last [px]. */
  readonly x: readonly number[];
  /** Top of the middle band [px]. */
  readonly middle: number;
}

function layOut({ width, height }: Surface, view: View): Grid {
  const half = (height - HEAD - MIDDLE) / 2;
  const most = Math.max(view.book.bids.length, view.book.asks.length, 1);
  const rows = Math.max(1, Math.min(most, Math.floor(half / ROW_MIN)));
  const rowHeight = Math.min(ROW_MAX, half / rows);
  const x = EDGES.map((edge) => Math.round(edge * width));
  return { rows, rowHeight, x, middle: HEAD + Math.max(0, half) };
}

/** Paints the ladder of a view. */
export function drawLadder(surface: Surface, view: View): void {
  const grid = layOut(surface, view);
  drawHead(surface, grid);
  const asks = view.book.asks.slice(0, grid.rows);
  const bids = view.book.bids.slice(0, grid.rows);
  const szMax = Math.max(1, ...[...asks, ...bids].map((level) => level.sz));
  const total = Math.max(sumOf(asks), sumOf(bids), 1);
  drawSide(surface, { grid, view, levels: asks, szMax, total, side: "sell" });
  drawSide(surface, { grid, view, levels: bids, szMax, total, side: "buy" });
  drawMiddle(surface, grid, view);
}

const sumOf = (levels: readonly Level[]): number =>
  levels.reduce((sum, level) => sum + level.sz, 0);

function drawHead(surface: Surface, { x }: Grid): void {
  const { context, ink, width } = surface;
  setFont(surface, 11, 600);
  context.fillStyle = ink.soft;
  context.textBaseline = "middle";
  context.textAlign = "center";
  ["OWN BID", "BID", "PRICE", "ASK", "OWN ASK"].forEach((word, i) => {
    context.fillText(word, ((x[i] as number) + (x[i + 1] as number)) / 2, HEAD / 2);
  });
  context.fillStyle = ink.line;
  context.fillRect(0, HEAD - 1, width, 1);
}

interface SideDrawing {
  readonly grid: Grid;
  readonly view: View;
  readonly levels: readonly Level[];
  readonly szMax: number;
  readonly total: number;
  readonly side: "buy" | "sell";
}

function drawSide(surface: Surface, drawing: SideDrawing): void {
  const { grid, levels, side } = drawing;
  let depth = 0;
  levels.forEach((level, i) => {
    depth += level.sz;
    const top =
      side === "sell"
        ? grid.middle - (i + 1) * grid.rowHeight
        : grid.middle + MIDDLE + i * grid.rowHeight;
    drawLevel(surface, drawing, { level, depth, top });
  });
}

function drawLevel(
  surface: Surface,
  { grid, view, szMax, total, side }: SideDrawing,
  { level, depth, top }: { level: Level; depth: number; top: number },
): void {
  const { context, ink, width } = surface;
  const { x, rowHeight } = grid;
  const colour = side === "buy" ? ink.buy : ink.sell;
  const x1 = x[1] as number;
  const x2 = x[2] as number;
  const x3 = x[3] as number;
  const x4 = x[4] as number;
  const baseline = top + rowHeight / 2 + 0.5;
  if (level.own > 0) {
    context.fillStyle = faded(colour, 0.13);
    context.fillRect(0, top, width, rowHeight - 1);
  }
  const bar = (part: number, alpha: number, inset: number): void => {
    const length = Math.max(1, part * (x2 - x1));
    context.fillStyle = faded(colour, alpha);
    context.fillRect(
      side === "buy" ? x2 - length : x3,
      top + inset,
      length,
      rowHeight - 1 - 2 * inset,
    );
  };
  bar(depth / total, 0.14, 0);
  bar(level.sz / szMax, 0.38, 3);
  context.textBaseline = "middle";
  setFont(surface, 12.5, 400);
  context.fillStyle = ink.text;
  context.textAlign = side === "buy" ? "right" : "left";
  context.fillText(szText(level.sz, view.szDecimals), side === "buy" ? x2 - 8 : x3 + 8, baseline);
  setFont(surface, 12.5, level.own > 0 ? 700 : 500);
  context.textAlign = "center";
  context.fillStyle = colour;
  context.fillText(pxText(level.px, view.szDecimals), (x2 + x3) / 2, baseline);
  if (level.own === 0) return;
  const left = side === "buy" ? 6 : x4 + 6;
  const box = { width: x1 - 12, height: rowHeight - 5 };
  context.beginPath();
  context.roundRect(left, top + 2, box.width, box.height, 4);
  context.fill();
  context.fillStyle = ink.ground;
  setFont(surface, 12, 700);
  const glyph = side === "buy" ? "▲" : "▼";
  const text = `${glyph} ${szText(level.own, view.szDecimals)}`;
  context.fillText(text, left + box.width / 2, baseline, box.width - 6);
}

function drawMiddle(surface: Surface, { middle, x }: Grid, view: View): void {
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
  context.fillText(`spread ${spreadText(view)}`, 10, centre);
  if (view.fair === null) return;
  context.textAlign = "right";
  context.fillStyle = ink.fair;
  const fair = pxText(Math.round(view.fair * 10) / 10, view.szDecimals);
  context.fillText(`fair ${fair}`, width - 10, centre, width - (x[3] as number) - 14);
}

/** Width of the market's spread in bps of the mid, or an em dash. */
export function spreadText({ book, mid }: View): string {
  const bid = book.bids[0];
  const ask = book.asks[0];
  if (bid === undefined || ask === undefined || mid === null) return "\u2014";
  return `${(((ask.px - bid.px) / mid) * 10_000).toFixed(2)} bps`;
}
