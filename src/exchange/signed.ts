/**
 * Effects of signed commands. A gate comes first: who signs, for whom, until when, with which nonce,
 * within which budget; a command that it refuses changes nothing but the nonce it has used, and a
 * stale one's requests are counted.
 */

import { isFull, readLane } from "../base/column.ts";
import { isZero, readAscii } from "../base/hex.ts";
import { CANCEL_REASON, REJECT } from "../base/reject-code.ts";
import {
  addressByte,
  addSigner,
  agentName,
  findAgent,
  isLiveSigner,
  NAMED_AGENTS_MAX,
  namedAgentTotal,
  nonceProblem,
  ROLE,
  removeAgent,
  type Signers,
  setAgent,
  signerOfWords,
  useNonce,
} from "./account/signer.ts";
import { budgetProblem, countRequests, STALE_REQUEST_COST, spendBudget } from "./budget.ts";
import {
  AGENT_NAME_BYTES,
  AGENT_VALID_UNTIL,
  BATCH_ATOMIC,
  CANCEL_ALL,
  COMMAND,
  COMMAND_ITEMS_MAX,
  type CommandRecord,
  HEADER,
  ITEM,
  ITEM_CLOID_AT,
  ITEM_FLAG,
  itemByte,
  itemCount,
  itemLane,
  SCHEDULE_TIME,
  SIGNER_AT,
  SUBJECT_AT,
  UPDATE_LEVERAGE,
} from "./command.ts";
import { beginEvent, type Core, commandTimeMs, lastEventByte } from "./core.ts";
import { ACCOUNT_EVENT, EVENT } from "./event.ts";
import { chooseLeverage } from "./margin/leverage.ts";
import { isMarket } from "./market/market.ts";
import { placeAtomic } from "./matching/atomic-batch.ts";
import { cancelItem, modifyItem } from "./matching/cancel.ts";
import { cancelAll } from "./matching/cancel-all.ts";
import { cancelFast } from "./matching/fast-cancel.ts";
import { placeFast } from "./matching/fast-place.ts";
import type { TouchedAccounts } from "./matching/match.ts";
import { createIncomingOrder } from "./matching/order-event.ts";
import { placeOrder, readIncoming } from "./matching/place.ts";
import { rejectCommand } from "./refusal.ts";
import { scheduleProblem, setSchedule } from "./schedule.ts";
import { passGateFast } from "./signed-gate.ts";
import {
  createSubAccount,
  isSubAccountOfWords,
  subAccountOfWords,
  transferToSubAccount,
} from "./sub-account.ts";

// Constants of other modules as this one's own: the engine folds these and loads those.
const {
  placeOrders: COMMAND_PLACE_ORDERS,
  cancelOrders: COMMAND_CANCEL_ORDERS,
  cancelByCloid: COMMAND_CANCEL_BY_CLOID,
  modifyOrder: COMMAND_MODIFY_ORDER,
  modifyOrders: COMMAND_MODIFY_ORDERS,
  scheduleCancel: COMMAND_SCHEDULE_CANCEL,
  approveAgent: COMMAND_APPROVE_AGENT,
  updateLeverage: COMMAND_UPDATE_LEVERAGE,
  createSubAccount: COMMAND_CREATE_SUB_ACCOUNT,
  subAccountTransfer: COMMAND_SUB_ACCOUNT_TRANSFER,
  cancelAll: COMMAND_CANCEL_ALL,
} = COMMAND;

/** Validity of an agent that names none: 90 days [ms]. */
const AGENT_VALIDITY_MS = 90 * 86_400_000;
const order = createIncomingOrder();

