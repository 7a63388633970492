/**
 * What referrers and builders earn of the fees of a match. The money stays with the fee account; rows
 * say to whom how much of it is owed, and a claim moves it.
 */
import { isFull, keepRow } from "../../base/column.ts";
import { mulRateTrunc } from "../../base/rounding.ts";
import { addCash, FEE_ACCOUNT } from "../account/account.ts";
import { FEE_ROW, openFeeRow } from "../account/fee-row.ts";
import { addReward, REWARD, REWARD_FLOATS, REWARD_INTS } from "../account/reward-row.ts";
import type { Core } from "../core.ts";
import { feeOf, feeScheduleOf } from "./fee.ts";

/** A builder's fee is stated in tenths of a basis point, which is so many units of a rate [10^-9]. */
const BUILDER_FEE_UNIT = 10_000;

/** What a match costs its sides, builders' fees included, and those fees alone [10^-6 USDC]. */
export interface MatchFees {
  maker: number;
  taker: number;
  makerBuilder: number;
  takerBuilder: number;
}

/** Row of an account's rewards, or -1. */
export function rewardRowOf(core: Core, account: number): number {
  const { fees } = core;
  if (account < 0 || account >= fees.table.count) return -1;
  return (fees.rows.i32[account * 16 + FEE_ROW.reward] as number) - 1;
}

/** Row of an account's rewards, made where there is none; -1 = the table is full. */
export function openReward(core: Core, account: number): number {
  const found = rewardRowOf(core, account);
  if (found >= 0) return found;
  if (isFull(core.rewards.table)) return -1;
  openFeeRow(core.fees, account);
  const row = addReward(core.rewards, account);
  core.fees.rows.i32[account * 16 + FEE_ROW.reward] = row + 1;
  return row;
}

/** A builder's part of a notional, by the builder that an order names; 0 = none [10^-6 USDC]. */
export const builderFeeOf = (notional: number, builder: number): number =>
  builder === 0 ? 0 : mulRateTrunc(notional, builderRate(builder));

/** Rate that a builder takes [10^-9]. */
export const builderRate = (builder: number): number => (builder & 127) * BUILDER_FEE_UNIT;

/**
 * Fees of a match of accounts whose rows are fresh, with what is owed of them booked. A rebate comes out
 * of the fee across from it, less that one's referrer's share. Counts the notional for referees.
 */
export function chargeMatch(
  core: Core,
  maker: { readonly account: number; readonly builder: number },
  taker: { readonly account: number; readonly builder: number },
  notional: number,
  into: MatchFees,
): void {
  const takerFee = feeOf(core, taker.account, notional, true);
  const left = takerFee - shareFee(core, taker.account, takerFee, notional);
  const makerFee = Math.max(feeOf(core, maker.account, notional, false), 0 - left);
  shareFee(core, maker.account, makerFee, notional);
  into.makerBuilder = builderFeeOf(notional, maker.builder);
  into.takerBuilder = builderFeeOf(notional, taker.builder);
  into.maker = makerFee + into.makerBuilder;
  into.taker = takerFee + into.takerBuilder;
  if (maker.builder !== 0) oweBuilder(core, maker.builder, into.makerBuilder);
  if (taker.builder !== 0) oweBuilder(core, taker.builder, into.takerBuilder);
}

/** Books the share of a fee that a referrer earns, and returns it [10^-6 USDC]. */
function shareFee(core: Core, account: number, fee: number, notional: number): number {
  const row = rewardRowOf(core, account);
  if (row < 0) return 0;
  const { table, rows } = core.rewards;
  const referrer = (rows.i32[row * REWARD_INTS + REWARD.referrer] as number) - 1;
  if (referrer < 0) return 0;
  const { referral } = feeScheduleOf(core);
  const { f64 } = rows;
  const at = row * REWARD_FLOATS;
  const volume = f64[at + REWARD.volume] as number;
  keepRow(table, row);
  f64[at + REWARD.volume] = Math.min(volume + notional, Number.MAX_SAFE_INTEGER);
  if (fee <= 0 || volume >= referral.shareVolumeMax) return 0;
  const share = mulRateTrunc(fee, referral.share);
  f64[at + REWARD.feesPaid] = (f64[at + REWARD.feesPaid] as number) + fee;
  f64[at + REWARD.feesShared] = (f64[at + REWARD.feesShared] as number) + share;
  keepRow(table, referrer);
  const owed = referrer * REWARD_FLOATS + REWARD.unclaimed;
  f64[owed] = (f64[owed] as number) + share;
  return share;
}

function oweBuilder(core: Core, builder: number, fee: number): void {
  const row = rewardRowOf(core, builder >>> 7);
  const { table, rows } = core.rewards;
  keepRow(table, row);
  const at = row * REWARD_FLOATS;
  rows.f64[at + REWARD.unclaimed] = (rows.f64[at + REWARD.unclaimed] as number) + fee;
  rows.f64[at + REWARD.builderEarned] = (rows.f64[at + REWARD.builderEarned] as number) + fee;
}

/** Pays an account what it is owed; returns the amount, 0 = nothing [10^-6 USDC]. */
export function claimRewards(core: Core, account: number): number {
  const row = rewardRowOf(core, account);
  if (row < 0) return 0;
  const { f64 } = core.rewards.rows;
  const at = row * REWARD_FLOATS;
  const amount = f64[at + REWARD.unclaimed] as number;
  f64[at + REWARD.unclaimed] = 0;
  f64[at + REWARD.claimed] = (f64[at + REWARD.claimed] as number) + amount;
  addCash(core.accounts, FEE_ACCOUNT, -amount);
  addCash(core.accounts, account, amount);
  return amount;
}
