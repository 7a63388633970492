/**
 * The journal's files in a folder. Appends go through one descriptor at a time, that of the segment
 * being written; a new file appears under its name only when its content is on disk.
 *
 * Known limit: files are read whole at start, so a snapshot must fit memory twice.
 */
import fs from "node:fs";
import { dirname, join } from "node:path";
import type { OperationalError } from "../base/operational-error.ts";
import { lockFolder } from "./folder-lock.ts";
import { journalError } from "./journal-error.ts";
import type { Storage, StorageDone } from "./storage.ts";

const UNFINISHED = ".unfinished";

/** The descriptor that appends go to. */
interface Appender {
  name: string;
  fd: number;
}

/** Keeps the journal in `folder`, which is made where it is missing. */
export function createFileStorage(folder: string): Storage {
  const pathOf = (name: string): string => join(folder, name);
  let appender: Appender | null = null;
  let unlock: (() => void) | null = null;

  /** Opens the file for appending, once; an append to another file closes the one before. */
  const descriptor = (name: string): number => {
    if (appender?.name === name) return appender.fd;
    if (appender !== null) fs.closeSync(appender.fd);
    appender = null;
    appender = {
      name,
      fd: fs.openSync(pathOf(name), fs.constants.O_WRONLY | fs.constants.O_APPEND),
    };
    return appender.fd;
  };

  return {
    place: folder,
    lock() {
      attempt(`create ${folder}`, () => makeFolder(folder));
      unlock = lockFolder(folder);
      removeUnfinished(folder);
    },
    unlock() {
      if (appender !== null) fs.closeSync(appender.fd);
      appender = null;
      unlock?.();
      unlock = null;
    },
    list: () =>
      attempt(`read the folder ${folder}`, () =>
        fs
          .readdirSync(folder)
          .filter((name) => !name.endsWith(UNFINISHED))
          .sort((a, b) => (a < b ? -1 : 1)),
      ),
    size: (name) => attempt(`read ${pathOf(name)}`, () => fs.statSync(pathOf(name)).size),
    read: (name, length) =>
      attempt(`read ${pathOf(name)}`, () =>
        length === undefined ? fs.readFileSync(pathOf(name)) : readHead(pathOf(name), length),
      ),
    truncate(name, length) {
      attempt(`cut ${pathOf(name)}`, () => {
        const fd = fs.openSync(pathOf(name), "r+");
        fs.ftruncateSync(fd, length);
        fs.fsyncSync(fd);
        fs.closeSync(fd);
      });
    },
    append(name, bytes, done) {
      const what = `append to ${pathOf(name)}`;
      withDescriptor(
        what,
        done,
        () => descriptor(name),
        (fd) => {
          writeAll(fd, bytes, (error) => done(error === null ? null : storageFailed(what, error)));
        },
      );
    },
    sync(name, done) {
      const what = `sync ${pathOf(name)}`;
      withDescriptor(
        what,
        done,
        () => descriptor(name),
        (fd) => {
          fs.fdatasync(fd, (error) => done(error === null ? null : storageFailed(what, error)));
        },
      );
    },
    writeAtomically(name, bytes, done) {
      replaceFile(folder, name, bytes).then(
        () => done(null),
        (error: unknown) => done(storageFailed(`write ${pathOf(name)}`, error)),
      );
    },
    remove(name, done) {
      fs.rm(pathOf(name), { force: true }, (error) => {
        done(error === null ? null : storageFailed(`remove ${pathOf(name)}`, error));
      });
    },
  };
}

function storageFailed(what: string, cause: unknown): OperationalError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const full = (cause as NodeJS.ErrnoException).code === "ENOSPC";
  const remedy = full
    ? "Free space on the disk and start again"
    : "Look after the disk and start again";
  return journalError("storageFailed", `cannot ${what}: ${reason}. ${remedy}.`, cause);
}

/** Runs a synchronous step; a refusal of the disk becomes an operational error. */
function attempt<T>(what: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    // The edge between the operating system's errors and ours.
    throw storageFailed(what, error);
  }
}

/** Hands on a descriptor, or the refusal to open it: later, as all outcomes. */
function withDescriptor(
  what: string,
  done: StorageDone,
  open: () => number,
  use: (fd: number) => void,
): void {
  let fd: number;
  try {
    fd = open();
  } catch (error) {
    // The port promises that no outcome is told before the call has returned.
    setImmediate(() => done(storageFailed(what, error)));
    return;
  }
  use(fd);
}

/** Writes all bytes; the system may take them in several parts. */
function writeAll(fd: number, bytes: Uint8Array, done: (error: Error | null) => void): void {
  fs.write(fd, bytes, 0, bytes.length, null, (error, written) => {
    if (error !== null) done(error);
    else if (written < bytes.length) writeAll(fd, bytes.subarray(written), done);
    else done(null);
  });
}

/** The first bytes of a file; fewer where it is shorter. */
function readHead(path: string, length: number): Uint8Array {
  const fd = fs.openSync(path, "r");
  try {
    const bytes = Buffer.alloc(length);
    let filled = 0;
    for (let read = 1; read > 0 && filled < length; filled += read) {
      read = fs.readSync(fd, bytes, filled, length - filled, filled);
    }
    return bytes.subarray(0, filled);
  } finally {
    fs.closeSync(fd);
  }
}

/** Content first, name second, folder last: at no moment does the name stand for half a file. */
async function replaceFile(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const path = join(folder, name);
  const file = await fs.promises.open(path + UNFINISHED, "w");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await fs.promises.rename(path + UNFINISHED, path);
  const directory = await fs.promises.open(folder, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Makes the folder and its name in its parent durable. */
function makeFolder(folder: string): void {
  const made = fs.mkdirSync(folder, { recursive: true });
  if (made === undefined) return;
  const parent = fs.openSync(dirname(made), "r");
  fs.fsyncSync(parent);
  fs.closeSync(parent);
}

function removeUnfinished(folder: string): void {
  attempt(`clear ${folder}`, () => {
    for (const name of fs.readdirSync(folder)) {
      if (name.endsWith(UNFINISHED)) fs.rmSync(join(folder, name));
    }
  });
}
