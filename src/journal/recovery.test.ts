import { expect, test } from "vitest";
import { createReference, createWorkload, openTestJournal } from "../../test/journal/workload.ts";
import { OperationalError } from "../base/operational-error.ts";
import { createCommandRecord } from "../exchange/command.ts";
import { stateHash } from "../exchange/state-hash.ts";
import { segmentsAmong, snapshotsAmong } from "./file-name.ts";
import { describeRecovery, type JournalOptions } from "./open-journal.ts";
import { recoverJournal } from "./recovery.ts";
import { replayJournal } from "./replay.ts";
import {
  decodeSegmentHeader,
  FRAME_HEADER_BYTES,
  SEGMENT_HEADER_BYTES,
  type SegmentHeader,
  sealFrame,
  segmentSalt,
} from "./segment.ts";
import { createSimulatedDisk, type SimulatedDisk } from "./simulated-disk.ts";
import { decodeSnapshot, encodeSnapshot, type Snapshot } from "./snapshot-file.ts";

/** A settled journal of `count` commands, one a frame, and the hash after each. */
function journalOf(
  count: number,
  options: Partial<JournalOptions> = {},
): { disk: SimulatedDisk; hashes: string[] } {
  const disk = createSimulatedDisk({ seed: 1 });
  const { sequencer } = openTestJournal(disk, options);
  const hashes = feed(disk, sequencer, count);
  return { disk: disk.crashedCopy(1), hashes };
}

function feed(
  disk: SimulatedDisk,
  sequencer: ReturnType<typeof openTestJournal>["sequencer"],
  count: number,
): string[] {
  const next = createWorkload(4);
  const record = createCommandRecord();
  const reference = createReference();
  for (let i = 0; i < count; i++) {
    next(record);
    sequencer.submit(record);
    reference.apply(record);
    disk.settle();
  }
  return reference.hashes;
}

const segments = (disk: SimulatedDisk): string[] => segmentsAmong(disk.list()).map((f) => f.name);
const snapshots = (disk: SimulatedDisk): string[] => snapshotsAmong(disk.list()).map((f) => f.name);
const last = (names: readonly string[]): string => names.at(-1) as string;
const flip = (at: number) => (bytes: Uint8Array) => {
  bytes[at] = (bytes[at] as number) ^ 1;
  return bytes;
};

function failureOf(run: () => unknown): OperationalError {
  try {
    run();
  } catch (error) {
    // The failure is what these tests look at.
    if (error instanceof OperationalError) return error;
    throw error;
  }
  throw new Error("an operational error was expected");
}

/** Offset of the last frame of a segment. */
function lastFrameAt(disk: SimulatedDisk, name: string): number {
  const bytes = disk.read(name);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let at = SEGMENT_HEADER_BYTES; ; ) {
    const end = at + FRAME_HEADER_BYTES + view.getUint32(at + 4, true);
    if (end >= bytes.length) return at;
    at = end;
  }
}

test("an empty place gives a new journal", () => {
  const recovery = recoverJournal(createSimulatedDisk({ seed: 1 }));
  expect(recovery.report).toMatchObject({
    seq: 0,
    segmentCount: 0,
    snapshot: null,
    tornTail: null,
  });
  expect(recovery.end.genesis).toHaveLength(16);
  expect(describeRecovery(recovery.report)).toEqual(["new journal"]);
});

test("a tail torn at any byte of the last frame is cut and reported, and the journal goes on", () => {
  const { disk, hashes } = journalOf(12, { segmentBytes: 1_000 });
  const name = last(segments(disk));
  const offset = lastFrameAt(disk, name);
  const size = disk.size(name);
  expect(segments(disk).length).toBeGreaterThan(1);
  expect(size - offset).toBeGreaterThan(FRAME_HEADER_BYTES + 100);
  for (let length = offset; length < size; length++) {
    const torn = disk.crashedCopy(1);
    torn.damage(name, (bytes) => bytes.slice(0, length));
    const { sequencer, report } = openTestJournal(torn);
    expect(report.seq).toBe(11);
    expect(stateHash(sequencer.state)).toBe(hashes[11]);
    const cut = { segment: name, offset, bytesCut: length - offset };
    expect(report.tornTail).toEqual(length === offset ? null : cut);
    expect(torn.size(name)).toBe(offset);
  }
});

