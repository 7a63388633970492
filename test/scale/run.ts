/**
 * Size from the command line:
 *
 *   npm run scale                                  100,000 accounts, 1,000,000 orders, 50 markets;
 *                                                  then forks of small exchanges, and a journal of
 *                                                  1,000,000 commands
 *   npm run scale -- --commands 10000000           a longer journal (about 90 bytes a command on disk)
 *   npm run scale -- --orders 0                    only the journal
 *   npm run scale -- --orders 0 --commands 0       only the journal of every command kind, 1,000,000
 *                                                  commands unless `--kinds N` says otherwise
 */
import { parseArgs } from "node:util";
import { measureEveryKind } from "./every-kind.ts";
import { measureForks, measureReplay, measureSize } from "./scale.ts";

/** What a replay must reach of the pipeline's speed. */
const REPLAY_RATIO_MIN = 0.8;
/** Accounts, resting orders and markets of the exchanges that are forked, and how often. */
const SMALL = [
  [1_000, 1_000, 3, 25],
  [2_000, 20_000, 50, 5],
] as const;

/** Snapshots on the way of a journal of every kind. */
const KIND_SNAPSHOTS = 5;

const { values } = parseArgs({
  options: {
    accounts: { type: "string", default: "100000" },
    orders: { type: "string", default: "1000000" },
    markets: { type: "string", default: "50" },
    commands: { type: "string", default: "1000000" },
    kinds: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
    "warm-up": { type: "string", default: "500000" },
  },
});

process.exitCode = main();

function main(): number {
  const orders = Number(values.orders);
  const [accounts, markets] = [Number(values.accounts), Number(values.markets)];
  if (orders > 0) {
    printForks();
    printSize({ accounts, markets, orders });
  }
  const commands = Number(values.commands);
  const isFast = commands === 0 || printReplay(commands);
  const isSame = Number(values.kinds) === 0 || printEveryKind(Number(values.kinds));
  return isFast && isSame ? 0 : 1;
}

function printEveryKind(commands: number): boolean {
  const snapshotEvery = Math.floor(commands / KIND_SNAPSHOTS);
  const report = measureEveryKind({ seed: Number(values.seed), commands, snapshotEvery });
  const missing = [...report.kinds].filter(([, count]) => count === 0).map(([kind]) => kind);
  const isSame = report.replays.every(({ hash }) => hash === report.hash);
  console.log(
    `journal of ${commands.toLocaleString("en")} commands of ${report.kinds.size - missing.length} kinds ` +
      `(of ${report.kinds.size}), ${report.journalBytes.toLocaleString("en")} bytes, seed ${values.seed}: hash ${report.hash}`,
  );
  if (missing.length > 0) console.log(`not in it: ${missing.join(", ")}`);
  for (const { fromSeq, hash, seconds } of report.replays) {
    const from = fromSeq === 0 ? "the first command" : `the snapshot of seq ${fromSeq}`;
    console.log(`  from ${from}: ${hash}, ${seconds.toFixed(1)} s`);
  }
  return isSame && missing.length === 0;
}

/** Forks before anything else: the first one runs on code that has not been compiled yet. */
function printForks(): void {
  for (const [accounts, resting, markets, count] of SMALL) {
    const report = measureForks({ seed: 1, accounts, markets, resting }, count);
    console.log(
      `fork of ${report.accounts.toLocaleString("en")} accounts, ${report.orders.toLocaleString("en")} orders, ` +
        `${report.markets} markets: first ${report.firstMs.toFixed(2)} ms, median ${report.medianMs.toFixed(2)} ms, ` +
        `${report.bytes.toLocaleString("en")} bytes`,
    );
  }
}

function printSize(size: { accounts: number; markets: number; orders: number }): void {
  const { accounts, markets, orders } = size;
  const report = measureSize({ seed: 1, accounts, markets, resting: orders }, 50_000);
  const row = (what: string, seconds: number, bytes?: number): void =>
    console.log(
      `${what.padEnd(10)}${seconds.toFixed(3).padStart(8)} s` +
        (bytes === undefined ? "" : `${bytes.toLocaleString("en").padStart(16)} bytes`),
    );
  console.log(
    `${report.accounts.toLocaleString("en")} accounts, ${report.orders.toLocaleString("en")} resting orders, ` +
      `${report.markets} markets, built by ${report.commands.toLocaleString("en")} commands`,
  );
  row("build", report.buildSeconds);
  row("hash", report.hashSeconds);
  row("snapshot", report.snapshotSeconds, report.snapshotBytes);
  row("restore", report.restoreSeconds);
  row("fork", report.forkSeconds, report.forkBytes);
  console.log(
    `hash ${report.hash}; after 50,000 more commands parent, fork and restored state: ${report.hashLater}; ` +
      "neither parent nor fork saw what the other did",
  );
}

function printReplay(commands: number): boolean {
  const load = { seed: 2, accounts: 1_000, markets: 8, resting: 10_000 };
  const report = measureReplay(load, { commands, warmUp: Number(values["warm-up"]) });
  const { pipelineSeconds, replaySeconds, ratio } = report;
  const speed = (seconds: number): string =>
    `${(commands / seconds / 1e6).toFixed(2)} M commands/s`;
  const verdict = ratio >= REPLAY_RATIO_MIN ? "met" : "missed";
  console.log(
    `journal of ${commands.toLocaleString("en")} commands, ${report.journalBytes.toLocaleString("en")} bytes: ` +
      `pipeline ${pipelineSeconds.toFixed(1)} s (${speed(pipelineSeconds)}), replay ${replaySeconds.toFixed(1)} s ` +
      `(${speed(replaySeconds)}): ${ratio.toFixed(2)}x, bar ${REPLAY_RATIO_MIN}x ${verdict}; hash ${report.hash}`,
  );
  return ratio >= REPLAY_RATIO_MIN;
}
