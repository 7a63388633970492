/** Text of figures that are measured, not counted: estimates, distances, limits and settings. */
import type { LimitRow, Parameter } from "../stream/stream-message.ts";
import { ageText, decimalText, moneyText, szText } from "./decimal-text.ts";

/** What stands where there is no figure. */
export const NONE = "\u2014";
const MINUS = "\u2212";
const SECONDS_A_YEAR = 31_536_000;

/** A number with a true minus sign, and with a plus where the sign is the point. */
export function numberText(value: number | null, decimals: number, sign = ""): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  const text = Math.abs(value).toFixed(decimals);
  const isZero = Number(text) === 0;
  return `${value < 0 && !isZero ? MINUS : isZero ? "" : sign}${text}`;
}

/** A number to so many significant digits, plainly written. */
export function digitsText(value: number | null, digits = 3): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential(digits - 1);
  const whole = size < 1 ? 0 : Math.floor(Math.log10(size)) + 1;
  const leading = size === 0 || size >= 1 ? 0 : Math.floor(-Math.log10(size));
  return numberText(value, Math.max(0, digits - whole + leading));
}

/** A number with as many decimals as marks that stand `step` apart need. */
export const stepText = (value: number, step: number): string =>
  step > 0
    ? numberText(value, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)))
    : digitsText(value, 2);

/** Ticks as parts of a price [bps]. */
export const bpsOf = (ticks: number | null, mid: number | null): number | null =>
  ticks === null || mid === null || mid === 0 ? null : (ticks / mid) * 10_000;

/** An intensity's decay from ticks to parts of a price: 1/tick to 1/bp. */
export const perBp = (perTick: number | null, mid: number | null): number | null =>
  perTick === null || mid === null ? null : (perTick * mid) / 10_000;

/** A volatility in ticks a root second as a share of the price a year. */
export const yearlyVol = (sigma: number | null, mid: number | null): number | null =>
  sigma === null || mid === null || mid === 0 ? null : (sigma / mid) * Math.sqrt(SECONDS_A_YEAR);

/** A share as a percentage. */
export function percentText(share: number | null, decimals = 0): string {
  return share === null ? NONE : `${numberText(share * 100, decimals)} %`;
}

/** A figure of a limit in its own unit. */
export function limitText(row: LimitRow, value: number | null, szDecimals: number): string {
  if (value === null) return NONE;
  switch (row.unit) {
    case "usd":
      // What is counted is a loss: less than none is a gain.
      return value < 0 ? `gain ${moneyText(-value, "minusOnly")}` : moneyText(value, "minusOnly");
    case "ratio":
      return percentText(value, 2);
    case "lots":
      return szText(value, szDecimals);
    case "ms":
      return ageText(value);
    case "count":
      return decimalText(value, 0);
  }
}

/** How a setting is shown and typed: money in USDC, times in seconds, all else as it is. */
export interface Shown {
  readonly scale: number;
  readonly unit: string;
  readonly decimals: number;
}

/** The way a setting is shown. */
export function shownAs({ unit, whole }: Parameter): Shown {
  if (unit === "10^-6 USDC" || unit === "micros") return { scale: 1e6, unit: "USDC", decimals: 2 };
  if (unit === "ms") return { scale: 1_000, unit: "s", decimals: 3 };
  return { scale: 1, unit: unit === "ratio" ? "" : unit, decimals: whole ? 0 : 6 };
}

/** A setting's value as it is typed, without trailing zeros. */
export function parameterText(parameter: Parameter, value: number): string {
  const { scale, decimals } = shownAs(parameter);
  return String(Number((value / scale).toFixed(decimals)));
}

/** What was typed as a value of a setting; null = not a number. */
export function parameterValue(parameter: Parameter, typed: string): number | null {
  if (typed.trim() === "") return null;
  const value = Number(typed.trim().replace(",", "."));
  if (!Number.isFinite(value)) return null;
  const { scale } = shownAs(parameter);
  return scale === 1 ? value : Math.round(value * scale);
}
