import { ageText, distanceBps, pxText, szText } from "./decimal-text.ts";
import { makerState, shownView } from "./market-store.ts";
import { STATE_MARKS } from "./state-mark.ts";
import type { OwnOrder, View } from "./stream-message.ts";

const STATUS_WORDS: Readonly<Record<OwnOrder["status"], string>> = {
  pending: "… sent",
  open: "● open",
  canceling: "… canceling",
  unknown: "? unknown",
};

/** Why the maker quotes less than it could. */
export function ReasonsPanel() {
  const { name, reasons } = makerState.value;
  const { glyph, word } = STATE_MARKS[name];
  return (
    <section class="panel reasons">
      <h2>Why</h2>
      <ul data-testid="reasons">
        <li>
          <span class={`state ${name}`}>
            {glyph} {word}
          </span>
          {reasons.length === 0 && name === "quoting" ? " on both sides, nothing held back" : ""}
        </li>
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </section>
  );
}

/** Our own orders, best first, asks above bids as in the ladder. */
export function OrdersPanel() {
  const view = shownView.value;
  const orders = view === null ? [] : [...view.orders].sort((a, b) => b.px - a.px);
  const unknown = view?.counters.unknownOrders ?? 0;
  return (
    <section class="panel orders">
      <h2>
        Own orders
        <small>
          {unknown > 0 && <span class="warn">? {unknown} unknown · </span>}
          <span data-testid="order-count">{orders.length}</span>
        </small>
      </h2>
      <div class="scroll">
        <table data-testid="orders">
          <thead>
            <tr>
              <th>Side</th>
              <th class="num">Price</th>
              <th class="num">Size</th>
              <th class="num">bps</th>
              <th class="num">Age</th>
              <th>Status</th>
            </tr>
          </thead>
          <tbody>
            {view !== null &&
              orders.map((order) => <OrderRow key={order.id} order={order} view={view} />)}
          </tbody>
        </table>
        {orders.length === 0 && <p class="empty">No orders rest.</p>}
      </div>
    </section>
  );
}

function OrderRow({ order, view }: { readonly order: OwnOrder; readonly view: View }) {
  const buy = order.side === "buy";
  const away = view.mid === null ? "\u2014" : distanceBps(order, view.mid).toFixed(1);
  return (
    <tr data-testid="order" data-side={order.side}>
      <td class={buy ? "buy" : "sell"}>{buy ? "▲ Bid" : "▼ Ask"}</td>
      <td class="num">{pxText(order.px, view.szDecimals)}</td>
      <td class="num">{szText(order.sz, view.szDecimals)}</td>
      <td class="num">{away}</td>
      <td class="num">{ageText(view.timeMs - order.timeMs)}</td>
      <td class={order.status === "unknown" ? "warn" : "soft"}>{STATUS_WORDS[order.status]}</td>
    </tr>
  );
}
