/** Numbers as people read them in a report. Display only: books keep integers. */
import { lotsPerCoin } from "../../base/instrument-spec.ts";

const CENT = 10_000;
const grouped = (whole: string): string => whole.replace(/\B(?=(\d{3})+$)/g, ",");

/** A number with so many decimals and groups of three, minus sign and not hyphen. */
export function decimal(value: number, decimals: number): string {
  const [whole = "0", fraction] = Math.abs(value).toFixed(decimals).split(".");
  const digits = fraction === undefined ? grouped(whole) : `${grouped(whole)}.${fraction}`;
  const isZero = /^[0.,]+$/.test(digits);
  return value < 0 && !isZero ? `−${digits}` : digits;
}

/** The same with a plus sign where it is above 0. */
const signed = (value: number, decimals: number): string => {
  const text = decimal(value, decimals);
  return value > 0 && !/^[0.,]+$/.test(text) ? `+${text}` : text;
};

/** Money to the cent, as $12.34 [10^-6 USDC]. */
export const dollars = (micros: number): string => centsText(Math.round(micros / CENT));

/** Money to the cent with its sign, as +$12.34 [10^-6 USDC]. */
export const signedDollars = (micros: number): string => signedCentsText(Math.round(micros / CENT));

/** Whole cents, as −$12.34. */
export const centsText = (cents: number): string =>
  `${cents < 0 ? "−" : ""}$${decimal(Math.abs(cents) / 100, 2)}`;

/** Whole cents with their sign, as +$12.34. */
export const signedCentsText = (cents: number): string =>
  `${cents > 0 ? "+" : ""}${centsText(cents)}`;

/** A size [lots]. */
export const size = (lots: number, szDecimals: number): string =>
  decimal(lots / lotsPerCoin(szDecimals), szDecimals);

/** A size with its sign [lots]. */
export const signedSize = (lots: number, szDecimals: number): string =>
  signed(lots / lotsPerCoin(szDecimals), szDecimals);

/** Basis points. */
export const bps = (value: number | null): string =>
  value === null ? "–" : `${signed(value, 2)} bps`;

/** A share as per cent. */
export const percent = (ratio: number | null, decimals = 1): string =>
  ratio === null ? "–" : `${decimal(ratio * 100, decimals)} %`;

/** A duration in its two largest units [ms]. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return twoUnits(minutes, "min", seconds % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return twoUnits(hours, "h", minutes % 60, "min");
  return twoUnits(Math.floor(hours / 24), "d", hours % 24, "h");
}

const twoUnits = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;

/** Date and time to the second, UTC [ms]. */
export const utc = (timeMs: number): string =>
  `${new Date(timeMs).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** Time of day to the second, UTC [ms]. */
export const clock = (timeMs: number): string => new Date(timeMs).toISOString().slice(11, 19);

/** Text that may stand in HTML, attributes included. */
export const escaped = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
