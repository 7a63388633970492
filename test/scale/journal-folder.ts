/** Writes sealed frames into a folder as a journal does, without waiting for the disk. */
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { ENGINE_VERSION } from "../../src/exchange/state.ts";
import { segmentName } from "../../src/journal/file-name.ts";
import { encodeSegmentHeader, segmentSalt } from "../../src/journal/segment.ts";
import type { FrameChain, SealedFrame } from "./steady-pipeline.ts";

/** Identity of such a journal. */
export const GENESIS = new Uint8Array(16).fill(9);
const SEGMENT_BYTES = 2 ** 26;

/** A chain of frames that goes to files; `close` when the last is written. */
export interface JournalFolder extends FrameChain {
  readonly bytes: number;
  close(): void;
}

/** Begins a journal in an empty folder. */
export function createJournalFolder(folder: string): JournalFolder {
  let descriptor = -1;
  let size = 0;
  let total = 0;
  const begin = (firstSeq: number): void => {
    if (descriptor >= 0) closeSync(descriptor);
    const header = {
      engineVersion: ENGINE_VERSION,
      firstSeq,
      genesis: GENESIS,
      previousChain: journal.chain,
    };
    descriptor = openSync(join(folder, segmentName(firstSeq)), "wx");
    journal.salt = segmentSalt(header);
    size = 0;
    put(encodeSegmentHeader(header));
  };
  const put = (bytes: Uint8Array): void => {
    let at = 0;
    while (at < bytes.length) at += writeSync(descriptor, bytes, at);
    size += bytes.length;
    total += bytes.length;
  };
  const journal = {
    chain: GENESIS,
    salt: 0,
    get bytes() {
      return total;
    },
    write({ bytes, firstSeq, recordCount }: SealedFrame) {
      put(bytes);
      if (size >= SEGMENT_BYTES) begin(firstSeq + recordCount);
    },
    close: () => closeSync(descriptor),
  };
  begin(1);
  return journal;
}
