/** What a Parquet tape says about itself, as JSON under a key of the file's metadata. */
import { PERP_DECIMALS } from "../base/instrument-spec.ts";
import { TICKS_BOUND } from "../base/units.ts";
import type { TapeHeader } from "./tape-event.ts";

/** Key of the file's metadata. */
export const HEADER_KEY = "bourse.tape";
/** Version of the form. */
const FORMAT = 1;

/** A tape's header, and a price near its beginning [ticks]. */
export interface ParquetHeader {
  readonly header: TapeHeader;
  readonly startPx: number;
}

/** Writes the header. */
export const headerText = ({ header, startPx }: ParquetHeader): string =>
  JSON.stringify({ format: FORMAT, ...header, startPx });

/** Reads the header; null where it is none of this version. */
export function parseHeader(text: string): ParquetHeader | null {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(text);
  } catch {
    // No tape of ours has such a header.
    return null;
  }
  const { format, source, symbol, coin, szDecimals, szStep, startPx } = fields;
  const isSound =
    format === FORMAT &&
    (source === "binance" || source === "hyperliquid") &&
    typeof symbol === "string" &&
    typeof coin === "string" &&
    isWithin(szDecimals, 0, PERP_DECIMALS) &&
    isWithin(szStep, 1, Number.MAX_SAFE_INTEGER) &&
    isWithin(startPx, 1, TICKS_BOUND - 1);
  if (!isSound) return null;
  return { header: { source, symbol, coin, szDecimals, szStep }, startPx };
}

const isWithin = (value: unknown, low: number, high: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high;
