/**
 * The sequencer: the one door to the exchange's state while it runs. A command is stamped, encoded
 * into the open commit group and applied at once; its events and its reply wait until the group is
 * durable. Owns the state, the event ring and the end of the journal.
 *
 * - Order of submit = order of seq = order of replies.
 * - One write is in flight: what comes in meanwhile forms the next group, so groups grow with load.
 * - When a group is durable, subscribers see all its events, then callbacks run in order of seq;
 *   the next group is being written by then. Callbacks may submit.
 * - What waits is bounded in commands, bytes, events and time; beyond that `submit` answers null.
 * - A write or sync that fails stops the sequencer for good: nothing is tried again, no reply leaves.
 * - A command that breaks an invariant while it is applied stops it too: neither that command nor
 *   any after it is written.
 */

import { assert } from "../base/assert.ts";
import type { Clock, Stopwatch } from "../base/clock.ts";
import type { OperationalError } from "../base/operational-error.ts";
import { applyCommand } from "../exchange/apply.ts";
import { type CommandRecord, HEADER } from "../exchange/command.ts";
import { encodedCommandBytesMax } from "../exchange/command-encoding.ts";
import { createEventRing, type EventRing, releaseEvents } from "../exchange/event.ts";
import type { ExchangeState } from "../exchange/state.ts";
import { type CommitDelay, type CommitReport, createCommitDelay } from "./commit-delay.ts";
import {
  addCallback,
  addRecord,
  type CommitGroup,
  clearGroup,
  createCommitGroup,
  type Release,
  type Released,
  runCallbacks,
} from "./commit-group.ts";
import { segmentName } from "./file-name.ts";
import type { RingListener } from "./fold.ts";
import type { Recovery } from "./recovery.ts";
import { encodeSegmentHeader, SEGMENT_HEADER_BYTES, sealFrame, segmentSalt } from "./segment.ts";
import type { OpenSegment } from "./segment-walk.ts";
import { createSnapshotWriter, type SnapshotDone, type SnapshotWriter } from "./snapshot-writer.ts";
import type { Storage } from "./storage.ts";

/** Bounds and habits of a sequencer; each has a default. */
export interface SequencerTuning {
  /** Most commands that are applied and not yet durable. */
  readonly commandsMax?: number;
  /** Most bytes of such commands [bytes]. */
  readonly bytesMax?: number;
  /** Most events that wait in the ring. */
  readonly eventsMax?: number;
  /** Nothing more is taken while a command has waited this long; needs the stopwatch [ms]. */
  readonly delayMsMax?: number;
  /** A segment of at least this size is followed by a new one [bytes]. */
  readonly segmentBytes?: number;
  /** Commands between snapshots; 0 = only on request and at close. */
  readonly snapshotEvery?: number;
  /** Whether closing in order leaves a snapshot of the last command. */
  readonly snapshotAtClose?: boolean;
}

/** What a sequencer runs on. */
export interface SequencerOptions extends SequencerTuning {
  readonly storage: Storage;
  readonly clock: Clock;
  /** Times the way to the disk; without one nothing is timed. It decides nothing in the state. */
  readonly stopwatch?: Stopwatch;
  readonly engineVersion: number;
  /** Whether somebody who must keep up has fallen too far behind for more commands to be taken. */
  readonly isHeld?: (() => boolean) | undefined;
  /**
   * Shown the bytes of each snapshot's file as soon as its commands are durable and every subscriber
   * has seen their events, and nobody any later one.
   */
  readonly onSnapshot?: ((seq: number, bytes: Uint8Array) => void) | undefined;
  /** The journal cannot go on: the process is to end. Called at most once. */
  readonly onFatal: (error: OperationalError) => void;
}

/** Longest that a command may have waited for the disk where nothing else is said [ms]. */
const DELAY_MS_MAX = 1_000;

/** See the file's head. */
export interface Sequencer {
  readonly state: ExchangeState;
  readonly appliedSeq: number;
  readonly durableSeq: number;
  /** Why it stopped; null while it runs. */
  readonly failure: OperationalError | null;
  /** Counts and delays since the start; made anew with each call. */
  report(): CommitReport;
  /**
   * Stamps, journals and applies a command and answers its seq; null when the queue is full, or the
   * sequencer is closed or has failed. `released` runs once the command is durable. The record is
   * stamped in place and may be reused at once.
   */
  submit(record: CommandRecord, released?: Released): number | null;
  /** Runs `callback` once every command applied so far is durable; at once where that is so. */
  whenDurable(callback: () => void): void;
  /** Shows all events in order, a durable group at a time. Returns the way to stop. */
  subscribe(listener: RingListener): () => void;
  /** Takes a snapshot at the next group's end. */
  requestSnapshot(done: SnapshotDone): void;
  /** Ends in order: no more commands, all durable, a snapshot, the place given back. */
  close(done: (error: OperationalError | null) => void): void;
}

