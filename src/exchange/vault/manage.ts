/** What a vault's owner decides: who trades for it, its terms, pause, paying out and closing. */
import { readLane } from "../../base/column.ts";
import { CANCEL_REASON, REJECT } from "../../base/reject-code.ts";
import { mulDivTrunc } from "../../base/rounding.ts";
import { ACCOUNT } from "../account/account.ts";
import { featuresOf } from "../account/feature-table.ts";
import { POSITION } from "../account/position.ts";
import { HOLDING, holderOf, holdingLane, holdingsOf, supplyOf } from "../account/share-table.ts";
import { ROLE, signerOfWords } from "../account/signer.ts";
import { setVaultLane, VAULT, VAULT_STATUS, vaultLane } from "../account/vault-table.ts";
import {
  type CommandRecord,
  itemByte,
  itemCount,
  SET_VAULT,
  TRANSFER_AMOUNT,
  VAULT_MODIFY,
  VAULT_SETTING,
} from "../command.ts";
import { beginEvent, type Core, commandTimeMs } from "../core.ts";
import { EVENT, STRATEGY_END, VAULT_EVENT } from "../event.ts";
import { computeMargin, createMarginFigures, withdrawableOf } from "../margin/margin.ts";
import { cancelAll } from "../matching/cancel-all.ts";
import type { TouchedAccounts } from "../matching/match.ts";
import { beginScope, keepScope, takeBackScope } from "../matching/undo-scope.ts";
import { rejectCommand } from "../refusal.ts";
import { assetsForShares } from "../share-ledger/share-price.ts";
import { endStrategy } from "../strategy/strategy.ts";
import { strategiesOf } from "../strategy/strategy-list.ts";
import { profitShareOf, redeem, sweep, vaultAssets, vaultOfSubject } from "./vault.ts";

const BPS = 10_000;
const figures = createMarginFigures();

/** Row of the vault that a command is about where its sender owns it; else says why not and answers -1. */
function ownVault(core: Core, record: CommandRecord, account: number): number {
  const row = vaultOfSubject(core, record.words);
  const isOwn = row >= 0 && vaultLane(core.vaults, row, VAULT.owner) === account;
  if (isOwn) return row;
  const code = row < 0 ? REJECT.vaultUnknown : REJECT.vaultNotOwner;
  rejectCommand(core, record, { account, code });
  return -1;
}

/** Opens or closes a vault to deposits of others, and decides whether withdrawals close positions. */
export function modifyVault(core: Core, record: CommandRecord, account: number): void {
  const row = ownVault(core, record, account);
  if (row < 0) return;
  for (const [lane, at] of [
    [VAULT_MODIFY.allowDeposits, VAULT.allowDeposits],
    [VAULT_MODIFY.alwaysClose, VAULT.alwaysClose],
  ] as const) {
    const value = record.lanes[lane];
    if (value === 0 || value === 1) setVaultLane(core.vaults, row, at, value);
  }
  say(core, row, VAULT_SETTING.modified, vaultLane(core.vaults, row, VAULT.allowDeposits));
}

/** Changes the manager, the share of profit, or whether the vault rests. */
export function setVault(core: Core, record: CommandRecord, account: number): void {
  const row = ownVault(core, record, account);
  if (row < 0) return;
  const value = record.lanes[SET_VAULT.value] as number;
  const refuse = (code: number, a = 0): void => rejectCommand(core, record, { account, code, a });
  switch (record.lanes[SET_VAULT.setting]) {
    case VAULT_SETTING.manager: {
      const manager = itemCount(record) === 1 ? accountNamed(core, record) : -2;
      if (manager === -2) return refuse(REJECT.accountUnknown);
      setVaultLane(core.vaults, row, VAULT.manager, manager);
      return say(core, row, VAULT_SETTING.manager, manager);
    }
    case VAULT_SETTING.profitShare: {
      const cap = Math.min(BPS, featuresOf(core.features).profitShareCapBps);
      if (!(Number.isSafeInteger(value) && value >= 0 && value <= cap))
        return refuse(REJECT.profitShareTooHigh, value > BPS ? BPS : cap);
      return announce(core, row, value);
    }
    case VAULT_SETTING.paused: {
      const status = vaultLane(core.vaults, row, VAULT.status);
      if (status === VAULT_STATUS.closed) return refuse(REJECT.vaultClosed);
      setVaultLane(
        core.vaults,
        row,
        VAULT.status,
        value === 1 ? VAULT_STATUS.paused : VAULT_STATUS.open,
      );
      return say(core, row, VAULT_SETTING.paused, value === 1 ? 1 : 0);
    }
    default:
      return refuse(REJECT.strategyInvalid, 1);
  }
}

