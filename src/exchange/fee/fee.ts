/**
 * Fees of a match, by each side's rates, truncated towards zero as the venue's are. A rebate is paid
 * from the other side's fee and never exceeds it, so no match takes money out of the fee account.
 */
import { addRow, keepRow } from "../../base/column.ts";
import { mulRateCeil, mulRateTrunc } from "../../base/rounding.ts";
import { FEE_ACCOUNT } from "../account/account.ts";
import { FEE_DAYS, FEE_ROW, openFeeRow } from "../account/fee-row.ts";
import { REWARD, REWARD_FLOATS, REWARD_INTS } from "../account/reward-row.ts";
import { type Core, commandTimeMs } from "../core.ts";
import { FEE_SCHEDULES, type FeeSchedule, type FeeTier } from "./fee-schedule.ts";

const E9 = 1_000_000_000;
const DAY_MS = 86_400_000;

/** The schedule in force. */
export const feeScheduleOf = (core: Core): FeeSchedule =>
  FEE_SCHEDULES[core.fees.schedule.data[0] as number] as FeeSchedule;

/** Brings an account's rates up to the running day; to be called before they are read. */
export function refreshFees(core: Core, account: number): void {
  const { fees } = core;
  const nowMs = commandTimeMs(core);
  if (account < fees.table.count) {
    if ((fees.rows.f64[account * 8 + FEE_ROW.untilMs] as number) > nowMs) return;
  } else openFeeRow(fees, account);
  turnDay(core, FEE_ACCOUNT, nowMs);
  if (account !== FEE_ACCOUNT) turnDay(core, account, nowMs);
}

/** Rate of an account whose row is fresh; negative = rebate [10^-9]. */
export const feeRateOf = (core: Core, account: number, isTaker: boolean): number =>
  core.fees.rows.i32[account * 16 + (isTaker ? FEE_ROW.takerRate : FEE_ROW.makerRate)] as number;

/**
 * Fee of one side by its rate and its referral, before a rebate is bounded and without a builder's;
 * positive = paid [10^-6 USDC].
 */
export function feeOf(core: Core, account: number, notional: number, isTaker: boolean): number {
  const rate = feeRateOf(core, account, isTaker);
  const link = core.fees.rows.i32[account * 16 + FEE_ROW.reward] as number;
  return mulRateTrunc(notional, link === 0 ? rate : rateWithReferral(core, link - 1, rate));
}

/** A rate less the discount for the referrer of a row of rewards, while that lasts [10^-9]. */
function rateWithReferral({ rewards, fees }: Core, row: number, rate: number): number {
  const { f64, i32 } = rewards.rows;
  if (rate <= 0 || i32[row * REWARD_INTS + REWARD.referrer] === 0) return rate;
  const { referral } = FEE_SCHEDULES[fees.schedule.data[0] as number] as FeeSchedule;
  const volume = f64[row * REWARD_FLOATS + REWARD.volume] as number;
  return volume < referral.discountVolumeMax ? mulRateTrunc(rate, E9 - referral.discount) : rate;
}

/** Most that taking a notional can cost an account, rounded up, for checks before the match [10^-6 USDC]. */
export function takerFeeBound(core: Core, account: number, notional: number): number {
  refreshFees(core, account);
  return mulRateCeil(notional, feeRateOf(core, account, true));
}

/** Counts a trade for both sides and for all, once their rows are fresh [10^-6 USDC]. */
export function countFeeVolume(core: Core, maker: number, taker: number, notional: number): void {
  const { table } = core.fees;
  keepRow(table, FEE_ACCOUNT);
  keepRow(table, maker);
  keepRow(table, taker);
  const { f64 } = core.fees.rows;
  addBounded(f64, FEE_ACCOUNT * 8 + FEE_ROW.madeToday, notional);
  addBounded(f64, maker * 8 + FEE_ROW.madeToday, notional);
  addBounded(f64, taker * 8 + FEE_ROW.takenToday, notional);
}

