/** Effects of signed commands about referrers and builders, and the builder that a batch of orders names. */
import { readLane } from "../base/column.ts";
import { REJECT, type RejectCode } from "../base/reject-code.ts";
import { markChanged } from "./account/changed-accounts.ts";
import { REWARD, REWARD_INTS } from "./account/reward-row.ts";
import { ROLE, signerOfWords } from "./account/signer.ts";
import {
  BUILDER_FEE,
  COMMAND,
  type CommandRecord,
  HEADER,
  ITEM,
  ITEM_FLAG,
  itemByte,
  itemCount,
  itemLane,
  PLACE_BUILDER,
  REFERRAL_CODE_BYTES,
  SIGNER_AT,
  SUBJECT_AT,
} from "./command.ts";
import { beginEvent, type Core, lastEventByte } from "./core.ts";
import { ACCOUNT_EVENT, EVENT } from "./event.ts";
import { approveBuilder, approvedFee, BUILDER_EQUITY_MIN, isBuilderFee } from "./fee/builder.ts";
import { nameReferrer, type ReferralProblem, registerCode } from "./fee/referral.ts";
import { claimRewards, rewardRowOf } from "./fee/reward.ts";
import { computeMargin, createMarginFigures } from "./margin/margin.ts";
import type { TouchedAccounts } from "./matching/match.ts";
import type { IncomingOrder } from "./matching/order-event.ts";
import { placeOrder, readIncoming } from "./matching/place.ts";
import { rejectCommand } from "./refusal.ts";

const figures = createMarginFigures();

/** Applies a command about referrers and builders for an account that passed the gate. */
export function applyReward(core: Core, record: CommandRecord, account: number): void {
  switch (record.lanes[HEADER.kind]) {
    case COMMAND.registerReferrer:
      register(core, record, account);
      return;
    case COMMAND.setReferrer:
      setReferrer(core, record, account);
      return;
    case COMMAND.approveBuilderFee:
      approve(core, record, account);
      return;
    case COMMAND.claimRewards:
      claim(core, record, account);
  }
}

/** Places the orders of a batch that names a builder, whose fee is checked once for all. */
export function placeWithBuilder(
  core: Core,
  record: CommandRecord,
  order: IncomingOrder,
  account: number,
  touched: TouchedAccounts,
): void {
  const builder = builderOfCommand(core, record, account);
  if (builder === 0) return;
  const count = itemCount(record);
  for (let i = 0; i < count; i++) {
    readIncoming(record, i, account, order);
    order.builder = builder;
    const flags = record.lanes[itemLane(i) + ITEM.flags] as number;
    placeOrder(core, order, (flags & ITEM_FLAG.unsupported) !== 0, touched);
  }
}

/**
 * Builder of a batch as orders have it, or 0 where the command was refused for it. Whoever signs has
 * approved it, for the sub-accounts too.
 */
function builderOfCommand(core: Core, record: CommandRecord, account: number): number {
  const signer = signerOfWords(core.signers, record.words, SIGNER_AT / 4);
  const owner = readLane(core.signers.account, signer);
  const builder = (record.lanes[PLACE_BUILDER.account] as number) - 1;
  const fee = record.lanes[PLACE_BUILDER.fee] as number;
  const feeMax = builder < 0 ? 0 : approvedFee(core, owner, builder);
  if (feeMax > 0 && Number.isInteger(fee) && fee >= 0 && fee <= feeMax) return builder * 128 + fee;
  rejectCommand(core, record, { account, code: REJECT.builderNotApproved });
  return 0;
}

function register(core: Core, record: CommandRecord, account: number): void {
  const problem = registerCode(core, account, record, itemByte(0));
  if (problem !== null) return refuse(core, record, account, problem);
  beginEvent(core, EVENT.referralCodeRegistered, account, -1, 0);
  const at = itemByte(0);
  core.events.bytes.set(record.bytes.subarray(at, at + REFERRAL_CODE_BYTES), lastEventByte(core));
}

function setReferrer(core: Core, record: CommandRecord, account: number): void {
  const problem = nameReferrer(core, account, record, itemByte(0));
  if (problem !== null) return refuse(core, record, account, problem);
  const { i32 } = core.rewards.rows;
  const row = rewardRowOf(core, account);
  const referrer = (i32[row * REWARD_INTS + REWARD.referrer] as number) - 1;
  const lane = beginEvent(core, EVENT.referrerNamed, account, -1, 0);
  core.events.lanes[lane + ACCOUNT_EVENT.amount] = i32[
    referrer * REWARD_INTS + REWARD.account
  ] as number;
}

/** A builder must have an account with some money; taking an approval back needs nothing. */
function approve(core: Core, record: CommandRecord, account: number): void {
  const feeMax = (record.lanes[BUILDER_FEE] as number) + 0;
  const signer = signerOfWords(core.signers, record.words, SUBJECT_AT / 4);
  const isUser = signer >= 0 && readLane(core.signers.role, signer) === ROLE.master;
  const builder = isUser ? readLane(core.signers.account, signer) : -1;
  const equity = builder < 0 ? 0 : computeMargin(core, builder, figures).equity;
  const isFunded = builder >= 0 && (feeMax === 0 || equity >= BUILDER_EQUITY_MIN);
  let code: RejectCode | null = REJECT.builderFeeTooHigh;
  if (isBuilderFee(feeMax))
    code = isFunded ? approveBuilder(core, account, builder, feeMax) : REJECT.builderUnderfunded;
  if (code !== null) return refuse(core, record, account, { code });
  const lane = beginEvent(core, EVENT.builderApproved, account, -1, 0);
  core.events.lanes[lane + ACCOUNT_EVENT.amount] = feeMax;
  core.events.lanes[lane + ACCOUNT_EVENT.a] = builder;
}

function claim(core: Core, record: CommandRecord, account: number): void {
  const amount = claimRewards(core, account);
  if (amount === 0) return refuse(core, record, account, { code: REJECT.rewardsNone });
  markChanged(core.changed, account);
  const lane = beginEvent(core, EVENT.rewardsClaimed, account, -1, 0);
  core.events.lanes[lane + ACCOUNT_EVENT.amount] = amount;
}

const refuse = (
  core: Core,
  record: CommandRecord,
  account: number,
  problem: ReferralProblem,
): void => rejectCommand(core, record, { account, ...problem });
