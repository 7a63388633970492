/**
 * Nothing is collected and nothing deoptimised once the exchange is warm:
 *
 *   npm run steady                       1,000,000 commands after a warm-up
 *   npm run steady -- --variety          with client ids, oracle moves, ticks and the request budget
 *   npm run steady -- --allocations      and which functions allocate, by sampling
 *
 * A child process warms up, turns --trace-gc and --trace-deopt on, runs the commands, and turns them
 * off again, so that its output is what happened inside the window. Ends with 1 where that is
 * anything.
 */
import { spawnSync } from "node:child_process";
import { Session } from "node:inspector";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import v8 from "node:v8";
import { readSteadyLog, type SteadyLog } from "./steady-log.ts";
import { createSteadyPipeline, type SteadyPipeline } from "./steady-pipeline.ts";

/** Commands a call of `run`: a loop that is left and entered often enough to be warm itself. */
const LAP = 20_480;
/** Bytes between two samples of the allocation profile. */
const SAMPLE_BYTES = 512;
const TRACES = ["--trace-gc", "--trace-deopt"] as const;

const { values } = parseArgs({
  options: {
    commands: { type: "string", default: "1000000" },
    "warm-up": { type: "string", default: "2000000" },
    markets: { type: "string", default: "8" },
    accounts: { type: "string", default: "1000" },
    resting: { type: "string", default: "10000" },
    variety: { type: "boolean", default: false },
    allocations: { type: "boolean", default: false },
    log: { type: "boolean", default: false },
    child: { type: "string" },
  },
});

const LOAD = {
  seed: 1,
  markets: Number(values.markets),
  accounts: Number(values.accounts),
  resting: Number(values.resting),
  hasVariety: values.variety,
};

process.exitCode = values.child === undefined ? main() : runChild(values.child);

function main(): number {
  const { output, figures } = startChild("trace");
  const log = readSteadyLog(output);
  if (values.log) console.log(output);
  console.log(
    `steady window of ${values.commands} commands (${LOAD.markets} markets, ${LOAD.accounts} accounts, ` +
      `${LOAD.resting} resting${values.variety ? ", with variety" : ""}; ${values["warm-up"]} before it to warm up): ${figures}`,
  );
  console.log(`${log.collections.length} collections${describeCollections(log)}`);
  console.log(`${log.deopts.length} deoptimisations`);
  for (const { name, kind, reason } of log.deopts) console.log(`  ${name}: ${reason} (${kind})`);
  if (values.allocations) console.log(startChild("allocations").output.trim());
  return log.collections.length + log.deopts.length === 0 ? 0 : 1;
}

function describeCollections({ collections }: SteadyLog): string {
  const kinds = new Map<string, number>();
  for (const { kind } of collections) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return kinds.size === 0 ? "" : `: ${[...kinds].map(([kind, n]) => `${n} ${kind}`).join(", ")}`;
}

/** Runs a child to its end; its last line on standard error holds its figures. */
function startChild(mode: string): { output: string; figures: string } {
  const self = fileURLToPath(import.meta.url);
  const sizes = ["commands", "warm-up", "markets", "accounts", "resting"] as const;
  const flags = sizes.flatMap((name) => [`--${name}`, values[name]]);
  if (values.variety) flags.push("--variety");
  const child = spawnSync(process.execPath, ["--expose-gc", self, "--child", mode, ...flags], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (child.status !== 0) throw new Error(`the child ended with ${child.status}: ${child.stderr}`);
  return { output: child.stdout, figures: child.stderr.trim().split("\n").at(-1) ?? "" };
}

function runChild(mode: string): number {
  const pipeline = createSteadyPipeline(LOAD);
  runLaps(pipeline, Number(values["warm-up"]));
  if (mode === "allocations") profileAllocations(pipeline);
  else traceWindow(pipeline);
  return 0;
}

function runLaps(pipeline: SteadyPipeline, commands: number): number {
  let seconds = 0;
  for (let left = commands; left > 0; left -= LAP) seconds += pipeline.run(Math.min(LAP, left));
  return seconds;
}

function traceWindow(pipeline: SteadyPipeline): void {
  const commands = Number(values.commands);
  (globalThis as { gc?: () => void }).gc?.();
  // A forced collection drops inline caches' targets: they come back before the window.
  runLaps(pipeline, LAP * 10);
  const before = process.memoryUsage().heapUsed;
  for (const flag of TRACES) v8.setFlagsFromString(flag);
  const seconds = runLaps(pipeline, commands);
  for (const flag of TRACES) v8.setFlagsFromString(flag.replace("--", "--no-"));
  const after = process.memoryUsage().heapUsed;
  const speed = (commands / seconds / 1e6).toFixed(2);
  const grown = ((after - before) / 1_024).toFixed(0);
  console.error(`${speed} M commands/s, heap grown by ${grown} KiB`);
}

/** Where a sampled allocation was made. */
interface ProfileNode {
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
  };
  readonly selfSize: number;
  readonly children: readonly ProfileNode[];
}

function profileAllocations(pipeline: SteadyPipeline): void {
  const commands = Number(values.commands);
  const session = new Session();
  session.connect();
  session.post("HeapProfiler.startSampling", {
    samplingInterval: SAMPLE_BYTES,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  runLaps(pipeline, commands);
  const bytes = new Map<string, number>();
  session.post("HeapProfiler.stopSampling", (_error, result) => {
    const visit = (node: ProfileNode): void => {
      const { functionName, url, lineNumber } = node.callFrame;
      const place = `${functionName || "(anonymous)"} ${url.replace(/^.*\/(?=(src|test)\/)/, "")}:${lineNumber + 1}`;
      if (node.selfSize > 0) bytes.set(place, (bytes.get(place) ?? 0) + node.selfSize);
      node.children.forEach(visit);
    };
    visit(result.profile.head as unknown as ProfileNode);
  });
  session.disconnect();
  const rows = [...bytes].sort(([, a], [, b]) => b - a).slice(0, 20);
  console.log("allocated by function (first line) [bytes a command]:");
  for (const [place, sum] of rows)
    console.log(`  ${(sum / commands).toFixed(2).padStart(8)}  ${place}`);
}
