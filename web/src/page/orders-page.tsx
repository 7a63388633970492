import { signal } from "@preact/signals";
import { pressed } from "../frame/controls-bar.tsx";
import { Panel } from "../frame/panel.tsx";
import { FillsTable } from "../panel/fills-panel.tsx";
import { MarkoutsPanel } from "../panel/markouts-panel.tsx";
import { OrderCount, OrdersTable } from "../panel/orders-panel.tsx";
import { WhyPanel } from "../panel/why-panel.tsx";
import { readView } from "../stream/market-store.ts";
import type { Fill, OwnOrder, View } from "../stream/stream-message.ts";
import { clockText, decimalText, pxText, szText } from "../text/decimal-text.ts";

/** What was typed into the filter. */
const filter = signal("");

/** Whether a row's words hold every word of the filter. */
function matches(words: string): boolean {
  const text = words.toLowerCase();
  return filter.value
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const fillWords = (fill: Fill, szDecimals: number): string =>
  [
    fill.side,
    fill.taker ? "taker" : "maker",
    pxText(fill.px, szDecimals).replaceAll(",", ""),
    szText(fill.sz, szDecimals),
    clockText(fill.timeMs, "seconds"),
    `tid ${fill.tid}`,
  ].join(" ");

const orderWords = (order: OwnOrder, szDecimals: number): string =>
  [
    order.side,
    order.side === "buy" ? "bid" : "ask",
    order.status,
    pxText(order.px, szDecimals).replaceAll(",", ""),
    szText(order.sz, szDecimals),
    order.id,
  ].join(" ");

/** Fills as lines of a table that other programs read; money in USDC, sizes in coins. */
function fillsCsv(fills: readonly Fill[], { szDecimals }: View): string {
  const plain = (text: string): string => text.replaceAll(",", "").replace("\u2212", "-");
  const lines = fills.map((fill) =>
    [
      fill.tid,
      new Date(fill.timeMs).toISOString(),
      fill.side,
      plain(pxText(fill.px, szDecimals)),
      plain(szText(fill.sz, szDecimals)),
      plain(decimalText(fill.fee, 6)),
      plain(decimalText(fill.realised, 6)),
      fill.taker ? "taker" : "maker",
    ].join(","),
  );
  return ["tid,time,side,price,size,fee,realised,role", ...lines, ""].join("\n");
}

function saveFills(): void {
  const view = readView.peek();
  if (view === null) return;
  const fills = view.fills.filter((fill) => matches(fillWords(fill, view.szDecimals)));
  const url = URL.createObjectURL(new Blob([fillsCsv(fills, view)], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `fills-${view.coin}-${view.timeMs}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}

function Filter() {
  return (
    <input
      class="filter"
      type="search"
      data-filter
      data-testid="filter"
      placeholder="Filter: buy, taker, a price…   /"
      aria-label="Filter orders and fills"
      value={filter.value}
      onInput={(event) => {
        filter.value = event.currentTarget.value;
      }}
    />
  );
}

/** Orders and fills in full, to be searched, explained and saved. */
export function OrdersPage() {
  const decimals = readView.value?.szDecimals ?? 0;
  return (
    <main class="orders-page">
      <Panel
        title="Open orders"
        name="orders"
        source="orders"
        aside={
          <>
            <OrderCount />
            <Filter />
          </>
        }
      >
        <OrdersTable keep={(order) => matches(orderWords(order, decimals))} />
      </Panel>
      <WhyPanel />
      <Panel
        title="Fills"
        name="fills"
        source="orders"
        aside={
          <>
            <span class="soft">latest 50 · UTC · USDC</span>
            <button
              type="button"
              class="quiet"
              data-testid="save-fills"
              onClick={pressed(saveFills)}
            >
              ⤓ CSV
            </button>
          </>
        }
      >
        <FillsTable keep={(fill) => matches(fillWords(fill, decimals))} />
      </Panel>
      <MarkoutsPanel />
    </main>
  );
}
