/** The maker's risk figures with the words that people read beside them. */
import type { MakerStatus } from "../maker/maker-status.ts";
import type { KillReason } from "../maker/risk/kill-latch.ts";
import type { LimitKey } from "../maker/risk/risk-report.ts";
import type { LimitRowView, LimitUnit, RiskView } from "../operator/operator-view.ts";
import type { KillChange } from "./kill-history.ts";

/** What of the risk page the maker's status does not say. */
export interface RiskContext {
  /** How long the venue's dead-man timer runs; 0 = not in use [ms]. */
  readonly deadManMs: number;
  /** Newest first. */
  readonly killHistory: () => readonly KillChange[];
  /** [ms] */
  readonly loopLagMs: number;
}

interface LimitWords {
  readonly name: string;
  readonly unit: LimitUnit;
  readonly safe?: "above";
  readonly action: string;
  /** Reason of the kill switch that stands for it. */
  readonly reason?: KillReason;
}

const WORDS: Readonly<Record<LimitKey, LimitWords>> = {
  dailyLoss: {
    name: "Loss since midnight UTC",
    unit: "usd",
    action: "kill",
    reason: "dailyLoss",
  },
  drawdown: {
    name: "Fall of equity from its peak",
    unit: "ratio",
    action: "kill",
    reason: "drawdown",
  },
  position: {
    name: "Position",
    unit: "lots",
    action: "the side that adds stops · kill",
    reason: "positionRunaway",
  },
  marketData: {
    name: "Age of market data",
    unit: "ms",
    action: "cancel all, wait · kill",
    reason: "staleData",
  },
  connection: { name: "Connection down for", unit: "ms", action: "no quotes · kill" },
  userFeed: { name: "Age of own order feed", unit: "ms", action: "cancel all, wait" },
  account: { name: "Age of account snapshot", unit: "ms", action: "cancel all, wait" },
  rejects: {
    name: "Refused orders in the window",
    unit: "count",
    action: "kill",
    reason: "rejectStorm",
  },
  budget: {
    name: "Requests left to the address",
    unit: "count",
    safe: "above",
    action: "cancel all, wait",
  },
};

/** The page's risk figures of a status. */
export function riskView({ risk, kill }: MakerStatus, context: RiskContext): RiskView {
  const { feeds } = risk;
  const killHistory = context.killHistory();
  const soft = (key: LimitKey): number => risk.limits.find((row) => row.key === key)?.soft ?? 0;
  return {
    limits: risk.limits.map(({ key, now, soft: softAt, hard }): LimitRowView => {
      const { name, unit, safe = "below", action, reason } = WORDS[key];
      const trip = killHistory.find((entry) => reason !== undefined && entry.reason === reason);
      const tripMs = trip?.timeMs ?? null;
      return { key, name, unit, now, soft: softAt, hard, safe, action, tripMs };
    }),
    kill: {
      killed: kill.killed,
      history: killHistory.map(({ timeMs, kind, text }) => ({ timeMs, kind, text })),
    },
    deadMan: { periodMs: context.deadManMs, firesMs: risk.deadManFiresMs },
    feeds: [
      { name: "market data", ageMs: feeds.market, ageMsMax: soft("marketData") },
      { name: "own orders and fills", ageMs: feeds.user, ageMsMax: soft("userFeed") },
      { name: "account", ageMs: feeds.account, ageMsMax: soft("account") },
      { name: "connection", ageMs: risk.connected ? 0 : null, ageMsMax: 0 },
    ],
    loopLagMs: context.loopLagMs,
  };
}
