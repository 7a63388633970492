import type { OperationalError } from "../base/operational-error.ts";

/** Told once when an operation has ended; null = it succeeded. */
export type StorageDone = (error: OperationalError | null) => void;

/**
 * Where the journal keeps its files: a folder on disk, or a simulated disk in tests.
 *
 * Start-up reads are synchronous and throw OperationalError. Running operations end by callback,
 * never before the call has returned, so that a simulation decides when and in which order they
 * end. After an error the journal stops for good: no operation is made a second time.
 */
export interface Storage {
  /** What messages call this place, such as the folder's path. */
  readonly place: string;
  /** Claims the place for this process; throws `journalLocked` where another holds it. */
  lock(): void;
  /** Gives the place back. */
  unlock(): void;
  /** Names of all files, sorted; unfinished atomic writes are not among them. */
  list(): string[];
  /** Length of a file [bytes]. */
  size(name: string): number;
  /** The content of a file, all of it or its first `length` bytes. */
  read(name: string, length?: number): Uint8Array;
  /** Cuts a file to `length` bytes, durable on return. */
  truncate(name: string, length: number): void;
  /** Adds bytes at the end of an existing file; durable only after {@link Storage.sync}. The bytes stay unchanged until `done`. */
  append(name: string, bytes: Uint8Array, done: StorageDone): void;
  /** Makes everything appended to a file durable. */
  sync(name: string, done: StorageDone): void;
  /** Creates or replaces a file as a whole: after a crash it is there in full or as it was; durable at `done`. */
  writeAtomically(name: string, bytes: Uint8Array, done: StorageDone): void;
  /** Deletes a file; one that is not there counts as deleted. */
  remove(name: string, done: StorageDone): void;
}
