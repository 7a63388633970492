/**
 * `npm run bench`: our books, the pipeline and the gateway beside a peer and the machine's own
 * limits, in one run.
 *
 *   npm run bench                 everything, about ten minutes on two cores
 *   npm run bench -- --quick      the same on little work: shows that it runs, its figures mean little
 *   npm run bench -- --write      and puts the tables into bench/RESULTS.md
 *   npm run bench -- --only core  one part: core or gateway; or oracle, storm, targets, making or ladder,
 *                                 the core's parts of those names
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCommitRace } from "./core/commit-race.ts";
import { measureFirstTargets, type TargetSize } from "./core/first-targets.ts";
import { type LadderSize, runLadderRace } from "./core/ladder-race.ts";
import { measureStorm } from "./core/liquidation-storm.ts";
import { type MakingSize, measureMarketMaking } from "./core/market-making.ts";
import { measureOracleMove } from "./core/oracle-move.ts";
import { BOOKS, type RaceSize, runRace } from "./core/race.ts";
import { type GatewaySize, runGatewayRace } from "./gateway/gateway-race.ts";
import { barReport } from "./report/bars.ts";
import { costReport, oracleReport, stormReport, throughputReport } from "./report/core-report.ts";
import { gatewayReport } from "./report/gateway-report.ts";
import { ladderReport } from "./report/ladder-report.ts";
import { makingReport } from "./report/making-report.ts";
import { targetReport } from "./report/targets-report.ts";

interface Size {
  readonly race: RaceSize;
  readonly commit: { readonly rounds: number; readonly lap: number };
  readonly ladder: LadderSize;
  readonly oracle: { readonly accounts: number; readonly rounds: number };
  readonly storm: { readonly accounts: number; readonly rounds: number };
  readonly targets: TargetSize;
  readonly making: MakingSize;
  readonly gateway: GatewaySize;
}

const FULL: Size = {
  race: { books: Object.values(BOOKS), rounds: 9, lap: 500_000, timed: 250_000 },
  commit: { rounds: 7, lap: 200_000 },
  ladder: { restingMax: 500_000, fleets: 3, rounds: 6, lap: 200_000 },
  oracle: { accounts: 100_000, rounds: 100 },
  storm: { accounts: 1_000, rounds: 7 },
  targets: { rounds: 7, lap: 20_000 },
  making: { vaults: 100, pools: 20, grids: 100, rounds: 9, lap: 20_000 },
  gateway: { actions: 10_000, rounds: 5, clients: 200, fanOutSeconds: 10 },
};
const QUICK: Size = {
  race: { books: [BOOKS.small, BOOKS.middle], rounds: 2, lap: 5_000, timed: 5_000 },
  commit: { rounds: 1, lap: 10_000 },
  ladder: { restingMax: 50_000, fleets: 1, rounds: 2, lap: 2_000 },
  oracle: { accounts: 2_000, rounds: 10 },
  storm: { accounts: 100, rounds: 1 },
  targets: { rounds: 1, lap: 1_000 },
  making: { vaults: 10, pools: 2, grids: 10, rounds: 1, lap: 200 },
  gateway: { actions: 256, rounds: 1, clients: 20, fanOutSeconds: 1 },
};

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    only: { type: "string", default: "core,gateway" },
  },
});

const startMs = performance.now();
const load = loadavg()[0] ?? 0;
const parts = values.only.split(",");
const size = values.quick ? QUICK : FULL;
const sections: string[] = [];
if (parts.includes("core")) {
  const race = await runRace(size.race, say);
  const commit = await runCommitRace(size.commit.rounds, size.commit.lap);
  say("commits are timed");
  const oracle = measureOracleMove(size.oracle.accounts, size.oracle.rounds);
  const core = { race, commit, oracle };
  sections.push(barReport(core, !values.quick), throughputReport(race), costReport(core));
  sections.push(ladderReport(await runLadderRace(size.ladder, say)), oracleReport(oracle));
} else {
  if (parts.includes("ladder")) sections.push(ladderReport(await runLadderRace(size.ladder, say)));
  if (parts.includes("oracle"))
    sections.push(oracleReport(measureOracleMove(size.oracle.accounts, size.oracle.rounds)));
}
if (parts.includes("core") || parts.includes("storm"))
  sections.push(stormReport(measureStorm(size.storm.accounts, size.storm.rounds)));
if (parts.includes("core") || parts.includes("targets"))
  sections.push(targetReport(await measureFirstTargets(size.targets), !values.quick));
if (parts.includes("core") || parts.includes("making"))
  sections.push(makingReport(measureMarketMaking(size.making), !values.quick));
if (parts.includes("gateway"))
  sections.push(gatewayReport(await runGatewayRace(size.gateway, say)));

const text = [headText(), ...sections, ""].join("\n\n").trimEnd();
process.stdout.write(`${text}\n`);
if (values.write) writeFileSync(join(import.meta.dirname, "RESULTS.md"), `${text}\n`);

/** Says on the error stream how far it is. */
function say(line: string): void {
  const seconds = ((performance.now() - startMs) / 1e3).toFixed(0).padStart(4);
  process.stderr.write(`${seconds} s  ${line}\n`);
}

/** Where, when and how the figures came about. */
function headText(): string {
  const [cpu] = cpus();
  const seconds = Math.round((performance.now() - startMs) / 1e3);
  const options = process.argv.slice(2).join(" ");
  return [
    "# Measured",
    "",
    "Written by the run itself; ratios of one run hold, absolute figures are this machine's.",
    "",
    `- command: \`npm run bench${options === "" ? "" : ` -- ${options}`}\`${values.quick ? " (little work: the figures mean little)" : ""}`,
    `- date: ${new Date().toISOString().slice(0, 10)}, ${seconds} s, load ${load.toFixed(2)} before it began`,
    `- machine: ${cpus().length} x ${cpu?.model ?? "unknown processor"}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()} ${arch()}`,
    `- versions: Node ${process.versions.node} (V8 ${process.versions.v8}), nodejs-order-book ${peerVersion()}, Bourse ${commitOf()}`,
  ].join("\n");
}

function peerVersion(): string {
  const path = join(
    createRequire(import.meta.url).resolve("nodejs-order-book"),
    "../../../package.json",
  );
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}

/** The commit that was measured, where this is a repository. */
function commitOf(): string {
  try {
    const git = (...args: string[]): string =>
      execFileSync("git", args, { cwd: import.meta.dirname, encoding: "utf8" }).trim();
    const isChanged = git("status", "--porcelain", "--", "../src") !== "";
    return `${git("rev-parse", "--short", "HEAD")}${isChanged ? " with changes" : ""}`;
  } catch {
    // An installed package has no history.
    return "of no repository";
  }
}
