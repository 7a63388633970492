/**
 * Why the maker may not have quotes out: one list, asked by the strategy, by the safety gate and by
 * the page that shows it. Empty means that nothing speaks against quoting.
 */
import type { Maker } from "../maker-state.ts";
import { inputHealth, type SafetyInput } from "./heartbeat.ts";

/** What stands against quoting. */
export type BlockCode =
  | "failed"
  | "killed"
  | "stopping"
  | "paused"
  | "cancelAll"
  | "flattening"
  | "disconnected"
  | "marketSpecUnknown"
  | "marketDataUnknown"
  | "marketDataStale"
  | "userFeedUnknown"
  | "userFeedStale"
  | "syncing"
  | "accountUnknown"
  | "accountStale"
  | "noFairPrice"
  | "noQuote"
  | "budgetLow"
  | "throttled";

/** One reason for not quoting. */
export interface Block {
  readonly code: BlockCode;
  /** For people. */
  readonly text: string;
}

/** Everything that stands against quoting now, gravest first. */
export function quoteBlocks(maker: Maker): Block[] {
  const { control, latch, sync, config, nowMs } = maker;
  const blocks: Block[] = [];
  const add = (code: BlockCode, text: string): void => {
    blocks.push({ code, text });
  };
  if (maker.failure !== null) add("failed", maker.failure);
  for (const { reason, text } of latch.reasons) add("killed", `killed (${reason}): ${text}`);
  if (control.stopping) add("stopping", "stopping");
  if (control.paused) add("paused", control.pausedText);
  if (control.cancelAll) add("cancelAll", "cancelling all orders");
  if (maker.flatten !== null) add("flattening", "flattening: closing the position");
  if (!maker.connected) add("disconnected", "the streams of the venue are down");
  if (maker.spec === null) add("marketSpecUnknown", "the market's specification is not known yet");
  addHealth(maker, blocks, "market", config.staleDataMs);
  addHealth(maker, blocks, "user", config.userFeedMs);
  if (sync.stage !== "ready") add("syncing", `agreeing with the venue: ${sync.stage}`);
  addHealth(maker, blocks, "account", config.accountAgeMsMax);
  if (maker.budgetLeft !== null && maker.budgetLeft < config.budgetReserve) {
    add("budgetLow", `${maker.budgetLeft} requests left, ${config.budgetReserve} kept for cancels`);
  }
  if (nowMs < maker.rejects.throttledUntilMs) {
    add("throttled", "the venue asked for fewer requests");
  }
  return blocks;
}

const HEALTH_BLOCKS: Readonly<
  Record<SafetyInput, { name: string; unknown: BlockCode; stale: BlockCode }>
> = {
  market: { name: "market data", unknown: "marketDataUnknown", stale: "marketDataStale" },
  user: { name: "the user stream", unknown: "userFeedUnknown", stale: "userFeedStale" },
  account: { name: "the account", unknown: "accountUnknown", stale: "accountStale" },
};

function addHealth(maker: Maker, blocks: Block[], input: SafetyInput, ageMsMax: number): void {
  const { nowMs } = maker;
  const health = inputHealth(maker.beats, input, { nowMs, ageMsMax });
  const { name, unknown, stale } = HEALTH_BLOCKS[input];
  if (health === "unknown") blocks.push({ code: unknown, text: `${name} was never received` });
  if (health !== "stale") return;
  const age = nowMs - maker.beats[input];
  blocks.push({ code: stale, text: `${name} is ${age} ms old, limit ${ageMsMax} ms` });
}
