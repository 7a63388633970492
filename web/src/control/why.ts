/** Why an order stands where it stands: asked for when somebody points at it. */
import { signal } from "@preact/signals";
import { shownView } from "../stream/market-store.ts";
import type { OwnOrder, Reason } from "../stream/stream-message.ts";

/** An order with the reason of its price. */
export interface ExplainedOrder extends OwnOrder {
  readonly reason: Reason | null;
}

/** Which order is asked about. */
type Place = Pick<OwnOrder, "id" | "side" | "px">;

/** What is known of the order that was asked about. */
export type Explanation =
  | { readonly kind: "asking"; readonly id: string }
  /** `replaced`: the order itself is gone, and this one stands nearest to where it stood. */
  | {
      readonly kind: "found";
      readonly id: string;
      readonly order: ExplainedOrder;
      readonly replaced: boolean;
    }
  | { readonly kind: "gone" | "failed"; readonly id: string };

/** The order that is explained on screen, or null. */
export const explanation = signal<Explanation | null>(null);

/** Asks about an order; null takes the explanation off the screen. */
export function explainOrder(order: Place | null): void {
  if (order === null) {
    explanation.value = null;
    return;
  }
  const { id } = order;
  explanation.value = { kind: "asking", id };
  void ask(order).then((found) => {
    if (explanation.value?.id === id) explanation.value = found;
  });
}

async function ask({ id, side, px }: Place): Promise<Explanation> {
  try {
    const coin = encodeURIComponent(shownView.peek()?.coin ?? "");
    const answer = await fetch(`/why?coin=${coin}`, { signal: AbortSignal.timeout(5_000) });
    const { orders } = (await answer.json()) as { orders: readonly ExplainedOrder[] };
    const itself = orders.find((one) => one.id === id);
    if (itself !== undefined) return { kind: "found", id, order: itself, replaced: false };
    // Orders move with the price: what stands in its place has a reason of the same kind.
    const far = (one: OwnOrder): number => Math.abs(one.px - px);
    const next = orders.filter((one) => one.side === side).sort((a, b) => far(a) - far(b))[0];
    if (next === undefined) return { kind: "gone", id };
    return { kind: "found", id: next.id, order: next, replaced: true };
  } catch {
    // The server is away: the stream's mark says so too.
    return { kind: "failed", id };
  }
}
