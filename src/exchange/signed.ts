/**
 * Effects of signed commands. A gate comes first: who signs, for whom, until when, with which nonce,
 * within which budget; a command that it refuses changes nothing but the nonce it has used, and a
 * stale one's requests are counted.
 */

import { readLane } from "../base/column.ts";
import { CANCEL_REASON, REJECT } from "../base/reject-code.ts";
import {
  isLiveSigner,
  nonceProblem,
  ROLE,
  type Signers,
  signerOfWords,
  useNonce,
} from "./account/signer.ts";
import { budgetProblem, countRequests, STALE_REQUEST_COST, spendBudget } from "./budget.ts";
import {
  BATCH_ATOMIC,
  CANCEL_ALL,
  COMMAND,
  COMMAND_ITEMS_MAX,
  type CommandRecord,
  HEADER,
  ITEM,
  ITEM_FLAG,
  isAboutSubject,
  itemCount,
  itemLane,
  PLACE_BUILDER,
  SCHEDULE_TIME,
  SIGNER_AT,
  SUBJECT_AT,
  TOP_UP_MARGIN,
  UPDATE_LEVERAGE,
  UPDATE_MARGIN,
} from "./command.ts";
import { beginEvent, type Core } from "./core.ts";
import { ACCOUNT_EVENT, EVENT } from "./event.ts";
import { changeIsolatedMargin, topUpAmount } from "./margin/isolated.ts";
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
import { cancelTwap, placeTwap } from "./matching/twap.ts";
import { approveAgent } from "./ownership/agent.ts";
import { sendMoney, transferToSubAccount } from "./ownership/money-transfer.ts";
import {
  acceptOffer,
  endOffer,
  moveWithSubAccount,
  offerPosition,
} from "./ownership/position-transfer.ts";
import { setOwnRiskLimits } from "./ownership/risk-setting.ts";
import {
  createSubAccount,
  isSubAccountOfWords,
  renameSubAccount,
  subAccountOfWords,
} from "./ownership/sub-account.ts";
import { changeLiquidity } from "./pool/pool.ts";
import { rejectCommand } from "./refusal.ts";
import { scheduleProblem, setSchedule } from "./schedule.ts";
import { passGateFast } from "./signed-gate.ts";
import { applyReward, placeWithBuilder } from "./signed-reward.ts";
import { applyStrategyCommand } from "./strategy/runner.ts";
import { applyVaultCommand, vaultActor } from "./vault/vault-command.ts";

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
  updateIsolatedMargin: COMMAND_UPDATE_ISOLATED_MARGIN,
  topUpIsolatedMargin: COMMAND_TOP_UP_ISOLATED_MARGIN,
  registerReferrer: COMMAND_REGISTER_REFERRER,
  setReferrer: COMMAND_SET_REFERRER,
  approveBuilderFee: COMMAND_APPROVE_BUILDER_FEE,
  createSubAccount: COMMAND_CREATE_SUB_ACCOUNT,
  subAccountTransfer: COMMAND_SUB_ACCOUNT_TRANSFER,
  usdSend: COMMAND_USD_SEND,
  renameSubAccount: COMMAND_RENAME_SUB_ACCOUNT,
  movePosition: COMMAND_MOVE_POSITION,
  offerPosition: COMMAND_OFFER_POSITION,
  acceptOffer: COMMAND_ACCEPT_OFFER,
  endOffer: COMMAND_END_OFFER,
  cancelAll: COMMAND_CANCEL_ALL,
  changeLiquidity: COMMAND_CHANGE_LIQUIDITY,
  twapOrder: COMMAND_TWAP_ORDER,
  twapCancel: COMMAND_TWAP_CANCEL,
  riskLimits: COMMAND_RISK_LIMITS,
} = COMMAND;

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
      if (record.lanes[PLACE_BUILDER.account] !== 0) {
        placeWithBuilder(core, record, order, account, touched);
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
    case COMMAND_UPDATE_ISOLATED_MARGIN:
    case COMMAND_TOP_UP_ISOLATED_MARGIN:
      changeMargin(core, record, account);
      return;
    case COMMAND_TWAP_ORDER:
      placeTwap(core, record, account);
      return;
    case COMMAND_TWAP_CANCEL:
      cancelTwap(core, record, account);
      return;
    case COMMAND_CANCEL_ALL:
      cancelAllOf(core, record, account);
      return;
    default:
      applyOwnership(core, record, account);
      applyStrategyCommand(core, record, account, touched);
      applyVaultCommand(core, record, account, touched);
      if (record.lanes[HEADER.kind] === COMMAND_CHANGE_LIQUIDITY)
        changeLiquidity(core, record, account, touched);
      applyReward(core, record, account);
  }
}

