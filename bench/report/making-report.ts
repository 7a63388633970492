/** What market making inside the exchange costs, as a section. */
import type { MakingReport } from "../core/market-making.ts";
import { figure, tableOf, times } from "./table.ts";

/** How many times better than the seed's target an operation is to be. */
const LEAST = 100;

/** The section; a run of little work has no verdicts. */
export function makingReport(making: MakingReport, isJudged: boolean): string {
  const { size, costs, aliveNs, bareNs } = making;
  const ratio = aliveNs / bareNs;
  return [
    "## Market making in the exchange",
    "",
    `Mean cost of one command with all that it queues, on an exchange where ${size.vaults} vaults, ${size.pools} pools and ${size.grids} grids are alive; the target is that of the first sketch, and the bar is ${LEAST} times better.`,
    "",
    tableOf(
      ["operation", "us", "a second", "target, us", "better by", "bar"],
      costs.map(({ name, us, targetUs }) => [
        name,
        figure(us),
        figure(1e6 / us),
        figure(targetUs),
        times(targetUs / us),
        isJudged ? (targetUs / us >= LEAST ? "met" : "missed") : "\u2013",
      ]),
    ),
    "",
    `A plain order or its cancel costs ${figure(aliveNs)} ns beside all of that, ${times(ratio)} of the ${figure(bareNs)} ns on an exchange that has none of it (rounds by turns).`,
  ].join("\n");
}
