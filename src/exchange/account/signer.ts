/**
 * Owns who may sign: one row a signing address, master or agent, with the nonces it has used.
 *
 * The venue's rule: a signer's 100 highest nonces are kept; a new one must be unused, above the
 * smallest kept once 100 are kept, and within two days behind and one day ahead of the command's
 * time. A removed agent's row stays, so its nonces cannot be used again here.
 */
import { assert } from "../../base/assert.ts";
import {
  type ByteIndex,
  clearByteIndex,
  createByteIndex,
  findByWords,
  indexRow,
  wordsOfBytes,
} from "../../base/byte-index.ts";
import {
  addF64,
  addRecord,
  addRow,
  addTable,
  addU8,
  type F64Column,
  f64Lane,
  i32Lane,
  type RecordColumn,
  type RecordLane,
  type Register,
  readLane,
  type Table,
  type U8Column,
  writeLane,
} from "../../base/column.ts";
import { type Hex, hexToBytes, readAscii, writeAscii } from "../../base/hex.ts";
import { REJECT } from "../../base/reject-code.ts";
import { HEADER } from "../command.ts";

// Constants of other modules as this one's own: the engine folds these and loads those.
const { nonce: HEADER_NONCE, timeMs: HEADER_TIME_MS } = HEADER;
const {
  nonceDuplicate: REJECT_NONCE_DUPLICATE,
  nonceTooLow: REJECT_NONCE_TOO_LOW,
  nonceTooHigh: REJECT_NONCE_TOO_HIGH,
} = REJECT;

/** Most signing addresses of one exchange. */
const SIGNERS_MAX = 2_097_152;
/** Nonces kept a signer. */
const NONCES_KEPT = 100;
const DAY_MS = 86_400_000;
const NAME_BYTES = 16;

/** What a signing address is. */
export const ROLE = { removed: 0, master: 1, agent: 2, sub: 3, vault: 4, pool: 5 } as const;

/** Lanes of a record of 64 bytes: the address is int32 lanes 0 to 4. */
export const SIGNER = {
  account: 5,
  role: 6,
  nonceCount: 7,
  nonceStart: 8,
  /** Of an address for which nobody can sign: a sub-account's master, or a vault's row. */
  master: 9,
  /** Float64 lanes. */
  newestNonce: 5,
  validUntilMs: 6,
} as const;
const SIGNER_BYTES = 64;

/** Columns of the signers and the index of addresses. */
export interface Signers {
  readonly table: Table;
  readonly rows: RecordColumn;
  readonly account: RecordLane;
  readonly role: RecordLane;
  /** Agents: end of validity [ms]. */
  readonly validUntilMs: RecordLane;
  readonly nonceCount: RecordLane;
  /** Where the smallest nonce stands among the lanes. */
  readonly nonceStart: RecordLane;
  /** Highest nonce ever used; a higher one is usable without a look at the others. */
  readonly newestNonce: RecordLane;
  readonly name: U8Column;
  /** A ring of 100 lanes: `nonceCount` nonces, ascending from `nonceStart`. */
  readonly nonces: F64Column;
  /** Derived: address to row. */
  readonly byAddress: ByteIndex;
}

/** No signers. */
export function createSigners(register: Register): Signers {
  const table = addTable(register, "signer", SIGNERS_MAX);
  const rows = addRecord(table, "rows", SIGNER_BYTES);
  return {
    table,
    rows,
    account: i32Lane(rows, SIGNER.account),
    role: i32Lane(rows, SIGNER.role),
    validUntilMs: f64Lane(rows, SIGNER.validUntilMs),
    nonceCount: i32Lane(rows, SIGNER.nonceCount),
    nonceStart: i32Lane(rows, SIGNER.nonceStart),
    newestNonce: f64Lane(rows, SIGNER.newestNonce),
    name: addU8(table, "name", NAME_BYTES),
    nonces: addF64(table, "nonces", NONCES_KEPT),
    byAddress: createByteIndex(rows, { at: 0, length: 5, ownerAt: -1 }),
  };
}

