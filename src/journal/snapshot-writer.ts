/**
 * Writes snapshots beside the running journal. The state is turned into bytes at the end of a
 * group, and the file is written once that group is durable, so a snapshot never holds a command
 * that a crash could undo. One snapshot is under way at a time; the last two are kept.
 */

import type { OperationalError } from "../base/operational-error.ts";
import { writeSnapshot } from "../exchange/snapshot.ts";
import type { ExchangeState } from "../exchange/state.ts";
import { stateHash } from "../exchange/state-hash.ts";
import { type NamedFile, snapshotName } from "./file-name.ts";
import { encodeSnapshot } from "./snapshot-file.ts";
import type { Storage } from "./storage.ts";

/** Told the seq of a snapshot once it is durable. */
export type SnapshotDone = (seq: number) => void;

/** Shown the seq and the bytes of a snapshot's file; the bytes stay as they are. */
export type SnapshotListener = (seq: number, bytes: Uint8Array) => void;

/** See the file's head. */
export interface SnapshotWriter {
  /** Wants a snapshot at the next opportunity. */
  request(done?: SnapshotDone): void;
  /** An opportunity: the state stands at the end of a sealed group. Taken when due or requested. */
  take(at: { state: ExchangeState; seq: number; chain: Uint8Array }): void;
  /** Writes the snapshot that waits for `durableSeq`, if any. */
  writeUpTo(durableSeq: number): void;
  /** Seq of the last snapshot that is durable. */
  lastSeq(): number;
  /** Whether a snapshot is wanted or under way. */
  isBusy(): boolean;
}

/** Snapshots that are kept; older ones are removed when a new one is durable. */
const SNAPSHOTS_KEPT = 2;

/** A writer for one journal. `onIdle` runs when a snapshot is finished. */
export function createSnapshotWriter(options: {
  readonly storage: Storage;
  readonly engineVersion: number;
  readonly genesis: Uint8Array;
  /** Commands between snapshots; 0 = only on request. */
  readonly every: number;
  /** Snapshots on disk, the best last; what is to go first comes first. */
  readonly existing: readonly NamedFile[];
  readonly onError: (error: OperationalError) => void;
  /** Shown a snapshot's file once its commands are durable, before it is written. */
  readonly onDurable?: SnapshotListener | undefined;
  readonly onIdle: () => void;
}): SnapshotWriter {
  const { storage, engineVersion, genesis, every } = options;
  let files = [...options.existing];
  let lastSeq = files.at(-1)?.seq ?? 0;
  let isRequested = false;
  let waiting: SnapshotDone[] = [];
  /** Turned into bytes, its last command not yet durable. */
  let taken: { seq: number; bytes: Uint8Array; dones: SnapshotDone[] } | null = null;
  let isWriting = false;

  const finish = (seq: number, dones: readonly SnapshotDone[]): void => {
    isWriting = false;
    lastSeq = seq;
    for (const done of dones) done(seq);
    options.onIdle();
  };

  const removeOld = (done: () => void): void => {
    const file = files.length > SNAPSHOTS_KEPT ? files.shift() : undefined;
    if (file === undefined) {
      done();
      return;
    }
    storage.remove(file.name, (error) => {
      if (error !== null) options.onError(error);
      else removeOld(done);
    });
  };

  return {
    request(done) {
      isRequested = true;
      if (done !== undefined) waiting.push(done);
    },
    take({ state, seq, chain }) {
      if (taken !== null || isWriting) return;
      const isDue = every > 0 && seq - lastSeq >= every;
      if (!isRequested && !isDue) return;
      const dones = waiting;
      waiting = [];
      isRequested = false;
      if (seq === lastSeq) {
        for (const done of dones) done(seq);
        return;
      }
      const content = writeSnapshot(state);
      const hash = stateHash(state);
      const bytes = encodeSnapshot({
        engineVersion,
        seq,
        genesis,
        chain,
        stateHash: hash,
        content,
      });
      taken = { seq, bytes, dones };
    },
    writeUpTo(durableSeq) {
      if (taken === null || taken.seq > durableSeq) return;
      const { seq, bytes, dones } = taken;
      taken = null;
      isWriting = true;
      options.onDurable?.(seq, bytes);
      const name = snapshotName(seq);
      storage.writeAtomically(name, bytes, (error) => {
        if (error !== null) {
          options.onError(error);
          return;
        }
        files = [...files.filter((file) => file.name !== name), { name, seq }];
        removeOld(() => finish(seq, dones));
      });
    },
    lastSeq: () => lastSeq,
    isBusy: () => isRequested || taken !== null || isWriting,
  };
}
