/**
 * Goes along the segments of a journal in order, checks every byte, and folds the commands into a
 * state. Knows at each point what has to come next: seq, chain hash and genesis.
 */
import { stateHash } from "../exchange/state-hash.ts";
import type { NamedFile } from "./file-name.ts";
import { type Fold, foldFrame } from "./fold.ts";
import { journalError } from "./journal-error.ts";
import {
  decodeSegmentHeader,
  equalBytes,
  type Frame,
  hasDataBehind,
  readFrame,
  SEGMENT_HEADER_BYTES,
  type SegmentHeader,
  segmentSalt,
} from "./segment.ts";
import type { Checkpoint, RejectedSnapshot } from "./snapshot-choice.ts";
import type { Storage } from "./storage.ts";

/** How far a replay has come. */
export interface ReplayProgress {
  readonly seq: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

/** A write that a crash cut short. */
export interface TornTail {
  readonly segment: string;
  readonly offset: number;
  readonly bytesCut: number;
}

/** A segment that frames are added to. */
export interface OpenSegment {
  readonly name: string;
  readonly salt: number;
  size: number;
}

/** What the walk along the segments knows. */
export interface Walk {
  readonly storage: Storage;
  readonly onProgress: ((progress: ReplayProgress) => void) | undefined;
  readonly engineVersion: number;
  readonly fold: Fold;
  /** Frames up to here are in the state already. */
  readonly baseSeq: number;
  readonly checkpoints: readonly Checkpoint[];
  /** Highest seq that a snapshot, sound or not, proves to have been durable. */
  readonly sealedSeq: number;
  readonly bytesTotal: number;
  bytesDone: number;
  /** Seq that the next frame or segment must begin with; null = not known. */
  nextSeq: number | null;
  genesis: Uint8Array | null;
  chain: Uint8Array | null;
  open: OpenSegment | null;
  tornTail: TornTail | null;
  replayedCount: number;
}

const PROGRESS_BYTES = 4 * 2 ** 20;
const REMEDY =
  "Put the file back from a copy, or start with another folder; nothing was changed here.";

/** Stops where the files do not reach back to where the replay has to begin. */
export function requireStart(
  walk: Walk,
  segments: readonly NamedFile[],
  rejected: readonly RejectedSnapshot[],
): void {
  const first = segments[0];
  const { place } = walk.storage;
  if (first === undefined) {
    if (walk.sealedSeq === 0) return;
    throw journalError(
      "journalCorrupt",
      `${place}: the journal has a snapshot of seq ${walk.sealedSeq} but no segment. ${REMEDY}`,
    );
  }
  if (first.seq <= walk.baseSeq + 1) return;
  const passedOver = rejected
    .map(({ name, problem }) => `${name} passed over: ${problem}; `)
    .join("");
  const begin =
    walk.baseSeq > 0 ? `the snapshot used ends at seq ${walk.baseSeq}` : "no snapshot is used";
  throw journalError(
    "journalCorrupt",
    `${place}: ${passedOver}${begin}, but the oldest segment ${first.name} begins at seq ${first.seq}: ` +
      `seq ${walk.baseSeq + 1} expected. ${REMEDY}`,
  );
}

/** Stops where a snapshot proves that commands behind the last frame once were durable. */
export function requireEnd(walk: Walk, seq: number, lastSegment: string): void {
  if (seq >= walk.sealedSeq) return;
  throw journalError(
    "journalCorrupt",
    `${walk.storage.place}: the journal ends at seq ${seq} in segment ${lastSegment}, offset ` +
      `${walk.open?.size ?? 0}: seq ${walk.sealedSeq} expected, of which a snapshot exists. ${REMEDY}`,
  );
}

function corrupt(walk: Walk, segment: string, offset: number, expected: string): Error {
  return journalError(
    "journalCorrupt",
    `${walk.storage.place}: segment ${segment}, offset ${offset}: ${expected}. ${REMEDY}`,
  );
}

/**
 * Checks a segment and takes its commands into the state; `skip` = its header only. Stands still
 * after each frame, so that whoever listens can keep up.
 */
export function* walkSegment(
  walk: Walk,
  file: NamedFile,
  { isLast, skip }: { isLast: boolean; skip: boolean },
): Generator<void, void> {
  const bytes = walk.storage.read(file.name, skip ? SEGMENT_HEADER_BYTES : undefined);
  const header = decodeSegmentHeader(bytes);
  if (typeof header === "string") throw corrupt(walk, file.name, 0, header);
  checkSegmentHeader(walk, file, header);
  walk.genesis = header.genesis;
  walk.chain = header.previousChain;
  walk.nextSeq = header.firstSeq;
  if (skip) {
    walk.nextSeq = null;
    walk.chain = null;
  } else {
    const end = yield* walkFrames(walk, { file, bytes, header, isLast });
    const isOurs = header.engineVersion === walk.engineVersion;
    walk.open = isOurs ? { name: file.name, salt: segmentSalt(header), size: end } : null;
  }
  walk.bytesDone += skip ? walk.storage.size(file.name) : bytes.length;
  progress(walk, walk.bytesDone);
}

function checkSegmentHeader(walk: Walk, file: NamedFile, header: SegmentHeader): void {
  const { genesis, chain, nextSeq } = walk;
  if (header.firstSeq !== file.seq) {
    throw corrupt(walk, file.name, 16, `seq ${file.seq} expected, as in the file's name`);
  }
  if (nextSeq !== null && header.firstSeq !== nextSeq) {
    throw corrupt(walk, file.name, 16, `seq ${nextSeq} expected: a segment before it is missing`);
  }
  if (genesis !== null && !equalBytes(header.genesis, genesis)) {
    throw corrupt(walk, file.name, 24, "the journal's own genesis expected: the file is foreign");
  }
  const expected =
    header.firstSeq === 1
      ? header.genesis
      : (chain ?? checkpointAt(walk, header.firstSeq - 1)?.chain);
  if (expected !== undefined && !equalBytes(header.previousChain, expected)) {
    throw corrupt(walk, file.name, 40, "the chain hash of the segment before expected");
  }
}

/** Goes along the frames of a segment; returns the offset behind the last sound one. */
function* walkFrames(
  walk: Walk,
  segment: { file: NamedFile; bytes: Uint8Array; header: SegmentHeader; isLast: boolean },
): Generator<void, number> {
  const { bytes, header } = segment;
  const salt = segmentSalt(header);
  let offset = SEGMENT_HEADER_BYTES;
  let reported = 0;
  while (offset < bytes.length) {
    const frame = readFrame(bytes, offset, salt);
    if (typeof frame === "string") {
      endAtBadFrame(walk, segment, { offset, problem: frame, salt });
      return offset;
    }
    takeFrame(walk, segment, frame);
    yield;
    offset = frame.end;
    if (offset - reported > PROGRESS_BYTES) {
      reported = offset;
      progress(walk, walk.bytesDone + offset);
    }
  }
  return offset;
}

/** A torn tail ends the walk; anything else that is bad stops the start. */
function endAtBadFrame(
  walk: Walk,
  segment: { file: NamedFile; bytes: Uint8Array; isLast: boolean },
  bad: { offset: number; problem: string; salt: number },
): void {
  const { file, bytes, isLast } = segment;
  const { offset, problem, salt } = bad;
  const wasDurable = (walk.nextSeq as number) <= walk.sealedSeq;
  if (!isLast || wasDurable || hasDataBehind(bytes, offset, salt)) {
    throw corrupt(walk, file.name, offset, `${problem} (seq ${walk.nextSeq})`);
  }
  walk.tornTail = { segment: file.name, offset, bytesCut: bytes.length - offset };
}

function takeFrame(
  walk: Walk,
  segment: { file: NamedFile; bytes: Uint8Array; header: SegmentHeader },
  frame: Frame,
): void {
  const { name } = segment.file;
  const { offset } = frame;
  if (frame.firstSeq !== walk.nextSeq || frame.recordCount === 0) {
    throw corrupt(walk, name, offset, `a frame from seq ${walk.nextSeq} expected`);
  }
  if (walk.chain !== null && !equalBytes(frame.previousChain, walk.chain)) {
    throw corrupt(walk, name, offset, "the chain hash of the frame before expected");
  }
  const frameSeq = frame.firstSeq + frame.recordCount - 1;
  if (frameSeq > walk.baseSeq) {
    if (frame.firstSeq <= walk.baseSeq) {
      throw corrupt(walk, name, offset, `a frame that ends at seq ${walk.baseSeq} expected`);
    }
    requireEngine(walk, name, segment.header.engineVersion);
    const problem = foldFrame(walk.fold, segment.bytes, frame);
    if (problem !== null) throw corrupt(walk, name, offset, problem);
    walk.replayedCount += frame.recordCount;
  }
  walk.nextSeq = frameSeq + 1;
  walk.chain = frame.chain;
  compareCheckpoint(walk, name, frame, frameSeq);
}

function requireEngine(walk: Walk, segment: string, found: number): void {
  if (found === walk.engineVersion) return;
  throw journalError(
    "journalVersion",
    `${walk.storage.place}: segment ${segment} was written by engine version ${found}, this is ` +
      `version ${walk.engineVersion}: its commands may lead to another state here. Start the former ` +
      "version once and stop it in order (it leaves a snapshot at the last command), or use another folder.",
  );
}

const checkpointAt = (walk: Walk, seq: number): Checkpoint | undefined =>
  walk.checkpoints.find((candidate) => candidate.seq === seq);

/** A snapshot taken at this frame must belong to this history and to the replayed state. */
function compareCheckpoint(walk: Walk, segment: string, frame: Frame, seq: number): void {
  const checkpoint = checkpointAt(walk, seq);
  if (checkpoint === undefined) return;
  if (!equalBytes(checkpoint.chain, frame.chain)) {
    throw corrupt(
      walk,
      segment,
      frame.offset,
      `the chain hash in ${checkpoint.name} expected: snapshot and segment are of two histories`,
    );
  }
  if (seq <= walk.baseSeq || checkpoint.engineVersion !== walk.engineVersion) return;
  const hash = stateHash(walk.fold.state);
  if (hash === checkpoint.stateHash) return;
  throw journalError(
    "journalDiverged",
    `${walk.storage.place}: replay to seq ${seq} (segment ${segment}, offset ${frame.offset}) gives ` +
      `state ${hash}, ${checkpoint.name} says ${checkpoint.stateHash}: this engine is not the one that ` +
      "wrote the journal. Start the version that wrote it, or use another folder.",
  );
}

function progress(walk: Walk, bytesDone: number): void {
  walk.onProgress?.({
    seq: (walk.nextSeq ?? 1) - 1,
    bytesDone,
    bytesTotal: walk.bytesTotal,
  });
}