/** Puts another schedule in force at once, for every row. */
export function setFeeSchedule(core: Core, number: number): void {
  const { fees } = core;
  fees.schedule.data[0] = number;
  const nowMs = commandTimeMs(core);
  for (let row = 0; row < fees.table.count; row++) {
    turnDay(core, row, nowMs);
    sumWindow(core, row, Math.floor(nowMs / DAY_MS));
    setRates(core, row);
  }
}

/** Sets an account's stake [10^-6 tokens]; its rates follow at once. */
export function setStake(core: Core, account: number, stake: number): void {
  refreshFees(core, account);
  core.fees.rows.f64[account * 8 + FEE_ROW.stake] = stake;
  setRates(core, account);
}

/** Stops at 2^53 - 1 instead of losing units. */
function addBounded(lanes: Float64Array, at: number, amount: number): void {
  lanes[at] = Math.min((lanes[at] as number) + amount, Number.MAX_SAFE_INTEGER);
}

/** Closes the day that a row stands at, when it is over, and settles window and rates of the new one. */
function turnDay(core: Core, account: number, nowMs: number): void {
  const { fees } = core;
  const { f64, i32 } = fees.rows;
  const at = account * 8;
  const untilMs = f64[at + FEE_ROW.untilMs] as number;
  if (untilMs > nowMs) return;
  keepRow(fees.table, account);
  const today = Math.floor(nowMs / DAY_MS);
  const closed = untilMs / DAY_MS - 1;
  const made = f64[at + FEE_ROW.madeToday] as number;
  const taken = f64[at + FEE_ROW.takenToday] as number;
  const daysLane = account * 16 + FEE_ROW.days;
  if (i32[daysLane] === 0 && made + taken > 0) i32[daysLane] = addRow(fees.daysTable) + 1;
  if (i32[daysLane] !== 0) {
    keepRow(fees.daysTable, (i32[daysLane] as number) - 1);
    const days = fees.days.f64;
    const ring = ((i32[daysLane] as number) - 1) * FEE_DAYS * 2;
    days[ring + (closed % FEE_DAYS) * 2] = made;
    days[ring + (closed % FEE_DAYS) * 2 + 1] = taken;
    const empty = Math.min(today - closed, FEE_DAYS);
    for (let k = 1; k <= empty; k++) {
      const slot = ring + ((closed + k) % FEE_DAYS) * 2;
      days[slot] = 0;
      days[slot + 1] = 0;
    }
  }
  f64[at + FEE_ROW.madeToday] = 0;
  f64[at + FEE_ROW.takenToday] = 0;
  f64[at + FEE_ROW.untilMs] = (today + 1) * DAY_MS;
  sumWindow(core, account, today);
  setRates(core, account);
}

/** Sums the closed days of the window before `today` into a row. */
function sumWindow(core: Core, account: number, today: number): void {
  const { f64 } = core.fees.rows;
  f64[account * 8 + FEE_ROW.made] = windowVolume(core, account, today, 0);
  f64[account * 8 + FEE_ROW.taken] = windowVolume(core, account, today, 1);
}

/**
 * Volume of the days before `today` that count, made (0) or taken (1), whether or not the row's day
 * has been turned [10^-6 USDC].
 */
function windowVolume(core: Core, account: number, today: number, part: 0 | 1): number {
  const { rows, days } = core.fees;
  const at = account * 8;
  const stands = (rows.f64[at + FEE_ROW.untilMs] as number) / DAY_MS - 1;
  const ring = ((rows.i32[account * 16 + FEE_ROW.days] as number) - 1) * FEE_DAYS * 2;
  const first = Math.max(0, today - feeScheduleOf(core).windowDays);
  let sum = 0;
  for (let day = first; day < today && day <= stands; day++) {
    if (day === stands) sum += rows.f64[at + FEE_ROW.madeToday + part] as number;
    else if (ring >= 0 && day > stands - FEE_DAYS)
      sum += days.f64[ring + (day % FEE_DAYS) * 2 + part] as number;
    sum = Math.min(sum, Number.MAX_SAFE_INTEGER);
  }
  return sum;
}

/** What rates depend on [10^-6 USDC, 10^-6 tokens]. */
interface FeeBasis {
  made: number;
  taken: number;
  /** Made by all. */
  allMade: number;
  stake: number;
}

