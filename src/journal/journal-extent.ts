import { segmentsAmong } from "./file-name.ts";
import { decodeSegmentHeader, readFrame, SEGMENT_HEADER_BYTES, segmentSalt } from "./segment.ts";
import type { Storage } from "./storage.ts";

/** Which journal stands in a place, and how far it reaches. */
export interface JournalExtent {
  /** Identity of the journal, 16 bytes. */
  readonly genesis: Uint8Array;
  /** Last command of a whole frame. */
  readonly seq: number;
}

/**
 * Looks at the last segment alone, applying nothing; null where there is none, or where its head
 * cannot be read, which whoever opens the journal will be told.
 */
export function readJournalExtent(storage: Storage): JournalExtent | null {
  const last = segmentsAmong(storage.list()).at(-1);
  if (last === undefined) return null;
  const bytes = storage.read(last.name);
  const header = decodeSegmentHeader(bytes);
  if (typeof header === "string") return null;
  const salt = segmentSalt(header);
  let seq = header.firstSeq - 1;
  for (let offset = SEGMENT_HEADER_BYTES; offset < bytes.length; ) {
    const frame = readFrame(bytes, offset, salt);
    if (typeof frame === "string") break;
    seq = frame.firstSeq + frame.recordCount - 1;
    offset = frame.end;
  }
  return { genesis: header.genesis, seq };
}
