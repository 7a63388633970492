/** `bourse up`: exchange, traders, market maker and page in one process. */
import { join } from "node:path";
import type { Hex } from "../base/hex.ts";
import { MICROS_PER_USDC } from "../base/units.ts";
import { accountOfAddress } from "../exchange/query.ts";
import type { LimitsMode } from "../gateway/ip-limits.ts";
import type { MakerStatus } from "../maker/maker-status.ts";
import { createNativeWallet } from "../venue/native-wallet.ts";
import { describeExchange } from "./exchange.ts";
import { type RunningExchange, startExchange } from "./exchange-process.ts";
import { EXIT, ExitError } from "./exit-code.ts";
import { signingKey } from "./key.ts";
import { describePage, type MakerProcess, startMaker, stopMaker } from "./maker-process.ts";
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

/** Flags of the command. */
export interface UpFlags extends CommonFlags {
  readonly data?: string;
  readonly asset: string;
  readonly port: number;
  readonly pagePort: number;
  readonly seed: number;
  readonly limits: LimitsMode;
  readonly for?: number;
}

const MAKER_DEPOSIT = 100_000 * MICROS_PER_USDC;
/** The exchange cancels the maker's orders by itself when the maker falls silent for this long [ms]. */
const DEAD_MAN_MS = 15_000;

/** Without request limits the reference price is asked for often [ms]. */
const REFERENCE_POLL_MS = 250;

/** Runs everything until a signal; resolves after an orderly end. */
export async function runUp(flags: UpFlags): Promise<void> {
  const session = openSession(flags);
  const { output } = session;
  const failure = createFailure();
  const stop = firstStopSignal(() =>
    output.warn("stopped at once; what was acknowledged is on disk"),
  );
  const folder = dataFolder(flags.data);
  output.say("bourse up");
  const exchange = await startExchange({
    folder: folder.path,
    port: flags.port,
    limits: flags.limits,
    seed: flags.seed,
    log: session.log,
    onFatal: failure.fail,
    onReport: (line) => session.log.module("journal").info(line),
  });
  describeExchange(session, exchange, { ...flags, data: folder.path });
  output.step("traders", `noise, depth and arbitrage on three markets, seed ${flags.seed}`);
  const maker = await startFundedMaker(session, exchange, {
    ...flags,
    folder: folder.path,
    fail: failure.fail,
  });
  describePage(session, maker.page);
  output.say("  SIMULATION: no real money, no network. Ctrl-C stops and prints the summary.");
  const ended = await Promise.race([stop, failure.promise, afterSeconds(flags.for)]);
  const summary = await stopMaker(session, maker);
  await exchange.close();
  folder.remove();
  if (flags.data !== undefined) output.say(`  data stays in ${flags.data}`);
  output.say(`  again: bourse up --seed ${flags.seed}`);
  if (ended instanceof Error) throw asExitError(ended);
  if (!summary.clean)
    throw new ExitError(EXIT.unreachable, "not every order could be confirmed as canceled");
  process.exitCode = EXIT.ok;
}

async function startFundedMaker(
  session: Session,
  exchange: RunningExchange,
  options: UpFlags & { readonly folder: string; readonly fail: (error: Error) => void },
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
    settings: { deadManMs: DEAD_MAN_MS },
    ...(options.limits === "off" ? { referencePollMs: REFERENCE_POLL_MS } : {}),
    rearm: false,
    session,
    onStatus: statusPrinter(session, options.fail),
  });
  output.step("maker", `fixed spread on ${options.asset}, account ${address}`);
  return maker;
}

/** Prints the status once a second and the first fill once; ends the run where the maker cannot start. */
export function statusPrinter(
  { output }: Session,
  fail: (error: Error) => void,
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
    output.status(statusLine(status));
    output.emit(statusValue(status));
  };
}

/** An error with an exit code, as it came or made of another. */
export const asExitError = (error: Error): ExitError =>
  error instanceof ExitError ? error : new ExitError(EXIT.error, error.message, error);
