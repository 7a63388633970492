/**
 * The journal's on-disk format. A journal is a chain of segment files; a segment is a header and
 * then frames; a frame is one commit group: the commands that one write and one sync made durable.
 * All numbers are unsigned and little-endian.
 *
 * Segment header, {@link SEGMENT_HEADER_BYTES} bytes:
 *
 *     0  8  magic "BOURSEJL"          24 16  genesis: drawn once a journal
 *     8  4  format version            40 16  chain hash before this segment
 *    12  4  engine version            56  4  reserved, 0
 *    16  8  seq of the first command  60  4  CRC-32 of bytes 0 to 59
 *
 * Frame header, {@link FRAME_HEADER_BYTES} bytes, then the payload (command records back to
 * back, see `exchange/command-encoding.ts`):
 *
 *     0  4  magic "BFRM"              24 16  chain hash of the frame before
 *     4  4  payload length            40  4  reserved, 0
 *     8  4  number of commands        44  4  CRC-32 of bytes 0 to 43, started from the salt
 *    12  4  CRC-32 of the payload
 *    16  8  seq of the first command
 *
 * The chain hash of a frame is the first 16 bytes of SHA-256 over its header, which holds the hash
 * before and the payload's CRC; the chain of a journal starts from its genesis. It shows frames and
 * segments that are missing, foreign or out of order. It is no proof against a forger, who could
 * compute it anew.
 *
 * The salt is drawn from the segment header. Payloads hold bytes that clients choose; without
 * knowing the salt they cannot plant bytes in them that pass for a frame.
 */
import { hash } from "node:crypto";
import { crc32 } from "node:zlib";

/** Version of the layout in this file, and of the records in the payload. */
export const FORMAT_VERSION = 2;
/** Bytes of a segment header. */
export const SEGMENT_HEADER_BYTES = 64;
/** Bytes of a frame header. */
export const FRAME_HEADER_BYTES = 48;
/** Bytes of a chain hash and of a genesis. */
export const HASH_BYTES = 16;

const SEGMENT_MAGIC = Buffer.from("BOURSEJL", "latin1");
const FRAME_MAGIC = Buffer.from("BFRM", "latin1");
const SEGMENT_CRC_AT = 60;
const FRAME_CRC_AT = 44;

/** What the head of a segment says. */
export interface SegmentHeader {
  readonly engineVersion: number;
  /** Seq of the first command of the segment. */
  readonly firstSeq: number;
  /** Identity of the journal; {@link HASH_BYTES} bytes. */
  readonly genesis: Uint8Array;
  /** Chain hash of the last frame before the segment; {@link HASH_BYTES} bytes. */
  readonly previousChain: Uint8Array;
}

/** A frame found in a segment; positions are offsets in the segment. */
export interface Frame {
  readonly offset: number;
  readonly payloadAt: number;
  /** Offset behind the frame. */
  readonly end: number;
  readonly recordCount: number;
  readonly firstSeq: number;
  readonly previousChain: Uint8Array;
  /** Chain hash of this frame. */
  readonly chain: Uint8Array;
}

/** A view over the same bytes. */
export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Whether two byte runs are equal. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Whether `bytes` hold `magic` at `offset`. */
export const hasMagic = (bytes: Uint8Array, offset: number, magic: Uint8Array): boolean =>
  bytes.length >= offset + magic.length &&
  equalBytes(bytes.subarray(offset, offset + magic.length), magic);

/** The bytes of a segment header. */
export function encodeSegmentHeader(header: SegmentHeader): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  const view = viewOf(bytes);
  bytes.set(SEGMENT_MAGIC);
  view.setUint32(8, FORMAT_VERSION, true);
  view.setUint32(12, header.engineVersion, true);
  view.setBigUint64(16, BigInt(header.firstSeq), true);
  bytes.set(header.genesis, 24);
  bytes.set(header.previousChain, 40);
  view.setUint32(SEGMENT_CRC_AT, crc32(bytes.subarray(0, SEGMENT_CRC_AT)), true);
  return bytes;
}

/** Reads a segment header, or says in words what is wrong with it. */
export function decodeSegmentHeader(bytes: Uint8Array): SegmentHeader | string {
  if (bytes.length < SEGMENT_HEADER_BYTES) {
    return `a segment header of ${SEGMENT_HEADER_BYTES} bytes expected, the file has ${bytes.length}`;
  }
  const view = viewOf(bytes);
  if (!hasMagic(bytes, 0, SEGMENT_MAGIC)) return "the mark of a segment header expected";
  if (view.getUint32(SEGMENT_CRC_AT, true) !== crc32(bytes.subarray(0, SEGMENT_CRC_AT))) {
    return "a segment header with a matching checksum expected";
  }
  const format = view.getUint32(8, true);
  if (format !== FORMAT_VERSION)
    return `format version ${FORMAT_VERSION} expected, found ${format}`;
  return {
    engineVersion: view.getUint32(12, true),
    firstSeq: Number(view.getBigUint64(16, true)),
    genesis: bytes.slice(24, 24 + HASH_BYTES),
    previousChain: bytes.slice(40, 40 + HASH_BYTES),
  };
}

