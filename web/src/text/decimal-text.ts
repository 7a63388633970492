/** Text of the exact integers that the server sends; no float takes part in money or sizes. */

/** A true minus sign is as wide as a plus and a digit. */
const MINUS = "\u2212";

/** Whether a positive number shows its plus. */
export type SignStyle = "minusOnly" | "always";

const signOf = (value: number, style: SignStyle): string => {
  if (value < 0) return MINUS;
  return style === "always" && value > 0 ? "+" : "";
};

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ",");

/** An integer in units of 10^-decimals, as in 837670 with 1 decimal -> "83,767.0". */
export function decimalText(
  value: number,
  decimals: number,
  sign: SignStyle = "minusOnly",
): string {
  const digits = String(Math.abs(Math.round(value))).padStart(decimals + 1, "0");
  const whole = grouped(digits.slice(0, digits.length - decimals));
  const fraction = decimals > 0 ? `.${digits.slice(-decimals)}` : "";
  return `${signOf(Math.round(value), sign)}${whole}${fraction}`;
}

/** Decimals of a price on a market [digits]. */
const pxDecimals = (szDecimals: number): number => 6 - szDecimals;

/** A price, or an em dash; fractions of a tick show one digit more [ticks]. */
export function pxText(px: number | null, szDecimals: number): string {
  if (px === null) return "\u2014";
  const decimals = pxDecimals(szDecimals);
  return Number.isInteger(px) ? decimalText(px, decimals) : decimalText(px * 10, decimals + 1);
}

/** A size, or with its sign a position [lots]. */
export const szText = (sz: number, szDecimals: number, sign: SignStyle = "minusOnly"): string =>
  decimalText(sz, szDecimals, sign);

/** Money to the cent, truncated toward zero [10^-6 USDC]. */
export function moneyText(micros: number, sign: SignStyle = "always"): string {
  const text = decimalText(Math.trunc(micros / 10_000), 2, "minusOnly");
  if (text.startsWith(MINUS)) return `${MINUS}$${text.slice(1)}`;
  return `${signOf(micros, sign)}$${text}`;
}

/** Money to the last micro in two parts: up to the cents, and the four digits after [10^-6 USDC]. */
export function exactMoneyText(micros: number): { readonly cents: string; readonly rest: string } {
  const text = decimalText(micros, 6, "always");
  return { cents: text.slice(0, -4), rest: text.slice(-4) };
}

/** A time of day in UTC, with milliseconds or without [ms since epoch]. */
export function clockText(timeMs: number, parts: "seconds" | "millis"): string {
  return new Date(timeMs).toISOString().slice(11, parts === "millis" ? 23 : 19);
}

/** An age as people say it: "12 ms", "2.3 s", "4 min" [ms]. */
export function ageText(ageMs: number): string {
  const age = Math.max(0, ageMs);
  if (age < 1_000) return `${Math.round(age)} ms`;
  if (age < 60_000) return `${(age / 1_000).toFixed(1)} s`;
  return `${Math.floor(age / 60_000)} min`;
}

/** Distance of a price from the mid, positive away from it for a resting order [bps]. */
export function distanceBps(order: { side: "buy" | "sell"; px: number }, mid: number): number {
  const away = order.side === "buy" ? mid - order.px : order.px - mid;
  return (away / mid) * 10_000;
}
