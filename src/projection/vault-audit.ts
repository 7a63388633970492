/**
 * A vault's books, folded from events alone and by arithmetic of its own: none of what keeps vaults,
 * pools or shares is imported, so that what the exchange says of a vault can be held against them.
 *
 *     money     K = sum of fills' PnL less fees, funding, transfers and booked deficits  [10^-6 USDC]
 *     position  n = sum of signed lots, cost C = sum of (signed lots x price + realised PnL)
 *     assets    A = max(0, K + sum over markets of (n x mark - C))                       [10^-6 USDC]
 *     price     p = (A + 1) / (S + 10)       with S shares, 1 virtual asset, 10 virtual shares
 *
 * Mark is that of the last `oracleMoved` of each market. Every deposit and withdrawal is worked out
 * anew from what was folded before it, and the first event that says otherwise is kept. Derivation:
 * docs/formulas/vault.md.
 *
 * Known limit: an isolated position that is worth less than nothing counts for what it is worth here,
 * and for nothing at the exchange, until it is liquidated.
 */
import type { Hex } from "../base/hex.ts";
import { BUY } from "../base/side.ts";
import { VAULT_SETTING } from "../exchange/command.ts";
import type {
  ExchangeEvent,
  FillEvent,
  FundingEvent,
  PositionMovedEvent,
  TransferEvent,
  VaultEvent,
} from "../exchange/event-codec.ts";

const VIRTUAL_ASSETS = 1;
const VIRTUAL_SHARES = 10;
const BPS = 10_000;
const E9 = 1_000_000_000;

/** What one holder has of a vault: shares, and what was paid for them [10^-6 USDC]. */
export interface HolderFigures {
  readonly account: number;
  readonly shares: number;
  readonly basis: number;
}

/** What a vault's books come to; money [10^-6 USDC]. */
export interface VaultFigures {
  /** Of ten shares, which is what a unit of a first deposit buys [10^-9]. */
  readonly sharePrice: number;
  readonly supply: number;
  /** What the vault's account is worth at mark, not below 0. */
  readonly equity: number;
  /** Money of the account, that of isolated positions included. */
  readonly cash: number;
  /** Share of profit that was taken, and what was paid out. */
  readonly profitShared: number;
  readonly paidOut: number;
  /** What holders paid for the shares that there are. */
  readonly collateral: number;
  /** By account. */
  readonly holders: readonly HolderFigures[];
  /** By market; size in lots, positive = long. */
  readonly positions: readonly { readonly market: number; readonly size: number }[];
}

interface Holder {
  shares: number;
  basis: number;
}

/** A vault whose books are being folded. */
export interface VaultFold {
  readonly address: Hex;
  /** The vault's account; -1 until it was created. */
  account: number;
  owner: number;
  cash: number;
  supply: number;
  profitShared: number;
  paidOut: number;
  /** The first event that does not follow from those before it, in words; null = none. */
  gap: string | null;
  /** Shares of profit that may be in force [10^-4]: a higher one comes with a notice that events do not time. */
  profitShares: readonly number[];
  /** Seq of the vault's last fill: a withdrawal may have closed positions. */
  filledSeq: number;
  readonly holders: Map<number, Holder>;
  readonly positions: Map<number, { size: number; cost: number }>;
  /** Mark by market [ticks]. */
  readonly marks: Map<number, number>;
}

/** The books of the vault with an address, before the first event. */
export const createVaultFold = (address: Hex): VaultFold => ({
  address,
  account: -1,
  owner: -1,
  cash: 0,
  supply: 0,
  profitShared: 0,
  paidOut: 0,
  gap: null,
  profitShares: [],
  filledSeq: -1,
  holders: new Map(),
  positions: new Map(),
  marks: new Map(),
});

/** Takes in an event of the exchange, of any kind; oldest first. */
export function foldVaultEvent(fold: VaultFold, event: ExchangeEvent): void {
  switch (event.kind) {
    case "oracleMoved":
      fold.marks.set(event.market, event.markPx);
      return;
    case "vaultCreated":
      if (event.address === fold.address) openBooks(fold, event);
      return;
    case "vaultDeposited":
    case "vaultWithdrawn":
    case "vaultChanged":
      if (fold.account >= 0 && event.vault === fold.account) foldShares(fold, event);
      return;
    case "backstopTookOver":
      if (fold.account < 0) return;
      if (event.account === fold.account) fold.cash -= event.amount;
      if (event.backstop === fold.account) fold.cash += event.amount;
      return;
    default:
      if (fold.account >= 0 && event.account === fold.account) foldMoney(fold, event);
  }
}

