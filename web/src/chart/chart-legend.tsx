import { useComputed } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { hoverIndex, seriesWindow } from "../stream/series-store.ts";
import type { ChartLine, ChartRule } from "./time-chart.tsx";

/** A line's key and its value under the cursor, or the latest. */
function LegendItem({ line }: { readonly line: ChartLine }) {
  const text = useComputed(() => {
    const window = seriesWindow.value;
    const values = line.values(window);
    return line.text(values[hoverIndex.value ?? values.length - 1] ?? null);
  });
  const dashed = line.dash !== undefined ? " dashed" : "";
  return (
    <span class="legend-item">
      <i class={`key ${line.ink}${dashed}`} />
      {line.label} <b>{text}</b>
    </span>
  );
}

/** Names, keys and values of a chart's lines. */
export function ChartLegend({ rule }: { readonly rule: ChartRule }) {
  return (
    <span class="legend" aria-hidden="true">
      {rule.lines.map((line) => (
        <LegendItem key={line.label} line={line} />
      ))}
    </span>
  );
}

const TWIN_MS = 1_000;

/** A hidden table of the latest values, at a pace that can be read aloud. */
export function ChartTwin({ rule }: { readonly rule: ChartRule }) {
  const [texts, setTexts] = useState<readonly string[]>([]);
  useEffect(() => {
    const refresh = (): void => {
      const window = seriesWindow.peek();
      setTexts(rule.lines.map((line) => line.text(line.values(window).at(-1) ?? null)));
    };
    refresh();
    const timer = setInterval(refresh, TWIN_MS);
    return () => clearInterval(timer);
  }, [rule]);
  return (
    <table class="unseen" data-testid={`${rule.testId}-table`}>
      <caption>{rule.label}, latest</caption>
      <tbody>
        {rule.lines.map((line, i) => (
          <tr key={line.label}>
            <th scope="row">{line.label}</th>
            <td>{texts[i]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
