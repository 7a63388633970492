/** The last minutes of prices for the chart: a ring of columns, oldest overwritten first. */
import type { View } from "./stream-message.ts";

const SAMPLES = 2400;

/** Columns by slot; NaN where there was no price [ms, ticks, ticks, ticks, ticks]. */
export interface QuoteHistory {
  readonly timeMs: Float64Array;
  readonly mid: Float64Array;
  readonly fair: Float64Array;
  readonly ownBid: Float64Array;
  readonly ownAsk: Float64Array;
  /** Samples ever taken; the newest is in slot (count - 1) modulo the length. */
  count: number;
}

/** An empty history. */
export const createQuoteHistory = (): QuoteHistory => ({
  timeMs: new Float64Array(SAMPLES),
  mid: new Float64Array(SAMPLES),
  fair: new Float64Array(SAMPLES),
  ownBid: new Float64Array(SAMPLES),
  ownAsk: new Float64Array(SAMPLES),
  count: 0,
});

/** Takes a sample of a view. */
export function recordQuotes(history: QuoteHistory, view: View): void {
  const slot = history.count % SAMPLES;
  history.timeMs[slot] = view.timeMs;
  history.mid[slot] = view.mid ?? Number.NaN;
  history.fair[slot] = view.fair ?? Number.NaN;
  history.ownBid[slot] = bestOwn(view, "buy");
  history.ownAsk[slot] = bestOwn(view, "sell");
  history.count += 1;
}

/** Slots of the samples since a time, oldest first. */
export function slotsSince(history: QuoteHistory, sinceMs: number): number[] {
  const slots: number[] = [];
  for (let i = history.count - 1; i >= 0 && i >= history.count - SAMPLES; i -= 1) {
    const slot = i % SAMPLES;
    if ((history.timeMs[slot] as number) < sinceMs) break;
    slots.push(slot);
  }
  return slots.reverse();
}

function bestOwn(view: View, side: "buy" | "sell"): number {
  let best = Number.NaN;
  for (const order of view.orders) {
    if (order.side !== side) continue;
    const better = side === "buy" ? order.px > best : order.px < best;
    if (Number.isNaN(best) || better) best = order.px;
  }
  return best;
}
