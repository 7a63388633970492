import { ChartPanel, SpanButtons } from "../chart/chart-panel.tsx";
import {
  INVENTORY_CHART,
  MODEL_CHARTS,
  PRICE_CHART,
  SPREAD_CHART,
} from "../chart/market-charts.ts";
import { isPhone } from "../look/viewport.ts";
import { FillsPanel } from "../panel/fills-panel.tsx";
import { FundingPanel } from "../panel/funding-panel.tsx";
import { InventoryPanel } from "../panel/inventory-panel.tsx";
import { LadderPanel } from "../panel/ladder-panel.tsx";
import { OrdersPanel } from "../panel/orders-panel.tsx";
import { ParametersPanel } from "../panel/parameters-panel.tsx";
import { PnlPanel } from "../panel/pnl-panel.tsx";
import { WhyPanel } from "../panel/why-panel.tsx";

/** The page that is left open: book, prices with our quotes, why, settings, fills and orders. */
export function MarketPage() {
  if (isPhone.value) return <PhoneMarket />;
  return (
    <main class="market">
      <LadderPanel />
      <div class="charts">
        <ChartPanel title="Price" name="price" rule={PRICE_CHART} aside={<SpanButtons />} />
        <ChartPanel title="Inventory" name="inventory-chart half" rule={INVENTORY_CHART} />
        <ChartPanel title="bps from mid" name="spread half" rule={SPREAD_CHART} />
        <div class="model-charts">
          {MODEL_CHARTS.map((rule) => (
            <ChartPanel key={rule.testId} title="" name="small" rule={rule} />
          ))}
        </div>
      </div>
      <div class="rail">
        <WhyPanel />
        <FundingPanel />
        <PnlPanel />
        <ParametersPanel />
      </div>
      <FillsPanel />
      <OrdersPanel />
    </main>
  );
}

/** On a phone: why, what is held, what was filled. No ladder and nothing to edit. */
function PhoneMarket() {
  return (
    <main class="stack">
      <WhyPanel />
      <InventoryPanel />
      <FundingPanel />
      <PnlPanel />
      <FillsPanel />
    </main>
  );
}
