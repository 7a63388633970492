/** What the core is to reach, beside what it reached. */
import { type CoreResults, growth, steadyCollections } from "./core-report.ts";
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
    resting: number,
    least: number,
  ): Bar => {
    const ratio = race.ratio([name, resting], ["peer", resting]);
    return {
      what: `${what}, ${resting.toLocaleString("en-US")} orders`,
      wanted: `at least ${least}x the peer`,
      found: times(ratio),
      isMet: ratio === null ? null : ratio >= least,
    };
  };
  const steady = steadyCollections(race);
  const grown = growth(race, "pipeline");
  const bars: Bar[] = [
    over("book", "fast", 1_000, 50),
    over("book", "fast", 10_000, 100),
    over("pipeline", "pipeline", 1_000, 20),
    over("pipeline", "pipeline", 10_000, 30),
    over("pipeline, every rule there is", "rules", 1_000, 10),
    over("pipeline, every rule there is", "rules", 10_000, 15),
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
      what: "cost a command, largest book over smallest",
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
    "The rules there are: signer and nonce, expiry, self-trade, client order ids, address budget, margin. Trigger orders and fee tiers are not among them yet. " +
      "An oracle price looks at every position row of the exchange, not only at accounts near their threshold; the last ratio is small because both sides of it do.",
  ].join("\n");
}
