/**
 * Mean markouts by horizon as dots with whiskers, all fills and each side beside each other. The
 * horizons are spaced evenly: what matters is where the dots stand, not how far apart in time.
 */
import { scaleOf } from "./chart.ts";
import type { MarkoutCurve, MarkoutPoint } from "./report-figures.ts";
import { bps, decimal, escaped } from "./report-format.ts";

const INKS = { all: "net", buys: "buy", sells: "sell" } as const;
const OFFSETS = { all: 0, buys: -1, sells: 1 } as const;
/** Space between neighbouring dots of one horizon [% of the width]. */
const OFFSET = 3.2;

/** The curves as HTML; "" without a markout. */
export function markoutChart(curves: readonly MarkoutCurve[]): string {
  const points = curves.flatMap(({ points: all }) => all);
  const values = points.flatMap(({ meanBps, interval }) => [
    ...(meanBps === null ? [] : [meanBps]),
    ...(interval === null ? [] : [interval.low, interval.high]),
  ]);
  const horizons = (curves[0]?.points ?? []).map(({ horizonMs }) => horizonMs);
  if (values.length === 0 || horizons.length < 2) return "";
  const scale = scaleOf([...values, 0]);
  const top = (value: number): string =>
    `${((1 - (value - scale.low) / (scale.high - scale.low)) * 100).toFixed(2)}%`;
  const left = (i: number): number => ((i + 0.5) / horizons.length) * 100;
  const grid = scale.ticks.map(
    (tick) => `<i class="line${tick === 0 ? " zero" : ""}" style="top:${top(tick)}"></i>`,
  );
  const labels = scale.ticks.map(
    (tick) => `<span style="top:${top(tick)}">${decimal(tick, scale.decimals)}</span>`,
  );
  const dots = curves.flatMap((curve) =>
    curve.points.map((point, i) => dot(curve, point, left(i) + OFFSETS[curve.name] * OFFSET, top)),
  );
  const times = horizons.map(
    (horizonMs, i) => `<span style="left:${left(i)}%">${horizonText(horizonMs)}</span>`,
  );
  const legend = curves.map(
    ({ name }) => `<span class="key dots ink-${INKS[name]}"><i></i>${name}</span>`,
  );
  return (
    `<figure class="chart" id="chart-markouts"><figcaption><b>Mean markout [bps]</b>` +
    `<span class="legend">${legend.join("")}</span></figcaption><div class="plot still">` +
    `<div class="y-axis" aria-hidden="true">${labels.join("")}</div>` +
    `<div class="dots-area" role="img" aria-label="Mean markout by horizon; the table below has the numbers">` +
    `${grid.join("")}${dots.join("")}</div><div class="x-axis" aria-hidden="true">${times.join("")}</div></div></figure>` +
    markoutTable(curves, horizons)
  );
}

const horizonText = (horizonMs: number): string =>
  horizonMs === 0 ? "at the fill" : `${horizonMs / 1_000} s later`;

function dot(
  { name }: MarkoutCurve,
  { meanBps, interval }: MarkoutPoint,
  left: number,
  top: (value: number) => string,
): string {
  if (meanBps === null) return "";
  const at = `left:${left.toFixed(2)}%`;
  const whisker =
    interval === null
      ? ""
      : `<i class="whisker ink-${INKS[name]}" style="${at};top:${top(interval.high)};` +
        `bottom:calc(100% - ${top(interval.low)})"></i>`;
  return `${whisker}<i class="dot ink-${INKS[name]} ${name}" style="${at};top:${top(meanBps)}"></i>`;
}

function markoutTable(curves: readonly MarkoutCurve[], horizons: readonly number[]): string {
  const cell = (point: MarkoutPoint | undefined): string => {
    if (point === undefined || point.meanBps === null) return "<td>–</td>";
    const { interval, n, meanBps } = point;
    const range =
      interval === null
        ? ""
        : ` <small>${decimal(interval.low, 2)} to ${decimal(interval.high, 2)}</small>`;
    return `<td>${bps(meanBps)}${range} <small>n ${n}</small></td>`;
  };
  const rows = horizons.map((horizonMs, i) => {
    const cells = curves.map(({ points }) => cell(points[i])).join("");
    return `<tr><th scope="row">${horizonText(horizonMs)}</th>${cells}</tr>`;
  });
  const heads = curves.map(({ name }) => `<th>${escaped(name)}</th>`).join("");
  return (
    `<div class="scroll"><table class="numbers"><thead><tr><th>Fair price taken</th>${heads}</tr></thead>` +
    `<tbody>${rows.join("")}</tbody></table></div>`
  );
}
