/**
 * Finds rows by a fixed-length byte key (an address, a client order id) that stands in a column:
 * open addressing with linear probing, half full at most, removal by shifting back. The index is
 * derived: it holds row numbers only and is rebuilt from the columns. A lookup reads the key where
 * it lies and allocates nothing.
 */
import type { I32Column, U8Column } from "./column.ts";

/** An index over a byte column; `scope` narrows keys to an owner, such as an account. */
export interface ByteIndex {
  readonly keys: U8Column;
  readonly scope: I32Column | null;
  /** Row + 1 a place; 0 = empty. A power of two of places. */
  places: Int32Array<ArrayBuffer>;
  count: number;
}

/** An empty index over a key column and, where given, a column of owners. */
export const createByteIndex = (keys: U8Column, scope: I32Column | null): ByteIndex => ({
  keys,
  scope,
  places: new Int32Array(64),
  count: 0,
});

/** Row whose key equals the bytes at `at` under an owner (0 where the index has none), or -1. */
export function findByBytes(
  index: ByteIndex,
  bytes: Uint8Array,
  at: number,
  owner: number,
): number {
  const { places } = index;
  const mask = places.length - 1;
  let place = hashOf(bytes, at, index.keys.width, owner) & mask;
  for (;;) {
    const link = places[place] as number;
    if (link === 0) return -1;
    if (equals(index, link - 1, bytes, at, owner)) return link - 1;
    place = (place + 1) & mask;
  }
}

/** Adds a row whose key is in its column already and in no other row of the index. */
export function indexRow(index: ByteIndex, row: number): void {
  if ((index.count + 1) * 2 > index.places.length) grow(index);
  index.count += 1;
  put(index, row);
}

/** Takes a row out; its key is still in its column. */
export function unindexRow(index: ByteIndex, row: number): void {
  const { places } = index;
  const mask = places.length - 1;
  let hole = homeOf(index, row) & mask;
  while (places[hole] !== row + 1) hole = (hole + 1) & mask;
  index.count -= 1;
  for (let place = (hole + 1) & mask; places[place] !== 0; place = (place + 1) & mask) {
    const home = homeOf(index, (places[place] as number) - 1) & mask;
    // A row may move back to the hole unless its home lies behind the hole.
    if (((place - home) & mask) >= ((place - hole) & mask)) {
      places[hole] = places[place] as number;
      hole = place;
    }
  }
  places[hole] = 0;
}

/** Forgets all rows. */
export function clearByteIndex(index: ByteIndex): void {
  index.places.fill(0);
  index.count = 0;
}

function put(index: ByteIndex, row: number): void {
  const { places } = index;
  const mask = places.length - 1;
  let place = homeOf(index, row) & mask;
  while (places[place] !== 0) place = (place + 1) & mask;
  places[place] = row + 1;
}

function grow(index: ByteIndex): void {
  const before = index.places;
  index.places = new Int32Array(before.length * 2);
  for (const link of before) if (link !== 0) put(index, link - 1);
}

function homeOf(index: ByteIndex, row: number): number {
  const owner = index.scope === null ? 0 : (index.scope.data[row] as number);
  return hashOf(index.keys.data, row * index.keys.width, index.keys.width, owner);
}

/** FNV-1a over the bytes four at a time, with a final mix; spread, not secrecy, is what is needed. */
function hashOf(bytes: Uint8Array, at: number, width: number, owner: number): number {
  let hash = 0x811c9dc5 ^ owner;
  for (let i = at; i < at + width; i += 4) {
    const word =
      (bytes[i] as number) |
      ((bytes[i + 1] as number) << 8) |
      ((bytes[i + 2] as number) << 16) |
      ((bytes[i + 3] as number) << 24);
    hash = Math.imul(hash ^ word, 0x01000193);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0x85ebca6b);
  return (hash ^ (hash >>> 16)) | 0;
}

function equals(
  index: ByteIndex,
  row: number,
  bytes: Uint8Array,
  at: number,
  owner: number,
): boolean {
  const { keys, scope } = index;
  if (scope !== null && scope.data[row] !== owner) return false;
  const from = row * keys.width;
  for (let i = 0; i < keys.width; i++) if (keys.data[from + i] !== bytes[at + i]) return false;
  return true;
}
