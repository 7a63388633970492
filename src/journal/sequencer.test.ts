import { expect, test } from "vitest";
import { createReference, createWorkload, openTestJournal } from "../../test/journal/workload.ts";
import type { OperationalError } from "../base/operational-error.ts";
import { beginCommand, COMMAND, createCommandRecord, HEADER } from "../exchange/command.ts";
import { readEvents } from "../exchange/event-codec.ts";
import { stateHash } from "../exchange/state-hash.ts";
import { replayJournal } from "./replay.ts";
import { SEGMENT_HEADER_BYTES } from "./segment.ts";
import { createSimulatedDisk } from "./simulated-disk.ts";
import { isTickDue, tick } from "./tick.ts";

const record = createCommandRecord();

test("what was written comes back: same seq, same hash as a plain fold", () => {
  const disk = createSimulatedDisk({ seed: 1 });
  const { sequencer } = openTestJournal(disk);
  const next = createWorkload(1);
  const reference = createReference();
  for (let i = 0; i < 300; i++) {
    next(record);
    expect(sequencer.submit(record)).toBe(i + 1);
    reference.apply(record);
    if (i % 7 === 0) disk.step();
  }
  disk.settle();
  expect(sequencer.durableSeq).toBe(300);
  expect(stateHash(sequencer.state)).toBe(reference.hashes[300]);
  const replay = replayJournal(disk);
  expect([replay.seq, replay.hash]).toEqual([300, reference.hashes[300]]);
});

test("seq goes up by one; time follows the clock and never goes back", () => {
  const times = [5, 9, 7, 7, 12];
  const disk = createSimulatedDisk({ seed: 1 });
  const { sequencer } = openTestJournal(disk, { clock: { nowMs: () => times.shift() as never } });
  const stamps: number[][] = [];
  for (let i = 0; i < 5; i++) {
    tick(sequencer);
    beginCommand(record, COMMAND.tick, 0);
  }
  sequencer.whenDurable(() => stamps.push([sequencer.durableSeq]));
  disk.settle();
  expect(stamps).toEqual([[5]]);
  const seen: number[][] = [];
  const { sequencer: again } = openTestJournal(disk.crashedCopy(1), {
    clock: { nowMs: () => 3 as never },
  });
  again.submit(record, ({ seq, timeMs }) => seen.push([seq, timeMs]));
  expect(record.lanes[HEADER.seq]).toBe(6);
  expect(record.lanes[HEADER.timeMs]).toBe(12);
});

test("one write is in flight; what comes in meanwhile is one group", () => {
  const disk = createSimulatedDisk({ seed: 1 });
  const { sequencer } = openTestJournal(disk);
  const ends: number[] = [];
  sequencer.subscribe(() => ends.push(sequencer.durableSeq));
  tick(sequencer);
  for (let i = 0; i < 100; i++) tick(sequencer);
  // The segment's file, then append and sync of the first group.
  for (let i = 0; i < 3; i++) expect(disk.step()).toBe(true);
  expect(sequencer.durableSeq).toBe(1);
  for (let i = 0; i < 10; i++) tick(sequencer);
  expect(disk.settle()).toBe(4);
  expect(sequencer.durableSeq).toBe(111);
  expect(sequencer.report().groups).toBe(3);
  expect(sequencer.appliedSeq).toBe(111);
});

test("state is ahead at once; subscribers and callbacks wait for the sync", () => {
  const disk = createSimulatedDisk({ seed: 1 });
  const { sequencer } = openTestJournal(disk);
  const seen: string[] = [];
  const next = createWorkload(1);
  sequencer.subscribe((ring, from, to) => {
    seen.push(`first ${readEvents(ring, from, to).map(({ seq }) => seq)}`);
  });
  const stop = sequencer.subscribe(() => seen.push("second"));
  const submit = (): void => {
    next(record);
    sequencer.submit(record, (release) => {
      const events = readEvents(release.ring, release.from, release.to);
      seen.push(`released ${release.seq}: ${events.map(({ kind }) => kind)}`);
    });
  };
  submit();
  submit();
  submit();
  sequencer.whenDurable(() => seen.push("durable 3"));
  expect(sequencer.appliedSeq).toBe(3);
  disk.step();
  disk.step();
  expect(seen).toEqual([]);
  disk.step();
  expect(seen).toEqual(["first 1", "second", "released 1: marketCreated"]);
  disk.settle();
  expect(seen.slice(3)).toEqual([
    "first 2,3,3",
    "second",
    "released 2: oracleMoved",
    "released 3: accountOpened,deposited",
    "durable 3",
  ]);
  stop();
  submit();
  disk.settle();
  expect(seen.slice(8)).toEqual(["first 4,4", "released 4: accountOpened,deposited"]);
});

