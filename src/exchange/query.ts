/** Read-only views of the state for the gateway, the page and tests. Integers; objects are made per call. */
import type { AccountRules } from "../base/account-rules.ts";
import { readLane } from "../base/column.ts";
import type { Features } from "../base/features.ts";
import type { Hex } from "../base/hex.ts";
import { bytesToHex } from "../base/hex.ts";
import type { InstrumentSpec } from "../base/instrument-spec.ts";
import { type MarginTier, maintenanceOf } from "../base/margin-tiers.ts";
import type { ProtectionSetting } from "../base/market-protection.ts";
import { divCeil } from "../base/rounding.ts";
import type { Side } from "../base/side.ts";
import { FEE_ACCOUNT, INSURANCE_ACCOUNT } from "./account/account.ts";
import { readAccountRules } from "./account/account-rules.ts";
import { featuresOf } from "./account/feature-table.ts";
import { pendingTotal } from "./account/pool-table.ts";
import { findPosition } from "./account/position.ts";
import { offersOf, type PositionOffer } from "./account/position-offer.ts";
import { pairOf, type RiskPair } from "./account/risk-limit.ts";
import { isLiveSigner, ROLE, SIGNER, signerOfAddress } from "./account/signer.ts";
import { subAccountsOf } from "./account/sub-account.ts";
import type { Book } from "./book/book.ts";
import { isWaiting, liveOrderTotal, liveSlot, ORDER_FLAG } from "./book/order-table.ts";
import { requestsCap } from "./budget.ts";
import type { AccountVisits } from "./core.ts";
import { approvalsOf, approvedFee } from "./fee/builder.ts";
import { type FeeView, feeView } from "./fee/fee.ts";
import { FEE_SCHEDULE_NAMES, type FeeScheduleName } from "./fee/fee-schedule.ts";
import { type ReferralView, referralView } from "./fee/referral.ts";
import { type FundingView, fundingTermsOf, fundingView } from "./funding/funding.ts";
import type { FundingTerms } from "./funding/funding-terms.ts";
import { isIsolatedRow, isolatedEquity } from "./margin/isolated.ts";
import { isIsolatedOn, leverageOf, rowLeverage } from "./margin/leverage.ts";
import { computeMargin, createMarginFigures, withdrawableOf } from "./margin/margin.ts";
import { tiersOf } from "./market/margin-tiers.ts";
import { isIsolatedOnly, marketByName, marketTotal, specOf } from "./market/market.ts";
import type { MarketTerms } from "./market/market-terms.ts";
import { STANDING, settingsOf, standingOf } from "./market/protection.ts";
import { isAtCap } from "./matching/protection-rules.ts";
import { trailPxOf } from "./matching/trail.ts";
import { NUMBER, numberOf } from "./numbers.ts";
import { markTermsOf } from "./oracle/mark.ts";
import type { MarkTerms } from "./oracle/mark-terms.ts";
import { markPxOf } from "./oracle/oracle.ts";
import { type PoolView, poolTotal, viewOfPool } from "./pool/pool-view.ts";
import type { ExchangeState } from "./state.ts";
import { type StrategyView, viewOfStrategy, viewsOfAccount } from "./strategy/strategy-view.ts";
import { type VaultView, vaultTotal, viewOfVault } from "./vault/vault-view.ts";

/** Parts of market making that are switched on, and their rules. */
export const featuresInForce = (state: ExchangeState): Features => featuresOf(state.features);
/** Every liquidity pool. */
export const poolViews = (state: ExchangeState): PoolView[] =>
  Array.from({ length: poolTotal(state) }, (_, row) => viewOfPool(state, row));
/** Every vault that there ever was. */
export const vaultViews = (state: ExchangeState): VaultView[] =>
  Array.from({ length: vaultTotal(state) }, (_, row) => viewOfVault(state, row));
/** The strategy that an id names, while it has not ended; else null. */
export const strategyView = (state: ExchangeState, id: number): StrategyView | null =>
  viewOfStrategy(state, id);
/** Strategies of an account that have not ended. */
export const strategyViews = (state: ExchangeState, account: number): StrategyView[] =>
  viewsOfAccount(state, account);

/** Journal position of the last command applied. */
export const lastSeq = (state: ExchangeState): number => numberOf(state.numbers, NUMBER.seq);
/** Time of the last command applied [ms]. */
export const lastTimeMs = (state: ExchangeState): number => numberOf(state.numbers, NUMBER.timeMs);
/** Number of markets. */
export const marketCount = (state: ExchangeState): number => marketTotal(state.markets);
/** The market of a name; -1 = there is none. */
export const marketOfName = (state: ExchangeState, name: string): number =>
  marketByName(state.markets, name);