/** Applies a command about sub-accounts, money sent or positions that change hands; another kind is none of its business. */
function applyOwnership(core: Core, record: CommandRecord, account: number): void {
  switch (record.lanes[HEADER.kind]) {
    case COMMAND_CREATE_SUB_ACCOUNT:
      return createSubAccount(core, record, account);
    case COMMAND_SUB_ACCOUNT_TRANSFER:
      return transferToSubAccount(core, record, account);
    case COMMAND_RENAME_SUB_ACCOUNT:
      return renameSubAccount(core, record, account);
    case COMMAND_USD_SEND:
      return sendMoney(core, record, account);
    case COMMAND_MOVE_POSITION:
      return moveWithSubAccount(core, record, account);
    case COMMAND_OFFER_POSITION:
      return offerPosition(core, record, account);
    case COMMAND_ACCEPT_OFFER:
      return acceptOffer(core, record, account);
    case COMMAND_END_OFFER:
      return endOffer(core, record, account);
    case COMMAND_RISK_LIMITS:
      return setOwnRiskLimits(core, record, account);
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
  if (isMasters(lanes[HEADER.kind] as number) && readLane(signers.role, signer) !== ROLE.master)
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
  if (isAboutSubject(kind as number) || !hasSubject(words)) return own;
  const isOwnOnly =
    kind === COMMAND_CREATE_SUB_ACCOUNT ||
    kind === COMMAND_REGISTER_REFERRER ||
    kind === COMMAND_SET_REFERRER;
  if (isOwnOnly) return -1;
  const sub = subAccountOfWords(core, words, own);
  return sub >= 0 ? sub : vaultActor(core, words, { own, kind: kind as number });
}

/** Kinds that only the master key may sign. */
const isMasters = (kind: number): boolean =>
  kind === COMMAND_APPROVE_AGENT ||
  kind === COMMAND_USD_SEND ||
  kind === COMMAND_RISK_LIMITS ||
  kind === COMMAND_APPROVE_BUILDER_FEE ||
  kind === COMMAND_OFFER_POSITION ||
  kind === COMMAND_ACCEPT_OFFER;

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
  kind === COMMAND_TWAP_ORDER ||
  kind === COMMAND_TWAP_CANCEL ||
  kind === COMMAND_APPROVE_AGENT ||
  kind === COMMAND_CREATE_SUB_ACCOUNT ||
  kind === COMMAND_RENAME_SUB_ACCOUNT ||
  kind === COMMAND_REGISTER_REFERRER ||
  kind === COMMAND_SET_REFERRER ||
  kind === COMMAND_OFFER_POSITION;

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

function changeMargin(core: Core, record: CommandRecord, account: number): void {
  const kind = record.lanes[HEADER.kind];
  if (kind === COMMAND_UPDATE_LEVERAGE) updateLeverage(core, record, account);
  else if (kind === COMMAND_UPDATE_ISOLATED_MARGIN) updateMargin(core, record, account);
  else topUpMargin(core, record, account);
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
  core.events.lanes[lane + ACCOUNT_EVENT.b] = isCross ? 1 : 0;
}

function updateMargin(core: Core, record: CommandRecord, account: number): void {
  const market = (record.lanes[UPDATE_MARGIN.market] as number) + 0;
  const amount = (record.lanes[UPDATE_MARGIN.amount] as number) + 0;
  moveIsolated(core, record, account, { market, amount });
}

function topUpMargin(core: Core, record: CommandRecord, account: number): void {
  const market = (record.lanes[TOP_UP_MARGIN.market] as number) + 0;
  const leverage = record.lanes[TOP_UP_MARGIN.leverage] as number;
  const amount = topUpAmount(core, account, { market, leverage });
  if (typeof amount === "number") moveIsolated(core, record, account, { market, amount });
  else rejectCommand(core, record, { account, code: amount.code });
}

function moveIsolated(
  core: Core,
  record: CommandRecord,
  account: number,
  change: { readonly market: number; readonly amount: number },
): void {
  const code = changeIsolatedMargin(core, account, change);
  if (code !== null) {
    rejectCommand(core, record, { account, code });
    return;
  }
  const lane = beginEvent(core, EVENT.isolatedMarginUpdated, account, change.market, 0);
  core.events.lanes[lane + ACCOUNT_EVENT.amount] = change.amount;
}
