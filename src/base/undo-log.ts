/**
 * Owns old values of table rows while a change may still be taken back: a log that is off but for
 * the all-or-none commands. A row is kept whole before its first write and may be kept again; taking
 * back goes through the log from its end, so the oldest image stands last. Rows that were added since
 * go altogether: their tables become as short as they were.
 *
 * What is derived from rows (books, indexes) is put right by steps that stand in the same log, each
 * run while the rows are as they were when it was kept.
 *
 * Known limit: a function that writes a registered row without keeping it first is not taken back.
 * The properties over failed batches compare state hashes and find it.
 */

type Lanes = Float64Array | Int32Array | Uint8Array;

interface KeptColumn {
  readonly kind: "f64" | "i32" | "u8" | "record";
  /** Lanes a row; of records, bytes a row. */
  readonly width: number;
  readonly data: Lanes;
}

/** Of records: the same data as words. */
interface KeptRecords extends KeptColumn {
  readonly i32: Int32Array;
}

/** What the log needs to know of a table. */
export interface KeptTable {
  readonly columns: readonly KeptColumn[];
  readonly countMax: number;
  count: number;
  /** Rows it had when the log was switched on. */
  keptCount: number;
}

/** See the file's head. */
export interface UndoLog {
  isOn: boolean;
  /** Entry by entry: the table of a row image, or null for a step. */
  readonly tables: (KeptTable | null)[];
  readonly rows: number[];
  readonly steps: (UndoStep | null)[];
  /** Row images one behind the other, each column's from a multiple of eight bytes on. */
  image: ImageBuffer;
  /** [bytes] */
  used: number;
}

/** One buffer by its views: lanes are copied as what they are, one by one, which beats views made anew. */
interface ImageBuffer {
  readonly f64: Float64Array<ArrayBuffer>;
  readonly i32: Int32Array<ArrayBuffer>;
  readonly u8: Uint8Array<ArrayBuffer>;
}

function createImage(bytes: number): ImageBuffer {
  const buffer = new ArrayBuffer(bytes);
  return {
    f64: new Float64Array(buffer),
    i32: new Int32Array(buffer),
    u8: new Uint8Array(buffer),
  };
}

/** Puts right what is derived from a row. */
export type UndoStep = (row: number) => void;

/** A log that is off. */
export const createUndoLog = (): UndoLog => ({
  isOn: false,
  tables: [],
  rows: [],
  steps: [],
  image: createImage(4096),
  used: 0,
});

/** Switches the log on; tables of one row are kept at once. */
export function beginUndo(log: UndoLog, tables: readonly KeptTable[]): void {
  log.isOn = true;
  for (const table of tables) {
    table.keptCount = table.count;
    if (table.countMax === 1) logRow(log, table, 0);
  }
}

/** Switches the log off and forgets it: what was written stays. */
export function endUndo(log: UndoLog): void {
  log.isOn = false;
  log.tables.length = 0;
  log.rows.length = 0;
  log.steps.length = 0;
  log.used = 0;
}

/** Takes everything back that was kept, and switches the log off. */
export function takeBack(log: UndoLog, tables: readonly KeptTable[]): void {
  log.isOn = false;
  for (let entry = log.rows.length - 1; entry >= 0; entry--) {
    const table = log.tables[entry];
    const row = log.rows[entry] as number;
    if (table) restoreRow(log, table, row);
    else log.steps[entry]?.(row);
  }
  for (const table of tables) {
    for (const { data, width } of table.columns) {
      data.fill(0, table.keptCount * width, table.count * width);
    }
    table.count = table.keptCount;
  }
  endUndo(log);
}

/** Appends a row's image. */
export function logRow(log: UndoLog, table: KeptTable, row: number): void {
  for (const column of table.columns) {
    const length = imageBytes(column);
    if (log.used + length > log.image.u8.length) growLog(log, length);
    copyRow(log, column, row, true);
    log.used += length;
  }
  log.tables.push(table);
  log.rows.push(row);
  log.steps.push(null);
}

/** Appends a step for what is derived from a row. */
export function logStep(log: UndoLog, step: UndoStep, row: number): void {
  log.tables.push(null);
  log.rows.push(row);
  log.steps.push(step);
}

function restoreRow(log: UndoLog, table: KeptTable, row: number): void {
  for (let i = table.columns.length - 1; i >= 0; i--) {
    const column = table.columns[i] as KeptColumn;
    log.used -= imageBytes(column);
    copyRow(log, column, row, false);
  }
}

/** Bytes of a column's image. */
const imageBytes = ({ width, data }: KeptColumn): number =>
  (width * data.BYTES_PER_ELEMENT + 7) & ~7;

/** Copies a column's row to where the log's end is, or from there. */
function copyRow({ image, used }: UndoLog, column: KeptColumn, row: number, isKept: boolean): void {
  const { kind, width, data } = column;
  switch (kind) {
    case "f64":
      return copyF64(data as Float64Array, row * width, image.f64, used / 8, width, isKept);
    case "i32":
      return copyI32(data as Int32Array, row * width, image.i32, used / 4, width, isKept);
    case "record": {
      const words = width / 4;
      return copyI32((column as KeptRecords).i32, row * words, image.i32, used / 4, words, isKept);
    }
    default:
      return copyU8(data as Uint8Array, row * width, image.u8, used, width, isKept);
  }
}

// Three times the same, for an engine that compiles a loop for one kind of array.
function copyF64(
  rows: Float64Array,
  from: number,
  image: Float64Array,
  to: number,
  length: number,
  isKept: boolean,
): void {
  if (isKept) for (let i = 0; i < length; i++) image[to + i] = rows[from + i] as number;
  else for (let i = 0; i < length; i++) rows[from + i] = image[to + i] as number;
}

function copyI32(
  rows: Int32Array,
  from: number,
  image: Int32Array,
  to: number,
  length: number,
  isKept: boolean,
): void {
  if (isKept) for (let i = 0; i < length; i++) image[to + i] = rows[from + i] as number;
  else for (let i = 0; i < length; i++) rows[from + i] = image[to + i] as number;
}

function copyU8(
  rows: Uint8Array,
  from: number,
  image: Uint8Array,
  to: number,
  length: number,
  isKept: boolean,
): void {
  if (isKept) for (let i = 0; i < length; i++) image[to + i] = rows[from + i] as number;
  else for (let i = 0; i < length; i++) rows[from + i] = image[to + i] as number;
}

function growLog(log: UndoLog, more: number): void {
  let length = log.image.u8.length;
  while (length < log.used + more) length *= 2;
  const grown = createImage(length);
  grown.u8.set(log.image.u8);
  log.image = grown;
}
