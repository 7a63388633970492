/**
 * Command records as bytes, as the journal keeps them: little-endian on any machine, at any offset.
 * Parts that are zero throughout are left out, so an order takes about a hundred bytes; the rest is
 * as it stands in the record, and any record survives, whatever its lanes hold.
 *
 *     head       u32: item count in the low 8 bits, above them one bit for each part that follows
 *     always     kind, seq, timeMs, nonce; 20 bytes of the signer
 *     settings   expiresAfterMs, arg0 to arg5
 *     subject    20 bytes
 *     each item  market
 *       order        side, px, sz, tif, flags
 *       target       targetOid
 *       trigger      triggerPx
 *       cloid        16 bytes
 *       targetCloid  16 bytes
 *
 * Lanes are float64. A part of an item is there for all items of a record or for none.
 */
import {
  COMMAND_ITEMS_MAX,
  type CommandRecord,
  HEADER,
  HEADER_LANES,
  ITEM,
  ITEM_CLOID_AT,
  ITEM_LANES,
  ITEM_TARGET_CLOID_AT,
  itemByte,
  itemCount,
  itemLane,
  SUBJECT_AT,
} from "./command.ts";

// Constants of other modules as this one's own: the engine folds these and loads those.
const OWN_COMMAND_ITEMS_MAX = COMMAND_ITEMS_MAX;
const {
  kind: HEADER_KIND,
  seq: HEADER_SEQ,
  timeMs: HEADER_TIME_MS,
  nonce: HEADER_NONCE,
  itemCount: HEADER_ITEM_COUNT,
  expiresAfterMs: HEADER_EXPIRES_AFTER_MS,
  arg0: HEADER_ARG_0,
} = HEADER;
const OWN_HEADER_LANES = HEADER_LANES;
const {
  market: ITEM_MARKET,
  side: ITEM_SIDE,
  px: ITEM_PX,
  sz: ITEM_SZ,
  tif: ITEM_TIF,
  flags: ITEM_FLAGS,
  targetOid: ITEM_TARGET_OID,
  triggerPx: ITEM_TRIGGER_PX,
} = ITEM;
const OWN_ITEM_CLOID_AT = ITEM_CLOID_AT;
const OWN_ITEM_LANES = ITEM_LANES;
const OWN_ITEM_TARGET_CLOID_AT = ITEM_TARGET_CLOID_AT;
const OWN_SUBJECT_AT = SUBJECT_AT;

/** Words are copied in the machine's order, so that bytes keep theirs. */
const IS_LITTLE_ENDIAN = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;

// Plain numbers of this module: the engine takes them for constants, which it does not do with what
// is imported.
const KIND = HEADER_KIND;
const SEQ = HEADER_SEQ;
const TIME_MS = HEADER_TIME_MS;
const NONCE = HEADER_NONCE;
const ITEM_COUNT = HEADER_ITEM_COUNT;
const EXPIRES_AFTER = HEADER_EXPIRES_AFTER_MS;
const ARGS = HEADER_ARG_0;
const ARG_COUNT = OWN_HEADER_LANES - ARGS;
const FIRST_LANE = OWN_HEADER_LANES;
const LANES = OWN_ITEM_LANES;
const MARKET = ITEM_MARKET;
const SIDE = ITEM_SIDE;
const PX = ITEM_PX;
const SZ = ITEM_SZ;
const TIF = ITEM_TIF;
const FLAGS = ITEM_FLAGS;
const TARGET = ITEM_TARGET_OID;
const TRIGGER = ITEM_TRIGGER_PX;
/** Places in the side area, counted in words. */
const SUBJECT = OWN_SUBJECT_AT / 4;
const FIRST_WORD = itemByte(0) / 4;
const WORDS = itemByte(1) / 4 - FIRST_WORD;
const CLOID = OWN_ITEM_CLOID_AT / 4;
const TARGET_CLOID = OWN_ITEM_TARGET_CLOID_AT / 4;
const ADDRESS_WORDS = 5;
const CLOID_WORDS = 4;

