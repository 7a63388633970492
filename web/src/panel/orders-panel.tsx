import { computed } from "@preact/signals";
import { sendControl } from "../control/operator-control.ts";
import { explainOrder, explanation } from "../control/why.ts";
import { pressed } from "../frame/controls-bar.tsx";
import { Panel } from "../frame/panel.tsx";
import { readView } from "../stream/market-store.ts";
import type { OwnOrder, View } from "../stream/stream-message.ts";
import { ageText, distanceBps, pxText, szText } from "../text/decimal-text.ts";
import { NONE, numberText } from "../text/figure-text.ts";

const STATUS_WORDS: Readonly<Record<OwnOrder["status"], string>> = {
  pending: "… sent",
  open: "● open",
  canceling: "… canceling",
  unknown: "? unknown",
};

const chosenId = computed(() => explanation.value?.id ?? null);

function OrderRow({ order, view }: { readonly order: OwnOrder; readonly view: View }) {
  const buy = order.side === "buy";
  const away = view.mid === null ? null : distanceBps(order, view.mid);
  const choose = (): void => explainOrder(chosenId.peek() === order.id ? null : order);
  return (
    <tr
      data-testid="order"
      data-side={order.side}
      class={chosenId.value === order.id ? "chosen" : "choosable"}
      onClick={choose}
    >
      <td class={buy ? "buy" : "sell"}>{buy ? "▲ Bid" : "▼ Ask"}</td>
      <td class="num">{pxText(order.px, view.szDecimals)}</td>
      <td class="num">{szText(order.sz, view.szDecimals)}</td>
      <td class="num wide">
        {order.queueAhead === null ? NONE : szText(order.queueAhead, view.szDecimals)}
      </td>
      <td class="num">{numberText(away, 1)}</td>
      <td class="num wide">{ageText(view.timeMs - order.timeMs)}</td>
      <td class={order.status === "unknown" ? "warn" : "soft"}>{STATUS_WORDS[order.status]}</td>
      <td class="act">
        <button
          type="button"
          class="quiet"
          data-testid="why-order"
          aria-label={`Why this ${buy ? "bid" : "ask"} at ${pxText(order.px, view.szDecimals)}`}
          onClick={(event) => {
            event.stopPropagation();
            pressed(choose)(event);
          }}
        >
          why
        </button>
        <button
          type="button"
          class="quiet"
          data-testid="cancel-order"
          data-order={order.id}
          aria-label={`Cancel the ${buy ? "bid" : "ask"} at ${pxText(order.px, view.szDecimals)}`}
          onClick={(event) => {
            event.stopPropagation();
            pressed(() => void sendControl("cancel-order", { id: order.id }))(event);
          }}
        >
          ✕
        </button>
      </td>
    </tr>
  );
}

/** Orders that a filter lets through, highest price first as in the ladder. */
export function OrdersTable({ keep }: { readonly keep?: (order: OwnOrder) => boolean }) {
  const view = readView.value;
  const orders = (view?.orders ?? [])
    .filter((order) => keep?.(order) ?? true)
    .sort((a, b) => b.px - a.px);
  return (
    <div class="scroll">
      <table data-testid="orders">
        <thead>
          <tr>
            <th>Side</th>
            <th class="num">Price</th>
            <th class="num">Size</th>
            <th class="num wide" title="Estimated size of others before it at its price">
              Ahead
            </th>
            <th class="num" title="Distance from the mid">
              bps
            </th>
            <th class="num wide">Age</th>
            <th>Status</th>
            <th>
              <span class="unseen">Act</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {view !== null &&
            orders.map((order) => <OrderRow key={order.id} order={order} view={view} />)}
        </tbody>
      </table>
      {orders.length === 0 && <p class="empty">No orders rest.</p>}
    </div>
  );
}

/** How many orders there are, and how many are in doubt. */
export function OrderCount() {
  const view = readView.value;
  const unknown = view?.counters.unknownOrders ?? 0;
  return (
    <span class="soft">
      {unknown > 0 && <span class="warn">? {unknown} unknown · </span>}
      <span data-testid="order-count">{view?.orders.length ?? 0}</span> open
    </span>
  );
}

/** Our own orders, each to be canceled or asked about. */
export function OrdersPanel() {
  return (
    <Panel title="Open orders" name="orders" source="orders" aside={<OrderCount />}>
      <OrdersTable />
    </Panel>
  );
}
