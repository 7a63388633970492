/**
 * The pipeline behind a sequencer: commands come in bursts a turn of the event loop, groups are
 * committed while the next commands are applied, and a run ends when all is durable. Storage is a
 * folder on disk, or memory that says yes at the next turn.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asTimeMs } from "../../src/base/units.ts";
import { liveOrderTotal, type OrderTable } from "../../src/exchange/book/order-table.ts";
import type { CommandRecord } from "../../src/exchange/command.ts";
import { eventLane } from "../../src/exchange/event.ts";
import type { Released } from "../../src/journal/commit-group.ts";
import { createFileStorage } from "../../src/journal/file-storage.ts";
import { openJournal } from "../../src/journal/open-journal.ts";
import type { Sequencer } from "../../src/journal/sequencer.ts";
import type { Storage } from "../../src/journal/storage.ts";
import type { CommandStream } from "./command-stream.ts";
import { addFillAt, rehearse } from "./pipeline.ts";
import { createTally, type Tally } from "./tally.ts";
import { createRecordFiller, createStamp, openFloor, timeMsOf } from "./trading-floor.ts";

/** Commands a turn of the event loop. */
const BURST = 1_024;
/** Commands that may be applied and not yet durable. */
const WAITING_MAX = 16_384;
const RULES = { everyRule: false };

/** A run whose commands are timed one by one, from submit until they are durable. */
export interface TimedRun {
  /** Takes the times in order [ns]. */
  readonly each: Float64Array;
  /** Pace of the commands [1/s]; null = as fast as they are taken. */
  readonly perSecond: number | null;
}

/** A pipeline whose runs end when their commands are durable. */
export interface Journaled {
  /** Runs a range; `timed` = how long each command was on its way to the disk is noted too. */
  run(from: number, to: number, timed: TimedRun | null): Promise<void>;
  tally(): Tally;
  live(): number;
  readonly orders: OrderTable;
  /** Commits so far. */
  groups(): number;
  close(): Promise<void>;
}

/** Opens a journal for the stream on disk or in memory. */
export async function createJournaled(
  stream: CommandStream,
  where: "disk" | "memory",
): Promise<Journaled> {
  const { targetOid } = rehearse(stream, RULES);
  const filler = createRecordFiller(stream, targetOid, RULES);
  const folder = mkdtempSync(join(tmpdir(), "bourse-bench-"));
  const stamp = createStamp();
  const tally = createTally();
  const { sequencer } = openJournal({
    storage: where === "disk" ? createFileStorage(folder) : createMemoryStorage(),
    clock: { nowMs: () => asTimeMs(timeMsOf(sequencer.appliedSeq)) },
    commandsMax: 2 ** 20,
    bytesMax: 2 ** 28,
    stopwatch: { elapsedMs: () => performance.now() },
    delayMsMax: Number.POSITIVE_INFINITY,
    snapshotEvery: 0,
    snapshotAtClose: false,
    onFatal: (error) => {
      throw error;
    },
  });
  sequencer.subscribe((ring, from, to) => {
    for (let at = from; at < to; at++) addFillAt(ring, eventLane(ring, at), tally);
  });
  const submit = (record: CommandRecord, released?: Released): void => {
    stamp(record);
    if (sequencer.submit(record, released) === null)
      throw new Error("the sequencer takes every command");
  };
  openFloor(submit, RULES);
  await durable(sequencer);
  return {
    async run(from, to, timed) {
      const each = timed?.each;
      const released = each === undefined ? undefined : noteDelays(sequencer.appliedSeq + 1, each);
      const begin = performance.now();
      for (let at = from; at < to; ) {
        const due = dueCommands(timed?.perSecond ?? null, performance.now() - begin);
        const end = Math.min(to, at + BURST, from + due);
        for (; at < end; at++) {
          if (each !== undefined) each[at - from] = performance.now();
          submit(filler.fill(at), released);
        }
        if (sequencer.appliedSeq - sequencer.durableSeq > WAITING_MAX) await durable(sequencer);
        else await new Promise<void>((resolve) => setImmediate(resolve));
      }
      await durable(sequencer);
    },
    tally: () => tally,
    orders: sequencer.state.orders,
    live: () => liveOrderTotal(sequencer.state.orders),
    groups: () => sequencer.report().groups,
    async close() {
      await new Promise<void>((resolve) => sequencer.close(() => resolve()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Commands that are due after a time [ms]. */
const dueCommands = (perSecond: number | null, ms: number): number =>
  perSecond === null ? Number.POSITIVE_INFINITY : Math.floor((ms * perSecond) / 1_000);

/** Turns the times at which commands were submitted into delays as they become durable [ns]. */
const noteDelays =
  (firstSeq: number, each: Float64Array): Released =>
  ({ seq }) => {
    each[seq - firstSeq] = (performance.now() - (each[seq - firstSeq] as number)) * 1e6;
  };

const durable = (sequencer: Sequencer): Promise<void> =>
  new Promise((resolve) => sequencer.whenDurable(resolve));

/** A place that keeps nothing and is durable at the next turn. */
function createMemoryStorage(): Storage {
  const later = (done: (error: null) => void): void => void setImmediate(done, null);
  return {
    place: "memory",
    lock: () => undefined,
    unlock: () => undefined,
    list: () => [],
    size: () => 0,
    read: () => new Uint8Array(0),
    truncate: () => undefined,
    append: (_name, _bytes, done) => later(done),
    sync: (_name, done) => later(done),
    writeAtomically: (_name, _bytes, done) => later(done),
    remove: (_name, done) => later(done),
  };
}