test("after a cut the journal goes on where it was cut", () => {
  const { disk } = journalOf(12);
  disk.damage(last(segments(disk)), (bytes) => bytes.slice(0, -5));
  const { sequencer, report } = openTestJournal(disk);
  expect(describeRecovery(report)[0]).toMatch(
    /unfinished write cut off: segment .*, offset \d+, \d+ bytes/,
  );
  const record = createCommandRecord();
  const next = createWorkload(9);
  for (let i = 0; i < 20; i++) {
    next(record);
    sequencer.submit(record);
  }
  disk.settle();
  const replay = replayJournal(disk);
  expect([replay.seq, replay.hash]).toEqual([31, stateHash(sequencer.state)]);
  expect(replay.report.tornTail).toBe(null);
});

test("a last frame that is longer than its file or all zeros is a torn tail", () => {
  const { disk } = journalOf(5);
  const name = last(segments(disk));
  const offset = lastFrameAt(disk, name);
  disk.damage(name, (bytes) => bytes.fill(0, offset));
  expect(replayJournal(disk).report).toMatchObject({ seq: 4, tornTail: { segment: name, offset } });
});

test("a replay that only looks cuts nothing", () => {
  const { disk } = journalOf(5);
  const name = last(segments(disk));
  disk.damage(name, (bytes) => bytes.slice(0, -1));
  const size = disk.size(name);
  expect(replayJournal(disk).seq).toBe(4);
  expect(disk.size(name)).toBe(size);
});

test("a bad last frame is no torn tail where a snapshot proves that it was durable", () => {
  const { disk } = journalOf(20, { snapshotEvery: 10 });
  const name = last(segments(disk));
  disk.damage(name, (bytes) => bytes.slice(0, -1));
  const error = failureOf(() => openTestJournal(disk));
  expect(error.code).toBe("journalCorrupt");
  expect(error.message).toContain(`segment ${name}, offset ${lastFrameAt(disk, name)}: a frame of`);
});

test("a journal that ends before its snapshot stops the start", () => {
  const { disk } = journalOf(20, { snapshotEvery: 10 });
  const name = last(segments(disk));
  disk.damage(name, (bytes) => bytes.slice(0, lastFrameAt(disk, name)));
  expect(failureOf(() => openTestJournal(disk)).message).toMatch(
    /ends at seq 19 in segment .*seq 20 expected, of which a snapshot exists/,
  );
});

test("a failed start changes no byte and gives the place back", () => {
  const { disk } = journalOf(40, { segmentBytes: 1_000 });
  disk.damage(segments(disk)[1] as string, flip(300));
  const before = disk.list().map((name) => disk.read(name));
  for (let i = 0; i < 2; i++)
    expect(failureOf(() => openTestJournal(disk)).code).toBe("journalCorrupt");
  expect(disk.list().map((name) => disk.read(name))).toEqual(before);
});

test.each([
  [
    "missing",
    (names: string[], disk: SimulatedDisk) => disk.remove(names[1] as string, () => undefined),
    2,
    "a segment before it is missing",
  ],
  [
    "of another journal",
    (names: string[], disk: SimulatedDisk) => {
      const other = journalOf(40, { segmentBytes: 1_000, genesis: new Uint8Array(16).fill(9) });
      disk.damage(names[1] as string, () => other.disk.read(names[1] as string));
    },
    1,
    "the file is foreign",
  ],
  [
    "cut at a frame's end",
    (names: string[], disk: SimulatedDisk) => {
      disk.damage(names[1] as string, (bytes) =>
        bytes.slice(0, lastFrameAt(disk, names[1] as string)),
      );
    },
    2,
    "a segment before it is missing",
  ],
  [
    "empty",
    (names: string[], disk: SimulatedDisk) =>
      disk.damage(names[1] as string, () => new Uint8Array(0)),
    1,
    "a segment header of 64 bytes expected",
  ],
])("a segment that is %s stops the start and is named", (_, harm, named, words) => {
  const { disk } = journalOf(40, { segmentBytes: 1_000 });
  const names = segments(disk);
  harm(names, disk);
  disk.settle();
  const error = failureOf(() => openTestJournal(disk));
  expect(error.message).toContain(words);
  expect(error.message).toContain(`segment ${names[named]}, offset`);
  expect(error.message).toContain("Put the file back from a copy");
});

