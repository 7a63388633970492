/** Agents: keys that sign for an account until a time, one without a name and some with. */
import { isFull, readLane } from "../../base/column.ts";
import { isZero, readAscii } from "../../base/hex.ts";
import { REJECT } from "../../base/reject-code.ts";
import { readAccountRules } from "../account/account-rules.ts";
import {
  addressByte,
  addSigner,
  agentName,
  findAgent,
  isLiveSigner,
  namedAgentTotal,
  ROLE,
  removeAgent,
  setAgent,
  signerOfWords,
} from "../account/signer.ts";
import { subAccountCount } from "../account/sub-account.ts";
import {
  AGENT_NAME_BYTES,
  AGENT_VALID_UNTIL,
  type CommandRecord,
  ITEM_CLOID_AT,
  itemByte,
  SUBJECT_AT,
} from "../command.ts";
import { beginEvent, type Core, commandTimeMs, lastEventByte } from "../core.ts";
import { ACCOUNT_EVENT, EVENT } from "../event.ts";
import { rejectCommand } from "../refusal.ts";

/**
 * Appoints an agent. The same name (or none) replaces the agent that has it; the zero address under
 * a name removes it. An address that is a user, or an agent of somebody else, is refused.
 */
export function approveAgent(core: Core, record: CommandRecord, account: number): void {
  const { signers } = core;
  const { bytes } = record;
  const rules = readAccountRules(core.accountRules);
  const nowMs = commandTimeMs(core);
  const name = readAscii(bytes, itemByte(0) + ITEM_CLOID_AT, AGENT_NAME_BYTES);
  const asked = record.lanes[AGENT_VALID_UNTIL] as number;
  const refuse = (code: number, a = 0): void => rejectCommand(core, record, { account, code, a });
  const holder = findAgent(signers, account, name);
  if (isZero(bytes, SUBJECT_AT, 20)) {
    if (holder >= 0) dropAgent(core, holder);
    return;
  }
  if (asked !== 0 && !(asked > nowMs)) return refuse(REJECT.agentExpired);
  let row = signerOfWords(signers, record.words, SUBJECT_AT / 4);
  const isTaken =
    row >= 0 &&
    (readLane(signers.role, row) === ROLE.master || readLane(signers.account, row) !== account);
  if (isTaken) return refuse(REJECT.agentAddressTaken);
  const isNewName = name !== "" && (holder < 0 || !isLiveSigner(signers, holder, nowMs));
  const countMax =
    rules.agentCountBase + rules.agentCountPerSub * subAccountCount(core.subAccounts, account);
  if (isNewName && namedAgentTotal(signers, account, nowMs) >= countMax)
    return refuse(REJECT.tooManyAgents, countMax);
  if (asked - nowMs > rules.agentValidityMsMax)
    return refuse(REJECT.agentValidityTooLong, rules.agentValidityMsMax);
  if (row < 0 && isFull(signers.table)) return refuse(REJECT.capacityExhausted);
  if (holder >= 0 && holder !== row) dropAgent(core, holder);
  if (row >= 0 && readLane(signers.role, row) === ROLE.agent && agentName(signers, row) !== name)
    dropAgent(core, row);
  if (row < 0) row = addSigner(signers, { bytes, at: SUBJECT_AT, account, role: ROLE.agent });
  const validUntilMs = asked === 0 ? nowMs + rules.agentValidityMs : asked;
  setAgent(signers, row, { account, name, validUntilMs });
  emitAgent(core, EVENT.agentApproved, row, validUntilMs);
}

function dropAgent(core: Core, row: number): void {
  emitAgent(core, EVENT.agentRemoved, row, 0);
  removeAgent(core.signers, row);
}

function emitAgent(
  core: Core,
  kind: typeof EVENT.agentApproved | typeof EVENT.agentRemoved,
  row: number,
  validUntilMs: number,
): void {
  const { signers } = core;
  const account = readLane(signers.account, row);
  const lane = beginEvent(core, kind, account, -1, 0);
  core.events.lanes[lane + ACCOUNT_EVENT.a] = validUntilMs;
  const byte = lastEventByte(core);
  const at = addressByte(row);
  core.events.bytes.set(signers.rows.data.subarray(at, at + 20), byte);
  core.events.bytes.set(signers.name.data.subarray(row * 16, row * 16 + 16), byte + 20);
}
