/** What the core is to reach, beside what it reached. */
import { BOOKS, type BookPlan } from "../core/race.ts";
import { bookName, type CoreResults, growth, steadyCollections } from "./core-report.ts";
import { figure, tableOf, times } from "./table.ts";

interface Bar {
  readonly what: string;
  readonly wanted: string;
  readonly found: string;
  /** null = this run cannot tell. */
  readonly isMet: boolean | null;
}

/** Every bar with its verdict; a run of little work has none. */
export function barReport({ race, commit, oracle }: CoreResults, isJudged: boolean): string {
  const over = (
    what: string,
    name: "fast" | "pipeline" | "rules",
    book: BookPlan,
    least: number,
  ): Bar => {
    const ratio = race.ratio([name, book], ["peer", book]);
    return {
      what: `${what}, ${bookName(book)}`,
      wanted: `at least ${least}x the peer`,
      found: times(ratio),
      isMet: ratio === null ? null : ratio >= least,
    };
  };
  const steady = steadyCollections(race, "pipeline");
  const grown = growth(race, "pipeline");
  const bars: Bar[] = [
    over("book", "fast", BOOKS.small, 50),
    over("book", "fast", BOOKS.middle, 100),
    over("book", "fast", BOOKS.longQueues, 100),
    over("pipeline", "pipeline", BOOKS.small, 20),
    over("pipeline", "pipeline", BOOKS.middle, 30),
    over("pipeline", "pipeline", BOOKS.longQueues, 30),
    over("pipeline, every rule there is", "rules", BOOKS.small, 10),
    over("pipeline, every rule there is", "rules", BOOKS.middle, 15),
    over("pipeline, every rule there is", "rules", BOOKS.longQueues, 15),
    {
      what: "commits to disk, of the rate without",
      wanted: "at least 0.5",
      found: figure(commit.ratio),
      isMet: commit.ratio >= 0.5,
    },
    {
      what: `garbage collections, ${steady.commands.toLocaleString("en-US")} steady commands`,
      wanted: "0",
      found: String(steady.collections),
      isMet: steady.commands < 1_000_000 ? null : steady.collections === 0,
    },
    {
      what: "pipeline, cost a command: 100,000 orders over 1,000",
      wanted: "at most 2.5x",
      found: times(grown),
      isMet: grown === null ? null : grown <= 2.5,
    },
    {
      what: `oracle price, ${oracle.holders.toLocaleString("en-US")} holders over none`,
      wanted: "at most 20x",
      found: times(oracle.ratio),
      isMet: oracle.ratio <= 20,
    },
    {
      what: `oracle price, accounts looked at of ${oracle.holders.toLocaleString("en-US")} holders far from their threshold`,
      wanted: "0",
      found: String(oracle.held.visits),
      isMet: oracle.held.visits === 0,
    },
  ];
  const verdict = ({ isMet }: Bar): string =>
    isMet === null || !isJudged ? "not judged" : isMet ? "met" : "not met";
  return [
    "## Bars",
    "",
    tableOf(
      ["", "wanted", "this run", ""],
      bars.map((bar) => [bar.what, bar.wanted, bar.found, verdict(bar)]),
    ),
    "",
    "The rules there are: signer and nonce, expiry, self-trade, client order ids, address budget, margin, fee tiers. Trigger orders stand in the way of every price, but none waits in this stream. " +
      "What an oracle price costs that has accounts to look at stands below.",
  ].join("\n");
}
