/**
 * Vaults: an account of its own that an owner leads, a manager may trade for and depositors hold shares
 * of. What the account is worth at mark is what the shares are worth (`share-ledger/share-price.ts`); a
 * loss beyond it ends in that account's own liquidation and touches no other.
 *
 * A share of profit is taken from each depositor by his own cost basis, when he withdraws: what he gets
 * above what he paid. So profit is shared once, a loss made good again shares nothing, and who comes
 * late neither pays for gains before him nor rides free on losses. It stays in the vault as shares of the
 * owner.
 */
import { readLane } from "../../base/column.ts";
import type { Features } from "../../base/features.ts";
import { REJECT } from "../../base/reject-code.ts";
import { mulDivTrunc } from "../../base/rounding.ts";
import { addAccount, addCash, FEE_ACCOUNT } from "../account/account.ts";
import { markChanged } from "../account/changed-accounts.ts";
import { featuresOf } from "../account/feature-table.ts";
import {
  addShares,
  findHolding,
  HOLDING,
  hasHoldingRoom,
  hasShareRoom,
  holdersOf,
  holdingLane,
  openShareBook,
  supplyOf,
  takeShares,
  voidShares,
} from "../account/share-table.ts";
import { addSigner, ROLE, SIGNER, signerOfWords } from "../account/signer.ts";
import { writeSubAddress } from "../account/sub-account.ts";
import {
  addVault,
  hasVaultRoom,
  setVaultLane,
  VAULT,
  VAULT_DESCRIPTION_BYTES,
  VAULT_NAME_BYTES,
  VAULT_STATUS,
  vaultLane,
} from "../account/vault-table.ts";
import { addOwnerRow } from "../book/order-table.ts";
import {
  type CommandRecord,
  CREATE_VAULT,
  itemByte,
  itemCount,
  SUBJECT_AT,
  VAULT_TEXT_ITEMS,
  VAULT_TRANSFER,
} from "../command.ts";
import { beginEvent, type Core, commandTimeMs, lastEventByte } from "../core.ts";
import { ACCOUNT_EVENT, EVENT, TRANSFER_CAUSE, type TransferCause, VAULT_EVENT } from "../event.ts";
import { wholeEquity } from "../margin/isolated.ts";
import { computeMargin, createMarginFigures, withdrawableOf } from "../margin/margin.ts";
import type { TouchedAccounts } from "../matching/match.ts";
import { beginScope, keepScope, takeBackScope } from "../matching/undo-scope.ts";
import { rejectCommand } from "../refusal.ts";
import { closeShare, freeMargin } from "../share-ledger/release.ts";
import {
  assetsForShares,
  sharesForDeposit,
  sharesForWithdrawal,
} from "../share-ledger/share-price.ts";

/** Least that a vault is opened with: 100 USDC [10^-6 USDC]. */
const INITIAL_MIN = 100_000_000;
/** Most holders of one vault. */
const HOLDERS_MAX = 10_000;
const BPS = 10_000;
/** The owner keeps at least one share in so many: 5 %. */
const OWNER_SHARE = 20;

const figures = createMarginFigures();
const address = new Uint8Array(20);
const words = new Int32Array(address.buffer);

const isAmount = (amount: number): boolean => Number.isSafeInteger(amount) && amount > 0;

/** What a vault's account is worth at mark, not below 0 [10^-6 USDC]. */
export const vaultAssets = (core: Core, row: number): number =>
  Math.max(0, wholeEquity(core, vaultLane(core.vaults, row, VAULT.account)));

/** The share of profit in force [10^-4]. */
export function profitShareOf(core: Core, row: number): number {
  const { vaults } = core;
  const fromMs = vaultLane(vaults, row, VAULT.nextFromMs);
  const isDue = fromMs !== 0 && commandTimeMs(core) >= fromMs;
  return vaultLane(vaults, row, isDue ? VAULT.nextProfitShareBps : VAULT.profitShareBps);
}

/** Row of the vault that a command's subject names, or -1. */
export function vaultOfSubject({ signers }: Core, subject: Int32Array): number {
  const row = signerOfWords(signers, subject, SUBJECT_AT / 4);
  if (row < 0 || readLane(signers.role, row) !== ROLE.vault) return -1;
  return signers.rows.i32[row * 16 + SIGNER.master] as number;
}

