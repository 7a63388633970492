/** Builds the joined state of an exchange, copies it, and rebuilds what is derived from its columns. */
import { copyRegister, createRegister, readLane } from "../base/column.ts";
import { slotOfOrderId } from "../base/order-id.ts";
import { ACCOUNTS_MAX, addAccount, createAccounts } from "./account/account.ts";
import { createAccountRules } from "./account/account-rules.ts";
import { createChangedAccounts, markAllChanged } from "./account/changed-accounts.ts";
import { createDefaultPolicy } from "./account/default-policy.ts";
import { createFeatureTable } from "./account/feature-table.ts";
import { createFeeRows } from "./account/fee-row.ts";
import { createMarginCache } from "./account/margin-sums.ts";
import { createPools } from "./account/pool-table.ts";
import { createPositions, rebuildOpenInterest } from "./account/position.ts";
import { createPositionOffers } from "./account/position-offer.ts";
import { createRewards, rebuildCodeIndex } from "./account/reward-row.ts";
import { createRiskLimits, rebuildRiskIndex } from "./account/risk-limit.ts";
import { createShareTable, rebuildHoldingIndex } from "./account/share-table.ts";
import { createSigners, rebuildAddressIndex } from "./account/signer.ts";
import { createStrategies } from "./account/strategy-table.ts";
import { createSubAccounts } from "./account/sub-account.ts";
import { createTwaps, rebuildTwaps } from "./account/twap-row.ts";
import { createVaults } from "./account/vault-table.ts";
import { createExpiryHeap, rebuildExpiries } from "./book/expiry-heap.ts";
import { createBookLinks, createFastBook } from "./book/fast.ts";
import {
  addOwnerRow,
  createOrderTable,
  isWaiting,
  priorityOf,
  rebuildCloidIndex,
} from "./book/order-table.ts";
import { createConsequenceQueue } from "./consequence.ts";
import type { Core } from "./core.ts";
import { createEventRing } from "./event.ts";
import { createMarginTiers } from "./market/margin-tiers.ts";
import { createMarkets, MARKETS_MAX, marketTotal } from "./market/market.ts";
import { termsOf } from "./market/market-terms.ts";
import { createProtection } from "./market/protection.ts";
import { renewNextChange } from "./matching/market-state.ts";
import { rebuildTrails } from "./matching/trail.ts";
import { watchTwaps } from "./matching/twap.ts";
import { watchWaiting } from "./matching/waiting.ts";
import { createNumbers } from "./numbers.ts";
import { createFundingRows } from "./oracle/funding-row.ts";
import { createMarkRows } from "./oracle/mark.ts";
import { createOracle } from "./oracle/oracle.ts";
import { renewBounds } from "./oracle/price-bounds.ts";
import { addWatchedMarket, clearPriceWatch, createPriceWatch } from "./oracle/price-watch.ts";
import { createTrails } from "./oracle/trail-table.ts";

/** The whole state of one exchange; read it through `query.ts`, change it through `applyCommand`. */
export type ExchangeState = Core;

/** Version of the rules: journals of another version start only from a snapshot. */
export const ENGINE_VERSION = 1;

/** An exchange without markets and users: the two accounts of its own. */
export function createExchange(): ExchangeState {
  const core = createEmptyState();
  const noAddress = new Uint8Array(20);
  for (let own = 0; own < 2; own++) {
    noAddress[19] = own;
    addAccount(core.accounts, noAddress, 0);
    addOwnerRow(core.orders);
  }
  return core;
}

/** A copy that shares nothing: the parent stays as it is, the same commands give both the same hash. */
export function forkExchange(state: ExchangeState): ExchangeState {
  const copy = createEmptyState();
  copyRegister(state.register, copy.register);
  rebuildDerived(copy);
  return copy;
}

/** A state with all tables and not even accounts of its own; for restore. */
export function createEmptyState(): ExchangeState {
  const register = createRegister();
  return {
    register,
    numbers: createNumbers(register),
    markets: createMarkets(register),
    marginTiers: createMarginTiers(register),
    protection: createProtection(register),
    oracle: createOracle(register, MARKETS_MAX),
    orders: createOrderTable(register, ACCOUNTS_MAX),
    links: createBookLinks(),
    books: [],
    terms: [],
    expiries: createExpiryHeap(),
    accounts: createAccounts(register),
    positions: createPositions(register),
    signers: createSigners(register),
    subAccounts: createSubAccounts(register),
    queue: createConsequenceQueue(register),
    fees: createFeeRows(register),
    defaults: createDefaultPolicy(register),
    rewards: createRewards(register),
    fundings: createFundingRows(register, MARKETS_MAX),
    marks: createMarkRows(register, MARKETS_MAX),
    accountRules: createAccountRules(register),
    twaps: createTwaps(register),
    positionOffers: createPositionOffers(register),
    trails: createTrails(register),
    margins: createMarginCache(),
    changed: createChangedAccounts(),
    watch: createPriceWatch(),
    waiting: createPriceWatch(),
    visits: { passed: 0, changed: 0 },
    strategies: createStrategies(register),
    features: createFeatureTable(register),
    shares: createShareTable(register),
    vaults: createVaults(register),
    pools: createPools(register),
    risk: createRiskLimits(register),
    events: createEventRing(16, 16),
  };
}

/** Adds the book and the price watch of a market whose row stands already. */
export function openBook(state: ExchangeState, market: number, resting?: readonly number[]): void {
  const pxMax = state.markets.pxMax.data[market] as number;
  state.terms.push(termsOf(state.markets, state.marginTiers, market));
  renewBounds(state, market);
  state.books.push(createFastBook(state.orders, state.links, pxMax, resting));
  addWatchedMarket(state.watch);
  addWatchedMarket(state.waiting);
  addWatchedMarket(state.twaps.watch);
  addWatchedMarket(state.trails.watch);
}

/** Rebuilds books and indexes from the columns; triggers follow at the next oracle price. */
export function rebuildDerived(state: ExchangeState): void {
  const { orders } = state;
  state.books.length = 0;
  state.terms.length = 0;
  clearPriceWatch(state.watch);
  clearPriceWatch(state.waiting);
  clearPriceWatch(state.twaps.watch);
  clearPriceWatch(state.trails.watch);
  markAllChanged(state.changed);
  const resting = restingSlots(state);
  for (let market = 0; market < marketTotal(state.markets); market++) {
    openBook(state, market, resting[market]);
  }
  rebuildOpenInterest(state.positions);
  watchWaiting(state);
  renewNextChange(state);
  rebuildCloidIndex(orders);
  rebuildExpiries(state.expiries, orders);
  rebuildTwaps(state.twaps);
  watchTwaps(state);
  rebuildTrails(state);
  rebuildAddressIndex(state.signers);
  rebuildHoldingIndex(state.shares);
  rebuildCodeIndex(state.rewards);
  rebuildRiskIndex(state.risk);
}

/** Slots of resting orders by market, in the order of their places in time. */
function restingSlots({ orders, markets }: ExchangeState): number[][] {
  const oids = new Float64Array(orders.table.count);
  let count = 0;
  for (let slot = 0; slot < orders.table.count; slot++) {
    if (readLane(orders.oid, slot) === 0 || isWaiting(orders, slot)) continue;
    oids[count++] = priorityOf(orders, slot);
  }
  const slots: number[][] = Array.from({ length: marketTotal(markets) }, () => []);
  for (const oid of oids.subarray(0, count).sort((a, b) => a - b)) {
    const slot = slotOfOrderId(oid);
    slots[readLane(orders.market, slot)]?.push(slot);
  }
  return slots;
}
