/** Tables of what was measured inside one process: books, pipeline, commits. */
import { ACCOUNTS } from "../core/command-stream.ts";
import type { CommitDelays, CommitRace } from "../core/commit-race.ts";
import type { Member } from "../core/fleet.ts";
import type { Storm } from "../core/liquidation-storm.ts";
import type { OracleMove, PriceCost } from "../core/oracle-move.ts";
import { BOOKS, type BookPlan, type Race, type Result, TIMED_BOOK } from "../core/race.ts";
import { figure, tableOf, times } from "./table.ts";

/** All of it. */
export interface CoreResults {
  readonly race: Race;
  readonly commit: CommitRace;
  readonly oracle: OracleMove;
}

const WHAT: Readonly<Record<string, string>> = {
  peer: "nodejs-order-book",
  plain: "our plain book",
  fast: "our fast book",
  pipeline: "our pipeline",
  rules: "our pipeline, every order with a client id, address budget on",
};
const NAMES = ["peer", "plain", "fast", "pipeline", "rules"] as const;

/** Collections of a contender in its last laps, up to a million commands. */
export function steadyCollections(
  { find }: Race,
  name: Member["name"],
): { commands: number; collections: number } {
  const laps = find(name, TIMED_BOOK)?.laps;
  const count = { commands: 0, collections: 0 };
  for (const lap of [...(laps ?? [])].reverse()) {
    if (count.commands >= 1_000_000) break;
    count.commands += lap.commands;
    count.collections += lap.collections;
  }
  return count;
}

/** Cost a command over the large book as a multiple of that over the small one. */
export const growth = (race: Race, name: Member["name"]): number | null =>
  race.ratio([name, BOOKS.small], [name, BOOKS.large]);

/** Name of a book. */
export const bookName = ({ resting, prices }: BookPlan): string =>
  `${resting.toLocaleString("en-US")} orders${prices === BOOKS.middle.prices ? "" : `, ${prices} prices`}`;

/** Books of a race, in order. */
const booksOf = ({ results }: Race): BookPlan[] => {
  const names = new Map(results.map(({ book }) => [bookName(book), book]));
  return [...names.values()];
};

/** Rates and ratios at every size. */
export function throughputReport(race: Race): string {
  const books = booksOf(race);
  const heads = books.map(bookName);
  const rates = NAMES.map((name) => [
    WHAT[name] as string,
    ...books.map((book) => figure(race.rate(name, book))),
  ]);
  const ratios = NAMES.filter((name) => name !== "peer").map((name) => [
    WHAT[name] as string,
    ...books.map((book) => times(race.ratio([name, book], ["peer", book]))),
  ]);
  const { laps } = race.results[0] as Result;
  const lap = laps[0]?.commands.toLocaleString("en-US");
  return [
    "## Commands a second",
    "",
    `One stream of commands from a seed: about 48 % orders, 42 % cancels of a random live order, 5 % modifies and 5 % immediate orders; ` +
      `${BOOKS.middle.prices} prices a side where no other number is said, twice as many orders at the touch as on average, ${ACCOUNTS.toLocaleString("en-US")} accounts. ` +
      `Each contender runs in a process of its own, one at a time, ${laps.length} rounds of ${lap} commands after two to warm up. ` +
      "After every round all have filled the same: number, volume, and every price and size in order. " +
      "Rates are medians over the rounds, ratios medians of the ratios within a round.",
    "",
    "The peer is used through `limit`, `cancel` and `modify`, with ids made beforehand; it checks no accounts and writes nothing down. " +
      "The plain and the fast book stand for the same work: order table, book, matching. " +
      "The pipeline adds what an exchange does: the journal's record with a checksum by block, signer, nonce, margin over four positions, " +
      "matching without self-trades, settlement, fees, events, and one reader of all events.",
    "",
    "Millions of commands a second:",
    "",
    tableOf(["", ...heads], rates),
    "",
    "Times the peer's rate in the same round (below 1x the peer is faster):",
    "",
    tableOf(["", ...heads], ratios),
    ...(race.left.length === 0
      ? []
      : ["", `Left out, since it did not get ready within 60 s: ${race.left.join(", ")}.`]),
  ].join("\n");
}

function delayRow({ perSecond, delay, groupSize }: CommitDelays): string[] {
  const pace =
    perSecond === null ? "full speed" : `${perSecond.toLocaleString("en-US")} commands/s`;
  const ms = [delay.p50, delay.p99, delay.p999, delay.max].map((ns) => figure(ns / 1e6));
  return [pace, ...ms, figure(groupSize)];
}

