/**
 * What must hold after every command. `checkConservation` is about money and positions and costs one
 * pass over both; `checkInvariants` adds books, orders, aggregates and indexes. A broken rule throws.
 */

import { assert } from "../base/assert.ts";
import { readLane } from "../base/column.ts";
import { seqOfOrderId, slotOfOrderId } from "../base/order-id.ts";
import { BUY, SELL, type Side } from "../base/side.ts";
import { FEE_ACCOUNT } from "./account/account.ts";
import { FEE_ROW } from "./account/fee-row.ts";
import { pendingTotal } from "./account/pool-table.ts";
import { findPosition } from "./account/position.ts";
import { readOffer } from "./account/position-offer.ts";
import { REWARD, REWARD_FLOATS } from "./account/reward-row.ts";
import { liveTwapTotal, TWAP, TWAP_LANES } from "./account/twap-row.ts";
import type { Book } from "./book/book.ts";
import {
  ALLOCATOR,
  isDormant,
  isReduceOnly,
  isWaiting,
  liveOrderTotal,
  ORDER,
  ORDER_FLAG,
  type OrderTable,
  priorityOf,
} from "./book/order-table.ts";
import { TWAP_FLAG } from "./event.ts";
import { feeView } from "./fee/fee.ts";
import { worstUnseenMargin } from "./liquidation/threshold.ts";
import { isIsolatedRow } from "./margin/isolated.ts";
import { computeMargin, createMarginFigures, hasMarginSums, marginByRow } from "./margin/margin.ts";
import { marketTotal } from "./market/market.ts";
import { isOpen } from "./market/protection.ts";
import { trailPxOf } from "./matching/trail.ts";
import { firesOnRise } from "./matching/waiting.ts";
import { NUMBER, numberOf } from "./numbers.ts";
import { markPxOf } from "./oracle/oracle.ts";
import type { ExchangeState } from "./state.ts";
import { checkStrategies } from "./strategy/strategy-invariant.ts";

/** The two sides of the exchange's books [10^-6 USDC]; BigInt, since sums may pass 2^53. */
export interface Conservation {
  /**
   * Cash + isolated margin + unrealised PnL of all accounts (fees and insurance included), fees on their way to
   * pools, and the residue of funding.
   */
  readonly held: bigint;
  /** Deposits - withdrawals. */
  readonly deposited: bigint;
}

/** Both sides, each from its own records; positions of each market sum to zero. O(positions + accounts). */
export function conservationOf(state: ExchangeState): Conservation {
  const { accounts, positions } = state;
  let held = 0n;
  for (let account = 0; account < accounts.table.count; account++) {
    const cash = readLane(accounts.cash, account);
    assert(Number.isSafeInteger(cash), "cash is a safe integer");
    held += BigInt(cash);
  }
  const sizes = new Array<bigint>(marketTotal(state.markets)).fill(0n);
  const long = new Array<number>(sizes.length).fill(0);
  for (let row = 0; row < positions.table.count; row++) {
    const market = readLane(positions.market, row);
    const size = readLane(positions.size, row);
    const cost = readLane(positions.cost, row);
    assert(
      Number.isSafeInteger(size) && Number.isSafeInteger(cost),
      "size and cost are safe integers",
    );
    assert(size !== 0 || cost === 0, "a flat position has no cost basis");
    const margin = positions.margin.data[row] as number;
    assert(Number.isSafeInteger(margin), "isolated margin is a safe integer");
    held += BigInt(margin) + BigInt(size * markPxOf(state.oracle, market)) - BigInt(cost);
    sizes[market] = (sizes[market] as bigint) + BigInt(size);
    long[market] = (long[market] as number) + Math.max(0, size);
  }
  held += BigInt(pendingTotal(state.pools));
  held += BigInt(state.fundings.residue.data[0] as number);
  assert((state.fundings.residue.data[0] as number) >= 0, "the residue of funding is not negative");
  sizes.forEach((sum, market) => {
    assert(sum === 0n, `positions of market ${market} sum to zero`);
    const open = positions.openInterest[market];
    assert(long[market] === open, `open interest of market ${market} is that of its longs`);
  });
  const deposited =
    numberOf(state.numbers, NUMBER.deposits) - numberOf(state.numbers, NUMBER.withdrawals);
  return { held, deposited: BigInt(deposited) };
}

