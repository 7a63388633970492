/** What signed commands have in common, as objects and in records. */
import { assert } from "../base/assert.ts";
import { bytesToHex, type Hex, isZero, writeHex } from "../base/hex.ts";
import {
  beginCommand,
  type CommandKind,
  type CommandRecord,
  HEADER,
  isAboutSubject,
  itemLane,
  SIGNER_AT,
  SUBJECT_AT,
} from "./command.ts";

/** What a signed command says beside its content. */
export interface Signed {
  signer: Hex;
  nonce: number;
  vault?: Hex;
  /** Refuse after this time [ms]. */
  expiresAfter?: number;
}

/** Begins the record of a signed command. */
export function beginSigned(
  record: CommandRecord,
  kind: CommandKind,
  items: number,
  signed: Signed,
): void {
  assert(itemLane(items) <= record.lanes.length, "the items fit the record");
  beginCommand(record, kind, items);
  writeHex(signed.signer, record.bytes, SIGNER_AT, 20);
  if (signed.vault !== undefined) writeHex(signed.vault, record.bytes, SUBJECT_AT, 20);
  record.lanes[HEADER.nonce] = signed.nonce;
  record.lanes[HEADER.expiresAfterMs] = signed.expiresAfter ?? 0;
}

/** Reads what a signed command says beside its content. */
export function readSigned(record: CommandRecord): Signed {
  const { lanes, bytes } = record;
  const signed: Signed = {
    signer: bytesToHex(bytes, SIGNER_AT, 20),
    nonce: lanes[HEADER.nonce] as number,
  };
  if (!isAboutSubject(lanes[HEADER.kind] as number) && !isZero(bytes, SUBJECT_AT, 20))
    signed.vault = bytesToHex(bytes, SUBJECT_AT, 20);
  const expiresAfter = lanes[HEADER.expiresAfterMs] as number;
  if (expiresAfter !== 0) signed.expiresAfter = expiresAfter;
  return signed;
}
