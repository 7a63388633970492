/**
 * One round of quoting: fair price, ladder, legal targets, difference to what is out, cancels, and
 * placements through the safety gate.
 */
import { BUY, SELL, type Side } from "../../base/side.ts";
import { noteMarketStep } from "../estimate/estimates.ts";
import { cloidOf } from "../execution/cloid.ts";
import { diffOrders } from "../execution/order-diff.ts";
import { addOrder, mayRest, type OwnOrder, ownSizes, worstCase } from "../execution/own-orders.ts";
import { hasChangesInFlight, sendCancels, sendPlaces } from "../execution/requests.ts";
import { type TargetOrder, targetOrders } from "../execution/target.ts";
import type { Maker } from "../maker-state.ts";
import { quoteBlocks } from "../risk/block.ts";
import { isSideResting } from "../risk/reject-tracker.ts";
import { clearOrders } from "../risk/safety-gate.ts";
import type { BookLevel, PlaceItem } from "../venue.ts";
import { bestOfOthers } from "../view/book-view.ts";
import { fairPrice } from "./fair-price.ts";
import { quoteLadder } from "./ladder.ts";
import { modelQuote, quoteReason } from "./quote-model.ts";
import type { QuoteReason } from "./quote-reason.ts";
import { type SidePlan, sidePlan } from "./side-plan.ts";

/** Best levels of others on both sides. */
interface Touch {
  readonly bid: BookLevel | null;
  readonly ask: BookLevel | null;
}

/**
 * Looks at the market and keeps fair price, estimates and the model's quote current; false when there
 * is nothing to quote around.
 */
export function updateFair(maker: Maker): boolean {
  const { book, config, quote, nowMs } = maker;
  const { bid, ask } = touchOfOthers(maker);
  const referenceFresh = nowMs - book.referenceMs <= config.staleDataMs;
  const fair = fairPrice({
    bid,
    ask,
    referencePx: referenceFresh ? book.oraclePx || book.markPx : 0,
    rule: config.fairPrice,
    bookSpreadBpsMax: config.bookSpreadBpsMax,
  });
  quote.fairPx = fair?.px ?? null;
  quote.fairSource = fair?.source ?? null;
  quote.model = null;
  if (fair === null) return false;
  maker.positionLimit ??=
    config.maxPositionContracts ?? Math.floor(config.maxPositionNotional / fair.px);
  const step = { fairPx: fair.px, fairSource: fair.source, bookTimeMs: book.bookTimeMs, nowMs };
  noteMarketStep(maker.estimates, { ...step, resting: restingOrders(maker) }, config);
  quote.model = modelQuote({
    fairPx: fair.px,
    position: maker.ledger.position,
    positionLimit: maker.positionLimit,
    estimates: maker.estimates,
    config,
  });
  return quote.model !== null;
}

/**
 * Orders that can be filled, so that their time counts. From the cancel's sending to its answer is
 * counted, though the order is gone half of it; from the placement's taking effect to its answer is
 * not: the two make up for each other.
 */
function restingOrders(maker: Maker): OwnOrder[] {
  if (!maker.connected) return [];
  return [...maker.orders.active.values()].filter(
    ({ state }) => state === "live" || state === "pendingCancel",
  );
}

/** Changes orders towards the wanted ladder, at most once an interval and one round at a time. */
export function requote(maker: Maker): void {
  const { config, quote, nowMs, orders } = maker;
  if (nowMs < quote.changedMs + config.requoteIntervalMs || hasChangesInFlight(maker)) return;
  const targets = wantedOrders(maker);
  const active = [...orders.active.values()].filter(mayRest);
  const { cancels, places } = diffOrders(active, targets, config);
  if (cancels.length + places.length === 0) return;
  sendCancels(maker, cancels);
  placeOrders(maker, places);
  quote.changedMs = nowMs;
}

