/**
 * Decimal text to exchange integers and back, digit by digit: a float never stands in between.
 * Numbers of 10^15 x 9 and more are read as {@link DECIMAL_CEILING}, which every cap refuses.
 */
import { PERP_DECIMALS } from "../base/instrument-spec.ts";
import {
  asLots,
  asMicros,
  asRateE9,
  asSignedLots,
  asTicks,
  type Lots,
  type Micros,
  type RateE9,
  type SignedLots,
  type Ticks,
} from "../base/units.ts";

/** {@link parsePx}: no positive number; the same figure as in a command's price lane. */
export const PX_INVALID = -1;
/** {@link parsePx}: more decimals than the market has; the same figure as in a command's price lane. */
export const PX_OFF_TICK = -2;
/** {@link parseSz}: no number, or too many decimals; the same figure as in a command's size lane. */
export const SZ_INVALID = -1;
/** What larger numbers are read as; a legal price by significant figures, above every cap. */
export const DECIMAL_CEILING = 9_000_000_000_000_000;

const RATE_DECIMALS = 9;
const TEXT_LENGTH_MAX = 64;
const DIGITS_MAX = 15;
const FORM = /^(-?)(\d*)(?:\.(\d*))?$/;
const SCALES = Array.from({ length: 10 }, (_, decimals) => 10 ** decimals);

/** Price as decimal text with at least one fractional digit [ticks -> USDC]. */
export const formatPx = (px: number, szDecimals: number): string =>
  formatScaled(px, PERP_DECIMALS - szDecimals);

/** Size as decimal text with at least one fractional digit [lots -> coin]. */
export const formatSz = (sz: number, szDecimals: number): string => formatScaled(sz, szDecimals);

/** Signed size as decimal text, negative = short [lots -> coin]. */
export const formatSignedSz = (sz: number, szDecimals: number): string =>
  formatScaled(sz, szDecimals);

/** Money as decimal text [10^-6 USDC -> USDC]. */
export const formatUsdc = (micros: number): string => formatScaled(micros, 6);

/** Rate as decimal text [10^-9 -> 1]. */
export const formatRate = (rate: number): string => formatScaled(rate, RATE_DECIMALS);

/** Integer / 10^decimals as plain decimal text with at least one fractional digit. */
export function formatScaled(value: number, decimals: number): string {
  const scale = SCALES[decimals] as number;
  const magnitude = value < 0 ? -value : value;
  const rest = magnitude % scale;
  const whole = `${value < 0 ? "-" : ""}${(magnitude - rest) / scale}`;
  if (rest === 0) return `${whole}.0`;
  const digits = String(rest).padStart(decimals, "0");
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === 48) end -= 1;
  return `${whole}.${digits.slice(0, end)}`;
}

/** A quotient of two amounts as decimal text with at most `decimals` digits, cut towards zero. */
export function formatQuotient(
  numerator: number | bigint,
  denominator: number | bigint,
  decimals = 8,
): string {
  if (BigInt(denominator) === 0n) return "0.0";
  const scaled = (BigInt(numerator) * 10n ** BigInt(decimals)) / BigInt(denominator);
  const negative = scaled < 0n;
  const digits = String(negative ? -scaled : scaled).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return `${negative ? "-" : ""}${whole}.${fraction === "" ? "0" : fraction}`;
}

/**
 * Reads an order's price; {@link PX_INVALID} where it is no positive number, {@link PX_OFF_TICK}
 * where it has more than 6 - szDecimals decimals [USDC -> ticks].
 */
export function parsePx(text: string, szDecimals: number): Ticks {
  const value = parseScaled(text, PERP_DECIMALS - szDecimals);
  if (value === "tooFine") return asTicks(text.startsWith("-") ? PX_INVALID : PX_OFF_TICK);
  return asTicks(value === null || value <= 0 ? PX_INVALID : value);
}

/** Reads an order's size; {@link SZ_INVALID} where it is negative, no number or too fine [coin -> lots]. */
export function parseSz(text: string, szDecimals: number): Lots {
  const value = parseScaled(text, szDecimals);
  return asLots(value === null || value === "tooFine" || value < 0 ? SZ_INVALID : value);
}

/** Reads a position's signed size; null where it is no number or too fine [coin -> lots]. */
export function parseSignedSz(text: string, szDecimals: number): SignedLots | null {
  const value = parseScaled(text, szDecimals);
  return value === null || value === "tooFine" ? null : asSignedLots(value);
}

/** Reads signed money; null where it is no number or finer than 10^-6 [USDC -> 10^-6 USDC]. */
export function parseUsdc(text: string): Micros | null {
  const value = parseScaled(text, 6);
  return value === null || value === "tooFine" ? null : asMicros(value);
}

/** Decimals of shares and pool tokens: ten of them for each micro-dollar of a first deposit. */
const TOKEN_DECIMALS = 7;

/** Shares as decimal text: as many as USDC at a first deposit [shares -> tokens]. */
export const formatTokens = (shares: number): string => formatScaled(shares, TOKEN_DECIMALS);

/** Reads a number of tokens; null where it is none or too fine [tokens -> shares]. */
export function parseTokens(text: string): number | null {
  const value = parseScaled(text, TOKEN_DECIMALS);
  return value === null || value === "tooFine" ? null : value;
}

/** Reads a signed rate; null where it is no number or finer than 10^-9 [1 -> 10^-9]. */
export function parseRate(text: string): RateE9 | null {
  const value = parseScaled(text, RATE_DECIMALS);
  return value === null || value === "tooFine" ? null : asRateE9(value);
}

/** Canonical decimal text: no superfluous zeros and no trailing dot; null where it is no number. */
export function canonicalDecimal(text: string): string | null {
  const match = text.length <= TEXT_LENGTH_MAX ? FORM.exec(text.trim()) : null;
  if (match === null) return null;
  const whole = match[2] ?? "";
  const fraction = match[3] ?? "";
  if (whole === "" && fraction === "") return null;
  const wholeDigits = whole.replace(/^0+(?=\d)/, "");
  const fractionDigits = fraction.replace(/0+$/, "");
  const magnitude = `${wholeDigits === "" ? "0" : wholeDigits}${fractionDigits === "" ? "" : "."}${fractionDigits}`;
  return match[1] === "-" && magnitude !== "0" ? `-${magnitude}` : magnitude;
}

/** Text x 10^decimals as an exact integer; null = no number. */
function parseScaled(text: string, decimals: number): number | "tooFine" | null {
  const plain = canonicalDecimal(text);
  if (plain === null) return null;
  const sign = plain.startsWith("-") ? -1 : 1;
  const digits = sign === 1 ? plain : plain.slice(1);
  const dot = digits.indexOf(".");
  const whole = dot === -1 ? digits : digits.slice(0, dot);
  const fraction = dot === -1 ? "" : digits.slice(dot + 1);
  if (fraction.length > decimals) return "tooFine";
  const joined = (whole + fraction.padEnd(decimals, "0")).replace(/^0+/, "");
  if (joined === "") return 0;
  return sign * (joined.length > DIGITS_MAX ? ceilingOf(joined) : Number(joined));
}

/** Numbers of 16 digits are still exact below the ceiling; what is above it is the ceiling. */
function ceilingOf(digits: string): number {
  return digits.length > DIGITS_MAX + 1
    ? DECIMAL_CEILING
    : Math.min(Number(digits), DECIMAL_CEILING);
}
