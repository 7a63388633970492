/** The first sketch's targets and what became of them, as a section. */
import type { TargetReport } from "../core/first-targets.ts";
import { figure, tableOf, times } from "./table.ts";

/** How many times better than its target an operation is to be, and a best price than a search for it. */
const LEAST = 100;
const BEST_LEAST = 2;

/** The section; a run of little work has no verdicts. */
export function targetReport(report: TargetReport, isJudged: boolean): string {
  const { costs, bestNs, searchNs, levels } = report;
  const verdict = (isMet: boolean): string => (isJudged ? (isMet ? "met" : "missed") : "\u2013");
  return [
    "## Targets of the first sketch",
    "",
    `Mean cost of one command under load, from the first of a lap until the last is on disk (group commit), with 10,000 orders resting; the bar is ${LEAST} times better than the target. How long one command takes to be durable stands under "Durable commands".`,
    "",
    tableOf(
      ["operation", "us", "a second", "target, us", "better by", "bar"],
      costs.map(({ name, us, targetUs }) => [
        name,
        figure(us),
        figure(1e6 / us),
        figure(targetUs),
        times(targetUs / us),
        verdict(targetUs / us >= LEAST),
      ]),
    ),
    "",
    `The best price is read in ${figure(bestNs)} ns; a search among ${levels} levels takes ${figure(searchNs)} ns, ${times(searchNs / bestNs)} of that (at least ${BEST_LEAST}x: ${verdict(searchNs / bestNs >= BEST_LEAST)}).`,
  ].join("\n");
}
