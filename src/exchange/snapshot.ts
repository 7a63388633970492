/**
 * Snapshots: the register's tables as bytes, little endian. Layout: magic "BSNP", format version
 * (u32), engine version (u32), table count (u32); then for each table its name (u16 length, ASCII),
 * row count (u32) and the used bytes of each column. Integrity is the journal's: it stores the
 * snapshot with a checksum and the state hash, and hands only checked bytes to {@link restoreSnapshot}.
 */
import { assert } from "../base/assert.ts";
import { ensureCapacity, type Table, usedBytes } from "../base/column.ts";
import { readAscii, writeAscii } from "../base/hex.ts";
import { createEmptyState, ENGINE_VERSION, type ExchangeState, rebuildDerived } from "./state.ts";

const MAGIC = 0x504e5342;
const FORMAT_VERSION = 1;
const HEAD_BYTES = 16;

/** All state as bytes. */
export function writeSnapshot(state: ExchangeState): Uint8Array {
  const { tables } = state.register;
  const length = tables.reduce((sum, table) => sum + tableBytes(table), HEAD_BYTES);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, FORMAT_VERSION, true);
  view.setUint32(8, ENGINE_VERSION, true);
  view.setUint32(12, tables.length, true);
  let at = HEAD_BYTES;
  for (const table of tables) {
    view.setUint16(at, table.name.length, true);
    writeAscii(table.name, bytes, at + 2, table.name.length);
    at += 2 + table.name.length;
    view.setUint32(at, table.count, true);
    at += 4;
    for (const column of table.columns) {
      const used = usedBytes(table, column);
      bytes.set(used, at);
      at += used.length;
    }
  }
  assert(at === length, "a snapshot is as long as its tables");
  return bytes;
}

/** The state that {@link writeSnapshot} wrote. Bytes of another form are a broken rule: check them before. */
export function restoreSnapshot(bytes: Uint8Array): ExchangeState {
  const state = createEmptyState();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  assert(
    bytes.length >= HEAD_BYTES && view.getUint32(0, true) === MAGIC,
    "a snapshot starts with its magic",
  );
  assert(
    view.getUint32(4, true) === FORMAT_VERSION,
    "a snapshot has this program's format version",
  );
  assert(
    view.getUint32(12, true) === state.register.tables.length,
    "a snapshot has this program's tables",
  );
  let at = HEAD_BYTES;
  for (const table of state.register.tables) {
    const nameLength = view.getUint16(at, true);
    assert(
      readAscii(bytes, at + 2, nameLength) === table.name,
      `a snapshot has table ${table.name} in its place`,
    );
    at += 2 + nameLength;
    const count = view.getUint32(at, true);
    at += 4;
    assert(count <= table.countMax, `table ${table.name} keeps its bound`);
    ensureCapacity(table, count);
    table.count = count;
    for (const column of table.columns) {
      column.data.fill(0);
      const used = usedBytes(table, column);
      used.set(bytes.subarray(at, at + used.length));
      at += used.length;
    }
  }
  assert(at === bytes.length, "a snapshot ends with its last table");
  rebuildDerived(state);
  return state;
}

function tableBytes(table: Table): number {
  const columns = table.columns.reduce((sum, column) => sum + usedBytes(table, column).length, 0);
  return 2 + table.name.length + 4 + columns;
}
