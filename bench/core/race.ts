/**
 * The race: every contender over every book runs the same commands in laps, one contender at a time
 * and all of them in each round, so that what disturbs the machine disturbs all alike. Figures are
 * medians over rounds; ratios are medians of the ratios within a round.
 */
import type { StreamPlan } from "./command-stream.ts";
import { type Lap, type Member, type Runner, startRunner } from "./fleet.ts";
import type { Memory } from "./memory.ts";
import { median } from "./statistics.ts";

/** A book that contenders meet over: so many orders on so many prices a side. */
export type BookPlan = Pick<StreamPlan, "resting" | "prices">;

/** The books of a full race: three sizes, and one with long queues. */
export const BOOKS = {
  small: { resting: 1_000, prices: 512 },
  middle: { resting: 10_000, prices: 512 },
  large: { resting: 100_000, prices: 512 },
  longQueues: { resting: 10_000, prices: 64 },
} as const satisfies Record<string, BookPlan>;

/** How much work the race is. */
export interface RaceSize {
  readonly books: readonly BookPlan[];
  readonly rounds: number;
  /** Commands of each lap. */
  readonly lap: number;
  /** Commands that are timed one by one. */
  readonly timed: number;
}

/** Laps of one contender over one book; the warm-up is not among them. */
export interface Result {
  readonly name: Member["name"];
  readonly book: BookPlan;
  readonly laps: readonly Lap[];
  /** Commands timed one by one, over the book where that is done. */
  readonly timed: Lap | null;
  /** Memory that filling the book took, objects and arrays [bytes]. */
  readonly filledBytes: number;
  /** Room of our table of orders; null = a peer's own [bytes]. */
  readonly tableBytes: number | null;
}

/** What the race found. */
export interface Race {
  readonly results: readonly Result[];
  /** Contenders that did not fill their book in time, and what was left out. */
  readonly left: readonly string[];
  /** Millions of commands a second. */
  rate(name: Member["name"], book: BookPlan): number | null;
  /** How many times as many commands a second as another contender: median over rounds. */
  ratio(a: Entry, b: Entry): number | null;
  /** Laps of a contender over a book. */
  find(name: Member["name"], book: BookPlan): Result | undefined;
}

/** A contender over a book. */
type Entry = readonly [Member["name"], BookPlan];

/** Book over which commands are timed one by one. */
export const TIMED_BOOK = BOOKS.middle;
const SEED = 20_261;
/** A peer that takes longer than this for a lap or for filling its book is left out [ms]. */
const PATIENCE_MS = 60_000;
const NAMES = ["peer", "fast", "plain", "pipeline", "rules"] as const;
const WARM_UP_LAPS = 2;

/** Runs the race; `say` hears what is going on. */
export async function runRace(size: RaceSize, say: (line: string) => void): Promise<Race> {
  const more = (size.rounds + WARM_UP_LAPS) * size.lap + size.timed;
  const runners: Runner[] = [];
  const left: string[] = [];
  for (const book of size.books) {
    const started = NAMES.map(async (name) => {
      const runner = await startRunner({ name, seed: SEED, ...book, more }, PATIENCE_MS);
      if (runner === null) left.push(`${name} at ${book.resting} orders`);
      return runner ?? [];
    });
    runners.push(...(await Promise.all(started)).flat());
    say(`books of ${book.resting} orders on ${book.prices} prices a side are filled`);
  }
  const laps = new Map<Runner, Lap[]>(runners.map((runner) => [runner, []]));
  for (let round = 0; round < size.rounds + WARM_UP_LAPS; round++) {
    for (const runner of runners) {
      const from = runner.resting + round * size.lap;
      laps.get(runner)?.push(await runner.run(from, from + size.lap));
    }
    assertEqualFills(laps);
    say(`round ${round + 1} of ${size.rounds + WARM_UP_LAPS}: all filled alike`);
  }
  const results: Result[] = [];
  for (const [runner, all] of laps) {
    const from = runner.resting + (size.rounds + WARM_UP_LAPS) * size.lap;
    const isTimed = isSame(runner, TIMED_BOOK) && runner.name !== "plain";
    const timed = isTimed ? await runner.run(from, from + size.timed, { isTimedEach: true }) : null;
    const { name, resting, prices, ready } = runner;
    const filledBytes = bytesOf(ready.after) - bytesOf(ready.before);
    const book = { resting, prices };
    results.push({
      name,
      book,
      laps: all.slice(WARM_UP_LAPS),
      timed,
      filledBytes,
      tableBytes: ready.tableBytes,
    });
    await runner.end();
  }
  return { results, left, ...viewsOf(results) };
}

const bytesOf = ({ heap, arrays }: Memory): number => heap + arrays;

const isSame = (a: BookPlan, b: BookPlan): boolean =>
  a.resting === b.resting && a.prices === b.prices;

function viewsOf(results: readonly Result[]): Pick<Race, "rate" | "ratio" | "find"> {
  const find = (name: string, book: BookPlan): Result | undefined =>
    results.find((result) => result.name === name && isSame(result.book, book));
  return {
    find,
    rate(name, book) {
      const laps = find(name, book)?.laps;
      return laps === undefined
        ? null
        : median(laps.map(({ ns, commands }) => (commands * 1e3) / ns));
    },
    ratio(a, b) {
      const first = find(...a);
      const second = find(...b);
      if (first === undefined || second === undefined) return null;
      return median(first.laps.map(({ ns }, i) => (second.laps[i] as Lap).ns / ns));
    },
  };
}

/** All contenders over one book have filled the same, and hold as many orders. */
export function assertEqualFills(laps: ReadonlyMap<Runner, readonly Lap[]>): void {
  const seen = new Map<string, string>();
  for (const [{ name, resting, prices }, all] of laps) {
    const { tally, live } = all.at(-1) as Lap;
    const text = JSON.stringify([tally, live]);
    const book = `${resting} orders on ${prices} prices`;
    const other = seen.get(book) ?? text;
    if (other !== text) throw new Error(`${name} at ${book} differs: ${text}, not ${other}`);
    seen.set(book, text);
  }
}
