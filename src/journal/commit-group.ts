/**
 * A commit group: the commands that one write and one sync make durable together. Its buffer is
 * reused from group to group; it keeps room for the frame's header in front of the records.
 */
import type { CommandRecord } from "../exchange/command.ts";
import { encodeCommandRecord, encodedCommandBytesMax } from "../exchange/command-encoding.ts";
import type { EventRing } from "../exchange/event.ts";
import { createSubmitTimes, type SubmitTimes } from "./commit-delay.ts";
import { FRAME_HEADER_BYTES, viewOf } from "./segment.ts";

/** What became durable: a command and where its events stand; to be read inside the callback only. */
export interface Release {
  seq: number;
  timeMs: number;
  ring: EventRing;
  /** Number of the command's first event. */
  from: number;
  /** Number behind its last event. */
  to: number;
}

/** Runs once a command is durable. */
export type Released = (release: Release) => void;

/** See the file's head. */
export interface CommitGroup {
  bytes: Uint8Array;
  view: DataView;
  /** Bytes in use, frame header included. */
  length: number;
  recordCount: number;
  firstSeq: number;
  /** Number behind the last event of the group. */
  eventsEnd: number;
  callbacks: Released[];
  /** Four numbers a callback: seq, timeMs, first event, end of events. */
  spans: Float64Array;
  readonly submitTimes: SubmitTimes;
}

const SPAN = 4;

/** An empty group. */
export function createCommitGroup(): CommitGroup {
  const bytes = new Uint8Array(2 ** 16);
  return {
    bytes,
    view: viewOf(bytes),
    length: FRAME_HEADER_BYTES,
    recordCount: 0,
    firstSeq: 0,
    eventsEnd: 0,
    callbacks: [],
    spans: new Float64Array(256 * SPAN),
    submitTimes: createSubmitTimes(),
  };
}

/** Adds a stamped record to the group. */
export function addRecord(group: CommitGroup, record: CommandRecord, seq: number): void {
  growBytes(group, group.length + encodedCommandBytesMax(record));
  if (group.recordCount === 0) group.firstSeq = seq;
  group.length = encodeCommandRecord(record, group.view, group.length);
  group.recordCount += 1;
}

/** Adds a callback to run when the group is durable, in the order of adding. */
export function addCallback(
  group: CommitGroup,
  callback: Released,
  span: { seq: number; timeMs: number; from: number; to: number },
): void {
  const at = group.callbacks.length * SPAN;
  if (at + SPAN > group.spans.length) {
    const spans = new Float64Array(group.spans.length * 2);
    spans.set(group.spans);
    group.spans = spans;
  }
  group.spans[at] = span.seq;
  group.spans[at + 1] = span.timeMs;
  group.spans[at + 2] = span.from;
  group.spans[at + 3] = span.to;
  group.callbacks.push(callback);
}

/** Runs the callbacks, those included that are added meanwhile. `release` is filled anew for each. */
export function runCallbacks(group: CommitGroup, release: Release): void {
  for (let i = 0; i < group.callbacks.length; i++) {
    const at = i * SPAN;
    release.seq = group.spans[at] as number;
    release.timeMs = group.spans[at + 1] as number;
    release.from = group.spans[at + 2] as number;
    release.to = group.spans[at + 3] as number;
    (group.callbacks[i] as Released)(release);
  }
}

/** Makes a group empty again; its buffer stays. */
export function clearGroup(group: CommitGroup): void {
  group.length = FRAME_HEADER_BYTES;
  group.recordCount = 0;
  group.callbacks.length = 0;
}

function growBytes(group: CommitGroup, needed: number): void {
  let size = group.bytes.length;
  if (needed <= size) return;
  while (size < needed) size *= 2;
  const bytes = new Uint8Array(size);
  bytes.set(group.bytes.subarray(0, group.length));
  group.bytes = bytes;
  group.view = viewOf(bytes);
}
