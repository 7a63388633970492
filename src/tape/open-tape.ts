/** Opens a tape of either form, told by what the file begins with. */
import { existsSync, statSync } from "node:fs";
import { openBinanceTape } from "./binance-tape.ts";
import { firstBytes } from "./file-lines.ts";
import { openParquetTape } from "./parquet-tape.ts";
import { partsFolder } from "./segment-files.ts";
import type { Tape } from "./tape-event.ts";

const PARQUET_MAGIC = "PAR1";

/**
 * Opens a recording for reading: Binance's raw form, one of our own files, or the segments of a
 * recording that was cut off, named by their folder or by the file that they did not become.
 */
export async function openTape(path: string): Promise<Tape> {
  const isFolder = existsSync(path) && statSync(path).isDirectory();
  const isCutOff = !existsSync(path) && existsSync(partsFolder(path));
  if (isFolder || isCutOff) return openParquetTape(path);
  const head = await firstBytes(path, PARQUET_MAGIC.length);
  const isParquet = Buffer.from(head).toString("latin1") === PARQUET_MAGIC;
  return isParquet ? openParquetTape(path) : openBinanceTape(path);
}
