/**
 * Owns which accounts are sub-accounts: one row each, with its master and its name. A sub-account is
 * an account like any other, with an address that no key belongs to: its master, or the master's
 * agents, act for it by naming that address.
 */
import {
  addI32,
  addRow,
  addTable,
  addU8,
  type I32Column,
  type Register,
  type Table,
  type U8Column,
} from "../../base/column.ts";
import { createDigest, digestHex, updateDigest, updateDigestNumber } from "../../base/digest.ts";
import { readAscii, writeHex } from "../../base/hex.ts";
import { ACCOUNTS_MAX, type Accounts } from "./account.ts";

/** Longest name of a sub-account [bytes]. */
export const SUB_ACCOUNT_NAME_BYTES = 16;

/** See the file's head. */
export interface SubAccounts {
  readonly table: Table;
  readonly account: I32Column;
  readonly master: I32Column;
  readonly name: U8Column;
}

/** None. */
export function createSubAccounts(register: Register): SubAccounts {
  const table = addTable(register, "subAccount", ACCOUNTS_MAX);
  return {
    table,
    account: addI32(table, "account"),
    master: addI32(table, "master"),
    name: addU8(table, "name", SUB_ACCOUNT_NAME_BYTES),
  };
}

/** Adds a sub-account whose account stands already; the name is at `at` of the bytes. */
export function addSubAccount(
  subs: SubAccounts,
  sub: { account: number; master: number; bytes: Uint8Array; at: number },
): void {
  const row = addRow(subs.table);
  subs.account.data[row] = sub.account;
  subs.master.data[row] = sub.master;
  const name = sub.bytes.subarray(sub.at, sub.at + SUB_ACCOUNT_NAME_BYTES);
  subs.name.data.set(name, row * SUB_ACCOUNT_NAME_BYTES);
}

/** Number of a master's sub-accounts. */
export function subAccountCount({ table, master }: SubAccounts, of: number): number {
  let count = 0;
  for (let row = 0; row < table.count; row++) if (master.data[row] === of) count += 1;
  return count;
}

/** Row of an account among the sub-accounts, or -1; rows come in the order of their accounts. */
function rowOfSubAccount({ table, account }: SubAccounts, of: number): number {
  let from = 0;
  let to = table.count;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((account.data[middle] as number) < of) from = middle + 1;
    else to = middle;
  }
  return from < table.count && account.data[from] === of ? from : -1;
}

/** The account that acts for an account: a sub-account's master, or the account itself. */
export function masterOf(subs: SubAccounts, account: number): number {
  const row = rowOfSubAccount(subs, account);
  return row < 0 ? account : (subs.master.data[row] as number);
}

/** Gives a sub-account the name at `at` of the bytes. */
export function nameSubAccount(
  subs: SubAccounts,
  account: number,
  bytes: Uint8Array,
  at: number,
): void {
  const name = bytes.subarray(at, at + SUB_ACCOUNT_NAME_BYTES);
  subs.name.data.set(name, rowOfSubAccount(subs, account) * SUB_ACCOUNT_NAME_BYTES);
}

/** Sub-accounts of a master, in order of creation; allocates. */
export function subAccountsOf(
  { table, account, master, name }: SubAccounts,
  of: number,
): { account: number; name: string }[] {
  const found: { account: number; name: string }[] = [];
  for (let row = 0; row < table.count; row++) {
    if (master.data[row] !== of) continue;
    found.push({
      account: account.data[row] as number,
      name: readAscii(name.data, row * SUB_ACCOUNT_NAME_BYTES, SUB_ACCOUNT_NAME_BYTES),
    });
  }
  return found;
}

/**
 * Writes the address of a master's sub-account number `index` to the first 20 bytes of `out`: a
 * digest of both. `salt` counts on where the address is taken.
 */
export function writeSubAddress(
  accounts: Accounts,
  sub: { master: number; index: number; salt: number },
  out: Uint8Array,
): void {
  const part = (half: number): string => {
    const digest = createDigest();
    updateDigest(digest, accounts.address.data.subarray(sub.master * 20, sub.master * 20 + 20));
    updateDigestNumber(digest, sub.index);
    updateDigestNumber(digest, sub.salt);
    updateDigestNumber(digest, half);
    return digestHex(digest);
  };
  writeHex(`0x${part(1)}${part(2).slice(0, 8)}`, out, 0, 20);
}
