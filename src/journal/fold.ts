import { applyCommand } from "../exchange/apply.ts";
import { type CommandRecord, createCommandRecord, HEADER } from "../exchange/command.ts";
import { decodeCommandRecord } from "../exchange/command-encoding.ts";
import { createEventRing, type EventRing, releaseEvents } from "../exchange/event.ts";
import { lastSeq, lastTimeMs } from "../exchange/query.ts";
import type { ExchangeState } from "../exchange/state.ts";
import { type Frame, viewOf } from "./segment.ts";

/** Sees the events `from` to `to` (exclusive) of a ring; they must not be read after it returns. */
export type RingListener = (ring: EventRing, from: number, to: number) => void;

/** A state and what is needed to take it further, command by command. */
export interface Fold {
  readonly state: ExchangeState;
  readonly record: CommandRecord;
  readonly ring: EventRing;
  readonly listener: RingListener | undefined;
}

/** A fold that goes on from `state`; `listener` sees the events frame by frame. */
export const createFold = (state: ExchangeState, listener?: RingListener): Fold => ({
  state,
  record: createCommandRecord(),
  ring: createEventRing(),
  listener,
});

/**
 * Applies the commands of a frame, exactly as they were applied when they came in. Says in words
 * what is wrong where the payload is not what the frame's header promises.
 */
export function foldFrame(fold: Fold, segment: Uint8Array, frame: Frame): string | null {
  const { state, record, ring, listener } = fold;
  const payload = viewOf(segment.subarray(frame.payloadAt, frame.end));
  let at = 0;
  for (let i = 0; i < frame.recordCount; i++) {
    at = decodeCommandRecord(payload, at, record);
    if (at < 0) return `command ${i + 1} of ${frame.recordCount} of the frame expected`;
    const seq = record.lanes[HEADER.seq] as number;
    if (seq !== frame.firstSeq + i) return `seq ${frame.firstSeq + i} expected, found ${seq}`;
    const timeMs = record.lanes[HEADER.timeMs] as number;
    if (!(timeMs >= lastTimeMs(state))) {
      return `a time of at least ${lastTimeMs(state)} ms expected at seq ${seq}, found ${timeMs}`;
    }
    applyCommand(state, record, ring);
    if (lastSeq(state) !== seq) return `a state at seq ${seq} expected, it is at ${lastSeq(state)}`;
  }
  if (at !== payload.byteLength) return `a payload of ${at} bytes expected`;
  if (listener !== undefined) listener(ring, ring.released, ring.written);
  releaseEvents(ring, ring.written);
  return null;
}