/** Both sides are equal, exactly. */
export function checkConservation(state: ExchangeState): void {
  const { held, deposited } = conservationOf(state);
  assert(
    held === deposited,
    `cash + unrealised = deposits - withdrawals (off by ${held - deposited})`,
  );
}

/** Everything that must hold; O(orders + positions + accounts). */
export function checkInvariants(state: ExchangeState): void {
  checkConservation(state);
  checkBooks(state);
  checkOrderLists(state);
  checkAggregates(state);
  checkIsolated(state);
  checkFreeList(state);
  checkMarginSums(state);
  checkTriggers(state);
  checkWaiting(state);
  checkFees(state);
  checkStrategies(state);
  checkTwaps(state);
  checkOwnership(state);
}

/** A time-weighted order fills within its size, and its next slice is due, queued, or waits for a price. */
function checkTwaps({ twaps, numbers }: ExchangeState): void {
  const { f64, i32 } = twaps.rows;
  let live = 0;
  for (let row = 0; row < twaps.table.count; row++) {
    const at = row * TWAP_LANES.f64;
    const id = f64[at + TWAP.id] as number;
    if (id === 0) continue;
    live += 1;
    assert(twaps.byId.get(id) === row, "a time-weighted order is found by its id");
    assert(
      (f64[at + TWAP.executedSz] as number) < (f64[at + TWAP.sz] as number),
      "a time-weighted order ends when all has filled",
    );
    const flags = i32[row * TWAP_LANES.i32 + TWAP.flags] as number;
    const isTimed = (flags & (TWAP_FLAG.waiting | TWAP_FLAG.queued)) === 0;
    const nextMs = f64[at + TWAP.nextMs] as number;
    assert(isTimed === nextMs > 0, "a slice is due, or queued, or awaits a price");
    const endMs = (f64[at + TWAP.startMs] as number) + (f64[at + TWAP.durationMs] as number);
    assert(nextMs <= endMs, "no slice is due after the end");
    assert((f64[at + TWAP.startMs] as number) <= numberOf(numbers, NUMBER.timeMs), "it has begun");
  }
  assert(live === liveTwapTotal(twaps), "the count of time-weighted orders is a recount");
}

/** Rewards that were earned and not claimed [10^-6 USDC]. */
function rewardsOwed({ rewards }: ExchangeState): number {
  let owed = 0;
  for (let row = 0; row < rewards.table.count; row++) {
    const unclaimed = rewards.rows.f64[row * REWARD_FLOATS + REWARD.unclaimed] as number;
    assert(Number.isSafeInteger(unclaimed) && unclaimed >= 0, "what is owed is a safe integer");
    owed += unclaimed;
  }
  return owed;
}

/** A sub-account has one master, which is none itself; offers are between two accounts, in the past and once each. */
function checkOwnership({ subAccounts, positionOffers, accounts, numbers }: ExchangeState): void {
  const { table, account, master } = subAccounts;
  const subs = new Set(account.data.subarray(0, table.count));
  assert(subs.size === table.count, "an account is a sub-account once");
  for (let row = 0; row < table.count; row++) {
    assert(
      row === 0 || (account.data[row - 1] as number) < (account.data[row] as number),
      "sub-accounts come in the order of their accounts",
    );
    assert(!subs.has(master.data[row] as number), "a master is no sub-account");
  }
  const ids = new Set<number>();
  for (let row = 0; row < positionOffers.table.count; row++) {
    const { id, giver, taker, size } = readOffer(positionOffers, row);
    if (id === 0) continue;
    assert(!ids.has(id) && id <= numberOf(numbers, NUMBER.seq), "an offer is there once");
    ids.add(id);
    assert(
      giver !== taker && Math.max(giver, taker) < accounts.table.count && size !== 0,
      "an offer hands something from one account to another",
    );
  }
}