function openBooks(fold: VaultFold, { vault, account, commission }: VaultEvent): void {
  fold.account = vault;
  fold.owner = account;
  fold.profitShares = [commission];
}

/** What an event in the name of the vault's account does to its money and positions. */
function foldMoney(fold: VaultFold, event: ExchangeEvent): void {
  switch (event.kind) {
    case "fill":
      return foldFill(fold, event);
    case "fundingPaid":
      return foldFunding(fold, event);
    case "transferred":
      return foldTransfer(fold, event);
    case "positionMoved":
      return foldMove(fold, event);
    case "deposited":
    case "deficitBooked":
    case "rewardsClaimed":
      fold.cash += event.amount;
      return;
    case "withdrawn":
      fold.cash -= event.amount;
      return;
  }
}

function positionOf(fold: VaultFold, market: number): { size: number; cost: number } {
  const known = fold.positions.get(market);
  if (known !== undefined) return known;
  const position = { size: 0, cost: 0 };
  fold.positions.set(market, position);
  return position;
}

function foldFill(fold: VaultFold, fill: FillEvent): void {
  const position = positionOf(fold, fill.market);
  expectSame(fold, fill, "a position before it", fill.startPosition, position.size);
  const signedSz = fill.side === BUY ? fill.sz : -fill.sz;
  position.size += signedSz;
  position.cost += signedSz * fill.px + fill.closedPnl;
  fold.cash += fill.closedPnl - fill.fee;
  fold.filledSeq = fill.seq;
}

function foldFunding(fold: VaultFold, event: FundingEvent): void {
  expectSame(fold, event, "a position", event.size, positionOf(fold, event.market).size);
  fold.cash += event.amount;
}

function foldTransfer(fold: VaultFold, { amount, fee }: TransferEvent): void {
  fold.cash += amount < 0 ? amount - fee : amount;
}

function foldMove(fold: VaultFold, { market, size, cost }: PositionMovedEvent): void {
  const position = positionOf(fold, market);
  position.size += size;
  position.cost += cost;
}

function foldShares(fold: VaultFold, event: VaultEvent): void {
  if (event.kind === "vaultChanged") {
    if (event.amount === VAULT_SETTING.profitShare) announce(fold, event.shares);
    return;
  }
  if (event.kind === "vaultDeposited") foldDeposit(fold, event);
  else foldWithdrawal(fold, event);
}

/** A lower share of profit holds at once; of a higher one the events do not say when it begins. */
function announce(fold: VaultFold, bps: number): void {
  const before = fold.profitShares.map((known) => Math.min(known, bps));
  fold.profitShares = [...new Set([...before, bps])];
}

/** The event's transfer came before it: what is there now is what was there before, and the amount. */
function foldDeposit(fold: VaultFold, event: VaultEvent): void {
  const { account, amount } = event;
  const assets = Math.max(0, worthOf(fold) - amount);
  if (assets === 0 && fold.supply > 0) {
    // All was lost: those shares are void.
    fold.holders.clear();
    fold.supply = 0;
  }
  const shares = floorOf(amount, fold.supply + VIRTUAL_SHARES, assets + VIRTUAL_ASSETS);
  expectSame(fold, event, "assets before", event.assets, assets);
  expectSame(fold, event, "a supply before", event.supply, fold.supply);
  expectSame(fold, event, "shares given", event.shares, shares);
  give(fold, account, event.shares, amount);
}

