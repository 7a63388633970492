/** `bourse exchange`: a local exchange until it is stopped. */
import type { FeeScheduleName } from "../exchange/fee/fee-schedule.ts";
import type { FundingMode } from "../exchange/funding/funding-terms.ts";
import type { MarkPolicyName } from "../exchange/oracle/mark-terms.ts";
import type { LimitsMode } from "../gateway/ip-limits.ts";
import { type RunningExchange, startExchange } from "./exchange-process.ts";
import { EXIT, ExitError } from "./exit-code.ts";
import { journalText, journalValue } from "./journal-text.ts";
import { type CommonFlags, createFailure, openSession, type Session } from "./session.ts";
import { firstStopSignal } from "./stop-signal.ts";
import { startWarmUp } from "./warm-up.ts";

/** Flags of the command. */
export interface ExchangeFlags extends CommonFlags {
  readonly data: string;
  readonly port: number;
  readonly seed: number;
  readonly traders: boolean;
  readonly limits: LimitsMode;
  readonly fees?: FeeScheduleName;
  readonly dex?: string;
  readonly funding?: FundingMode;
  readonly mark?: MarkPolicyName;
  readonly recoveryThreads?: number;
}

const STATUS_EVERY_MS = 1_000;

/** Runs the exchange until a signal; resolves after an orderly end. */
export async function runExchange(flags: ExchangeFlags): Promise<void> {
  const session = openSession(flags);
  const { output } = session;
  const failure = createFailure();
  const stop = firstStopSignal(() =>
    output.warn("stopped at once; what was acknowledged is on disk"),
  );
  const exchange = await startExchange({
    folder: flags.data,
    port: flags.port,
    limits: flags.limits,
    ...(flags.fees === undefined ? {} : { fees: flags.fees }),
    ...(flags.dex === undefined ? {} : { dex: flags.dex }),
    ...(flags.funding === undefined ? {} : { funding: flags.funding }),
    ...(flags.mark === undefined ? {} : { mark: flags.mark }),
    seed: flags.traders ? flags.seed : null,
    ...(flags.recoveryThreads === undefined ? {} : { recoveryThreads: flags.recoveryThreads }),
    log: session.log,
    onFatal: failure.fail,
    onReport: (line) => output.say(`  · journal    ${line}`),
  });
  describeExchange(session, exchange, flags);
  const warmUp = startWarmUp(() => exchange.sequencer.appliedSeq);
  void warmUp.done.then((report) =>
    session.log.module("exchange").info("warmed up", { ...report }),
  );
  const status = setInterval(() => output.status(statusText(exchange)), STATUS_EVERY_MS);
  const ended = await Promise.race([stop, failure.promise]);
  clearInterval(status);
  warmUp.stop();
  if (ended instanceof Error)
    throw new ExitError(EXIT.error, `the exchange stopped: ${ended.message}`, ended);
  output.say("■ stopping: no new requests, journal to disk");
  await exchange.close();
  describeJournal(session, exchange);
  output.emit({ kind: "stopped", seq: exchange.sequencer.durableSeq });
  output.say(`  stopped at seq ${exchange.sequencer.durableSeq}; data stays in ${flags.data}`);
}

/** Says at the end what the journal's commits were like. */
export function describeJournal({ output }: Session, { sequencer }: RunningExchange): void {
  const report = sequencer.report();
  output.say(`  journal: ${journalText(report)}`);
  output.emit(journalValue(report));
}

/** Says where an exchange listens and by which limits. */
export function describeExchange(
  { output }: Session,
  { gateway, historyMissing }: RunningExchange,
  flags: { readonly limits: LimitsMode; readonly data?: string | undefined },
): void {
  if (gateway.port !== gateway.wantedPort && gateway.wantedPort !== 0) {
    output.warn(`port ${gateway.wantedPort} is taken: the exchange listens on ${gateway.port}`);
  }
  if (!gateway.nativeRecovery) {
    output.warn("no native secp256k1 for this machine: signatures are checked by slow JavaScript");
  }
  if (historyMissing !== null) output.warn(historyMissing);
  output.step("exchange", `${gateway.url}  (WebSocket ${gateway.socketUrl})`);
  output.step("limits", flags.limits === "venue" ? "as the venue's, per IP and address" : "off");
  output.emit({
    kind: "exchange",
    url: gateway.url,
    socketUrl: gateway.socketUrl,
    limits: flags.limits,
    data: flags.data ?? null,
  });
}

const statusText = ({ sequencer }: RunningExchange): string =>
  `  seq ${sequencer.durableSeq} · ${journalText(sequencer.report())}`;