/** Applies a signed command; `touched` collects accounts that a match changed. */
export function applySigned(core: Core, record: CommandRecord, touched: TouchedAccounts): void {
  let account = passGateFast(core, record);
  if (account < 0) account = passGate(core, record);
  if (account < 0) return;
  const count = itemCount(record);
  switch (record.lanes[HEADER.kind]) {
    case COMMAND_PLACE_ORDERS:
      if (record.lanes[BATCH_ATOMIC] === 1) {
        placeAtomic(core, record, order, account, touched);
        return;
      }
      for (let i = 0; i < count; i++) {
        if (placeFast(core, record, i, account)) continue;
        readIncoming(record, i, account, order);
        const flags = record.lanes[itemLane(i) + ITEM.flags] as number;
        placeOrder(core, order, (flags & ITEM_FLAG.unsupported) !== 0, touched);
      }
      return;
    case COMMAND_CANCEL_ORDERS:
    case COMMAND_CANCEL_BY_CLOID:
      for (let i = 0; i < count; i++) {
        if (!cancelFast(core, record, i, account, CANCEL_REASON.requested))
          cancelItem(core, record, i, account);
      }
      return;
    case COMMAND_MODIFY_ORDER:
    case COMMAND_MODIFY_ORDERS:
      for (let i = 0; i < count; i++) {
        order.account = account;
        modifyItem(core, record, i, order, touched);
      }
      return;
    case COMMAND_SCHEDULE_CANCEL:
      scheduleCancel(core, record, account);
      return;
    case COMMAND_APPROVE_AGENT:
      approveAgent(core, record, account);
      return;
    case COMMAND_UPDATE_LEVERAGE:
      updateLeverage(core, record, account);
      return;
    case COMMAND_CREATE_SUB_ACCOUNT:
      createSubAccount(core, record, account);
      return;
    case COMMAND_SUB_ACCOUNT_TRANSFER:
      transferToSubAccount(core, record, account);
      return;
    case COMMAND_CANCEL_ALL:
      cancelAllOf(core, record, account);
  }
}

/** Checks signer, subject, expiry, nonce, budget and batch; returns the account acted for, or -1. */
function passGate(core: Core, record: CommandRecord): number {
  const { lanes } = record;
  const { signers } = core;
  // The lane and not a call: a large number that a call answers may be allocated.
  const nowMs = lanes[HEADER.timeMs] as number;
  const isAgentCommand = lanes[HEADER.kind] === COMMAND_APPROVE_AGENT;
  const signer = signerOfWords(signers, record.words, SIGNER_AT / 4);
  if (signer < 0 || !mayAct(signers, signer, lanes))
    return refuse(core, record, signer, REJECT.signerUnknown);
  const account = actorOf(core, record, signer);
  if (account < 0)
    return refuse(
      core,
      record,
      signer,
      REJECT.vaultUnknown,
      isSubAccountOfWords(core, record.words) ? 1 : 0,
    );
  if (isAgentCommand && readLane(signers.role, signer) !== ROLE.master)
    return refuse(core, record, signer, REJECT.masterKeyRequired);
  const count = itemCount(record);
  const requests = Math.max(1, isAgentCommand ? 1 : count);
  const nonce = lanes[HEADER.nonce] as number;
  const problem = nonceProblem(signers, signer, lanes);
  if (problem === null) useNonce(signers, signer, lanes);
  const expiresAfterMs = lanes[HEADER.expiresAfterMs] as number;
  if (expiresAfterMs !== 0 && nowMs > expiresAfterMs) {
    // Counted once only: the same stale action sent again has a used nonce.
    if (problem === null) countRequests(core, account, STALE_REQUEST_COST * requests);
    return refuse(core, record, signer, REJECT.actionExpired);
  }
  if (problem !== null) return refuse(core, record, signer, problem.code, nonce, problem.bound);
  const overBudget = budgetProblem(core, account, record);
  if (overBudget !== null)
    return refuse(
      core,
      record,
      signer,
      REJECT.budgetExhausted,
      overBudget.used,
      overBudget.cap,
      overBudget.volume,
    );
  if (count === 0 && hasItems(lanes[HEADER.kind] as number))
    return refuse(core, record, signer, REJECT.batchEmpty);
  if (count > COMMAND_ITEMS_MAX)
    return refuse(core, record, signer, REJECT.batchTooLarge, COMMAND_ITEMS_MAX);
  spendBudget(core, account, record, requests);
  return account;
}

/** The account that a command acts for: its signer's, or the sub-account of it that is named; -1 = another. */
function actorOf(core: Core, { lanes, words }: CommandRecord, signer: number): number {
  const kind = lanes[HEADER.kind];
  const own = readLane(core.signers.account, signer);
  if (kind === COMMAND_APPROVE_AGENT || kind === COMMAND_SUB_ACCOUNT_TRANSFER) return own;
  if (!hasSubject(words)) return own;
  return kind === COMMAND_CREATE_SUB_ACCOUNT ? -1 : subAccountOfWords(core, words, own);
}

