/** Puts an exchange together: journal, state, read models, gateway, ticks and traders. */
import { dexOfName } from "../base/asset-ids.ts";
import { UNPROTECTED } from "../base/market-protection.ts";
import { createCommandRecord } from "../exchange/command.ts";
import { type Command, writeCommand } from "../exchange/command-codec.ts";
import { FEE_SCHEDULE_NAMES, type FeeScheduleName } from "../exchange/fee/fee-schedule.ts";
import { type FundingMode, VENUE_FUNDING } from "../exchange/funding/funding-terms.ts";
import { MARK_POLICY, type MarkPolicyName } from "../exchange/oracle/mark-terms.ts";
import {
  addressLimitsOn,
  feeScheduleName,
  fundingTerms,
  lastTimeMs,
  marketCount,
  marketSpec,
  markTerms,
  oraclePx,
} from "../exchange/query.ts";
import { createFeed } from "../gateway/feed/create-feed.ts";
import { type Gateway, startGateway } from "../gateway/gateway-server.ts";
import { createInfo } from "../gateway/info/create-info.ts";
import type { LimitsMode } from "../gateway/ip-limits.ts";
import { allMarkets, fundingCommand, markCommand } from "../gateway/venue-terms.ts";
import type { Sequencer } from "../journal/sequencer.ts";
import { createPopulation } from "../sim/agents/population.ts";
import { DEFAULT_MARKETS, type DefaultMarket, dexMarkets } from "../sim/default-markets.ts";
import type { Log } from "../telemetry/log.ts";
import { paceByDisk, startTicks, startTraders } from "./drivers.ts";
import { JOURNAL_DELAY_MS_MAX, watchJournal } from "./journal-watch.ts";
import { createMarketClock, type MarketClock } from "./market-clock.ts";
import { openExchange } from "./open-exchange.ts";

/** How to run an exchange. */
export interface ExchangeOptions {
  /** Folder of the journal. */
  readonly folder: string;
  readonly port: number;
  readonly limits: LimitsMode;
  /** Fee schedule to put in force; the one of the journal, or the venue's, where left out. */
  readonly fees?: FeeScheduleName;
  /** Funding of all markets; as in the journal, or the venue's, where left out. */
  readonly funding?: FundingMode;
  /** How all markets are marked; as in the journal, or as the venue does, where left out. */
  readonly mark?: MarkPolicyName;
  /** Seed of the traders; null = nobody trades and prices stand still. */
  readonly seed: number | null;
  /** Markets of a fresh exchange and their first prices [ticks]; the default ones where left out. */
  readonly markets?: readonly Pick<DefaultMarket, "spec" | "startPx">[];
  /** A builder's dex that is listed beside them; see `dexMarkets`. */
  readonly dex?: string;
  /** Whether fresh markets refuse prices and sizes as the venue does; true where left out. */
  readonly isProtected?: boolean;
  /** Threads that recover signers under load; 0 = none; by the number of processors where left out. */
  readonly recoveryThreads?: number;
  /** Clock of the market; the machine's where left out. */
  readonly clock?: MarketClock;
  readonly log: Log;
  /** The journal cannot go on, or a rule broke: the process is to end. */
  readonly onFatal: (error: Error) => void;
  /** Lines about recovery, for people. */
  readonly onReport: (line: string) => void;
}

/** An exchange that runs. */
export interface RunningExchange {
  readonly sequencer: Sequencer;
  readonly gateway: Gateway;
  /** Why history is in memory alone, in words; null = it is on disk. */
  readonly historyMissing: string | null;
  /** Submits a command of the operator and resolves once it is durable. */
  admin(command: Command): Promise<void>;
  /** Stops traffic, makes everything durable and closes the journal. */
  close(): Promise<void>;
}

/** Opens the journal in the folder and serves it. */
export async function startExchange(options: ExchangeOptions): Promise<RunningExchange> {
  const { clock = createMarketClock(1) } = options;
  const opened = await openExchange({
    folder: options.folder,
    clock,
    stopwatch: { elapsedMs: () => performance.now() },
    delayMsMax: JOURNAL_DELAY_MS_MAX,
    onFatal: options.onFatal,
  });
  const { sequencer, models, history } = opened;
  // What runs faster than the machine's clock leaves times behind that have not come yet.
  clock.skipTo(lastTimeMs(sequencer.state));
  const journalLog = options.log.module("journal");
  for (const line of opened.lines) {
    journalLog.info(line);
    options.onReport(line);
  }
  const record = createCommandRecord();
  const admin = (command: Command): Promise<void> =>
    new Promise((resolve, reject) => {
      writeCommand(command, record);
      if (sequencer.submit(record, () => resolve()) === null) {
        reject(new Error("the exchange takes no commands: its queue is full or it has stopped"));
      }
    });
  await prepare(sequencer, options, admin);
  const context = { sequencer, models, history, nowMs: () => clock.nowMs() };
  const gateway = await startGateway({
    context,
    answerInfo: createInfo(context),
    feed: createFeed(context, clock),
    limits: options.limits,
    log: options.log.module("gateway"),
    host: "127.0.0.1",
    port: options.port,
    ...(options.recoveryThreads === undefined ? {} : { recoveryThreads: options.recoveryThreads }),
  });
  const stopTicks = startTicks(sequencer, clock);
  const stopTraders =
    options.seed === null ? () => undefined : trade(sequencer, options.seed, clock, options.dex);
  paceByDisk(sequencer, clock);
  const watch = watchJournal(() => sequencer.report(), journalLog);
  return {
    sequencer,
    gateway,
    historyMissing: opened.historyMissing,
    admin,
    async close() {
      stopTraders();
      stopTicks();
      await gateway.close();
      await closeSequencer(sequencer);
      watch.stop();
      clock.stop();
      await opened.close();
    },
  };
}

