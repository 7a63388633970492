import { expect, test } from "vitest";
import { createSimulatedDisk, type SimulatedDisk } from "./simulated-disk.ts";

const ZEROS = new Uint8Array(4_000);
const ignore = (): void => undefined;

function diskWith(synced: number, unsynced: number): SimulatedDisk {
  const disk = createSimulatedDisk({ seed: 1 });
  disk.writeAtomically("a", new Uint8Array(0), ignore);
  disk.settle();
  disk.append("a", ZEROS.subarray(0, synced).fill(1), ignore);
  disk.settle();
  disk.sync("a", ignore);
  disk.settle();
  disk.append("a", ZEROS.slice(0, unsynced).fill(2), ignore);
  return disk;
}

test("a crash never touches synced bytes and leaves every kind of unsynced end", () => {
  const disk = diskWith(100, 2_000);
  const lengths = new Set<number>();
  let damaged = 0;
  for (let seed = 0; seed < 400; seed++) {
    const bytes = disk.crashedCopy(seed).read("a");
    expect(bytes.subarray(0, 100).every((byte) => byte === 1)).toBe(true);
    lengths.add(bytes.length);
    if (bytes.subarray(100).some((byte) => byte !== 2)) damaged += 1;
  }
  expect(lengths.has(100)).toBe(true);
  expect(lengths.has(2_100)).toBe(true);
  expect(lengths.size).toBeGreaterThan(50);
  expect(damaged).toBeGreaterThan(20);
});

test("a file written as a whole is there in full or not at all", () => {
  const disk = createSimulatedDisk({ seed: 1 });
  disk.writeAtomically("a", ZEROS.slice(0, 10), ignore);
  const seen = new Set<string>();
  for (let seed = 0; seed < 20; seed++) {
    const copy = disk.crashedCopy(seed);
    seen.add(
      copy
        .list()
        .map((name) => `${name} ${copy.size(name)}`)
        .join(),
    );
  }
  expect([...seen].sort((a, b) => (a < b ? -1 : 1))).toEqual(["", "a 10"]);
});

test("operations end when the driver says, on one file in order, and never after a crash", () => {
  const disk = createSimulatedDisk({ seed: 3, latencyMsMax: 50 });
  const ended: string[] = [];
  disk.writeAtomically("a", new Uint8Array(0), () => ended.push("create a"));
  expect(ended).toEqual([]);
  expect(disk.nextDueMs()).toBeLessThanOrEqual(50);
  disk.settle();
  for (let i = 0; i < 5; i++)
    disk.append("a", ZEROS.subarray(0, 1), () => ended.push(`append ${i}`));
  disk.settle();
  expect(ended).toEqual(["create a", ...[0, 1, 2, 3, 4].map((i) => `append ${i}`)]);
  disk.sync("a", () => ended.push("sync"));
  disk.crash();
  expect(disk.settle()).toBe(0);
  expect(disk.nextDueMs()).toBe(Number.POSITIVE_INFINITY);
  expect(ended).toHaveLength(6);
});

test("a failure is told to its operation once; a failed append may leave a part", () => {
  const disk = diskWith(0, 0);
  disk.settle();
  const outcomes: (string | undefined)[] = [];
  disk.failNext("append", 1);
  for (let i = 0; i < 3; i++) {
    disk.append("a", ZEROS.subarray(0, 100), (error) => outcomes.push(error?.code));
    disk.settle();
  }
  expect(outcomes).toEqual([undefined, "storageFailed", undefined]);
  expect(disk.size("a")).toBeLessThanOrEqual(300);
});
