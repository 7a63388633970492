/**
 * Opens the store beside a journal, or says why there is none. A store that cannot be used is dropped
 * with a reason and begun anew: whatever it held, the journal has.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type RocksDB from "rocksdb-native";
import type { OperationalError } from "../base/operational-error.ts";
import type { JournalExtent } from "../journal/journal-extent.ts";
import { getU64, META, putU64 } from "./history-key.ts";
import { ROW_FIELDS } from "./history-row.ts";
import {
  createHistoryStore,
  type HistoryStore,
  readCheckpoint,
  type StoredCheckpoint,
} from "./history-store.ts";
import { loadNativeModule, type NativeModule } from "./native-module.ts";

/** Name of the store's folder in that of the journal. */
const HISTORY_FOLDER = "history";

/** Version of keys and values; the fields of rows count beside it. */
const FORMAT = 1;

/** Which store, for which journal. */
export interface HistoryOptions {
  /** Folder of the journal, which is claimed. */
  readonly folder: string;
  /** The journal as it stands; its seq is 0 where it is new. */
  readonly journal: JournalExtent;
  readonly engineVersion: number;
  readonly onFatal: (error: OperationalError) => void;
  /** Where the native module comes from. */
  readonly load?: (() => Promise<NativeModule>) | undefined;
}

/** A store and what it knows, or why there is none. */
export type OpenedHistory =
  | {
      readonly kind: "store";
      readonly store: HistoryStore;
      readonly checkpoint: StoredCheckpoint | null;
      /** Why the store that was found was not used; null = it was, or there was none. */
      readonly dropped: string | null;
    }
  | { readonly kind: "missing"; readonly reason: string };

/** See the file's head. */
export async function openHistory(options: HistoryOptions): Promise<OpenedHistory> {
  const native = await (options.load ?? loadNativeModule)();
  if (native.kind === "missing") return native;
  const path = join(options.folder, HISTORY_FOLDER);
  const identity = identityOf(options);
  let db = await openDatabase(native.RocksDB, path);
  const dropped =
    typeof db === "string" ? db : await whyUnusable(db, identity, options.journal.seq);
  if (dropped !== null || typeof db === "string") {
    if (typeof db !== "string") await db.close();
    rmSync(path, { recursive: true, force: true });
    db = await openDatabase(native.RocksDB, path);
    if (typeof db === "string") return { kind: "missing", reason: db };
  }
  const seqBytes = await db.get(META.lastAppliedSeq);
  if (seqBytes === null) await writeIdentity(db, identity);
  return {
    kind: "store",
    store: createHistoryStore({
      db,
      path,
      writtenSeq: seqBytes === null ? 0 : getU64(seqBytes, 0),
      onFatal: options.onFatal,
    }),
    checkpoint: await readCheckpoint(db),
    dropped: dropped === "" ? null : dropped,
  };
}

/** What rows depend on beside the commands; equal texts mean equal rows. */
function identityOf({ journal, engineVersion }: HistoryOptions): string {
  const fields = crc32(JSON.stringify(ROW_FIELDS)).toString(16).padStart(8, "0");
  const genesis = Buffer.from(journal.genesis).toString("hex");
  return `format ${FORMAT}.${fields}, engine ${engineVersion}, journal ${genesis}`;
}

/** The database at `path`, made where there is none; or why it does not open. */
async function openDatabase(Database: typeof RocksDB, path: string): Promise<RocksDB | string> {
  const db = new Database(path, OPTIONS);
  try {
    await db.ready();
    return db;
  } catch (error) {
    // A damaged store is no loss: it is built again.
    return `it cannot be opened: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Memory for writes, open files and threads, which are the defaults of servers otherwise. */
const OPTIONS = { writeBufferSize: 2 ** 24, maxOpenFiles: 256, maxBackgroundJobs: 2 } as const;

/** Why a store is to be dropped; an empty text where there is nothing to say about it. */
async function whyUnusable(
  db: RocksDB,
  identity: string,
  journalSeq: number,
): Promise<string | null> {
  const [found, seqBytes] = await Promise.all([db.get(META.identity), db.get(META.lastAppliedSeq)]);
  if (seqBytes === null) return null;
  const seq = getU64(seqBytes, 0);
  const text = found === null ? "no identity" : Buffer.from(found).toString();
  // Nothing was kept yet: a journal that begins anew draws another identity.
  if (text !== identity && seq === 0) return "";
  if (text !== identity) return `it is of ${text}, expected ${identity}`;
  if (seq > journalSeq) return `it holds seq ${seq}, the journal ends at ${journalSeq}`;
  return null;
}

async function writeIdentity(db: RocksDB, identity: string): Promise<void> {
  const seq = Buffer.alloc(8);
  putU64(seq, 0, 0);
  const batch = db.write();
  batch.tryPut(META.identity, Buffer.from(identity));
  batch.tryPut(META.lastAppliedSeq, seq);
  await batch.flush();
  batch.destroy();
}
