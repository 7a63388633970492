import { effect } from "@preact/signals";
import { render } from "preact";
import { startKeys } from "./control/page-keys.ts";
import { type PageName, shownPage, startRoutes } from "./control/route.ts";
import { PageFrame } from "./frame/page-frame.tsx";
import { startLook } from "./look/look.ts";
import { MarketPage } from "./page/market-page.tsx";
import { OrdersPage } from "./page/orders-page.tsx";
import { OverviewPage } from "./page/overview-page.tsx";
import { RiskPage } from "./page/risk-page.tsx";
import { VaultsPage } from "./page/vaults-page.tsx";
import { isLive, makerState, readView } from "./stream/market-store.ts";
import { startStream } from "./stream/stream-client.ts";
import { moneyText } from "./text/decimal-text.ts";
import { STATE_MARKS } from "./text/state-mark.ts";

const PAGE_OF: Readonly<Record<PageName, () => preact.VNode>> = {
  overview: OverviewPage,
  market: MarketPage,
  orders: OrdersPage,
  risk: RiskPage,
  vaults: VaultsPage,
};

function App() {
  const Page = PAGE_OF[shownPage.value];
  return (
    <PageFrame>
      <Page />
    </PageFrame>
  );
}

const root = document.getElementById("page");
if (root !== null) {
  startLook();
  startRoutes();
  render(<App />, root);
  startStream();
  startKeys();
  // The tab tells state and result even when another one is in front.
  effect(() => {
    const view = readView.value;
    if (view === null) return;
    const glyph = isLive.value ? STATE_MARKS[makerState.value.name].glyph : "◐";
    const title = `${glyph} ${moneyText(view.pnl.net)} ${view.coin} · bourse`;
    if (document.title !== title) document.title = title;
  });
}
