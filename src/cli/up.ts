/** `bourse up`: exchange, traders, market maker and page in one process. */
import { join } from "node:path";
import type { Hex } from "../base/hex.ts";
import { MICROS_PER_USDC } from "../base/units.ts";
import type { FeeScheduleName } from "../exchange/fee/fee-schedule.ts";
import type { FundingMode } from "../exchange/funding/funding-terms.ts";
import type { MarkPolicyName } from "../exchange/oracle/mark-terms.ts";
import { accountOfAddress } from "../exchange/query.ts";
import type { LimitsMode } from "../gateway/ip-limits.ts";
import type { MakerConfig } from "../maker/config.ts";
import type { MakerStatus } from "../maker/maker-status.ts";
import { createNativeWallet } from "../venue/native-wallet.ts";
import { describeExchange, describeJournal } from "./exchange.ts";
import { type RunningExchange, startExchange } from "./exchange-process.ts";
import { EXIT, ExitError } from "./exit-code.ts";
import { signingKey } from "./key.ts";
import { describePage, type MakerProcess, startMaker, stopMaker } from "./maker-process.ts";
import { createMarketClock, type MarketClock } from "./market-clock.ts";
import { describeMarketMaking, startMarketMaking } from "./market-making.ts";
import { endReason, type RunOrigin } from "./run-start.ts";
import {
  afterSeconds,
  type CommonFlags,
  createFailure,
  dataFolder,
  openSession,
  type Session,
} from "./session.ts";
import { firstFillText, statusLine, statusValue } from "./status-line.ts";
import { firstStopSignal } from "./stop-signal.ts";
import { openTapeRun, playTapeRun } from "./tape-run.ts";

/** Flags of the command. */
export interface UpFlags extends CommonFlags {
  readonly data?: string;
  /** The tape's coin, or BTC, where none is named. */
  readonly asset?: string;
  /** Recording to play instead of traders. */
  readonly tape?: string;
  /** Whether a market maker takes part. */
  readonly maker: boolean;
  /** Whether the exchange runs vaults and a pool of its own; not beside a tape. */
  readonly vaults: boolean;
  readonly port: number;
  readonly pagePort: number;
  readonly seed: number;
  readonly limits: LimitsMode;
  readonly fees?: FeeScheduleName;
  readonly dex?: string;
  readonly funding?: FundingMode;
  readonly mark?: MarkPolicyName;
  readonly model: MakerConfig["model"];
  /** Market time in a unit of real time [1]. */
  readonly speed: number;
  readonly for?: number;
}

/** Coin that the maker quotes where none is named. */
const ASSET = "BTC";
const MAKER_DEPOSIT = 100_000 * MICROS_PER_USDC;
/** The exchange cancels the maker's orders by itself when the maker falls silent for this long [ms]. */
const DEAD_MAN_MS = 15_000;

/** Without request limits the reference price is asked for often, in market time [ms]. */
const REFERENCE_POLL_MS = 250;
const REFERENCE_POLL_MS_MIN = 20;
const referencePollMs = ({ speed }: MarketClock): number =>
  Math.max(REFERENCE_POLL_MS_MIN, Math.round(REFERENCE_POLL_MS / speed));

