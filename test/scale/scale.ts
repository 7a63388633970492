/**
 * What size costs: snapshot, restore, fork and hash of a large exchange, with proof that copies share
 * nothing, and how fast a journal replays against the pipeline that wrote it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { assert } from "../../src/base/assert.ts";
import { applyCommand } from "../../src/exchange/apply.ts";
import { liveOrderTotal } from "../../src/exchange/book/order-table.ts";
import { createCommandRecord } from "../../src/exchange/command.ts";
import { decodeCommandRecord } from "../../src/exchange/command-encoding.ts";
import { createEventRing, releaseEvents } from "../../src/exchange/event.ts";
import { checkInvariants } from "../../src/exchange/invariant.ts";
import { accountCount, marketCount } from "../../src/exchange/query.ts";
import { restoreSnapshot, writeSnapshot } from "../../src/exchange/snapshot.ts";
import { type ExchangeState, forkExchange } from "../../src/exchange/state.ts";
import { stateHash } from "../../src/exchange/state-hash.ts";
import { createFileStorage } from "../../src/journal/file-storage.ts";
import { recoverJournal } from "../../src/journal/recovery.ts";
import { FRAME_HEADER_BYTES, viewOf } from "../../src/journal/segment.ts";
import type { SteadyLoadOptions } from "../support/steady-load.ts";
import { createJournalFolder } from "./journal-folder.ts";
import { createSteadyPipeline, type SealedFrame, type SteadyPipeline } from "./steady-pipeline.ts";

/** Seconds and bytes of what can be done with a whole state. */
export interface SizeReport {
  readonly markets: number;
  readonly accounts: number;
  readonly orders: number;
  /** Commands that built it, and the time they took [s]. */
  readonly commands: number;
  readonly buildSeconds: number;
  readonly hashSeconds: number;
  readonly snapshotSeconds: number;
  readonly snapshotBytes: number;
  readonly restoreSeconds: number;
  readonly forkSeconds: number;
  /** Buffers that a fork adds [bytes]. */
  readonly forkBytes: number;
  /** Hash of the state that was built, and of it after more commands. */
  readonly hash: string;
  readonly hashLater: string;
}

