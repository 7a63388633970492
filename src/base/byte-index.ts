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
  /**
   * Two lanes a place, a power of two of places: row + 1, 0 = empty; and the hash of its key, so that
   * neither a miss nor a removal reads records of others.
   */
  places: Int32Array<ArrayBuffer>;
  count: number;
}

/** An empty index over a column of records. */
export const createByteIndex = (rows: RecordColumn, place: KeyPlace): ByteIndex => ({
  ...place,
  rows,
  stride: rows.width >>> 2,
  places: new Int32Array(128),
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
  const hash = hashOf(words, at, length, owner);
  let place = (hash << 1) & mask;
  for (;;) {
    const link = places[place] as number;
    if (link === 0) return -1;
    if (places[place + 1] === hash) {
      const from = (link - 1) * stride;
      const key = from + index.at;
      let k = 0;
      while (k < length && i32[key + k] === words[at + k]) k++;
      if (k === length && (ownerAt < 0 || i32[from + ownerAt] === owner)) return link - 1;
    }
    place = (place + 2) & mask;
  }
}

/** The `width` bytes at `at` as words in the machine's order, for {@link findByWords}; a copy. */
export function wordsOfBytes(bytes: Uint8Array, at: number, width: number): Int32Array {
  return new Int32Array(bytes.slice(at, at + width).buffer);
}

/** Adds a row whose key is in its record already and in no other row of the index. */
export function indexRow(index: ByteIndex, row: number): void {
  if ((index.count + 1) * 4 > index.places.length) grow(index);
  index.count += 1;
  put(index.places, row + 1, hashOfRow(index, row));
}

/** Takes a row out; its key is still in its record. */
export function unindexRow(index: ByteIndex, row: number): void {
  const { places } = index;
  const mask = places.length - 1;
  let hole = (hashOfRow(index, row) << 1) & mask;
  while (places[hole] !== row + 1) hole = (hole + 2) & mask;
  index.count -= 1;
  for (let place = (hole + 2) & mask; places[place] !== 0; place = (place + 2) & mask) {
    const hash = places[place + 1] as number;
    // A row may move back to the hole unless its home lies behind the hole.
    if (((place - (hash << 1)) & mask) >= ((place - hole) & mask)) {
      places[hole] = places[place] as number;
      places[hole + 1] = hash;
      hole = place;
    }
  }
  places[hole] = 0;
  places[hole + 1] = 0;
}

/** Forgets all rows. */
export function clearByteIndex(index: ByteIndex): void {
  index.places.fill(0);
  index.count = 0;
}

function put(places: Int32Array, link: number, hash: number): void {
  const mask = places.length - 1;
  let place = (hash << 1) & mask;
  while (places[place] !== 0) place = (place + 2) & mask;
  places[place] = link;
  places[place + 1] = hash;
}

function grow(index: ByteIndex): void {
  const before = index.places;
  index.places = new Int32Array(before.length * 2);
  for (let place = 0; place < before.length; place += 2) {
    const link = before[place] as number;
    if (link !== 0) put(index.places, link, before[place + 1] as number);
  }
}

function hashOfRow(index: ByteIndex, row: number): number {
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
