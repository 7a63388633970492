/** Puts a market maker together: key, kill latch, runner, and the page that shows and steers it. */
import { join } from "node:path";
import type { Hex } from "../base/hex.ts";
import { asTimeMs } from "../base/units.ts";
import { MAKER_CONFIG_DEFAULTS, type MakerConfig, makerConfigProblem } from "../maker/config.ts";
import type { MakerStatus } from "../maker/maker-status.ts";
import { ARMED, type KillLatch } from "../maker/risk/kill-latch.ts";
import { type OperatorServer, serveOperator } from "../operator/operator-server.ts";
import type { VenueLabel } from "../operator/operator-view.ts";
import {
  everyByProcess,
  type MakerSummary,
  type RunningMaker,
  runMaker,
} from "../venue/maker-runner.ts";
import { createNativeWallet, isSigningNative } from "../venue/native-wallet.ts";
import { createVaultInfo } from "../venue/vault-info.ts";
import { EXIT, ExitError } from "./exit-code.ts";
import { openKillHistory } from "./kill-history.ts";
import { loadLatch, saveLatch } from "./latch-file.ts";
import { createMakerSource } from "./maker-source.ts";
import type { MarketClock } from "./market-clock.ts";
import { writeReport } from "./report.ts";
import { type RunRecorder, recordRun } from "./run-recorder.ts";
import { type RunOrigin, runStart } from "./run-start.ts";
import type { Session } from "./session.ts";
import { summaryLines, summaryValue } from "./status-line.ts";

/** Market time between two samples of a run's record [ms]. */
const RECORD_EVERY_MS = 1_000;

/** How to run a maker. */
export interface MakerOptions {
  readonly url: string;
  readonly venue: VenueLabel;
  readonly asset: string;
  readonly key: Hex;
  /** Account that an agent key trades for. */
  readonly account: Hex | undefined;
  readonly stateFolder: string;
  readonly pagePort: number;
  /** How often reference prices are asked for; the venue's request limits bound it [ms]. */
  readonly referencePollMs?: number;
  /** Clock of a simulated market; the machine's where left out. */
  readonly clock?: MarketClock;
  /** Settings that differ from the defaults. */
  readonly settings: Partial<MakerConfig>;
  /** Clear a latched kill switch first. */
  readonly rearm: boolean;
  /** What the run's record says of where it comes from. */
  readonly origin: Pick<RunOrigin, "command" | "seed" | "market">;
  readonly session: Session;
  readonly onStatus: (status: MakerStatus) => void;
}

/** A maker that runs, and its page. */
export interface MakerProcess {
  readonly maker: RunningMaker;
  readonly page: OperatorServer;
  readonly startedMs: number;
  readonly recorder: RunRecorder;
}