test("what is durable runs at once; in a delivery it runs after the callbacks before it", () => {
  const disk = createSimulatedDisk({ seed: 1 });
  const { sequencer } = openTestJournal(disk);
  const seen: string[] = [];
  sequencer.whenDurable(() => seen.push("nothing yet"));
  expect(seen).toEqual(["nothing yet"]);
  const stop = sequencer.subscribe(() =>
    sequencer.whenDurable(() => seen.push("asked by listener")),
  );
  tick(sequencer);
  beginCommand(record, COMMAND.tick, 0);
  disk.settle();
  stop();
  sequencer.submit(record, () => sequencer.whenDurable(() => seen.push("asked in reply")));
  sequencer.submit(record, () => seen.push("second reply"));
  disk.settle();
  expect(seen.slice(1)).toEqual(["asked by listener", "second reply", "asked in reply"]);
});

test("a callback may submit, and its command is released in turn", () => {
  const disk = createSimulatedDisk({ seed: 1 });
  const { sequencer } = openTestJournal(disk);
  const own = createCommandRecord(0);
  const seqs: number[] = [];
  const again = ({ seq }: { seq: number }): void => {
    seqs.push(seq);
    if (seq < 50) {
      beginCommand(own, COMMAND.tick, 0);
      sequencer.submit(own, again);
    }
  };
  beginCommand(own, COMMAND.tick, 0);
  sequencer.submit(own, again);
  sequencer.submit(own, again);
  disk.settle();
  expect(seqs).toEqual(Array.from({ length: 51 }, (_, i) => i + 1));
  expect(replayJournal(disk).hash).toBe(stateHash(sequencer.state));
});

test.each([
  ["commands", { commandsMax: 10 }, 10],
  ["bytes", { bytesMax: 20 * 56 + 140 }, 20],
  ["events", { eventsMax: 8 }, 7],
])("sheds load at the bound in %s and takes it up again", (what, bounds, expected) => {
  const disk = createSimulatedDisk({ seed: 1 });
  const { sequencer } = openTestJournal(disk, bounds);
  const next = createWorkload(1);
  const submit = (): number | null => {
    // Deposits have two events each; ticks are of the least length.
    if (what !== "events") return tick(sequencer);
    next(record);
    return sequencer.submit(record);
  };
  let taken = 0;
  while (taken < 1_000 && submit() !== null) taken += 1;
  expect(Math.abs(taken - expected)).toBeLessThanOrEqual(2);
  expect(sequencer.report().shed).toBe(1);
  disk.settle();
  expect(sequencer.durableSeq).toBe(taken);
  expect(submit()).toBe(taken + 1);
});

/** A stopwatch that stands where it was put [ms]. */
function createHandStopwatch() {
  const hand = { ms: 0, looks: 0 };
  const elapsedMs = (): number => {
    hand.looks += 1;
    return hand.ms;
  };
  return { hand, stopwatch: { elapsedMs } };
}

test("delays are timed from submit to durable, groups are counted [ms]", () => {
  const disk = createSimulatedDisk({ seed: 1 });
  const { hand, stopwatch } = createHandStopwatch();
  const { sequencer } = openTestJournal(disk, { stopwatch });
  expect(sequencer.report()).toMatchObject({ delayMs: null, groupSize: null, waitedMs: 0 });
  tick(sequencer);
  hand.ms = 2;
  for (let i = 0; i < 3; i++) tick(sequencer);
  hand.ms = 5;
  expect(sequencer.report()).toMatchObject({ waiting: 4, waitedMs: 5, groups: 0 });
  while (sequencer.durableSeq === 0) disk.step();
  expect(sequencer.report()).toMatchObject({ waiting: 3, waitedMs: 3 });
  hand.ms = 12;
  disk.settle();
  // One command waited for 5 ms, three for 10 ms.
  expect(sequencer.report()).toMatchObject({
    groups: 2,
    waiting: 0,
    waitedMs: 0,
    slowGroups: 0,
    delayMs: { p50: 10, p99: 10, max: 10 },
    groupSize: { p50: 1, max: 3 },
  });
});

test("a large group is timed in part, and every command of it counts", () => {
  const disk = createSimulatedDisk({ seed: 1 });
  const { hand, stopwatch } = createHandStopwatch();
  const { sequencer } = openTestJournal(disk, { stopwatch });
  tick(sequencer);
  for (let i = 0; i < 1_009; i++) {
    hand.ms = i;
    tick(sequencer);
  }
  expect(hand.looks).toBe(1 + 64 + 60);
  hand.ms = 1_009;
  disk.settle();
  const { delayMs, groupSize } = sequencer.report();
  expect(groupSize).toEqual({ p50: 1, max: 1_009 });
  // The group of one waited all the time.
  expect(delayMs?.max).toBe(1_009);
  expect(Math.abs((delayMs?.p50 as number) - 505)).toBeLessThan(505 / 32 + 16);
});

test("what waits too long sheds load until the disk has answered", () => {
  const disk = createSimulatedDisk({ seed: 1 });
  const { hand, stopwatch } = createHandStopwatch();
  const { sequencer } = openTestJournal(disk, { stopwatch, delayMsMax: 100 });
  expect(tick(sequencer)).toBe(1);
  hand.ms = 100;
  expect(tick(sequencer)).toBe(2);
  hand.ms = 101;
  // The first look that finds it late is that of a command which is still taken.
  expect(tick(sequencer)).toBe(3);
  expect([tick(sequencer), tick(sequencer)]).toEqual([null, null]);
  expect(sequencer.report()).toMatchObject({ shed: 2, waiting: 3, waitedMs: 101 });
  disk.settle();
  expect(sequencer.report()).toMatchObject({ slowGroups: 1, waiting: 0 });
  expect(tick(sequencer)).toBe(4);
  disk.settle();
  expect(replayJournal(disk).hash).toBe(stateHash(sequencer.state));
});

