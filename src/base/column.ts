/**
 * State as registered columns. A register holds tables; a table holds columns of equal length, one
 * typed array each; a row is an index. Snapshot, hash and fork walk the register, so state that is
 * not a column does not exist: indexes beside the columns are derived and rebuilt from them.
 *
 * Rows never move. Arrays are replaced when a table grows, so read `column.data` anew after
 * {@link addRow}. A cleared row is all zero, which keeps the hash free of leftovers.
 */
import { assert } from "./assert.ts";
import { createUndoLog, logRow, type UndoLog } from "./undo-log.ts";

/** Float64 lanes, `width` a row; holds integers up to 2^53. */
export interface F64Column {
  readonly kind: "f64";
  readonly name: string;
  readonly width: number;
  data: Float64Array<ArrayBuffer>;
}
/** Int32 lanes, `width` a row. */
export interface I32Column {
  readonly kind: "i32";
  readonly name: string;
  readonly width: number;
  data: Int32Array<ArrayBuffer>;
}
/** Bytes, `width` a row. */
export interface U8Column {
  readonly kind: "u8";
  readonly name: string;
  readonly width: number;
  data: Uint8Array<ArrayBuffer>;
}
/**
 * Records of `width` bytes a row (a multiple of eight): what is read together lies together, so that
 * a row costs one or two cache lines instead of one a column. `f64` and `i32` are views of `data`.
 */
export interface RecordColumn {
  readonly kind: "record";
  readonly name: string;
  readonly width: number;
  data: Uint8Array<ArrayBuffer>;
  f64: Float64Array<ArrayBuffer>;
  i32: Int32Array<ArrayBuffer>;
}
/** A column of any kind. */
export type Column = F64Column | I32Column | U8Column | RecordColumn;

/** Columns of one length; `count` rows are in use, `countMax` is the bound. */
export interface Table {
  readonly name: string;
  readonly columns: Column[];
  readonly countMax: number;
  count: number;
  capacity: number;
  /** The register's. */
  readonly undo: UndoLog;
  keptCount: number;
}

/** All tables of one state, in the order of their creation. */
export interface Register {
  readonly tables: Table[];
  /** Old values of rows while a change may be taken back; no state. */
  readonly undo: UndoLog;
}

const ARRAYS = { f64: Float64Array, i32: Int32Array, u8: Uint8Array, record: Uint8Array } as const;
/** Bytes of one lane of a column kind. */
const LANE_BYTES = { f64: 8, i32: 4, u8: 1, record: 1 } as const;

/** An empty register. */
export const createRegister = (): Register => ({ tables: [], undo: createUndoLog() });

/** Adds an empty table that may grow to `countMax` rows. */
export function addTable(register: Register, name: string, countMax: number): Table {
  const table: Table = {
    name,
    columns: [],
    countMax,
    count: 0,
    capacity: Math.min(16, countMax),
    undo: register.undo,
    keptCount: 0,
  };
  register.tables.push(table);
  return table;
}

/** Adds a float64 column of `width` lanes a row. */
export function addF64(table: Table, name: string, width = 1): F64Column {
  const column: F64Column = {
    kind: "f64",
    name,
    width,
    data: new Float64Array(table.capacity * width),
  };
  table.columns.push(column);
  return column;
}

/** Adds an int32 column of `width` lanes a row. */
export function addI32(table: Table, name: string, width = 1): I32Column {
  const column: I32Column = {
    kind: "i32",
    name,
    width,
    data: new Int32Array(table.capacity * width),
  };
  table.columns.push(column);
  return column;
}

/** Adds a byte column of `width` bytes a row. */
export function addU8(table: Table, name: string, width = 1): U8Column {
  const column: U8Column = {
    kind: "u8",
    name,
    width,
    data: new Uint8Array(table.capacity * width),
  };
  table.columns.push(column);
  return column;
}

