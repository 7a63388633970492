/**
 * A snapshot on disk: the whole state after one command, which is always the last of a frame.
 *
 * Header, 88 bytes, little-endian, then the state's own bytes:
 *
 *     0  8  magic "BOURSESN"          40 16  chain hash of the frame that ends with seq
 *     8  4  format version            56 16  state hash
 *    12  4  engine version            72  8  length of the state's bytes
 *    16  8  seq                       80  4  CRC-32 of the state's bytes
 *    24 16  genesis                   84  4  CRC-32 of bytes 0 to 83
 */
import { crc32 } from "node:zlib";
import { bytesToHex, hexToBytes } from "../base/hex.ts";
import { FORMAT_VERSION, HASH_BYTES, hasMagic, viewOf } from "./segment.ts";

/** Bytes of the header. */
const SNAPSHOT_HEADER_BYTES = 88;

const MAGIC = Buffer.from("BOURSESN", "latin1");
const CRC_AT = 84;

/** A snapshot's header and content. */
export interface Snapshot {
  readonly engineVersion: number;
  /** The command after which the state was taken. */
  readonly seq: number;
  readonly genesis: Uint8Array;
  /** Chain hash of the frame whose last command is `seq`. */
  readonly chain: Uint8Array;
  /** 32 hex digits. */
  readonly stateHash: string;
  /** What the exchange wrote. */
  readonly content: Uint8Array;
}

/** The bytes of a snapshot file. */
export function encodeSnapshot(snapshot: Snapshot): Uint8Array {
  const bytes = new Uint8Array(SNAPSHOT_HEADER_BYTES + snapshot.content.length);
  const view = viewOf(bytes);
  bytes.set(MAGIC);
  view.setUint32(8, FORMAT_VERSION, true);
  view.setUint32(12, snapshot.engineVersion, true);
  view.setBigUint64(16, BigInt(snapshot.seq), true);
  bytes.set(snapshot.genesis, 24);
  bytes.set(snapshot.chain, 40);
  bytes.set(hexToBytes(`0x${snapshot.stateHash}`, HASH_BYTES), 56);
  view.setBigUint64(72, BigInt(snapshot.content.length), true);
  view.setUint32(80, crc32(snapshot.content), true);
  view.setUint32(CRC_AT, crc32(bytes.subarray(0, CRC_AT)), true);
  bytes.set(snapshot.content, SNAPSHOT_HEADER_BYTES);
  return bytes;
}

/** Reads a snapshot file, or says in words what is wrong with it. */
export function decodeSnapshot(bytes: Uint8Array): Snapshot | string {
  if (bytes.length < SNAPSHOT_HEADER_BYTES) return `only ${bytes.length} bytes long`;
  const view = viewOf(bytes);
  if (!hasMagic(bytes, 0, MAGIC)) return "no snapshot's mark at its start";
  if (view.getUint32(CRC_AT, true) !== crc32(bytes.subarray(0, CRC_AT))) {
    return "its header's checksum does not match";
  }
  const format = view.getUint32(8, true);
  if (format !== FORMAT_VERSION) return `format version ${format}, expected ${FORMAT_VERSION}`;
  const content = bytes.subarray(SNAPSHOT_HEADER_BYTES);
  const length = Number(view.getBigUint64(72, true));
  if (content.length !== length) return `${content.length} bytes of state, expected ${length}`;
  if (view.getUint32(80, true) !== crc32(content)) return "its content's checksum does not match";
  return {
    engineVersion: view.getUint32(12, true),
    seq: Number(view.getBigUint64(16, true)),
    genesis: bytes.slice(24, 24 + HASH_BYTES),
    chain: bytes.slice(40, 40 + HASH_BYTES),
    stateHash: bytesToHex(bytes, 56, HASH_BYTES).slice(2),
    content,
  };
}