/** Works a withdrawal out from the books before it; the event's fills and transfer came before it. */
function foldWithdrawal(fold: VaultFold, event: VaultEvent): void {
  const { account, shares, assets, requested, commission, amount: net } = event;
  expectSame(fold, event, "a supply before", event.supply, fold.supply);
  const afterClosing = Math.max(0, worthOf(fold) + net);
  if (fold.filledSeq !== event.seq) expectSame(fold, event, "assets before", assets, afterClosing);
  const closingCost = Math.max(0, assets - afterClosing);
  expectSame(fold, event, "a cost of closing", event.closingCost, closingCost);
  checkWorth(fold, event);
  const gross = Math.max(0, requested - closingCost);
  const basis = take(fold, account, shares);
  expectSame(fold, event, "a cost basis", event.basis, basis);
  const profit = account === fold.owner ? 0 : Math.max(0, gross - basis);
  const due = fold.profitShares.map((bps) => floorOf(profit, bps, BPS));
  if (!due.includes(commission))
    expectSame(fold, event, "a share of profit", commission, due[0] ?? 0);
  expectSame(fold, event, "a payment", net, gross - commission);
  const left = Math.max(0, worthOf(fold)) - commission;
  const bought =
    commission === 0
      ? 0
      : floorOf(commission, fold.supply + VIRTUAL_SHARES, Math.max(0, left) + VIRTUAL_ASSETS);
  expectSame(fold, event, "shares for the owner", event.commissionShares, bought);
  if (event.commissionShares > 0) give(fold, fold.owner, event.commissionShares, commission);
  fold.profitShared += commission;
  fold.paidOut += net;
}

/** Shares given back are those that the amount costs, or are worth the amount. */
function checkWorth(fold: VaultFold, event: VaultEvent): void {
  const { shares, assets, supply, requested } = event;
  const worth = Math.min(assets, floorOf(shares, assets + VIRTUAL_ASSETS, supply + VIRTUAL_SHARES));
  const cost = -floorOf(-requested, supply + VIRTUAL_SHARES, assets + VIRTUAL_ASSETS);
  if (requested === worth || (requested < worth && shares === cost)) return;
  expectSame(fold, event, "shares worth", requested, worth);
}

function give(fold: VaultFold, account: number, shares: number, basis: number): void {
  const before = fold.holders.get(account) ?? { shares: 0, basis: 0 };
  fold.holders.set(account, { shares: before.shares + shares, basis: before.basis + basis });
  fold.supply += shares;
}

/** Takes shares away; answers the part of what was paid for them, of the last ones the rest [10^-6 USDC]. */
function take(fold: VaultFold, account: number, shares: number): number {
  const held = fold.holders.get(account) ?? { shares: 0, basis: 0 };
  const basis = shares >= held.shares ? held.basis : floorOf(held.basis, shares, held.shares);
  if (shares >= held.shares) fold.holders.delete(account);
  else fold.holders.set(account, { shares: held.shares - shares, basis: held.basis - basis });
  fold.supply -= shares;
  return basis;
}

/** What the account is worth at mark, positions included [10^-6 USDC]. */
function worthOf({ cash, positions, marks }: VaultFold): number {
  let worth = cash;
  for (const [market, { size, cost }] of positions) worth += size * (marks.get(market) ?? 0) - cost;
  return worth;
}

/** value x numerator / denominator, rounded down. */
function floorOf(value: number, numerator: number, denominator: number): number {
  const product = BigInt(value) * BigInt(numerator);
  const quotient = product / BigInt(denominator);
  const isBelow = product < 0n && quotient * BigInt(denominator) !== product;
  return Number(isBelow ? quotient - 1n : quotient);
}

/** Keeps the first event that says other than what was folded. */
function expectSame(
  fold: VaultFold,
  { kind, seq }: ExchangeEvent,
  what: string,
  said: number,
  folded: number,
): void {
  if (said === folded || fold.gap !== null) return;
  fold.gap = `seq ${seq}: ${kind} says ${what} of ${said}, the events before it give ${folded}`;
}

/** What the books come to. */
export function figuresOfFold(fold: VaultFold): VaultFigures {
  const { supply, cash, profitShared, paidOut } = fold;
  const equity = Math.max(0, worthOf(fold));
  const holders = [...fold.holders].map(([account, holder]) => ({ account, ...holder }));
  const positions = [...fold.positions].map(([market, { size }]) => ({ market, size }));
  return {
    sharePrice: floorOf(equity + VIRTUAL_ASSETS, VIRTUAL_SHARES * E9, supply + VIRTUAL_SHARES),
    supply,
    equity,
    cash,
    profitShared,
    paidOut,
    collateral: holders.reduce((sum, { basis }) => sum + basis, 0),
    holders: holders.sort((a, b) => a.account - b.account),
    positions: positions.filter(({ size }) => size !== 0).sort((a, b) => a.market - b.market),
  };
}
