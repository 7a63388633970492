/**
 * Finds the accounts that a move of prices may have brought under maintenance, without looking at
 * the others.
 *
 * When an account is looked at, what it has beyond maintenance is divided among its open positions by
 * notional, and each position's share becomes a trigger price in `core.watch`: the farthest price at
 * which the position has not lost more than its share. While every market of the account stays on
 * the near side of its trigger, the losses together are at most what there was to lose, so the
 * account is not under maintenance; gains elsewhere only help. An account with one position is thus
 * looked at exactly when it is under maintenance. An isolated position shares with none: it may lose
 * what it has beyond its own maintenance, and no other's loss counts against that.
 *
 * Who is looked at when prices move:
 *   - accounts of rows whose trigger was passed;
 *   - accounts whose money or positions changed since (`core.changed`): nothing is computed when they
 *     change, so trading pays for a mark and no more;
 *   - accounts under maintenance or in distress, which stay on that list until they are out of it.
 *
 * Derived: whom a rebuilt index finds is the same, for all who may be under are looked at, and they
 * are handed over by position row as a walk over all rows would meet them. O(log rows) an account
 * looked at for each of its positions; O(1) a price that passes no trigger.
 */
import { readLane } from "../../base/column.ts";
import type { TierTable } from "../../base/margin-tiers.ts";
import { isChanged, markChanged } from "../account/changed-accounts.ts";
import { type CommandRecord, ITEM, itemCount, itemLane } from "../command.ts";
import type { Core } from "../core.ts";
import { hasIsolatedUnder, isIsolatedRow, isolatedExcess } from "../margin/isolated.ts";
import { computeMargin, createMarginFigures, isUnderMaintenance } from "../margin/margin.ts";
import { MARKETS_MAX } from "../market/market.ts";
import type { MarketTerms } from "../market/market-terms.ts";
import { markPxOf } from "../oracle/oracle.ts";
import {
  collectPassed,
  triggerPxOf,
  unwatch,
  watchFall,
  watchRise,
} from "../oracle/price-watch.ts";
import {
  createBurden,
  highestBearablePx,
  lowestBearablePx,
  valueLessMaintenance,
} from "./trigger-px.ts";

/** More rows than there can be: item x this + row orders by item, then by row. */
const ROWS_BOUND = 4_294_967_296;

const figures = createMarginFigures();
const burden = createBurden();
/** First item of the running command that names a market, + 1; 0 = none does. */
const itemOfMarket = new Int32Array(MARKETS_MAX);

/** Position rows whose accounts may be under maintenance, in order; the first `count` are valid. */
export interface Suspects {
  /** Item of the command x 2^32 + row. */
  keys: Float64Array;
  count: number;
}
const suspects: Suspects = { keys: new Float64Array(64), count: 0 };

/** Position row of a suspect. */
export const suspectRow = (found: Suspects, index: number): number =>
  (found.keys[index] as number) % ROWS_BOUND;

// Every read of position, account and market columns stands in these few functions.
const firstRow = (core: Core, account: number): number =>
  readLane(core.accounts.firstPosition, account) - 1;
const nextRow = (core: Core, row: number): number => readLane(core.positions.next, row) - 1;
const accountOf = (core: Core, row: number): number => core.positions.account.data[row] as number;
const marketOf = (core: Core, row: number): number => readLane(core.positions.market, row);
const sizeOf = (core: Core, row: number): number => readLane(core.positions.size, row);
const isInDistress = (core: Core, account: number): boolean =>
  readLane(core.accounts.distress, account) !== 0;
const tiersOf = (core: Core, market: number): TierTable =>
  (core.terms[market] as MarketTerms).tiers;
const pxMaxOf = (core: Core, market: number): number => core.markets.pxMax.data[market] as number;

/**
 * Looks at the accounts that the prices of a command, which are set already, may have brought under
 * maintenance, and renews their triggers. The result is valid until the next call.
 */
export function findSuspects(core: Core, record: CommandRecord): Suspects {
  const { changed, watch } = core;
  const { lanes } = record;
  const items = itemCount(record);
  if (changed.isAll) markEveryHolder(core);
  core.visits.changed = changed.count;
  for (let item = items - 1; item >= 0; item--) {
    const market = lanes[itemLane(item) + ITEM.market] as number;
    itemOfMarket[market] = item + 1;
    collectPassed(watch, market, markPxOf(core.oracle, market));
    for (let i = 0; i < watch.foundCount; i++)
      markChanged(changed, accountOf(core, watch.found[i] as number));
  }
  core.visits.passed = changed.count - core.visits.changed;
  lookAtChanged(core);
  for (let item = 0; item < items; item++)
    itemOfMarket[lanes[itemLane(item) + ITEM.market] as number] = 0;
  if (suspects.count > 1) suspects.keys.subarray(0, suspects.count).sort((a, b) => a - b);
  return suspects;
}

