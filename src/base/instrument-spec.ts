/**
 * What a market is: precision, caps and leverage, and the venue's rule of legal prices
 * (at most 5 significant figures and 6 - szDecimals decimals; integers always legal).
 */
import { assert } from "./assert.ts";
import { TICKS_BOUND } from "./units.ts";

/** Decimals of a perpetual's price and size together: price decimals = 6 - szDecimals. */
export const PERP_DECIMALS = 6;
/** pxMax x positionMax of every market stays at or below this, so sums over 8 markets stay exact. */
export const MARKET_NOTIONAL_BOUND = 2 ** 49;

/** Rule of which tick prices are legal: the venue's significant figures, or every tick. */
export type PriceRule = "fiveSignificantFigures" | "everyTick";

/**
 * Which margin a market allows. `cross`: both kinds. `noCross`: isolated alone. `strictIsolated`:
 * isolated alone, and margin leaves a position only as the position is closed.
 */
export type MarginMode = "cross" | "noCross" | "strictIsolated";

/** A perpetual market's fixed parameters. */
export interface InstrumentSpec {
  /** Name on the wire, such as BTC, kPEPE or hyna:BTC; 1 to 12 ASCII letters or digits, a dex before a colon among them. */
  readonly name: string;
  /** Decimals of a size, 0 to 6. */
  readonly szDecimals: number;
  /** Highest leverage an account may use, 1 to 100. */
  readonly maxLeverage: number;
  /** Highest price of an order or the oracle [ticks]. */
  readonly pxMax: number;
  /** Largest absolute position and largest order [lots]. */
  readonly positionMax: number;
  /** Smallest order notional unless the order closes the whole position [10^-6 USDC]. */
  readonly notionalMin: number;
  readonly priceRule: PriceRule;
  /** `cross` where absent. */
  readonly marginMode?: MarginMode;
}

/** Powers of ten up to 10^6: a table, for the engine raises numbers slowly. */
const POWERS: readonly number[] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

/** Number of ticks in one USDC of a market's price [ticks per USDC]. */
export const ticksPerUsdc = (szDecimals: number): number =>
  POWERS[PERP_DECIMALS - szDecimals] as number;

/** Number of lots in one coin [lots per coin]. */
export const lotsPerCoin = (szDecimals: number): number => POWERS[szDecimals] as number;

/** A problem with a spec in words for the operator, or null when the spec is sound. */
export function specProblem(spec: InstrumentSpec): string | null {
  if (spec.name.length > 12 || !/^(?:[a-z0-9]{1,6}:)?[A-Za-z0-9]+$/.test(spec.name))
    return "name must be 1 to 12 ASCII letters or digits, after dex: where it is of one";
  if (!isWithin(spec.szDecimals, 0, PERP_DECIMALS)) return "szDecimals must be an integer, 0 to 6";
  if (!isWithin(spec.maxLeverage, 1, 100)) return "maxLeverage must be an integer, 1 to 100";
  if (!isWithin(spec.pxMax, 1, TICKS_BOUND - 1))
    return "pxMax must be an integer, 1 to 2^25 - 1 ticks";
  if (!isWithin(spec.positionMax, 1, Number.MAX_SAFE_INTEGER)) {
    return "positionMax must be an integer of at least 1 lot";
  }
  if (spec.pxMax * spec.positionMax > MARKET_NOTIONAL_BOUND) {
    return "pxMax x positionMax must not pass 2^49 micros (562 million USDC): lower one of them";
  }
  if (!isWithin(spec.notionalMin, 0, 10 ** 12))
    return "notionalMin must be an integer, 0 to 10^12 micros";
  return null;
}

/**
 * Whether a price is legal on a market: five significant figures, or a whole number of USDC, or
 * every tick where the rule says so. `px` is a positive integer [ticks].
 */
export function isLegalPx(
  spec: Pick<InstrumentSpec, "szDecimals" | "priceRule">,
  px: number,
): boolean {
  if (spec.priceRule === "everyTick") return true;
  // Below 2^31 the remainder is an integer's, which costs a tenth of a float's.
  const small = px | 0;
  if (small === px) {
    return (
      small % (ticksPerUsdc(spec.szDecimals) | 0) === 0 ||
      small % (significanceStep(small) | 0) === 0
    );
  }
  if (px % ticksPerUsdc(spec.szDecimals) === 0) return true;
  return px % significanceStep(px) === 0;
}

/** Distance between neighbouring legal prices at `px` and above within its decade [ticks]. */
export function legalPxStep(
  spec: Pick<InstrumentSpec, "szDecimals" | "priceRule">,
  px: number,
): number {
  if (spec.priceRule === "everyTick") return 1;
  return Math.min(significanceStep(px), ticksPerUsdc(spec.szDecimals));
}

/** The highest legal price at or below `px` [ticks]. */
export function floorLegalPx(
  spec: Pick<InstrumentSpec, "szDecimals" | "priceRule">,
  px: number,
): number {
  const step = legalPxStep(spec, px);
  return Math.floor(px / step) * step;
}

/** The lowest legal price at or above `px` [ticks]. */
export function ceilLegalPx(
  spec: Pick<InstrumentSpec, "szDecimals" | "priceRule">,
  px: number,
): number {
  const step = legalPxStep(spec, px);
  return Math.ceil(px / step) * step;
}

/** 10^(digits - 5) for a price of more than five digits, else 1 [ticks]. */
function significanceStep(px: number): number {
  assert(
    px >= 0 && Number.isSafeInteger(Math.trunc(px)),
    "a price is a non-negative number of ticks",
  );
  if (px < 100_000) return 1;
  if (px < 1_000_000) return 10;
  if (px < 10_000_000) return 100;
  let step = 1_000;
  while (px / step >= 100_000) step *= 10;
  return step;
}

function isWithin(value: number, low: number, high: number): boolean {
  return Number.isSafeInteger(value) && value >= low && value <= high;
}
