import { useEffect, useState } from "preact/hooks";
import type { Surface } from "./canvas-ink.ts";
import { CanvasPanel } from "./canvas-panel.tsx";
import { pxText, szText } from "./decimal-text.ts";
import { drawLadder } from "./ladder-drawing.ts";
import { shownView } from "./market-store.ts";
import type { Level, View } from "./stream-message.ts";

const TWIN_MS = 1_000;

function paintLadder(surface: Surface): void {
  const view = shownView.value;
  if (view !== null) drawLadder(surface, view);
}

/** The ladder on a canvas, with a table of the same for those who do not see it. */
export function LadderPanel() {
  return (
    <section class="panel ladder" aria-label="Order book ladder">
      <CanvasPanel paint={paintLadder} label="Order book with own orders" testId="ladder" />
      <LadderTwin />
    </section>
  );
}

/** A hidden table of the ladder, at a pace that can be read aloud. */
function LadderTwin() {
  const [view, setView] = useState<View | null>(null);
  useEffect(() => {
    const refresh = (): void => setView(shownView.peek());
    const first = shownView.subscribe((shown) => {
      if (shown !== null) queueMicrotask(() => setView((old) => old ?? shown));
    });
    const timer = setInterval(refresh, TWIN_MS);
    return () => {
      first();
      clearInterval(timer);
    };
  }, []);
  if (view === null) return null;
  const row = (side: "bid" | "ask") => (level: Level) => (
    <tr key={`${side}${level.px}`} data-side={side} data-own={level.own}>
      <td>{side}</td>
      <td>{pxText(level.px, view.szDecimals)}</td>
      <td>{szText(level.sz, view.szDecimals)}</td>
      <td>{level.own > 0 ? szText(level.own, view.szDecimals) : ""}</td>
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
        </tr>
      </thead>
      <tbody>
        {view.book.asks.map(row("ask")).reverse()}
        {view.book.bids.map(row("bid"))}
      </tbody>
    </table>
  );
}
