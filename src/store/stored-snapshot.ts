import { snapshotName } from "../journal/file-name.ts";
import type { Storage } from "../journal/storage.ts";
import type { StoredCheckpoint } from "./history-store.ts";

/** A journal's files together with the snapshot that the store has, under the name it would have. */
export function withStoredSnapshot(storage: Storage, checkpoint: StoredCheckpoint | null): Storage {
  if (checkpoint === null) return storage;
  const name = snapshotName(checkpoint.seq);
  const { snapshot } = checkpoint;
  return {
    ...storage,
    list: () => [...new Set([...storage.list(), name])].sort((a, b) => (a < b ? -1 : 1)),
    size: (asked) => (asked === name ? snapshot.length : storage.size(asked)),
    read: (asked, length) =>
      asked === name ? snapshot.subarray(0, length) : storage.read(asked, length),
  };
}
