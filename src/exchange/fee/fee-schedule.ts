/**
 * What trading costs: tiers by the volume of past days, rebates by share of the venue's maker volume,
 * discounts by stake. A schedule is data; the exchange keeps the number of the one in force.
 */

/** Rates from a volume on. */
export interface FeeTier {
  /** Least volume of the window [10^-6 USDC]. */
  readonly volumeMin: number;
  /** Negative = rebate [10^-9]. */
  readonly makerRate: number;
  /** Never negative [10^-9]. */
  readonly takerRate: number;
}

/** A maker rate that takes the tier's place from a share of all maker volume on. */
export interface MakerShareTier {
  /** The share must be above this [10^-9]. */
  readonly shareAbove: number;
  /** Negative = rebate [10^-9]. */
  readonly makerRate: number;
}

/** A discount on rates that are paid, from a stake on. */
export interface StakeTier {
  /** The stake must be above this [10^-6 tokens]. */
  readonly stakeAbove: number;
  /** Share of the rate that falls away [10^-9]. */
  readonly discount: number;
}

/** What naming a referrer is worth, to both. */
export interface ReferralTerms {
  /** Share of a rate that falls away for the referee [10^-9]. */
  readonly discount: number;
  /** Volume of the referee, since it named its referrer, up to which it does [10^-6 USDC]. */
  readonly discountVolumeMax: number;
  /** Share of the referee's fees that the referrer earns [10^-9]. */
  readonly share: number;
  /** Volume of the referee up to which it does [10^-6 USDC]. */
  readonly shareVolumeMax: number;
  /** Volume of a lifetime that a code of one's own needs where limits are on [10^-6 USDC]. */
  readonly codeVolumeMin: number;
}

/** One schedule; lists go from low to high. */
export interface FeeSchedule {
  readonly name: string;
  /** Whole UTC days before the running one whose volume counts; at most {@link FEE_WINDOW_DAYS_MAX}. */
  readonly windowDays: number;
  /** The first tier begins at 0. */
  readonly tiers: readonly FeeTier[];
  readonly makerShares: readonly MakerShareTier[];
  readonly stakes: readonly StakeTier[];
  readonly referral: ReferralTerms;
}

/** Longest window that the day buckets hold [days]. */
export const FEE_WINDOW_DAYS_MAX = 31;

const M = 1_000_000_000_000;
const TOKEN = 1_000_000;
/** "More than" a volume: a unit above it [10^-6 USDC]. */
const above = (millions: number): number => millions * M + 1;

/**
 * The venue's: 14 days, volume must be above a bound; maker shares of 0.5, 1.5 and 3 % earn 0.1, 0.2
 * and 0.3 basis points; stakes above 10 to 500,000 tokens take 5 to 40 % off. A referrer earns a tenth
 * of its referee's fees up to a volume of 1,000M USDC, and 4 % of them fall away up to 25M.
 */
const VENUE_FEES: FeeSchedule = {
  name: "venue",
  windowDays: 14,
  tiers: [
    { volumeMin: 0, makerRate: 150_000, takerRate: 450_000 },
    { volumeMin: above(5), makerRate: 120_000, takerRate: 400_000 },
    { volumeMin: above(25), makerRate: 80_000, takerRate: 350_000 },
    { volumeMin: above(100), makerRate: 40_000, takerRate: 300_000 },
    { volumeMin: above(500), makerRate: 0, takerRate: 280_000 },
    { volumeMin: above(2_000), makerRate: 0, takerRate: 260_000 },
    { volumeMin: above(7_000), makerRate: 0, takerRate: 240_000 },
  ],
  makerShares: [
    { shareAbove: 5_000_000, makerRate: -10_000 },
    { shareAbove: 15_000_000, makerRate: -20_000 },
    { shareAbove: 30_000_000, makerRate: -30_000 },
  ],
  stakes: [
    { stakeAbove: 10 * TOKEN, discount: 50_000_000 },
    { stakeAbove: 100 * TOKEN, discount: 100_000_000 },
    { stakeAbove: 1_000 * TOKEN, discount: 150_000_000 },
    { stakeAbove: 10_000 * TOKEN, discount: 200_000_000 },
    { stakeAbove: 100_000 * TOKEN, discount: 300_000_000 },
    { stakeAbove: 500_000 * TOKEN, discount: 400_000_000 },
  ],
  referral: {
    discount: 40_000_000,
    discountVolumeMax: 25 * M,
    share: 100_000_000,
    shareVolumeMax: 1_000 * M,
    codeVolumeMin: 10_000_000_000,
  },
};

/** Four tiers by the volume of 30 days, from 5 and 10 basis points down to 2 and 7; no rebates. */
const FOUR_TIERS: FeeSchedule = {
  name: "fourTiers",
  windowDays: 30,
  tiers: [
    { volumeMin: 0, makerRate: 500_000, takerRate: 1_000_000 },
    { volumeMin: M, makerRate: 400_000, takerRate: 900_000 },
    { volumeMin: 10 * M, makerRate: 300_000, takerRate: 800_000 },
    { volumeMin: 100 * M, makerRate: 200_000, takerRate: 700_000 },
  ],
  makerShares: [],
  stakes: [],
  referral: { discount: 0, discountVolumeMax: 0, share: 0, shareVolumeMax: 0, codeVolumeMin: 0 },
};

/** Schedules by number; numbers never change. */
export const FEE_SCHEDULES: readonly FeeSchedule[] = [VENUE_FEES, FOUR_TIERS];

/** Names of the schedules, in order of their numbers. */
export const FEE_SCHEDULE_NAMES = ["venue", "fourTiers"] as const;

/** A schedule's name. */
export type FeeScheduleName = (typeof FEE_SCHEDULE_NAMES)[number];
