import { UserFeesRequest, type UserFeesResponse } from "@nktkas/hyperliquid/api/info";
import { stakeDiscount } from "../../exchange/fee/fee.ts";
import type { FeeSchedule } from "../../exchange/fee/fee-schedule.ts";
import { accountFees, accountOfAddress } from "../../exchange/query.ts";
import { accountOf } from "../../projection/account-directory.ts";
import { dailyVolumeOf } from "../../projection/daily-volume.ts";
import { formatQuotient, formatRate, formatUsdc } from "../../wire/decimal.ts";
import { infoMethod } from "./info-method.ts";

const DAY_MS = 86_400_000;
const ZERO = "0.0";
/** Tokens there can be, of which the wire states stakes as basis points [10^-6 tokens]. */
const STAKE_SUPPLY = 1_000_000_000_000_000;
const BPS_DECIMALS = 8;

const stakeText = (stake: number): string =>
  formatQuotient(stake, STAKE_SUPPLY / 10_000, BPS_DECIMALS);

/** A schedule as the wire has it; there is no spot market. */
function scheduleText(schedule: FeeSchedule): UserFeesResponse["feeSchedule"] {
  const [base, ...vip] = schedule.tiers;
  const stakes = schedule.stakes.map(({ stakeAbove, discount }) => ({
    bpsOfMaxSupply: stakeText(stakeAbove),
    discount: formatRate(discount),
  }));
  return {
    cross: formatRate(base?.takerRate ?? 0),
    add: formatRate(base?.makerRate ?? 0),
    spotCross: ZERO,
    spotAdd: ZERO,
    tiers: {
      vip: vip.map(({ volumeMin, takerRate, makerRate }) => ({
        ntlCutoff: formatUsdc(volumeMin),
        cross: formatRate(takerRate),
        add: formatRate(makerRate),
        spotCross: ZERO,
        spotAdd: ZERO,
      })),
      mm: schedule.makerShares.map(({ shareAbove, makerRate }) => ({
        makerFractionCutoff: formatRate(shareAbove),
        add: formatRate(makerRate),
      })),
    },
    referralDiscount: formatRate(schedule.referral.discount),
    stakingDiscountTiers:
      stakes.length === 0 ? [] : [{ bpsOfMaxSupply: ZERO, discount: ZERO }, ...stakes],
  };
}

/** `userFees`: schedule and rates in force, and the volume of the running UTC day and the 14 before it. */
export const userFees = infoMethod(
  UserFeesRequest,
  ({ models, sequencer, nowMs }, { user }): UserFeesResponse => {
    const { state } = sequencer;
    const days = dailyVolumeOf(models.volume, accountOf(models.accounts, user), nowMs());
    const fees = accountFees(state, accountOfAddress(state, user), nowMs());
    return {
      dailyUserVlm: days.map(({ day, taken, made, exchange }) => ({
        date: new Date(day * DAY_MS).toISOString().slice(0, 10),
        userCross: formatUsdc(taken),
        userAdd: formatUsdc(made),
        exchange: formatUsdc(exchange),
      })),
      feeSchedule: scheduleText(fees.schedule),
      userCrossRate: formatRate(fees.takerRate),
      userAddRate: formatRate(fees.makerRate),
      userSpotCrossRate: ZERO,
      userSpotAddRate: ZERO,
      activeReferralDiscount: formatRate(fees.referralDiscount),
      trial: null,
      feeTrialEscrow: ZERO,
      nextTrialAvailableTimestamp: null,
      stakingLink: null,
      activeStakingDiscount: {
        bpsOfMaxSupply: stakeText(fees.stake),
        discount: formatRate(stakeDiscount(fees.schedule, fees.stake)),
      },
    };
  },
);
