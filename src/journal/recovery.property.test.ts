import fc from "fast-check";
import { expect, test } from "vitest";
import { createWorkload, openTestJournal } from "../../test/journal/workload.ts";
import { OperationalError } from "../base/operational-error.ts";
import { createCommandRecord } from "../exchange/command.ts";
import { stateHash } from "../exchange/state-hash.ts";
import { recoverJournal } from "./recovery.ts";
import { FRAME_HEADER_BYTES, SEGMENT_HEADER_BYTES } from "./segment.ts";
import { createSimulatedDisk, type SimulatedDisk } from "./simulated-disk.ts";

/** A journal of several segments with several frames each. */
function journal(): { disk: SimulatedDisk; hash: string } {
  const disk = createSimulatedDisk({ seed: 1 });
  const { sequencer } = openTestJournal(disk, { segmentBytes: 1_300 });
  const next = createWorkload(5);
  const record = createCommandRecord();
  for (let i = 0; i < 60; i++) {
    next(record);
    sequencer.submit(record);
    if (i % 3 === 0) disk.settle();
  }
  disk.settle();
  return { disk, hash: stateHash(sequencer.state) };
}

/** Offsets at which frames of a segment begin. */
function frameOffsets(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const offsets: number[] = [];
  for (let at = SEGMENT_HEADER_BYTES; at < bytes.length; ) {
    offsets.push(at);
    at += FRAME_HEADER_BYTES + view.getUint32(at + 4, true);
  }
  return offsets;
}

const { disk, hash } = journal();
const names = disk.list();
const lastName = names.at(-1) as string;

test("a change of any byte is found and named; only in the last frame it passes for a torn write", () => {
  expect(names.length).toBeGreaterThan(4);
  fc.assert(
    fc.property(
      fc.nat({ max: names.length - 1 }),
      fc.nat({ max: 2 ** 30 - 1 }),
      fc.integer({ min: 1, max: 255 }),
      (file, where, mask) => {
        const name = names[file] as string;
        const original = disk.read(name);
        const at = Math.floor((where / 2 ** 30) * original.length);
        const offset = frameOffsets(original).findLast((begin) => begin <= at) ?? 0;
        const harmed = disk.crashedCopy(1);
        harmed.damage(name, (bytes) => {
          bytes[at] = (bytes[at] as number) ^ mask;
          return bytes;
        });
        if (name === lastName && offset === frameOffsets(original).at(-1)) {
          const { report } = recoverJournal(harmed, { repair: false });
          expect(report.tornTail).toEqual({
            segment: name,
            offset,
            bytesCut: original.length - offset,
          });
          return;
        }
        const recover = (): unknown => recoverJournal(harmed);
        expect(recover).toThrow(OperationalError);
        expect(recover).toThrow(`segment ${name}, offset ${offset}: `);
      },
    ),
    { numRuns: 600 },
  );
});

test("every byte of every header counts", () => {
  for (const name of names) {
    const original = disk.read(name);
    const frames = frameOffsets(original);
    const middle = name === lastName ? frames.slice(0, -1) : frames;
    const headers = [
      { offset: 0, length: SEGMENT_HEADER_BYTES },
      ...middle.slice(0, 2).map((offset) => ({ offset, length: FRAME_HEADER_BYTES })),
    ];
    for (const { offset, length } of headers) {
      for (let at = offset; at < offset + length; at++) {
        const harmed = disk.crashedCopy(1);
        harmed.damage(name, (bytes) => {
          bytes[at] = (bytes[at] as number) ^ 0x10;
          return bytes;
        });
        expect(() => recoverJournal(harmed)).toThrow(`segment ${name}, offset ${offset}: `);
      }
    }
  }
});

test("the journal itself is sound", () => {
  expect(stateHash(recoverJournal(disk).state)).toBe(hash);
});
