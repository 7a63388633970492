/** The pipeline behind a sequencer: group commit to disk beside the same without a disk. */
import { type Lap, type Runner, startRunner } from "./fleet.ts";
import { median, type Summary } from "./statistics.ts";

/** How long commands of one pace take to be durable. */
export interface CommitDelays {
  /** [1/s]; null = as fast as they are taken. */
  readonly perSecond: number | null;
  /** From submit to durable [ns]. */
  readonly delay: Summary;
  /** Commands of a commit, on the mean. */
  readonly groupSize: number;
}

/** What committing to disk costs. */
export interface CommitRace {
  /** Millions of commands a second, each durable. */
  readonly diskRate: number;
  readonly memoryRate: number;
  /** Rate with disk over rate without: median over rounds. */
  readonly ratio: number;
  /** Commands of a commit, on the mean. */
  readonly groupSize: number;
  readonly delays: readonly CommitDelays[];
}

/** Paces at which delays are measured [1/s]; null = as fast as they are taken. */
const PACES = [null, 50_000, 1_000] as const;
/** Longest that a pace is kept up [s]. */
const PACED_S = 3;
const RESTING = 10_000;
const PRICES = 512;
const SEED = 20_262;

/** Runs both in turn over the same commands. */
export async function runCommitRace(rounds: number, lap: number): Promise<CommitRace> {
  const more = (rounds + 1 + PACES.length) * lap;
  const member = { seed: SEED, resting: RESTING, prices: PRICES, more };
  const runners = await Promise.all(
    (["disk", "memory"] as const).map((name) => startRunner({ ...member, name })),
  );
  const laps: Lap[][] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    const from = RESTING + round * lap;
    for (const [k, runner] of runners.entries())
      laps[k]?.push(await (runner as Runner).run(from, from + lap));
    const [a, b] = laps.map((all) => JSON.stringify(all.at(-1)?.tally));
    if (a !== b) throw new Error(`disk and memory differ: ${a}, ${b}`);
  }
  const delays: CommitDelays[] = [];
  let from = RESTING + (rounds + 1) * lap;
  for (const perSecond of PACES) {
    const commands = Math.min(lap, perSecond === null ? lap : perSecond * PACED_S);
    delays.push(await measureDelays(runners[0] as Runner, from, commands, perSecond));
    from += commands;
  }
  for (const runner of runners) await runner?.end();
  const [disk, memory] = laps.map((all) => all.slice(1)) as [Lap[], Lap[]];
  const rateOf = (all: Lap[]): number =>
    median(all.map(({ ns, commands }) => (commands * 1e3) / ns));
  const total = (pick: (lap: Lap) => number): number =>
    disk.reduce((sum, one) => sum + pick(one), 0);
  return {
    diskRate: rateOf(disk),
    memoryRate: rateOf(memory),
    ratio: median(disk.map(({ ns }, i) => (memory[i] as Lap).ns / ns)),
    groupSize: total(({ commands }) => commands) / total(({ groups }) => groups),
    delays,
  };
}

async function measureDelays(
  disk: Runner,
  from: number,
  commands: number,
  perSecond: number | null,
): Promise<CommitDelays> {
  const lap = await disk.run(from, from + commands, { isTimedEach: true, perSecond });
  return { perSecond, delay: lap.each as Summary, groupSize: commands / lap.groups };
}
