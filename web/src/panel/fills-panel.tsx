import { computed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Panel } from "../frame/panel.tsx";
import { readView } from "../stream/market-store.ts";
import type { Fill, View } from "../stream/stream-message.ts";
import { ageText, clockText, decimalText, pxText, szText } from "../text/decimal-text.ts";
import { NONE, numberText } from "../text/figure-text.ts";

const horizons = computed(() => readView.value?.markouts.map((one) => one.horizonMs) ?? []);

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

function FillRow({ fill, view }: { readonly fill: Fill; readonly view: View }) {
  const buy = fill.side === "buy";
  const clock = clockText(fill.timeMs, "millis");
  const markout = view.fillMarkouts.find((one) => one.tid === fill.tid);
  return (
    <tr data-testid="fill" data-tid={fill.tid} class="fresh">
      <td class="time">
        {clock.slice(0, 8)}
        <span class="wide">{clock.slice(8)}</span>
      </td>
      <td class={buy ? "buy" : "sell"}>{buy ? "▲ Buy" : "▼ Sell"}</td>
      <td class="num">{pxText(fill.px, view.szDecimals)}</td>
      <td class="num">{szText(fill.sz, view.szDecimals)}</td>
      <td class="num wide fee">{decimalText(fill.fee, 6)}</td>
      <td class="num">{fill.realised === 0 ? NONE : decimalText(fill.realised, 6, "always")}</td>
      <Markouts bps={markout?.bps ?? []} count={horizons.value.length} />
      <td class="wide role soft">{fill.taker ? "taker" : "maker"}</td>
    </tr>
  );
}

/** Fills that a filter lets through, newest first, with where the mid went after each. */
export function FillsTable({ keep }: { readonly keep?: (fill: Fill) => boolean }) {
  const view = readView.value;
  const fills = view?.fills.filter((fill) => keep?.(fill) ?? true) ?? [];
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
          {view !== null && fills.map((fill) => <FillRow key={fill.tid} fill={fill} view={view} />)}
        </tbody>
      </table>
      {fills.length === 0 && <p class="empty">No fills yet.</p>}
    </div>
  );
}

/** Our latest fills. */
export function FillsPanel({ aside }: { readonly aside?: ComponentChildren }) {
  const markouts = horizons.value.length > 0;
  return (
    <Panel
      title="Fills"
      name="fills"
      source="orders"
      aside={
        <>
          <span class="soft">UTC · USDC{markouts ? " · markouts in bps" : ""}</span>
          {aside}
        </>
      }
    >
      <FillsTable />
    </Panel>
  );
}
