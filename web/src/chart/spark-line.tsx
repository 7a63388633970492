import type { Surface } from "../canvas/canvas-ink.ts";
import { Canvas } from "../canvas/canvas-panel.tsx";
import { seriesWindow } from "../stream/series-store.ts";
import type { SeriesColumn } from "../stream/stream-message.ts";

/** Draws a column of the window as a line, with zero where it lies within. */
const painter =
  (column: SeriesColumn) =>
  ({ context, width, height, ink }: Surface): void => {
    const window = seriesWindow.value;
    const values = window.column(column);
    const known = values.filter((value) => value !== null);
    if (known.length < 2) return;
    const low = Math.min(...known);
    const high = Math.max(...known);
    const tall = high - low || 1;
    const x = (seconds: number): number =>
      ((seconds - window.from) / (window.to - window.from)) * width;
    const y = (value: number): number => 3 + ((high - value) / tall) * (height - 6);
    if (low < 0 && high > 0) {
      context.fillStyle = ink.line;
      context.fillRect(0, Math.round(y(0)), width, 1);
    }
    context.strokeStyle = ink.text;
    context.lineWidth = 1.5;
    context.beginPath();
    values.forEach((value, i) => {
      if (value !== null) context.lineTo(x(window.x[i] as number), y(value));
    });
    context.stroke();
  };

const PAINTERS = {
  net: painter("net"),
  sigma: painter("sigma"),
  mid: painter("mid"),
  position: painter("position"),
} as const;

/** A figure's recent course, as small as a word. */
export function SparkLine(props: {
  readonly of: keyof typeof PAINTERS;
  readonly label: string;
  readonly testId: string;
}) {
  return (
    <span class="spark">
      <Canvas paint={PAINTERS[props.of]} label={props.label} testId={props.testId} />
    </span>
  );
}
