/**
 * An exchange in this process on simulated time: journal on a simulated disk, read models, ticks.
 * It can be stopped at any moment, the power cut with it, and started again through recovery.
 *
 * The disk's operations end as events of the schedule. Ticks go out once a second while something
 * is due, and at once while work is queued, as a running exchange does it.
 */
import { assert } from "../base/assert.ts";
import type { Clock } from "../base/clock.ts";
import { asTimeMs } from "../base/units.ts";
import { hasQueuedWork } from "../exchange/apply.ts";
import { type CommandRecord, createCommandRecord } from "../exchange/command.ts";
import { type Command, writeCommand } from "../exchange/command-codec.ts";
import type { ExchangeState } from "../exchange/state.ts";
import type { Released } from "../journal/commit-group.ts";
import type { RingListener } from "../journal/fold.ts";
import { type Journal, type JournalOptions, openJournal } from "../journal/open-journal.ts";
import { replayJournal } from "../journal/replay.ts";
import type { SequencerTuning } from "../journal/sequencer.ts";
import type { SimulatedDisk } from "../journal/simulated-disk.ts";
import { isTickDue } from "../journal/tick.ts";
import { createReadModels, foldRing, type ReadModels } from "../projection/read-models.ts";
import type { Schedule } from "./schedule.ts";

const TICK_EVERY_MS = 1_000;

/** What an exchange host runs on. */
export interface ExchangeHostOptions extends SequencerTuning {
  readonly schedule: Schedule;
  readonly disk: SimulatedDisk;
  /** Identity of the journal; 16 bytes. */
  readonly genesis: Uint8Array;
  /** How the journal is opened; `openJournal` by default. */
  readonly open?: ((options: JournalOptions) => Journal) | undefined;
  /** Sees the state after every command, before anything is durable. */
  readonly onCommand?: ((state: ExchangeState, record: CommandRecord) => void) | undefined;
  /** Sees events once they are durable and folded. */
  readonly onDurable?: RingListener | undefined;
  /** It stopped: by {@link ExchangeHost.crash}, or because its disk failed. */
  readonly onStop?: (() => void) | undefined;
}

/** An exchange that runs. */
export interface RunningExchange extends Journal {
  readonly models: ReadModels;
}

/** See the file's head. */
export interface ExchangeHost {
  /** Null while it is down. */
  readonly running: RunningExchange | null;
  /** Difference of the exchange's clock from simulated time [ms]. */
  clockOffsetMs: number;
  /** What the exchange's clock shows [ms]. */
  nowMs(): number;
  /** Starts it on what its disk holds. */
  start(): RunningExchange;
  /** Ends it between two instructions and cuts the disk's power. */
  crash(): void;
  /** Crashes it instead of ending the disk operation after `count` others. */
  crashAfterOperations(count: number): void;
  /** Ends it in order; `done` runs when all is durable and the journal closed. */
  close(done: () => void): void;
  /** Submits a command; null when it is shed or the exchange is down. */
  submit(command: Command, released?: Released): number | null;
  /** Submits a record that the caller has written. */
  submitRecord(record: CommandRecord, released?: Released): number | null;
}

interface Host {
  readonly options: ExchangeHostOptions;
  readonly clock: Clock;
  readonly record: CommandRecord;
  running: RunningExchange | null;
  clockOffsetMs: number;
  /** Counts starts: what an earlier life scheduled is void. */
  life: number;
  wakeMs: number;
  operationsLeft: number;
}

