/**
 * One process a folder: a lock file that names its holder. The holder is known by process id and,
 * where the system tells it, by the time its process began, so that an id used again after a crash
 * (in a container it is often the same) does not pass for the holder.
 *
 * Known limit: the file guards processes of one machine; a folder shared over a network is not
 * guarded. Two processes that find the same stale file at the same moment are told apart by
 * comparing what each moved away, not by the kernel.
 */
import fs from "node:fs";
import { join } from "node:path";
import { journalError } from "./journal-error.ts";

/** Name of the lock file. */
export const LOCK_NAME = "lock";

/** Folders that this process holds, by the path of their lock file. */
const held = new Set<string>();

/** Claims a folder; returns the way to give it back. Throws `journalLocked` where it is in use. */
export function lockFolder(folder: string): () => void {
  const path = join(fs.realpathSync(folder), LOCK_NAME);
  const own = `${process.pid} ${processBegin(process.pid)}\n`;
  if (held.has(path)) throw inUse(folder, process.pid);
  for (let attempts = 0; !placeLock(path, own); attempts++) {
    const found = readLock(path);
    if (found === null) continue;
    const pid = Number.parseInt(found, 10);
    if (isAlive(found, pid) || attempts > 2) throw inUse(folder, pid);
    moveStale(path, found);
  }
  held.add(path);
  return () => {
    held.delete(path);
    fs.rmSync(path, { force: true });
  };
}

const inUse = (folder: string, pid: number): Error =>
  journalError(
    "journalLocked",
    `${folder} is in use by process ${pid}: stop that process, or use another folder.`,
  );

/** Puts the lock file there in full, or answers false where one is. */
function placeLock(path: string, content: string): boolean {
  const draft = `${path}.${process.pid}`;
  fs.writeFileSync(draft, content);
  try {
    fs.linkSync(draft, path);
    return true;
  } catch (error) {
    // An existing lock is an answer; everything else is the disk's refusal.
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw journalError(
      "storageFailed",
      `cannot create ${path}: ${(error as Error).message}`,
      error,
    );
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

function readLock(path: string): string | null {
  try {
    return fs.readFileSync(path, "utf8");
  } catch (error) {
    // The holder may have given it back between our two looks.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw journalError("storageFailed", `cannot read ${path}: ${(error as Error).message}`, error);
  }
}

function isAlive(lock: string, pid: number): boolean {
  const [, begin] = lock.trim().split(" ");
  // Our own id in a file that we do not hold is left over from a process that had the same id.
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const now = processBegin(pid);
  return now === "-" || begin === "-" || now === begin;
}

/** Moves a stale lock away; puts it back where another process was quicker and the lock is fresh. */
function moveStale(path: string, stale: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    fs.renameSync(path, aside);
    if (fs.readFileSync(aside, "utf8") !== stale) fs.linkSync(aside, path);
  } catch (error) {
    // Another process moved it first or has a lock again: the next look decides.
    if (!["ENOENT", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    fs.rmSync(aside, { force: true });
  }
}

/** When a process began, in the system's own count; "-" where it does not tell. */
function processBegin(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name in parentheses may hold spaces; the count is the 20th field behind it.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "-";
  } catch {
    // No such file system, or the process has ended.
    return "-";
  }
}
