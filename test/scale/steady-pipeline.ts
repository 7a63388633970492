/**
 * A command's whole way but for disk and network, under a steady load: encoded into the open frame,
 * applied, its events in the ring; every {@link BATCH} commands the frame is sealed with its checksum
 * and chain hash. Commands are written and events read outside the time that is measured.
 */
import { applyCommand } from "../../src/exchange/apply.ts";
import { type CommandRecord, createCommandRecord } from "../../src/exchange/command.ts";
import { encodeCommandRecord } from "../../src/exchange/command-encoding.ts";
import { createEventRing, type EventRing, releaseEvents } from "../../src/exchange/event.ts";
import { createExchange, type ExchangeState } from "../../src/exchange/state.ts";
import { FRAME_HEADER_BYTES, sealFrame } from "../../src/journal/segment.ts";
import {
  createSteadyLoad,
  type SteadyLoad,
  type SteadyLoadOptions,
} from "../support/steady-load.ts";

/** Commands a frame. */
export const BATCH = 1_024;
/** Encoded, a command of one item has less. */
const COMMAND_BYTES_MAX = 256;

/** A sealed frame, valid until the next. */
export interface SealedFrame {
  readonly bytes: Uint8Array;
  readonly firstSeq: number;
  readonly recordCount: number;
}

/** Where frames get their place in a journal. */
export interface FrameChain {
  /** Chain hash of the frame before. */
  chain: Uint8Array;
  /** Start value of the checksums of frame headers. */
  salt: number;
  /** Takes each frame as it is sealed; not measured. */
  write?(frame: SealedFrame): void;
}

/** An exchange under steady load. */
export interface SteadyPipeline {
  readonly state: ExchangeState;
  readonly ring: EventRing;
  readonly load: SteadyLoad;
  /** What opening markets and accounts took [s]. */
  readonly openingSeconds: number;
  /** Applies `commands` more; answers the seconds that took, without writing and reading [s]. */
  run(commands: number): number;
}

/** Opens markets and accounts; the books are filled by the first commands of `run`. */
export function createSteadyPipeline(
  options: SteadyLoadOptions,
  frames: FrameChain = { chain: new Uint8Array(16), salt: 0 },
): SteadyPipeline {
  const state = createExchange();
  const ring = createEventRing(16_384, 1_048_576);
  const load = createSteadyLoad(options);
  const records = Array.from({ length: BATCH }, () => createCommandRecord(1));
  const block = new Uint8Array(
    FRAME_HEADER_BYTES + BATCH * COMMAND_BYTES_MAX + options.markets * COMMAND_BYTES_MAX,
  );
  const core: BatchCore = { state, ring, load, block, view: new DataView(block.buffer), frames };
  const wide = createCommandRecord(Math.max(1, options.markets));
  let openingMs = 0;
  for (let done = 1; done <= load.openingCount; done++) {
    load.next(wide);
    openingMs += applyBatch(core, [wide], done, 1);
  }
  let seq = load.openingCount;
  return {
    state,
    ring,
    load,
    openingSeconds: openingMs / 1_000,
    run(commands) {
      let ms = 0;
      for (let left = commands; left > 0; left -= BATCH) {
        const count = Math.min(BATCH, left);
        for (let i = 0; i < count; i++) load.next(records[i] as CommandRecord);
        ms += applyBatch(core, records, seq + 1, count);
        seq += count;
      }
      return ms / 1_000;
    },
  };
}

interface BatchCore {
  readonly state: ExchangeState;
  readonly ring: EventRing;
  readonly load: SteadyLoad;
  readonly block: Uint8Array;
  readonly view: DataView;
  readonly frames: FrameChain;
}

/** One frame: what is between the two looks at the clock is the pipeline [ms]. */
function applyBatch(
  core: BatchCore,
  records: readonly CommandRecord[],
  firstSeq: number,
  count: number,
): number {
  const { state, ring, view, block, frames } = core;
  const startMs = performance.now();
  let length = FRAME_HEADER_BYTES;
  for (let i = 0; i < count; i++) {
    const record = records[i] as CommandRecord;
    length = encodeCommandRecord(record, view, length);
    applyCommand(state, record, ring);
  }
  const bytes = block.subarray(0, length);
  frames.chain = sealFrame(bytes, {
    recordCount: count,
    firstSeq,
    previousChain: frames.chain,
    salt: frames.salt,
  });
  const ms = performance.now() - startMs;
  frames.write?.({ bytes, firstSeq, recordCount: count });
  core.load.observe(ring, ring.released, ring.written);
  releaseEvents(ring, ring.written);
  return ms;
}