/** Places orders that the gate lets through: the only way to the venue. */
function placeOrders(maker: Maker, targets: readonly TargetOrder[]): void {
  const { config, spec, ledger, orders, quote, nowMs } = maker;
  if (spec === null || quote.fairPx === null) return;
  const worst = worstWithForeign(maker);
  const items = targets.map((target) => placeItem(maker, target));
  const reasons = new Map(items.map(({ cloid }, i) => [cloid, reasonOf(maker, targets[i])]));
  const { cleared, held } = clearOrders(
    {
      blocks: quoteBlocks(maker).map((block) => block.code),
      spec,
      position: ledger.position,
      positionLimit: maker.positionLimit ?? 0,
      worstLong: worst.long,
      worstShort: worst.short,
      fairPx: quote.fairPx,
      fairDistanceMax: config.quoteDistanceBpsMax / 10_000,
    },
    items,
  );
  maker.counters.held += held.length;
  const expiresAtMs = nowMs + config.placeLifetimeMs;
  for (const item of cleared) {
    const reason = reasons.get(item.cloid) ?? null;
    addOrder(orders, { ...item, placedMs: nowMs, expiresAtMs, reason }, "pendingPlace", nowMs);
  }
  sendPlaces(maker, cleared);
}

/** Worst case of our orders together with the open orders of others on the account [lots]. */
export function worstWithForeign(maker: Maker): { long: number; short: number } {
  let { long, short } = worstCase(maker.orders, maker.ledger.position);
  for (const order of maker.foreign) {
    if (order.side === BUY) long += order.sz;
    else short -= order.sz;
  }
  return { long, short };
}

function wantedOrders(maker: Maker): TargetOrder[] {
  const { config, spec, quote } = maker;
  if (spec === null || quote.model === null || maker.positionLimit === null) return [];
  const { fairPx, reservationPx, halfSpread, shares } = quote.model;
  const plans = sidePlans(maker);
  const { bid, ask } = touchOfOthers(maker);
  const levels = quoteLadder({
    fairPx,
    reservationPx,
    halfSpread,
    levelSpacingBps: config.levelSpacingBps,
    levels: config.levels,
    shares,
    buyNotional: plans.bid.levelNotional,
    sellNotional: plans.ask.levelNotional,
  });
  return targetOrders(levels, {
    spec,
    bestBid: bid?.px ?? 0,
    bestAsk: ask?.px ?? 0,
    buyCapacity: plans.bid.capacity,
    sellCapacity: plans.ask.capacity,
  });
}

/** What both sides may show at this moment. */
export function sidePlans(maker: Maker): { readonly bid: SidePlan; readonly ask: SidePlan } {
  const { config, ledger, rejects, nowMs } = maker;
  const plan = (side: Side): SidePlan =>
    sidePlan(side, {
      position: ledger.position,
      positionLimit: maker.positionLimit ?? 0,
      // The fixed-spread model quotes full size up to the limit.
      inventoryThreshold: config.model === "fixedSpread" ? 1 : config.inventoryThreshold,
      levelNotional: config.levelNotional,
      isResting: isSideResting(rejects, side, nowMs),
      isTooFar: isTooFar(maker, side),
    });
  return { bid: plan(BUY), ask: plan(SELL) };
}

/** Whether the model's first level on a side lies beyond `quoteDistanceBpsMax`. */
function isTooFar({ quote, config }: Maker, side: Side): boolean {
  if (quote.model === null) return false;
  const { fairPx, halfSpread, skew } = quote.model;
  const distance = side === BUY ? halfSpread + skew : halfSpread - skew;
  return distance * 10_000 > config.quoteDistanceBpsMax * fairPx;
}

function placeItem(maker: Maker, { side, px, sz }: TargetOrder): PlaceItem {
  const { ledger, config } = maker;
  const limit = maker.positionLimit ?? 0;
  const reduceOnly = Math.abs(ledger.position) > limit;
  const cloid = cloidOf(config, maker.nextOrderCounter);
  maker.nextOrderCounter += 1;
  return { cloid, side, px, sz, tif: "alo", reduceOnly };
}

function reasonOf(maker: Maker, target: TargetOrder | undefined): QuoteReason | null {
  const { model } = maker.quote;
  if (model === null || target === undefined) return null;
  const { level, px } = target;
  return quoteReason(model, { atMs: maker.nowMs, level: level.level, rawPx: level.px, px });
}

function touchOfOthers(maker: Maker): Touch {
  const { book, orders, nowMs } = maker;
  return {
    bid: bestOfOthers(book.bids, ownSizes(orders, BUY, nowMs)),
    ask: bestOfOthers(book.asks, ownSizes(orders, SELL, nowMs)),
  };
}
