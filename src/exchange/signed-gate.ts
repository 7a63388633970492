/**
 * The gate as most commands pass it: a known signer with a rising nonce, for its own account, within
 * its budget. It does what `passGate` in `signed.ts` does for them; where any of that is not so it
 * answers -1 before anything is changed, and the command takes the general gate, which says why.
 */
import { ACCOUNT } from "./account/account.ts";
import { isRisingNonce, ROLE, SIGNER, signerOfWords, useRisingNonce } from "./account/signer.ts";
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

// Constants of other modules as this one's own: the engine folds these and loads those.
const { requestsUsed: ACCOUNT_REQUESTS_USED, volume: ACCOUNT_VOLUME } = ACCOUNT;
const { placeOrders: COMMAND_PLACE_ORDERS, modifyOrders: COMMAND_MODIFY_ORDERS } = COMMAND;
const OWN_COMMAND_ITEMS_MAX = COMMAND_ITEMS_MAX;
const {
  kind: HEADER_KIND,
  itemCount: HEADER_ITEM_COUNT,
  expiresAfterMs: HEADER_EXPIRES_AFTER_MS,
  timeMs: HEADER_TIME_MS,
} = HEADER;
const { limitsOn: NUMBER_LIMITS_ON } = NUMBER;
const { master: ROLE_MASTER, agent: ROLE_AGENT } = ROLE;
const { role: SIGNER_ROLE, validUntilMs: SIGNER_VALID_UNTIL_MS, account: SIGNER_ACCOUNT } = SIGNER;
const OWN_SIGNER_AT = SIGNER_AT;
const OWN_SUBJECT_AT = SUBJECT_AT;

const SUBJECT_WORD = OWN_SUBJECT_AT / 4;

/** The account that a command acts for, its nonce and budget spent; -1 = ask the general gate. */
export function passGateFast(core: Core, record: CommandRecord): number {
  const { lanes, words } = record;
  const { signers } = core;
  const kind = lanes[HEADER_KIND] as number;
  const count = lanes[HEADER_ITEM_COUNT] as number;
  if (kind < COMMAND_PLACE_ORDERS || kind > COMMAND_MODIFY_ORDERS) return -1;
  if (!(count >= 1 && count <= OWN_COMMAND_ITEMS_MAX)) return -1;
  const subject =
    (words[SUBJECT_WORD] as number) |
    (words[SUBJECT_WORD + 1] as number) |
    (words[SUBJECT_WORD + 2] as number) |
    (words[SUBJECT_WORD + 3] as number) |
    (words[SUBJECT_WORD + 4] as number);
  if (subject !== 0 || lanes[HEADER_EXPIRES_AFTER_MS] !== 0) return -1;
  const signer = signerOfWords(signers, words, OWN_SIGNER_AT / 4);
  if (signer < 0) return -1;
  const { f64, i32 } = signers.rows;
  const role = i32[signer * 16 + SIGNER_ROLE];
  if (role !== ROLE_MASTER) {
    const validUntilMs = f64[signer * 8 + SIGNER_VALID_UNTIL_MS] as number;
    if (role !== ROLE_AGENT || !((lanes[HEADER_TIME_MS] as number) < validUntilMs)) return -1;
  }
  if (!isRisingNonce(signers, signer, lanes)) return -1;
  const account = i32[signer * 16 + SIGNER_ACCOUNT] as number;
  const accounts = core.accounts.rows.f64;
  const at = account * 8;
  const used = accounts[at + ACCOUNT_REQUESTS_USED] as number;
  // The cap of a cancel is larger than this one: who is within this one is within that one too.
  if (core.numbers.data[NUMBER_LIMITS_ON] === 1) {
    if (!(used < requestsCap(accounts[at + ACCOUNT_VOLUME] as number))) return -1;
  }
  useRisingNonce(signers, signer, lanes);
  accounts[at + ACCOUNT_REQUESTS_USED] = used + count;
  return account;
}
