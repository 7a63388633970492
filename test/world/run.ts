/**
 * Runs worlds from the command line:
 *
 *   npm run world -- --seeds 200            seeds 1 to 200, every tenth twice
 *   npm run world -- --seed 7 [--trace]     one world, its hash and what happened in it
 *   npm run world -- --mutation feeLost     with a fault put in; `--mutation all` for each in turn
 *
 * Ends with 1 at the first broken rule and says how to repeat it; with a mutation, when no seed
 * finds it.
 */
import { parseArgs } from "node:util";
import { MUTATIONS, type Mutation } from "./mutations.ts";
import { runWorld, type WorldCounts, type WorldResult } from "./world.ts";

const TWICE_EVERY = 10;
/** Seeds a line where the output is no terminal. */
const LINE_EVERY = 50;

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    mutation: { type: "string" },
    trace: { type: "boolean", default: false },
  },
});

process.exitCode = main();

function main(): number {
  const mutation = MUTATIONS.find(({ name }) => name === values.mutation);
  if (values.seed !== undefined) return runOne(Number(values.seed), mutation);
  if (values.mutation === "all") {
    return MUTATIONS.map((each) => findMutation(each)).every(Boolean) ? 0 : 1;
  }
  if (values.mutation === undefined) return runMany();
  if (mutation !== undefined) return findMutation(mutation) ? 0 : 1;
  console.error(`no mutation ${values.mutation}: ${MUTATIONS.map(({ name }) => name).join(", ")}`);
  return 2;
}

function runOne(seed: number, mutation: Mutation | undefined): number {
  const trace = values.trace ? (line: string) => console.log(line) : undefined;
  const { hash, failure, counts } = runWorld(seed, { mutation, trace });
  console.log(describeCounts(counts));
  console.log(failure === null ? `seed ${seed} hash ${hash}` : `seed ${seed} failed: ${failure}`);
  return failure === null ? 0 : 1;
}

function runMany(): number {
  const total: WorldCounts[] = [];
  const first = Number(values.from);
  const count = Number(values.seeds);
  const startMs = performance.now();
  for (let seed = first; seed < first + count; seed++) {
    const result = runWorld(seed);
    if (reportFailure(result)) return 1;
    total.push(result.counts);
    if (seed % TWICE_EVERY === 0) {
      const again = runWorld(seed);
      if (again.hash !== result.hash) {
        console.error(`seed ${seed} gave ${result.hash} and then ${again.hash}`);
        console.error(`repeat with: npm run world -- --seed ${seed}`);
        return 1;
      }
    }
    progress(`seed ${seed} ${result.hash}`);
    if (!process.stdout.isTTY && seed % LINE_EVERY === 0) console.log(`seed ${seed} done`);
  }
  progress("");
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(1);
  console.log(`${count} worlds in ${seconds} s, no rule broken; the same seed gave the same hash`);
  console.log(describeCounts(sumOf(total)));
  return 0;
}

/** Whether some seed finds the fault. */
function findMutation(mutation: Mutation): boolean {
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    const { failure } = runWorld(seed, { mutation });
    if (failure === null) continue;
    console.log(`${mutation.name} (${mutation.room}) found by seed ${seed}: ${failure}`);
    return true;
  }
  console.error(`${mutation.name} (${mutation.room}) was not found in ${values.seeds} seeds`);
  return false;
}

function reportFailure({ seed, failure }: WorldResult): boolean {
  if (failure === null) return false;
  progress("");
  console.error(`seed ${seed} failed: ${failure}`);
  console.error(`repeat with: npm run world -- --seed ${seed} --trace`);
  return true;
}

function progress(line: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${line}`);
}

function sumOf(all: readonly WorldCounts[]): WorldCounts {
  const keys = Object.keys(all[0] ?? {}) as (keyof WorldCounts)[];
  const sum = (key: keyof WorldCounts): number => all.reduce((part, each) => part + each[key], 0);
  return Object.fromEntries(keys.map((key) => [key, sum(key)])) as unknown as WorldCounts;
}

function describeCounts(counts: WorldCounts): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`)}`)
    .join(", ");
}