test("a history that was written twice does not pass for one", () => {
  const first = journalOf(40, { segmentBytes: 1_000 }).disk;
  // The same genesis, other commands: the second segment is sound in itself.
  const other = createSimulatedDisk({ seed: 2 });
  const { sequencer } = openTestJournal(other, {
    segmentBytes: 1_000,
    clock: { nowMs: () => 1_800_000_000_000 as never },
  });
  feed(other, sequencer, 40);
  const name = segments(first)[1] as string;
  first.damage(name, () => other.read(name));
  expect(failureOf(() => openTestJournal(first)).message).toMatch(
    /the chain hash of the segment before expected/,
  );
});

test("bytes that a client chose do not pass for a frame behind a torn one", () => {
  const { disk } = journalOf(12);
  const name = last(segments(disk));
  const planted = lastFrameAt(disk, name) + FRAME_HEADER_BYTES + 8;
  const plant = (salt: number): SimulatedDisk => {
    const frame = new Uint8Array(FRAME_HEADER_BYTES);
    sealFrame(frame, { recordCount: 1, firstSeq: 13, previousChain: new Uint8Array(16), salt });
    const harmed = disk.crashedCopy(1);
    harmed.damage(name, (bytes) => {
      bytes.set(frame, planted);
      return bytes;
    });
    return harmed;
  };
  const salt = segmentSalt(decodeSegmentHeader(disk.read(name)) as SegmentHeader);
  expect(openTestJournal(plant(0)).report.tornTail).not.toBe(null);
  // With the salt the same bytes count as proof that a frame stood behind.
  expect(failureOf(() => openTestJournal(plant(salt))).code).toBe("journalCorrupt");
});

test("the start takes the newest snapshot and replays the rest", () => {
  const { disk, hashes } = journalOf(47, { snapshotEvery: 10, segmentBytes: 1_000 });
  expect(snapshots(disk)).toEqual([
    "snapshot-0000000000000030.bin",
    "snapshot-0000000000000040.bin",
  ]);
  const { report, sequencer } = openTestJournal(disk);
  expect(report).toMatchObject({ snapshot: { seq: 40 }, replayedCount: 7, seq: 47 });
  expect(stateHash(sequencer.state)).toBe(hashes[47]);
  const tail = recoverJournal(disk, { verify: "tail" });
  expect(stateHash(tail.state)).toBe(hashes[47]);
  expect(tail.end.chain).toEqual(recoverJournal(disk).end.chain);
});

test("with only the tail read, damage before the snapshot is not looked at", () => {
  const { disk, hashes } = journalOf(47, { snapshotEvery: 10, segmentBytes: 1_000 });
  disk.damage(segments(disk)[0] as string, flip(400));
  expect(stateHash(recoverJournal(disk, { verify: "tail" }).state)).toBe(hashes[47]);
  expect(failureOf(() => recoverJournal(disk)).code).toBe("journalCorrupt");
});

test("a damaged newest snapshot falls back to the one before, then to the first command", () => {
  const { disk, hashes } = journalOf(47, { snapshotEvery: 10 });
  const [older, newest] = snapshots(disk) as [string, string];
  disk.damage(newest, flip(500));
  const first = openTestJournal(disk.crashedCopy(1));
  expect(first.report).toMatchObject({ snapshot: { seq: 30 }, replayedCount: 17 });
  expect(first.report.rejectedSnapshots).toEqual([
    { name: newest, problem: "its content's checksum does not match" },
  ]);
  expect(describeRecovery(first.report)[0]).toContain(`snapshot ${newest} passed over`);
  disk.damage(older, (bytes) => bytes.slice(0, 50));
  const second = openTestJournal(disk);
  expect(second.report).toMatchObject({ snapshot: null, replayedCount: 47 });
  expect(stateHash(second.sequencer.state)).toBe(hashes[47]);
  // The next snapshots take the places of the damaged ones.
  let done = 0;
  second.sequencer.requestSnapshot((seq) => {
    done = seq;
  });
  disk.settle();
  expect(done).toBe(47);
  expect(snapshots(disk)).toEqual([newest, "snapshot-0000000000000047.bin"]);
});