/** Rates of a day are those that its window gives; rebates never ate into the money of fees. */
function checkFees(state: ExchangeState): void {
  const { f64, i32 } = state.fees.rows;
  const nowMs = numberOf(state.numbers, NUMBER.timeMs);
  assert(
    readLane(state.accounts.cash, FEE_ACCOUNT) >= rewardsOwed(state),
    "the fee account holds what it owes to referrers and builders",
  );
  for (let row = 0; row < state.fees.table.count; row++) {
    if ((f64[row * 8 + FEE_ROW.untilMs] as number) <= nowMs) continue;
    const { makerRate, takerRate } = feeView(state, row, nowMs);
    assert(
      makerRate === i32[row * 16 + FEE_ROW.makerRate] &&
        takerRate === i32[row * 16 + FEE_ROW.takerRate],
      "an account's rates follow from its window",
    );
  }
}

function checkBooks(state: ExchangeState): void {
  const { orders } = state;
  let resting = 0;
  state.books.forEach((book: Book, market) => {
    const bid = book.bestPx(BUY);
    const ask = book.bestPx(SELL);
    assert(bid === 0 || ask === 0 || bid < ask, "a book at rest is not crossed");
    for (const side of [BUY, SELL] as Side[]) {
      let lastPx = 0;
      let lastOid = 0;
      book.forEach(side, (slot) => {
        resting += 1;
        const px = readLane(orders.px, slot);
        const oid = priorityOf(orders, slot);
        assert(
          readLane(orders.oid, slot) !== 0 && !isWaiting(orders, slot),
          "only what rests is on a book",
        );
        assert(
          slotOfOrderId(readLane(orders.oid, slot)) === slot,
          "an order on a book is live in its slot",
        );
        assert(
          readLane(orders.market, slot) === market && readLane(orders.side, slot) === side,
          "an order rests on its book and side",
        );
        assert(readLane(orders.sz, slot) > 0, "a resting order has size left");
        const isFirst = lastPx === 0;
        if (isFirst)
          assert(
            book.bestPx(side) === px && book.bestSlot(side) === slot,
            "the best price is the first order's",
          );
        const isBehind = side === BUY ? px < lastPx : px > lastPx;
        assert(
          isFirst || isBehind || (px === lastPx && oid > lastOid),
          "orders stand by price, then by time",
        );
        lastPx = px;
        lastOid = oid;
      });
    }
  });
  let waiting = 0;
  for (let slot = 0; slot < orders.table.count; slot++) {
    if (readLane(orders.oid, slot) !== 0 && isWaiting(orders, slot)) waiting += 1;
  }
  assert(
    resting + waiting === liveOrderTotal(orders),
    "every live order is on a book exactly once, or waits",
  );
}

function checkOrderLists(state: ExchangeState): void {
  const { orders } = state;
  let linked = 0;
  for (let account = 0; account < orders.owners.count; account++) {
    let count = 0;
    let last = 0;
    let link = readLane(orders.oldest, account);
    while (link !== 0) {
      const slot = link - 1;
      assert(readLane(orders.account, slot) === account, "an order hangs on its account's list");
      assert(priorityOf(orders, slot) > last, "an account's list goes from old to new");
      last = priorityOf(orders, slot);
      count += 1;
      link = readLane(orders.next, slot);
    }
    assert(
      count === readLane(orders.liveCount, account),
      "an account's count of orders is its list's length",
    );
    linked += count;
  }
  assert(linked === liveOrderTotal(orders), "every live order hangs on one list");
}

