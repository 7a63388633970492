/**
 * The store: rows of history in RocksDB, written behind the journal and never ahead of it.
 *
 * - A batch holds the rows of whole commands, all that came since the batch before, and
 *   `lastAppliedSeq` with them. One batch is under way at a time; what comes in meanwhile is the next.
 * - Batches are not synced: nothing is lost by that which the journal does not have. After a crash
 *   the store may lag; it goes on from its `lastAppliedSeq`, and rows written twice are the same.
 * - A checkpoint is part of a batch: the state's snapshot and the read models without their histories,
 *   both as of one command, whose rows are in that batch or were before. Who has it needs no journal
 *   up to that command.
 * - Rows waiting are bounded: {@link HistoryStore.isFull} tells when no more commands should come.
 * - A write that fails ends the store, and the process with it: the folder can be deleted.
 */
import type RocksDB from "rocksdb-native";
import { assert } from "../base/assert.ts";
import { OperationalError } from "../base/operational-error.ts";
import type { HistoryRows } from "../projection/history-rows.ts";
import { CHECKPOINT_PART, checkpointKey, getU64, META, putU64 } from "./history-key.ts";
import {
  clearRows,
  createRowBuffer,
  createRowWriter,
  type RowBuffer,
  type RowPlace,
} from "./pending-rows.ts";

/** State and read models as of one command. */
export interface StoredCheckpoint {
  readonly seq: number;
  /** A snapshot file's bytes. */
  readonly snapshot: Uint8Array;
  /** Read models without histories, encoded. */
  readonly models: Uint8Array;
}

/** See the file's head. */
export interface HistoryStore {
  /** Last command whose rows are in RocksDB. */
  readonly writtenSeq: number;
  /** Takes the rows of commands behind `writtenSeq`; those of earlier ones are here already. */
  rowsOf(place: RowPlace): HistoryRows;
  /** All events up to `seq` have been folded: their rows may be written. */
  commit(seq: number): void;
  /** Keeps a checkpoint in the batch that ends with its seq, which was the last to be committed. */
  keepCheckpoint(checkpoint: StoredCheckpoint): void;
  /** More waits than should. */
  isFull(): boolean;
  /** Waits until everything committed up to `seq` is written. */
  whenWritten(seq: number): Promise<void>;
  /**
   * Reads from the database. What fails ends the store as a failed write does, and nobody hears of
   * it; nor does who reads while the store closes.
   */
  read<T>(work: (db: Pick<RocksDB, "get" | "iterator">) => Promise<T>): Promise<T>;
  /** Makes everything written so far proof against a failing machine as well. */
  sync(): Promise<void>;
  /** Writes what waits, and closes. */
  close(): Promise<void>;
}

/** Bytes that may wait before {@link HistoryStore.isFull} says so. */
const WAITING_BYTES_MAX = 2 ** 24;
const CHUNK_BYTES = 2 ** 20;

/** What a store runs on. */
export interface HistoryStoreOptions {
  readonly db: RocksDB;
  readonly path: string;
  readonly writtenSeq: number;
  /** The store cannot go on: the process is to end. Called at most once. */
  readonly onFatal: (error: OperationalError) => void;
}

interface Core extends HistoryStoreOptions {
  /** Takes rows. */
  open: RowBuffer;
  /** Not in use. */
  spare: RowBuffer | null;
  committedSeq: number;
  writtenSeq: number;
  checkpoint: StoredCheckpoint | null;
  isWriting: boolean;
  isClosing: boolean;
  hasFailed: boolean;
  waiting: { readonly seq: number; readonly done: () => void }[];
}

/** A store over an open database whose identity has been looked at. */
export function createHistoryStore(options: HistoryStoreOptions): HistoryStore {
  const core: Core = {
    ...options,
    open: createRowBuffer(),
    spare: createRowBuffer(),
    committedSeq: options.writtenSeq,
    checkpoint: null,
    isWriting: false,
    isClosing: false,
    hasFailed: false,
    waiting: [],
  };
  const skippedSeq = options.writtenSeq;
  return {
    get writtenSeq() {
      return core.writtenSeq;
    },
    rowsOf: (place) => createRowWriter(place, () => (place.seq <= skippedSeq ? null : core.open)),
    commit(seq) {
      core.committedSeq = Math.max(core.committedSeq, seq);
      writeNext(core);
    },
    keepCheckpoint(checkpoint) {
      assert(checkpoint.seq === core.committedSeq, "a checkpoint is of the last command committed");
      core.checkpoint = checkpoint;
      writeNext(core);
    },
    isFull: () => core.hasFailed || core.open.length >= WAITING_BYTES_MAX,
    whenWritten: (seq) => whenWritten(core, seq),
    async read(work) {
      try {
        return await work(options.db);
      } catch (error) {
        // The edge between the database's errors and ours.
        if (!core.isClosing) fail(core, "read history from", error);
        return new Promise<never>(() => undefined);
      }
    },
    sync: () => options.db.flush(),
    async close() {
      if (core.hasFailed) return;
      core.isClosing = true;
      await whenWritten(core, core.committedSeq);
      while (core.isWriting) await new Promise(setImmediate);
      await options.db.close();
    },
  };
}

