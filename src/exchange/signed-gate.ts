/**
 * The gate as most commands pass it: a known signer with a rising nonce, for its own account, within
 * its budget. It does what `passGate` in `signed.ts` does for them; where any of that is not so it
 * answers -1 before anything is changed, and the command takes the general gate, which says why.
 */
import { ACCOUNT } from "./account/account.ts";
import {
  isRisingNonce,
  SIGNER,
  SIGNER_ROLE,
  signerOfWords,
  useRisingNonce,
} from "./account/signer.ts";
import { requestsCap } from "./budget.ts";
import {
  COMMAND,
  COMMAND_ITEMS_MAX,
  type CommandRecord,
  HEADER,
  SIGNER_AT,
  SUBJECT_AT,
} from "./command.ts";
import type { Core } from "./core.ts";
import { NUMBER } from "./numbers.ts";

const SUBJECT_WORD = SUBJECT_AT / 4;

/** The account that a command acts for, its nonce and budget spent; -1 = ask the general gate. */
export function passGateFast(core: Core, record: CommandRecord): number {
  const { lanes, words } = record;
  const { signers } = core;
  const kind = lanes[HEADER.kind] as number;
  const count = lanes[HEADER.itemCount] as number;
  if (kind < COMMAND.placeOrders || kind > COMMAND.modifyOrders) return -1;
  if (!(count >= 1 && count <= COMMAND_ITEMS_MAX)) return -1;
  const subject =
    (words[SUBJECT_WORD] as number) |
    (words[SUBJECT_WORD + 1] as number) |
    (words[SUBJECT_WORD + 2] as number) |
    (words[SUBJECT_WORD + 3] as number) |
    (words[SUBJECT_WORD + 4] as number);
  if (subject !== 0 || lanes[HEADER.expiresAfterMs] !== 0) return -1;
  const signer = signerOfWords(signers, words, SIGNER_AT / 4);
  if (signer < 0) return -1;
  const { f64, i32 } = signers.rows;
  const role = i32[signer * 16 + SIGNER.role];
  if (role !== SIGNER_ROLE.master) {
    const validUntilMs = f64[signer * 8 + SIGNER.validUntilMs] as number;
    if (role !== SIGNER_ROLE.agent || !((lanes[HEADER.timeMs] as number) < validUntilMs)) return -1;
  }
  if (!isRisingNonce(signers, signer, lanes)) return -1;
  const account = i32[signer * 16 + SIGNER.account] as number;
  const accounts = core.accounts.rows.f64;
  const at = account * 8;
  const used = accounts[at + ACCOUNT.requestsUsed] as number;
  // The cap of a cancel is larger than this one: who is within this one is within that one too.
  if (core.numbers.data[NUMBER.limitsOn] === 1) {
    if (!(used < requestsCap(accounts[at + ACCOUNT.volume] as number))) return -1;
  }
  useRisingNonce(signers, signer, lanes);
  accounts[at + ACCOUNT.requestsUsed] = used + count;
  return account;
}
