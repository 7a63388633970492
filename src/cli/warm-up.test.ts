import { expect, test } from "vitest";
import { createWorkload, openTestJournal } from "../../test/journal/workload.ts";
import { createCommandRecord } from "../exchange/command.ts";
import { EVENT, eventLane } from "../exchange/event.ts";
import { stateHash } from "../exchange/state-hash.ts";
import { createSimulatedDisk, type SimulatedDisk } from "../journal/simulated-disk.ts";
import { createScratchExchange } from "./scratch-exchange.ts";
import { startWarmUp } from "./warm-up.ts";

const STEPS = 400;

test("a scratch exchange does the same each time, and everything that is hot", () => {
  const [one, other] = [createScratchExchange(), createScratchExchange()];
  const kinds = new Set<number>();
  one.sequencer.subscribe((ring, from, to) => {
    for (let at = from; at < to; at++) kinds.add(ring.lanes[eventLane(ring, at)] as number);
  });
  for (let i = 0; i < STEPS; i++) {
    one.step();
    other.step();
  }
  expect(stateHash(one.sequencer.state)).toBe(stateHash(other.sequencer.state));
  expect(one.answers).toEqual(other.answers);
  expect(one.answers.taken).toBeGreaterThan(4 * one.answers.refused);
  for (const kind of [
    "orderAccepted",
    "orderRested",
    "fill",
    "orderCanceled",
    "oracleMoved",
  ] as const)
    expect(kinds, kind).toContain(EVENT[kind]);
  one.close();
  other.close();
});

const filesOf = (disk: SimulatedDisk): [string, Uint8Array][] =>
  disk.list().map((name) => [name, disk.read(name).slice()]);

/** A journaled exchange under a workload; `between` runs after every command. */
function runWorkload(between: () => void) {
  const disk = createSimulatedDisk({ seed: 1 });
  const { sequencer } = openTestJournal(disk);
  const next = createWorkload(3);
  const record = createCommandRecord();
  for (let i = 0; i < 300; i++) {
    next(record);
    sequencer.submit(record);
    between();
    if (i % 5 === 0) disk.settle();
  }
  disk.settle();
  return { hash: stateHash(sequencer.state), files: filesOf(disk), disk, sequencer };
}

test("another exchange's state and journal do not change, whatever a scratch exchange does beside it", async () => {
  const scratch = createScratchExchange();
  const alone = runWorkload(() => undefined);
  const beside = runWorkload(() => scratch.step());
  expect(beside.hash).toBe(alone.hash);
  expect(beside.files).toEqual(alone.files);
  const bounds = { stepsMax: STEPS, workMsMax: 60_000, sliceMs: 50 };
  const { steps } = await startWarmUp(() => beside.sequencer.appliedSeq, bounds).done;
  expect(steps).toBe(STEPS);
  expect(stateHash(beside.sequencer.state)).toBe(alone.hash);
  expect(filesOf(beside.disk)).toEqual(alone.files);
});

test("a warm-up ends at its bound of time, and when it is told to", async () => {
  const idle = (): number => 0;
  const bounds = { stepsMax: 1e9, workMsMax: 5, sliceMs: 1 };
  const { workMs } = await startWarmUp(idle, bounds).done;
  expect(workMs).toBeGreaterThanOrEqual(5);
  const stopped = startWarmUp(idle, { ...bounds, workMsMax: Number.POSITIVE_INFINITY });
  stopped.stop();
  expect((await stopped.done).steps).toBe(0);
});

test("a warm-up gives way while the process does something for others", async () => {
  let looks = 0;
  const workDone = (): number => Math.min(++looks, 4);
  const bounds = { stepsMax: 3, workMsMax: 60_000, sliceMs: 60_000 };
  expect((await startWarmUp(workDone, bounds).done).steps).toBe(3);
  // The look at the beginning, three that found work, and the one before the only slice.
  expect(looks).toBe(5);
});
