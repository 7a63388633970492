/**
 * Writer of our own form. Messages gather in memory and leave it as segments, each a whole Parquet
 * file on disk: what a kill can lose is what came since the last. Many small segments become one now
 * and then, and all of them the recording's one file when it ends.
 *
 * Bounded: rows that wait for the disk are refused beyond {@link ROWS_MAX}.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { type Duck, openDuck, sqlText } from "./duck.ts";
import { partsFolder, type Segment, segmentPath, segmentsOf } from "./segment-files.ts";
import { tapeError } from "./tape-error.ts";
import type { TapeEvent, TapeHeader } from "./tape-event.ts";
import { HEADER_KEY, headerText } from "./tape-header.ts";
import { addMessage, columnsOf, createTapeRows, TAPE_COLUMNS, type TapeRows } from "./tape-rows.ts";

/** Rows that may wait for the disk. */
const ROWS_MAX = 2_000_000;
/** Small segments that become one. */
const MERGE_EVERY = 60;

/** See the file's head. */
export interface TapeWriter {
  /** Messages taken so far. */
  readonly messages: number;
  /** Those of them that are on disk. */
  readonly written: number;
  /** Takes a message; throws where the disk cannot keep up. */
  add(event: TapeEvent): void;
  /** Brings what has gathered to disk as a segment; one at a time. */
  flush(): Promise<void>;
  /** Brings the rest to disk and makes one file of all. */
  close(): Promise<void>;
}

interface Writer {
  readonly path: string;
  readonly folder: string;
  readonly header: TapeHeader;
  readonly duck: Duck;
  rows: TapeRows;
  /** Number of the first message in `rows`. */
  first: number;
  messages: number;
  written: number;
  /** A price near the beginning; 0 = none yet [ticks]. */
  startPx: number;
  small: Segment[];
  /** Ends when what was asked of the disk is done. */
  busy: Promise<void>;
}

/** Opens a recording that becomes the file `path`; neither it nor its segments may exist. */
export async function openTapeWriter(path: string, header: TapeHeader): Promise<TapeWriter> {
  const folder = partsFolder(path);
  for (const taken of [path, folder]) {
    if (existsSync(taken)) {
      throw tapeError(
        "tapeUnreadable",
        `${taken} exists already: a recording needs a name of its own`,
      );
    }
  }
  mkdirSync(folder, { recursive: true });
  const writer: Writer = {
    path,
    folder,
    header,
    duck: await openDuck(),
    rows: createTapeRows(),
    first: 1,
    messages: 0,
    written: 0,
    startPx: 0,
    small: [],
    busy: Promise.resolve(),
  };
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    writer.busy = writer.busy.then(work);
    return writer.busy;
  };
  return {
    get messages() {
      return writer.messages;
    },
    get written() {
      return writer.written;
    },
    add: (event) => add(writer, event),
    flush: () => inTurn(() => flush(writer)),
    close: () => inTurn(() => close(writer)),
  };
}

function add(writer: Writer, event: TapeEvent): void {
  if (writer.rows.message.length >= ROWS_MAX) {
    throw tapeError("tapeUnfit", `the disk is too slow for ${writer.path}: ${ROWS_MAX} rows wait`);
  }
  writer.messages += 1;
  if (writer.startPx === 0) writer.startPx = pxOf(event);
  addMessage(writer.rows, writer.messages, event);
}

/** A price in a message; 0 = there is none [ticks]. */
function pxOf(event: TapeEvent): number {
  switch (event.kind) {
    case "trade":
      return event.px;
    case "reference":
      return event.oraclePx;
    case "bbo":
      return event.bid?.px ?? event.ask?.px ?? 0;
    default:
      return event.bids[0]?.px ?? event.asks[0]?.px ?? 0;
  }
}

async function flush(writer: Writer): Promise<void> {
  // The header names a first price; what comes before one waits for it.
  if (writer.messages < writer.first || writer.startPx === 0) return;
  const { rows, first, messages: last } = writer;
  writer.rows = createTapeRows();
  writer.first = last + 1;
  const { connection } = writer.duck;
  const columns = TAPE_COLUMNS.map(([name, type]) => `${name} ${type}`).join(", ");
  await connection.run(`CREATE OR REPLACE TABLE tape (${columns})`);
  await appendRows(writer.duck, rows);
  const path = segmentPath(writer.folder, first, last);
  await writeFile(writer, "tape", path);
  await connection.run("DROP TABLE tape");
  writer.written = last;
  writer.small.push({ path, first, last });
  if (writer.small.length >= MERGE_EVERY) await merge(writer);
}

async function appendRows({ connection }: Duck, rows: TapeRows): Promise<void> {
  const { DuckDBDataChunk } = await import("@duckdb/node-api");
  const appender = await connection.createAppender("tape");
  const types = TAPE_COLUMNS.map((_, i) => appender.columnType(i));
  const columns = columnsOf(rows);
  const size = 2_048;
  for (let from = 0; from < rows.message.length; from += size) {
    const chunk = DuckDBDataChunk.create(types);
    chunk.setColumns(columns.map((column) => column.slice(from, from + size)));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

/** One segment of the small ones; they go once it is on disk. */
async function merge(writer: Writer): Promise<void> {
  const { small, folder } = writer;
  const [first, last] = [small[0]?.first ?? 0, small.at(-1)?.last ?? 0];
  await writeFile(writer, readOf(small), segmentPath(folder, first, last));
  for (const { path } of small) rmSync(path);
  writer.small = [];
}

const readOf = (segments: readonly Segment[]): string =>
  `read_parquet([${segments.map(({ path }) => sqlText(path)).join(", ")}])`;

async function close(writer: Writer): Promise<void> {
  const { folder, path, duck } = writer;
  await flush(writer);
  const segments = segmentsOf(folder);
  if (segments.length > 0) await writeFile(writer, readOf(segments), path);
  rmSync(folder, { recursive: true });
  duck.close();
}

/** Writes a file in full before it has its name. */
async function writeFile(writer: Writer, from: string, path: string): Promise<void> {
  const unfinished = `${path}.tmp`;
  const header = sqlText(headerText(writer));
  await writer.duck.connection.run(
    `COPY (SELECT * FROM ${from}) TO ${sqlText(unfinished)} (FORMAT parquet, COMPRESSION zstd, ` +
      `KV_METADATA {${sqlText(HEADER_KEY)}: ${header}})`,
  );
  sync(unfinished);
  renameSync(unfinished, path);
  sync(dirname(path));
}

function sync(path: string): void {
  const file = openSync(path, "r");
  fsyncSync(file);
  closeSync(file);
}