/** Single commands, memory, commits. */
export function costReport({ race, commit }: CoreResults): string {
  const timed = race.results.filter((result) => result.timed?.each != null);
  const latencies = timed.map(({ name, timed: lap }) => {
    const each = lap?.each;
    return [
      WHAT[name] as string,
      ...[each?.p50, each?.p99, each?.p999, each?.max].map((ns) => figure((ns ?? 0) / 1e3)),
    ];
  });
  const first = timed[0]?.timed;
  const last = Math.max(...booksOf(race).map(({ resting }) => resting));
  const memory = race.results
    .filter(({ book, name }) => book.resting === last && name !== "rules")
    .map(({ name, filledBytes, tableBytes }) => [
      WHAT[name] as string,
      figure(filledBytes / last),
      figure(tableBytes === null ? null : tableBytes / last),
      figure(tableBytes === null ? null : (filledBytes - tableBytes) / last),
    ]);
  const steady = steadyCollections(race, "pipeline");
  const ruled = steadyCollections(race, "rules");
  return [
    "## One command at a time",
    "",
    `Each of ${first?.commands.toLocaleString("en-US")} commands timed by itself over ${TIMED_BOOK.resting.toLocaleString("en-US")} resting orders, in microseconds; ` +
      `${figure(first?.each?.timerNs)} ns of each figure is the timer.`,
    "",
    tableOf(["us", "p50", "p99", "p99.9", "max"], latencies),
    "",
    `Garbage collections in ${steady.commands.toLocaleString("en-US")} steady commands of the pipeline: ${steady.collections}; with a client id on every order and the address budget on: ${ruled.collections}.`,
    "",
    "## Memory",
    "",
    `What filling the book with ${last.toLocaleString("en-US")} orders took, bytes an order. Tables double when they are full, so this is up to twice what a full one takes; ` +
      "ids that callers keep are not counted.",
    "",
    tableOf(["bytes an order", "all", "order table (state)", "book and lists (derived)"], memory),
    "",
    "## Durable commands",
    "",
    "The pipeline behind the sequencer, which commits groups to a file with a sync each while it goes on; and the same with a storage in memory:",
    "",
    tableOf(
      ["", "M commands/s"],
      [
        ["disk", figure(commit.diskRate)],
        ["memory", figure(commit.memoryRate)],
      ],
    ),
    "",
    `Disk over memory: ${figure(commit.ratio)}; ${figure(commit.groupSize)} commands a commit.`,
    "",
    "From submit to durable on disk, every command timed by itself: as fast as they are taken, with up to 16,384 waiting, and at a steady pace:",
    "",
    tableOf(["ms", "p50", "p99", "p99.9", "max", "commands a commit"], commit.delays.map(delayRow)),
  ].join("\n");
}

/** What a price costs by the number of accounts it has to look at. */
export function oracleReport(oracle: OracleMove): string {
  const { held, unheld, changed, forked } = oracle;
  const count = (n: number): string => n.toLocaleString("en-US");
  const row = (what: string, { us, visits }: PriceCost): string[] => [
    what,
    count(visits),
    figure(us),
    figure(visits === 0 ? null : us / visits),
  ];
  return [
    "## An oracle price",
    "",
    `${count(oracle.accounts)} accounts with a position each, ${count(oracle.holders)} of them in one market, at two to six times their money; prices move by a tick and liquidate nobody. ` +
      "Accounts are looked at where a price passes their threshold, or their money or positions changed since the price before.",
    "",
    tableOf(
      ["", "accounts looked at", "us", "us an account"],
      [
        row("a market that nobody holds", unheld),
        row(`a market with ${count(oracle.holders)} holders`, held),
        row("the same, after a deposit to each of them", changed),
        row("the first price of a fork", forked),
      ],
    ),
    "",
    `A price that ${count(oracle.holders)} hold costs ${times(oracle.ratio)} of one that nobody holds.`,
  ].join("\n");
}

/** What a price costs that brings many accounts under maintenance, by what closes them. */
export function stormReport(storms: readonly Storm[]): string {
  const count = (n: number): string => n.toLocaleString("en-US");
  const accounts = storms[0]?.accounts ?? 0;
  return [
    "## A liquidation storm",
    "",
    `One oracle price brings ${count(accounts)} accounts with a long each under maintenance, of ${count(2 * accounts)} that hold the market; from the price's command through the ticks that work off what it queued, 64 accounts a command, until nobody waits.`,
    "",
    tableOf(
      ["closed by", "ms", "us an account", "longest command, ms", "commands", "events"],
      storms.map(({ way, ms, worstMs, commands, events }) => [
        way,
        figure(ms),
        figure((ms * 1e3) / accounts),
        figure(worstMs),
        count(commands),
        count(events),
      ]),
    ),
  ].join("\n");
}
