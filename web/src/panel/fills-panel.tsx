import { computed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Panel } from "../frame/panel.tsx";
import { readView } from "../stream/market-store.ts";
import type { Fill } from "../stream/stream-message.ts";
import { ageText, clockText, decimalText, pxText, szText } from "../text/decimal-text.ts";
import { NONE, numberText } from "../text/figure-text.ts";

const markouts = computed(() => readView.value?.markouts ?? []);
const horizons = computed(() => markouts.value.map((one) => one.horizonMs));

/** A horizon as a heading: 1 s, 30 s, 5 min. */
export const horizonText = (ms: number): string => ageText(ms).replace(".0 ", " ");

function Markouts({ bps, count }: { bps: readonly (number | null)[]; count: number }) {
  return Array.from({ length: count }, (_, i) => {
    const value = bps[i] ?? null;
    const tone = value === null ? "soft" : value >= 0 ? "up" : "down";
    return (
      <td key={i} class={`num wide ${tone}`}>
        {value === null ? "…" : numberText(value, 1, "+")}
      </td>
    );
  });
}

function FillRow(props: {
  readonly fill: Fill;
  readonly decimals: number;
  readonly bps: readonly (number | null)[];
  readonly isNew: boolean;
}) {
  const { fill, decimals, bps, isNew } = props;
  const buy = fill.side === "buy";
  const clock = clockText(fill.timeMs, "millis");
  return (
    <tr data-testid="fill" data-tid={fill.tid} class={isNew ? "just-now" : ""}>
      <td class="time">
        {clock.slice(0, 8)}
        <span class="wide">{clock.slice(8)}</span>
      </td>
      <td class={buy ? "buy" : "sell"}>{buy ? "▲ Buy" : "▼ Sell"}</td>
      <td class="num">{pxText(fill.px, decimals)}</td>
      <td class="num">{szText(fill.sz, decimals)}</td>
      <td class="num wide fee">{decimalText(fill.fee, 6)}</td>
      <td class="num">{fill.realised === 0 ? NONE : decimalText(fill.realised, 6, "always")}</td>
      <Markouts bps={bps} count={horizons.value.length} />
      <td class="wide role soft">{fill.taker ? "taker" : "maker"}</td>
    </tr>
  );
}

const shownFills = computed(() => readView.value?.fills ?? []);
const shownMarkouts = computed(
  () => new Map((readView.value?.fillMarkouts ?? []).map(({ tid, bps }) => [tid, bps])),
);
const decimals = computed(() => readView.value?.szDecimals ?? 0);

/** How long a fill is marked as new [ms]. */
const NEW_MS = 1_500;

/** Fills younger than that: a number that says when their marks change. */
const newCount = computed(() => {
  const view = readView.value;
  if (view === null) return 0;
  return view.fills.filter(({ timeMs }) => view.timeMs - timeMs < NEW_MS).length;
});

/** Fills that a filter lets through, newest first, with where the mid went after each. */
export function FillsTable({ keep }: { readonly keep?: (fill: Fill) => boolean }) {
  const fills = shownFills.value.filter((fill) => keep?.(fill) ?? true);
  const newest = new Set(shownFills.value.slice(0, newCount.value).map(({ tid }) => tid));
  return (
    <div class="scroll">
      <table data-testid="fills">
        <thead>
          <tr>
            <th>Time</th>
            <th>Side</th>
            <th class="num">Price</th>
            <th class="num">Size</th>
            <th class="num wide fee">Fee</th>
            <th class="num">Realised</th>
            {horizons.value.map((ms) => (
              <th key={ms} class="num wide" title="Mid after the fill against its price, in bps">
                {horizonText(ms)}
              </th>
            ))}
            <th class="wide role">Role</th>
          </tr>
        </thead>
        <tbody>
          {fills.map((fill) => (
            <FillRow
              key={fill.tid}
              fill={fill}
              decimals={decimals.value}
              bps={shownMarkouts.value.get(fill.tid) ?? []}
              isNew={newest.has(fill.tid)}
            />
          ))}
        </tbody>
      </table>
      {fills.length === 0 && <p class="empty">No fills yet.</p>}
    </div>
  );
}

/** Our latest fills. */
export function FillsPanel({ aside }: { readonly aside?: ComponentChildren }) {
  const isMarked = horizons.value.length > 0;
  return (
    <Panel
      title="Fills"
      name="fills"
      source="orders"
      aside={
        <>
          <span class="soft">UTC · USDC{isMarked ? " · markouts in bps" : ""}</span>
          {aside}
        </>
      }
    >
      <FillsTable />
    </Panel>
  );
}
