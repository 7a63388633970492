/**
 * Files of a recording. While it runs it is a folder, `NAME.parts`, of segments named by the first
 * and last message in them; when it ends in order they become the one file NAME. A segment that
 * was made of others may stand beside them for a moment: it covers their numbers, and they are then
 * left out.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { tapeError } from "./tape-error.ts";

/** A segment: its file and which messages it holds. */
export interface Segment {
  readonly path: string;
  readonly first: number;
  readonly last: number;
}

const NAME = /^(\d+)-(\d+)\.parquet$/;
const DIGITS = 10;

/** Folder of a recording's segments. */
export const partsFolder = (path: string): string => `${path}.parts`;

/** Path of a segment. */
export function segmentPath(folder: string, first: number, last: number): string {
  const [from, to] = [first, last].map((number) => String(number).padStart(DIGITS, "0"));
  return join(folder, `${from}-${to}.parquet`);
}

/** Segments of a folder in order, those left out that another covers. */
export function segmentsOf(folder: string): Segment[] {
  const found = readdirSync(folder).flatMap((name): Segment[] => {
    const match = NAME.exec(name);
    if (match === null) return [];
    return [{ path: join(folder, name), first: Number(match[1]), last: Number(match[2]) }];
  });
  found.sort((a, b) => a.first - b.first || b.last - a.last);
  const kept: Segment[] = [];
  for (const segment of found) {
    if (segment.last > (kept.at(-1)?.last ?? 0)) kept.push(segment);
  }
  return kept;
}

/** Files of a recording in order: one where it ended, else its segments. */
export function recordingFiles(path: string): string[] {
  const parts = partsFolder(path);
  const isFile = existsSync(path) && !statSync(path).isDirectory();
  if (isFile) return [path];
  const folder = existsSync(path) ? path : parts;
  const files = existsSync(folder) ? segmentsOf(folder).map((segment) => segment.path) : [];
  if (files.length === 0) {
    throw tapeError(
      "tapeUnreadable",
      `${path} cannot be read: there is no recording ${basename(path)}`,
    );
  }
  return files;
}