/** Goes through the list of changed accounts; who must be looked at again at the next price stays. */
function lookAtChanged(core: Core): void {
  const { changed } = core;
  suspects.count = 0;
  let kept = 0;
  for (let i = 0; i < changed.count; i++) {
    const account = changed.list[i] as number;
    if (renewTriggers(core, account)) {
      changed.marks[account] = 0;
      continue;
    }
    changed.list[kept] = account;
    kept += 1;
    addSuspect(core, account);
  }
  changed.count = kept;
}

/** Gives every position of an account its trigger; false, and none, where the account must be looked at each time. */
function renewTriggers(core: Core, account: number): boolean {
  let row = firstRow(core, account);
  if (row < 0) return true;
  const isUnder =
    isInDistress(core, account) ||
    isUnderMaintenance(computeMargin(core, account, figures)) ||
    hasIsolatedUnder(core, account);
  let notionalLeft = figures.notional;
  let lossLeft = figures.equity - figures.maintenance;
  while (row >= 0) {
    const size = sizeOf(core, row);
    if (isUnder || size === 0) {
      unwatch(core.watch, row);
    } else {
      const market = marketOf(core, row);
      burden.size = size;
      burden.px = markPxOf(core.oracle, market);
      if (isIsolatedRow(core, row)) {
        burden.loss = isolatedExcess(core, row);
        setTrigger(core, row, market);
        row = nextRow(core, row);
        continue;
      }
      const notional = Math.abs(size) * burden.px;
      // A quotient of at most one times an amount is at most the amount, in floats as well.
      burden.loss = notionalLeft === 0 ? 0 : Math.floor(lossLeft * (notional / notionalLeft));
      setTrigger(core, row, market);
      notionalLeft -= notional;
      lossLeft -= burden.loss;
    }
    row = nextRow(core, row);
  }
  return !isUnder;
}

/** Watches the row of the position in {@link burden} for the price that it cannot bear, if there is one. */
function setTrigger(core: Core, row: number, market: number): void {
  const { watch } = core;
  burden.pxMax = pxMaxOf(core, market);
  burden.tiers = tiersOf(core, market);
  if (burden.size > 0) {
    const lowest = lowestBearablePx(burden);
    if (lowest <= 1) unwatch(watch, row);
    else watchFall(watch, market, row, lowest);
    return;
  }
  const highest = highestBearablePx(burden);
  if (highest >= burden.pxMax) unwatch(watch, row);
  else watchRise(watch, market, row, highest);
}

/** Adds the row by which a walk in order of items, then rows, meets an account first, if it meets it at all. */
function addSuspect(core: Core, account: number): void {
  let key = Number.POSITIVE_INFINITY;
  for (let row = firstRow(core, account); row >= 0; row = nextRow(core, row)) {
    const item = itemOfMarket[marketOf(core, row)] as number;
    if (item !== 0 && sizeOf(core, row) !== 0) key = Math.min(key, item * ROWS_BOUND + row);
  }
  if (key === Number.POSITIVE_INFINITY) return;
  if (suspects.count === suspects.keys.length) {
    const grown = new Float64Array(suspects.keys.length * 2);
    grown.set(suspects.keys);
    suspects.keys = grown;
  }
  suspects.keys[suspects.count] = key;
  suspects.count += 1;
}

function markEveryHolder(core: Core): void {
  const { changed } = core;
  changed.isAll = false;
  for (let account = 0; account < core.accounts.table.count; account++)
    if (firstRow(core, account) >= 0) markChanged(changed, account);
}

/**
 * What the least covered scope of an account that nobody needs to look at has beyond maintenance in
 * the worst corner that its triggers leave open; null where it is looked at anyway. Never negative
 * [10^-6 USDC].
 */
export function worstUnseenMargin(core: Core, account: number): number | null {
  if (isChanged(core.changed, account) || firstRow(core, account) < 0) return null;
  computeMargin(core, account, figures);
  let cross = figures.equity - figures.maintenance;
  let hasCross = false;
  let least = Number.POSITIVE_INFINITY;
  for (let row = firstRow(core, account); row >= 0; row = nextRow(core, row)) {
    if (sizeOf(core, row) === 0) continue;
    if (isIsolatedRow(core, row)) {
      least = Math.min(least, isolatedExcess(core, row) + worstChange(core, row));
      continue;
    }
    hasCross = true;
    cross += worstChange(core, row);
  }
  if (hasCross) least = Math.min(least, cross);
  return least === Number.POSITIVE_INFINITY ? null : least;
}

/** By how much a position's value less maintenance changes up to the trigger that it has [10^-6 USDC]. */
function worstChange(core: Core, row: number): number {
  const size = sizeOf(core, row);
  const market = marketOf(core, row);
  const trigger = triggerPxOf(core.watch, row);
  const worstPx = trigger === 0 ? (size > 0 ? 1 : pxMaxOf(core, market)) : trigger;
  const tiers = tiersOf(core, market);
  return (
    valueLessMaintenance(size, worstPx, tiers) -
    valueLessMaintenance(size, markPxOf(core.oracle, market), tiers)
  );
}
