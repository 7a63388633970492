/**
 * Tables of a run folder as CSV: a header, then one line a row, numbers only, nothing where a number
 * is not known. A file that a kill cut off in the middle of a line is read up to there.
 */
import type { FillRow, MarkoutRow, SeriesRow } from "./run-record.ts";

/** Columns of a table, in the order of the file. */
export type Columns<T> = readonly (keyof T & string)[];

/** Columns of `fills.csv`. */
export const FILL_COLUMNS: Columns<FillRow> = [
  "timeMs",
  "tid",
  "oid",
  "side",
  "px",
  "sz",
  "fee",
  "crossed",
  "fairHalfTicks",
  "position",
];

/** Columns of `markouts.csv`. */
export const MARKOUT_COLUMNS: Columns<MarkoutRow> = ["tid", "horizonMs", "fairHalfTicks"];

/** Columns of `series.csv`. */
export const SERIES_COLUMNS: Columns<SeriesRow> = [
  "timeMs",
  "quoting",
  "fairHalfTicks",
  "markPx",
  "bookBid",
  "bookAsk",
  "ownBid",
  "ownAsk",
  "position",
  "limit",
  "spread",
  "adverseSelection",
  "inventory",
  "fees",
  "funding",
  "residual",
  "sigma",
  "intensityA",
  "intensityK",
  "gamma",
  "halfSpread",
  "skew",
];

/** The header line, with its end. */
export const headerLine = (columns: readonly string[]): string => `${columns.join(",")}\n`;

/** Rows as lines, each with its end. */
export const rowLines = <T>(columns: Columns<T>, rows: readonly T[]): string =>
  rows.map((row) => `${columns.map((column) => row[column] ?? "").join(",")}\n`).join("");

/** Rows of a file; columns are found by the header's names, what is missing or empty is null. */
export function readRows<T>(columns: Columns<T>, text: string): T[] {
  const [header = "", ...lines] = text.split("\n");
  const names = header.split(",");
  const places = columns.map((column) => names.indexOf(column));
  // What follows the last line end is empty, or a line that was never finished.
  return lines.slice(0, -1).map((line) => {
    const cells = line.split(",");
    const entries = columns.map((column, i) => [column, cellValue(cells[places[i] as number])]);
    return Object.fromEntries(entries) as T;
  });
}

const cellValue = (cell: string | undefined): number | null =>
  cell === undefined || cell === "" ? null : Number(cell);
