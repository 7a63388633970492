/**
 * The race: every contender at every size runs the same commands in laps, one contender at a time
 * and all of them in each round, so that what disturbs the machine disturbs all alike. Figures are
 * medians over rounds; ratios are medians of the ratios within a round.
 */
import { type Lap, type Member, type Runner, startRunner } from "./fleet.ts";
import type { Memory } from "./memory.ts";
import { median } from "./statistics.ts";

/** How much work the race is. */
export interface RaceSize {
  readonly restings: readonly number[];
  readonly rounds: number;
  /** Commands of each lap. */
  readonly lap: number;
  /** Commands that are timed one by one. */
  readonly timed: number;
}

/** Laps of one contender at one size; the warm-up is not among them. */
export interface Result {
  readonly name: Member["name"];
  readonly resting: number;
  readonly laps: readonly Lap[];
  /** Commands timed one by one, at the size where that is done. */
  readonly timed: Lap | null;
  /** Memory that filling the book took, objects and arrays [bytes]. */
  readonly filledBytes: number;
}

/** What the race found. */
export interface Race {
  readonly results: readonly Result[];
  /** Contenders that did not fill their book in time, and what was left out. */
  readonly left: readonly string[];
  /** Millions of commands a second. */
  rate(name: Member["name"], resting: number): number | null;
  /** How many times as many commands a second as another contender: median over rounds. */
  ratio(a: readonly [Member["name"], number], b: readonly [Member["name"], number]): number | null;
}

/** Size at which commands are timed one by one. */
export const TIMED_RESTING = 10_000;
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
  for (const resting of size.restings) {
    const started = NAMES.map(async (name) => {
      const runner = await startRunner({ name, seed: SEED, resting, more }, PATIENCE_MS);
      if (runner === null) left.push(`${name} at ${resting}`);
      return runner ?? [];
    });
    runners.push(...(await Promise.all(started)).flat());
    say(`books of ${resting} orders are filled`);
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
    const isTimed = runner.resting === TIMED_RESTING && runner.name !== "plain";
    const timed = isTimed ? await runner.run(from, from + size.timed, true) : null;
    const { name, resting, ready } = runner;
    const filledBytes = bytesOf(ready.after) - bytesOf(ready.before);
    results.push({ name, resting, laps: all.slice(WARM_UP_LAPS), timed, filledBytes });
    await runner.end();
  }
  return { results, left, ...viewsOf(results) };
}

const bytesOf = ({ heap, arrays }: Memory): number => heap + arrays;

function viewsOf(results: readonly Result[]): Pick<Race, "rate" | "ratio"> {
  const find = (name: string, resting: number): Result | undefined =>
    results.find((result) => result.name === name && result.resting === resting);
  return {
    rate(name, resting) {
      const laps = find(name, resting)?.laps;
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

/** All contenders of one size have filled the same, and hold as many orders. */
function assertEqualFills(laps: ReadonlyMap<Runner, readonly Lap[]>): void {
  const seen = new Map<number, string>();
  for (const [{ name, resting }, all] of laps) {
    const { tally, live } = all.at(-1) as Lap;
    const text = JSON.stringify([tally, live]);
    const other = seen.get(resting) ?? text;
    if (other !== text) throw new Error(`${name} at ${resting} differs: ${text}, not ${other}`);
    seen.set(resting, text);
  }
}
