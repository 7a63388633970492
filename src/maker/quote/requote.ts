/**
 * One round of quoting: fair price, ladder, legal targets, difference to what is out, cancels, and
 * placements through the safety gate.
 */
import { BUY, SELL, type Side } from "../../base/side.ts";
import { cloidOf } from "../execution/cloid.ts";
import { diffOrders } from "../execution/order-diff.ts";
import { addOrder, mayRest, ownSizes, worstCase } from "../execution/own-orders.ts";
import { hasChangesInFlight, sendCancels, sendPlaces } from "../execution/requests.ts";
import { type TargetOrder, targetOrders } from "../execution/target.ts";
import type { Maker } from "../maker-state.ts";
import { quoteBlocks } from "../risk/block.ts";
import { isSideResting } from "../risk/reject-tracker.ts";
import { clearOrders } from "../risk/safety-gate.ts";
import type { BookLevel, PlaceItem } from "../venue.ts";
import { bestOfOthers } from "../view/book-view.ts";
import { fairPrice } from "./fair-price.ts";
import { quoteLadder, reservationPrice } from "./ladder.ts";

/** Best levels of others on both sides. */
interface Touch {
  readonly bid: BookLevel | null;
  readonly ask: BookLevel | null;
}

/** Looks at the market and keeps the fair price current; false when there is none. */
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
  if (fair === null) return false;
  maker.positionLimit ??=
    config.maxPositionContracts ?? Math.floor(config.maxPositionNotional / fair.px);
  return true;
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
    addOrder(orders, { ...item, placedMs: nowMs, expiresAtMs }, "pendingPlace", nowMs);
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
  const { config, spec, ledger, quote, rejects, nowMs } = maker;
  if (spec === null || quote.fairPx === null || maker.positionLimit === null) return [];
  const shape = {
    ...config,
    fairPx: quote.fairPx,
    position: ledger.position,
    positionLimit: maker.positionLimit,
  };
  quote.reservationPx = reservationPrice(shape);
  const { bid, ask } = touchOfOthers(maker);
  const capacity = (side: Side): number =>
    isSideResting(rejects, side, nowMs) ? 0 : sideCapacity(shape, side);
  return targetOrders(quoteLadder(shape), {
    spec,
    bestBid: bid?.px ?? 0,
    bestAsk: ask?.px ?? 0,
    buyCapacity: capacity(BUY),
    sellCapacity: capacity(SELL),
  });
}

/** How much a side may show: up to the opposite limit, past the limit only back to zero [lots]. */
function sideCapacity(
  { position, positionLimit }: { position: number; positionLimit: number },
  side: Side,
): number {
  const held = side === BUY ? position : -position;
  if (held < -positionLimit) return -held;
  return Math.max(0, positionLimit - held);
}

function placeItem(maker: Maker, { side, px, sz }: TargetOrder): PlaceItem {
  const { ledger, config } = maker;
  const limit = maker.positionLimit ?? 0;
  const reduceOnly = Math.abs(ledger.position) > limit;
  const cloid = cloidOf(config, maker.nextOrderCounter);
  maker.nextOrderCounter += 1;
  return { cloid, side, px, sz, tif: "alo", reduceOnly };
}

function touchOfOthers(maker: Maker): Touch {
  const { book, orders, nowMs } = maker;
  return {
    bid: bestOfOthers(book.bids, ownSizes(orders, BUY, nowMs)),
    ask: bestOfOthers(book.asks, ownSizes(orders, SELL, nowMs)),
  };
}
