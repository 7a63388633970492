import { effect } from "@preact/signals";
import { render } from "preact";
import { ChartPanel } from "./chart-panel.tsx";
import { moneyText } from "./decimal-text.ts";
import { FillsPanel } from "./fills-panel.tsx";
import { InventoryPanel } from "./inventory-panel.tsx";
import { LadderPanel } from "./ladder-panel.tsx";
import { isLive, makerState, shownView } from "./market-store.ts";
import { PageFrame } from "./page-frame.tsx";
import { startKeys } from "./page-keys.ts";
import { PnlPanel } from "./pnl-panel.tsx";
import { OrdersPanel, ReasonsPanel } from "./quoting-panel.tsx";
import { STATE_MARKS } from "./state-mark.ts";
import { startStream } from "./stream-client.ts";

function MarketPage() {
  return (
    <PageFrame>
      <main class="market">
        <LadderPanel />
        <ChartPanel />
        <div class="side">
          <PnlPanel />
          <InventoryPanel />
          <ReasonsPanel />
          <OrdersPanel />
        </div>
        <FillsPanel />
      </main>
    </PageFrame>
  );
}

const root = document.getElementById("page");
if (root !== null) {
  render(<MarketPage />, root);
  startStream();
  startKeys();
  // The tab tells state and result even when another one is in front.
  effect(() => {
    const view = shownView.value;
    if (view === null) return;
    const glyph = isLive.value ? STATE_MARKS[makerState.value.name].glyph : "◐";
    document.title = `${glyph} ${moneyText(view.pnl.net)} ${view.coin} · bourse`;
  });
}
