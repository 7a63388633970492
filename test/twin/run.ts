/**
 * Fast and plain book side by side from the command line:
 *
 *   npm run twin                               2,000,000 commands over seeds 1 to 6
 *   npm run twin -- --commands 300000 --seeds 7,8,9
 *
 * The commands are shared out over the seeds; a fifth as many again run in deep books. Ends with 1
 * at the first difference and says how to repeat it.
 */
import { parseArgs } from "node:util";
import { runDeepTwin } from "./deep-twin.ts";
import { ALL_KINDS, runTwin } from "./twin.ts";

const { values } = parseArgs({
  options: {
    commands: { type: "string", default: "2000000" },
    seeds: { type: "string", default: "1,2,3,4,5,6" },
    "hash-every": { type: "string", default: "10000" },
  },
});

/** Orders at rest in the deep runs. */
const DEEP_RESTING = 20_000;

process.exitCode = main();

function main(): number {
  const seeds = values.seeds.split(",").map(Number);
  const each = Math.ceil(Number(values.commands) / seeds.length);
  const deepEach = Math.ceil(each / 5);
  const hashEvery = Number(values["hash-every"]);
  const kinds = new Set<number>();
  let [commands, events] = [0, 0];
  const startMs = performance.now();
  for (const seed of seeds) {
    const result = runTwin({ seed, commands: each, hashEvery });
    commands += result.commands;
    events += result.events;
    for (const kind of result.kinds) kinds.add(kind);
    const { setting, fills, liquidations, restingMax, hash, difference } = result;
    console.log(
      `seed ${seed} (${setting}): ${result.commands} commands, ${result.events} events, ` +
        `${fills} fills, ${liquidations} liquidations, up to ${restingMax} resting, hash ${hash}`,
    );
    if (difference !== null) {
      console.log(`seed ${seed} differs at command ${difference.seq}: ${difference.what}`);
      console.log(`repeat it: npm run twin -- --commands ${difference.seq} --seeds ${seed}`);
      return 1;
    }
  }
  for (const seed of seeds) {
    const deep = runDeepTwin({ seed, resting: DEEP_RESTING, commands: deepEach, hashEvery });
    commands += deep.commands;
    events += deep.events;
    console.log(
      `seed ${seed} (deep): ${deep.commands} commands, ${deep.events} events, ${deep.live} resting, hash ${deep.hash}`,
    );
    if (deep.difference !== null) {
      console.log(
        `seed ${seed} (deep) differs at command ${deep.difference.seq}: ${deep.difference.what}`,
      );
      return 1;
    }
  }
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(1);
  console.log(
    `${commands} commands of ${kinds.size} of ${ALL_KINDS.length} kinds, ${events} events: ` +
      `no difference in ${seconds} s; hashes and books compared every ${hashEvery}`,
  );
  return 0;
}