/** The account that a record's item names, -1 = nobody, -2 = an address without an account. */
function accountNamed({ signers }: Core, { words, bytes }: CommandRecord): number {
  const at = itemByte(0);
  if (bytes.subarray(at, at + 20).every((byte) => byte === 0)) return -1;
  const signer = signerOfWords(signers, words, at / 4);
  if (signer < 0 || readLane(signers.role, signer) !== ROLE.master) return -2;
  return readLane(signers.account, signer);
}

/** A lower share of profit holds at once; a higher one after the time of notice. */
function announce(core: Core, row: number, bps: number): void {
  const { vaults } = core;
  const now = profitShareOf(core, row);
  setVaultLane(vaults, row, VAULT.profitShareBps, Math.min(now, bps));
  const isHigher = bps > now;
  const fromMs = commandTimeMs(core) + featuresOf(core.features).noticeMs;
  setVaultLane(vaults, row, VAULT.nextProfitShareBps, isHigher ? bps : 0);
  setVaultLane(vaults, row, VAULT.nextFromMs, isHigher ? fromMs : 0);
  say(core, row, VAULT_SETTING.profitShare, bps);
}

function say(core: Core, row: number, setting: number, value: number): void {
  const owner = vaultLane(core.vaults, row, VAULT.owner);
  const lane = beginEvent(core, EVENT.vaultChanged, owner, -1, 0);
  core.events.lanes[lane + VAULT_EVENT.vault] = vaultLane(core.vaults, row, VAULT.account);
  core.events.lanes[lane + VAULT_EVENT.amount] = setting;
  core.events.lanes[lane + VAULT_EVENT.shares] = value;
}

/** Pays an amount out to all depositors by their shares; an amount of 0 pays all out and closes. */
export function distribute(
  core: Core,
  record: CommandRecord,
  account: number,
  touched: TouchedAccounts,
): void {
  const row = ownVault(core, record, account);
  if (row < 0) return;
  const amount = record.lanes[TRANSFER_AMOUNT] as number;
  const refuse = (code: number, a = 0): void => rejectCommand(core, record, { account, code, a });
  if (!(Number.isSafeInteger(amount) && amount >= 0)) return refuse(REJECT.amountInvalid);
  if (vaultLane(core.vaults, row, VAULT.status) === VAULT_STATUS.closed)
    return refuse(REJECT.vaultClosed);
  const own = vaultLane(core.vaults, row, VAULT.account);
  if (amount === 0 && hasPositions(core, own)) return refuse(REJECT.vaultNotFlat);
  if (amount > withdrawableOf(computeMargin(core, own, figures)))
    return refuse(REJECT.vaultUncovered);
  beginScope(core, touched);
  if (amount === 0) endOrders(core, own);
  if (payOut(core, row, amount === 0 ? vaultAssets(core, row) : amount, touched)) keepScope(core);
  else {
    takeBackScope(core, touched);
    return refuse(REJECT.vaultUncovered);
  }
  if (amount !== 0) return;
  sweep(core, row);
  setVaultLane(core.vaults, row, VAULT.status, VAULT_STATUS.closed);
  say(core, row, VAULT_SETTING.closed, 1);
}

function hasPositions(core: Core, account: number): boolean {
  const { i32, f64 } = core.positions.rows;
  let link = core.accounts.rows.i32[account * 16 + ACCOUNT.firstPosition] as number;
  while (link !== 0) {
    if (f64[(link - 1) * 8 + POSITION.size] !== 0) return true;
    link = i32[(link - 1) * 16 + POSITION.next] as number;
  }
  return false;
}

function endOrders(core: Core, account: number): void {
  for (const row of strategiesOf(core, account)) endStrategy(core, row, STRATEGY_END.account, 0);
  cancelAll(core, account, -1, CANCEL_REASON.requested, -1);
}

/** Redeems of every holding the part that an amount is of all assets; the owner's comes last. */
function payOut(core: Core, row: number, amount: number, touched: TouchedAccounts): boolean {
  const { vaults, shares } = core;
  const book = vaultLane(vaults, row, VAULT.book);
  const owner = vaultLane(vaults, row, VAULT.owner);
  const assets = vaultAssets(core, row);
  if (assets === 0) return true;
  const all = holdingsOf(shares, book).map((holding) => ({
    holding,
    account: holderOf(shares, holding),
    count: mulDivTrunc(holdingLane(shares, holding, HOLDING.shares), amount, assets),
  }));
  const ordered = [
    ...all.filter(({ account }) => account !== owner),
    ...all.filter(({ account }) => account === owner),
  ];
  for (const { holding, account, count: part } of ordered) {
    // The owner's shares have grown by what others left for their profit.
    const count = amount === assets ? holdingLane(shares, holding, HOLDING.shares) : part;
    if (count === 0) continue;
    const pool = { supply: supplyOf(shares, book), assets: vaultAssets(core, row) };
    const worth = assetsForShares(pool, count);
    const how = { holding, account, count, pool, amount: worth };
    if (redeem(core, row, how, touched) !== null) return false;
  }
  return true;
}
