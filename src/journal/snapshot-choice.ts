import { lastSeq } from "../exchange/query.ts";
import { restoreSnapshot } from "../exchange/snapshot.ts";
import type { ExchangeState } from "../exchange/state.ts";
import { stateHash } from "../exchange/state-hash.ts";
import { snapshotsAmong } from "./file-name.ts";
import { decodeSnapshot, type Snapshot } from "./snapshot-file.ts";
import type { Storage } from "./storage.ts";

/** A snapshot whose file is sound, without its content. */
export interface Checkpoint {
  readonly name: string;
  readonly seq: number;
  readonly engineVersion: number;
  readonly genesis: Uint8Array;
  readonly chain: Uint8Array;
  readonly stateHash: string;
}

/** A snapshot that was passed over, and why. */
export interface RejectedSnapshot {
  readonly name: string;
  readonly problem: string;
}

/** All snapshots of a journal. */
export interface Snapshots {
  /** Newest first. */
  readonly sound: readonly Checkpoint[];
  readonly rejected: RejectedSnapshot[];
}

/** A state to begin with. */
export interface Base extends Checkpoint {
  readonly state: ExchangeState;
}

/** Looks at every snapshot file; contents are not kept. */
export function readSnapshots(storage: Storage): Snapshots {
  const sound: Checkpoint[] = [];
  const rejected: RejectedSnapshot[] = [];
  for (const { name, seq } of snapshotsAmong(storage.list()).reverse()) {
    const snapshot = decodeSnapshot(storage.read(name));
    if (typeof snapshot === "string") {
      rejected.push({ name, problem: snapshot });
    } else if (snapshot.seq !== seq) {
      rejected.push({ name, problem: `it holds seq ${snapshot.seq}` });
    } else {
      const { engineVersion, genesis, chain, stateHash: hash } = snapshot;
      sound.push({ name, seq, engineVersion, genesis, chain, stateHash: hash });
    }
  }
  return { sound, rejected };
}

/** The newest snapshot up to `seqMax` whose content gives the state it names; null = none. */
export function chooseBase(
  storage: Storage,
  snapshots: Snapshots,
  { engineVersion, seqMax }: { engineVersion: number; seqMax?: number | undefined },
): Base | null {
  for (const checkpoint of snapshots.sound) {
    if (seqMax !== undefined && checkpoint.seq > seqMax) continue;
    const snapshot = decodeSnapshot(storage.read(checkpoint.name)) as Snapshot;
    const state = restoredState(snapshot, engineVersion);
    if (typeof state !== "string") return { ...checkpoint, state };
    snapshots.rejected.push({ name: checkpoint.name, problem: state });
  }
  return null;
}

function restoredState(snapshot: Snapshot, engineVersion: number): ExchangeState | string {
  let state: ExchangeState;
  try {
    state = restoreSnapshot(snapshot.content);
  } catch (error) {
    // Another engine version may lay out its state in a way that this one refuses; an older
    // snapshot or the whole journal may still do.
    return `this engine cannot read its state: ${error instanceof Error ? error.message : error}`;
  }
  if (lastSeq(state) !== snapshot.seq) return `its state is at seq ${lastSeq(state)}`;
  // The state hash of another engine version may be computed otherwise: the checksum has to do.
  if (snapshot.engineVersion !== engineVersion) return state;
  const hash = stateHash(state);
  return hash === snapshot.stateHash
    ? state
    : `its state has hash ${hash}, not ${snapshot.stateHash}`;
}
