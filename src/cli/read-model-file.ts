/**
 * Read models beside the journal: written at an orderly end, at the seq of the snapshot that the
 * journal leaves there, so that the next start need not fold the whole journal. They can always be
 * dropped: without them, or where they are older than the newest snapshot, everything is folded
 * from the first command.
 *
 * File: 8 hex digits of CRC-32, a line feed, then the encoded models.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { snapshotsAmong } from "../journal/file-name.ts";
import type { Storage } from "../journal/storage.ts";
import { createReadModels, type ReadModels, readModelSeq } from "../projection/read-models.ts";
import { decodeReadModels, encodeReadModels } from "../projection/read-models-codec.ts";

const NAME = "read-models.json";
const HEAD_BYTES = 9;

/** Models to start with, and where the journal has to be read from to complete them. */
export interface StartingModels {
  readonly models: ReadModels;
  readonly from: "snapshot" | "start";
}

/** The kept models where they reach as far as the newest snapshot; else empty ones. */
export function loadReadModels(folder: string, storage: Storage): StartingModels {
  const empty: StartingModels = { models: createReadModels(), from: "start" };
  const path = join(folder, NAME);
  if (!existsSync(path)) return empty;
  const newest = snapshotsAmong(storage.list()).at(-1);
  const models = decodeFile(readFileSync(path));
  if (newest === undefined || models === null || readModelSeq(models) < newest.seq) return empty;
  return { models, from: "snapshot" };
}

/** Keeps the models of everything up to `seq`. */
export function saveReadModels(folder: string, models: ReadModels, seq: number): void {
  const body = encodeReadModels(models, seq);
  const head = Buffer.from(`${crc32(body).toString(16).padStart(8, "0")}\n`);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, NAME);
  writeFileSync(`${path}.unfinished`, Buffer.concat([head, body]));
  renameSync(`${path}.unfinished`, path);
}

function decodeFile(bytes: Buffer): ReadModels | null {
  const body = bytes.subarray(HEAD_BYTES);
  const checksum = bytes.subarray(0, HEAD_BYTES - 1).toString();
  if (crc32(body).toString(16).padStart(8, "0") !== checksum) return null;
  return decodeReadModels(body);
}
