/**
 * Branded integers of the exchange. A brand exists at compile time only: arithmetic on brands gives
 * `number`, so giving a result its unit again is a visible act through one of the functions here.
 *
 * Identity that everything stands on: a perpetual allows 6 - szDecimals price decimals and
 * szDecimals size decimals, so one tick times one lot is exactly 10^-6 USDC.
 */

declare const unit: unique symbol;
type Brand<Name extends string> = number & { readonly [unit]: Name };

/** Price in units of 10^-(6 - szDecimals) USDC per coin; below 2^25 [ticks]. */
export type Ticks = Brand<"Ticks">;
/** Unsigned size in units of 10^-szDecimals coin, a safe integer [lots]. */
export type Lots = Brand<"Lots">;
/** Signed size, positive = long, a safe integer [lots]. */
export type SignedLots = Brand<"SignedLots">;
/** Money, signed, a safe integer [10^-6 USDC]. */
export type Micros = Brand<"Micros">;
/** Rate in units of 10^-9; negative = rebate [10^-9]. */
export type RateE9 = Brand<"RateE9">;
/** Milliseconds since the Unix epoch, always handed in, never read [ms]. */
export type TimeMs = Brand<"TimeMs">;
/** Public order id: orderSeq x 2^21 + slot, increasing and global. */
export type OrderId = Brand<"OrderId">;

/** Number of micros in one USDC [10^-6 USDC per USDC]. */
export const MICROS_PER_USDC = 1_000_000;
/** Exclusive upper bound of a price [ticks]. */
export const TICKS_BOUND = 2 ** 25;

/** Brands a number as a price [ticks]. */
export const asTicks = (n: number): Ticks => n as Ticks;
/** Brands a number as an unsigned size [lots]. */
export const asLots = (n: number): Lots => n as Lots;
/** Brands a number as a signed size [lots]. */
export const asSignedLots = (n: number): SignedLots => n as SignedLots;
/** Brands a number as money [10^-6 USDC]. */
export const asMicros = (n: number): Micros => n as Micros;
/** Brands a number as a rate [10^-9]. */
export const asRateE9 = (n: number): RateE9 => n as RateE9;
/** Brands a number as a time [ms]. */
export const asTimeMs = (n: number): TimeMs => n as TimeMs;

/** Brands a number as an order id. */
export const asOrderId = (n: number): OrderId => n as OrderId;
