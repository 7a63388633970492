/**
 * The venue's request budget of an address: 10,000 and one more for each USDC ever traded. Every item
 * of a batch counts, five times where the action was stale. Over budget one action in ten seconds is
 * let through; cancels have a larger cap, min(cap + 100,000, 2 cap). Counted always, enforced where
 * limits are on.
 */
import { MICROS_PER_USDC } from "../base/units.ts";
import { COMMAND, type CommandRecord, HEADER } from "./command.ts";
import { type Core, commandTimeMs } from "./core.ts";
import { NUMBER, numberOf } from "./numbers.ts";

/** Requests that every address has from the start. */
const BUDGET_START = 10_000;
/** What each request of a stale action counts for. */
export const STALE_REQUEST_COST = 5;
const OVER_BUDGET_EVERY_MS = 10_000;

/** Requests an account may have made by now. */
export const requestsCap = (volume: number): number =>
  BUDGET_START + Math.floor(volume / MICROS_PER_USDC);

/** Figures of an exhausted budget, or null when the command may pass. */
export function budgetProblem(
  core: Core,
  account: number,
  record: CommandRecord,
): { used: number; cap: number; volume: number } | null {
  if (numberOf(core.numbers, NUMBER.limitsOn) !== 1) return null;
  const { accounts } = core;
  const volume = accounts.volume.data[account] as number;
  const used = accounts.requestsUsed.data[account] as number;
  const cap = capFor(record, volume);
  const sinceMs = commandTimeMs(core) - (accounts.overBudgetAtMs.data[account] as number);
  return used < cap || sinceMs >= OVER_BUDGET_EVERY_MS ? null : { used, cap, volume };
}

/** Counts the requests of a command that was let through, and remembers when that was over budget. */
export function spendBudget(
  core: Core,
  account: number,
  record: CommandRecord,
  count: number,
): void {
  const { accounts } = core;
  const used = accounts.requestsUsed.data[account] as number;
  const isEnforced = numberOf(core.numbers, NUMBER.limitsOn) === 1;
  if (isEnforced && used >= capFor(record, accounts.volume.data[account] as number))
    accounts.overBudgetAtMs.data[account] = commandTimeMs(core);
  countRequests(core, account, count);
}

/** Counts requests without a question. */
export function countRequests(core: Core, account: number, count: number): void {
  core.accounts.requestsUsed.data[account] =
    (core.accounts.requestsUsed.data[account] as number) + count;
}

function capFor(record: CommandRecord, volume: number): number {
  const base = requestsCap(volume);
  const kind = record.lanes[HEADER.kind];
  const isCancel = kind === COMMAND.cancelOrders || kind === COMMAND.cancelByCloid;
  return isCancel ? Math.min(base + 100_000, 2 * base) : base;
}