const HAS_SETTINGS = 1 << 8;
const HAS_SUBJECT = 1 << 9;
const HAS_ORDER = 1 << 10;
const HAS_TARGET = 1 << 11;
const HAS_TRIGGER = 1 << 12;
const HAS_CLOID = 1 << 13;
const HAS_TARGET_CLOID = 1 << 14;
const PARTS_BOUND = 1 << 15;

/** Bytes of the head and what always follows, and of each part. */
const ALWAYS_BYTES = 4 + 4 * 8 + 20;
const SETTINGS_BYTES = 8 + ARG_COUNT * 8;
const ADDRESS_BYTES = ADDRESS_WORDS * 4;
const ORDER_BYTES = 5 * 8;
const LANE_BYTES = 8;
const CLOID_BYTES = CLOID_WORDS * 4;

/** Most bytes that {@link encodeCommandRecord} writes for a record. */
export const encodedCommandBytesMax = (record: CommandRecord): number =>
  4 + itemLane(itemCount(record)) * 8 + itemByte(itemCount(record));

/** Writes a record of at most {@link OWN_COMMAND_ITEMS_MAX} items. Returns the offset behind it. */
export function encodeCommandRecord(record: CommandRecord, out: DataView, offset: number): number {
  const { lanes, laneWords, words } = record;
  const items = lanes[ITEM_COUNT] as number;
  const parts = headerParts(laneWords, words) | itemParts(laneWords, words, items);
  out.setUint32(offset, items | parts, true);
  out.setFloat64(offset + 4, lanes[KIND] as number, true);
  out.setFloat64(offset + 12, lanes[SEQ] as number, true);
  out.setFloat64(offset + 20, lanes[TIME_MS] as number, true);
  out.setFloat64(offset + 28, lanes[NONCE] as number, true);
  out.setInt32(offset + 36, words[0] as number, IS_LITTLE_ENDIAN);
  out.setInt32(offset + 40, words[1] as number, IS_LITTLE_ENDIAN);
  out.setInt32(offset + 44, words[2] as number, IS_LITTLE_ENDIAN);
  out.setInt32(offset + 48, words[3] as number, IS_LITTLE_ENDIAN);
  out.setInt32(offset + 52, words[4] as number, IS_LITTLE_ENDIAN);
  let at = offset + ALWAYS_BYTES;
  if ((parts & HAS_SETTINGS) !== 0) at = encodeSettings(lanes, out, at);
  if ((parts & HAS_SUBJECT) !== 0) at = encodeWords(words, SUBJECT, ADDRESS_WORDS, out, at);
  for (let i = 0; i < items; i++) {
    const lane = FIRST_LANE + i * LANES;
    out.setFloat64(at, lanes[lane + MARKET] as number, true);
    at += LANE_BYTES;
    if ((parts & HAS_ORDER) !== 0) {
      out.setFloat64(at, lanes[lane + SIDE] as number, true);
      out.setFloat64(at + 8, lanes[lane + PX] as number, true);
      out.setFloat64(at + 16, lanes[lane + SZ] as number, true);
      out.setFloat64(at + 24, lanes[lane + TIF] as number, true);
      out.setFloat64(at + 32, lanes[lane + FLAGS] as number, true);
      at += ORDER_BYTES;
    }
    if ((parts & HAS_TARGET) !== 0) {
      out.setFloat64(at, lanes[lane + TARGET] as number, true);
      at += LANE_BYTES;
    }
    if ((parts & HAS_TRIGGER) !== 0) {
      out.setFloat64(at, lanes[lane + TRIGGER] as number, true);
      at += LANE_BYTES;
    }
    const word = FIRST_WORD + i * WORDS;
    if ((parts & HAS_CLOID) !== 0) at = encodeWords(words, word + CLOID, CLOID_WORDS, out, at);
    if ((parts & HAS_TARGET_CLOID) !== 0)
      at = encodeWords(words, word + TARGET_CLOID, CLOID_WORDS, out, at);
  }
  return at;
}

