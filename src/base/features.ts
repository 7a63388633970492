/** Which parts of market making an exchange has switched on, and the rules of vaults. */

/** Rules by name, in the order of their lanes. */
export const FEATURE_NAMES = [
  "vaults",
  "pools",
  "profitShareCapBps",
  "noticeMs",
  "lockupMs",
  "creationFee",
] as const;

/** Which parts are on, and the rules of vaults. */
export interface Features {
  /** 1 = vaults can be opened. */
  vaults: number;
  /** 1 = liquidity pools can be opened. */
  pools: number;
  /** Highest share of profit that a vault's owner may ask for [10^-4]. */
  profitShareCapBps: number;
  /** Time between the announcement of a higher share and its coming into force [ms]. */
  noticeMs: number;
  /** Time after a depositor's last deposit during which nothing may be withdrawn [ms]. */
  lockupMs: number;
  /** Paid by who opens a vault [10^-6 USDC]. */
  creationFee: number;
}

const DAY_MS = 86_400_000;
/** As the venue has them, but for its fee of 10,000 USDC to open a vault; everything off. */
export const DEFAULT_FEATURES: Features = {
  vaults: 0,
  pools: 0,
  profitShareCapBps: 1_000,
  noticeMs: 7 * DAY_MS,
  lockupMs: DAY_MS,
  creationFee: 0,
};
