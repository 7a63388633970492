/**
 * Signatures that wait to be recovered, in memory that threads share: a ring of slots, and a few
 * counters. One thread gives slots and reads their results; any thread takes the next one.
 *
 * - A slot's bytes are written before `given` passes it, and read by whoever moved `taken` past it.
 * - A result's bytes are written before the slot's state says so.
 * - Counters are 32-bit and wrap; only their differences mean something.
 */
import { bytesToHex, type Hex } from "../base/hex.ts";
import {
  ADDRESS_BYTES,
  COMPACT_BYTES,
  type RecoverableSignature,
  recoverKeyHash,
  writeCompact,
} from "./signer-recovery.ts";

/** Indices of the counters. */
export const COUNTER = {
  /** Slots that may be taken end here. */
  given: 0,
  /** Slots that nobody has taken begin here. */
  taken: 1,
  /** 1 = the giver sleeps until a result is there. */
  awaited: 2,
  /** Changes whenever threads should look again; they sleep on it. */
  bell: 3,
  /** 1 = threads are to end. */
  stopping: 4,
  /** Threads that may be at work. */
  running: 5,
} as const;
const COUNTERS = 6;

/** What a slot holds. */
export const SLOT = {
  /** A job, or nothing of interest. */
  open: 0,
  found: 1,
  /** The signature is no point of the curve. */
  notFound: 2,
  /** No job: it holds a place in the order. */
  marker: 3,
} as const;

const DIGEST_BYTES = 32;
const COMPACT_AT = DIGEST_BYTES;
const RECOVERY_ID_AT = COMPACT_AT + COMPACT_BYTES;
const ADDRESS_AT = RECOVERY_ID_AT + 1;
/** Two cache lines, so that threads at neighbouring slots do not share one. */
const SLOT_BYTES = 128;

/** The shared memory as arrays. */
export interface RecoverySlots {
  readonly memory: SharedArrayBuffer;
  readonly capacity: number;
  readonly counters: Int32Array;
  readonly states: Int32Array;
  readonly bytes: Uint8Array;
}

/** Memory for a number of slots, which is a power of two. */
export const createSlotMemory = (capacity: number): SharedArrayBuffer =>
  new SharedArrayBuffer(capacity * SLOT_BYTES + capacity * 4 + COUNTERS * 4);

/** The arrays over such memory. */
export function openSlots(memory: SharedArrayBuffer): RecoverySlots {
  const capacity = (memory.byteLength - COUNTERS * 4) / (SLOT_BYTES + 4);
  const statesAt = capacity * SLOT_BYTES;
  return {
    memory,
    capacity,
    bytes: new Uint8Array(memory, 0, statesAt),
    states: new Int32Array(memory, statesAt, capacity),
    counters: new Int32Array(memory, statesAt + capacity * 4, COUNTERS),
  };
}

const digest = new Uint8Array(DIGEST_BYTES);
const compact = new Uint8Array(COMPACT_BYTES);

/** Writes a job into a slot that is free. */
export function writeJob(
  { bytes, states, capacity }: RecoverySlots,
  index: number,
  job: { readonly digest: Uint8Array; readonly signature: RecoverableSignature },
): void {
  const slot = index & (capacity - 1);
  const at = slot * SLOT_BYTES;
  bytes.set(job.digest, at);
  writeCompact(job.signature, bytes, at + COMPACT_AT);
  bytes[at + RECOVERY_ID_AT] = job.signature.v - 27;
  Atomics.store(states, slot, SLOT.open);
}

/** Takes the next job; its index, or null where there is none. */
export function takeJob({ counters, states, capacity }: RecoverySlots): number | null {
  for (;;) {
    const index = Atomics.load(counters, COUNTER.taken);
    if (index === Atomics.load(counters, COUNTER.given)) return null;
    const next = (index + 1) | 0;
    if (Atomics.compareExchange(counters, COUNTER.taken, index, next) !== index) continue;
    if (Atomics.load(states, index & (capacity - 1)) === SLOT.open) return index;
  }
}

/** Wakes the threads that sleep. */
export function ringBell(counters: Int32Array): void {
  Atomics.add(counters, COUNTER.bell, 1);
  Atomics.notify(counters, COUNTER.bell);
}

/** Recovers the signer of a job and leaves the result in its slot. */
export function doJob({ bytes, states, capacity }: RecoverySlots, index: number): void {
  const slot = index & (capacity - 1);
  const at = slot * SLOT_BYTES;
  // The library is handed memory of this thread alone.
  for (let i = 0; i < DIGEST_BYTES; i++) digest[i] = bytes[at + i] as number;
  for (let i = 0; i < COMPACT_BYTES; i++) compact[i] = bytes[at + COMPACT_AT + i] as number;
  const hash = recoverKeyHash(digest, compact, bytes[at + RECOVERY_ID_AT] as number);
  if (hash !== null) bytes.set(hash.subarray(hash.length - ADDRESS_BYTES), at + ADDRESS_AT);
  Atomics.store(states, slot, hash === null ? SLOT.notFound : SLOT.found);
}

/**
 * Tells threads to end after the job they are at. A thread must not be cut off in the middle of the
 * native library: that takes the whole process down.
 */
export function tellThreadsToEnd({ counters }: RecoverySlots): void {
  Atomics.store(counters, COUNTER.stopping, 1);
  ringBell(counters);
}

/** Tells threads to end and waits until none is at work any more [ms]. */
export function endThreads(slots: RecoverySlots, waitMs: number): void {
  const { counters } = slots;
  tellThreadsToEnd(slots);
  for (;;) {
    const running = Atomics.load(counters, COUNTER.running);
    if (running === 0) return;
    if (Atomics.wait(counters, COUNTER.running, running, waitMs) === "timed-out") return;
  }
}

/** The address in a slot whose result is there; null where it has none. */
export function readAddress({ bytes, states, capacity }: RecoverySlots, index: number): Hex | null {
  const slot = index & (capacity - 1);
  if (states[slot] !== SLOT.found) return null;
  return bytesToHex(bytes, slot * SLOT_BYTES + ADDRESS_AT, ADDRESS_BYTES);
}