/** Runs and times [s]. */
function timed<T>(act: () => T): { value: T; seconds: number } {
  const startMs = performance.now();
  const value = act();
  return { value, seconds: (performance.now() - startMs) / 1_000 };
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes of buffers that something still holds [bytes]. */
function heldBufferBytes(): number {
  collect();
  return process.memoryUsage().arrayBuffers;
}

/** Builds an exchange, measures, and proves what it returns; throws where a copy is not a copy. */
export function measureSize(options: SteadyLoadOptions, more: number): SizeReport {
  let kept: Uint8Array[] | null = null;
  const frames = {
    chain: new Uint8Array(16),
    salt: 0,
    write: ({ bytes }: SealedFrame) => void kept?.push(bytes.slice(FRAME_HEADER_BYTES)),
  };
  const built = timed(() => {
    const pipeline = createSteadyPipeline(options, frames);
    fillBooks(pipeline);
    return pipeline;
  });
  const pipeline = built.value;
  const { state } = pipeline;
  const runMore = (): Uint8Array[] => {
    kept = [];
    pipeline.run(more);
    return kept;
  };
  const commands = state.numbers.data[0] as number;
  const orders = liveOrderTotal(state.orders);

  const hashed = timed(() => stateHash(state));
  const hash = hashed.value;
  const written = timed(() => writeSnapshot(state));
  const restored = timed(() => restoreSnapshot(written.value));
  const buffersBefore = heldBufferBytes();
  const forked = timed(() => forkExchange(state));
  const forkBytes = heldBufferBytes() - buffersBefore;
  expectHash(restored.value, hash, "a restored state");
  expectHash(forked.value, hash, "a fork");

  const first = runMore();
  const later = stateHash(state);
  assert(later !== hash, "more commands give another state");
  expectHash(forked.value, hash, "a fork whose parent went on");
  replayPayloads(forked.value, first);
  expectHash(forked.value, later, "a fork after the same commands");
  replayPayloads(restored.value, first);
  expectHash(restored.value, later, "a restored state after the same commands");

  const second = runMore();
  const child = forkExchange(forked.value);
  replayPayloads(child, second);
  expectHash(child, stateHash(state), "a fork of a fork after the same commands");
  expectHash(forked.value, later, "a parent whose fork went on");
  for (const one of [state, forked.value, restored.value, child]) checkInvariants(one);
  return {
    markets: marketCount(state),
    accounts: accountCount(state) - 2,
    orders,
    commands,
    buildSeconds: built.seconds,
    hashSeconds: hashed.seconds,
    snapshotSeconds: written.seconds,
    snapshotBytes: written.value.length,
    restoreSeconds: restored.seconds,
    forkSeconds: forked.seconds,
    forkBytes,
    hash,
    hashLater: later,
  };
}

/** What a fork costs. */
export interface ForkReport {
  readonly markets: number;
  readonly accounts: number;
  readonly orders: number;
  /** The first one, and the median of all [ms]. */
  readonly firstMs: number;
  readonly medianMs: number;
  /** Buffers that one fork adds [bytes]. */
  readonly bytes: number;
}

/** Forks an exchange `count` times and keeps all forks; throws where one is not the same. */
export function measureForks(options: SteadyLoadOptions, count: number): ForkReport {
  const pipeline = createSteadyPipeline(options);
  fillBooks(pipeline);
  const { state } = pipeline;
  const hash = stateHash(state);
  const buffersBefore = heldBufferBytes();
  const forks = Array.from({ length: count }, () => timed(() => forkExchange(state)));
  const bytes = Math.round((heldBufferBytes() - buffersBefore) / count);
  for (const { value } of forks) expectHash(value, hash, "a fork");
  const ms = forks.map(({ seconds }) => seconds * 1_000);
  return {
    markets: marketCount(state),
    accounts: accountCount(state) - 2,
    orders: liveOrderTotal(state.orders),
    firstMs: ms[0] as number,
    medianMs: ms.sort((a, b) => a - b)[count >> 1] as number,
    bytes,
  };
}

function fillBooks(pipeline: SteadyPipeline): void {
  const { load } = pipeline;
  while (load.live < load.options.resting) pipeline.run(load.options.resting - load.live);
}

function expectHash(state: ExchangeState, hash: string, what: string): void {
  const found = stateHash(state);
  assert(found === hash, `${what} has hash ${hash}, not ${found}`);
}

/** Applies the commands of kept frames. */
function replayPayloads(state: ExchangeState, payloads: readonly Uint8Array[]): void {
  const record = createCommandRecord();
  const ring = createEventRing();
  for (const payload of payloads) {
    const view = viewOf(payload);
    for (let at = 0; at < payload.length; ) {
      at = decodeCommandRecord(view, at, record);
      applyCommand(state, record, ring);
      releaseEvents(ring, ring.written);
    }
  }
}

/** How a journal's replay compares to the pipeline that wrote it. */
export interface ReplayReport {
  readonly commands: number;
  readonly journalBytes: number;
  /** Encode, apply and seal; neither writing commands nor the disk [s]. */
  readonly pipelineSeconds: number;
  /** Read, check and apply all of it [s]. */
  readonly replaySeconds: number;
  /** Speed of the replay over that of the pipeline. */
  readonly ratio: number;
  readonly hash: string;
}

/** Writes a journal of `commands` to a temporary folder and reads it back; throws where the hashes differ. */
export function measureReplay(
  options: SteadyLoadOptions,
  { commands, warmUp }: { readonly commands: number; readonly warmUp: number },
): ReplayReport {
  createSteadyPipeline(options).run(warmUp);
  const folder = mkdtempSync(join(tmpdir(), "bourse-scale-"));
  try {
    const journal = createJournalFolder(folder);
    const pipeline = createSteadyPipeline(options, journal);
    const pipelineSeconds =
      pipeline.openingSeconds + pipeline.run(commands - pipeline.load.openingCount);
    journal.close();
    const hash = stateHash(pipeline.state);
    const replayed = timed(() =>
      recoverJournal(createFileStorage(folder), { from: "start", repair: false }),
    );
    const { state, report } = replayed.value;
    assert(report.replayedCount === commands, `${commands} commands are replayed`);
    expectHash(state, hash, "a replayed state");
    return {
      commands,
      journalBytes: journal.bytes,
      pipelineSeconds,
      replaySeconds: replayed.seconds,
      ratio: pipelineSeconds / replayed.seconds,
      hash,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