/** Markets, first prices and limits: what a fresh exchange lacks. */
async function prepare(
  sequencer: Sequencer,
  options: ExchangeOptions,
  admin: (command: Command) => Promise<void>,
): Promise<void> {
  const { state } = sequencer;
  const markets = listedMarkets(options);
  const names = allMarkets(state).map((market) => marketSpec(state, market).name);
  if (names.length === 0) {
    for (const { spec } of markets) await admin({ kind: "createMarket", spec });
    for (let market = 0; market < markets.length && options.isProtected === false; market++)
      await admin({ kind: "setProtection", market, settings: UNPROTECTED });
  } else if (options.dex !== undefined && !names.some((name) => dexOfName(name) === options.dex)) {
    for (const { spec } of dexMarkets(options.dex)) await admin({ kind: "createMarket", spec });
  }
  const missing = allMarkets(state).flatMap((market) => {
    const { name } = marketSpec(state, market);
    const startPx = markets.find(({ spec }) => spec.name === name)?.startPx;
    return startPx === undefined || oraclePx(state, market) !== 0 ? [] : [{ market, px: startPx }];
  });
  if (missing.length > 0) await admin({ kind: "setOraclePrices", prices: missing });
  const limitsOn = options.limits === "venue";
  if (addressLimitsOn(state) !== limitsOn) await admin({ kind: "setLimits", on: limitsOn });
  await setTerms(state, options, admin);
  const { fees } = options;
  if (fees !== undefined && feeScheduleName(state) !== fees)
    await admin({ kind: "setFeeSchedule", schedule: FEE_SCHEDULE_NAMES.indexOf(fees) });
}

/** Markets of a fresh exchange: those asked for or the default ones, then those of the dex. */
const listedMarkets = ({
  markets = DEFAULT_MARKETS,
  dex,
}: ExchangeOptions): readonly Pick<DefaultMarket, "spec" | "startPx">[] =>
  dex === undefined ? markets : [...markets, ...dexMarkets(dex)];

/** Funding and mark where they are not as asked, or were never set: terms in force anew begin anew. */
async function setTerms(
  state: Sequencer["state"],
  options: ExchangeOptions,
  admin: (command: Command) => Promise<void>,
): Promise<void> {
  const funding = options.funding ?? "venue";
  const intervalMs = funding === "off" ? 0 : VENUE_FUNDING.intervalMs;
  const unfunded = allMarkets(state).filter((market) => {
    const terms = fundingTerms(state, market);
    return terms === null || (options.funding !== undefined && terms.intervalMs !== intervalMs);
  });
  if (unfunded.length > 0) await admin(fundingCommand(state, funding, unfunded));
  const mark = options.mark ?? "venue";
  const unmarked = allMarkets(state).filter((market) => {
    const terms = markTerms(state, market);
    return terms === null || (options.mark !== undefined && terms.policy !== MARK_POLICY[mark]);
  });
  if (unmarked.length > 0) await admin(markCommand(mark, unmarked));
}

/** Runs the population of a seed from the prices at which the exchange stands. */
function trade(
  sequencer: Sequencer,
  seed: number,
  clock: MarketClock,
  dex: string | undefined,
): () => void {
  const { state } = sequencer;
  const known = dex === undefined ? DEFAULT_MARKETS : [...DEFAULT_MARKETS, ...dexMarkets(dex)];
  // Those that stand where a fresh exchange has them: traders know markets by number.
  const markets = known.filter(
    ({ spec }, market) =>
      market < marketCount(state) && marketSpec(state, market).name === spec.name,
  );
  const startPx = markets.map((_, market) => oraclePx(state, market));
  const traders = createPopulation({ seed, markets, startPx, startMs: clock.nowMs() });
  return startTraders(sequencer, traders, clock);
}

const closeSequencer = (sequencer: Sequencer): Promise<void> =>
  new Promise((resolve, reject) => {
    sequencer.close((error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
