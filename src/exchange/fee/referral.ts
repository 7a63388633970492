/** Referral codes: who may have one, and who names whose. */
import { findByWords, indexRow } from "../../base/byte-index.ts";
import { readLane } from "../../base/column.ts";
import { readAscii } from "../../base/hex.ts";
import { REJECT, type RejectCode } from "../../base/reject-code.ts";
import { CODE_INTS, REWARD, REWARD_FLOATS, REWARD_INTS } from "../account/reward-row.ts";
import { REFERRAL_CODE_BYTES } from "../command.ts";
import { type Core, commandTimeMs } from "../core.ts";
import { NUMBER, numberOf } from "../numbers.ts";
import { feeScheduleOf } from "./fee.ts";
import { openReward, rewardRowOf } from "./reward.ts";

/** Referees that a view lists, the newest. */
const REFEREES_SHOWN = 1_000;
const CODE_WORDS = REFERRAL_CODE_BYTES / 4;

/** Why a command about codes is refused, with its figures. */
export interface ReferralProblem {
  readonly code: RejectCode;
  readonly a?: number;
  readonly b?: number;
}

/** Bytes with a code in them, and the same bytes as words. */
export interface CodeText {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

/** Gives an account the code in the bytes at `at`, a multiple of four, once and for all. */
export function registerCode(
  core: Core,
  account: number,
  { bytes, words }: CodeText,
  at: number,
): ReferralProblem | null {
  const { rewards } = core;
  const required = feeScheduleOf(core).referral.codeVolumeMin;
  const volume = readLane(core.accounts.volume, account);
  const isLimited = numberOf(core.numbers, NUMBER.limitsOn) === 1;
  if (isLimited && volume < required)
    return { code: REJECT.referralVolumeTooLow, a: required, b: volume };
  const known = rewardRowOf(core, account);
  if (known >= 0 && rewards.rows.i32[known * REWARD_INTS + REWARD.hasCode] !== 0)
    return { code: REJECT.referralCodeSet };
  if (!isCode(bytes, at)) return { code: REJECT.referralCodeInvalid };
  if (findByWords(rewards.byCode, words, at / 4, 0) >= 0) return { code: REJECT.referralCodeTaken };
  const row = openReward(core, account);
  if (row < 0) return { code: REJECT.capacityExhausted, a: rewards.table.countMax };
  for (let k = 0; k < CODE_WORDS; k++)
    rewards.codes.i32[row * CODE_INTS + k] = words[at / 4 + k] as number;
  rewards.rows.i32[row * REWARD_INTS + REWARD.hasCode] = 1;
  indexRow(rewards.byCode, row);
  return null;
}

/** Makes the owner of the code in the bytes at `at` an account's referrer, once and for all. */
export function nameReferrer(
  core: Core,
  account: number,
  { words }: CodeText,
  at: number,
): ReferralProblem | null {
  const { rewards } = core;
  const referrer = findByWords(rewards.byCode, words, at / 4, 0);
  if (referrer < 0) return { code: REJECT.referralCodeUnknown };
  if (rewards.rows.i32[referrer * REWARD_INTS + REWARD.account] === account)
    return { code: REJECT.referrerIsSelf };
  const known = rewardRowOf(core, account);
  if (known >= 0 && rewards.rows.i32[known * REWARD_INTS + REWARD.referrer] !== 0)
    return { code: REJECT.referrerSet };
  const row = openReward(core, account);
  if (row < 0) return { code: REJECT.capacityExhausted, a: rewards.table.countMax };
  const { i32, f64 } = rewards.rows;
  i32[row * REWARD_INTS + REWARD.referrer] = referrer + 1;
  f64[row * REWARD_FLOATS + REWARD.joinedMs] = commandTimeMs(core);
  const from = referrer * REWARD_INTS;
  i32[row * REWARD_INTS + REWARD.nextReferee] = i32[from + REWARD.firstReferee] as number;
  i32[from + REWARD.firstReferee] = row + 1;
  i32[from + REWARD.refereeCount] = (i32[from + REWARD.refereeCount] as number) + 1;
  return null;
}

/** A referee as its referrer sees it [10^-6 USDC]. */
export interface RefereeView {
  readonly account: number;
  /** Traded since it named its referrer. */
  readonly volume: number;
  readonly feesPaid: number;
  readonly feesShared: number;
  /** [ms] */
  readonly joinedMs: number;
}

/** An account's part in referrals [10^-6 USDC]. */
export interface ReferralView {
  readonly referrer: { readonly account: number; readonly code: string } | null;
  /** Empty = none. */
  readonly code: string;
  readonly refereeCount: number;
  /** Newest first, at most a thousand. */
  readonly referees: readonly RefereeView[];
  readonly unclaimed: number;
  readonly claimed: number;
  readonly builderEarned: number;
  /** Of a lifetime, and what a code needs of it where limits are on. */
  readonly volume: number;
  readonly codeVolumeMin: number;
}

/** What an account has to do with referrals and builders; -1 = an account that is none. */
export function referralView(core: Core, account: number): ReferralView {
  const row = rewardRowOf(core, account);
  const { i32, f64 } = core.rewards.rows;
  const amount = (lane: number): number =>
    row < 0 ? 0 : (f64[row * REWARD_FLOATS + lane] as number);
  const referrer = row < 0 ? -1 : (i32[row * REWARD_INTS + REWARD.referrer] as number) - 1;
  return {
    referrer:
      referrer < 0
        ? null
        : {
            account: i32[referrer * REWARD_INTS + REWARD.account] as number,
            code: codeOfRow(core, referrer),
          },
    code: row < 0 ? "" : codeOfRow(core, row),
    refereeCount: row < 0 ? 0 : (i32[row * REWARD_INTS + REWARD.refereeCount] as number),
    referees: row < 0 ? [] : refereesOf(core, row),
    unclaimed: amount(REWARD.unclaimed),
    claimed: amount(REWARD.claimed),
    builderEarned: amount(REWARD.builderEarned),
    volume: account < 0 ? 0 : readLane(core.accounts.volume, account),
    codeVolumeMin: feeScheduleOf(core).referral.codeVolumeMin,
  };
}

function refereesOf({ rewards }: Core, row: number): RefereeView[] {
  const { i32, f64 } = rewards.rows;
  const found: RefereeView[] = [];
  let link = i32[row * REWARD_INTS + REWARD.firstReferee] as number;
  while (link !== 0 && found.length < REFEREES_SHOWN) {
    const at = (link - 1) * REWARD_FLOATS;
    found.push({
      account: i32[(link - 1) * REWARD_INTS + REWARD.account] as number,
      volume: f64[at + REWARD.volume] as number,
      feesPaid: f64[at + REWARD.feesPaid] as number,
      feesShared: f64[at + REWARD.feesShared] as number,
      joinedMs: f64[at + REWARD.joinedMs] as number,
    });
    link = i32[(link - 1) * REWARD_INTS + REWARD.nextReferee] as number;
  }
  return found;
}

/** Code of a row of rewards; empty = none. */
const codeOfRow = (core: Core, row: number): string =>
  readAscii(core.rewards.codes.data, row * CODE_INTS * 4, REFERRAL_CODE_BYTES);

/** Printable characters, at least one, and zeros behind them. */
function isCode(bytes: Uint8Array, at: number): boolean {
  let hasEnded = false;
  for (let k = 0; k < REFERRAL_CODE_BYTES; k++) {
    const byte = bytes[at + k] as number;
    if (byte === 0) hasEnded = true;
    else if (hasEnded || byte < 33 || byte > 126) return false;
  }
  return bytes[at] !== 0;
}
