/**
 * The one door into the state: `applyCommand` takes a stamped record, changes the state and writes
 * events. It reads no clock and does no I/O; the same records give the same state and events.
 *
 * A command first works off waiting consequences up to a bound, then takes effect, then works off
 * what is left of the bound. While consequences wait the sequencer sends ticks at once.
 */
import { assert } from "../base/assert.ts";
import { CANCEL_REASON } from "../base/reject-code.ts";
import { applyAdmin } from "./admin.ts";
import {
  ADMIN_KINDS_END,
  ADMIN_KINDS_FROM,
  COMMAND,
  type CommandRecord,
  HEADER,
  itemCount,
} from "./command.ts";
import {
  CONSEQUENCE,
  CONSEQUENCES_PER_COMMAND,
  consequencesWaiting,
  takeConsequence,
  takenOidBound,
} from "./consequence.ts";
import { beginEvent, type Core } from "./core.ts";
import { EVENT, type EventRing } from "./event.ts";
import { fundDue, nextFundingMs } from "./funding/funding.ts";
import {
  liquidateAccount,
  queueIfUnder,
  queuePayersUnder,
  queueUnfinished,
} from "./liquidation/liquidation.ts";
import { cancelAll, cancelMore } from "./matching/cancel-all.ts";
import { expireOrders, hasDueExpiry, nextExpiryMs } from "./matching/expiry.ts";
import { nextMarketChangeMs, passMarketTimes } from "./matching/market-state.ts";
import { createTouchedAccounts } from "./matching/match.ts";
import { fireTrigger } from "./matching/trigger.ts";
import { fillSlice, hasDueSlice, nextSliceMs, queueSlices } from "./matching/twap.ts";
import { NUMBER, numberOf, setNumber } from "./numbers.ts";
import { fireScheduled } from "./schedule.ts";
import { applySigned } from "./signed.ts";
import type { ExchangeState } from "./state.ts";
import { fireStrategies, nextStrategyMs } from "./strategy/due.ts";
import { runStrategy } from "./strategy/runner.ts";

// Constants of other modules as this one's own: the engine folds these and loads those.
const { scheduled: CANCEL_REASON_SCHEDULED } = CANCEL_REASON;
const { tick: COMMAND_TICK, placeOrders: COMMAND_PLACE_ORDERS } = COMMAND;
const {
  liquidate: CONSEQUENCE_LIQUIDATE,
  trigger: CONSEQUENCE_TRIGGER,
  cancelAll: CONSEQUENCE_CANCEL_ALL,
  twapSlice: CONSEQUENCE_TWAP_SLICE,
  strategy: CONSEQUENCE_STRATEGY,
} = CONSEQUENCE;
const ADMIN_FROM = ADMIN_KINDS_FROM;
const ADMIN_END = ADMIN_KINDS_END;
const OWN_CONSEQUENCES_PER_COMMAND = CONSEQUENCES_PER_COMMAND;
const { scheduledCancelFired: EVENT_SCHEDULED_CANCEL_FIRED } = EVENT;
const { seq: HEADER_SEQ, timeMs: HEADER_TIME_MS, kind: HEADER_KIND } = HEADER;
const {
  seq: NUMBER_SEQ,
  timeMs: NUMBER_TIME_MS,
  nextScheduledMs: NUMBER_NEXT_SCHEDULED_MS,
  distressed: NUMBER_DISTRESSED,
} = NUMBER;

const TICK_MS = 1_000;
const entry = { kind: 0, account: 0, market: 0 };
const touched = createTouchedAccounts();