/** Adds a column of records of `width` bytes a row, a multiple of eight. */
export function addRecord(table: Table, name: string, width: number): RecordColumn {
  assert(width % 8 === 0, "a record is made of whole float lanes");
  const data = new Uint8Array(table.capacity * width);
  const column: RecordColumn = {
    kind: "record",
    name,
    width,
    data,
    f64: new Float64Array(data.buffer),
    i32: new Int32Array(data.buffer),
  };
  table.columns.push(column);
  return column;
}

/** One number of every record: float64 lane or int32 lane `at` of each row. */
export interface RecordLane {
  readonly rows: RecordColumn;
  readonly isFloat: boolean;
  readonly at: number;
  /** Lanes of that size in a record. */
  readonly stride: number;
}

/** The float64 lane at 8 x `at` bytes of each record. */
export const f64Lane = (rows: RecordColumn, at: number): RecordLane => ({
  rows,
  isFloat: true,
  at,
  stride: rows.width >>> 3,
});

/** The int32 lane at 4 x `at` bytes of each record. */
export const i32Lane = (rows: RecordColumn, at: number): RecordLane => ({
  rows,
  isFloat: false,
  at,
  stride: rows.width >>> 2,
});

/** Reads a lane of a row. Hot paths read the views themselves, by constant lane numbers. */
export const readLane = (lane: RecordLane, row: number): number =>
  (lane.isFloat ? lane.rows.f64 : lane.rows.i32)[row * lane.stride + lane.at] as number;

/** Writes a lane of a row. */
export function writeLane(lane: RecordLane, row: number, value: number): void {
  (lane.isFloat ? lane.rows.f64 : lane.rows.i32)[row * lane.stride + lane.at] = value;
}

/** To be called before a row is written in reach of an order; keeps it where that may be taken back. */
export function keepRow(table: Table, row: number): void {
  if (table.undo.isOn) logRow(table.undo, table, row);
}

/** Whether a table has no room for another row. */
export const isFull = (table: Table): boolean => table.count >= table.countMax;

/** Appends a zero row and returns its index; the caller has checked {@link isFull}. */
export function addRow(table: Table): number {
  assert(!isFull(table), `table ${table.name} has room for a row`);
  ensureCapacity(table, table.count + 1);
  const row = table.count;
  table.count = row + 1;
  return row;
}

/** Sets every lane of a row to zero. */
export function clearRow(table: Table, row: number): void {
  for (const column of table.columns) {
    column.data.fill(0, row * column.width, (row + 1) * column.width);
  }
}

/** Drops all rows; their lanes become zero. */
export function clearTable(table: Table): void {
  for (const column of table.columns) column.data.fill(0, 0, table.count * column.width);
  table.count = 0;
}

/** Grows a table's arrays to hold at least `rows` rows. */
export function ensureCapacity(table: Table, rows: number): void {
  if (rows <= table.capacity) return;
  let capacity = table.capacity;
  while (capacity < rows) capacity *= 2;
  capacity = Math.min(capacity, table.countMax);
  for (const column of table.columns) {
    const grown = new ARRAYS[column.kind](capacity * column.width);
    grown.set(column.data);
    column.data = grown;
    if (column.kind === "record") {
      column.f64 = new Float64Array(grown.buffer);
      column.i32 = new Int32Array(grown.buffer);
    }
  }
  table.capacity = capacity;
}

/** The bytes in use of a column, a view and not a copy. */
export function usedBytes(table: Table, column: Column): Uint8Array {
  const length = table.count * column.width * LANE_BYTES[column.kind];
  return new Uint8Array(column.data.buffer, column.data.byteOffset, length);
}

/** Copies every row of `from` into `to`, a register built by the same code. */
export function copyRegister(from: Register, to: Register): void {
  assert(from.tables.length === to.tables.length, "both registers have the same tables");
  from.tables.forEach((source, i) => {
    const target = to.tables[i] as Table;
    assert(source.name === target.name, "tables come in the same order");
    clearTable(target);
    ensureCapacity(target, source.count);
    target.count = source.count;
    source.columns.forEach((column, j) => {
      const copy = target.columns[j] as Column;
      usedBytes(target, copy).set(usedBytes(source, column));
    });
  });
}
