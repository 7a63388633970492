/** Effects of commands about sub-accounts: opening one, and money between it and its master. */
import { isFull, readLane } from "../base/column.ts";
import { REJECT } from "../base/reject-code.ts";
import { addAccount, addCash } from "./account/account.ts";
import { markChanged } from "./account/changed-accounts.ts";
import { addSigner, ROLE, SIGNER, signerOfWords } from "./account/signer.ts";
import {
  addSubAccount,
  SUB_ACCOUNT_NAME_BYTES,
  subAccountsOf,
  writeSubAddress,
} from "./account/sub-account.ts";
import { addOwnerRow } from "./book/order-table.ts";
import {
  type CommandRecord,
  ITEM_CLOID_AT,
  itemByte,
  SUB_TRANSFER,
  SUBJECT_AT,
} from "./command.ts";
import { beginEvent, type Core, lastEventByte } from "./core.ts";
import { ACCOUNT_EVENT, EVENT } from "./event.ts";
import { computeMargin, createMarginFigures, withdrawableOf } from "./margin/margin.ts";
import { NUMBER, numberOf } from "./numbers.ts";
import { rejectCommand } from "./refusal.ts";

/** Volume that sub-accounts take, where limits are on: 100,000 USDC [10^-6 USDC]. */
const VOLUME_MIN = 100_000_000_000;
/** Sub-accounts of an account, one more for each 100 million USDC of its volume, and the most there can be. */
const COUNT_BASE = 10;
const COUNT_MAX = 50;
const VOLUME_STEP = 100_000_000_000_000;

const figures = createMarginFigures();
const address = new Uint8Array(20);
const words = new Int32Array(address.buffer);

/** Opens a sub-account of an account under the name that the record's item bears. */
export function createSubAccount(core: Core, record: CommandRecord, master: number): void {
  const { accounts, signers, subAccounts } = core;
  const refuse = (code: number, a = 0, b = 0): void =>
    rejectCommand(core, record, { account: master, code, a, b });
  const nameAt = itemByte(0) + ITEM_CLOID_AT;
  if (record.bytes[nameAt] === 0) return refuse(REJECT.subAccountNameEmpty);
  const volume = readLane(accounts.volume, master);
  const isLimited = numberOf(core.numbers, NUMBER.limitsOn) === 1;
  if (isLimited && volume < VOLUME_MIN)
    return refuse(REJECT.subAccountVolumeTooLow, VOLUME_MIN, volume);
  const index = subAccountsOf(subAccounts, master).length;
  const countMax = Math.min(COUNT_MAX, COUNT_BASE + Math.floor(volume / VOLUME_STEP));
  if (index >= countMax) return refuse(REJECT.tooManySubAccounts, countMax);
  if (isFull(accounts.table) || isFull(signers.table)) return refuse(REJECT.capacityExhausted);
  let salt = 0;
  do {
    writeSubAddress(accounts, { master, index, salt }, address);
    salt += 1;
  } while (signerOfWords(signers, words, 0) >= 0);
  const account = addAccount(accounts, address, 0);
  addOwnerRow(core.orders);
  const signer = addSigner(signers, { bytes: address, at: 0, account, role: ROLE.sub });
  signers.rows.i32[signer * 16 + SIGNER.master] = master;
  addSubAccount(subAccounts, { account, master, bytes: record.bytes, at: nameAt });
  beginEvent(core, EVENT.accountOpened, account, -1, 0);
  core.events.bytes.set(address, lastEventByte(core));
  const lane = beginEvent(core, EVENT.subAccountCreated, master, -1, 0);
  core.events.lanes[lane + ACCOUNT_EVENT.a] = account;
  const byte = lastEventByte(core);
  core.events.bytes.set(address, byte);
  core.events.bytes.set(record.bytes.subarray(nameAt, nameAt + SUB_ACCOUNT_NAME_BYTES), byte + 20);
}

/** Moves money between an account and one of its sub-accounts, within what the giver may withdraw. */
export function transferToSubAccount(core: Core, record: CommandRecord, master: number): void {
  const { accounts } = core;
  const amount = record.lanes[SUB_TRANSFER.amount] as number;
  const isDeposit = record.lanes[SUB_TRANSFER.isDeposit] === 1;
  const sub = subAccountOfWords(core, record.words, master);
  const refuse = (code: number): void => rejectCommand(core, record, { account: master, code });
  if (sub < 0)
    return rejectCommand(core, record, { account: master, code: REJECT.vaultUnknown, a: 1 });
  if (!(Number.isSafeInteger(amount) && amount > 0)) return refuse(REJECT.amountInvalid);
  const [giver, taker] = isDeposit ? [master, sub] : [sub, master];
  if (amount > withdrawableOf(computeMargin(core, giver, figures)))
    return refuse(REJECT.subTransferUncovered);
  addCash(accounts, giver, -amount);
  addCash(accounts, taker, amount);
  markChanged(core.changed, giver);
  markChanged(core.changed, taker);
  for (const [account, change] of [
    [giver, -amount],
    [taker, amount],
  ] as const) {
    const lane = beginEvent(core, EVENT.transferred, account, -1, 0);
    core.events.lanes[lane + ACCOUNT_EVENT.amount] = change;
    core.events.lanes[lane + ACCOUNT_EVENT.a] = account === giver ? taker : giver;
  }
}

/** The sub-account of a master that a command names, or -1. */
export function subAccountOfWords(core: Core, subject: Int32Array, master: number): number {
  const { signers } = core;
  const row = signerOfWords(signers, subject, SUBJECT_AT / 4);
  if (row < 0 || readLane(signers.role, row) !== ROLE.sub) return -1;
  if (signers.rows.i32[row * 16 + SIGNER.master] !== master) return -1;
  return readLane(signers.account, row);
}

/** Whether a command names an address that is some account's sub-account. */
export function isSubAccountOfWords(core: Core, subject: Int32Array): boolean {
  const row = signerOfWords(core.signers, subject, SUBJECT_AT / 4);
  return row >= 0 && readLane(core.signers.role, row) === ROLE.sub;
}