/** Applies one stamped command: `seq` is one above the last, `timeMs` not below the last. */
export function applyCommand(state: ExchangeState, record: CommandRecord, events: EventRing): void {
  const { lanes } = record;
  assert(lanes[HEADER_SEQ] === lastSeq(state) + 1, "commands are applied in sequence");
  assert((lanes[HEADER_TIME_MS] as number) >= lastTimeMs(state), "command time never goes back");
  assert(itemCount(record) >= 0, "a record has an item count");
  setNumber(state.numbers, NUMBER_SEQ, lanes[HEADER_SEQ] as number);
  setNumber(state.numbers, NUMBER_TIME_MS, lanes[HEADER_TIME_MS] as number);
  state.events = events;
  touched.count = 0;
  fireScheduled(state);
  passMarketTimes(state);
  fireStrategies(state);
  expireOrders(state);
  queueSlices(state);
  const left = workOff(state, OWN_CONSEQUENCES_PER_COMMAND);
  takeEffect(state, record);
  queueTouched(state);
  workOff(state, left);
}

/** Whether consequences wait: the sequencer sends ticks at once until none does. */
export const hasQueuedWork = (state: ExchangeState): boolean =>
  consequencesWaiting(state.queue) > 0 || hasDueExpiry(state) || hasDueSlice(state);

/** Earliest time at which a tick has work to do; Infinity = none [ms]. */
export function nextDueMs(state: ExchangeState): number {
  const scheduled = numberOf(state.numbers, NUMBER_NEXT_SCHEDULED_MS);
  const retry =
    numberOf(state.numbers, NUMBER_DISTRESSED) > 0
      ? lastTimeMs(state) + TICK_MS
      : Number.POSITIVE_INFINITY;
  const next = Math.min(scheduled === 0 ? Number.POSITIVE_INFINITY : scheduled, retry);
  return Math.min(
    next,
    nextExpiryMs(state),
    nextFundingMs(state),
    nextStrategyMs(state),
    nextSliceMs(state),
    nextMarketChangeMs(state),
  );
}

const lastSeq = (state: Core): number => numberOf(state.numbers, NUMBER_SEQ);
const lastTimeMs = (state: Core): number => numberOf(state.numbers, NUMBER_TIME_MS);

function takeEffect(state: Core, record: CommandRecord): void {
  const kind = record.lanes[HEADER_KIND] as number;
  if (kind === COMMAND_TICK) passTime(state);
  else if (kind < COMMAND_PLACE_ORDERS || (kind >= ADMIN_FROM && kind < ADMIN_END))
    applyAdmin(state, record, touched);
  else applySigned(state, record, touched);
}

function passTime(state: Core): void {
  queueUnfinished(state);
  for (let market = 0; market < state.fundings.table.count; market++) {
    if (fundDue(state, market)) queuePayersUnder(state, market);
  }
}

/** Works off up to `bound` consequences; returns what is left of the bound. */
function workOff(state: Core, bound: number): number {
  let left = bound;
  while (left > 0 && takeConsequence(state.queue, entry)) {
    left -= 1;
    if (entry.kind === CONSEQUENCE_LIQUIDATE) {
      liquidateAccount(state, entry.account, touched);
      // It has just been looked at; what the book could not take waits for a price or a tick.
      dropTouched(entry.account);
    } else if (entry.kind === CONSEQUENCE_TRIGGER) {
      fireTrigger(state, entry.account, touched);
    } else if (entry.kind === CONSEQUENCE_TWAP_SLICE) {
      fillSlice(state, entry.account, touched);
    } else if (entry.kind === CONSEQUENCE_STRATEGY) {
      runStrategy(state, entry.account, touched);
    } else if (entry.kind === CONSEQUENCE_CANCEL_ALL) {
      beginEvent(state, EVENT_SCHEDULED_CANCEL_FIRED, entry.account, -1, -1);
      cancelAll(state, entry.account, -1, CANCEL_REASON_SCHEDULED, -1);
    } else {
      cancelMore(state, entry, takenOidBound[0] as number);
    }
    queueTouched(state);
  }
  return left;
}

function dropTouched(account: number): void {
  const { list } = touched;
  let kept = 0;
  for (let i = 0; i < touched.count; i++) {
    if (list[i] !== account) list[kept++] = list[i] as number;
  }
  touched.count = kept;
}

function queueTouched(state: Core): void {
  for (let i = 0; i < touched.count; i++) queueIfUnder(state, touched.list[i] as number);
  touched.count = 0;
}
