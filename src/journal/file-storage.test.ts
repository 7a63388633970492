import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createReference, createWorkload, openTestJournal } from "../../test/journal/workload.ts";
import type { OperationalError } from "../base/operational-error.ts";
import { createCommandRecord } from "../exchange/command.ts";
import { createFileStorage } from "./file-storage.ts";
import { LOCK_NAME } from "./folder-lock.ts";
import { replayJournal } from "./replay.ts";
import type { Sequencer } from "./sequencer.ts";
import type { Storage, StorageDone } from "./storage.ts";

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "bourse-journal-"));
});

afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

const durable = (sequencer: Sequencer): Promise<void> =>
  new Promise((resolve) => sequencer.whenDurable(resolve));
const closed = (sequencer: Sequencer): Promise<OperationalError | null> =>
  new Promise((resolve) => sequencer.close(resolve));
const outcome = (run: (done: StorageDone) => void): Promise<OperationalError | null> =>
  new Promise((resolve) => run(resolve));

function lockError(storage: Storage): OperationalError {
  try {
    storage.lock();
  } catch (error) {
    return error as OperationalError;
  }
  throw new Error("the folder was expected to be in use");
}

test("a journal in a folder: written, closed, opened again, replayed", async () => {
  const place = join(folder, "deep", "journal");
  const tuning = { segmentBytes: 5_000, snapshotEvery: 40, snapshotAtClose: true };
  const next = createWorkload(3);
  const record = createCommandRecord();
  const reference = createReference();
  let total = 0;
  for (let life = 0; life < 3; life++) {
    const { sequencer, report } = openTestJournal(createFileStorage(place), tuning);
    expect(report.seq).toBe(total);
    expect(report.replayedCount).toBe(0);
    for (let i = 0; i < 100; i++) {
      next(record);
      sequencer.submit(record);
      reference.apply(record);
      if (i % 9 === 0) await durable(sequencer);
    }
    total += 100;
    expect(await closed(sequencer)).toBe(null);
    expect(sequencer.durableSeq).toBe(total);
  }
  const files = fs.readdirSync(place);
  expect(files.filter((name) => name.startsWith("snapshot-"))).toHaveLength(2);
  expect(files.filter((name) => name.startsWith("segment-")).length).toBeGreaterThan(5);
  expect(files.filter((name) => !/^(snapshot|segment)-/.test(name))).toEqual([]);
  const replay = replayJournal(createFileStorage(place));
  expect([replay.seq, replay.hash]).toEqual([total, reference.hashes[total]]);
});

test("a tail torn in the file is cut in the file", async () => {
  const { sequencer } = openTestJournal(createFileStorage(folder));
  const record = createCommandRecord();
  const next = createWorkload(3);
  for (let i = 0; i < 5; i++) {
    next(record);
    sequencer.submit(record);
    await durable(sequencer);
  }
  await closed(sequencer);
  const path = join(folder, "segment-0000000000000001.log");
  fs.truncateSync(path, fs.statSync(path).size - 3);
  const again = openTestJournal(createFileStorage(folder));
  expect(again.report.tornTail).not.toBe(null);
  expect(fs.statSync(path).size).toBe(again.report.tornTail?.offset);
  await closed(again.sequencer);
});

test("what an unfinished write left is not listed, and cleared by the next holder", () => {
  fs.writeFileSync(join(folder, "snapshot-0000000000000009.bin.unfinished"), "x");
  const storage = createFileStorage(folder);
  expect(storage.list()).toEqual([]);
  storage.lock();
  expect(fs.readdirSync(folder)).toEqual([LOCK_NAME]);
  storage.unlock();
  expect(fs.readdirSync(folder)).toEqual([]);
});

test("a second opening in the same process is refused until the first is closed", () => {
  const first = createFileStorage(folder);
  first.lock();
  const error = lockError(createFileStorage(folder));
  expect([error.code, error.retryable]).toEqual(["journalLocked", false]);
  expect(error.message).toBe(
    `${folder} is in use by process ${process.pid}: stop that process, or use another folder.`,
  );
  first.unlock();
  const second = createFileStorage(folder);
  second.lock();
  second.unlock();
});

test("another process holds the folder while it lives, and no longer", async () => {
  const source = `
    import { createFileStorage } from ${JSON.stringify(join(import.meta.dirname, "file-storage.ts"))};
    createFileStorage(${JSON.stringify(folder)}).lock();
    process.stdout.write("locked");
    setInterval(() => undefined, 1_000);`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", source], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const error = lockError(createFileStorage(folder));
  expect(error.message).toContain(`in use by process ${child.pid}`);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(fs.existsSync(join(folder, LOCK_NAME))).toBe(true);
  const storage = createFileStorage(folder);
  storage.lock();
  storage.unlock();
});

test.each([
  ["an id that nobody has", "4194305 1\n"],
  ["the id of this process, used by one before it", `${process.pid} 1\n`],
  ["the id of a process that began at another time", `${process.ppid} 1\n`],
  ["nothing", ""],
])("a lock with %s is stale and taken over", (_, content) => {
  fs.writeFileSync(join(folder, LOCK_NAME), content);
  const storage = createFileStorage(folder);
  storage.lock();
  expect(fs.readFileSync(join(folder, LOCK_NAME), "utf8")).toMatch(new RegExp(`^${process.pid} `));
  storage.unlock();
  expect(fs.readdirSync(folder)).toEqual([]);
});

test("refusals of the disk are told by callback, never before the call has returned", async () => {
  const storage = createFileStorage(folder);
  let hasReturned = false;
  const append = outcome((done) => {
    storage.append("absent.log", new Uint8Array(1), (error) => {
      expect(hasReturned).toBe(true);
      done(error);
    });
  });
  hasReturned = true;
  const failures = [
    await append,
    await outcome((done) => storage.sync("absent.log", done)),
    await outcome((done) => storage.writeAtomically("no/such/folder", new Uint8Array(1), done)),
  ];
  for (const failure of failures) {
    expect(failure).toMatchObject({ code: "storageFailed", retryable: false });
    expect(failure?.message).toContain(folder);
    expect(failure?.message).toContain("ENOENT");
  }
  expect(await outcome((done) => storage.remove("absent.log", done))).toBe(null);
  expect(() => storage.read("absent.log")).toThrow(/cannot read .*absent.log/);
});

test("a full disk stops the sequencer and says what to do", async () => {
  // Every write to this device is refused for want of space.
  if (!fs.existsSync("/dev/full")) return;
  const storage = createFileStorage(folder);
  const failure = await new Promise<OperationalError>((resolve) => {
    const { sequencer } = openTestJournal(storage, {
      onFatal: resolve,
      segmentBytes: 1,
    });
    const record = createCommandRecord();
    createWorkload(1)(record);
    sequencer.submit(record);
    sequencer.whenDurable(() => {
      fs.symlinkSync("/dev/full", join(folder, "segment-0000000000000002.log.unfinished"));
      createWorkload(1)(record);
      sequencer.submit(record, () => {
        throw new Error("released without being durable");
      });
    });
  });
  expect(failure.code).toBe("storageFailed");
  expect(failure.message).toMatch(/ENOSPC.*Free space on the disk and start again/);
});
