/**
 * Keys of the store: a table's byte, then fields of fixed width, big-endian, so that keys in order
 * are rows in order.
 *
 *     meta        table(1) what(1)
 *     checkpoint  table(1) seq(8) part(1) chunk(4)
 *     by time     table(1) owner(4) timeMs(8) seq(8) n(4)
 *     order oid   table(1) oid(8)
 *     order cloid table(1) account(4) cloid(16) accepted(1) oid(8)
 *     candle      table(1) market(4) interval(1) openMs(8)
 *
 * `owner` is an account or a market, `n` counts the rows of one command. Commands come in order of
 * time, so rows by time are rows in the order of events.
 */

/** Tables; numbers never change within a format. */
const TABLE = {
  meta: 0,
  checkpoint: 1,
  fill: 2,
  order: 3,
  orderByOid: 4,
  orderByCloid: 5,
  payment: 6,
  rate: 7,
  ledger: 8,
  candle: 9,
  move: 10,
} as const;

/** Rows by owner and time. */
export type TimedTable = "fill" | "order" | "payment" | "rate" | "ledger" | "move";

/** Bytes of a key by time, and where its seq stands. */
const TIMED_KEY_BYTES = 25;
/** Offset of the seq in a key by time. */
export const TIMED_SEQ_AT = 13;

const TWO_POW_32 = 4_294_967_296;

/** Writes a whole number below 2^53 in 8 bytes. */
export function putU64(bytes: Buffer, at: number, value: number): number {
  const high = Math.floor(value / TWO_POW_32);
  bytes.writeUInt32BE(high, at);
  return bytes.writeUInt32BE(value - high * TWO_POW_32, at + 4);
}

/** Reads what {@link putU64} wrote. */
export const getU64 = (bytes: Uint8Array, at: number): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8);
  return view.getUint32(0) * TWO_POW_32 + view.getUint32(4);
};

/** Where a row by time stands. */
export interface TimedKey {
  readonly table: TimedTable;
  readonly owner: number;
  readonly timeMs: number;
  readonly seq: number;
  readonly n: number;
}

/** Writes a key by time; returns the offset behind it. */
export function putTimedKey(bytes: Buffer, at: number, key: TimedKey): number {
  bytes[at] = TABLE[key.table];
  bytes.writeUInt32BE(key.owner, at + 1);
  putU64(bytes, at + 5, key.timeMs);
  putU64(bytes, at + TIMED_SEQ_AT, key.seq);
  return bytes.writeUInt32BE(key.n, at + 21);
}

/** First key of an owner's rows that are no older than a time [ms]. */
export function timedBound(table: TimedTable, owner: number, timeMs: number): Buffer {
  const bytes = Buffer.alloc(TIMED_KEY_BYTES);
  putTimedKey(bytes, 0, { table, owner, timeMs, seq: 0, n: 0 });
  return bytes;
}

/** Writes the key of an order's id; returns the offset behind it. */
export function putOidKey(bytes: Buffer, at: number, oid: number): number {
  bytes[at] = TABLE.orderByOid;
  return putU64(bytes, at + 1, oid);
}

/** Writes a key of an order's cloid; returns the offset behind it. */
export function putCloidKey(
  bytes: Buffer,
  at: number,
  key: { account: number; cloid: string; accepted: boolean; oid: number },
): number {
  bytes[at] = TABLE.orderByCloid;
  bytes.writeUInt32BE(key.account, at + 1);
  bytes.write(key.cloid.slice(2), at + 5, 16, "hex");
  bytes[at + 21] = key.accepted ? 1 : 0;
  return putU64(bytes, at + 22, key.oid);
}

/** First key of an account's orders with a cloid; the last byte more than `past` ends them. */
export function cloidBound(account: number, cloid: string, past: boolean): Buffer {
  const bytes = Buffer.alloc(22);
  bytes[0] = TABLE.orderByCloid;
  bytes.writeUInt32BE(account, 1);
  bytes.write(cloid.slice(2), 5, 16, "hex");
  bytes[21] = past ? 2 : 0;
  return bytes;
}

/** Writes the key of a candle; returns the offset behind it. */
export function putCandleKey(
  bytes: Buffer,
  at: number,
  key: { market: number; interval: number; openMs: number },
): number {
  bytes[at] = TABLE.candle;
  bytes.writeUInt32BE(key.market, at + 1);
  bytes[at + 5] = key.interval;
  return putU64(bytes, at + 6, key.openMs);
}

/** Key of a candle, as a bound of a range too. */
export function candleKey(key: { market: number; interval: number; openMs: number }): Buffer {
  const bytes = Buffer.alloc(14);
  putCandleKey(bytes, 0, key);
  return bytes;
}

/** Keys of the store's own facts. */
export const META = {
  /** Format, engine and journal that the rows belong to. */
  identity: Buffer.from([TABLE.meta, 0]),
  /** Last command whose rows are here. */
  lastAppliedSeq: Buffer.from([TABLE.meta, 1]),
} as const;

/** What a checkpoint holds: the state's snapshot, and the read models without their histories. */
export const CHECKPOINT_PART = { snapshot: 0, models: 1 } as const;

/** Key of a chunk of a checkpoint, as a bound of a range too. */
export function checkpointKey(seq: number, part = 0, chunk = 0): Buffer {
  const bytes = Buffer.alloc(14);
  bytes[0] = TABLE.checkpoint;
  putU64(bytes, 1, seq);
  bytes[9] = part;
  bytes.writeUInt32BE(chunk, 10);
  return bytes;
}
