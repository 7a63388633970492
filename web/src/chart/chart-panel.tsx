import type { ComponentChildren } from "preact";
import { pressed } from "../frame/controls-bar.tsx";
import { Panel } from "../frame/panel.tsx";
import { chartSpan, chartZoom, SPANS, type Span } from "../stream/series-store.ts";
import { ChartLegend, ChartTwin } from "./chart-legend.tsx";
import { type ChartRule, TimeChart } from "./time-chart.tsx";

/** A chart in a panel: its lines' values in the head, a hidden table beside it. */
export function ChartPanel(props: {
  readonly title: string;
  readonly name: string;
  readonly rule: ChartRule;
  readonly aside?: ComponentChildren;
}) {
  const { title, name, rule, aside } = props;
  // With buttons beside it, a long legend needs a row of its own.
  const below = aside !== undefined;
  return (
    <Panel
      title={title}
      name={name}
      source="series"
      aside={
        <>
          {!below && <ChartLegend rule={rule} />}
          {aside}
        </>
      }
    >
      {below && <ChartLegend rule={rule} />}
      <TimeChart rule={rule} />
      <ChartTwin rule={rule} />
    </Panel>
  );
}

/** How far back all charts look. */
export function SpanButtons() {
  return (
    <span class="spans">
      {chartZoom.value !== null && (
        <button
          type="button"
          class="quiet"
          data-testid="unzoom"
          onClick={pressed(() => {
            chartZoom.value = null;
          })}
        >
          ← all
        </button>
      )}
      {(Object.keys(SPANS) as Span[]).map((span) => (
        <button
          key={span}
          type="button"
          class="quiet"
          aria-pressed={chartSpan.value === span}
          onClick={pressed(() => {
            chartZoom.value = null;
            chartSpan.value = span;
          })}
        >
          {span}
        </button>
      ))}
    </span>
  );
}