/** Parts of the header that are not zero. Words are looked at, not lanes: minus zero is not zero. */
function headerParts(laneWords: Int32Array, words: Int32Array): number {
  const at = ARGS * 2;
  const settings =
    (laneWords[EXPIRES_AFTER * 2] as number) |
    (laneWords[EXPIRES_AFTER * 2 + 1] as number) |
    fourWords(laneWords, at) |
    fourWords(laneWords, at + 4) |
    fourWords(laneWords, at + 8);
  const subject = fourWords(words, SUBJECT) | (words[SUBJECT + 4] as number);
  return (settings === 0 ? 0 : HAS_SETTINGS) | (subject === 0 ? 0 : HAS_SUBJECT);
}

/** Parts that are not zero in at least one item. */
function itemParts(laneWords: Int32Array, words: Int32Array, items: number): number {
  let order = 0;
  let target = 0;
  let trigger = 0;
  let cloid = 0;
  let targetCloid = 0;
  for (let i = 0; i < items; i++) {
    const at = (FIRST_LANE + i * LANES) * 2;
    const word = FIRST_WORD + i * WORDS;
    order |=
      fourWords(laneWords, at + 2) |
      fourWords(laneWords, at + 6) |
      (laneWords[at + 10] as number) |
      (laneWords[at + 11] as number);
    target |= (laneWords[at + 12] as number) | (laneWords[at + 13] as number);
    trigger |= (laneWords[at + 14] as number) | (laneWords[at + 15] as number);
    cloid |= fourWords(words, word + CLOID);
    targetCloid |= fourWords(words, word + TARGET_CLOID);
  }
  return (
    (order === 0 ? 0 : HAS_ORDER) |
    (target === 0 ? 0 : HAS_TARGET) |
    (trigger === 0 ? 0 : HAS_TRIGGER) |
    (cloid === 0 ? 0 : HAS_CLOID) |
    (targetCloid === 0 ? 0 : HAS_TARGET_CLOID)
  );
}

/** The bits of four words together: 0 = all are zero. */
const fourWords = (words: Int32Array, at: number): number =>
  (words[at] as number) |
  (words[at + 1] as number) |
  (words[at + 2] as number) |
  (words[at + 3] as number);

function encodeSettings(lanes: Float64Array, out: DataView, offset: number): number {
  out.setFloat64(offset, lanes[EXPIRES_AFTER] as number, true);
  for (let i = 0; i < ARG_COUNT; i++)
    out.setFloat64(offset + 8 + i * 8, lanes[ARGS + i] as number, true);
  return offset + SETTINGS_BYTES;
}

function encodeWords(
  words: Int32Array,
  from: number,
  count: number,
  out: DataView,
  offset: number,
): number {
  for (let i = 0; i < count; i++)
    out.setInt32(offset + i * 4, words[from + i] as number, IS_LITTLE_ENDIAN);
  return offset + count * 4;
}

/** Bytes of a record by its head; Infinity for a head that no record has. */
function encodedBytes(items: number, parts: number): number {
  if (items > OWN_COMMAND_ITEMS_MAX || parts >= PARTS_BOUND) return Number.POSITIVE_INFINITY;
  const item =
    LANE_BYTES +
    ((parts & HAS_ORDER) === 0 ? 0 : ORDER_BYTES) +
    ((parts & HAS_TARGET) === 0 ? 0 : LANE_BYTES) +
    ((parts & HAS_TRIGGER) === 0 ? 0 : LANE_BYTES) +
    ((parts & HAS_CLOID) === 0 ? 0 : CLOID_BYTES) +
    ((parts & HAS_TARGET_CLOID) === 0 ? 0 : CLOID_BYTES);
  return (
    ALWAYS_BYTES +
    ((parts & HAS_SETTINGS) === 0 ? 0 : SETTINGS_BYTES) +
    ((parts & HAS_SUBJECT) === 0 ? 0 : ADDRESS_BYTES) +
    items * item
  );
}

/**
 * Reads a record written by {@link encodeCommandRecord} into `record`. Returns the offset behind it,
 * or -1 where the bytes cannot be a command of this format, end early, or do not fit the record.
 */