/** Open-order figures of positions equal a recount; reduce-only orders stay within their position. */
function checkAggregates(state: ExchangeState): void {
  const { orders, positions } = state;
  const rows = positions.table.count;
  const notional = [new Array<number>(rows).fill(0), new Array<number>(rows).fill(0)] as const;
  const lots = [new Array<number>(rows).fill(0), new Array<number>(rows).fill(0)] as const;
  const reduce = [new Array<number>(rows).fill(0), new Array<number>(rows).fill(0)] as const;
  const reduceCount = new Array<number>(rows).fill(0);
  for (let slot = 0; slot < orders.table.count; slot++) {
    if (readLane(orders.oid, slot) === 0) continue;
    const account = readLane(orders.account, slot);
    const row = findPosition(
      state.positions,
      state.accounts,
      account,
      readLane(orders.market, slot),
    );
    assert(row >= 0, "an order's account has a position row in its market");
    const side = readLane(orders.side, slot) as Side;
    const sz = readLane(orders.sz, slot);
    if (isDormant(orders, slot)) continue;
    if (isReduceOnly(orders, slot)) {
      const taken = isWaiting(orders, slot) ? 0 : sz;
      reduce[side][row] = (reduce[side][row] as number) + taken;
      reduceCount[row] = (reduceCount[row] as number) + 1;
      continue;
    }
    if (isWaiting(orders, slot)) continue;
    notional[side][row] = (notional[side][row] as number) + sz * readLane(orders.px, slot);
    lots[side][row] = (lots[side][row] as number) + sz;
  }
  for (let row = 0; row < rows; row++) {
    const size = readLane(positions.size, row);
    const leverage = readLane(positions.leverage, row);
    const leverageMax = state.markets.maxLeverage.data[readLane(positions.market, row)];
    assert(Math.abs(leverage) <= (leverageMax as number), "a leverage is within its market's");
    const positionMax = state.markets.positionMax.data[readLane(positions.market, row)];
    assert(Math.abs(size) <= (positionMax as number), "a position stays within its market's cap");
    assert(
      readLane(positions.buyNotional, row) === notional[0][row],
      "open buys' notional equals a recount",
    );
    assert(
      readLane(positions.sellNotional, row) === notional[1][row],
      "open sells' notional equals a recount",
    );
    assert(readLane(positions.buyLots, row) === lots[0][row], "open buys' lots equal a recount");
    assert(readLane(positions.sellLots, row) === lots[1][row], "open sells' lots equal a recount");
    assert(
      readLane(positions.reduceOnlyCount, row) === reduceCount[row],
      "reduce-only orders equal a recount",
    );
    assert(
      (reduce[0][row] as number) <= Math.max(0, -size),
      "reduce-only buys stay within the short",
    );
    assert(
      (reduce[1][row] as number) <= Math.max(0, size),
      "reduce-only sells stay within the long",
    );
  }
}

/** Money lies with open isolated positions alone, and each account knows how many it has. */
function checkIsolated(state: ExchangeState): void {
  const { positions, accounts } = state;
  const open = new Array<number>(accounts.table.count).fill(0);
  for (let row = 0; row < positions.table.count; row++) {
    const isOpen = readLane(positions.size, row) !== 0 && isIsolatedRow(state, row);
    const account = positions.account.data[row] as number;
    if (isOpen) open[account] = (open[account] as number) + 1;
    else
      assert(positions.margin.data[row] === 0, "only an isolated position has margin of its own");
  }
  open.forEach((count, account) => {
    assert(
      count === accounts.isolatedOpen.data[account],
      "an account's isolated positions equal a recount",
    );
  });
}

/** Nobody whom the next price may pass over can be under maintenance before it passes a trigger. */
function checkTriggers(state: ExchangeState): void {
  for (let account = 0; account < state.accounts.table.count; account++) {
    const margin = worstUnseenMargin(state, account);
    assert(margin === null || margin >= 0, "an account between its triggers keeps maintenance");
  }
}