/** Spec of a market. */
export const marketSpec = (state: ExchangeState, market: number): InstrumentSpec =>
  specOf(state.markets, market);
/** Margin tiers of a market; the first begins at notional 0. */
export const marginTiers = (state: ExchangeState, market: number): readonly MarginTier[] =>
  tiersOf(state.markets, state.marginTiers, market);
/** How a market stands, and what protects it. */
export interface MarketStanding {
  /** Its open interest has reached the cap. */
  readonly isAtCap: boolean;
  /** A `MARKET_STATE` number. */
  readonly state: number;
  /** When it changes by itself; 0 = never [ms]. */
  readonly untilMs: number;
  /** Liquidations wait for an index price. */
  readonly isStale: boolean;
  readonly settings: Readonly<Record<ProtectionSetting, number>>;
}

/** How a market stands; allocates. */
export const marketStanding = (state: ExchangeState, market: number): MarketStanding => ({
  isAtCap: isAtCap(state, market),
  ...standingFigures(state, market),
});

const standingFigures = (
  { protection, markets }: ExchangeState,
  market: number,
): Omit<MarketStanding, "isAtCap"> => ({
  state: standingOf(protection, market, STANDING.state),
  untilMs: standingOf(protection, market, STANDING.untilMs),
  isStale: standingOf(protection, market, STANDING.isStale) === 1,
  settings: settingsOf(protection, markets, market),
});

/** What an account's owner and the operator limit, on a market or across all (-1); 0 = no limit. */
export const riskLimits = (
  { risk }: ExchangeState,
  account: number,
  market: number,
): { readonly owner: RiskPair; readonly operator: RiskPair } => ({
  owner: pairOf(risk, account, market, false),
  operator: pairOf(risk, account, market, true),
});

/** Index price; 0 = none yet [ticks]. */
export const oraclePx = (state: ExchangeState, market: number): number =>
  state.oracle.px.data[market] as number;
/** Mark price; 0 = none yet [ticks]. */
export const markPx = (state: ExchangeState, market: number): number =>
  markPxOf(state.oracle, market);
/** Best price of a side of a market's book; 0 = the side is empty [ticks]. */
export const bestPx = (state: ExchangeState, market: number, side: Side): number =>
  (state.books[market] as Book).bestPx(side);
/** Number of accounts, the exchange's own two included. */
export const accountCount = (state: ExchangeState): number => state.accounts.table.count;
/** Number of live orders. */
export const openOrderCount = (state: ExchangeState): number => liveOrderTotal(state.orders);
/** Whether the per-address request budget is enforced. */
export const addressLimitsOn = (state: ExchangeState): boolean =>
  numberOf(state.numbers, NUMBER.limitsOn) === 1;

/** Name of the fee schedule in force. */
export const feeScheduleName = (state: ExchangeState): FeeScheduleName =>
  FEE_SCHEDULE_NAMES[state.fees.schedule.data[0] as number] as FeeScheduleName;
/** What an account lets a builder take; 0 = not approved [10^-5]. */
export const approvedBuilderFee = (
  state: ExchangeState,
  account: number,
  builder: number,
): number => approvedFee(state, account, builder);

/** Accounts of the builders that an account has approved. */
export const approvedBuildersOf = (state: ExchangeState, account: number): readonly number[] =>
  approvalsOf(state, account);

/** An account's part in referrals and what it earned of fees; -1 = an account that is none. */
export const accountReferral = (state: ExchangeState, account: number): ReferralView =>
  referralView(state, account);

/** What an account (-1 = one without trades) pays on the day of a time [ms]. */
export const accountFees = (state: ExchangeState, account: number, nowMs: number): FeeView =>
  feeView(state, account, nowMs);

/** Terms of a market's funding; null where none were set. */
export const fundingTerms = (state: ExchangeState, market: number): FundingTerms | null =>
  fundingTermsOf(state, market);

/** Funding of a market; null where it has none. */
export const marketFunding = (state: ExchangeState, market: number): FundingView | null =>
  fundingView(state, market);

/** How a market's mark follows; null where nothing was set and it is the oracle price. */
export const markTerms = (state: ExchangeState, market: number): MarkTerms | null =>
  markTermsOf(state.marks, market);

