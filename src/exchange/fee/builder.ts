/** Builders: those who write the programs that orders come through, and what accounts let them take. */
import { addRow, isFull } from "../../base/column.ts";
import { REJECT, type RejectCode } from "../../base/reject-code.ts";
import { MICROS_PER_USDC } from "../../base/units.ts";
import {
  APPROVAL,
  APPROVAL_INTS,
  BUILDERS_MAX,
  REWARD,
  REWARD_INTS,
} from "../account/reward-row.ts";
import type { Core } from "../core.ts";
import { openReward, rewardRowOf } from "./reward.ts";

/** Highest fee that a builder may be let take: 0.1 % [10^-5]. */
const BUILDER_FEE_MAX = 100;
/** Equity that a builder must have to be approved [10^-6 USDC]. */
export const BUILDER_EQUITY_MIN = 100 * MICROS_PER_USDC;

/** Whether a fee is one that a builder may be let take [10^-5]. */
export const isBuilderFee = (fee: number): boolean =>
  Number.isInteger(fee) && fee >= 0 && fee <= BUILDER_FEE_MAX;

/** Lets a builder take up to `feeMax` [10^-5] of an account's orders; 0 takes that back. */
export function approveBuilder(
  core: Core,
  account: number,
  builder: number,
  feeMax: number,
): RejectCode | null {
  const { rewards } = core;
  const found = approvalRow(core, account, builder);
  if (feeMax === 0) {
    if (found >= 0) rewards.approvalRows.i32[found * APPROVAL_INTS + APPROVAL.feeMax] = 0;
    return null;
  }
  const isActive = found >= 0 && rewards.approvalRows.i32[found * APPROVAL_INTS + 1] !== 0;
  if (!isActive && approvalsOf(core, account).length >= BUILDERS_MAX) return REJECT.tooManyBuilders;
  const row = openReward(core, account);
  if (row < 0 || openReward(core, builder) < 0) return REJECT.capacityExhausted;
  const at = found >= 0 ? found : freeApproval(core, row);
  if (at < 0) return REJECT.capacityExhausted;
  const { i32 } = rewards.approvalRows;
  i32[at * APPROVAL_INTS + APPROVAL.builder] = builder;
  i32[at * APPROVAL_INTS + APPROVAL.feeMax] = feeMax;
  return null;
}

/** Highest fee that an account lets a builder take; 0 = not approved [10^-5]. */
export function approvedFee(core: Core, account: number, builder: number): number {
  const row = approvalRow(core, account, builder);
  return row < 0
    ? 0
    : (core.rewards.approvalRows.i32[row * APPROVAL_INTS + APPROVAL.feeMax] as number);
}

/** Accounts of the builders that an account has approved. */
export function approvalsOf(core: Core, account: number): number[] {
  const found: number[] = [];
  const { i32 } = core.rewards.approvalRows;
  for (let link = firstApproval(core, account); link !== 0; ) {
    const at = (link - 1) * APPROVAL_INTS;
    if (i32[at + APPROVAL.feeMax] !== 0) found.push(i32[at + APPROVAL.builder] as number);
    link = i32[at + APPROVAL.next] as number;
  }
  return found;
}

function firstApproval(core: Core, account: number): number {
  const row = rewardRowOf(core, account);
  return row < 0 ? 0 : (core.rewards.rows.i32[row * REWARD_INTS + REWARD.firstApproval] as number);
}

function approvalRow(core: Core, account: number, builder: number): number {
  const { i32 } = core.rewards.approvalRows;
  let link = firstApproval(core, account);
  while (link !== 0 && i32[(link - 1) * APPROVAL_INTS + APPROVAL.builder] !== builder)
    link = i32[(link - 1) * APPROVAL_INTS + APPROVAL.next] as number;
  return link - 1;
}

/** A row of an account's approvals that was taken back, or a new one; -1 = the table is full. */
function freeApproval(core: Core, reward: number): number {
  const { approvals, approvalRows, rows } = core.rewards;
  const head = reward * REWARD_INTS + REWARD.firstApproval;
  let link = rows.i32[head] as number;
  while (link !== 0) {
    if (approvalRows.i32[(link - 1) * APPROVAL_INTS + APPROVAL.feeMax] === 0) return link - 1;
    link = approvalRows.i32[(link - 1) * APPROVAL_INTS + APPROVAL.next] as number;
  }
  if (isFull(approvals)) return -1;
  const row = addRow(approvals);
  approvalRows.i32[row * APPROVAL_INTS + APPROVAL.next] = rows.i32[head] as number;
  rows.i32[head] = row + 1;
  return row;
}