/** Opens a vault that the sender leads, with his first deposit. */
export function createVault(core: Core, record: CommandRecord, owner: number): void {
  const refuse = (code: number, a = 0): void =>
    rejectCommand(core, record, { account: owner, code, a });
  const features = featuresOf(core.features);
  const amount = record.lanes[CREATE_VAULT.amount] as number;
  const bps = record.lanes[CREATE_VAULT.profitShareBps] as number;
  if (features.vaults !== 1) return refuse(REJECT.vaultsOff);
  if (!isAmount(amount)) return refuse(REJECT.amountInvalid);
  if (itemCount(record) !== VAULT_TEXT_ITEMS) return refuse(REJECT.batchEmpty);
  if (amount < INITIAL_MIN) return refuse(REJECT.vaultInitialTooSmall, INITIAL_MIN);
  if (!Number.isSafeInteger(bps) || bps < 0 || bps > BPS)
    return refuse(REJECT.profitShareTooHigh, BPS);
  if (bps > features.profitShareCapBps)
    return refuse(REJECT.profitShareTooHigh, features.profitShareCapBps);
  if (amount + features.creationFee > withdrawableOf(computeMargin(core, owner, figures)))
    return refuse(REJECT.balanceInsufficient);
  if (!hasVaultRoom(core.vaults) || !hasShareRoom(core.shares))
    return refuse(REJECT.capacityExhausted);
  const row = openVault(core, record, { owner, bps });
  payFee(core, owner, features);
  depositInto(core, row, owner, amount);
}

function openVault(
  core: Core,
  record: CommandRecord,
  { owner, bps }: { owner: number; bps: number },
): number {
  const { accounts, signers, vaults } = core;
  const row = addVault(vaults);
  let salt = 0;
  do {
    // A number that no sub-account of the owner has.
    writeSubAddress(accounts, { master: owner, index: -1 - row, salt }, address);
    salt += 1;
  } while (signerOfWords(signers, words, 0) >= 0);
  const account = addAccount(accounts, address, 0);
  addOwnerRow(core.orders);
  const signer = addSigner(signers, { bytes: address, at: 0, account, role: ROLE.vault });
  signers.rows.i32[signer * 16 + SIGNER.master] = row;
  const set = (lane: number, value: number): void => setVaultLane(vaults, row, lane, value);
  set(VAULT.account, account);
  set(VAULT.owner, owner);
  set(VAULT.manager, -1);
  set(VAULT.book, openShareBook(core.shares));
  set(VAULT.status, VAULT_STATUS.open);
  set(VAULT.profitShareBps, bps);
  set(VAULT.createdMs, commandTimeMs(core));
  set(VAULT.allowDeposits, 1);
  const at = itemByte(0);
  const name = record.bytes.subarray(at, at + VAULT_NAME_BYTES);
  const text = record.bytes.subarray(
    at + VAULT_NAME_BYTES,
    at + VAULT_NAME_BYTES + VAULT_DESCRIPTION_BYTES,
  );
  vaults.name.data.set(name, row * VAULT_NAME_BYTES);
  vaults.description.data.set(text, row * VAULT_DESCRIPTION_BYTES);
  beginEvent(core, EVENT.accountOpened, account, -1, 0);
  core.events.bytes.set(address, lastEventByte(core));
  const lane = beginEvent(core, EVENT.vaultCreated, owner, -1, 0);
  core.events.lanes[lane + VAULT_EVENT.vault] = account;
  core.events.lanes[lane + VAULT_EVENT.commission] = bps;
  core.events.bytes.set(address, lastEventByte(core));
  return row;
}

function payFee(core: Core, owner: number, { creationFee }: Features): void {
  if (creationFee === 0) return;
  addCash(core.accounts, owner, -creationFee);
  addCash(core.accounts, FEE_ACCOUNT, creationFee);
}

/** Deposits into a vault or withdraws from it, as the record says. */
export function transferToVault(
  core: Core,
  record: CommandRecord,
  account: number,
  touched: TouchedAccounts,
): void {
  const refuse = (code: number, a = 0): void => rejectCommand(core, record, { account, code, a });
  const row = vaultOfSubject(core, record.words);
  const amount = record.lanes[VAULT_TRANSFER.amount] as number;
  if (row < 0) return refuse(REJECT.vaultUnknown);
  if (!isAmount(amount)) return refuse(REJECT.amountInvalid);
  if (record.lanes[VAULT_TRANSFER.isDeposit] === 1) {
    const problem = depositProblem(core, row, account, {
      amount,
      sharesMin: record.lanes[VAULT_TRANSFER.sharesMin] as number,
    });
    if (problem === null) depositInto(core, row, account, amount);
    else refuse(problem.code, problem.a);
    return;
  }
  beginScope(core, touched);
  const problem = withdraw(core, row, account, amount, touched);
  if (problem === null) {
    keepScope(core);
    return;
  }
  takeBackScope(core, touched);
  refuse(problem.code, problem.a);
}

