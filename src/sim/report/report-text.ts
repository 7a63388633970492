/** A report in the terminal: the same verdict, causes and caveats as the page's, without charts. */
import { reportFigures } from "./report-figures.ts";
import { bps, duration, signedCentsText, signedDollars } from "./report-format.ts";
import { causes, caveats, verdict } from "./report-words.ts";
import type { RunManifest, RunRecord, RunSummary } from "./run-record.ts";

/** The report as lines. */
export function reportLines(record: RunRecord): string[] {
  const figures = reportFigures(record);
  const { headline, sentences } = verdict(record, figures);
  const steps = causes(record, figures);
  const rows: (readonly [string, string])[] = steps.map(({ name, instead, cents }) => [
    name,
    instead ?? signedCentsText(cents),
  ]);
  rows.push(["Net", signedCentsText(steps.reduce((sum, { cents }) => sum + cents, 0))]);
  const [names, amounts] = [0, 1].map((at) =>
    Math.max(...rows.map((row) => (row[at] ?? "").length)),
  );
  const markouts = (record.summary?.markouts ?? []).flatMap(({ horizonMs, n, meanBps }) =>
    n === 0 ? [] : [`${horizonMs / 1_000} s ${bps(meanBps)}`],
  );
  return [
    headline,
    ...sentences.map((sentence) => `  ${sentence}`),
    ...(steps.length === 0
      ? []
      : rows.map(
          ([name, amount]) => `    ${name.padEnd(names ?? 0)}  ${amount.padStart(amounts ?? 0)}`,
        )),
    ...(markouts.length === 0 ? [] : [`  markouts: ${markouts.join(", ")}`]),
    ...caveats(record, figures).map((note) => `  · ${note}`),
    `  repeat: ${record.manifest.again}`,
  ];
}

/** What a list says of a run. */
export interface RunHead {
  readonly manifest: RunManifest;
  readonly summary: RunSummary | null;
}

/** A run in one line, behind its name. */
export function runRow({ manifest, summary }: RunHead): string {
  const what = `${manifest.command} ${manifest.venue} ${manifest.asset}`;
  if (summary === null) return `${what}  killed before its first second was over`;
  const net = summary.total === null ? "no PnL" : `net ${signedDollars(summary.total)}`;
  const end = summary.state === "ended" ? "" : "  not ended";
  return `${what}  ${duration(summary.ranMs)}  ${net}  ${summary.fills} fills${end}`;
}

/** A run in a list for programs; money in 10^-6 USDC. */
export const runValue = ({ manifest, summary }: RunHead): Record<string, unknown> => ({
  id: manifest.id,
  command: manifest.command,
  venue: manifest.venue,
  asset: manifest.asset,
  seed: manifest.seed,
  startedMs: manifest.startedMs,
  state: summary?.state ?? null,
  ranMs: summary?.ranMs ?? null,
  total: summary?.total ?? null,
  split: summary?.split ?? null,
  fills: summary?.fills ?? null,
});
