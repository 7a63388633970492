/** Money from one account to another: to and from sub-accounts, and to any address. */
import { isFull, readLane } from "../../base/column.ts";
import { REJECT } from "../../base/reject-code.ts";
import { addCash, FEE_ACCOUNT } from "../account/account.ts";
import { readAccountRules } from "../account/account-rules.ts";
import { markChanged } from "../account/changed-accounts.ts";
import { ROLE, signerOfWords } from "../account/signer.ts";
import { type CommandRecord, SUB_TRANSFER, SUBJECT_AT, TRANSFER_AMOUNT } from "../command.ts";
import { beginEvent, type Core } from "../core.ts";
import { ACCOUNT_EVENT, EVENT, TRANSFER_CAUSE, type TransferCause } from "../event.ts";
import { computeMargin, createMarginFigures, withdrawableOf } from "../margin/margin.ts";
import { rejectCommand } from "../refusal.ts";
import { openAccount } from "./open-account.ts";
import { subAccountOfWords } from "./sub-account.ts";

const figures = createMarginFigures();

/** Whether an amount is one [10^-6 USDC]. */
const isAmount = (amount: number): boolean => Number.isSafeInteger(amount) && amount > 0;

const withdrawable = (core: Core, account: number): number =>
  withdrawableOf(computeMargin(core, account, figures));

/** Moves money between an account and one of its sub-accounts, within what the giver may withdraw. */
export function transferToSubAccount(core: Core, record: CommandRecord, master: number): void {
  const amount = record.lanes[SUB_TRANSFER.amount] as number;
  const isDeposit = record.lanes[SUB_TRANSFER.isDeposit] === 1;
  const sub = subAccountOfWords(core, record.words, master);
  const refuse = (code: number, a = 0): void =>
    rejectCommand(core, record, { account: master, code, a });
  if (sub < 0) return refuse(REJECT.vaultUnknown, 1);
  if (!isAmount(amount)) return refuse(REJECT.amountInvalid);
  const [giver, taker] = isDeposit ? [master, sub] : [sub, master];
  if (amount > withdrawable(core, giver)) return refuse(REJECT.subTransferUncovered);
  moveMoney(core, { giver, taker, amount, fee: 0, cause: TRANSFER_CAUSE.subAccount });
}

/**
 * Sends money to the address that a command names. An address without an account gets one, for
 * which the sender pays a fee beside the amount.
 */
export function sendMoney(core: Core, record: CommandRecord, giver: number): void {
  const { signers, accounts } = core;
  const amount = record.lanes[TRANSFER_AMOUNT] as number;
  const refuse = (code: number, a = 0): void =>
    rejectCommand(core, record, { account: giver, code, a });
  const row = signerOfWords(signers, record.words, SUBJECT_AT / 4);
  const role = row < 0 ? ROLE.master : readLane(signers.role, row);
  if (role !== ROLE.master && role !== ROLE.sub) return refuse(REJECT.agentAddressTaken);
  if (!isAmount(amount)) return refuse(REJECT.amountInvalid);
  const fee = row < 0 ? readAccountRules(core.accountRules).openingFee : 0;
  if (amount + fee > withdrawable(core, giver)) return refuse(REJECT.balanceInsufficient);
  if (row >= 0 && readLane(signers.account, row) === giver) return refuse(REJECT.transferToSelf);
  if (row < 0 && (isFull(accounts.table) || isFull(signers.table)))
    return refuse(REJECT.capacityExhausted);
  const taker = row < 0 ? openAccount(core, record, SUBJECT_AT) : readLane(signers.account, row);
  moveMoney(core, { giver, taker, amount, fee, cause: TRANSFER_CAUSE.sent });
}

/** Money that changes hands [10^-6 USDC]. */
interface Movement {
  readonly giver: number;
  readonly taker: number;
  readonly amount: number;
  /** Paid by the giver beside the amount. */
  readonly fee: number;
  readonly cause: TransferCause;
}

/** Books money from one account to another and says so in both their names; the giver's comes first. */
export function moveMoney(core: Core, { giver, taker, amount, fee, cause }: Movement): void {
  addCash(core.accounts, giver, -amount - fee);
  addCash(core.accounts, taker, amount);
  if (fee !== 0) addCash(core.accounts, FEE_ACCOUNT, fee);
  for (const account of [giver, taker]) {
    markChanged(core.changed, account);
    const isGiver = account === giver;
    const lane = beginEvent(core, EVENT.transferred, account, -1, 0);
    const { lanes } = core.events;
    lanes[lane + ACCOUNT_EVENT.amount] = isGiver ? -amount : amount;
    lanes[lane + ACCOUNT_EVENT.a] = isGiver ? taker : giver;
    lanes[lane + ACCOUNT_EVENT.b] = cause;
    lanes[lane + ACCOUNT_EVENT.c] = fee;
  }
}
