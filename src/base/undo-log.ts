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

interface KeptColumn {
  readonly width: number;
  readonly data: Float64Array | Int32Array | Uint8Array;
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
  /** Row images one behind the other. */
  bytes: Uint8Array<ArrayBuffer>;
  used: number;
}

/** Puts right what is derived from a row. */
export type UndoStep = (row: number) => void;

/** A log that is off. */
export const createUndoLog = (): UndoLog => ({
  isOn: false,
  tables: [],
  rows: [],
  steps: [],
  bytes: new Uint8Array(4096),
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
    const image = rowBytes(column, row);
    if (log.used + image.length > log.bytes.length) growLog(log, image.length);
    log.bytes.set(image, log.used);
    log.used += image.length;
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
    const place = rowBytes(table.columns[i] as KeptColumn, row);
    log.used -= place.length;
    place.set(log.bytes.subarray(log.used, log.used + place.length));
  }
}

function rowBytes({ data, width }: KeptColumn, row: number): Uint8Array {
  const length = width * data.BYTES_PER_ELEMENT;
  return new Uint8Array(data.buffer, data.byteOffset + row * length, length);
}

function growLog(log: UndoLog, more: number): void {
  let length = log.bytes.length;
  while (length < log.used + more) length *= 2;
  const grown = new Uint8Array(length);
  grown.set(log.bytes);
  log.bytes = grown;
}
