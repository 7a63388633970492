/** The charts of money: net and its causes over time. */
import type { SeriesColumn } from "../stream/stream-message.ts";
import { moneyText } from "../text/decimal-text.ts";
import { NONE } from "../text/figure-text.ts";
import type { ChartLine, ChartRule } from "./time-chart.tsx";

const money = (micros: number | null): string => (micros === null ? NONE : moneyText(micros));

const line = (
  name: SeriesColumn,
  label: string,
  ink: ChartLine["ink"],
  more: Partial<ChartLine> = {},
): ChartLine => ({ label, ink, values: (window) => window.column(name), text: money, ...more });

/** Net result with what made it, all since the start. */
export const SPLIT_CHART: ChartRule = {
  testId: "split-chart",
  label: "Net result and its causes since the start",
  lines: [
    line("spread", "spread", "buy"),
    line("adverseSelection", "adverse", "sell"),
    line("inventory", "inventory", "fair", { dash: [6, 3] }),
    line("fees", "fees", "soft", { dash: [2, 3] }),
    line("net", "net", "text", { width: 2 }),
  ],
  axisText: (micros, step) =>
    moneyText(Math.round(micros), "minusOnly").replace(step % 1e6 === 0 ? /\.\d+$/ : /$/, ""),
  axisWidth: 66,
};
