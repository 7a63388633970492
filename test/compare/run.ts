/**
 * The maker that quotes by the GLFT model beside the one with a fixed spread, over the same seeded
 * markets: `npm run compare`, or a part of it with `-- --seeds 8 --minutes 10`. Seeds are shared out
 * among processes. The whole comparison writes docs/compare.md by itself.
 */
import { fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { lineOf, pageText } from "./compare-page.ts";
import { type HourPlan, type PlayedHour, playHour } from "./played-hour.ts";

/** Seeds of the whole comparison, and its length [min]. */
const SEEDS = Array.from({ length: 50 }, (_, i) => i + 1);
const MINUTES = 60;
const MODELS = ["glft", "fixedSpread"] as const;
const PAGE = join(import.meta.dirname, "../../docs/compare.md");

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: String(SEEDS.length) },
    minutes: { type: "string", default: String(MINUTES) },
    jobs: { type: "string", default: String(availableParallelism()) },
    write: { type: "boolean", default: false },
  },
});

async function compareAll(): Promise<void> {
  const seeds = SEEDS.slice(0, Number(values.seeds));
  const minutes = Number(values.minutes);
  const plans = seeds.flatMap((seed) => MODELS.map((model) => ({ seed, model, minutes })));
  const beganMs = performance.now();
  const played = await playAll(plans, Number(values.jobs));
  const tookMin = (performance.now() - beganMs) / 60_000;
  const [glft, fixedSpread] = MODELS.map((model) =>
    played.filter((hour) => hour.model === model).sort((a, b) => a.seed - b.seed),
  ) as [PlayedHour[], PlayedHour[]];
  const args = process.argv.slice(2).join(" ");
  const text = pageText({ glft, fixedSpread, seeds, minutes, tookMin, args });
  process.stdout.write(text);
  const isWhole = seeds.length === SEEDS.length && minutes === MINUTES;
  if (isWhole || values.write) writeFileSync(PAGE, text);
}

/** Hands plans to processes, one after another to each; a failure ends them all. */
function playAll(plans: readonly HourPlan[], jobs: number): Promise<PlayedHour[]> {
  const waiting = [...plans];
  const played: PlayedHour[] = [];
  const workers = Array.from({ length: Math.min(jobs, plans.length) }, () =>
    fork(import.meta.filename, { execArgv: process.execArgv }),
  );
  return new Promise<PlayedHour[]>((resolve, reject) => {
    for (const worker of workers) {
      const next = (): void => {
        const plan = waiting.shift();
        if (plan === undefined) worker.disconnect();
        else worker.send(plan);
      };
      worker.on("message", (hour: PlayedHour) => {
        played.push(hour);
        process.stderr.write(`${played.length}/${plans.length} ${lineOf(hour)}\n`);
        if (played.length === plans.length) resolve(played);
        next();
      });
      worker.on("exit", (code) => {
        if (code !== 0) reject(new Error(`a process ended with ${code}`));
      });
      next();
    }
  }).finally(() => {
    for (const worker of workers) worker.kill();
  });
}

if (process.send === undefined) await compareAll();
else process.on("message", (plan: HourPlan) => process.send?.(playHour(plan)));
