/** Keeps the maker's kill switch over restarts, in a file beside its key. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { ARMED, type KillLatch, parseKillLatch } from "../maker/risk/kill-latch.ts";

/** The stored switch; armed where none was stored, killed where what was stored cannot be read. */
export function loadLatch(path: string, nowMs: number): KillLatch {
  if (!existsSync(path)) return ARMED;
  const text = readFileSync(path, "utf8");
  let stored: unknown = null;
  try {
    stored = JSON.parse(text);
  } catch {
    // Not JSON: the parser below takes it as killed, for the reason cannot be known.
  }
  return parseKillLatch(stored, nowMs);
}

/** Stores the switch; a crash leaves the one before or this one. */
export function saveLatch(path: string, latch: KillLatch): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.unfinished`, JSON.stringify(latch), { flush: true });
  renameSync(`${path}.unfinished`, path);
}