/** Start value of the frame checksums of a segment; not known outside the folder. */
export const segmentSalt = (header: SegmentHeader): number =>
  crc32(header.previousChain, crc32(header.genesis));

/**
 * Fills in the header of a frame whose payload stands at {@link FRAME_HEADER_BYTES} of `frame`;
 * `frame` ends with the payload. Returns the frame's chain hash.
 */
export function sealFrame(
  frame: Uint8Array,
  about: { recordCount: number; firstSeq: number; previousChain: Uint8Array; salt: number },
): Uint8Array {
  // In one header that is used again: a frame is sealed for every commit, and views are garbage.
  sealed.set(FRAME_MAGIC);
  sealedView.setUint32(4, frame.length - FRAME_HEADER_BYTES, true);
  sealedView.setUint32(8, about.recordCount, true);
  sealedView.setUint32(12, crc32(frame.subarray(FRAME_HEADER_BYTES)), true);
  const high = Math.floor(about.firstSeq / TWO_POW_32);
  sealedView.setUint32(16, about.firstSeq - high * TWO_POW_32, true);
  sealedView.setUint32(20, high, true);
  sealed.set(about.previousChain, 24);
  sealedView.setUint32(40, 0, true);
  sealedView.setUint32(FRAME_CRC_AT, crc32(sealedHead, about.salt), true);
  frame.set(sealed);
  return chainHash(sealed);
}

const TWO_POW_32 = 4_294_967_296;
const sealed = new Uint8Array(FRAME_HEADER_BYTES);
const sealedView = viewOf(sealed);
/** What the header's checksum covers. */
const sealedHead = sealed.subarray(0, FRAME_CRC_AT);

/** Reads the frame at `offset`, or says in words what was expected there and is not. */
export function readFrame(segment: Uint8Array, offset: number, salt: number): Frame | string {
  const frame = readFrameHeader(segment, offset, salt);
  if (typeof frame === "string") return frame;
  if (frame.end > segment.length) {
    return `a frame of ${frame.end - offset} bytes expected, the file ends after ${segment.length - offset}`;
  }
  const sum = viewOf(segment).getUint32(offset + 12, true);
  if (sum !== crc32(segment.subarray(frame.payloadAt, frame.end))) {
    return "a frame with a matching checksum expected";
  }
  return frame;
}

/**
 * Whether anything behind the bad frame at `offset` shows that the bad frame was once complete: a
 * frame header further on, or more bytes behind the end that its own header names. A group is
 * written only when the one before is durable, so a torn write has nothing behind it.
 */
export function hasDataBehind(segment: Uint8Array, offset: number, salt: number): boolean {
  const bad = readFrameHeader(segment, offset, salt);
  if (typeof bad !== "string" && bad.end < segment.length) return true;
  const bytes = Buffer.from(segment.buffer, segment.byteOffset, segment.length);
  for (let at = offset + 1; ; at += 1) {
    at = bytes.indexOf(FRAME_MAGIC, at);
    if (at < 0) return false;
    if (typeof readFrameHeader(segment, at, salt) !== "string") return true;
  }
}

function readFrameHeader(segment: Uint8Array, offset: number, salt: number): Frame | string {
  const payloadAt = offset + FRAME_HEADER_BYTES;
  if (payloadAt > segment.length) {
    return `a frame header of ${FRAME_HEADER_BYTES} bytes expected, the file ends after ${segment.length - offset}`;
  }
  if (!hasMagic(segment, offset, FRAME_MAGIC)) return "the mark of a frame expected";
  const view = viewOf(segment);
  const header = segment.subarray(offset, payloadAt);
  if (
    view.getUint32(offset + FRAME_CRC_AT, true) !== crc32(header.subarray(0, FRAME_CRC_AT), salt)
  ) {
    return "a frame header with a matching checksum expected";
  }
  return {
    offset,
    payloadAt,
    end: payloadAt + view.getUint32(offset + 4, true),
    recordCount: view.getUint32(offset + 8, true),
    firstSeq: Number(view.getBigUint64(offset + 16, true)),
    previousChain: segment.slice(offset + 24, offset + 24 + HASH_BYTES),
    chain: chainHash(header),
  };
}

const chainHash = (header: Uint8Array): Uint8Array =>
  hash("sha256", header, "buffer").subarray(0, HASH_BYTES);
