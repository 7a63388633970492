/** Effects of the operator's commands about accounts that cannot be closed in time. */
import { readLane, writeLane } from "../base/column.ts";
import { REJECT } from "../base/reject-code.ts";
import { addCash, INSURANCE_ACCOUNT } from "./account/account.ts";
import { ADL_NAMES, openPolicyRow } from "./account/default-policy.ts";
import { ROLE, signerOfWords } from "./account/signer.ts";
import { type CommandRecord, SIGNER_AT, TRANSFER_AMOUNT } from "./command.ts";
import { readDefaultPolicy } from "./command-codec.ts";
import { beginEvent, type Core } from "./core.ts";
import { ACCOUNT_EVENT, EVENT } from "./event.ts";
import { computeMargin, createMarginFigures } from "./margin/margin.ts";
import { addToNumber, isDepositable, NUMBER } from "./numbers.ts";
import { rejectCommand } from "./refusal.ts";

const figures = createMarginFigures();

/** Pays money from outside into the insurance account. */
export function fundInsurance(core: Core, record: CommandRecord): void {
  const amount = record.lanes[TRANSFER_AMOUNT] as number;
  if (!isDepositable(core.numbers, amount))
    return rejectCommand(core, record, { account: -1, code: REJECT.amountInvalid });
  addCash(core.accounts, INSURANCE_ACCOUNT, amount);
  addToNumber(core.numbers, NUMBER.deposits, amount);
  const lane = beginEvent(core, EVENT.insuranceFunded, INSURANCE_ACCOUNT, -1, 0);
  core.events.lanes[lane + ACCOUNT_EVENT.amount] = amount;
}

/** Puts a policy in force; the floor of the backstop is its equity now less what it may lose. */
export function setDefaultPolicy(core: Core, record: CommandRecord): void {
  const { adl, partialAbove, backstop, lossMax } = readDefaultPolicy(record);
  const account = backstop === null ? 0 : backstopAccount(core, record);
  if (account < 0) return rejectCommand(core, record, { account: -1, code: REJECT.accountUnknown });
  if (ADL_NAMES[adl] === undefined || !isAmount(partialAbove) || !isAmount(lossMax))
    return rejectCommand(core, record, { account: -1, code: REJECT.defaultPolicyInvalid });
  const { defaults } = core;
  const equity = account === 0 ? 0 : computeMargin(core, account, figures).equity;
  openPolicyRow(defaults);
  // Plus zero: a lane may hold a negative one.
  writeLane(defaults.adl, 0, adl + 0);
  writeLane(defaults.partialAbove, 0, partialAbove + 0);
  writeLane(defaults.backstop, 0, account);
  writeLane(defaults.lossMax, 0, lossMax + 0);
  writeLane(defaults.floor, 0, Math.max(0, equity - lossMax));
  const lane = beginEvent(core, EVENT.defaultPolicySet, account === 0 ? -1 : account, -1, 0);
  core.events.lanes[lane + ACCOUNT_EVENT.amount] = adl + 0;
  core.events.lanes[lane + ACCOUNT_EVENT.a] = partialAbove + 0;
  core.events.lanes[lane + ACCOUNT_EVENT.b] = lossMax + 0;
}

const isAmount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** Account of the address in a record; -1 where no user has it. */
function backstopAccount({ signers }: Core, record: CommandRecord): number {
  const signer = signerOfWords(signers, record.words, SIGNER_AT / 4);
  if (signer < 0 || readLane(signers.role, signer) !== ROLE.master) return -1;
  return readLane(signers.account, signer);
}
