/** Sub-accounts: opening and renaming them, and finding the one that a command names. */

import { isFull, readLane } from "../../base/column.ts";
import { REJECT } from "../../base/reject-code.ts";
import { addAccount } from "../account/account.ts";
import { readAccountRules } from "../account/account-rules.ts";
import { addSigner, ROLE, SIGNER, signerOfWords } from "../account/signer.ts";
import {
  addSubAccount,
  nameSubAccount,
  SUB_ACCOUNT_NAME_BYTES,
  subAccountCount,
  writeSubAddress,
} from "../account/sub-account.ts";
import { addOwnerRow } from "../book/order-table.ts";
import { type CommandRecord, ITEM_CLOID_AT, itemByte, SUBJECT_AT } from "../command.ts";
import { beginEvent, type Core, lastEventByte } from "../core.ts";
import { ACCOUNT_EVENT, EVENT } from "../event.ts";
import { NUMBER, numberOf } from "../numbers.ts";
import { rejectCommand } from "../refusal.ts";

const address = new Uint8Array(20);
const words = new Int32Array(address.buffer);

/** Opens a sub-account of an account under the name that the record's item bears. */
export function createSubAccount(core: Core, record: CommandRecord, master: number): void {
  const { accounts, signers, subAccounts } = core;
  const rules = readAccountRules(core.accountRules);
  const refuse = (code: number, a = 0, b = 0): void =>
    rejectCommand(core, record, { account: master, code, a, b });
  const nameAt = itemByte(0) + ITEM_CLOID_AT;
  if (record.bytes[nameAt] === 0) return refuse(REJECT.subAccountNameEmpty);
  const volume = readLane(accounts.volume, master);
  const isLimited = numberOf(core.numbers, NUMBER.limitsOn) === 1;
  if (isLimited && volume < rules.subVolumeMin)
    return refuse(REJECT.subAccountVolumeTooLow, rules.subVolumeMin, volume);
  const index = subAccountCount(subAccounts, master);
  const earned = rules.subCountBase + Math.floor(volume / rules.subVolumeStep);
  const countMax = Math.min(rules.subCountMax, earned);
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
  emitNamed(core, EVENT.subAccountCreated, record, { master, account });
}

/** Gives a sub-account the name that the record's item bears. */
export function renameSubAccount(core: Core, record: CommandRecord, master: number): void {
  const account = subAccountOfWords(core, record.words, master);
  const refuse = (code: number, a = 0): void =>
    rejectCommand(core, record, { account: master, code, a });
  if (account < 0) return refuse(REJECT.vaultUnknown, 1);
  const at = itemByte(0) + ITEM_CLOID_AT;
  if (record.bytes[at] === 0) return refuse(REJECT.subAccountNameEmpty);
  nameSubAccount(core.subAccounts, account, record.bytes, at);
  emitNamed(core, EVENT.subAccountRenamed, record, { master, account });
}

function emitNamed(
  core: Core,
  kind: typeof EVENT.subAccountCreated | typeof EVENT.subAccountRenamed,
  record: CommandRecord,
  { master, account }: { master: number; account: number },
): void {
  const lane = beginEvent(core, kind, master, -1, 0);
  core.events.lanes[lane + ACCOUNT_EVENT.a] = account;
  const byte = lastEventByte(core);
  const at = itemByte(0) + ITEM_CLOID_AT;
  core.events.bytes.set(core.accounts.address.data.subarray(account * 20, account * 20 + 20), byte);
  core.events.bytes.set(record.bytes.subarray(at, at + SUB_ACCOUNT_NAME_BYTES), byte + 20);
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