interface Refusal {
  code: number;
  a?: number;
}

function depositProblem(
  core: Core,
  row: number,
  account: number,
  { amount, sharesMin }: { amount: number; sharesMin: number },
): Refusal | null {
  const { vaults, shares } = core;
  const owner = vaultLane(vaults, row, VAULT.owner);
  const isOwner = account === owner;
  const isOpen = vaultLane(vaults, row, VAULT.status) === VAULT_STATUS.open;
  const takesOthers = isOwner || vaultLane(vaults, row, VAULT.allowDeposits) === 1;
  if (!isOpen || !takesOthers) return { code: REJECT.vaultDepositsClosed };
  if (amount > withdrawableOf(computeMargin(core, account, figures)))
    return { code: REJECT.balanceInsufficient };
  const book = vaultLane(vaults, row, VAULT.book);
  const isNew = findHolding(shares, book, account) < 0;
  if (isNew && (!hasHoldingRoom(shares) || holdersOf(shares, book) >= HOLDERS_MAX))
    return { code: REJECT.capacityExhausted, a: HOLDERS_MAX };
  const assets = vaultAssets(core, row);
  const supply = assets === 0 ? 0 : supplyOf(shares, book);
  const count = sharesForDeposit({ supply, assets }, amount);
  if (count === 0 || count < sharesMin) return { code: REJECT.sharesTooFew, a: count };
  if (isOwner) return null;
  const own = sharesHeld(core, book, owner);
  return own * OWNER_SHARE >= supply + count ? null : { code: REJECT.vaultOwnerShare };
}

function sharesHeld({ shares }: Core, book: number, account: number): number {
  const row = findHolding(shares, book, account);
  return row < 0 ? 0 : holdingLane(shares, row, HOLDING.shares);
}

/** Books a deposit; whoever holds shares of a vault that lost all holds nothing from here on. */
function depositInto(core: Core, row: number, account: number, amount: number): void {
  const { vaults, shares } = core;
  const book = vaultLane(vaults, row, VAULT.book);
  const assets = vaultAssets(core, row);
  if (assets === 0 && supplyOf(shares, book) > 0) voidShares(shares, book);
  const supply = supplyOf(shares, book);
  const count = sharesForDeposit({ supply, assets }, amount);
  move(core, account, vaultLane(vaults, row, VAULT.account), amount, TRANSFER_CAUSE.vaultDeposit);
  const nowMs = commandTimeMs(core);
  const lockedUntilMs = nowMs + featuresOf(core.features).lockupMs;
  addShares(shares, book, { account, count, assets: amount, lockedUntilMs, nowMs });
  const lane = emitVault(core, EVENT.vaultDeposited, row, account);
  const { lanes } = core.events;
  lanes[lane + VAULT_EVENT.amount] = amount;
  lanes[lane + VAULT_EVENT.shares] = count;
  lanes[lane + VAULT_EVENT.assets] = assets;
  lanes[lane + VAULT_EVENT.supply] = supply;
}

function withdraw(
  core: Core,
  row: number,
  account: number,
  amount: number,
  touched: TouchedAccounts,
): Refusal | null {
  const { vaults, shares } = core;
  const book = vaultLane(vaults, row, VAULT.book);
  const holding = findHolding(shares, book, account);
  if (holding < 0) return { code: REJECT.vaultShareless };
  const lockedUntilMs = holdingLane(shares, holding, HOLDING.lockedUntilMs);
  if (lockedUntilMs > commandTimeMs(core)) return { code: REJECT.vaultLocked, a: lockedUntilMs };
  const pool = { supply: supplyOf(shares, book), assets: vaultAssets(core, row) };
  const held = holdingLane(shares, holding, HOLDING.shares);
  const worth = assetsForShares(pool, held);
  const count = amount >= worth ? held : sharesForWithdrawal(pool, amount);
  const isOwner = account === vaultLane(vaults, row, VAULT.owner);
  const leavesOthers = pool.supply > held;
  if (isOwner && leavesOthers && (held - count) * OWNER_SHARE < pool.supply - count)
    return { code: REJECT.vaultOwnerShare };
  return redeem(
    core,
    row,
    { holding, account, count, pool, amount: Math.min(amount, worth) },
    touched,
  );
}