interface Core {
  readonly options: SequencerOptions;
  readonly state: ExchangeState;
  readonly ring: EventRing;
  readonly bounds: { commands: number; bytes: number; events: number; segment: number };
  readonly genesis: Uint8Array;
  readonly snapshots: SnapshotWriter;
  readonly release: Release;
  readonly spares: CommitGroup[];
  readonly delay: CommitDelay;
  /** Groups, bytes and refused commands since the start. */
  readonly counts: { groups: number; bytes: number; shed: number };
  listeners: readonly RingListener[];
  /** Takes the commands that come in. */
  open: CommitGroup;
  /** On its way to the disk. */
  writing: CommitGroup | null;
  /** Durable; its callbacks are running. */
  delivering: CommitGroup | null;
  segment: OpenSegment | null;
  /** Chain hash of the last frame that was sealed. */
  chain: Uint8Array;
  appliedSeq: number;
  durableSeq: number;
  /** Subscribers have seen the events up to here. */
  toldSeq: number;
  timeMs: number;
  /** Set while a command is applied; stays set when that threw. */
  isApplying: boolean;
  failure: OperationalError | null;
  closing: ((error: OperationalError | null) => void) | null;
  isClosed: boolean;
}

/** Goes on where a recovered journal ends. The place is locked by the caller, unlocked by `close`. */
export function createSequencer(recovery: Recovery, options: SequencerOptions): Sequencer {
  const core = createCore(recovery, options);
  return {
    state: core.state,
    report: () => ({
      ...core.counts,
      ...core.delay.report(),
      waiting: core.appliedSeq - core.durableSeq,
      waitedMs: core.delay.waitedMs((core.writing ?? core.open).submitTimes),
    }),
    get appliedSeq() {
      return core.appliedSeq;
    },
    get durableSeq() {
      return core.durableSeq;
    },
    get failure() {
      return core.failure;
    },
    submit: (record, released) => submit(core, record, released),
    whenDurable: (callback) => whenDurable(core, callback),
    subscribe(listener) {
      core.listeners = [...core.listeners, listener];
      return () => {
        core.listeners = core.listeners.filter((other) => other !== listener);
      };
    },
    requestSnapshot(done) {
      core.snapshots.request(done);
      takeSnapshot(core);
    },
    close(done) {
      assert(core.closing === null, "a sequencer is closed once");
      core.closing = done;
      finishClose(core);
    },
  };
}

function createCore(recovery: Recovery, options: SequencerOptions): Core {
  const { state, end } = recovery;
  const ring = createEventRing();
  const core: Core = {
    options,
    state,
    ring,
    bounds: {
      commands: options.commandsMax ?? 2 ** 16,
      bytes: options.bytesMax ?? 2 ** 24,
      events: options.eventsMax ?? ring.capacityMax / 2,
      segment: options.segmentBytes ?? 2 ** 26,
    },
    genesis: end.genesis,
    snapshots: createSnapshotWriter({
      storage: options.storage,
      engineVersion: options.engineVersion,
      genesis: end.genesis,
      every: options.snapshotEvery ?? 1_000_000,
      existing: end.snapshots,
      onError: (error) => fail(core, error),
      onDurable: options.onSnapshot,
      onIdle: () => {
        takeSnapshot(core);
        finishClose(core);
      },
    }),
    release: { seq: 0, timeMs: 0, ring, from: 0, to: 0 },
    spares: [createCommitGroup(), createCommitGroup()],
    delay: createCommitDelay(options.stopwatch ?? null, options.delayMsMax ?? DELAY_MS_MAX),
    counts: { groups: 0, bytes: 0, shed: 0 },
    listeners: [],
    open: createCommitGroup(),
    writing: null,
    delivering: null,
    segment: end.segment === null ? null : { ...end.segment },
    chain: end.chain,
    appliedSeq: end.seq,
    durableSeq: end.seq,
    toldSeq: end.seq,
    timeMs: end.timeMs,
    isApplying: false,
    failure: null,
    closing: null,
    isClosed: false,
  };
  return core;
}

function submit(core: Core, record: CommandRecord, released: Released | undefined): number | null {
  if (core.failure !== null || core.closing !== null) return null;
  assert(!core.isApplying, "the command before was applied in full");
  if (isFull(core, encodedCommandBytesMax(record))) {
    core.counts.shed += 1;
    return null;
  }
  const { open, ring } = core;
  core.delay.submitted(open.submitTimes);
  const seq = core.appliedSeq + 1;
  const timeMs = Math.max(core.timeMs, core.options.clock.nowMs());
  record.lanes[HEADER.seq] = seq;
  record.lanes[HEADER.timeMs] = timeMs;
  addRecord(open, record, seq);
  const from = ring.written;
  core.isApplying = true;
  applyCommand(core.state, record, ring);
  core.isApplying = false;
  core.appliedSeq = seq;
  core.timeMs = timeMs;
  open.eventsEnd = ring.written;
  if (released !== undefined) addCallback(open, released, { seq, timeMs, from, to: ring.written });
  flush(core);
  return seq;
}

