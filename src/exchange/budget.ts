/**
 * The venue's request budget of an address: 10,000 and one more for each USDC ever traded. Every item
 * of a batch counts, five times where the action was stale. Over budget one action in ten seconds is
 * let through; cancels have a larger cap, min(cap + 100,000, 2 cap). Counted always, enforced where
 * limits are on.
 */
import { MICROS_PER_USDC } from "../base/units.ts";
import { ACCOUNT } from "./account/account.ts";
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
  const { f64 } = core.accounts.rows;
  const at = account * 8;
  const volume = f64[at + ACCOUNT.volume] as number;
  const used = f64[at + ACCOUNT.requestsUsed] as number;
  const cap = capFor(record, volume);
  if (used < cap) return null;
  const sinceMs = commandTimeMs(core) - (f64[at + ACCOUNT.overBudgetAtMs] as number);
  return sinceMs >= OVER_BUDGET_EVERY_MS ? null : { used, cap, volume };
}

/** Counts the requests of a command that was let through, and remembers when that was over budget. */
export function spendBudget(
  core: Core,
  account: number,
  record: CommandRecord,
  count: number,
): void {
  const { f64 } = core.accounts.rows;
  const at = account * 8;
  if (numberOf(core.numbers, NUMBER.limitsOn) === 1) {
    const used = f64[at + ACCOUNT.requestsUsed] as number;
    if (used >= capFor(record, f64[at + ACCOUNT.volume] as number))
      f64[at + ACCOUNT.overBudgetAtMs] = commandTimeMs(core);
  }
  countRequests(core, account, count);
}

/** Counts requests without a question. */
export function countRequests(core: Core, account: number, count: number): void {
  const { f64 } = core.accounts.rows;
  const at = account * 8 + ACCOUNT.requestsUsed;
  f64[at] = (f64[at] as number) + count;
}

function capFor(record: CommandRecord, volume: number): number {
  const base = requestsCap(volume);
  const kind = record.lanes[HEADER.kind];
  const isCancel =
    kind === COMMAND.cancelOrders || kind === COMMAND.cancelByCloid || kind === COMMAND.cancelAll;
  return isCancel ? Math.min(base + 100_000, 2 * base) : base;
}
