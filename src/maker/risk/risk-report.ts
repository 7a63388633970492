/** Where the maker stands against each of its limits: figures for people, decided on elsewhere. */
import type { Maker } from "../maker-state.ts";
import type { SafetyInput } from "./heartbeat.ts";

/** A limit by name. */
export type LimitKey =
  | "dailyLoss"
  | "drawdown"
  | "position"
  | "marketData"
  | "connection"
  | "userFeed"
  | "account"
  | "rejects"
  | "budget";

/** One limit: at `soft` the maker holds back, at `hard` it is killed; null = there is none. */
export interface LimitReport {
  readonly key: LimitKey;
  /** Money [10^-6 USDC], position [lots], ages [ms], drawdown [ratio], counts; null = not known. */
  readonly now: number | null;
  readonly soft: number | null;
  readonly hard: number | null;
}

/** Limits, inputs, dead-man timer and request budget. */
export interface RiskReport {
  readonly limits: readonly LimitReport[];
  /** Age of each input; null = it never came [ms]. */
  readonly feeds: Readonly<Record<SafetyInput, number | null>>;
  readonly connected: boolean;
  /** When the venue cancels everything unless told otherwise; null = it will not [ms]. */
  readonly deadManFiresMs: number | null;
  /** Requests left to the address; null = not known. */
  readonly budgetLeft: number | null;
}

/** The figures of now. */
export function riskReport(
  maker: Maker,
  money: { readonly dailyLoss: number; readonly drawdown: number },
): RiskReport {
  const { config, ledger, positionLimit, budgetLeft, connected, nowMs } = maker;
  const market = age(maker, "market");
  const user = age(maker, "user");
  const account = age(maker, "account");
  const runaway =
    positionLimit === null
      ? null
      : Math.max(positionLimit * config.positionRunawayFactor, maker.runawayFloor);
  const down = connected ? 0 : nowMs - Math.max(maker.linkChangedMs, 0);
  return {
    limits: [
      { key: "dailyLoss", now: money.dailyLoss, soft: null, hard: config.maxDailyLoss },
      { key: "drawdown", now: money.drawdown, soft: null, hard: config.maxDrawdown },
      { key: "position", now: Math.abs(ledger.position), soft: positionLimit, hard: runaway },
      { key: "marketData", now: market, soft: config.staleDataMs, hard: config.staleDataKillMs },
      { key: "connection", now: down, soft: 0, hard: config.disconnectKillMs },
      { key: "userFeed", now: user, soft: config.userFeedMs, hard: null },
      { key: "account", now: account, soft: config.accountAgeMsMax, hard: null },
      { key: "rejects", now: rejectsNow(maker), soft: null, hard: config.rejectStormCount },
      { key: "budget", now: budgetLeft, soft: config.budgetReserve, hard: null },
    ],
    feeds: { market, user, account },
    connected,
    deadManFiresMs: deadManFiresMs(maker),
    budgetLeft,
  };
}

function age({ beats, nowMs }: Maker, input: SafetyInput): number | null {
  const last = beats[input];
  return last === Number.NEGATIVE_INFINITY ? null : nowMs - last;
}

function rejectsNow({ rejects, config, nowMs }: Maker): number {
  return rejects.times.filter((time) => nowMs - time <= config.rejectStormWindowMs).length;
}

/** The timer was last pushed a third of its period before it is pushed next [ms]. */
function deadManFiresMs({ config, deadManArmed, nextDeadManMs }: Maker): number | null {
  const { deadManMs } = config;
  if (!deadManArmed || deadManMs === 0) return null;
  return nextDeadManMs - Math.floor(deadManMs / 3) + deadManMs;
}
