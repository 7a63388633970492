/**
 * Reads a journal back: the newest sound snapshot, then every command behind it.
 *
 * What a crash can leave is mended: the last frame of the last segment, written in part and never
 * answered, is cut off and reported. Everything else that is not as it was written stops the start
 * with an error that names the segment, the offset, what was expected and what to do; nothing that
 * may have been answered is dropped.
 */
import { randomBytes } from "node:crypto";
import { lastTimeMs } from "../exchange/query.ts";
import { createExchange, ENGINE_VERSION, type ExchangeState } from "../exchange/state.ts";
import { type NamedFile, segmentsAmong, snapshotsAmong } from "./file-name.ts";
import { createFold, type RingListener } from "./fold.ts";
import { HASH_BYTES } from "./segment.ts";
import {
  type OpenSegment,
  type ReplayProgress,
  requireEnd,
  requireStart,
  type TornTail,
  type Walk,
  walkSegment,
} from "./segment-walk.ts";
import { chooseBase, type RejectedSnapshot, readSnapshots } from "./snapshot-choice.ts";
import type { Storage } from "./storage.ts";

/** How to read a journal back. */
export interface RecoveryOptions {
  /** Where to begin: at the newest sound snapshot, or at the first command. */
  readonly from?: "snapshot" | "start";
  /** No snapshot behind this seq is begun with: a listener knows nothing of what lies before one. */
  readonly snapshotSeqMax?: number | undefined;
  /** Which segments are read: all, or only those that hold commands behind the snapshot. */
  readonly verify?: "all" | "tail";
  /** Whether a torn tail is cut off the file, or only reported. */
  readonly repair?: boolean;
  /** Sees the events of every command that is replayed, frame by frame. */
  readonly listener?: RingListener | undefined;
  /** Called now and then, at least once a segment. */
  readonly onProgress?: ((progress: ReplayProgress) => void) | undefined;
  readonly engineVersion?: number;
  /** Identity of the journal where it is new; 16 bytes, random by default. */
  readonly genesis?: Uint8Array | undefined;
}

/** What was found and done. */
export interface RecoveryReport {
  /** The snapshot that the replay began with; null = the first command. */
  readonly snapshot: { readonly name: string; readonly seq: number } | null;
  readonly rejectedSnapshots: readonly RejectedSnapshot[];
  readonly tornTail: TornTail | null;
  readonly segmentCount: number;
  readonly replayedCount: number;
  /** Last command; 0 = none. */
  readonly seq: number;
}

/** Where the next frame goes. */
export interface JournalEnd {
  readonly seq: number;
  readonly timeMs: number;
  readonly genesis: Uint8Array;
  readonly chain: Uint8Array;
  /** The segment to go on with; null = begin another. */
  readonly segment: OpenSegment | null;
  /** Snapshots on disk: rejected ones, then sound ones, oldest first. */
  readonly snapshots: readonly NamedFile[];
}

/** A journal read back. */
export interface Recovery {
  readonly state: ExchangeState;
  readonly end: JournalEnd;
  readonly report: RecoveryReport;
}

/** Reads the journal in `storage` into a fresh state; an empty place gives the state before seq 1. */
export function recoverJournal(storage: Storage, options: RecoveryOptions = {}): Recovery {
  const steps = recoverySteps(storage, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same in steps of a frame each, for those that have to wait now and then for their listener. */
export function* recoverySteps(
  storage: Storage,
  options: RecoveryOptions = {},
): Generator<void, Recovery> {
  const names = storage.list();
  const segments = segmentsAmong(names);
  const engineVersion = options.engineVersion ?? ENGINE_VERSION;
  const snapshots = readSnapshots(storage);
  const base =
    options.from === "start"
      ? null
      : chooseBase(storage, snapshots, { engineVersion, seqMax: options.snapshotSeqMax });
  const baseSeq = base?.seq ?? 0;
  const walk: Walk = {
    storage,
    onProgress: options.onProgress,
    engineVersion,
    fold: createFold(base?.state ?? createExchange(), options.listener),
    baseSeq,
    checkpoints: snapshots.sound,
    sealedSeq: snapshotsAmong(names).at(-1)?.seq ?? 0,
    bytesTotal: segments.reduce((sum, { name }) => sum + storage.size(name), 0),
    bytesDone: 0,
    nextSeq: null,
    genesis: base?.genesis ?? null,
    chain: null,
    open: null,
    tornTail: null,
    replayedCount: 0,
  };
  requireStart(walk, segments, snapshots.rejected);
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    const covered = next !== undefined && next.seq <= baseSeq + 1;
    yield* walkSegment(walk, segment, {
      isLast: next === undefined,
      skip: covered && options.verify === "tail",
    });
  }
  const seq = (walk.nextSeq ?? 1) - 1;
  requireEnd(walk, seq, segments.at(-1)?.name ?? "");
  const { tornTail } = walk;
  if (tornTail !== null && options.repair !== false) {
    storage.truncate(tornTail.segment, tornTail.offset);
  }
  const genesis = walk.genesis ?? options.genesis ?? randomBytes(HASH_BYTES);
  return {
    state: walk.fold.state,
    end: {
      seq,
      timeMs: lastTimeMs(walk.fold.state),
      genesis,
      chain: walk.chain ?? genesis,
      segment: walk.open,
      snapshots: rankedSnapshots(names, snapshots.rejected),
    },
    report: {
      snapshot: base === null ? null : { name: base.name, seq: base.seq },
      rejectedSnapshots: snapshots.rejected,
      tornTail,
      segmentCount: segments.length,
      replayedCount: walk.replayedCount,
      seq,
    },
  };
}

function rankedSnapshots(
  names: readonly string[],
  rejected: readonly RejectedSnapshot[],
): NamedFile[] {
  const isRejected = ({ name }: NamedFile): boolean =>
    rejected.some((other) => other.name === name);
  const files = snapshotsAmong(names);
  return [...files.filter(isRejected), ...files.filter((file) => !isRejected(file))];
}
