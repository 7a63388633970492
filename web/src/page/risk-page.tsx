import { EventsPanel } from "../panel/events-panel.tsx";
import { DeadManPanel, HealthPanel, KillPanel, LimitsPanel } from "../panel/risk-panels.tsx";

/** What holds the maker back, what stops it, and what it rests on. */
export function RiskPage() {
  return (
    <main class="risk-page">
      <LimitsPanel />
      <HealthPanel />
      <DeadManPanel />
      <KillPanel />
      <EventsPanel />
    </main>
  );
}
