/**
 * Finds rows by a fixed-length byte key (an address, a client order id) that stands in a column:
 * open addressing with linear probing, half full at most, removal by shifting back. The index is
 * derived: it holds row numbers only and is rebuilt from the columns. A lookup reads the key where
 * it lies, four bytes at a time, and allocates nothing; keys are multiples of four bytes long and lie
 * on such a multiple.
 */
import type { I32Column, U8Column } from "./column.ts";

/** An index over a byte column; `scope` narrows keys to an owner, such as an account. */
export interface ByteIndex {
  readonly keys: U8Column;
  readonly scope: I32Column | null;
  /** The key column's bytes as words, renewed when the column's array is replaced. */
  words: Int32Array;
  /** Row + 1 a place; 0 = empty. A power of two of places. */
  places: Int32Array<ArrayBuffer>;
  count: number;
}

/** An empty index over a key column and, where given, a column of owners. */
export const createByteIndex = (keys: U8Column, scope: I32Column | null): ByteIndex => ({
  keys,
  scope,
  words: new Int32Array(keys.data.buffer),
  places: new Int32Array(64),
  count: 0,
});

/**
 * Row whose key equals the words at `at` under an owner (0 where the index has none), or -1. `words`
 * are the bytes of the key in the machine's order.
 */
export function findByWords(
  index: ByteIndex,
  words: Int32Array,
  at: number,
  owner: number,
): number {
  const { places } = index;
  const length = index.keys.width >>> 2;
  const mask = places.length - 1;
  let place = hashOf(words, at, length, owner) & mask;
  for (;;) {
    const link = places[place] as number;
    if (link === 0) return -1;
    if (equals(index, link - 1, words, at, owner)) return link - 1;
    place = (place + 1) & mask;
  }
}

/** The `width` bytes at `at` as words in the machine's order, for {@link findByWords}; a copy. */
export function wordsOfBytes(bytes: Uint8Array, at: number, width: number): Int32Array {
  return new Int32Array(bytes.slice(at, at + width).buffer);
}

/** Adds a row whose key is in its column already and in no other row of the index. */
export function indexRow(index: ByteIndex, row: number): void {
  refresh(index);
  if ((index.count + 1) * 2 > index.places.length) grow(index);
  index.count += 1;
  put(index, row);
}

/** Takes a row out; its key is still in its column. */
export function unindexRow(index: ByteIndex, row: number): void {
  refresh(index);
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
  const length = index.keys.width >>> 2;
  return hashOf(index.words, row * length, length, owner);
}

function refresh(index: ByteIndex): void {
  const { buffer } = index.keys.data;
  if (index.words.buffer !== buffer) index.words = new Int32Array(buffer);
}

/** FNV-1a over words, with a final mix; spread, not secrecy, is what is needed. */
function hashOf(words: Int32Array, at: number, length: number, owner: number): number {
  let hash = 0x811c9dc5 ^ owner;
  for (let i = at; i < at + length; i++) {
    hash = Math.imul(hash ^ (words[i] as number), 0x01000193);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0x85ebca6b);
  return hash ^ (hash >>> 16);
}

function equals(
  index: ByteIndex,
  row: number,
  words: Int32Array,
  at: number,
  owner: number,
): boolean {
  const { scope } = index;
  if (scope !== null && scope.data[row] !== owner) return false;
  const length = index.keys.width >>> 2;
  const from = row * length;
  for (let i = 0; i < length; i++) if (index.words[from + i] !== words[at + i]) return false;
  return true;
}
