/** What the page knows, as signals. Messages land in plain state; signals change once a frame. */
import { computed, signal } from "@preact/signals";
import { createQuoteHistory } from "./quote-history.ts";
import type { View } from "./stream-message.ts";

/** How fresh what the page shows is. */
export interface LinkState {
  readonly kind: "connecting" | "live" | "stale" | "gap" | "outdated";
  /** Age of what is shown [ms]. */
  readonly ageMs: number;
}

/** The view on screen; null before the first snapshot. */
export const shownView = signal<View | null>(null);

/** Freshness of the stream. */
export const linkState = signal<LinkState>({ kind: "connecting", ageMs: 0 });

/** Prices of the last minutes. */
export const quoteHistory = createQuoteHistory();

/** Whether numbers may be shown in live colours. */
export const isLive = computed(() => linkState.value.kind === "live");

/** The maker's state; "starting" before the first snapshot. */
export const makerState = computed(
  () => shownView.value?.state ?? { name: "starting" as const, reasons: [] },
);

/** Fills alone: they change far more rarely than the view. */
export const shownFills = computed(() => shownView.value?.fills ?? []);

/** Decimals of a size on the market shown. */
export const szDecimals = computed(() => shownView.value?.szDecimals ?? 0);
