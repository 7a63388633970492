/** The dead-man switch: a time at which all orders of an account are canceled, unless it is moved. */
import { readLane, writeLane } from "../base/column.ts";
import { REJECT } from "../base/reject-code.ts";
import { CONSEQUENCE, pushConsequence } from "./consequence.ts";
import { type Core, commandTimeMs } from "./core.ts";
import { NUMBER, numberOf, setNumber } from "./numbers.ts";

/** A scheduled time lies at least this far ahead [ms]. */
const SCHEDULE_AHEAD_MS_MIN = 5_000;
/** Volume an account needs before it may schedule, where limits are on [10^-6 USDC]. */
const SCHEDULE_VOLUME_MIN = 1_000_000_000_000;
/** Scheduled cancels that may fire for an account on one UTC day. */
const SCHEDULE_FIRED_MAX = 10;
const DAY_MS = 86_400_000;

/** Why an account may not schedule a cancel at a time, or null when it may; it may always disarm. */
export function scheduleProblem(
  core: Core,
  account: number,
  timeMs: number,
): { code: number; a: number; b: number } | null {
  const { accounts } = core;
  const nowMs = commandTimeMs(core);
  const volume = readLane(accounts.volume, account);
  if (timeMs === 0) return null;
  if (!(timeMs >= nowMs + SCHEDULE_AHEAD_MS_MIN))
    return { code: REJECT.scheduleTooSoon, a: timeMs, b: nowMs };
  if (numberOf(core.numbers, NUMBER.limitsOn) === 1 && volume < SCHEDULE_VOLUME_MIN) {
    return { code: REJECT.scheduleVolumeTooLow, a: SCHEDULE_VOLUME_MIN, b: volume };
  }
  const isToday = readLane(accounts.scheduledFiredDay, account) === Math.floor(nowMs / DAY_MS);
  if (isToday && readLane(accounts.scheduledFiredCount, account) >= SCHEDULE_FIRED_MAX) {
    return { code: REJECT.scheduleDailyLimit, a: SCHEDULE_FIRED_MAX, b: 0 };
  }
  return null;
}

/** Sets or clears (0) an account's time [ms]. */
export function setSchedule(core: Core, account: number, timeMs: number): void {
  writeLane(core.accounts.scheduledCancelMs, account, timeMs);
  refreshNext(core);
}

/** Queues a cancel of all orders for every account whose time has come, and disarms it. */
export function fireScheduled(core: Core): void {
  const next = numberOf(core.numbers, NUMBER.nextScheduledMs);
  const nowMs = commandTimeMs(core);
  if (next === 0 || nowMs < next) return;
  const { accounts } = core;
  const day = Math.floor(nowMs / DAY_MS);
  for (let account = 0; account < accounts.table.count; account++) {
    const due = readLane(accounts.scheduledCancelMs, account);
    if (due === 0 || nowMs < due) continue;
    writeLane(accounts.scheduledCancelMs, account, 0);
    const fired =
      readLane(accounts.scheduledFiredDay, account) === day
        ? readLane(accounts.scheduledFiredCount, account)
        : 0;
    writeLane(accounts.scheduledFiredDay, account, day);
    writeLane(accounts.scheduledFiredCount, account, fired + 1);
    pushConsequence(core.queue, CONSEQUENCE.cancelAll, account);
  }
  refreshNext(core);
}

function refreshNext(core: Core): void {
  const { scheduledCancelMs, table } = core.accounts;
  let next = 0;
  for (let account = 0; account < table.count; account++) {
    const due = readLane(scheduledCancelMs, account);
    if (due !== 0 && (next === 0 || due < next)) next = due;
  }
  setNumber(core.numbers, NUMBER.nextScheduledMs, next);
}
