/** The ladder by tick beside the ladder by rank of the legal price. */

import { legalPxStep } from "../../src/base/instrument-spec.ts";
import type { StreamMarket } from "../core/command-stream.ts";
import type { LadderMarket, LadderName, LadderRace, LadderResult } from "../core/ladder-race.ts";
import type { LadderUse } from "../core/ladder-use.ts";
import { BOOKS } from "../core/race.ts";
import type { Spread } from "../core/statistics.ts";
import { bookName } from "./core-report.ts";
import { figure, tableOf, times } from "./table.ts";

const stepOf = (market: StreamMarket): number => legalPxStep(market, market.middlePx);

/** A market in words. */
const marketName = (market: LadderMarket): string =>
  `${market.what}, legal step ${stepOf(market)} ticks`;

const spreadText = ({ low, middle, high }: Spread): string =>
  `${times(middle)} (${figure(low)} to ${figure(high)})`;

function resultRow({ market, markets, book, ns, ratio }: LadderResult): string[] {
  const names: readonly LadderName[] = ["fast", "ranked", "preranked"];
  return [
    `${marketName(market)}, ${bookName(book)}${markets === 1 ? "" : ` in each of ${markets} markets`}`,
    ...names.map((name) => figure(ns[name])),
    spreadText(ratio.ranked),
    spreadText(ratio.preranked),
  ];
}

const useRow = (use: LadderUse): string[] => [
  `${use.form}, step ${stepOf(use.market)} ticks`,
  figure(use.levels),
  figure(use.pages),
  figure(use.levelBytes),
  figure(use.lines),
  figure(use.heldBytes),
  figure(use.indexBytes),
];

/** Cost and memory of both ladders. */
export function ladderReport({ results, use }: LadderRace): string {
  const [first] = results;
  return [
    "## Ladder by tick and by rank, 100,000.0",
    "",
    "The fast book over ticks, and the same book over ranks of legal prices, prices turned into ranks on the way in and ranks into prices in fills and best prices. " +
      "In the last column ranks are there before anything is timed: what the denser ladder would be worth if a rank cost nothing. " +
      `Streams with fresh processes: ${first?.fleets}; rounds over all of them: ${first?.rounds}, of ${first?.lap.toLocaleString("en-US")} commands, the contenders by turns; after every round all have filled the same. ` +
      "Where there are several markets, they take turns command by command, each with tables of its own. " +
      "Processor time a command, medians; then medians of the ratios within a round with their quartiles, above 1x where rank is faster.",
    "",
    tableOf(
      ["", "tick, ns", "rank, ns", "rank given, ns", "rank over tick", "rank given over tick"],
      results.map(resultRow),
    ),
    "",
    `Memory of the ladder with ${bookName(BOOKS.middle)} at ${BOOKS.middle.prices} prices a side. A level is 8 bytes, a page 1,024 levels; the index serves all prices that the market may have.`,
    "",
    tableOf(
      [
        "",
        "levels in use",
        "pages",
        "bytes of levels",
        "lines of 64 bytes in use",
        "bytes held, with bits",
        "bytes of index",
      ],
      use.map(useRow),
    ),
  ].join("\n");
}