/** Starts maker and page. */
export async function startMaker(options: MakerOptions): Promise<MakerProcess> {
  const { session, asset, clock } = options;
  const wallet = createNativeWallet(options.key);
  if (!isSigningNative()) {
    session.output.warn(
      "no native secp256k1 for this machine: orders are signed by slow JavaScript",
    );
  }
  const startedMs = Date.now();
  const config: MakerConfig = {
    ...MAKER_CONFIG_DEFAULTS,
    asset,
    sessionId: Math.floor(startedMs / 1_000) % 2 ** 32,
    ...options.settings,
  };
  const problem = makerConfigProblem(config);
  if (problem !== null)
    throw new ExitError(EXIT.config, `the maker's settings are wrong: ${problem}`);
  const latchPath = join(options.stateFolder, "kill-latch.json");
  const killHistory = openKillHistory(
    join(options.stateFolder, "kill-history.ndjson"),
    loadLatch(latchPath, startedMs),
  );
  const storeLatch = (latch: KillLatch): void => {
    saveLatch(latchPath, latch);
    killHistory.note(latch, Date.now());
  };
  if (options.rearm) storeLatch(ARMED);
  const log = session.log.module("maker");
  const recorder = startRecord(options, config, startedMs);
  const maker = runMaker({
    url: options.url,
    wallet,
    ...(options.account === undefined ? {} : { account: options.account }),
    ...(options.venue === "TESTNET" ? { isTestnet: true } : {}),
    config,
    clock: clock ?? { nowMs: () => asTimeMs(Date.now()) },
    ...(clock === undefined ? {} : { every: clock.every, onRequest: clock.hold }),
    latchStore: {
      load: () => loadLatch(latchPath, Date.now()),
      save: storeLatch,
    },
    onStatus: (status) => options.onStatus(status),
    warn: (text) => log.warn(text),
    ...(options.referencePollMs === undefined ? {} : { referencePollMs: options.referencePollMs }),
  });
  const stopRecording = (clock?.every ?? everyByProcess)(RECORD_EVERY_MS, () =>
    recorder.note(maker.status(), maker.notes),
  );
  const { source, close: stopWatching } = createMakerSource(maker, {
    venue: options.venue,
    account: options.account ?? wallet.address,
    speed: clock === undefined ? () => 1 : clock.reachedSpeed,
    budgetReserve: config.budgetReserve,
    deadManMs: config.deadManMs,
    killHistory: killHistory.changes,
    askVaults: createVaultInfo(options.url, options.venue === "TESTNET"),
  });
  const page = await serveOperator({
    source,
    port: options.pagePort,
    log: (text) => session.log.module("operator").info(text),
  });
  const close = (): Promise<void> => {
    stopRecording();
    stopWatching();
    return page.close();
  };
  return { maker, page: { ...page, close }, startedMs, recorder };
}

/** Says where the page is. */
export function describePage({ output }: Session, page: OperatorServer): void {
  if (page.portTaken !== null) {
    output.warn(`port ${page.portTaken} is taken: the page is on ${page.port}`);
  }
  if (page.pageProblem !== null) output.warn(page.pageProblem);
  output.step("page", `${page.url}  (this machine only, no login)`);
  output.emit({ kind: "page", url: page.url });
}

/** Stops a maker in order: cancels all, waits for the venue to show it, says how it went. */
export async function stopMaker(
  { output }: Session,
  { maker, page, startedMs, recorder }: MakerProcess,
  reason: string,
): Promise<MakerSummary> {
  const open = maker.status().orders.length;
  const beganMs = performance.now();
  const summary = await maker.stop();
  const tookMs = Math.round(performance.now() - beganMs);
  const { status, clean } = summary;
  const left = status.orders.length;
  output.say(
    clean
      ? `■ stopping: ${open} open orders canceled, the exchange shows none, ${tookMs} ms`
      : `■ stopping: ${left} of ${open} orders could not be confirmed as canceled: check the venue`,
  );
  const ranMs = Date.now() - startedMs;
  for (const line of summaryLines(status, ranMs)) output.say(line);
  recorder.end(status, maker.notes, reason);
  const report = reportOf(recorder, output.warn);
  if (report !== null) output.say(`  report: ${report}  (bourse report last --open)`);
  output.emit({ ...summaryValue(status, ranMs), clean, run: recorder.path, report });
  await page.close();
  return summary;
}

/** Begins the run's record; its folder is named after the seed, or after the coin where there is none. */
function startRecord(options: MakerOptions, config: MakerConfig, startedMs: number): RunRecorder {
  const { origin, url, venue, asset, session } = options;
  const start = runStart({ ...origin, url, venue }, config, startedMs);
  return recordRun(start, {
    word: origin.seed === null ? asset : String(origin.seed),
    warn: session.output.warn,
  });
}

/** The report of a run that ended; null where it could not be written. */
function reportOf({ path }: RunRecorder, warn: (text: string) => void): string | null {
  try {
    return writeReport(path);
  } catch (error) {
    // The run is over and its record on disk: a report can be made from it later.
    warn(`no report was written for ${path}: ${String(error)}`);
    return null;
  }
}