/** Row of the signing address whose five words are at `at`, or -1. */
export const signerOfWords = (signers: Signers, words: Int32Array, at: number): number =>
  findByWords(signers.byAddress, words, at, 0);

/** Row of a signing address as hex, or -1. */
export const signerOfAddress = (signers: Signers, address: Hex): number =>
  signerOfWords(signers, wordsOfBytes(hexToBytes(address, 20), 0, 20), 0);

/** Adds the row of a new address. */
export function addSigner(
  signers: Signers,
  signer: { bytes: Uint8Array; at: number; account: number; role: number },
): number {
  const words = wordsOfBytes(signer.bytes, signer.at, 20);
  assert(signerOfWords(signers, words, 0) < 0, "a signing address has one row");
  const row = addRow(signers.table);
  signers.rows.data.set(signer.bytes.subarray(signer.at, signer.at + 20), addressByte(row));
  writeLane(signers.account, row, signer.account);
  writeLane(signers.role, row, signer.role);
  indexRow(signers.byAddress, row);
  return row;
}

/** First byte of a row's address in the bytes of `rows`. */
export const addressByte = (row: number): number => row * SIGNER_BYTES;

/** Whether a signer may act at a time: a master always, an agent while valid. */
export function isLiveSigner(signers: Signers, row: number, timeMs: number): boolean {
  const role = readLane(signers.role, row);
  if (role === ROLE.master) return true;
  return role === ROLE.agent && timeMs < readLane(signers.validUntilMs, row);
}

/** Name of an agent's row; empty for the unnamed one. */
export const agentName = (signers: Signers, row: number): string =>
  readAscii(signers.name.data, row * NAME_BYTES, NAME_BYTES);

/** Makes a row a live agent of its account. */
export function setAgent(
  signers: Signers,
  row: number,
  agent: { account: number; name: string; validUntilMs: number },
): void {
  writeLane(signers.account, row, agent.account);
  writeLane(signers.role, row, ROLE.agent);
  writeLane(signers.validUntilMs, row, agent.validUntilMs);
  writeAscii(agent.name, signers.name.data, row * NAME_BYTES, NAME_BYTES);
}

/** Takes an agent's rights away; its nonces stay used. */
export function removeAgent(signers: Signers, row: number): void {
  writeLane(signers.role, row, ROLE.removed);
}

/** Row of an account's live agent with a name (empty = the unnamed one), or -1. */
export function findAgent(signers: Signers, account: number, name: string): number {
  for (let row = 0; row < signers.table.count; row++) {
    if (isAgentOf(signers, row, account) && agentName(signers, row) === name) return row;
  }
  return -1;
}

/** Number of an account's named agents that are still valid at a time. */
export function namedAgentTotal(signers: Signers, account: number, timeMs: number): number {
  let total = 0;
  for (let row = 0; row < signers.table.count; row++) {
    if (!isAgentOf(signers, row, account) || agentName(signers, row) === "") continue;
    if (isLiveSigner(signers, row, timeMs)) total++;
  }
  return total;
}

const isAgentOf = (signers: Signers, row: number, account: number): boolean =>
  readLane(signers.role, row) === ROLE.agent && readLane(signers.account, row) === account;

/**
 * Why a command's nonce cannot be used, with the bound it breaks, or null when it can. Takes the
 * command's lanes and not their numbers: large numbers as arguments would be allocated.
 */
export function nonceProblem(
  signers: Signers,
  row: number,
  lanes: Float64Array,
): { code: number; bound: number } | null {
  const nonce = lanes[HEADER_NONCE] as number;
  const timeMs = lanes[HEADER_TIME_MS] as number;
  const { data } = signers.nonces;
  const count = readLane(signers.nonceCount, row);
  for (let i = count - 1; i >= 0; i--) {
    const used = data[laneOfNonce(signers, row, i)] as number;
    if (used === nonce) return { code: REJECT_NONCE_DUPLICATE, bound: 0 };
    if (used < nonce) break;
  }
  const smallest = count === NONCES_KEPT ? (data[laneOfNonce(signers, row, 0)] as number) : 0;
  const oldest = Math.max(smallest, timeMs - 2 * DAY_MS);
  if (!(nonce > oldest)) return { code: REJECT_NONCE_TOO_LOW, bound: oldest };
  if (nonce >= timeMs + DAY_MS) return { code: REJECT_NONCE_TOO_HIGH, bound: timeMs + DAY_MS };
  return null;
}

