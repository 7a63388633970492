import type { Surface } from "./canvas-ink.ts";
import { CanvasPanel } from "./canvas-panel.tsx";
import { drawChart } from "./chart-drawing.ts";
import { quoteHistory, shownView } from "./market-store.ts";

function paintChart(surface: Surface): void {
  const view = shownView.value;
  if (view !== null) drawChart(surface, view, quoteHistory);
}

/** Prices, our quotes and our fills of the last two minutes. */
export function ChartPanel() {
  return (
    <section class="panel chart">
      <h2>
        Quotes and fills
        <span class="legend" aria-hidden="true">
          <i class="key mid" /> mid <i class="key fair" /> fair <i class="key buy" /> own bid{" "}
          <i class="key sell" /> own ask
        </span>
      </h2>
      <CanvasPanel
        paint={paintChart}
        label="Mid, fair price, own quotes and fills of the last two minutes"
        testId="chart"
      />
    </section>
  );
}
