/**
 * A contender in a process of its own, so that no other's garbage, call sites or compiled code touch
 * it. Takes a {@link Member} as its argument, answers a {@link Ready}, then one {@link Lap} for each
 * range of commands it is asked to run.
 */
import { PerformanceObserver } from "node:perf_hooks";
import { createCommandStream } from "./command-stream.ts";
import { createBookContender, createManyBooks } from "./contender.ts";
import type { Ask, Lap, Member, Ready } from "./fleet.ts";
import { createJournaled, type Journaled } from "./journaled.ts";
import { readMemory } from "./memory.ts";
import { createPeer } from "./peer.ts";
import { createPipeline } from "./pipeline.ts";
import { summarise } from "./statistics.ts";

const member = JSON.parse(process.argv[2] ?? "") as Member;
let collections = 0;
new PerformanceObserver((list) => {
  collections += list.getEntries().length;
}).observe({ entryTypes: ["gc"] });

const now = (): number => performance.now();
const contender = await createContender();
const before = await readMemory();
const startMs = now();
await runRange(0, member.resting);
const fillMs = now() - startMs;
const columns = contender.orders?.table.columns;
const tableBytes = columns?.reduce((sum, { data }) => sum + data.byteLength, 0) ?? null;
const after = await readMemory();
const ready: Ready = { fillMs, before, after, tableBytes, live: contender.live() };
process.send?.(ready);

process.on("message", async (ask: Ask) => {
  if ("end" in ask) {
    if ("close" in contender) await contender.close();
    process.disconnect();
    return;
  }
  process.send?.(await runLap(ask));
});

async function createContender() {
  switch (member.name) {
    case "peer":
      return createPeer(createCommandStream(member));
    case "fast":
    case "plain":
    case "ranked":
    case "preranked":
      return member.markets === undefined
        ? createBookContender(member, member.name)
        : createManyBooks(member, member.name, member.markets);
    case "pipeline":
      return createPipeline(createCommandStream(member), { everyRule: false });
    case "rules":
      return createPipeline(createCommandStream(member), { everyRule: true });
    default:
      return createJournaled(createCommandStream(member), member.name);
  }
}

async function runLap(ask: Extract<Ask, { from: number }>): Promise<Lap> {
  const { from, to, isTimedEach, perSecond } = ask;
  await turn();
  const collectionsBefore = collections;
  const groupsBefore = groups();
  const each = isTimedEach ? new Float64Array(to - from) : null;
  const cpuStart = process.threadCpuUsage();
  const start = now();
  if (each === null) await runRange(from, to);
  else if ("run" in contender) await contender.run(from, to, { each, perSecond });
  else timeEach(from, each);
  const ns = (now() - start) * 1e6;
  const { user, system } = process.threadCpuUsage(cpuStart);
  await turn();
  return {
    ns,
    cpuNs: (user + system) * 1e3,
    commands: to - from,
    tally: contender.tally(),
    live: contender.live(),
    collections: collections - collectionsBefore,
    groups: groups() - groupsBefore,
    each: each === null ? null : { ...summarise(each), timerNs: timerNs() },
  };
}

const groups = (): number => ("groups" in contender ? (contender as Journaled).groups() : 0);

/** Lets the observer hear of collections that have been. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

function runRange(from: number, to: number): Promise<void> | undefined {
  if ("run" in contender) return contender.run(from, to, null);
  for (let i = from; i < to; i++) contender.apply(i);
  return undefined;
}

/** Times every command from `from` on by itself [ns]. */
function timeEach(from: number, out: Float64Array): void {
  if ("run" in contender) return;
  for (let k = 0; k < out.length; k++) {
    const start = now();
    contender.apply(from + k);
    out[k] = (now() - start) * 1e6;
  }
}

/** What timing nothing takes: median of many [ns]. */
function timerNs(): number {
  const out = new Float64Array(100_000);
  for (let k = 0; k < out.length; k++) {
    const start = now();
    out[k] = (now() - start) * 1e6;
  }
  return summarise(out).p50;
}
