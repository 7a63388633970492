/** What referrers and builders may take of an account's fees, and what it earns of others'. */
import {
  ApprovedBuildersRequest,
  type ApprovedBuildersResponse,
  MaxBuilderFeeRequest,
  type MaxBuilderFeeResponse,
  ReferralRequest,
  type ReferralResponse,
} from "@nktkas/hyperliquid/api/info";
import type { RefereeView } from "../../exchange/fee/referral.ts";
import {
  accountOfAddress,
  accountReferral,
  addressLimitsOn,
  addressOfAccount,
  approvedBuilderFee,
  approvedBuildersOf,
} from "../../exchange/query.ts";
import type { ExchangeState } from "../../exchange/state.ts";
import { formatUsdc } from "../../wire/decimal.ts";
import { infoMethod } from "./info-method.ts";

type ReferrerState = ReferralResponse["referrerState"];

/** `maxBuilderFee`: what a user lets a builder take [10^-5]; 0 where it is not approved. */
export const maxBuilderFee = infoMethod(
  MaxBuilderFeeRequest,
  ({ sequencer: { state } }, { user, builder }): MaxBuilderFeeResponse =>
    approvedBuilderFee(state, accountOfAddress(state, user), accountOfAddress(state, builder)),
);

/** `approvedBuilders`: addresses of the builders that a user has approved. */
export const approvedBuilders = infoMethod(
  ApprovedBuildersRequest,
  ({ sequencer: { state } }, { user }): ApprovedBuildersResponse =>
    approvedBuildersOf(state, accountOfAddress(state, user)).map((account) =>
      addressOfAccount(state, account),
    ),
);

/** `referral`: a user's referrer and code, and what it earned as a referrer and builder. */
export const referral = infoMethod(
  ReferralRequest,
  ({ sequencer: { state } }, { user }): ReferralResponse => {
    const account = accountOfAddress(state, user);
    const view = accountReferral(state, account);
    return {
      referredBy:
        view.referrer === null
          ? null
          : {
              referrer: addressOfAccount(state, view.referrer.account),
              code: view.referrer.code,
            },
      cumVlm: formatUsdc(view.volume),
      unclaimedRewards: formatUsdc(view.unclaimed),
      claimedRewards: formatUsdc(view.claimed),
      builderRewards: formatUsdc(view.builderEarned),
      referrerState: referrerState(state, account),
      rewardHistory: [],
      tokenToState: [],
    };
  },
);

function referrerState(state: ExchangeState, account: number): ReferrerState {
  const { code, referees, refereeCount, volume, codeVolumeMin } = accountReferral(state, account);
  if (code !== "") {
    const referralStates = referees.map((referee) => refereeShape(state, referee));
    return { stage: "ready", data: { code, nReferrals: refereeCount, referralStates } };
  }
  if (addressLimitsOn(state) && volume < codeVolumeMin)
    return { stage: "needToTrade", data: { required: formatUsdc(codeVolumeMin) } };
  return { stage: "needToCreateCode" };
}

const refereeShape = (state: ExchangeState, referee: RefereeView) => ({
  cumVlm: formatUsdc(referee.volume),
  cumRewardedFeesSinceReferred: formatUsdc(referee.feesPaid),
  cumFeesRewardedToReferrer: formatUsdc(referee.feesShared),
  timeJoined: referee.joinedMs,
  user: addressOfAccount(state, referee.account),
  tokenToState: [],
});
