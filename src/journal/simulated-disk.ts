/**
 * A disk in memory that fails like a real one, the same way for the same seed. What was appended is
 * readable at once and safe only after a sync; at a crash the unsynced end of each file is dropped,
 * cut short, or left with holes and flipped bits. Nothing ends by itself: the driver calls
 * {@link SimulatedDisk.step}, so a crash can be put at any write boundary.
 */
import type { Clock } from "../base/clock.ts";
import type { OperationalError } from "../base/operational-error.ts";
import { createPrng, nextBelow, type Prng } from "../base/prng.ts";
import { asTimeMs } from "../base/units.ts";
import { journalError } from "./journal-error.ts";
import type { Storage, StorageDone } from "./storage.ts";

/** Operations that end later, and that can be made to fail. */
export type DiskOperation = "append" | "sync" | "writeAtomically" | "remove";

/** See the file's head. */
export interface SimulatedDisk extends Storage {
  /** When the next operation ends; Infinity = none is under way [ms]. */
  nextDueMs(): number;
  /** Ends the next operation and runs its callback; false = none was under way. */
  step(): boolean;
  /** Ends operations until none is under way. Returns their number. */
  settle(): number;
  /** Cuts the power: operations under way never end, unsynced bytes suffer, the lock is gone. */
  crash(): void;
  /** Lets the operation of this kind after `after` others of it fail. */
  failNext(operation: DiskOperation, after?: number): void;
  /** Changes bytes of a file in place, as decay of the medium would. */
  damage(name: string, change: (bytes: Uint8Array) => Uint8Array): void;
  /** What a crash at this moment would leave, as another disk; `seed` decides what suffers. */
  crashedCopy(seed: number): SimulatedDisk;
}

/** How a simulated disk behaves. */
export interface SimulatedDiskOptions {
  readonly seed: number;
  /** Times operations; a clock that stands still by default. */
  readonly clock?: Clock;
  /** Longest time that an operation takes [ms]; 0 by default. */
  readonly latencyMsMax?: number;
  /** Syncs end well and make nothing safe: shows that tests would notice. */
  readonly skipSync?: boolean;
}

interface DiskFile {
  bytes: Uint8Array;
  length: number;
  /** Bytes that survive a crash. */
  syncedLength: number;
}

interface Pending {
  readonly dueMs: number;
  readonly operation: DiskOperation;
  readonly name: string;
  /** Makes the outcome lasting. */
  readonly complete: (disk: Disk) => void;
  readonly done: StorageDone;
}

interface Disk {
  readonly options: SimulatedDiskOptions;
  readonly prng: Prng;
  readonly files: Map<string, DiskFile>;
  pending: Pending[];
  readonly failAfter: Map<DiskOperation, number>;
  isLocked: boolean;
}

const SECTOR_BYTES = 512;

/** An empty disk. */
export const createSimulatedDisk = (options: SimulatedDiskOptions): SimulatedDisk =>
  diskOver({
    options,
    prng: createPrng(options.seed),
    files: new Map(),
    pending: [],
    failAfter: new Map(),
    isLocked: false,
  });

function diskOver(disk: Disk): SimulatedDisk {
  const step = (): boolean => stepDisk(disk);
  return {
    ...storageOver(disk),
    nextDueMs: () => nextPending(disk)?.dueMs ?? Number.POSITIVE_INFINITY,
    step,
    settle() {
      let steps = 0;
      while (step()) steps += 1;
      return steps;
    },
    crash: () => crashDisk(disk),
    failNext(operation, after = 0) {
      disk.failAfter.set(operation, after);
    },
    damage(name, change) {
      const file = fileOf(disk, name);
      const bytes = change(file.bytes.slice(0, file.length));
      disk.files.set(name, { bytes, length: bytes.length, syncedLength: bytes.length });
    },
    crashedCopy(seed) {
      const files = [...disk.files].map(
        ([name, file]) => [name, { ...file, bytes: file.bytes.slice() }] as const,
      );
      const copy: Disk = {
        options: disk.options,
        prng: createPrng(seed),
        files: new Map(files),
        pending: [...disk.pending],
        failAfter: new Map(),
        isLocked: false,
      };
      crashDisk(copy);
      return diskOver(copy);
    },
  };
}