/** Shares that are given back. */
interface Redemption {
  readonly holding: number;
  readonly account: number;
  readonly count: number;
  /** The pool before. */
  readonly pool: { readonly supply: number; readonly assets: number };
  /** What they are worth before anything is closed for them [10^-6 USDC]. */
  readonly amount: number;
}

/**
 * Pays for shares; null, or why not. What the vault has to close for it costs those who leave, and not those who stay;
 * a share of the profit stays in the vault as shares of the owner.
 */
export function redeem(
  core: Core,
  row: number,
  { holding, account, count, pool, amount }: Redemption,
  touched: TouchedAccounts,
): Refusal | null {
  const { vaults, shares } = core;
  const book = vaultLane(vaults, row, VAULT.book);
  const from = vaultLane(vaults, row, VAULT.account);
  const owner = vaultLane(vaults, row, VAULT.owner);
  if (vaultLane(vaults, row, VAULT.alwaysClose) === 1)
    closeShare(core, from, { part: count, whole: pool.supply }, touched);
  if (!freeMargin(core, from, amount, touched)) return { code: REJECT.vaultUncovered };
  const closingCost = Math.max(0, pool.assets - vaultAssets(core, row));
  const gross = Math.max(0, amount - closingCost);
  const basis = takeShares(shares, holding, count);
  const profit = account === owner ? 0 : Math.max(0, gross - basis);
  const commission = mulDivTrunc(profit, profitShareOf(core, row), BPS);
  const net = gross - commission;
  if (net > 0) move(core, from, account, net, TRANSFER_CAUSE.vaultWithdrawal);
  const left = { supply: supplyOf(shares, book), assets: vaultAssets(core, row) - commission };
  const commissionShares = commission === 0 ? 0 : sharesForDeposit(left, commission);
  if (commissionShares > 0)
    addShares(shares, book, {
      account: owner,
      count: commissionShares,
      assets: commission,
      lockedUntilMs: 0,
      nowMs: commandTimeMs(core),
    });
  bump(core, row, VAULT.profitShared, commission);
  bump(core, row, VAULT.paidOut, net);
  const lane = emitVault(core, EVENT.vaultWithdrawn, row, account);
  const { lanes } = core.events;
  lanes[lane + VAULT_EVENT.amount] = net;
  lanes[lane + VAULT_EVENT.shares] = count;
  lanes[lane + VAULT_EVENT.assets] = pool.assets;
  lanes[lane + VAULT_EVENT.supply] = pool.supply;
  lanes[lane + VAULT_EVENT.basis] = basis;
  lanes[lane + VAULT_EVENT.commission] = commission;
  lanes[lane + VAULT_EVENT.commissionShares] = commissionShares;
  lanes[lane + VAULT_EVENT.closingCost] = closingCost;
  lanes[lane + VAULT_EVENT.requested] = amount;
  return null;
}

function bump(core: Core, row: number, lane: number, by: number): void {
  setVaultLane(core.vaults, row, lane, vaultLane(core.vaults, row, lane) + by);
}

/** Gives what rounding left in a vault without shares to its owner. */
export function sweep(core: Core, row: number): void {
  const { vaults, accounts } = core;
  const from = vaultLane(vaults, row, VAULT.account);
  const left = readLane(accounts.cash, from);
  if (supplyOf(core.shares, vaultLane(vaults, row, VAULT.book)) !== 0 || left <= 0) return;
  move(core, from, vaultLane(vaults, row, VAULT.owner), left, TRANSFER_CAUSE.vaultWithdrawal);
}

/** Begins an event about a vault in an account's name. */
function emitVault(
  core: Core,
  kind: typeof EVENT.vaultDeposited | typeof EVENT.vaultWithdrawn,
  row: number,
  account: number,
): number {
  const lane = beginEvent(core, kind, account, -1, 0);
  core.events.lanes[lane + VAULT_EVENT.vault] = vaultLane(core.vaults, row, VAULT.account);
  return lane;
}

function move(
  core: Core,
  giver: number,
  taker: number,
  amount: number,
  cause: TransferCause,
): void {
  addCash(core.accounts, giver, -amount);
  addCash(core.accounts, taker, amount);
  for (const account of [giver, taker]) {
    markChanged(core.changed, account);
    const isGiver = account === giver;
    const lane = beginEvent(core, EVENT.transferred, account, -1, 0);
    const { lanes } = core.events;
    lanes[lane + ACCOUNT_EVENT.amount] = isGiver ? -amount : amount;
    lanes[lane + ACCOUNT_EVENT.a] = isGiver ? taker : giver;
    lanes[lane + ACCOUNT_EVENT.b] = cause;
  }
}