/** Whether a signer is a master, or an agent that is valid at the command's time. */
function mayAct(signers: Signers, signer: number, lanes: Float64Array): boolean {
  if (readLane(signers.role, signer) === ROLE.master) return true;
  return isLiveSigner(signers, signer, lanes[HEADER.timeMs] as number);
}

/** Whether the command names a vault or sub-account. */
function hasSubject(words: Int32Array): boolean {
  const at = SUBJECT_AT / 4;
  return (
    ((words[at] as number) |
      (words[at + 1] as number) |
      (words[at + 2] as number) |
      (words[at + 3] as number) |
      (words[at + 4] as number)) !==
    0
  );
}

/** Says why a command does not pass the gate; answers -1. */
function refuse(
  core: Core,
  record: CommandRecord,
  signer: number,
  code: number,
  a = 0,
  b = 0,
  c = 0,
): -1 {
  const account = signer < 0 ? -1 : readLane(core.signers.account, signer);
  rejectCommand(core, record, { account, code, a, b, c });
  return -1;
}

/** Kinds that mean nothing without an item; an agent's name is one. */
const hasItems = (kind: number): boolean =>
  kind === COMMAND_PLACE_ORDERS ||
  kind === COMMAND_CANCEL_ORDERS ||
  kind === COMMAND_CANCEL_BY_CLOID ||
  kind === COMMAND_MODIFY_ORDER ||
  kind === COMMAND_MODIFY_ORDERS ||
  kind === COMMAND_APPROVE_AGENT ||
  kind === COMMAND_CREATE_SUB_ACCOUNT;

function scheduleCancel(core: Core, record: CommandRecord, account: number): void {
  const timeMs = record.lanes[SCHEDULE_TIME] as number;
  const problem = scheduleProblem(core, account, timeMs);
  if (problem !== null) {
    rejectCommand(core, record, { account, ...problem });
    return;
  }
  setSchedule(core, account, timeMs);
  const lane = beginEvent(core, EVENT.cancelScheduled, account, -1, 0);
  core.events.lanes[lane + ACCOUNT_EVENT.amount] = timeMs;
}

function cancelAllOf(core: Core, record: CommandRecord, account: number): void {
  const isOne = record.lanes[CANCEL_ALL.isOne] === 1;
  const market = isOne ? (record.lanes[CANCEL_ALL.market] as number) : -1;
  if (isOne && !isMarket(core.markets, market)) {
    rejectCommand(core, record, { account, code: REJECT.marketUnknown });
    return;
  }
  cancelAll(core, account, market, CANCEL_REASON.requested, 0);
}

function updateLeverage(core: Core, record: CommandRecord, account: number): void {
  const { lanes } = record;
  const market = lanes[UPDATE_LEVERAGE.market] as number;
  const leverage = lanes[UPDATE_LEVERAGE.leverage] as number;
  const isCross = lanes[UPDATE_LEVERAGE.isCross] === 1;
  const code = chooseLeverage(core, account, { market, leverage, isCross });
  if (code !== null) {
    rejectCommand(core, record, { account, code });
    return;
  }
  const lane = beginEvent(core, EVENT.leverageUpdated, account, market, 0);
  core.events.lanes[lane + ACCOUNT_EVENT.a] = leverage;
  core.events.lanes[lane + ACCOUNT_EVENT.b] = 1;
}

/**
 * Appoints an agent. The same name (or none) replaces the agent that has it; the zero address under
 * a name removes it. An address that is a user, or an agent of somebody else, is refused.
 */
function approveAgent(core: Core, record: CommandRecord, account: number): void {
  const { signers } = core;
  const { bytes } = record;
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
  if (isNewName && namedAgentTotal(signers, account, nowMs) >= NAMED_AGENTS_MAX) {
    return refuse(REJECT.tooManyAgents, NAMED_AGENTS_MAX);
  }
  if (row < 0 && isFull(signers.table)) return refuse(REJECT.capacityExhausted);
  if (holder >= 0 && holder !== row) dropAgent(core, holder);
  if (row >= 0 && readLane(signers.role, row) === ROLE.agent && agentName(signers, row) !== name)
    dropAgent(core, row);
  if (row < 0) row = addSigner(signers, { bytes, at: SUBJECT_AT, account, role: ROLE.agent });
  const validUntilMs = asked === 0 ? nowMs + AGENT_VALIDITY_MS : asked;
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