function storageOver(disk: Disk): Storage {
  return {
    place: "simulated disk",
    lock() {
      if (disk.isLocked) throw journalError("journalLocked", "the simulated disk is in use");
      disk.isLocked = true;
    },
    unlock() {
      disk.isLocked = false;
    },
    list: () => [...disk.files.keys()].sort((a, b) => (a < b ? -1 : 1)),
    size: (name) => fileOf(disk, name).length,
    read(name, length = Number.POSITIVE_INFINITY) {
      const file = fileOf(disk, name);
      return file.bytes.slice(0, Math.min(file.length, length));
    },
    truncate(name, length) {
      const file = fileOf(disk, name);
      file.length = Math.min(length, file.length);
      file.syncedLength = file.length;
    },
    append(name, bytes, done) {
      // The bytes may reach the medium from now on, whenever the end of the write is told.
      if (disk.failAfter.get("append") === 0) {
        addBytes(fileOf(disk, name), bytes.subarray(0, nextBelow(disk.prng, bytes.length + 1)));
      } else {
        addBytes(fileOf(disk, name), bytes);
      }
      enqueue(disk, { operation: "append", name, done, complete: () => undefined });
    },
    sync(name, done) {
      const { length } = fileOf(disk, name);
      const complete = (on: Disk): void => {
        const file = fileOf(on, name);
        if (on.options.skipSync !== true) file.syncedLength = Math.max(file.syncedLength, length);
      };
      enqueue(disk, { operation: "sync", name, done, complete });
    },
    writeAtomically(name, bytes, done) {
      const copy = bytes.slice();
      const complete = (on: Disk): void => {
        on.files.set(name, { bytes: copy, length: copy.length, syncedLength: copy.length });
      };
      enqueue(disk, { operation: "writeAtomically", name, done, complete });
    },
    remove(name, done) {
      enqueue(disk, { operation: "remove", name, done, complete: (on) => on.files.delete(name) });
    },
  };
}

function fileOf(disk: Disk, name: string): DiskFile {
  const file = disk.files.get(name);
  if (file === undefined) throw journalError("storageFailed", `simulated disk: no file ${name}`);
  return file;
}

function addBytes(file: DiskFile, added: Uint8Array): void {
  const length = file.length + added.length;
  if (length > file.bytes.length) {
    const bytes = new Uint8Array(Math.max(length, 2 * file.bytes.length));
    bytes.set(file.bytes.subarray(0, file.length));
    file.bytes = bytes;
  }
  file.bytes.set(added, file.length);
  file.length = length;
}

/** Operations on one file end in order; those on different files may overtake each other. */
function enqueue(disk: Disk, operation: Omit<Pending, "dueMs">): void {
  const nowMs = disk.options.clock?.nowMs() ?? asTimeMs(0);
  const latencyMs = nextBelow(disk.prng, (disk.options.latencyMsMax ?? 0) + 1);
  const sameFile = disk.pending.filter(({ name }) => name === operation.name);
  const dueMs = Math.max(nowMs + latencyMs, ...sameFile.map((other) => other.dueMs));
  disk.pending.push({ ...operation, dueMs });
}

/** The operation that ends next: the earliest, among equals the one begun first. */
function nextPending(disk: Disk): Pending | undefined {
  return disk.pending.reduce<Pending | undefined>(
    (first, other) => (first === undefined || other.dueMs < first.dueMs ? other : first),
    undefined,
  );
}

function stepDisk(disk: Disk): boolean {
  const next = nextPending(disk);
  if (next === undefined) return false;
  disk.pending = disk.pending.filter((other) => other !== next);
  const error = failureOf(disk, next);
  if (error === null) next.complete(disk);
  next.done(error);
  return true;
}

function failureOf(disk: Disk, { operation, name }: Pending): OperationalError | null {
  const after = disk.failAfter.get(operation);
  if (after === undefined) return null;
  if (after > 0) {
    disk.failAfter.set(operation, after - 1);
    return null;
  }
  disk.failAfter.delete(operation);
  return journalError("storageFailed", `simulated disk: ${operation} of ${name} failed`);
}

function crashDisk(disk: Disk): void {
  const { prng } = disk;
  const underWay = disk.pending;
  disk.pending = [];
  disk.failAfter.clear();
  disk.isLocked = false;
  // Whole-file operations under way have happened or not; both are possible.
  for (const { operation, complete } of underWay) {
    const isWhole = operation === "writeAtomically" || operation === "remove";
    if (isWhole && nextBelow(prng, 2) === 0) complete(disk);
  }
  const names = [...disk.files.keys()].sort((a, b) => (a < b ? -1 : 1));
  for (const name of names) tearEnd(fileOf(disk, name), prng);
}

/** Leaves a part of the unsynced end, with sectors missing or a bit flipped in it. */
function tearEnd(file: DiskFile, prng: Prng): void {
  const unsynced = file.length - file.syncedLength;
  if (unsynced === 0) return;
  const fate = nextBelow(prng, 4);
  // Dropped as a whole, kept as a whole (the disk was quicker than its answer), or in part.
  const kept = fate === 0 ? 0 : fate === 1 ? unsynced : nextBelow(prng, unsynced + 1);
  file.length = file.syncedLength + kept;
  if (fate !== 3 || kept === 0) {
    file.syncedLength = file.length;
    return;
  }
  for (let at = file.syncedLength; at < file.length; at += SECTOR_BYTES) {
    if (nextBelow(prng, 4) === 0) file.bytes.fill(0, at, Math.min(at + SECTOR_BYTES, file.length));
  }
  const flipped = file.syncedLength + nextBelow(prng, kept);
  file.bytes[flipped] = (file.bytes[flipped] as number) ^ (1 << nextBelow(prng, 8));
  file.syncedLength = file.length;
}
