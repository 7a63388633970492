/**
 * Finds rows by a fixed-length byte key (an address, a client order id) that stands in a record:
 * open addressing with linear probing, half full at most, removal by shifting back. The index is
 * derived: it holds row numbers only and is rebuilt from the records. A lookup reads the key where
 * it lies, four bytes at a time, and allocates nothing; keys are four words of four
 * bytes or more and lie on such a multiple.
 */
import type { RecordColumn } from "./column.ts";

/** Where a record holds its key. */
export interface KeyPlace {
  /** First int32 lane of the key within the record, and how many there are. */
  readonly at: number;
  readonly length: number;
  /** Int32 lane of the key's owner, such as an account; -1 = keys have none. */
  readonly ownerAt: number;
}

/** An index over the keys of records. */
export interface ByteIndex extends KeyPlace {
  readonly rows: RecordColumn;
  /** Int32 lanes of a record. */
  readonly stride: number;
  /** Row + 1 a place; 0 = empty. A power of two of places. */
  places: Int32Array<ArrayBuffer>;
  count: number;
}

/** An empty index over a column of records. */
export const createByteIndex = (rows: RecordColumn, place: KeyPlace): ByteIndex => ({
  ...place,
  rows,
  stride: rows.width >>> 2,
  places: new Int32Array(64),
  count: 0,
});

/**
 * Row whose key equals the words at `at` under an owner (0 where keys have none), or -1. `words` are
 * the bytes of the key in the machine's order.
 */
export function findByWords(
  index: ByteIndex,
  words: Int32Array,
  at: number,
  owner: number,
): number {
  const { places, length, ownerAt, stride } = index;
  const { i32 } = index.rows;
  const mask = places.length - 1;
  const first = words[at] as number;
  let place = hashOf(words, at, length, owner) & mask;
  for (;;) {
    const link = places[place] as number;
    if (link === 0) return -1;
    const from = (link - 1) * stride;
    const key = from + index.at;
    if (i32[key] === first && (ownerAt < 0 || i32[from + ownerAt] === owner)) {
      let k = 1;
      while (k < length && i32[key + k] === words[at + k]) k++;
      if (k === length) return link - 1;
    }
    place = (place + 1) & mask;
  }
}

/** The `width` bytes at `at` as words in the machine's order, for {@link findByWords}; a copy. */
export function wordsOfBytes(bytes: Uint8Array, at: number, width: number): Int32Array {
  return new Int32Array(bytes.slice(at, at + width).buffer);
}

/** Adds a row whose key is in its record already and in no other row of the index. */
export function indexRow(index: ByteIndex, row: number): void {
  if ((index.count + 1) * 2 > index.places.length) grow(index);
  index.count += 1;
  put(index, row);
}

/** Takes a row out; its key is still in its record. */
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
  const { i32 } = index.rows;
  const from = row * index.stride;
  const owner = index.ownerAt < 0 ? 0 : (i32[from + index.ownerAt] as number);
  return hashOf(i32, from + index.at, index.length, owner);
}

/** Multiplies and mixes the words, four at least; spread, not secrecy, is what is needed. */
function hashOf(words: Int32Array, at: number, length: number, owner: number): number {
  let hash =
    Math.imul((words[at] as number) ^ owner, 0x85ebca6b) ^
    Math.imul((words[at + 1] as number) + 0x7ed55d16, 0xc2b2ae35 | 0);
  hash ^=
    Math.imul((words[at + 2] as number) + 0x165667b1, 0x27d4eb2f) ^
    Math.imul((words[at + 3] as number) + (hash >>> 15), 0x9e3779b1 | 0);
  for (let i = at + 4; i < at + length; i++)
    hash = Math.imul(hash ^ (words[i] as number), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 13), 0x85ebca6b);
  return hash ^ (hash >>> 16);
}