/** Account of a master's or sub-account's address, or -1. */
export function accountOfAddress(state: ExchangeState, address: Hex): number {
  const row = signerOfAddress(state.signers, address);
  if (row < 0) return -1;
  const role = readLane(state.signers.role, row);
  if (role !== ROLE.master && role !== ROLE.sub && role < ROLE.vault) return -1;
  return readLane(state.signers.account, row);
}

/** Address of an account. */
export const addressOfAccount = (state: ExchangeState, account: number): Hex =>
  bytesToHex(state.accounts.address.data, account * 20, 20);

/** Sub-accounts of an account, in order of creation. */
export const subAccountViews = (
  state: ExchangeState,
  master: number,
): { account: number; name: string }[] => subAccountsOf(state.subAccounts, master);

/** Offers of positions that an account made or was made, expired ones too until another is made. */
export const offerViews = (state: ExchangeState, account: number): PositionOffer[] =>
  offersOf(state.positionOffers, account);

/** What accounts may have of sub-accounts and agents. */
export const accountRules = (state: ExchangeState): AccountRules =>
  readAccountRules(state.accountRules);

/** What an address is to the exchange. */
export type AddressRole =
  | { role: "missing" }
  | { role: "user" | "agent"; account: number }
  | { role: "subAccount"; account: number; master: number };

/** Role of an address at a time [ms]; an expired or removed agent is missing. */
export function roleOfAddress(state: ExchangeState, address: Hex, nowMs: number): AddressRole {
  const row = signerOfAddress(state.signers, address);
  if (row < 0) return { role: "missing" };
  const account = readLane(state.signers.account, row);
  if (readLane(state.signers.role, row) === ROLE.sub) {
    const master = state.signers.rows.i32[row * 16 + SIGNER.master] as number;
    return { role: "subAccount", account, master };
  }
  if (!isLiveSigner(state.signers, row, nowMs)) return { role: "missing" };
  return {
    role: readLane(state.signers.role, row) === ROLE.master ? "user" : "agent",
    account,
  };
}

/** A position as the page and the wire show it. */
export interface PositionView {
  market: number;
  /** Positive = long [lots]. */
  size: number;
  /** Signed sum of notionals of what is open [10^-6 USDC]. */
  cost: number;
  /** Of the position alone: its initial margin, or, where that is isolated, its equity [10^-6 USDC]. */
  marginUsed: number;
  maintenance: number;
  leverage: number;
  isIsolated: boolean;
  /** Money of its own, 0 on cross margin [10^-6 USDC]. */
  margin: number;
}

/** An account's money, margin and open positions; isolated positions count where it says so [10^-6 USDC]. */
export interface AccountSummary {
  cash: number;
  /** Cash and the unrealised PnL of positions on cross margin. */
  equity: number;
  /** Initial margin of positions alone. */
  marginUsed: number;
  /** Initial margin of positions and resting orders, those on isolated markets too. */
  initial: number;
  maintenance: number;
  withdrawable: number;
  /** Sum of absolute position notionals at mark. */
  notional: number;
  /** The same sums with isolated positions. */
  whole: { equity: number; marginUsed: number; notional: number };
  volume: number;
  requestsUsed: number;
  requestsCap: number;
  /** 0 = none [ms]. */
  scheduledCancelMs: number;
  openOrders: number;
  /** Open ones, in order of market. */
  positions: PositionView[];
}

/** Everything about an account's money. */
export function accountSummary(state: ExchangeState, account: number): AccountSummary {
  const { accounts } = state;
  const figures = computeMargin(state, account, createMarginFigures());
  const volume = readLane(accounts.volume, account);
  const positions = positionsOf(state, account);
  const whole = {
    equity: figures.equity,
    marginUsed: figures.used,
    notional: figures.notional,
  };
  for (const { market, size, isIsolated, marginUsed } of positions) {
    if (!isIsolated) continue;
    whole.equity += marginUsed;
    whole.marginUsed += marginUsed;
    whole.notional += Math.abs(size) * markPx(state, market);
  }
  return {
    cash: readLane(accounts.cash, account),
    equity: figures.equity,
    marginUsed: figures.used,
    initial: figures.initial,
    maintenance: figures.maintenance,
    withdrawable: withdrawableOf(figures),
    notional: figures.notional,
    whole,
    volume,
    requestsUsed: readLane(accounts.requestsUsed, account),
    requestsCap: requestsCap(volume),
    scheduledCancelMs: readLane(accounts.scheduledCancelMs, account),
    openOrders: readLane(state.orders.liveCount, account),
    positions,
  };
}

