import { UserFeesRequest, type UserFeesResponse } from "@nktkas/hyperliquid/api/info";
import { MAKER_RATE_E9, TAKER_RATE_E9 } from "../../exchange/fee/fee.ts";
import { accountOf } from "../../projection/account-directory.ts";
import { dailyVolumeOf } from "../../projection/daily-volume.ts";
import { formatRate, formatUsdc } from "../../wire/decimal.ts";
import { infoMethod } from "./info-method.ts";

const DAY_MS = 86_400_000;
const ZERO = "0.0";

/** One rate each for all: volume tiers, rebates, stakes and referrals are empty lists and zeros. */
const FEE_SCHEDULE: UserFeesResponse["feeSchedule"] = {
  cross: formatRate(TAKER_RATE_E9),
  add: formatRate(MAKER_RATE_E9),
  spotCross: ZERO,
  spotAdd: ZERO,
  tiers: { vip: [], mm: [] },
  referralDiscount: ZERO,
  stakingDiscountTiers: [],
};

/** `userFees`: the rates in force and the volume of the running UTC day and the 14 before it. */
export const userFees = infoMethod(
  UserFeesRequest,
  ({ models, nowMs }, { user }): UserFeesResponse => {
    const days = dailyVolumeOf(models.volume, accountOf(models.accounts, user), nowMs());
    return {
      dailyUserVlm: days.map(({ day, taken, made, exchange }) => ({
        date: new Date(day * DAY_MS).toISOString().slice(0, 10),
        userCross: formatUsdc(taken),
        userAdd: formatUsdc(made),
        exchange: formatUsdc(exchange),
      })),
      feeSchedule: FEE_SCHEDULE,
      userCrossRate: FEE_SCHEDULE.cross,
      userAddRate: FEE_SCHEDULE.add,
      userSpotCrossRate: ZERO,
      userSpotAddRate: ZERO,
      activeReferralDiscount: ZERO,
      trial: null,
      feeTrialEscrow: ZERO,
      nextTrialAvailableTimestamp: null,
      stakingLink: null,
      activeStakingDiscount: { bpsOfMaxSupply: ZERO, discount: ZERO },
    };
  },
);
