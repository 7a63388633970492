/** What the page knows, as signals. Messages land in plain state; signals change once a frame. */
import { computed, signal } from "@preact/signals";
import type { Fill, View } from "./stream-message.ts";

/** How fresh what the page shows is. */
export interface LinkState {
  readonly kind: "connecting" | "live" | "stale" | "gap" | "outdated";
  /** Age of what is shown [ms]. */
  readonly ageMs: number;
}

/** The view as of this frame: for canvases, which cost little to paint. */
export const shownView = signal<View | null>(null);

/** The view at a pace that can be read, and at once after fills and changes: for everything else. */
export const readView = signal<View | null>(null);

/** Freshness of the stream. */
export const linkState = signal<LinkState>({ kind: "connecting", ageMs: 0 });

/** Whether numbers may be shown in live colours. */
export const isLive = computed(() => linkState.value.kind === "live");

/** Age of the last row of the series [ms]. */
export const seriesAgeMs = signal(0);

/** Age of what was last told of vaults and pools [ms]. */
export const vaultsAgeMs = signal(0);

/** The maker's state; "starting" before the first snapshot. */
export const makerState = computed(
  () => readView.value?.state ?? { name: "starting" as const, reasons: [] },
);

/** Fills of this page's life, newest first; more than the view holds, for the chart's marks. */
export const fillMarks = signal<readonly Fill[]>([]);

/** Most marks on a chart. */
const MARKS_MAX = 500;

/** Keeps new fills as marks. */
export function keepMarks(fills: readonly Fill[]): void {
  const known = new Set(fillMarks.value.map((fill) => fill.tid));
  const fresh = fills.filter((fill) => !known.has(fill.tid));
  if (fresh.length > 0) fillMarks.value = [...fresh, ...fillMarks.value].slice(0, MARKS_MAX);
}

/** What a panel's numbers rest on. */
export type Source = "stream" | "market" | "orders" | "series" | "vaults";

const FEED_OF: Readonly<Record<"market" | "orders", string>> = {
  market: "market data",
  orders: "own orders and fills",
};
/** A series without a row for this long is old [ms]. */
const SERIES_MS_MAX = 3_000;
/** Vaults that nothing was told of for this long are old [ms]. */
const VAULTS_MS_MAX = 8_000;

/** Freshness of a panel: no fresher than the stream, and as stale as the input it rests on. */
export function freshnessOf(source: Source): LinkState {
  const link = linkState.value;
  if (link.kind !== "live" || source === "stream") return link;
  if (source === "series") {
    const ageMs = seriesAgeMs.value;
    return ageMs > SERIES_MS_MAX ? { kind: "stale", ageMs } : link;
  }
  if (source === "vaults") {
    const ageMs = vaultsAgeMs.value;
    return ageMs > VAULTS_MS_MAX ? { kind: "stale", ageMs } : link;
  }
  const feed = readView.value?.risk.feeds.find(({ name }) => name === FEED_OF[source]);
  if (feed?.ageMs === undefined || feed.ageMs === null) return link;
  return feed.ageMs > feed.ageMsMax ? { kind: "stale", ageMs: feed.ageMs } : link;
}