/** Orders of open markets that wait have a price that has not come; those whose price came are queued. */
function checkWaiting(state: ExchangeState): void {
  const { orders, oracle, waiting, protection } = state;
  for (let slot = 0; slot < orders.table.count; slot++) {
    if (readLane(orders.oid, slot) === 0 || !isWaiting(orders, slot)) continue;
    const flags = readLane(orders.flags, slot);
    if (isDormant(orders, slot)) {
      assert(
        (waiting.places[slot] ?? 0) < 1,
        "a child is not watched before its parent has filled",
      );
      assert(hasParent(orders, slot), "a child that waits for its parent stands behind it");
      continue;
    }
    if ((flags & ORDER_FLAG.trailing) !== 0) {
      assert((waiting.places[slot] ?? 0) < 1, "a trailing stop is watched with its group");
      checkTrail(state, slot);
      continue;
    }
    const triggerPx = orders.rows.i32[slot * 16 + ORDER.triggerPx] as number;
    const isQueued = (flags & ORDER_FLAG.queued) !== 0;
    assert(
      isQueued === (waiting.places[slot] ?? 0) < 1,
      "an order that waits is watched until its price has come",
    );
    if (isQueued || !isOpen(protection, readLane(orders.market, slot))) continue;
    const markPx = markPxOf(oracle, readLane(orders.market, slot));
    const takeProfit = (flags & ORDER_FLAG.takeProfit) !== 0;
    const rises = firesOnRise(readLane(orders.side, slot) as Side, takeProfit);
    assert(
      rises ? markPx < triggerPx : markPx > triggerPx,
      "an order whose price has come waits no longer",
    );
  }
}

/** A trailing stop follows a best price that mark has not passed, and its own price has not come. */
function checkTrail(state: ExchangeState, slot: number): void {
  const { orders, oracle, protection } = state;
  const market = readLane(orders.market, slot);
  const markPx = markPxOf(oracle, market);
  const px = trailPxOf(state, slot);
  const isSell = readLane(orders.side, slot) === SELL;
  if (!isOpen(protection, market)) return;
  assert(isSell ? px < markPx : px > markPx, "a trailing stop whose price has come is queued");
}

/** Whether the orders before a dormant child in its account's list lead to its resting parent. */
function hasParent(orders: OrderTable, slot: number): boolean {
  const family = orders.rows.i32[slot * 16 + ORDER.family];
  let link = readLane(orders.prev, slot);
  while (link !== 0 && isDormant(orders, link - 1)) {
    if (orders.rows.i32[(link - 1) * 16 + ORDER.family] !== family) return false;
    link = readLane(orders.prev, link - 1);
  }
  if (link === 0) return false;
  const isParent = (readLane(orders.flags, link - 1) & ORDER_FLAG.parent) !== 0;
  return isParent && (seqOfOrderId(readLane(orders.oid, link - 1)) | 0) === family;
}

function checkFreeList(state: ExchangeState): void {
  const { orders } = state;
  let free = 0;
  let link = orders.allocator.i32[ALLOCATOR.free] as number;
  while (link !== 0) {
    assert(readLane(orders.oid, link - 1) === 0, "a free slot holds no order");
    free += 1;
    assert(free <= orders.table.count, "the free list ends");
    link = readLane(orders.next, link - 1);
  }
  assert(free + liveOrderTotal(orders) === orders.table.count, "every slot is live or free");
}

/** Margin by the sums kept beside an account equals margin counted from all its rows. */
function checkMarginSums(state: ExchangeState): void {
  const kept = createMarginFigures();
  const counted = createMarginFigures();
  for (let account = 0; account < state.accounts.table.count; account++) {
    let link = readLane(state.accounts.firstPosition, account);
    if (link === 0) continue;
    computeMargin(state, account, counted);
    while (link !== 0) {
      if (hasMarginSums(state, account, link - 1)) {
        marginByRow(state, account, link - 1, kept);
        for (const key of Object.keys(counted) as (keyof typeof counted)[])
          assert(kept[key] === counted[key], `${key} by kept sums equals a recount`);
      }
      link = readLane(state.positions.next, link - 1);
    }
  }
}
