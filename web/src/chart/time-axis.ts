import type uPlot from "uplot";
import { clockText } from "../text/decimal-text.ts";

/** Times of day in UTC, without the seconds where the marks stand minutes apart. */
export function timeAxisText(chart: uPlot, splits: readonly number[]): string[] {
  const apart = (splits[1] ?? 0) - (splits[0] ?? 0);
  const { left, width } = chart.bbox;
  return splits.map((seconds) => {
    const x = chart.valToPos(seconds, "x", true) - left;
    // A text at the edge would be cut.
    const room = 26 * devicePixelRatio;
    if (x < room || x > width - room) return "";
    const text = clockText(seconds * 1_000, "seconds");
    return apart >= 60 ? text.slice(0, 5) : text;
  });
}
