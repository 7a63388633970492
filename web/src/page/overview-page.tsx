import { ChartPanel, SpanButtons } from "../chart/chart-panel.tsx";
import { INVENTORY_CHART } from "../chart/market-charts.ts";
import { SPLIT_CHART } from "../chart/money-charts.ts";
import { SparkLine } from "../chart/spark-line.tsx";
import { Panel } from "../frame/panel.tsx";
import { isPhone } from "../look/viewport.ts";
import { EventsPanel } from "../panel/events-panel.tsx";
import { FillsPanel } from "../panel/fills-panel.tsx";
import { InventoryPanel } from "../panel/inventory-panel.tsx";
import { MarketsPanel } from "../panel/markets-panel.tsx";
import { MarkoutsPanel } from "../panel/markouts-panel.tsx";
import { PnlPanel } from "../panel/pnl-panel.tsx";

/** All of it at a glance: markets, what made the result, exposure, markouts, events. */
export function OverviewPage() {
  if (isPhone.value) return <PhoneOverview />;
  return (
    <main class="overview">
      <MarketsPanel />
      <ChartPanel title="Net" name="split-chart" rule={SPLIT_CHART} aside={<SpanButtons />} />
      <ChartPanel title="Inventory" name="inventory-chart" rule={INVENTORY_CHART} />
      <PnlPanel />
      <MarkoutsPanel />
      <EventsPanel />
    </main>
  );
}

function PhoneOverview() {
  return (
    <main class="stack">
      <Panel title="Net, recent" name="net-spark" source="series">
        <SparkLine of="net" label="Net result, recent" testId="net-spark" />
      </Panel>
      <InventoryPanel />
      <MarkoutsPanel />
      <FillsPanel />
      <EventsPanel />
    </main>
  );
}
