/** Why an order stands where it stands: asked for when somebody points at it. */
import { signal } from "@preact/signals";
import { shownView } from "../stream/market-store.ts";
import type { OwnOrder, Reason } from "../stream/stream-message.ts";

/** An order with the reason of its price. */
export interface ExplainedOrder extends OwnOrder {
  readonly reason: Reason | null;
}

/** What is known of the order that was asked about. */
export type Explanation =
  | { readonly kind: "asking"; readonly id: string }
  | { readonly kind: "found"; readonly id: string; readonly order: ExplainedOrder }
  | { readonly kind: "gone" | "failed"; readonly id: string };

/** The order that is explained on screen, or null. */
export const explanation = signal<Explanation | null>(null);

/** Asks about an order by its id; null takes the explanation off the screen. */
export function explainOrder(id: string | null): void {
  if (id === null) {
    explanation.value = null;
    return;
  }
  explanation.value = { kind: "asking", id };
  void ask(id).then((found) => {
    if (explanation.value?.id === id) explanation.value = found;
  });
}

async function ask(id: string): Promise<Explanation> {
  try {
    const coin = encodeURIComponent(shownView.peek()?.coin ?? "");
    const answer = await fetch(`/why?coin=${coin}`, { signal: AbortSignal.timeout(5_000) });
    const { orders } = (await answer.json()) as { orders: readonly ExplainedOrder[] };
    const order = orders.find((one) => one.id === id);
    return order === undefined ? { kind: "gone", id } : { kind: "found", id, order };
  } catch {
    // The server is away: the stream's mark says so too.
    return { kind: "failed", id };
  }
}