test.each(["append", "sync", "writeAtomically"] as const)(
  "a failed %s stops it for good",
  (what) => {
    const disk = createSimulatedDisk({ seed: 3 });
    const errors: OperationalError[] = [];
    const { sequencer } = openTestJournal(disk, {
      onFatal: (error) => errors.push(error),
      segmentBytes: 1_000,
    });
    const released: number[] = [];
    const submit = (): number | null => {
      beginCommand(record, COMMAND.tick, 0);
      return sequencer.submit(record, ({ seq }) => released.push(seq));
    };
    for (let i = 0; i < 20; i++) {
      submit();
      if (i === 9) disk.failNext(what);
      if (i % 2 === 1) disk.settle();
    }
    const durable = sequencer.durableSeq;
    expect(errors.map(({ code, retryable }) => [code, retryable])).toEqual([
      ["storageFailed", false],
    ]);
    expect(sequencer.failure).toBe(errors[0]);
    expect(submit()).toBe(null);
    expect(disk.settle()).toBe(0);
    expect(released).toEqual(Array.from({ length: durable }, (_, i) => i + 1));
    let outcome: OperationalError | null = null;
    sequencer.close((error) => {
      outcome = error;
    });
    expect(outcome).toBe(errors[0]);
    // What a restart finds: all that was released.
    expect(replayJournal(disk.crashedCopy(1)).seq).toBeGreaterThanOrEqual(durable);
  },
);

test("a command that breaks an invariant is neither written nor answered, nor any after it", () => {
  const disk = createSimulatedDisk({ seed: 1 });
  const times = [1, 2, Number.NaN, 4];
  const { sequencer } = openTestJournal(disk, { clock: { nowMs: () => times.shift() as never } });
  const released: number[] = [];
  const submit = (): void => {
    beginCommand(record, COMMAND.tick, 0);
    sequencer.submit(record, ({ seq }) => released.push(seq));
  };
  submit();
  submit();
  expect(submit).toThrow(/broken rule/);
  expect(submit).toThrow(/broken rule/);
  disk.settle();
  expect(released).toEqual([1]);
  expect(replayJournal(disk.crashedCopy(1)).seq).toBe(1);
});

test("segments follow each other at the size asked for and read back as one journal", () => {
  const disk = createSimulatedDisk({ seed: 1 });
  const { sequencer } = openTestJournal(disk, { segmentBytes: 2_048 });
  const next = createWorkload(2);
  for (let i = 0; i < 60; i++) {
    next(record);
    sequencer.submit(record);
    disk.settle();
  }
  const segments = disk.list();
  expect(segments.length).toBeGreaterThan(5);
  for (const name of segments.slice(0, -1)) {
    expect(disk.size(name)).toBeGreaterThanOrEqual(2_048);
    expect(disk.size(name)).toBeLessThan(2_048 + SEGMENT_HEADER_BYTES + 1_000);
  }
  expect(replayJournal(disk).hash).toBe(stateHash(sequencer.state));
  const reopened = openTestJournal(disk.crashedCopy(1), { segmentBytes: 2_048 });
  expect(reopened.report.segmentCount).toBe(segments.length);
  expect(reopened.sequencer.appliedSeq).toBe(60);
});

test("closing makes everything durable, leaves a snapshot and gives the place back", () => {
  const disk = createSimulatedDisk({ seed: 1 });
  const { sequencer } = openTestJournal(disk, { snapshotAtClose: true });
  for (let i = 0; i < 10; i++) tick(sequencer);
  expect(() => openTestJournal(disk)).toThrow(/in use/);
  let ended = 0;
  sequencer.close((error) => {
    expect(error).toBe(null);
    ended += 1;
  });
  expect(tick(sequencer)).toBe(null);
  expect(ended).toBe(0);
  disk.settle();
  expect(ended).toBe(1);
  expect(disk.list()).toContain("snapshot-0000000000000010.bin");
  const { report, sequencer: next } = openTestJournal(disk);
  expect(report).toMatchObject({ seq: 10, replayedCount: 0, snapshot: { seq: 10 } });
  expect(stateHash(next.state)).toBe(stateHash(sequencer.state));
});

test("an idle sequencer closes at once, without a second snapshot of the same command", () => {
  const disk = createSimulatedDisk({ seed: 1 });
  let ended = 0;
  openTestJournal(disk, { snapshotAtClose: true }).sequencer.close(() => {
    ended += 1;
  });
  expect(ended).toBe(1);
  expect(disk.list()).toEqual([]);
});

test("ticks are due while work is queued or a time has come", () => {
  const { sequencer } = openTestJournal(createSimulatedDisk({ seed: 1 }));
  expect(isTickDue(sequencer, Number.MAX_SAFE_INTEGER)).toBe(false);
});