/** Runs everything until a signal; resolves after an orderly end. */
export async function runUp(flags: UpFlags): Promise<void> {
  const session = openSession(flags);
  const { output } = session;
  const failure = createFailure();
  const stop = firstStopSignal(() =>
    output.warn("stopped at once; what was acknowledged is on disk"),
  );
  const tape = flags.tape === undefined ? null : await openTapeRun({ ...flags, tape: flags.tape });
  const asset = flags.asset ?? tape?.tape.header.coin ?? ASSET;
  const folder = dataFolder(flags.data);
  const clock = createMarketClock(flags.speed);
  output.say("bourse up");
  const exchange = await startExchange({
    folder: folder.path,
    port: flags.port,
    limits: flags.limits,
    ...(flags.fees === undefined ? {} : { fees: flags.fees }),
    ...(flags.dex === undefined ? {} : { dex: flags.dex }),
    ...(flags.funding === undefined ? {} : { funding: flags.funding }),
    ...markOf(flags),
    clock,
    seed: tape === null ? flags.seed : null,
    ...(tape === null ? {} : { markets: tape.markets, isProtected: false }),
    log: session.log,
    onFatal: failure.fail,
    onReport: (line) => session.log.module("journal").info(line),
  });
  const startMs = clock.nowMs();
  describeExchange(session, exchange, { ...flags, data: folder.path });
  const what = `noise, trend, informed, leverage, arbitrage and depth, seed ${flags.seed}`;
  if (tape === null) output.step("traders", what);
  else output.step("tape", `${tape.path}: ${tape.tape.header.symbol}`);
  if (tape === null && flags.vaults) await startMarketMaking(session, exchange);
  if (clock.speed !== 1) output.step("clock", `market time at ${clock.speed} times real time`);
  const options = { ...flags, asset, clock, folder: folder.path, fail: failure.fail };
  const maker = flags.maker ? await startFundedMaker(session, exchange, options) : null;
  if (maker !== null) describePage(session, maker.page);
  output.say("  SIMULATION: no real money, no network. Ctrl-C stops and prints the summary.");
  const playing =
    tape === null
      ? null
      : playTapeRun(session, tape, {
          exchange,
          clock,
          showStatus: maker === null,
          fail: failure.fail,
        });
  const ended = await Promise.race([
    stop,
    failure.promise,
    afterSeconds(flags.for),
    ...(playing === null ? [] : [playing.ended]),
  ]);
  playing?.finish();
  const summary = maker === null ? null : await stopMaker(session, maker, endReason(ended));
  await exchange.close();
  describeMarketMaking(session, exchange.sequencer.state);
  describeJournal(session, exchange);
  folder.remove();
  if (flags.data !== undefined) output.say(`  data stays in ${flags.data}`);
  const passedMs = clock.nowMs() - startMs;
  const speed = clock.speed === 1 ? "" : ` --speed ${clock.speed}`;
  if (speed !== "") output.say(`  market time that passed: ${(passedMs / 60_000).toFixed(1)} min`);
  output.say(
    `  again: bourse up ${tape === null ? `--seed ${flags.seed}` : `--tape ${tape.path}`}${speed}`,
  );
  if (ended instanceof Error) throw asExitError(ended);
  if (summary?.clean === false)
    throw new ExitError(EXIT.unreachable, "not every order could be confirmed as canceled");
  process.exitCode = EXIT.ok;
}

async function startFundedMaker(
  session: Session,
  exchange: RunningExchange,
  options: UpFlags & {
    readonly asset: string;
    readonly clock: MarketClock;
    readonly folder: string;
    readonly fail: (error: Error) => void;
  },
): Promise<MakerProcess> {
  const { output } = session;
  const { url } = exchange.gateway;
  const stateFolder = join(options.folder, "maker");
  const key = signingKey(undefined, url, stateFolder);
  const address: Hex = createNativeWallet(key).address;
  if (accountOfAddress(exchange.sequencer.state, address) < 0) {
    await exchange.admin({ kind: "deposit", address, amount: MAKER_DEPOSIT });
  }
  const maker = await startMaker({
    url,
    venue: "SIM",
    asset: options.asset,
    key,
    account: undefined,
    stateFolder,
    pagePort: options.pagePort,
    clock: options.clock,
    settings: { deadManMs: DEAD_MAN_MS, model: options.model },
    ...(options.limits === "off" ? { referencePollMs: referencePollMs(options.clock) } : {}),
    rearm: false,
    origin: upOrigin(options),
    session,
    onStatus: statusPrinter(session, options.fail, options.clock),
  });
  output.step("maker", `${options.model} on ${options.asset}, account ${address}`);
  return maker;
}

/** Who trades against the maker, for the run's record. */
/** A tape's market is marked at its oracle: what was recorded, not what its orders make of it. */
const markOf = ({ mark, tape }: UpFlags): { mark?: MarkPolicyName } => {
  const policy = mark ?? (tape === undefined ? undefined : "oracle");
  return policy === undefined ? {} : { mark: policy };
};

const upOrigin = ({ tape, seed }: UpFlags): Pick<RunOrigin, "command" | "seed" | "market"> =>
  tape === undefined
    ? { command: "up", seed, market: `simulated traders of seed ${seed}` }
    : { command: "up", seed: null, market: `the recorded trades of ${tape}` };

/** Prints the status once a second and the first fill once; ends the run where the maker cannot start. */
export function statusPrinter(
  { output }: Session,
  fail: (error: Error) => void,
  clock?: MarketClock,
): (status: MakerStatus) => void {
  let hasFilled = false;
  return (status) => {
    if (status.phase === "failed") {
      fail(new ExitError(EXIT.error, status.blocks[0]?.text ?? "the maker could not start"));
      return;
    }
    const first = hasFilled ? null : firstFillText(status);
    if (first !== null) {
      hasFilled = true;
      output.say(`  ${first}`);
    }
    const speed = clock?.reachedSpeed() ?? 1;
    output.status(`${statusLine(status)}${speed === 1 ? "" : `  ×${speed.toPrecision(2)}`}`);
    output.emit({ ...statusValue(status), speed });
  };
}

/** An error with an exit code, as it came or made of another. */
export const asExitError = (error: Error): ExitError =>
  error instanceof ExitError ? error : new ExitError(EXIT.error, error.message, error);
