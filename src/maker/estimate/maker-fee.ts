/**
 * The fee of resting orders, as the venue charges it: fees over notional of our own passive fills,
 * the setting before there are any. One source for every formula that needs a fee.
 */

/** Bounds of a believable rate: what lies outside is a mistake in the data [bps]. */
const FEE_MIN_BPS = -2;
const FEE_MAX_BPS = 20;

/** Sums over passive fills [10^-6 USDC]. */
export interface MakerFee {
  fees: number;
  notional: number;
}

/** No fills. */
export const createMakerFee = (): MakerFee => ({ fees: 0, notional: 0 });

/** A passive fill's fee and notional [10^-6 USDC]. */
export function noteMakerFee(sums: MakerFee, fee: number, notional: number): void {
  sums.fees += fee;
  sums.notional += notional;
}

/** Fee of a resting order; negative = rebate [bps]. */
export function makerFeeBps({ fees, notional }: MakerFee, configuredBps: number): number {
  if (!(notional > 0)) return configuredBps;
  return Math.min(Math.max((fees * 10_000) / notional, FEE_MIN_BPS), FEE_MAX_BPS);
}