function positionsOf(state: ExchangeState, account: number): PositionView[] {
  const { positions } = state;
  const views: PositionView[] = [];
  let link = readLane(state.accounts.firstPosition, account);
  while (link !== 0) {
    const row = link - 1;
    link = readLane(positions.next, row);
    const size = readLane(positions.size, row);
    if (size === 0) continue;
    const market = readLane(positions.market, row);
    const notional = Math.abs(size) * markPx(state, market);
    const leverage = rowLeverage(state, row);
    const isIsolated = isIsolatedRow(state, row);
    views.push({
      market,
      size,
      cost: readLane(positions.cost, row),
      marginUsed: isIsolated ? isolatedEquity(state, row) : divCeil(notional, leverage),
      maintenance: maintenanceOf((state.terms[market] as MarketTerms).tiers, notional),
      leverage,
      isIsolated,
      margin: state.positions.margin.data[row] as number,
    });
  }
  return views.sort((a, b) => a.market - b.market);
}

/** Leverage of an account on a market; the market's default where the account never chose. */
export const accountLeverage = (state: ExchangeState, account: number, market: number): number =>
  leverageOf(state, account, market);

/** Whether an account's margin on a market is isolated. */
export const accountIsIsolated = (
  state: ExchangeState,
  account: number,
  market: number,
): boolean =>
  account < 0 ? isIsolatedOnly(state.markets, market) : isIsolatedOn(state, account, market);

/** Ids of an account's live orders, oldest first. */
export function openOrderIds(state: ExchangeState, account: number): number[] {
  const { orders } = state;
  const oids: number[] = [];
  let link = readLane(orders.oldest, account);
  while (link !== 0) {
    oids.push(readLane(orders.oid, link - 1));
    link = readLane(orders.next, link - 1);
  }
  return oids;
}

/** A live order as its owner sees it [px: ticks, sz: lots, what remains]. */
export interface OpenOrderView {
  readonly oid: number;
  readonly market: number;
  readonly side: Side;
  readonly px: number;
  readonly sz: number;
}

/** An account's resting orders, oldest first; those that wait for a trigger are left out. */
export function openOrderViews(state: ExchangeState, account: number): OpenOrderView[] {
  const { orders } = state;
  const views: OpenOrderView[] = [];
  let link = readLane(orders.oldest, account);
  while (link !== 0) {
    const slot = link - 1;
    link = readLane(orders.next, slot);
    if (isWaiting(orders, slot)) continue;
    views.push({
      oid: readLane(orders.oid, slot),
      market: readLane(orders.market, slot),
      side: readLane(orders.side, slot) as Side,
      px: readLane(orders.px, slot),
      sz: readLane(orders.sz, slot),
    });
  }
  return views;
}

/** Position of an account on a market, positive = long [lots]. */
export function positionSize(state: ExchangeState, account: number, market: number): number {
  const row = findPosition(state.positions, state.accounts, account, market);
  return row < 0 ? 0 : readLane(state.positions.size, row);
}

/** Sum of all long positions of a market, which equals that of all shorts [lots]. */
export const openInterest = (state: ExchangeState, market: number): number =>
  state.positions.openInterest[market] as number;

/** How many accounts the last oracle prices made the exchange look at. */
export const visitsOfLastPrices = (state: ExchangeState): AccountVisits => ({ ...state.visits });

/** The exchange's own money [10^-6 USDC]. */
export interface SystemBalances {
  fees: number;
  insurance: number;
  /** What payers of funding were rounded up by and receivers down. */
  residue: number;
  /** Fees that liquidity pools have earned and that are on their way to them. */
  pending: number;
  deposits: number;
  withdrawals: number;
}

/** Fees collected, insurance balance, and all money that came in and went out. */
export const systemBalances = (state: ExchangeState): SystemBalances => ({
  fees: readLane(state.accounts.cash, FEE_ACCOUNT),
  insurance: readLane(state.accounts.cash, INSURANCE_ACCOUNT),
  residue: state.fundings.residue.data[0] as number,
  pending: pendingTotal(state.pools),
  deposits: numberOf(state.numbers, NUMBER.deposits),
  withdrawals: numberOf(state.numbers, NUMBER.withdrawals),
});

/** Trigger price of a trailing stop as mark stands; null for an order that follows no price (any more) [ticks]. */
export function trailingPx(state: ExchangeState, oid: number): number | null {
  const slot = liveSlot(state.orders, oid);
  const isTrailing = slot >= 0 && (readLane(state.orders.flags, slot) & ORDER_FLAG.trailing) !== 0;
  return isTrailing ? trailPxOf(state, slot) : null;
}
