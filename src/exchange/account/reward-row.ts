/**
 * Owns what others earn from an account's fees: one row an account that has a referral code, a
 * referrer, an approved builder, or is one. Earned money stays with the fee account until it is claimed;
 * a row says how much of it is owed. Referees of an account and its approved builders hang in lists.
 *
 * A row is made by a command of its own and never while orders match.
 */
import {
  type ByteIndex,
  clearByteIndex,
  createByteIndex,
  indexRow,
} from "../../base/byte-index.ts";
import {
  addRecord,
  addRow,
  addTable,
  type RecordColumn,
  type Register,
  type Table,
} from "../../base/column.ts";
import { ACCOUNTS_MAX } from "./account.ts";

/** Lanes of a record of 88 bytes: float64 lanes 0 to 6, int32 lanes 14 to 21. */
export const REWARD = {
  /** Earned and not claimed [10^-6 USDC]. */
  unclaimed: 0,
  /** [10^-6 USDC] */
  claimed: 1,
  /** Earned as a builder in a lifetime, claimed or not [10^-6 USDC]. */
  builderEarned: 2,
  /** Of a referee, since it named its referrer: notional traded [10^-6 USDC]. */
  volume: 3,
  /** Fees paid that the referrer had a share of, and that share [10^-6 USDC]. */
  feesPaid: 4,
  feesShared: 5,
  /** When it named its referrer [ms]. */
  joinedMs: 6,
  /** Int32 lanes. */
  account: 14,
  /** Row + 1, 0 = none. */
  referrer: 15,
  firstReferee: 16,
  nextReferee: 17,
  refereeCount: 18,
  /** Row of the approvals + 1, 0 = none. */
  firstApproval: 19,
  hasCode: 20,
} as const;
/** Float64 lanes of a row. */
export const REWARD_FLOATS = 11;
/** Int32 lanes of a row. */
export const REWARD_INTS = 22;
/** Int32 lanes of a code's record. */
export const CODE_INTS = 6;

/** Int32 lanes of an approval: what an account lets a builder take. */
export const APPROVAL = {
  /** Account of the builder. */
  builder: 0,
  /** Highest fee [10^-5]; 0 = taken back. */
  feeMax: 1,
  /** Next approval of the same account; row + 1, 0 = none. */
  next: 2,
} as const;
/** Int32 lanes of an approval's record. */
export const APPROVAL_INTS = 4;
/** Builders that an account may have approved at a time. */
export const BUILDERS_MAX = 10;

/** Tables of rewards. */
export interface Rewards {
  readonly table: Table;
  readonly rows: RecordColumn;
  /** Referral codes, as words. */
  readonly codes: RecordColumn;
  readonly approvals: Table;
  readonly approvalRows: RecordColumn;
  /** Derived: codes to rows. */
  readonly byCode: ByteIndex;
}

/** No rows. */
export function createRewards(register: Register): Rewards {
  const table = addTable(register, "reward", ACCOUNTS_MAX);
  const rows = addRecord(table, "rows", REWARD_INTS * 4);
  const codes = addRecord(table, "codes", CODE_INTS * 4);
  const approvals = addTable(register, "builder-approval", ACCOUNTS_MAX);
  const approvalRows = addRecord(approvals, "rows", APPROVAL_INTS * 4);
  const byCode = createByteIndex(codes, { at: 0, length: 5, ownerAt: -1 });
  return { table, rows, codes, approvals, approvalRows, byCode };
}

/** Adds the row of an account. */
export function addReward(rewards: Rewards, account: number): number {
  const row = addRow(rewards.table);
  rewards.rows.i32[row * REWARD_INTS + REWARD.account] = account;
  return row;
}

/** Rebuilds the index of codes, after a restore or a fork. */
export function rebuildCodeIndex(rewards: Rewards): void {
  clearByteIndex(rewards.byCode);
  for (let row = 0; row < rewards.table.count; row++)
    if (rewards.rows.i32[row * REWARD_INTS + REWARD.hasCode] !== 0) indexRow(rewards.byCode, row);
}
