/** Fees of a match: the venue's base tier, truncated towards zero as the venue does. */
import { mulRateCeil, mulRateTrunc } from "../../base/rounding.ts";

/** 0.015 % of the notional [10^-9]. */
export const MAKER_RATE_E9 = 150_000;
/** 0.045 % of the notional [10^-9]. */
export const TAKER_RATE_E9 = 450_000;

/** Fee of one side of a match; positive = paid [10^-6 USDC -> 10^-6 USDC]. */
export const feeOf = (notional: number, isTaker: boolean): number =>
  mulRateTrunc(notional, isTaker ? TAKER_RATE_E9 : MAKER_RATE_E9);

/** Most that taking a notional can cost, rounded up, for checks before the match [10^-6 USDC]. */
export const takerFeeBound = (notional: number): number => mulRateCeil(notional, TAKER_RATE_E9);
