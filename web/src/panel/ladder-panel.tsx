import { useEffect, useState } from "preact/hooks";
import type { Surface } from "../canvas/canvas-ink.ts";
import { Canvas } from "../canvas/canvas-panel.tsx";
import { aheadAt, drawLadder, levelAt } from "../canvas/ladder-drawing.ts";
import { explainOrder } from "../control/why.ts";
import { Panel } from "../frame/panel.tsx";
import { readView, shownView } from "../stream/market-store.ts";
import type { Level, View } from "../stream/stream-message.ts";
import { pxText, szText } from "../text/decimal-text.ts";

const TWIN_MS = 1_000;

/** Size of the canvas at its last painting: a click is placed by it. */
const painted = { width: 0, height: 0 };

function paintLadder(surface: Surface): void {
  const view = shownView.value;
  painted.width = surface.width;
  painted.height = surface.height;
  if (view !== null) drawLadder(surface, view);
}

/** A click on a level that holds an order of ours asks why it stands there. */
function pickOrder({ y }: { readonly y: number }): void {
  const view = shownView.peek();
  const level = view === null ? null : levelAt(painted, view, y);
  const order = view?.orders.find((one) => one.side === level?.side && one.px === level.px);
  if (order !== undefined) explainOrder(order);
}

/** The ladder on a canvas, with a table of the same for those who do not see it. */
export function LadderPanel() {
  return (
    <Panel title="Order book" name="ladder" source="market">
      <Canvas
        paint={paintLadder}
        label="Order book with own orders"
        testId="ladder"
        onPick={pickOrder}
      />
      <LadderTwin />
    </Panel>
  );
}

/** A hidden table of the ladder, at a pace that can be read aloud. */
function LadderTwin() {
  const [view, setView] = useState<View | null>(null);
  useEffect(() => {
    const refresh = (): void => setView(shownView.peek());
    const first = readView.subscribe((shown) => {
      if (shown !== null) queueMicrotask(() => setView((old) => old ?? shown));
    });
    const timer = setInterval(refresh, TWIN_MS);
    return () => {
      first();
      clearInterval(timer);
    };
  }, []);
  if (view === null) return null;
  const sizeText = (lots: number | null): string =>
    lots === null ? "" : szText(lots, view.szDecimals);
  const row = (side: "buy" | "sell") => (level: Level) => (
    <tr key={`${side}${level.px}`} data-side={side} data-own={level.own}>
      <td>{side === "buy" ? "bid" : "ask"}</td>
      <td>{pxText(level.px, view.szDecimals)}</td>
      <td>{sizeText(level.sz)}</td>
      <td>{level.own > 0 ? sizeText(level.own) : ""}</td>
      <td>{level.own > 0 ? sizeText(aheadAt(view.orders, side, level.px)) : ""}</td>
    </tr>
  );
  return (
    <table class="unseen" data-testid="ladder-table">
      <caption>Order book, best prices in the middle</caption>
      <thead>
        <tr>
          <th>Side</th>
          <th>Price</th>
          <th>Size</th>
          <th>Own size</th>
          <th>Queue ahead</th>
        </tr>
      </thead>
      <tbody>
        {view.book.asks.map(row("sell")).reverse()}
        {view.book.bids.map(row("buy"))}
      </tbody>
    </table>
  );
}