/** An exchange that has not been started. */
export function createExchangeHost(options: ExchangeHostOptions): ExchangeHost {
  const { schedule } = options;
  const host: Host = {
    options,
    clock: { nowMs: () => asTimeMs(schedule.nowMs + host.clockOffsetMs) },
    record: createCommandRecord(),
    running: null,
    clockOffsetMs: 0,
    life: 0,
    wakeMs: Number.POSITIVE_INFINITY,
    operationsLeft: Number.POSITIVE_INFINITY,
  };
  return {
    get running() {
      return host.running;
    },
    get clockOffsetMs() {
      return host.clockOffsetMs;
    },
    set clockOffsetMs(offsetMs) {
      host.clockOffsetMs = offsetMs;
    },
    nowMs: () => host.clock.nowMs(),
    start: () => startHost(host),
    crash: () => stopHost(host, host.life),
    crashAfterOperations(count) {
      host.operationsLeft = count;
    },
    close: (done) => closeHost(host, done),
    submit(command, released) {
      writeCommand(command, host.record);
      return submitRecord(host, host.record, released);
    },
    submitRecord: (record, released) => submitRecord(host, record, released),
  };
}

function startHost(host: Host): RunningExchange {
  assert(host.running === null, "an exchange that runs is not started again");
  const { schedule, disk, genesis, open = openJournal, onDurable } = host.options;
  host.life += 1;
  const { life } = host;
  const journal = open({
    ...host.options,
    storage: disk,
    clock: host.clock,
    // Out of the sequencer's own call first: a process that ends runs no more of it.
    onFatal: () => schedule.after(0, () => stopHost(host, life)),
  });
  const { sequencer } = journal;
  const models = createReadModels();
  const fold: RingListener = (ring, from, to) => foldRing(models, ring, from, to);
  replayJournal(disk, { listener: fold, genesis });
  sequencer.subscribe(fold);
  if (onDurable !== undefined) sequencer.subscribe(onDurable);
  sequencer.subscribe(() => tickWhileQueued(host, life));
  host.running = { ...journal, models };
  const everySecond = (): void => {
    if (host.life !== life || host.running === null) return;
    if (isTickDue(sequencer, host.clock.nowMs())) sendTick(host);
    schedule.after(TICK_EVERY_MS, everySecond);
  };
  schedule.after(TICK_EVERY_MS, everySecond);
  tickWhileQueued(host, life);
  return host.running;
}

function stopHost(host: Host, life: number): void {
  if (host.running === null || host.life !== life) return;
  host.running = null;
  host.wakeMs = Number.POSITIVE_INFINITY;
  host.operationsLeft = Number.POSITIVE_INFINITY;
  host.options.disk.crash();
  host.options.onStop?.();
}

function closeHost(host: Host, done: () => void): void {
  assert(host.running !== null, "an exchange that is closed was running");
  host.running.sequencer.close((error) => {
    host.running = null;
    assert(error === null, "an exchange that is closed in order had not failed");
    done();
  });
  wakeWithDisk(host);
}

function submitRecord(host: Host, record: CommandRecord, released?: Released): number | null {
  const { running, options } = host;
  if (running === null) return null;
  const seq = running.sequencer.submit(record, released);
  if (seq !== null) options.onCommand?.(running.sequencer.state, record);
  wakeWithDisk(host);
  return seq;
}

function sendTick(host: Host): void {
  writeCommand({ kind: "tick" }, host.record);
  submitRecord(host, host.record);
}

function tickWhileQueued(host: Host, life: number): void {
  host.options.schedule.after(0, () => {
    const { running } = host;
    if (running === null || host.life !== life || !hasQueuedWork(running.sequencer.state)) return;
    sendTick(host);
  });
}

/** Wakes when the disk's next operation ends. */
function wakeWithDisk(host: Host): void {
  const { schedule, disk } = host.options;
  const dueMs = disk.nextDueMs();
  if (dueMs >= host.wakeMs) return;
  host.wakeMs = dueMs;
  const { life } = host;
  schedule.at(dueMs, () => {
    if (host.life !== life || host.running === null || host.wakeMs !== dueMs) return;
    host.wakeMs = Number.POSITIVE_INFINITY;
    endOperations(host, life);
  });
}

function endOperations(host: Host, life: number): void {
  const { schedule, disk } = host.options;
  while (disk.nextDueMs() <= schedule.nowMs) {
    if (host.operationsLeft === 0) {
      stopHost(host, life);
      return;
    }
    host.operationsLeft -= 1;
    disk.step();
    if (host.running === null) return;
  }
  wakeWithDisk(host);
}