test("a snapshot whose state does not have the hash it names is passed over", () => {
  const { disk } = journalOf(25, { snapshotEvery: 10 });
  const [older, newest] = snapshots(disk) as [string, string];
  const states = [older, newest].map((name) => decodeSnapshot(disk.read(name)) as Snapshot);
  disk.damage(newest, () =>
    encodeSnapshot({ ...(states[1] as Snapshot), content: (states[0] as Snapshot).content }),
  );
  expect(recoverJournal(disk).report.rejectedSnapshots[0]?.problem).toBe("its state is at seq 10");
});

test("a replay that gives another state than a snapshot recorded stops the start", () => {
  const { disk } = journalOf(25, { snapshotEvery: 10 });
  const [older, newest] = snapshots(disk) as [string, string];
  const snapshot = decodeSnapshot(disk.read(newest)) as Snapshot;
  disk.damage(newest, () => encodeSnapshot({ ...snapshot, stateHash: "0".repeat(32) }));
  const error = failureOf(() => openTestJournal(disk));
  expect(error.code).toBe("journalDiverged");
  expect(error.message).toMatch(/replay to seq 20 \(segment .*, offset \d+\) gives state/);
  expect(older).toContain("10");
});

test("from the first command, the events of all commands are seen and snapshots compared", () => {
  const { disk, hashes } = journalOf(47, { snapshotEvery: 10, segmentBytes: 1_000 });
  const seqs = new Set<number>();
  const progress: number[] = [];
  const { state, report } = recoverJournal(disk, {
    from: "start",
    listener: (ring, from, to) => {
      for (let i = from; i < to; i++) seqs.add(ring.lanes[(i % ring.capacity) * 20 + 1] as number);
    },
    onProgress: ({ bytesDone, bytesTotal }) => progress.push(bytesDone / bytesTotal),
  });
  expect(report).toMatchObject({ snapshot: null, replayedCount: 47 });
  expect(stateHash(state)).toBe(hashes[47]);
  expect(Math.max(...seqs)).toBe(47);
  expect(progress).toHaveLength(segments(disk).length);
  expect(progress.at(-1)).toBe(1);
});

test("another engine version starts from a snapshot of the last command, and from nothing else", () => {
  const { disk } = journalOf(25, { snapshotEvery: 10 });
  const error = failureOf(() => openTestJournal(disk.crashedCopy(1), { engineVersion: 2 }));
  expect(error.code).toBe("journalVersion");
  expect(error.message).toContain("was written by engine version 1, this is version 2");
  const { sequencer } = openTestJournal(disk, { snapshotAtClose: true });
  sequencer.close(() => undefined);
  disk.settle();
  const upgraded = openTestJournal(disk, { engineVersion: 2 });
  expect(upgraded.report).toMatchObject({ snapshot: { seq: 25 }, replayedCount: 0 });
  const record = createCommandRecord();
  createWorkload(1)(record);
  upgraded.sequencer.submit(record);
  disk.settle();
  expect(segments(disk)).toHaveLength(2);
  const again = openTestJournal(disk.crashedCopy(1), { engineVersion: 2 });
  expect(again.report).toMatchObject({ seq: 26, replayedCount: 1 });
});

test("a snapshot without any segment stops the start", () => {
  const { disk } = journalOf(20, { snapshotEvery: 10 });
  disk.remove(segments(disk)[0] as string, () => undefined);
  disk.settle();
  expect(failureOf(() => openTestJournal(disk)).message).toContain(
    "a snapshot of seq 20 but no segment",
  );
});
