/** The comparison as a page: what was compared, the figures, what they say, and each seed. */
import { cpus } from "node:os";
import { compareHours, readingOf, tableRows } from "./comparison.ts";
import type { PlayedHour } from "./played-hour.ts";

/** A played hour in a line. */
export const lineOf = ({ seed, model, total, fills, killed }: PlayedHour): string =>
  `seed ${seed} ${model}: net ${(total / 1e6).toFixed(2)} USDC, ${fills} fills` +
  (killed === "" ? "" : `, killed: ${killed}`);

/** What a comparison came to. */
export interface PageInput {
  readonly glft: readonly PlayedHour[];
  readonly fixedSpread: readonly PlayedHour[];
  readonly seeds: readonly number[];
  readonly minutes: number;
  readonly tookMin: number;
  /** Arguments of the command that made it. */
  readonly args: string;
}

/** The page as Markdown. */
export function pageText(input: PageInput): string {
  const { glft, fixedSpread, seeds, minutes, tookMin, args } = input;
  const figures = compareHours([glft, fixedSpread]);
  const all = [...glft, ...fixedSpread];
  const sum = (of: (hour: PlayedHour) => number): string =>
    all.reduce((total, hour) => total + of(hour), 0).toLocaleString("en-US");
  const killed = all.filter((hour) => hour.killed !== "");
  const kills =
    killed.length === 0
      ? "No kill switch tripped."
      : `The kill switch tripped in ${killed.length} runs: ${killed.map(lineOf).join("; ")}.`;
  const node = `Node ${process.versions.node}`;
  return `# GLFT beside a fixed spread

Two makers that differ in one setting, \`model\`, each alone in the same simulated markets: ${seeds.length} seeds, ${minutes} minutes of market time each,
BTC, the simulated traders of \`bourse up\`, both with the default settings and 100,000 USDC. The market of a seed is the same for
both until their quotes make a difference to it.

| | glft | fixedSpread | difference, seed by seed |
| --- | ---: | ---: | ---: |
${tableRows(figures).join("\n")}

Means, with 95 % intervals in brackets: percentile bootstrap over seeds (2000 rounds, seeded), each seed one observation. Money and
counts are those of one run of ${minutes} minutes. Markouts and price moves are means over fills, in bps of the fill's price: the markout
is the fill against the fair price so much later, the move is what the price did since just before the fill, and minus it is adverse
selection. The fair price is the middle of the book of others, no model's opinion.

What glft had more (+) or less (−) of than fixedSpread, where it is more than chance; causes carry their sign, so less of
adverse selection is a larger loss:

${figures.map((figure) => `- ${readingOf(figure)}`).join("\n")}

What this does not say: how either would do against traders who are not these.

## Checked on the way

After each of ${sum(({ checkedFills }) => checkedFills)} fills and at each of ${sum(({ checkedMarks }) => checkedMarks)} other events the causes summed to the ledger's change of equity to the unit,
with nothing left unexplained, and at each reading of the account the exchange's equity was the ledger's. ${kills}

## Each seed

| seed | glft net [USDC] | fills | drawdown [USDC] | fixedSpread net [USDC] | fills | drawdown [USDC] |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${seeds.map((seed, i) => `| ${seed} | ${[glft[i], fixedSpread[i]].map(seedCells).join(" | ")} |`).join("\n")}

Written by \`npm run compare${args === "" ? "" : ` -- ${args}`}\` on ${node}, ${cpus().length} x ${cpus()[0]?.model ?? "unknown"}, in ${tookMin.toFixed(0)} minutes. The same seeds give the same figures on the
same Node version.
`;
}

const seedCells = (hour: PlayedHour | undefined): string =>
  hour === undefined
    ? "– | – | –"
    : `${(hour.total / 1e6).toFixed(2)} | ${hour.fills} | ${(hour.drawdown / 1e6).toFixed(2)}`;