export function decodeCommandRecord(
  bytes: DataView,
  offset: number,
  record: CommandRecord,
): number {
  if (offset + 4 > bytes.byteLength) return -1;
  const head = bytes.getUint32(offset, true);
  const items = head & 0xff;
  const parts = head - items;
  if (!(offset + encodedBytes(items, parts) <= bytes.byteLength)) return -1;
  const { lanes, words } = record;
  if (FIRST_LANE + items * LANES > lanes.length) return -1;
  lanes[KIND] = bytes.getFloat64(offset + 4, true);
  lanes[SEQ] = bytes.getFloat64(offset + 12, true);
  lanes[TIME_MS] = bytes.getFloat64(offset + 20, true);
  lanes[NONCE] = bytes.getFloat64(offset + 28, true);
  lanes[ITEM_COUNT] = items;
  let at = decodeWords(bytes, offset + 36, words, 0, ADDRESS_WORDS);
  if ((parts & HAS_SETTINGS) !== 0) at = decodeSettings(bytes, at, lanes);
  else clearSettings(lanes);
  if ((parts & HAS_SUBJECT) !== 0) at = decodeWords(bytes, at, words, SUBJECT, ADDRESS_WORDS);
  else clearWords(words, SUBJECT, ADDRESS_WORDS);
  for (let i = 0; i < items; i++) {
    const lane = FIRST_LANE + i * LANES;
    lanes[lane + MARKET] = bytes.getFloat64(at, true);
    at += LANE_BYTES;
    const hasOrder = (parts & HAS_ORDER) !== 0;
    lanes[lane + SIDE] = hasOrder ? bytes.getFloat64(at, true) : 0;
    lanes[lane + PX] = hasOrder ? bytes.getFloat64(at + 8, true) : 0;
    lanes[lane + SZ] = hasOrder ? bytes.getFloat64(at + 16, true) : 0;
    lanes[lane + TIF] = hasOrder ? bytes.getFloat64(at + 24, true) : 0;
    lanes[lane + FLAGS] = hasOrder ? bytes.getFloat64(at + 32, true) : 0;
    if (hasOrder) at += ORDER_BYTES;
    const hasTarget = (parts & HAS_TARGET) !== 0;
    lanes[lane + TARGET] = hasTarget ? bytes.getFloat64(at, true) : 0;
    if (hasTarget) at += LANE_BYTES;
    const hasTrigger = (parts & HAS_TRIGGER) !== 0;
    lanes[lane + TRIGGER] = hasTrigger ? bytes.getFloat64(at, true) : 0;
    if (hasTrigger) at += LANE_BYTES;
    const word = FIRST_WORD + i * WORDS;
    if ((parts & HAS_CLOID) !== 0) at = decodeWords(bytes, at, words, word + CLOID, CLOID_WORDS);
    else clearWords(words, word + CLOID, CLOID_WORDS);
    if ((parts & HAS_TARGET_CLOID) !== 0)
      at = decodeWords(bytes, at, words, word + TARGET_CLOID, CLOID_WORDS);
    else clearWords(words, word + TARGET_CLOID, CLOID_WORDS);
  }
  return at;
}

function decodeSettings(bytes: DataView, offset: number, lanes: Float64Array): number {
  lanes[EXPIRES_AFTER] = bytes.getFloat64(offset, true);
  for (let i = 0; i < ARG_COUNT; i++) lanes[ARGS + i] = bytes.getFloat64(offset + 8 + i * 8, true);
  return offset + SETTINGS_BYTES;
}

function clearSettings(lanes: Float64Array): void {
  lanes[EXPIRES_AFTER] = 0;
  for (let i = 0; i < ARG_COUNT; i++) lanes[ARGS + i] = 0;
}

function decodeWords(
  bytes: DataView,
  offset: number,
  words: Int32Array,
  to: number,
  count: number,
): number {
  for (let i = 0; i < count; i++) words[to + i] = bytes.getInt32(offset + i * 4, IS_LITTLE_ENDIAN);
  return offset + count * 4;
}

function clearWords(words: Int32Array, from: number, count: number): void {
  for (let i = 0; i < count; i++) words[from + i] = 0;
}
