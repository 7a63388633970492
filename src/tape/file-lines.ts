/**
 * Lines of a text file, compressed with gzip or plain, some at a time. Memory is bounded by one
 * chunk of the stream and the longest line.
 */
import { createReadStream, statSync } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { createGunzip } from "node:zlib";
import { lineError, tapeError } from "./tape-error.ts";

/** Longest line: an order book of some tens of thousands of levels fits [characters]. */
const LINE_LENGTH_MAX = 2 ** 24;
const GZIP_MAGIC = [0x1f, 0x8b];

/** Lines of a file; {@link FileLines.read} runs once. */
export interface FileLines {
  /** Line number of the last line handed out, from 1; during a batch, of its first. */
  line: number;
  /** Part of the file that was read [1], 0 to 1. */
  progress(): number;
  /** Lines in order, without their ends. */
  read(): AsyncGenerator<readonly string[]>;
}

/** First bytes of a file; fewer where it is shorter [bytes]. */
export async function firstBytes(path: string, length: number): Promise<Uint8Array> {
  try {
    const file = await open(path);
    const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, 0);
    await file.close();
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    // Absent, a folder, or not allowed: said with the file's name.
    throw tapeError("tapeUnreadable", `${path} cannot be read: ${messageOf(error)}`, error);
  }
}

/** Opens a file for reading by lines. */
export async function openLines(path: string): Promise<FileLines> {
  const head = await firstBytes(path, GZIP_MAGIC.length);
  const isGzip = GZIP_MAGIC.every((byte, i) => head[i] === byte);
  const size = Math.max(1, statSync(path).size);
  const file = createReadStream(path);
  const lines: FileLines = {
    line: 0,
    progress: () => Math.min(1, file.bytesRead / size),
    read: () => readLines(lines, path, { file, isGzip }),
  };
  return lines;
}

async function* readLines(
  lines: FileLines,
  path: string,
  { file, isGzip }: { readonly file: Readable; readonly isGzip: boolean },
): AsyncGenerator<readonly string[]> {
  const text = isGzip ? file.pipe(createGunzip()) : file;
  if (text !== file) file.on("error", (error) => text.destroy(error));
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let next = 1;
  try {
    for await (const chunk of text) {
      const batch = (rest + decoder.write(chunk as Buffer)).split("\n");
      rest = batch.pop() as string;
      if (rest.length > LINE_LENGTH_MAX) {
        throw lineError({ path, line: next }, `longer than ${LINE_LENGTH_MAX} characters`);
      }
      if (batch.length === 0) continue;
      lines.line = next;
      next += batch.length;
      yield batch;
    }
  } catch (error) {
    if (!isStreamError(error)) throw error;
    // What was cut off in the middle of writing ends like this.
    throw tapeError(
      "tapeUnreadable",
      `${path} ends in the middle or is damaged after line ${next - 1}: ${messageOf(error)}`,
      error,
    );
  } finally {
    file.destroy();
  }
  lines.line = next;
  if (rest !== "") yield [rest];
}

/** Errors of the file or of decompression carry a system or zlib code. */
const isStreamError = (error: unknown): boolean =>
  error instanceof Error && "errno" in error && "code" in error;

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
