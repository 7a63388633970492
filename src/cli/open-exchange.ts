/**
 * Opens what an exchange stands on: its journal, its read models, and its history in the store or in
 * memory. With the store a start reads the last checkpoint and the journal behind it; without one the
 * whole journal, unless an orderly end has left read models.
 */
import { randomBytes } from "node:crypto";
import type { OperationalError } from "../base/operational-error.ts";
import { ENGINE_VERSION } from "../exchange/state.ts";
import { createFileStorage } from "../journal/file-storage.ts";
import { readJournalExtent } from "../journal/journal-extent.ts";
import {
  describeRecovery,
  type Journal,
  type JournalOptions,
  openClaimedJournal,
} from "../journal/open-journal.ts";
import { HASH_BYTES } from "../journal/segment.ts";
import type { Sequencer } from "../journal/sequencer.ts";
import type { Storage } from "../journal/storage.ts";
import type { HistoryQueries } from "../projection/history-queries.ts";
import { RECENT_WINDOWS } from "../projection/history-windows.ts";
import { createMemoryHistory } from "../projection/memory-history.ts";
import { createReadModels, foldRing, type ReadModels } from "../projection/read-models.ts";
import { decodeReadModels, encodeLiveModels } from "../projection/read-models-codec.ts";
import { type HistoryOptions, type OpenedHistory, openHistory } from "../store/open-history.ts";
import { createStoredHistory } from "../store/stored-history.ts";
import { withStoredSnapshot } from "../store/stored-snapshot.ts";
import { loadReadModels, saveReadModels } from "./read-model-file.ts";

/** How an exchange's data is opened. */
export type OpenExchangeOptions = Pick<
  JournalOptions,
  "clock" | "stopwatch" | "delayMsMax" | "snapshotEvery" | "segmentBytes"
> & {
  /** Folder of the journal. */
  readonly folder: string;
  /** The folder's files, where they are to be watched. */
  readonly storage?: Storage;
  /** Where the native module comes from. */
  readonly loadNative?: HistoryOptions["load"];
  /** The journal or the store cannot go on: the process is to end. */
  readonly onFatal: (error: OperationalError) => void;
};

/** What an exchange stands on. */
export interface OpenExchange {
  readonly sequencer: Sequencer;
  readonly models: ReadModels;
  readonly history: HistoryQueries;
  /** Why history is in memory alone, in words; null = it is on disk. */
  readonly historyMissing: string | null;
  /** What the start was like, a line each. */
  readonly lines: readonly string[];
  /** Keeps what the next start goes on from; after the sequencer's own end. */
  close(): Promise<void>;
}

type StoredHistory = OpenedHistory & { readonly kind: "store" };

/** See the file's head. Throws OperationalError where the folder is in use or the journal not whole. */
export async function openExchange(options: OpenExchangeOptions): Promise<OpenExchange> {
  const { storage = createFileStorage(options.folder) } = options;
  storage.lock();
  let history: OpenedHistory;
  const journal = readJournalExtent(storage) ?? { genesis: randomBytes(HASH_BYTES), seq: 0 };
  try {
    history = await openHistory({
      folder: options.folder,
      journal,
      engineVersion: ENGINE_VERSION,
      onFatal: options.onFatal,
      load: options.loadNative,
    });
  } catch (error) {
    // Nobody else could open the folder otherwise, as long as this process lives.
    storage.unlock();
    throw error;
  }
  const { genesis } = journal;
  return history.kind === "store"
    ? await openStored({ ...options, storage, genesis }, history)
    : await openInMemory({ ...options, storage, genesis }, history.reason);
}

type Opening = OpenExchangeOptions & { readonly storage: Storage; readonly genesis: Uint8Array };

async function openInMemory(options: Opening, reason: string): Promise<OpenExchange> {
  const { folder, storage } = options;
  const { models, from } = loadReadModels(folder, storage);
  const journal = await openClaimedJournal(
    { ...options, from, listener: (ring, first, end) => foldRing(models, ring, first, end) },
    () => null,
  );
  const { sequencer } = journal;
  sequencer.subscribe((ring, first, end) => foldRing(models, ring, first, end));
  return {
    sequencer,
    models,
    history: createMemoryHistory(models),
    historyMissing: `history is kept in memory and rebuilt from the journal: ${reason}`,
    lines: describeRecovery(journal.report),
    async close() {
      saveReadModels(folder, models, sequencer.durableSeq);
    },
  };
}

async function openStored(
  options: Opening,
  { store, checkpoint, dropped }: StoredHistory,
): Promise<OpenExchange> {
  const kept = checkpoint === null ? null : decodeReadModels(checkpoint.models, RECENT_WINDOWS);
  const base = kept === null ? null : checkpoint;
  const models = kept ?? createReadModels(RECENT_WINDOWS);
  models.rows = store.rowsOf(models);
  const foundSeq = store.writtenSeq;
  let journal: Journal;
  try {
    journal = await openClaimedJournal(
      {
        ...options,
        storage: withStoredSnapshot(options.storage, base),
        from: base === null ? "start" : "snapshot",
        snapshotSeqMax: base?.seq ?? 0,
        verify: base === null ? "all" : "tail",
        listener: (ring, first, end) => {
          foldRing(models, ring, first, end);
          store.commit(models.seq);
        },
        isHeld: () => store.isFull(),
        onSnapshot: (seq, snapshot) =>
          store.keepCheckpoint({ seq, snapshot, models: encodeLiveModels(models, seq) }),
      },
      () => (store.isFull() ? store.whenWritten(models.seq) : null),
    );
  } catch (error) {
    // The database has a lock and threads of its own.
    await store.close();
    throw error;
  }
  const { sequencer, report } = journal;
  store.commit(report.seq);
  sequencer.subscribe((ring, first, end) => {
    foldRing(models, ring, first, end);
    store.commit(sequencer.durableSeq);
  });
  return {
    sequencer,
    models,
    history: createStoredHistory(models, store),
    historyMissing: null,
    lines: [
      ...describeRecovery(report),
      ...(dropped === null ? [] : [`history on disk was dropped: ${dropped}`]),
      ...(foundSeq < report.seq
        ? [`history on disk was at seq ${foundSeq}; the rest comes from the journal`]
        : []),
    ],
    close: () => store.close(),
  };
}