function isFull(core: Core, length: number): boolean {
  const { bounds, ring } = core;
  const bytes = core.open.length + (core.writing?.length ?? 0) + length;
  return (
    core.appliedSeq - core.durableSeq >= bounds.commands ||
    bytes > bounds.bytes ||
    ring.written - ring.released >= bounds.events ||
    core.delay.isOverdue(core.writing?.submitTimes ?? null) ||
    core.options.isHeld?.() === true
  );
}

function whenDurable(core: Core, callback: () => void): void {
  if (core.failure !== null) return;
  const last = core.open.recordCount > 0 ? core.open : (core.writing ?? core.delivering);
  if (last === null) {
    callback();
    return;
  }
  const { appliedSeq: seq, timeMs } = core;
  addCallback(last, callback, { seq, timeMs, from: last.eventsEnd, to: last.eventsEnd });
}

/** Sends the open group on its way unless another is under way. */
function flush(core: Core): void {
  const group = core.open;
  if (core.writing !== null || group.recordCount === 0 || core.isApplying) return;
  if (core.failure !== null) return;
  core.writing = group;
  core.open = core.spares.pop() as CommitGroup;
  if (core.segment === null || core.segment.size >= core.bounds.segment) {
    beginSegment(core, group);
  } else {
    seal(core, core.segment, group);
    write(core, core.segment, group);
  }
  takeSnapshot(core);
}

/** The segment's file is there in full, header and name, before its first frame is written. */
function beginSegment(core: Core, group: CommitGroup): void {
  const { storage, engineVersion } = core.options;
  const { firstSeq } = group;
  const header = { engineVersion, firstSeq, genesis: core.genesis, previousChain: core.chain };
  const segment: OpenSegment = {
    name: segmentName(firstSeq),
    salt: segmentSalt(header),
    size: SEGMENT_HEADER_BYTES,
  };
  core.segment = segment;
  seal(core, segment, group);
  storage.writeAtomically(segment.name, encodeSegmentHeader(header), (error) => {
    if (error !== null) fail(core, error);
    else write(core, segment, group);
  });
}

function seal(core: Core, segment: OpenSegment, group: CommitGroup): void {
  core.chain = sealFrame(group.bytes.subarray(0, group.length), {
    recordCount: group.recordCount,
    firstSeq: group.firstSeq,
    previousChain: core.chain,
    salt: segment.salt,
  });
}

function write(core: Core, segment: OpenSegment, group: CommitGroup): void {
  const { storage } = core.options;
  if (core.failure !== null) return;
  segment.size += group.length;
  storage.append(segment.name, group.bytes.subarray(0, group.length), (appendError) => {
    if (appendError !== null) {
      fail(core, appendError);
      return;
    }
    storage.sync(segment.name, (syncError) => {
      if (syncError !== null) fail(core, syncError);
      else becomeDurable(core, group);
    });
  });
}

function becomeDurable(core: Core, group: CommitGroup): void {
  if (core.failure !== null) return;
  assert(core.delivering === null, "a write ends after the callbacks of the one before");
  core.writing = null;
  core.durableSeq = group.firstSeq + group.recordCount - 1;
  core.counts.groups += 1;
  core.counts.bytes += group.length;
  core.delay.durable(group.submitTimes);
  // The next group is written while this one is delivered.
  flush(core);
  tellListeners(core, group);
  core.snapshots.writeUpTo(core.toldSeq);
  deliver(core, group);
  clearGroup(group);
  core.spares.push(group);
  finishClose(core);
}

function tellListeners(core: Core, group: CommitGroup): void {
  const { ring } = core;
  core.delivering = group;
  for (const listener of core.listeners) listener(ring, ring.released, group.eventsEnd);
  core.toldSeq = core.durableSeq;
}

function deliver(core: Core, group: CommitGroup): void {
  const { ring } = core;
  runCallbacks(group, core.release);
  releaseEvents(ring, group.eventsEnd);
  core.delivering = null;
}

/** The state is at the end of a sealed group exactly while the open group is empty. */
function takeSnapshot(core: Core): void {
  if (core.failure !== null || core.isApplying || core.open.recordCount > 0) return;
  core.snapshots.take({ state: core.state, seq: core.appliedSeq, chain: core.chain });
  core.snapshots.writeUpTo(core.toldSeq);
}

function finishClose(core: Core): void {
  const { closing, snapshots, options } = core;
  if (closing === null || core.isClosed) return;
  if (core.failure === null) {
    if (core.open.recordCount > 0 || core.writing !== null || core.delivering !== null) return;
    if (snapshots.isBusy()) return;
    if (options.snapshotAtClose !== false && snapshots.lastSeq() < core.appliedSeq) {
      snapshots.request();
      takeSnapshot(core);
      return;
    }
  }
  core.isClosed = true;
  // After a failure operations may still be under way: the place is claimed until the process ends.
  if (core.failure === null) options.storage.unlock();
  closing(core.failure);
}

/** Stops for good: what was not durable is never answered. */
function fail(core: Core, error: OperationalError): void {
  if (core.failure !== null) return;
  core.failure = error;
  core.options.onFatal(error);
  finishClose(core);
}
