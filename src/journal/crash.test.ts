import { expect, test } from "vitest";
import {
  createCountingClock,
  createReference,
  createWorkload,
  openTestJournal,
  type Reference,
} from "../../test/journal/workload.ts";
import { createPrng, nextBelow } from "../base/prng.ts";
import { createCommandRecord } from "../exchange/command.ts";
import { stateHash } from "../exchange/state-hash.ts";
import { replayJournal } from "./replay.ts";
import type { Sequencer } from "./sequencer.ts";
import { createSimulatedDisk, type SimulatedDisk } from "./simulated-disk.ts";

/** Crashes tried at each boundary, each with another fate of the unsynced bytes. */
const CRASHES_A_BOUNDARY = 3;
const TUNING = { segmentBytes: 2_500, snapshotEvery: 25 };

/** What a crash took that it must not take, in words; null = nothing. */
type Loss = string | null;

/** A run whose disk can be looked at between any two of its operations. */
interface Run {
  readonly disk: SimulatedDisk;
  readonly reference: Reference;
  readonly sequencer: Sequencer;
  /** Highest seq that was released. */
  released: number;
}

function beginRun(options: { seed: number; skipSync?: boolean }): Run {
  const disk = createSimulatedDisk({ ...options, clock: createCountingClock(), latencyMsMax: 30 });
  const { sequencer } = openTestJournal(disk, TUNING);
  return { disk, reference: createReference(), sequencer, released: 0 };
}

/** Submits `count` commands in bursts and calls `look` before the first and after each disk operation. */
function drive(run: Run, options: { seed: number; count: number }, look: () => void): void {
  const prng = createPrng(options.seed);
  const next = createWorkload(options.seed);
  const record = createCommandRecord();
  look();
  for (let sent = 0; sent < options.count; ) {
    const burst = Math.min(nextBelow(prng, 5), options.count - sent);
    for (let i = 0; i < burst; i++) {
      next(record);
      run.sequencer.submit(record, ({ seq }) => {
        run.released = seq;
      });
      run.reference.apply(record);
    }
    sent += burst;
    for (let steps = nextBelow(prng, 4); steps > 0 && run.disk.step(); steps--) look();
  }
  while (run.disk.step()) look();
}

/** Opens what a crash left and says what is missing of what was released. */
function lossOf(run: Run, left: SimulatedDisk): Loss {
  let opened: ReturnType<typeof openTestJournal>;
  try {
    opened = openTestJournal(left, TUNING);
  } catch (error) {
    // A journal that cannot be opened has lost everything.
    return String(error);
  }
  const { sequencer } = opened;
  const seq = sequencer.appliedSeq;
  if (seq < run.released) return `released up to ${run.released}, recovered up to ${seq}`;
  const hash = stateHash(sequencer.state);
  if (hash !== run.reference.hashes[seq]) return `hash ${hash} at seq ${seq} is another`;
  const replay = replayJournal(left);
  return replay.seq === seq && replay.hash === hash ? null : "replay gives another state";
}

/** The first loss within `seeds` seeds of crashes at every boundary. */
function firstLoss(options: { seeds: number; count: number; skipSync?: boolean }): {
  loss: Loss;
  crashes: number;
} {
  let crashes = 0;
  let loss: Loss = null;
  for (let seed = 1; seed <= options.seeds && loss === null; seed++) {
    const run = beginRun({ seed, skipSync: options.skipSync ?? false });
    drive(run, { seed, count: options.count }, () => {
      for (let fate = 0; fate < CRASHES_A_BOUNDARY && loss === null; fate++) {
        crashes += 1;
        loss = lossOf(run, run.disk.crashedCopy(seed * 100_003 + crashes));
      }
    });
  }
  return { loss, crashes };
}

test("a crash at any write boundary loses nothing that was released", { timeout: 300_000 }, () => {
  const { loss, crashes } = firstLoss({ seeds: 8, count: 120 });
  expect(loss).toBe(null);
  expect(crashes).toBeGreaterThan(2_000);
});

test("without the sync the same crashes lose what was released", () => {
  const { loss, crashes } = firstLoss({ seeds: 1, count: 120, skipSync: true });
  expect(loss).toMatch(/^released up to \d+, recovered up to \d+$/);
  expect(crashes).toBeLessThan(100);
});

test("crash after crash, the journal goes on from what each left", () => {
  for (let seed = 1; seed <= 10; seed++) {
    const prng = createPrng(seed);
    const disk = createSimulatedDisk({ seed, latencyMsMax: 20, clock: createCountingClock() });
    const clock = createCountingClock();
    const next = createWorkload(seed);
    const record = createCommandRecord();
    let released = 0;
    let lives = 0;
    for (; lives < 8; lives++) {
      const { sequencer, report } = openTestJournal(disk, { ...TUNING, clock });
      expect(report.seq).toBeGreaterThanOrEqual(released);
      const replay = replayJournal(disk);
      expect([replay.seq, replay.hash]).toEqual([report.seq, stateHash(sequencer.state)]);
      for (let i = 0; i < 25; i++) {
        next(record);
        sequencer.submit(record, ({ seq }) => {
          expect(seq).toBeGreaterThan(released);
          released = seq;
        });
        for (let steps = nextBelow(prng, 4); steps > 0; steps--) disk.step();
      }
      disk.crash();
    }
    expect(released).toBeGreaterThan(100);
  }
});

test("the same seed gives the same disk, byte for byte", () => {
  const contents = [1, 2].map(() => {
    const run = beginRun({ seed: 77 });
    drive(run, { seed: 77, count: 60 }, () => undefined);
    const left = run.disk.crashedCopy(5);
    return left.list().map((name) => [name, Buffer.from(left.read(name)).toString("hex")]);
  });
  expect(contents[0]).toEqual(contents[1]);
});