const basis: FeeBasis = { made: 0, taken: 0, allMade: 0, stake: 0 };

/** Rates of a row by its window, its share of what all made, and its stake. */
function setRates(core: Core, account: number): void {
  const { f64, i32 } = core.fees.rows;
  const at = account * 8;
  basis.made = f64[at + FEE_ROW.made] as number;
  basis.taken = f64[at + FEE_ROW.taken] as number;
  basis.allMade = f64[FEE_ACCOUNT * 8 + FEE_ROW.made] as number;
  basis.stake = f64[at + FEE_ROW.stake] as number;
  const schedule = feeScheduleOf(core);
  i32[account * 16 + FEE_ROW.makerRate] = makerRateBy(schedule, basis);
  i32[account * 16 + FEE_ROW.takerRate] = takerRateBy(schedule, basis);
}

/** The share of a rate that falls away for a stake [10^-9]. */
export function stakeDiscount({ stakes }: FeeSchedule, stake: number): number {
  let discount = 0;
  for (const tier of stakes) if (stake > tier.stakeAbove) discount = tier.discount;
  return discount;
}

function tierOf({ tiers }: FeeSchedule, { made, taken }: FeeBasis): FeeTier {
  const volume = Math.min(made + taken, Number.MAX_SAFE_INTEGER);
  let found = tiers[0] as FeeTier;
  for (const tier of tiers) if (volume >= tier.volumeMin) found = tier;
  return found;
}

function takerRateBy(schedule: FeeSchedule, of: FeeBasis): number {
  return mulRateTrunc(tierOf(schedule, of).takerRate, E9 - stakeDiscount(schedule, of.stake));
}

/** A share of the maker volume goes before tier and stake. */
function makerRateBy(schedule: FeeSchedule, of: FeeBasis): number {
  let { makerRate } = tierOf(schedule, of);
  if (makerRate > 0) makerRate = mulRateTrunc(makerRate, E9 - stakeDiscount(schedule, of.stake));
  for (const tier of schedule.makerShares)
    if (of.made > mulRateTrunc(of.allMade, tier.shareAbove)) makerRate = tier.makerRate;
  return makerRate;
}

/** What an account pays, as one may show it. */
export interface FeeView {
  readonly schedule: FeeSchedule;
  /** [10^-9]; negative = rebate. */
  readonly makerRate: number;
  readonly takerRate: number;
  /** Volume of the days that count [10^-6 USDC]. */
  readonly volume: number;
  /** [10^-6 tokens] */
  readonly stake: number;
  /** Share of a rate that falls away now for a referrer; the two rates are without it [10^-9]. */
  readonly referralDiscount: number;
}

/** An account's rates on the day of a time; -1 = an account without trades [ms]. */
export function feeView(core: Core, account: number, nowMs: number): FeeView {
  const { fees } = core;
  const today = Math.floor(nowMs / DAY_MS);
  const isKnown = account >= 0 && account < fees.table.count;
  const of: FeeBasis = {
    made: isKnown ? windowVolume(core, account, today, 0) : 0,
    taken: isKnown ? windowVolume(core, account, today, 1) : 0,
    allMade: isKnown ? windowVolume(core, FEE_ACCOUNT, today, 0) : 0,
    stake: isKnown ? (fees.rows.f64[account * 8 + FEE_ROW.stake] as number) : 0,
  };
  const schedule = feeScheduleOf(core);
  return {
    schedule,
    makerRate: makerRateBy(schedule, of),
    takerRate: takerRateBy(schedule, of),
    volume: Math.min(of.made + of.taken, Number.MAX_SAFE_INTEGER),
    stake: of.stake,
    referralDiscount: E9 - (isKnown ? referralFactor(core, account) : E9),
  };
}

/** What the account's referral leaves of a rate [10^-9]. */
function referralFactor(core: Core, account: number): number {
  const link = core.fees.rows.i32[account * 16 + FEE_ROW.reward] as number;
  return link === 0 ? E9 : rateWithReferral(core, link - 1, E9);
}
