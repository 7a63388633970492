/** Reader of our own form: Parquet, some thousand rows at a time. */
import type { DuckDBDataChunk } from "@duckdb/node-api";
import { type Duck, openDuck, sqlText } from "./duck.ts";
import { recordingFiles } from "./segment-files.ts";
import { tapeError } from "./tape-error.ts";
import { createTapeCounts, type Tape, type TapeCounts, type TapeEvent } from "./tape-event.ts";
import { HEADER_KEY, type ParquetHeader, parseHeader } from "./tape-header.ts";
import {
  createMessageBuilder,
  type MessageBuilder,
  TAPE_COLUMNS,
  type TapeRow,
} from "./tape-rows.ts";

/** Opens a recording: one file, or the segments of one that was cut off. */
export async function openParquetTape(path: string): Promise<Tape> {
  const files = recordingFiles(path);
  const duck = await openDuck();
  try {
    const opened = await readHeader(duck, files[0] as string);
    const total = await countRows(duck, files);
    const counts = createTapeCounts();
    return {
      ...opened,
      counts,
      progress: () => Math.min(1, counts.lines / Math.max(1, total)),
      read: () => readFiles(duck, files, counts),
    };
  } catch (error) {
    // The connection is of no use to anybody then.
    duck.close();
    throw error;
  }
}

async function* readFiles(
  duck: Duck,
  files: readonly string[],
  counts: TapeCounts,
): AsyncGenerator<readonly TapeEvent[]> {
  const builder = createMessageBuilder();
  try {
    for (const path of files) yield* readFile(duck, path, { builder, counts });
    const last: TapeEvent[] = [];
    take(builder.end(), { path: files.at(-1) as string, row: 0 }, { counts, out: last });
    if (last.length > 0) yield last;
  } finally {
    duck.close();
  }
}

async function* readFile(
  { connection }: Duck,
  path: string,
  { builder, counts }: { readonly builder: MessageBuilder; readonly counts: TapeCounts },
): AsyncGenerator<readonly TapeEvent[]> {
  const names = TAPE_COLUMNS.map(([name, type]) => `${name}::${type}`).join(", ");
  const sql = `SELECT ${names} FROM read_parquet(${sqlText(path)})`;
  const result = await said(path, () => connection.stream(sql));
  let row = 0;
  for (;;) {
    const chunk = await said(path, () => result.fetchChunk());
    if (chunk === null || chunk.rowCount === 0) return;
    const events: TapeEvent[] = [];
    for (const read of rowsOf(chunk)) {
      row += 1;
      counts.lines += 1;
      take(builder.add(read), { path, row }, { counts, out: events });
    }
    if (events.length > 0) yield events;
  }
}

/** Counts a finished message and hands it on, or says what is wrong with a row. */
function take(
  built: ReturnType<MessageBuilder["end"]>,
  { path, row }: { readonly path: string; readonly row: number },
  { counts, out }: { readonly counts: TapeCounts; readonly out: TapeEvent[] },
): void {
  if (built === null) return;
  if ("problem" in built) throw tapeError("tapeCorrupt", `${path}, row ${row}: ${built.problem}`);
  if (built.kind === "trade") counts.trades += 1;
  else if (built.kind === "snapshot") counts.snapshots += 1;
  else if (built.kind === "depth") counts.differences += 1;
  out.push(built);
}

function* rowsOf(chunk: DuckDBDataChunk): Generator<TapeRow> {
  const [message, localNs, venueMs, kind, part, px, sz] = chunk.getColumns() as [
    number[],
    bigint[],
    bigint[],
    string[],
    (string | null)[],
    (number | null)[],
    (bigint | null)[],
  ];
  for (let i = 0; i < chunk.rowCount; i++) {
    const lots = sz[i] ?? null;
    yield {
      message: message[i] as number,
      localNs: localNs[i] as bigint,
      venueMs: Number(venueMs[i]),
      kind: kind[i] as string,
      part: part[i] ?? null,
      px: px[i] ?? null,
      sz: lots === null ? null : Number(lots),
    };
  }
}

async function readHeader({ connection }: Duck, path: string): Promise<ParquetHeader> {
  const sql =
    `SELECT decode(value) AS text FROM parquet_kv_metadata(${sqlText(path)}) ` +
    `WHERE decode(key) = ${sqlText(HEADER_KEY)}`;
  const rows = await said(path, async () => (await connection.run(sql)).getRowsJS());
  const text = rows[0]?.[0];
  const header = typeof text === "string" ? parseHeader(text) : null;
  if (header === null) {
    throw tapeError("tapeUnreadable", `${path} is Parquet, but no tape of this program's format`);
  }
  return header;
}

async function countRows({ connection }: Duck, files: readonly string[]): Promise<number> {
  let total = 0;
  for (const path of files) {
    const sql = `SELECT num_rows::DOUBLE FROM parquet_file_metadata(${sqlText(path)})`;
    const rows = await said(path, async () => (await connection.run(sql)).getRowsJS());
    total += Number(rows[0]?.[0] ?? 0);
  }
  return total;
}

/** Runs a query; what DuckDB says against a file is told with the file's name. */
async function said<T>(path: string, query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    // No Parquet, cut off, other columns, damaged: DuckDB's own words name which.
    const words = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw tapeError("tapeUnreadable", `${path} cannot be read as a tape: ${words}`, error);
  }
}