/** Keeps a command's usable nonce; the smallest of a full set is dropped. */
export function useNonce(signers: Signers, row: number, lanes: Float64Array): void {
  const nonce = lanes[HEADER_NONCE] as number;
  const { data } = signers.nonces;
  let count = dropSmallest(signers, row);
  let at = count;
  while (at > 0 && (data[laneOfNonce(signers, row, at - 1)] as number) > nonce) {
    data[laneOfNonce(signers, row, at)] = data[laneOfNonce(signers, row, at - 1)] as number;
    at -= 1;
  }
  data[laneOfNonce(signers, row, at)] = nonce;
  count += 1;
  writeLane(signers.nonceCount, row, count);
  writeLane(signers.newestNonce, row, data[laneOfNonce(signers, row, count - 1)] as number);
}

/**
 * Whether a command's nonce is above all others of its signer and near enough to the command's time,
 * which is how most are. Such a one is usable, and none of the kept nonces need be read to know it.
 */
export function isRisingNonce({ rows }: Signers, row: number, lanes: Float64Array): boolean {
  const nonce = lanes[HEADER_NONCE] as number;
  const timeMs = lanes[HEADER_TIME_MS] as number;
  return (
    nonce > (rows.f64[row * 8 + SIGNER.newestNonce] as number) &&
    nonce > timeMs - 2 * DAY_MS &&
    nonce < timeMs + DAY_MS
  );
}

/** Keeps a command's nonce that {@link isRisingNonce}. */
export function useRisingNonce(signers: Signers, row: number, lanes: Float64Array): void {
  const nonce = lanes[HEADER_NONCE] as number;
  const { f64, i32 } = signers.rows;
  const at = row * 16;
  const start = i32[at + SIGNER.nonceStart] as number;
  const count = i32[at + SIGNER.nonceCount] as number;
  f64[row * 8 + SIGNER.newestNonce] = nonce;
  if (count === NONCES_KEPT) {
    // The place of the smallest becomes that of the largest: the lanes are a ring.
    signers.nonces.data[row * NONCES_KEPT + start] = nonce;
    i32[at + SIGNER.nonceStart] = start + 1 === NONCES_KEPT ? 0 : start + 1;
    return;
  }
  const free = start + count;
  signers.nonces.data[row * NONCES_KEPT + (free < NONCES_KEPT ? free : free - NONCES_KEPT)] = nonce;
  i32[at + SIGNER.nonceCount] = count + 1;
}

/** Makes room for one more nonce; returns how many are left. */
function dropSmallest(signers: Signers, row: number): number {
  const count = readLane(signers.nonceCount, row);
  if (count < NONCES_KEPT) return count;
  const start = readLane(signers.nonceStart, row) + 1;
  writeLane(signers.nonceStart, row, start === NONCES_KEPT ? 0 : start);
  return count - 1;
}

/** Lane of the nonce that `rank` smaller ones stand before: the lanes are a ring. */
function laneOfNonce(signers: Signers, row: number, rank: number): number {
  const at = readLane(signers.nonceStart, row) + rank;
  return row * NONCES_KEPT + (at < NONCES_KEPT ? at : at - NONCES_KEPT);
}

/** Rebuilds the address index from the rows, after a restore or a fork. */
export function rebuildAddressIndex(signers: Signers): void {
  clearByteIndex(signers.byAddress);
  for (let row = 0; row < signers.table.count; row++) indexRow(signers.byAddress, row);
}
