/** Storage and database whose every write can be stopped at: before it, under way, and done. */
import type RocksDB from "rocksdb-native";
import type { Storage, StorageDone } from "../../src/journal/storage.ts";
import { loadNativeModule, type NativeModule } from "../../src/store/native-module.ts";

/** Kinds of writes that an exchange makes. */
export const WRITES = [
  "append",
  "sync",
  "segment",
  "snapshot",
  "remove",
  "rows",
  "checkpoint",
] as const;
/** Moments of a write. */
export const PHASES = ["before", "underWay", "after"] as const;

/** A moment in an exchange's life. */
export interface WritePoint {
  readonly write: (typeof WRITES)[number];
  readonly phase: (typeof PHASES)[number];
}

/** Told each moment as it comes. */
export type WriteWatch = (point: WritePoint) => void;

/** A storage whose writes are watched. */
export function watchStorage(storage: Storage, watch: WriteWatch): Storage {
  const watched = (
    write: WritePoint["write"],
    begin: (done: StorageDone) => void,
    done: StorageDone,
  ): void => {
    watch({ write, phase: "before" });
    begin((error) => {
      watch({ write, phase: "after" });
      done(error);
    });
    watch({ write, phase: "underWay" });
  };
  return {
    ...storage,
    append: (name, bytes, done) =>
      watched("append", (told) => storage.append(name, bytes, told), done),
    sync: (name, done) => watched("sync", (told) => storage.sync(name, told), done),
    writeAtomically: (name, bytes, done) =>
      watched(
        name.startsWith("snapshot") ? "snapshot" : "segment",
        (told) => storage.writeAtomically(name, bytes, told),
        done,
      ),
    remove: (name, done) => watched("remove", (told) => storage.remove(name, told), done),
  };
}

/** The native module with databases whose batches are watched. */
export async function loadWatched(watch: WriteWatch): Promise<NativeModule> {
  const native = await loadNativeModule();
  if (native.kind === "missing") return native;
  class WatchedDatabase extends native.RocksDB {
    override write(options?: Parameters<RocksDB["write"]>[0]): ReturnType<RocksDB["write"]> {
      const batch = super.write(options);
      let write: WritePoint["write"] = "rows";
      return {
        tryPut: (key, value) => batch.tryPut(key, value),
        tryDeleteRange(start, end) {
          write = "checkpoint";
          batch.tryDeleteRange(start, end);
        },
        async flush() {
          watch({ write, phase: "before" });
          const flushed = batch.flush();
          // The binding hands the batch over in a microtask.
          await Promise.resolve();
          watch({ write, phase: "underWay" });
          await flushed;
          watch({ write, phase: "after" });
        },
        destroy: () => batch.destroy(),
      };
    }
  }
  return { kind: "loaded", RocksDB: WatchedDatabase };
}