function whenWritten(core: Core, seq: number): Promise<void> {
  const wanted = Math.min(seq, core.committedSeq);
  if (core.writtenSeq >= wanted && core.checkpoint === null) return Promise.resolve();
  return new Promise((done) => {
    core.waiting.push({ seq: wanted, done });
  });
}

/** Sends what waits on its way, unless a batch is under way. */
function writeNext(core: Core): void {
  const { committedSeq, checkpoint, open: rows } = core;
  const isNew = committedSeq > core.writtenSeq || checkpoint !== null;
  if (core.isWriting || core.hasFailed || !isNew) return;
  core.isWriting = true;
  core.open = core.spare ?? createRowBuffer();
  core.spare = null;
  core.checkpoint = null;
  writeBatch(core.db, rows, { committedSeq, checkpoint }).then(
    () => {
      clearRows(rows);
      core.spare = rows;
      core.isWriting = false;
      core.writtenSeq = committedSeq;
      tellWaiting(core);
      writeNext(core);
    },
    (error: unknown) => fail(core, "write history to", error),
  );
}

/** Ends the store for good, and says so once. */
function fail(core: Core, what: string, error: unknown): void {
  if (core.hasFailed) return;
  core.hasFailed = true;
  core.onFatal(storeFailed(`${what} ${core.path}`, error));
}

async function writeBatch(
  db: RocksDB,
  rows: RowBuffer,
  { committedSeq, checkpoint }: Pick<Core, "committedSeq" | "checkpoint">,
): Promise<void> {
  const batch = db.write({ capacity: BATCH_CAPACITY });
  let from = 0;
  for (let i = 0; i < rows.ends.length; i += 2) {
    const keyEnd = rows.ends[i] as number;
    const valueEnd = rows.ends[i + 1] as number;
    batch.tryPut(rows.bytes.subarray(from, keyEnd), rows.bytes.subarray(keyEnd, valueEnd));
    from = valueEnd;
  }
  if (checkpoint !== null) putCheckpoint(batch, checkpoint);
  const seqBytes = Buffer.alloc(8);
  putU64(seqBytes, 0, committedSeq);
  batch.tryPut(META.lastAppliedSeq, seqBytes);
  await batch.flush();
  batch.destroy();
}

/** Batches of this size and less are used again by the binding. */
const BATCH_CAPACITY = 16;

/** The checkpoint in chunks, in place of the one before. */
function putCheckpoint(batch: ReturnType<RocksDB["write"]>, checkpoint: StoredCheckpoint): void {
  const { seq } = checkpoint;
  batch.tryDeleteRange(checkpointKey(0), checkpointKey(seq));
  for (const [part, bytes] of [
    [CHECKPOINT_PART.snapshot, checkpoint.snapshot],
    [CHECKPOINT_PART.models, checkpoint.models],
  ] as const) {
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      const key = checkpointKey(seq, part, at / CHUNK_BYTES);
      batch.tryPut(key, bytes.subarray(at, at + CHUNK_BYTES));
    }
  }
}

/** The checkpoint that a database holds; null = none. */
export async function readCheckpoint(db: RocksDB): Promise<StoredCheckpoint | null> {
  const chunks: [Uint8Array[], Uint8Array[]] = [[], []];
  let seq = 0;
  const range = { gte: checkpointKey(0), lt: checkpointKey(Number.MAX_SAFE_INTEGER) };
  for await (const { key, value } of db.iterator(range)) {
    seq = getU64(key, 1);
    chunks[key[9] as 0 | 1].push(value);
  }
  if (seq === 0) return null;
  return { seq, snapshot: Buffer.concat(chunks[0]), models: Buffer.concat(chunks[1]) };
}

function tellWaiting(core: Core): void {
  const isOver = ({ seq }: { readonly seq: number }): boolean => seq <= core.writtenSeq;
  const over = core.waiting.filter(isOver);
  core.waiting = core.waiting.filter((each) => !isOver(each));
  for (const { done } of over) done();
}

/** What a store's failure is called; the folder is no loss. */
const storeFailed = (what: string, cause: unknown): OperationalError =>
  new OperationalError({
    code: "historyFailed",
    message:
      `cannot ${what}: ${cause instanceof Error ? cause.message : String(cause)}. ` +
      "Look after the disk and start again; the folder may be deleted, it is built again from the journal.",
    retryable: false,
    cause,
  });
